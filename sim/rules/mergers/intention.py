"""4.9 What each of two boards thinks of a merger, by the appraisal of 4.5, and what it means to do.

u = (1 - w) G / s + w B / S - a c + noise. For providers B = case x turnover of the smaller, where case =
merger_hope x (1 + luck x draw) - merger_cost / payback_years. For CCGs B = running cost that the merger saves
x (1 + luck x draw) - cost of the merger / payback_years. A board's own gain G is its share by size s / S of
B, plus its share of the two forecasts together less its own forecast, as far as it counts the other's as its
own: merger_burden x (s / S x (F + F other) - F). c = the other's share s other / S of the new board; a =
merger_autonomy x (1 - merger_surrender x pressure), times ft_autonomy for a foundation trust (E31). A CCG
also minds its ties with its places (E27): commissioner_ties x mean trust, both ways, with the councils there.
S = s + s other.
"""

from sim.declarations.bodies import CCG, FOUNDATION_TRUST
from sim.kernel.chance import MERGER_APPRAISAL, MERGER_CASE, bell
from sim.kernel.compiled import rule, snap
from sim.rules.bodies import is_provider
from sim.rules.law.commissioners import running_of, saving_in_reach
from sim.rules.services.pressure import forecast


@rule
def pair(org, i, j):
    """Return (the body that ends when these two merge, the one that goes on): the larger; ties go by key."""
    smaller = org[j].scale < org[i].scale or (org[j].scale == org[i].scale and org[j].key < org[i].key)
    return (j, i) if smaller else (i, j)


@rule
def bill_of_merger(par, org, place, i, j):
    """Return what a merger costs, GBP m: by the smaller's turnover, or the smaller CCG's running cost."""
    one, other = org[i], org[j]
    if is_provider(one):
        return snap(par.merger_cost * 100.0 * min(one.scale, other.scale))
    return snap(par.commissioner_merger_cost * running_of(place, pair(org, i, j)[0]))


@rule
def hoped(world, par, i, j):
    """Return what the business case promises a year, cost spread, GBP m; the same in either order."""
    now, org, place = world.now, world.org, world.place
    one, other = org[i], org[j]
    drawn = bell(now, MERGER_CASE, min(one.key, other.key), max(one.key, other.key), now.month)
    if not is_provider(one):
        return (
            saving_in_reach(par, place, i, j) * (1.0 + par.luck * drawn)
            - bill_of_merger(par, org, place, i, j) / par.payback_years
        )
    case = par.merger_hope * (1.0 + par.luck * drawn) - par.merger_cost / par.payback_years
    return case * 100.0 * min(one.scale, other.scale)


@rule
def own_gain(now, par, mine, other, benefit):
    """Return what a board expects of the merger for its own body, GBP m a year."""
    part = mine.scale / (mine.scale + other.scale)
    before = forecast(mine, now.calendar)
    return part * benefit + par.merger_burden * (part * (before + forecast(other, now.calendar)) - before)


@rule
def ties_with_councils(place, trust, i):
    """Return the mean trust, both ways, between a CCG and the councils of its places."""
    total, number = 0.0, 0.0
    for p in range(place.size):
        if place[p].commissioner == i:
            total += snap(0.5 * (trust[i, place[p].council] + trust[place[p].council, i]))
            number += 1.0
    return total / max(1.0, number)


@rule
def control_lost(world, par, i, j):
    """Return how much a board minds the control that the other will have; it minds less in trouble."""
    org = world.org
    mine, other = org[i], org[j]
    dear = par.merger_autonomy * (par.ft_autonomy if mine.kind == FOUNDATION_TRUST else 1.0)
    dear *= 1.0 - par.merger_surrender * mine.pressure
    if mine.kind == CCG:
        dear += par.commissioner_ties * ties_with_councils(world.place, world.trust, i)
    return dear * other.scale / (mine.scale + other.scale)


@rule
def consider(world, par, i, j):
    """Set one board's appraisal, gain and wish."""
    now, org = world.now, world.org
    mine, other = org[i], org[j]
    benefit = hoped(world, par, i, j)
    mine.merger_gain = own_gain(now, par, mine, other, benefit)
    stake = min(1.0, abs(mine.merger_gain) / mine.scale)
    view = (1.0 - mine.weight) * mine.merger_gain / mine.scale + mine.weight * benefit / (
        mine.scale + other.scale
    )
    view += (
        par.noise * (par.noise_floor + stake) * bell(now, MERGER_APPRAISAL, mine.key, other.key, now.month)
    )
    mine.merger_view = view - control_lost(world, par, i, j)
    mine.merger_wish = 1 if mine.merger_view > 0.0 else -1


@rule
def intend_merger(world, par):
    """Intention: whether each of the two boards wants the merger put forward. Mesa agents may overrule it."""
    org, board = world.org, world.board
    for i in range(org.size):
        org[i].merger_wish = 0
    if board.candidate < 0:
        return
    consider(world, par, board.candidate, board.neighbour)
    consider(world, par, board.neighbour, board.candidate)
