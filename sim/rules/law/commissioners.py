"""4.9, 4.14 Commissioners: their budgets, what they cost to run, and what joining them saves.

A CCG costs `place.running` for each of its places. Where CCGs have joined, this falls by
`commissioner_saving`. Where nobody buys and nobody sells (the dial `none`), it also falls by
`unsplit_saving`, since nothing is tendered or invoiced.
"""

from sim.declarations.bodies import CCG
from sim.declarations.dials import MANY, NO_SPLIT
from sim.kernel.compiled import rule, snap
from sim.kernel.event_log import RUNNING_COST_SAVED, note


@rule
def running_cost(par, dial, here):
    """Return what it costs to run the commissioner of a place there, GBP m a month."""
    unsplit = par.unsplit_saving if dial.commissioners == NO_SPLIT else 0.0
    return here.running * (1.0 - here.running_saved) * (1.0 - unsplit)


@rule
def running_of(place, i):
    """Return what it costs to run a commissioner, GBP m a year."""
    total = 0.0
    for p in range(place.size):
        if place[p].commissioner == i:
            total += snap(12.0 * place[p].running * (1.0 - place[p].running_saved))
    return total


@rule
def saving_in_reach(par, place, i, j):
    """Return the running cost that joining two commissioners would save, GBP m a year. Places of CCGs that
    joined before have saved it already.
    """
    total = 0.0
    for p in range(place.size):
        if place[p].commissioner in (i, j):
            total += snap(
                12.0 * place[p].running * max(0.0, par.commissioner_saving - place[p].running_saved)
            )
    return total


@rule
def budget_of(place, i):
    """Return the money for the care of all places whose CCG is body i, GBP m a month."""
    total = 0.0
    for p in range(place.size):
        if place[p].first_commissioner == i:
            total += snap(place[p].allocation)
    return total


@rule
def largest(org, place):
    """Return the CCG with the largest budget, among those that exist or else among all. Ties go by key."""
    alive = 0
    for i in range(org.size):
        alive += 1 if org[i].kind == CCG and org[i].exists == 1 else 0
    best, most = -1, 0.0
    for i in range(org.size):
        if org[i].kind != CCG or (alive > 0 and org[i].exists == 0):
            continue
        budget = budget_of(place, i)
        if budget > most or (best >= 0 and budget == most and org[i].key < org[best].key):
            best, most = i, budget
    return best


@rule
def set_savings(world, par, dial, log):
    """Save running cost everywhere if one body commissions for all by law, be it a CCG or not; otherwise only
    where CCGs merged by their own wish.
    """
    now, org, place = world.now, world.org, world.place
    several = False
    for p in range(place.size):
        several = several or place[p].first_commissioner != place[0].first_commissioner
    saved = 0.0
    for p in range(place.size):
        joined = place[p].merged == 1 or (dial.commissioners != MANY and several)
        before = place[p].running_saved
        place[p].running_saved = par.commissioner_saving if joined else 0.0
        saved += snap(12.0 * place[p].running * (place[p].running_saved - before))
    if saved > 0.0:
        i = place[0].commissioner
        note(log, now.month, RUNNING_COST_SAVED, i, -1, org[i].key, saved, par.commissioner_saving, 0.0)


@rule
def leave_places(world, par, source, into, log):
    """Give the places of the CCG `source` to `into`: running cost is saved, and councils there lose voice."""
    now, org, place = world.now, world.org, world.place
    note(
        log,
        now.month,
        RUNNING_COST_SAVED,
        into,
        -1,
        org[into].key,
        saving_in_reach(par, place, source, into),
        par.commissioner_saving,
        par.commissioner_voice,
    )
    for i in range(org.size):
        here = False
        for p in range(place.size):
            here = here or (place[p].council == i and place[p].commissioner == source)
        if here:
            org[i].voice = max(-1.0, org[i].voice - par.commissioner_voice)
    for p in range(place.size):
        if place[p].commissioner == source:
            place[p].first_commissioner = into
            world.local[p, into] = 1.0
        if place[p].commissioner in (source, into):
            place[p].merged = 1
            place[p].running_saved = max(place[p].running_saved, par.commissioner_saving)
