"""How sensitive outcomes are to parameters: Morris' elementary effects, Sobol indices, and how much of the
variance is chance. SALib does the mathematics; nothing here knows where the responses come from.

`values` has shape (points, futures): an outcome at every point of a sample, over the same futures (common
random numbers). The analysis is about the mean over futures. If no future has a value at a point, the whole
trajectory of that point, or its row of the sample, is dropped.

Sources: Morris 1991, Technometrics 33:161; Campolongo, Cariboni and Saltelli 2007, Environ. Model. Softw.
22:1509 (mu*); Saltelli et al. 2010, Comput. Phys. Commun. 181:259 (both Sobol estimators).
"""

import math
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.intervals import quietly

LEVEL = 0.95
RESAMPLES = 1000  # bootstrap resamples behind each interval
FOLDED = math.sqrt(2.0 / math.pi)  # mean of |x| of a normal x with standard deviation 1
MORRIS = ["mu_star", "low", "high", "mu", "sigma", "chance", "moved", "clear", "trajectories"]
SOBOL = [
    "first",
    "first_low",
    "first_high",
    "total",
    "total_low",
    "total_high",
    "total_chance",
    "clear",
    "samples",
]
CHANCE = ["mean", "between", "within", "share", "left"]


def means(values: np.ndarray) -> np.ndarray:
    """Returns the mean over the futures that have a value, shape (points,); NaN where none has."""
    return quietly(np.nanmean, values, axis=1)


def morris_effects(
    problem: dict[str, Any], unit: np.ndarray, values: np.ndarray, levels: int, seed: int
) -> pd.DataFrame:
    """Returns elementary effects of every factor of a Morris sample (`unit`, shape (points, factors)), one
    row per factor.

    Columns: `mu_star`, the mean size of the effect that a factor has over its whole range, in the outcome's
    unit, with its 95 % interval (bootstrap) `low`, `high`; `mu` (with signs), `sigma` (standard deviation:
    interactions, bends); `chance`, the mu_star that luck alone would give, from the spread of the paired
    differences between futures (NaN with one future); `moved`, the share of steps in which any future changed
    at all; `clear`, whether the interval lies above chance; `trajectories`, how many could be used.
    """
    from SALib.analyze import morris

    factors = problem["num_vars"]
    steps = factors + 1
    paths, lived = unit.reshape(-1, steps, factors), values.reshape(-1, steps, values.shape[1])
    known = np.isfinite(means(values)).reshape(-1, steps).all(axis=1)
    paths, lived = paths[known], lived[known]
    if len(paths) < 2:
        return _nothing(problem, MORRIS, trajectories=len(paths), clear=False)
    y = means(lived.reshape(-1, values.shape[1]))
    found = morris.analyze(
        problem,
        paths.reshape(-1, factors),
        y,
        num_levels=levels,
        num_resamples=RESAMPLES,
        conf_level=LEVEL,
        seed=seed + 1,
    )
    away = np.diff(paths, axis=1)
    which, step = np.abs(away).argmax(axis=2), np.abs(away).max(axis=2)
    apart = np.diff(lived, axis=1)
    noise = _variance_of_mean(apart) / step**2
    moved = np.nan_to_num(np.abs(apart)).max(axis=2) > 0.0
    chance = np.array([FOLDED * math.sqrt(quietly(np.nanmean, noise[which == j])) for j in range(factors)])
    half, mu_star = np.asarray(found["mu_star_conf"], float), np.asarray(found["mu_star"], float)
    low = np.maximum(0.0, mu_star - half)
    return pd.DataFrame(
        {
            "factor": problem["names"],
            "mu_star": mu_star,
            "low": low,
            "high": mu_star + half,
            "mu": np.asarray(found["mu"], float),
            "sigma": np.asarray(found["sigma"], float),
            "chance": chance,
            "moved": [moved[which == j].mean() for j in range(factors)],
            "clear": low > np.nan_to_num(chance),
            "trajectories": len(paths),
        }
    )


def sobol_indices(problem: dict[str, Any], values: np.ndarray, seed: int) -> pd.DataFrame:
    """Returns first- and total-order indices of every factor of a Saltelli sample without second order, one
    row per factor.

    Columns: `first`, `total`, each with its 95 % interval (bootstrap) `_low`, `_high`, not clipped to [0, 1]:
    shares of the variance of the mean over futures; `total_chance`, the part of `total` that luck alone gives
    because futures are few (NaN with one); `clear`, whether the interval of `total` lies above it; `samples`,
    how many rows of the sample could be used. NaN where the outcome does not vary.
    """
    from SALib.analyze import sobol

    factors = problem["num_vars"]
    step = factors + 2
    rows = values.reshape(-1, step, values.shape[1])
    rows = rows[np.isfinite(means(values)).reshape(-1, step).all(axis=1)]
    y = means(rows.reshape(-1, values.shape[1]))
    if len(rows) < 2 or np.ptp(y) <= 1e-12 * np.abs(y).max():
        return _nothing(problem, SOBOL, samples=len(rows), clear=False)
    found = sobol.analyze(
        problem, y, calc_second_order=False, num_resamples=RESAMPLES, conf_level=LEVEL, seed=seed + 1
    )
    ends = y.reshape(-1, step)[:, [0, -1]]
    noise = np.array(
        [quietly(np.nanmean, _variance_of_mean(rows[:, j + 1] - rows[:, 0])) for j in range(factors)]
    )
    chance = 0.5 * noise / np.var(ends)
    first, total = np.asarray(found["S1"], float), np.asarray(found["ST"], float)
    half, half_total = np.asarray(found["S1_conf"], float), np.asarray(found["ST_conf"], float)
    return pd.DataFrame(
        {
            "factor": problem["names"],
            "first": first,
            "first_low": first - half,
            "first_high": first + half,
            "total": total,
            "total_low": total - half_total,
            "total_high": total + half_total,
            "total_chance": chance,
            "clear": total - half_total > np.nan_to_num(chance),
            "samples": len(rows),
        }
    )


def chance_shares(values: np.ndarray) -> dict[str, float]:
    """Returns how much of the variance of single runs is chance: `mean`; `between` (variance between points,
    as with infinitely many futures); `within` (variance between futures at one point); `share` = within /
    (within + between); and `left`, the share of the variance of the means over futures that is still luck.
    All points share their futures, so a future that moves all points alike counts in `within`, not in `left`.
    NaN with one future or point.
    """
    known = values[np.isfinite(means(values))]
    centre = quietly(np.nanmean, known)
    if min(known.shape) < 2:
        return dict(zip(CHANCE, (float(centre), *[math.nan] * 4), strict=True))
    at = means(known)
    within = float(quietly(np.nanmean, quietly(np.nanvar, known, axis=1, ddof=1)))
    rest = known - at[:, None] - (quietly(np.nanmean, known, axis=0) - centre)[None, :]
    freedom = max(1, int(np.isfinite(known).sum()) - sum(known.shape) + 1)
    still = float(np.nansum(rest**2)) / freedom / known.shape[1]
    apart = float(np.var(at, ddof=1))
    between = max(0.0, apart - still)
    share = within / (within + between) if within + between > 0.0 else math.nan
    return dict(
        zip(
            CHANCE,
            (float(centre), between, within, share, min(1.0, still / apart) if apart > 0.0 else math.nan),
            strict=True,
        )
    )


def grid_variance(levels: int) -> float:
    """Returns the variance of an even grid of `levels` values from 0 to 1, over that of the whole range. It
    is above 1, because screening visits the ends more often.
    """
    return (levels + 1.0) / (levels - 1.0)


def relative_effects(morris: pd.DataFrame) -> pd.DataFrame:
    """Returns how much each factor does compared with the factor that does most: one row per factor, the
    largest first.

    Under each regime and for each outcome mu_star is divided by the largest there; effects that cannot be
    told from chance count as 0. Columns: factor, `relative` (the largest over outcomes and regimes), `mean`
    (their mean, which orders ties), and `regime`, `outcome` (where it is largest).
    """
    counted = morris["mu_star"].where(morris["clear"], 0.0).fillna(0.0)
    largest = counted.groupby([morris["regime"], morris["outcome"]]).transform("max")
    share = (counted / largest.where(largest > 0.0)).fillna(0.0)
    table = morris[["factor", "regime", "outcome"]].assign(relative=share)
    top = table.loc[table.groupby("factor", sort=False)["relative"].idxmax()].set_index("factor")
    top["mean"] = table.groupby("factor")["relative"].mean()
    found = top.reset_index().sort_values(
        ["relative", "mean"], ascending=False, kind="stable", ignore_index=True
    )
    return found[["factor", "relative", "mean", "regime", "outcome"]]


def surviving(relative: pd.DataFrame, survivors: float) -> list[str]:
    """Returns the factors that are analysed further: `survivors` of them (a whole number), or all whose
    effect is somewhere at least that share (below 1) of the largest.

    Factors that are nowhere clear of chance are left out.
    """
    able = relative[relative["relative"] > 0.0]
    kept = able.head(int(survivors)) if survivors >= 1 else able[able["relative"] >= survivors]
    return [str(factor) for factor in kept["factor"]]


def _variance_of_mean(apart: np.ndarray) -> np.ndarray:
    """Returns the variance of the mean over the last axis, futures; NaN with one."""
    count = np.isfinite(apart).sum(axis=-1)
    return quietly(np.nanvar, apart, axis=-1, ddof=1) / np.maximum(count, 1)


def _nothing(problem: dict[str, Any], columns: list[str], **known: Any) -> pd.DataFrame:
    return pd.DataFrame({"factor": problem["names"], **dict.fromkeys(columns, math.nan), **known})[
        ["factor", *columns]
    ]
