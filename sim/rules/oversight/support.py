"""4.13 Support: part of the year's transformation money is set aside for places, and each draws on its own
first (E30).

Money of the year = (transformation_fund + devolved_fund) x national share x people, from the Treasury. The
national share is 1, or follows from how systems share one fund (`sim/engine/england.py`). The share
`earmarked_share` of the money is set aside for places, in proportion to people x max(0, 1 + support_strength
x (score / mean score - 1)). The score is 1 under `per_head`, integration under `ahead`, deprivation + unmet
social care under `need`; the mean is taken over residents. The rest is for all. A grant is a claim on the
fund's account and lasts a year; what is left of it is then for all. Those ahead get nothing else, so gaps may
follow from this or not.
"""

from sim.declarations.dials import AHEAD, NEED, PER_HEAD
from sim.kernel.compiled import rule, snap
from sim.kernel.event_log import EARMARKED, add_reason, note
from sim.kernel.records import SUPPLIERS, TRANSFORMATION, TREASURY
from sim.rules.bodies import outside, pay
from sim.rules.services.small_partners import unmet_in

MILLION = 1_000_000.0


@rule
def score(dial, here, unmet):
    """Return the score by which support is given to a place."""
    if dial.support == AHEAD:
        return here.integration
    if dial.support == NEED:
        return here.deprivation + unmet
    return 1.0


@rule
def mean_score(par, dial, org, place):
    people, points = 0.0, 0.0
    for p in range(place.size):
        people += snap(place[p].population)
        points += snap(place[p].population * score(dial, place[p], unmet_in(par, org, place[p])))
    return points / people


@rule
def claim(par, dial, org, here, mean):
    """Return a place's claim: its people, counted for more or less by its score."""
    if mean <= 0.0:
        return snap(here.population)
    return snap(
        here.population
        * max(0.0, 1.0 + par.support_strength * (score(dial, here, unmet_in(par, org, here)) / mean - 1.0))
    )


@rule
def give_support(world, par, dial, log):
    """Pay in the Treasury's money in April, part of it in the name of a place."""
    org, place, account = world.org, world.place, world.account
    rate = (par.transformation_fund + dial.devolved_fund) * world.board.national_share
    mean = mean_score(par, dial, org, place)
    money, claims = 0.0, 0.0
    for p in range(place.size):
        money += snap(rate * place[p].population / MILLION)
        claims += claim(par, dial, org, place[p], mean)
    for p in range(place.size):
        here = place[p]
        pay(
            org,
            account,
            outside(TREASURY),
            outside(TRANSFORMATION),
            (1.0 - par.earmarked_share) * (rate * here.population / MILLION),
        )
        own = par.earmarked_share * money * (claim(par, dial, org, here, mean) / claims)
        here.grant = pay(org, account, outside(TREASURY), outside(TRANSFORMATION), own)
    if log.size > 1 and par.earmarked_share * money > 0.0:
        record_support(world, par, dial, par.earmarked_share * money, mean, claims, log)


@rule
def record_support(world, par, dial, money, mean, claims, log):
    """Record for the minutes the place with most a head, and the least any place has; ties go by key."""
    now, place = world.now, world.place
    best, most, least, people = 0, 0.0, 0.0, 0.0
    for p in range(place.size):
        people += snap(place[p].population)
        a_head = (
            money * (claim(par, dial, world.org, place[p], mean) / claims) * MILLION / place[p].population
        )
        if p == 0 or a_head > most or (a_head == most and place[p].key < place[best].key):
            best, most = p, a_head
        least = a_head if p == 0 else min(least, a_head)
    where = -1 if dial.support == PER_HEAD else best
    note(log, now.month, EARMARKED, -1, where, now.future, money, most, least)
    add_reason(log, -1, money * MILLION / people, float(dial.support))


@rule
def fund_for_all(place, account):
    """Return what the fund holds beyond the grants of places, GBP m."""
    left = account[TRANSFORMATION]
    for p in range(place.size):
        left -= place[p].grant
    return max(0.0, left)


@rule
def fund_left(place, account, at):
    """Return what a project in a place can draw on, GBP m: the place's grant, and what is for all."""
    own = place[at].grant if at >= 0 else 0.0
    return own + fund_for_all(place, account)


@rule
def draw_on_fund(world, at, cost):
    """Pay a project's cost from the fund as far as it can, the place's grant first. Returns GBP m paid."""
    place, account = world.place, world.account
    funded = min(cost, fund_left(place, account, at))
    paid = pay(world.org, account, outside(TRANSFORMATION), outside(SUPPLIERS), funded)
    if at >= 0:
        place[at].grant -= min(place[at].grant, paid)
    return funded
