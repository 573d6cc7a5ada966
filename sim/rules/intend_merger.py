"""4.9 What each of two boards thinks of a merger, by the appraisal of 4.5, and what it means to do.

u = (1 - w) G / s + w B / S - a c (1 - merger_surrender x pressure) + noise. B = case x turnover of the smaller, where case =
merger_hope x (1 + luck x draw) - merger_cost / payback_years; a board's own gain G = its share by size s / S of B, and of the
two forecasts together as far as it counts the other's as its own: merger_burden x (s / S x (F + F other) - F). c = the other's
share s other / S of the new board; a = merger_autonomy, times ft_autonomy for a foundation trust (E31). S = s + s other.
"""

from sim.compiled import rule
from sim.future import MERGER_APPRAISAL, MERGER_CASE, bell
from sim.regime import FOUNDATION_TRUST
from sim.rules.pressure import forecast


@rule
def hoped(now, par, one, other):
    """What the business case of these two promises a year, cost spread, GBP m; the same whichever comes first."""
    drawn = bell(now, MERGER_CASE, min(one.key, other.key), max(one.key, other.key), now.month)
    case = par.merger_hope * (1.0 + par.luck * drawn) - par.merger_cost / par.payback_years
    return case * 100.0 * min(one.scale, other.scale)


@rule
def own_gain(now, par, mine, other, benefit):
    """What a board expects of it for its own body, GBP m a year."""
    part = mine.scale / (mine.scale + other.scale)
    before = forecast(mine, now.calendar)
    return part * benefit + par.merger_burden * (part * (before + forecast(other, now.calendar)) - before)


@rule
def autonomy_lost(par, mine, other):
    """How much a board minds the part of control that the other will have; less so in trouble."""
    dear = par.merger_autonomy * (par.ft_autonomy if mine.kind == FOUNDATION_TRUST else 1.0)
    return dear * other.scale / (mine.scale + other.scale) * (1.0 - par.merger_surrender * mine.pressure)


@rule
def consider(now, par, mine, other):
    """One board's appraisal, gain and wish."""
    benefit = hoped(now, par, mine, other)
    mine.merger_gain = own_gain(now, par, mine, other, benefit)
    stake = min(1.0, abs(mine.merger_gain) / mine.scale)
    view = (1.0 - mine.weight) * mine.merger_gain / mine.scale + mine.weight * benefit / (mine.scale + other.scale)
    view += par.noise * (par.noise_floor + stake) * bell(now, MERGER_APPRAISAL, mine.key, other.key, now.month)
    mine.merger_view = view - autonomy_lost(par, mine, other)
    mine.merger_wish = 1 if mine.merger_view > 0.0 else -1


@rule
def intend_merger(now, par, org, board):
    """Intention: whether each of the two boards wants the merger put forward. Mesa agents may overrule it."""
    for i in range(org.size):
        org[i].merger_wish = 0
    if board.candidate < 0:
        return
    one, other = org[board.candidate], org[board.neighbour]
    consider(now, par, one, other)
    consider(now, par, other, one)
