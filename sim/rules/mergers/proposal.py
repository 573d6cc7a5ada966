"""4.9 Which merger is put forward this month: a distressed provider, and the neighbour that shares most of
its patients.

distress = max(pressure, min(1, last year's deficit / (merger_deficit x income))). A provider at or above
`merger_from` is put forward with chance merger_rate / 12. A neighbour is in the same sector; overlap = sum
over places of the smaller flow x demand, which must be at least `merger_overlap` of the smaller body's work.
Only one merger is put forward in a month: of several, the one with the lowest draw. Where the law keeps
powers in reserve, a merger that one side refused `merger_patience` and `resolution_months` ago comes back
first. CCGs: `mergers/commissioners_proposal.py`.
"""

from sim.declarations.dials import LAST_RESORT
from sim.kernel.chance import MERGER_PUT_FORWARD, uniforms
from sim.kernel.compiled import clamp, rule, snap
from sim.kernel.event_log import MERGER_PROPOSED, add_reason, note
from sim.rules.bodies import between_mergers, is_trust, sector_demand
from sim.rules.decisions.local_resolution import months_of_patience
from sim.rules.mergers.commissioners_proposal import propose_commissioners


@rule
def distress(par, body):
    """Return how badly a provider does, in [0, 1]: by its forecast, or by last year's deficit."""
    return max(body.pressure, clamp(-body.margin_last / par.merger_deficit, 0.0, 1.0))


@rule
def is_free(body):
    """Return whether a body is a trust that may be put forward."""
    return is_trust(body) and between_mergers(body)


@rule
def overlap(place, flow, sector, i, j):
    """Return the work of two bodies in shared places, GBP m a month: in each place that of the smaller."""
    total = 0.0
    for p in range(place.size):
        total += snap(min(flow[p, i], flow[p, j]) * sector_demand(place[p], sector))
    return total


@rule
def find_neighbour(world, par, i):
    """Return the free provider with the largest overlap, or -1; ties go by key."""
    org = world.org
    best, most = -1, 0.0
    for j in range(org.size):
        if j == i or not is_free(org[j]) or org[j].sector != org[i].sector:
            continue
        shared = overlap(world.place, world.flow, org[i].sector, i, j)
        if shared <= 0.0 or shared < par.merger_overlap * min(org[i].demand, org[j].demand):
            continue
        if best < 0 or shared > most or (shared == most and org[j].key < org[best].key):
            best, most = j, shared
    return best


@rule
def earlier_partner(org, i):
    """Return the row of the free body with which an earlier attempt of body i failed, or -1."""
    if org[i].refused_with != 0:
        for j in range(org.size):
            if org[j].key == org[i].refused_with and is_free(org[j]):
                return j
    return -1


@rule
def ripened(now, par, org):
    """Return the free provider whose attempt was refused longest ago, or -1. It must have been refused long
    enough ago, and still be distressed.
    """
    best = -1
    for i in range(org.size):
        body = org[i]
        if (
            body.refused_with == 0
            or not is_free(body)
            or now.month - body.refused_since < months_of_patience(par)
        ):
            continue
        if distress(par, body) < par.merger_from or earlier_partner(org, i) < 0:
            continue
        earlier = best < 0 or body.refused_since < org[best].refused_since
        if earlier or (body.refused_since == org[best].refused_since and body.key < org[best].key):
            best = i
    return best


@rule
def draw_lots(now, par, org):
    """Return the distressed provider put forward this month, or -1."""
    best, lowest = -1, par.merger_rate / 12.0
    for i in range(org.size):
        if is_free(org[i]) and distress(par, org[i]) >= par.merger_from:
            drawn = uniforms(now, MERGER_PUT_FORWARD, org[i].key, org[i].key, now.month)[0]
            if drawn < lowest or (best >= 0 and drawn == lowest and org[i].key < org[best].key):
                best, lowest = i, drawn
    return best


@rule
def propose_providers(world, par, dial, log):
    now, org, board = world.now, world.org, world.board
    if par.merger_rate <= 0.0:
        return
    i = ripened(now, par, org) if dial.ft_mergers == LAST_RESORT else -1
    j = earlier_partner(org, i) if i >= 0 else -1
    if i < 0:
        i = draw_lots(now, par, org)
        if i < 0:
            return
        j = find_neighbour(world, par, i)
    if j < 0:
        return
    board.candidate, board.neighbour = i, j
    if log.size > 1:
        shared = overlap(world.place, world.flow, org[i].sector, i, j) / min(org[i].demand, org[j].demand)
        note(
            log, now.month, MERGER_PROPOSED, i, j, org[i].key, distress(par, org[i]), shared, org[i].pressure
        )
        add_reason(log, -1, org[i].margin_last, 0.0)


@rule
def propose_merger(world, par, dial, log):
    board = world.board
    board.candidate, board.neighbour = -1, -1
    propose_providers(world, par, dial, log)
    if board.candidate < 0:
        propose_commissioners(world, par, dial, log)
