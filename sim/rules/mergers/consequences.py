"""4.9 What a merger brings: its cost, its distraction, its synergy, and the ties and confidence it breaks.

cost = merger_cost x turnover of the smaller, paid evenly over `merger_months`, in which quality (4.2), effort
(4.10) and the programme (4.4) suffer. synergy = base cost of the smaller x (synergy_mean + synergy_spread x
draw); in each month of `phase_months` a slice of it comes off base cost, as far as the merged body's effort
goes. Ties blend by size, then keep 1 - merger_reset of their distance from neutral. A place's confidence
falls by merger_confidence x the ended body's share of its patients. A merger of CCGs costs
commissioner_merger_cost years of what the smaller costs to run. It saves running cost instead of bringing a
synergy (`law/commissioners.py`), and costs confidence and the councils' voice in the places whose CCG ends.
"""

from sim.kernel.chance import MERGER_SYNERGY, bell
from sim.kernel.compiled import rule
from sim.kernel.event_log import MERGED, MERGER_DONE, add_reason, note
from sim.kernel.records import NOT_MERGING, SUPPLIERS
from sim.rules.bodies import belongs, is_provider, outside, pay
from sim.rules.law.commissioners import leave_places
from sim.rules.mergers.absorb import absorb, blend, join_minds
from sim.rules.mergers.intention import bill_of_merger

VOLUNTARY, DIRECTED, BY_EVENT = range(3)


@rule
def blend_ties(world, par, source, into):
    """Blend the ties of the two, and this month's evidence about them. Runs before the smaller body ends."""
    org, trust, kept, broken, doubt = world.org, world.trust, world.kept, world.broken, world.doubt
    size = org[source].scale / (org[source].scale + org[into].scale)
    keep = 1.0 - par.merger_reset
    for j in range(org.size):
        if j in (source, into):
            continue
        trust[into, j] = par.trust_neutral + keep * (
            blend(trust[into, j], trust[source, j], size) - par.trust_neutral
        )
        trust[j, into] = par.trust_neutral + keep * (
            blend(trust[j, into], trust[j, source], size) - par.trust_neutral
        )
        kept[into, j] += kept[source, j]
        kept[j, into] += kept[j, source]
        broken[into, j] += broken[source, j]
        broken[j, into] += broken[j, source]
    doubt[into] = max(doubt[into], doubt[source])


@rule
def share_of_care(world, p, i):
    """Return the share of a place's care that a provider gives, or that a commissioner buys (1 or 0)."""
    if is_provider(world.org[i]):
        return world.flow[p, i]
    return 1.0 if world.place[p].commissioner == i else 0.0


@rule
def lose_confidence(world, par, source):
    place = world.place
    for p in range(place.size):
        place[p].confidence = max(
            0.0, place[p].confidence - par.merger_confidence * share_of_care(world, p, source)
        )


@rule
def call_off(body):
    """Record that a body is to merge with nobody any more."""
    body.merging_with, body.merger_stage, body.merger_wait = 0, NOT_MERGING, 0


@rule
def unite(world, par, source, into, how, log):
    """Merge the provider `source` into the provider `into`, or one CCG into another."""
    now, org, board = world.now, world.org, world.board
    old, new = org[source], org[into]
    bill = bill_of_merger(par, org, world.place, source, into)
    small = old if old.scale <= new.scale else new
    drawn = bell(now, MERGER_SYNERGY, min(old.key, new.key), max(old.key, new.key), 0)
    synergy = small.base_cost * (par.synergy_mean + par.synergy_spread * drawn)
    fewer = 1.0 if belongs(old) else 0.0
    note(log, now.month, MERGED, source, into, old.key, float(how), old.cash, bill)
    add_reason(log, -1, float(int(par.merger_months)), fewer)
    lose_confidence(world, par, source)
    if is_provider(old):
        new.synergy_due += synergy
        new.synergy_left = max(new.synergy_left, int(par.phase_months))
    else:
        leave_places(world, par, source, into, log)
        board.mergers_commissioners += 1
    blend_ties(world, par, source, into)
    if not is_provider(old):
        join_minds(old, new)
    absorb(world, source, into)
    new.merger_owed += bill
    new.merger_left = max(new.merger_left, int(par.merger_months))
    new.refused_with = 0
    if new.merging_with == old.key:
        call_off(new)
    board.mergers += 1
    board.mergers_voluntary += 1 if how == VOLUNTARY else 0
    board.mergers_directed += 1 if how == DIRECTED else 0


@rule
def carry_mergers(world, par, log):
    """Run a month of every merger under way: part of the bill, and a slice of the synergy."""
    now, org = world.now, world.org
    for i in range(org.size):
        body = org[i]
        if body.exists == 0:
            continue
        if body.merger_left > 0:
            body.merger_owed -= pay(
                org, world.account, i, outside(SUPPLIERS), body.merger_owed / body.merger_left
            )
            body.merger_left -= 1
        if body.synergy_left > 0:
            slice_ = body.synergy_due / body.synergy_left
            body.synergy_due -= slice_
            body.synergy_left -= 1
            body.base_cost -= slice_ * body.effort
            body.synergy += slice_ * body.effort
            if body.synergy_left == 0:
                note(
                    log,
                    now.month,
                    MERGER_DONE,
                    i,
                    -1,
                    body.key,
                    12.0 * body.synergy,
                    body.effort,
                    par.phase_months,
                )
