"""Sizes of effects: one number per parameter set, from outcomes of shape (sets, futures). Nothing here knows
the simulation.

All effects are paired: within a set, every setting is simulated over the same futures.
"""

import math
from collections.abc import Iterable, Sequence

import numpy as np

from sim.analysis.intervals import quietly
from sim.studies.patterns.pattern import Seen


def _over_futures(values: np.ndarray) -> np.ndarray:
    return np.asarray(quietly(np.nanmean, values, axis=-1))


def more(seen: Seen, outcome: str, pairs: Iterable[tuple[str, str]]) -> np.ndarray:
    """Returns how much more of an outcome the first setting of each pair has than the second, shape (sets,):
    the mean of paired differences over futures, then over the pairs that have any.
    """
    return quietly(
        np.nanmean,
        np.array([_over_futures(seen[one, outcome] - seen[other, outcome]) for one, other in pairs]),
        axis=0,
    )


def departures_a_hundred_years(left: np.ndarray, bodies: np.ndarray, years: float) -> np.ndarray:
    """Returns departures per hundred years of one body, from the departures of each run and its mean number
    of bodies, both (sets, runs).
    """
    known = np.isfinite(left) & np.isfinite(bodies)
    total = np.where(known, bodies, 0.0).sum(axis=-1) * years
    return np.where(
        total > 0.0,
        100.0 * np.where(known, left, 0.0).sum(axis=-1) / np.where(total > 0.0, total, 1.0),
        np.nan,
    )


def still_to_come(gains: np.ndarray) -> np.ndarray:
    """Returns the share of the largest gain that is still to come at the first date; `gains` at successive
    dates has shape (dates, sets).

    NaN in sets that never gain anything.
    """
    largest = gains.max(axis=0)
    return np.where(largest > 1e-9, 1.0 - gains[0] / np.where(largest > 1e-9, largest, 1.0), np.nan)


def collapsed(without: np.ndarray, under: np.ndarray) -> np.ndarray:
    """Returns the share of futures in which the pressure leaves less than half of what there is without it;
    both arrays have shape (sets, futures).
    """
    return _over_futures(np.where(np.isfinite(without) & np.isfinite(under), under < 0.5 * without, np.nan))


def acceleration(levels: np.ndarray) -> np.ndarray:
    """Returns how much more the steepest step up in pressure takes away than the steps before it did on
    average.

    `levels` has shape (levels, sets), in even steps. The result is 0 for a straight line, and negative where
    each step does less than those before.
    """
    falls = levels[:-1] - levels[1:]
    before = np.cumsum(falls, axis=0)[:-1] / np.arange(1, len(falls))[:, None]
    return (falls[1:] - before).max(axis=0)


def explained(outcome: np.ndarray, by: np.ndarray) -> float:
    """Returns the adjusted R squared of a linear regression; `outcome` (runs,), `by` (runs, terms) without
    the constant. Columns that never vary do not count as terms; 0 if the outcome does not vary or runs are
    too few.
    """
    known = np.isfinite(outcome) & np.isfinite(by).all(axis=1)
    y, x = outcome[known], by[known]
    x = x[:, np.ptp(x, axis=0) > 1e-12] if len(x) else x
    free = len(y) - x.shape[1] - 1
    if free < 1 or np.var(y) <= 1e-18 or not x.shape[1]:
        return 0.0
    design = np.column_stack([np.ones(len(y)), x])
    rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return 1.0 - (float(rest @ rest) / free) / (float(((y - y.mean()) ** 2).sum()) / (len(y) - 1))


def relationships_over_form(outcome: np.ndarray, relations: Sequence[np.ndarray]) -> float:
    """Returns how much of an outcome's variance relationships explain, minus what the regime explains; all of
    shape (regimes, runs).

    This equals what relationships explain beyond the regime, minus what the regime explains beyond
    relationships.
    """
    regimes = outcome.shape[0]
    dummies = np.repeat(np.eye(regimes)[:, 1:], outcome.shape[1], axis=0)
    return explained(outcome.ravel(), np.column_stack([r.ravel() for r in relations])) - explained(
        outcome.ravel(), dummies
    )


def within_sets(outcome: np.ndarray, relations: Sequence[np.ndarray]) -> np.ndarray:
    """Returns `relationships_over_form` within each set, over regimes and futures; all of shape (regimes,
    sets, futures). NaN if nothing varies.
    """
    found = []
    for at in range(outcome.shape[1]):
        mine = outcome[:, at]
        varies = np.nanvar(mine) > 1e-18 if np.isfinite(mine).any() else False
        found.append(relationships_over_form(mine, [r[:, at] for r in relations]) if varies else math.nan)
    return np.array(found)


def across_sets(outcome: np.ndarray, relations: Sequence[np.ndarray]) -> np.ndarray:
    """Returns `relationships_over_form` over all regimes, sets and futures together, shape (1,)."""
    flat = [values.reshape(values.shape[0], -1) for values in (outcome, *relations)]
    return np.array([relationships_over_form(flat[0], flat[1:])])
