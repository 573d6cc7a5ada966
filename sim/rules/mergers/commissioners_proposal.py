"""4.9 Which two CCGs consider a merger: each April a CCG seeks one with chance `commissioner_merger_rate`
(E27).

It turns to the CCG with which it shares most purchases: the sum over providers of the smaller of both's
contracts, which must be at least `merger_overlap` of all that the smaller one buys. If several CCGs seek a
merger, the one with the lowest draw has it. No CCG seeks one in month 0, where the law does not leave several
CCGs, or in a month in which a providers' merger is put forward.
"""

from sim.declarations.bodies import CCG
from sim.declarations.dials import MANY
from sim.kernel.chance import COMMISSIONER_SEEKS, uniforms
from sim.kernel.compiled import rule, snap
from sim.kernel.event_log import COMMISSIONERS_PROPOSE, note
from sim.rules.bodies import between_mergers
from sim.rules.law.commissioners import saving_in_reach


@rule
def is_free(body):
    """Return whether a body is a CCG that may merge."""
    return body.kind == CCG and between_mergers(body)


@rule
def shared_purchases(world, i, j):
    """Return the share of what the smaller of two CCGs buys that the other buys from the same providers."""
    place, contract = world.place, world.contract
    shared, first, second = 0.0, 0.0, 0.0
    for k in range(world.org.size):
        one, other = 0.0, 0.0
        for p in range(place.size):
            if place[p].commissioner == i:
                one += snap(contract[p, k])
            elif place[p].commissioner == j:
                other += snap(contract[p, k])
        shared += min(one, other)
        first += one
        second += other
    smaller = min(first, second)
    return shared / smaller if smaller > 0.0 else 0.0


@rule
def find_fellow(world, par, i):
    """Return the free CCG with the most shared purchases, or -1; ties go by key."""
    org = world.org
    best, most = -1, 0.0
    for j in range(org.size):
        if j == i or not is_free(org[j]):
            continue
        shared = shared_purchases(world, i, j)
        if shared <= 0.0 or shared < par.merger_overlap:
            continue
        if best < 0 or shared > most or (shared == most and org[j].key < org[best].key):
            best, most = j, shared
    return best


@rule
def propose_commissioners(world, par, dial, log):
    now, org, place, board = world.now, world.org, world.place, world.board
    if now.calendar != 0 or now.month == 0 or dial.commissioners != MANY:
        return
    i, lowest = -1, par.commissioner_merger_rate
    for k in range(org.size):
        if is_free(org[k]):
            drawn = uniforms(now, COMMISSIONER_SEEKS, org[k].key, org[k].key, now.month)[0]
            if drawn < lowest or (i >= 0 and drawn == lowest and org[k].key < org[i].key):
                i, lowest = k, drawn
    if i < 0:
        return
    j = find_fellow(world, par, i)
    if j < 0:
        return
    board.candidate, board.neighbour = i, j
    if log.size > 1:
        shared = shared_purchases(world, i, j)
        note(
            log,
            now.month,
            COMMISSIONERS_PROPOSE,
            i,
            j,
            org[i].key,
            shared,
            saving_in_reach(par, place, i, j),
            0.0,
        )
