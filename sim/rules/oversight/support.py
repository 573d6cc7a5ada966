"""4.13 Whom support goes to: the year's transformation money is set aside for places, and each draws on its
own first (E30).

Money of the year = (transformation_fund + devolved_fund) x national share x people, from the Treasury
(national share: 1, or as systems share one fund, `sim/engine/england.py`). The share `earmarked_share` of it
is set aside: place p has people x max(0, 1 + support_strength x (score / mean score - 1)) of it, with score =
1 under `per_head`, integration under `ahead`, deprivation + unmet social care under `need`, and the mean
taken over residents. The rest is for all. A grant is a claim on the fund's account and lasts a year; what is
left of it is for all. Nothing else is given to those ahead: gaps may follow from this or not.
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
    """What support looks at in a place."""
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
    """People of a place, counted for more or less as it stands out."""
    if mean <= 0.0:
        return snap(here.population)
    return snap(
        here.population
        * max(0.0, 1.0 + par.support_strength * (score(dial, here, unmet_in(par, org, here)) / mean - 1.0))
    )


@rule
def give_support(world, par, dial, log):
    """April: the Treasury pays the year's money in, part of it under the name of a place."""
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
    """For the minutes: the place with most a head, and the least any place has; ties go by key."""
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
    """What the fund holds beyond the grants of places, GBP m."""
    left = account[TRANSFORMATION]
    for p in range(place.size):
        left -= place[p].grant
    return max(0.0, left)


@rule
def fund_left(place, account, at):
    """What a project in a place can draw on, GBP m: the place's grant, and what is for all."""
    own = place[at].grant if at >= 0 else 0.0
    return own + fund_for_all(place, account)


@rule
def draw_on_fund(world, at, cost):
    """The fund pays a project's cost as far as it can, the place's own grant first. Returns what it paid, GBP
    m.
    """
    place, account = world.place, world.account
    funded = min(cost, fund_left(place, account, at))
    paid = pay(world.org, account, outside(TRANSFORMATION), outside(SUPPLIERS), funded)
    if at >= 0:
        place[at].grant -= min(place[at].grant, paid)
    return funded
