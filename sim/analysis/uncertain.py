"""Paired differences over parameter sets and futures: how large they are on average, how often one variant
beats the other, and how sure both are.

Every set uses the same futures, so luck and parameters are crossed, not nested: the error of a mean has a
part for each.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.intervals import t_quantile
from sim.analysis.outcomes import describe, more_is_worse, short

OVER = "over parameter sets and futures"
COLUMNS = [
    "mean",
    "low",
    "high",
    "p05",
    "p95",
    "probability",
    "probability_low",
    "probability_high",
    "luck",
    "better",
    "above",
    "below",
    "worth",
    "sets",
    "futures",
]
ABOUT = ["outcome", "label", "unit"]


def crossed_interval(values: np.ndarray, level: float = 0.95) -> tuple[float, float, float]:
    """Returns (mean, low, high) of values[set, future], NaN left out; sets and futures are two samples,
    crossed.

    Variance of the mean: the variance of the sets' means over the number of sets, plus that of the futures'
    means over the number of futures, minus the part that both count (a two-way random effects model, as in
    textbooks); degrees of freedom by Satterthwaite (1946).
    """
    values = np.asarray(values, float)
    sets, futures = _means(values, 1), _means(values, 0)
    mean = float(sets.mean()) if sets.size else math.nan
    parts = [
        (float(part.var(ddof=1)) / part.size, part.size - 1) for part in (sets, futures) if part.size > 1
    ]
    if not parts:
        return mean, math.nan, math.nan
    variance = max(max(part for part, _ in parts), sum(part for part, _ in parts) - _twice(values))
    total = sum(part for part, _ in parts)
    freedom = (
        int(total**2 / sum(part**2 / free for part, free in parts))
        if total > 0.0
        else max(free for _, free in parts)
    )
    half = t_quantile(level, max(1, freedom)) * math.sqrt(variance)
    return mean, mean - half, mean + half


STEP = 3  # months between the points of a curve


def by_month(change: np.ndarray, first: int = 0) -> list[dict[str, float]]:
    """Returns the points of a curve, every third month from `first` on: calendar year x, mean, low, high of
    change[set, future, month].
    """
    return [
        {
            "x": 2016.25 + month / 12.0,
            **dict(zip(("mean", "low", "high"), crossed_interval(change[:, :, month]), strict=True)),
        }
        for month in range(first, change.shape[2], STEP)
    ]


def _means(values: np.ndarray, axis: int) -> np.ndarray:
    """Returns means along an axis over the known values; rows without any are left out."""
    there = np.isfinite(values)
    count = there.sum(axis=axis)
    total = np.where(there, values, 0.0).sum(axis=axis)
    return total[count > 0] / count[count > 0]


def _twice(values: np.ndarray) -> float:
    """Returns the part of the mean's variance that both sets and futures count: that of the remainder."""
    rows, columns = values.shape
    whole = values[np.isfinite(values).all(axis=1)]
    if whole.shape[0] < 2 or columns < 2:
        return 0.0
    rest = whole - whole.mean(axis=1, keepdims=True) - whole.mean(axis=0, keepdims=True) + whole.mean()
    return float((rest**2).sum()) / ((whole.shape[0] - 1) * (columns - 1)) / (rows * columns)


def wilson(share: float, number: int, level: float = 0.95) -> tuple[float, float]:
    """Returns the interval of a share among `number` independent cases (Wilson 1927), within [0, 1]."""
    if number < 1 or not math.isfinite(share):
        return math.nan, math.nan
    z = NormalDist().inv_cdf(0.5 + level / 2.0)
    middle = (share + z * z / (2 * number)) / (1 + z * z / number)
    half = z / (1 + z * z / number) * math.sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    return max(0.0, middle - half), min(1.0, middle + half)


def paired(outcome: str, difference: np.ndarray, level: float = 0.95) -> dict[str, Any]:
    """Describes differences[set, future] of an outcome; returns the columns `ABOUT` and `COLUMNS`.

    `mean`, `low`, `high`: mean difference and its interval over sets and futures. `p05`, `p95`: the range
    that holds nine sets in ten. `probability`: share of sets whose mean over futures is above 0, ties half,
    with its interval over sets. `luck`: the share of sets whose sign may be wrong because futures are few.
    `better`: share of sets in which the outcome gets better. `above`, `below`: shares of sets that differ by
    at least `worth`, the smallest difference worth caring about.
    """
    difference = np.asarray(difference, float)
    mean, low, high = crossed_interval(difference, level)
    of_sets, size = _means(difference, 1), describe(outcome).worth
    if not of_sets.size:
        found = dict.fromkeys(COLUMNS, math.nan) | {"sets": 0}
    else:
        up = float(((of_sets > 0) + 0.5 * (of_sets == 0)).mean())
        first, last = wilson(up, of_sets.size, level)
        found = {
            "mean": mean,
            "low": low,
            "high": high,
            "p05": float(np.quantile(of_sets, 0.05)),
            "p95": float(np.quantile(of_sets, 0.95)),
            "probability": up,
            "probability_low": first,
            "probability_high": last,
            "luck": _wrong_sign(difference),
            "better": 1.0 - up if more_is_worse(outcome) else up,
            "above": float((of_sets >= size).mean()) if size else math.nan,
            "below": float((of_sets <= -size).mean()) if size else math.nan,
            "sets": int(of_sets.size),
        }
    return {
        "outcome": outcome,
        "label": short(outcome),
        "unit": describe(outcome).unit,
        **found,
        "worth": size,
        "futures": difference.shape[1],
    }


def _wrong_sign(difference: np.ndarray) -> float:
    """Returns the share of sets whose mean difference may have the wrong sign by luck (a normal tail)."""
    risks = []
    for row in difference:
        row = row[np.isfinite(row)]
        if row.size > 1:
            error = float(row.std(ddof=1)) / math.sqrt(row.size)
            risks.append(NormalDist().cdf(-abs(float(row.mean())) / error) if error > 0.0 else 0.0)
    return float(np.mean(risks)) if risks else math.nan


class Cube:
    """The runs of a sweep as arrays values[set, future], one for each combination of the columns in `by`."""

    def __init__(self, runs: pd.DataFrame, by: Sequence[str]):
        self.by, self.runs = tuple(by), runs
        self.points = {point: at for at, point in enumerate(sorted(runs["point"].unique()))}
        self.futures = {future: at for at, future in enumerate(sorted(runs["future"].unique()))}
        grouped = runs.groupby(list(by), sort=False, observed=True).indices
        self.rows = {key if isinstance(key, tuple) else (key,): rows for key, rows in grouped.items()}
        self.at = (runs["point"].map(self.points).to_numpy(), runs["future"].map(self.futures).to_numpy())

    def values(self, outcome: str, **where: Any) -> np.ndarray:
        """Returns values[set, future] of an outcome, as the mean over everything that `where` ({column of
        `by`: value}) leaves open; NaN where a run failed.
        """
        wanted = self.wanted(where)
        column, total = self.runs[outcome].to_numpy(), np.zeros((len(self.points), len(self.futures)))
        for key in wanted:
            layer, rows = np.full(total.shape, np.nan), self.rows[key]
            layer[self.at[0][rows], self.at[1][rows]] = column[rows]
            total += layer
        return total / len(wanted)

    def wanted(self, where: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Returns the keys of `rows` for which `where` holds. Raises KeyError if there is none."""
        found = [
            key
            for key in self.rows
            if all(key[self.by.index(name)] == value for name, value in where.items())
        ]
        if not found:
            raise KeyError(f"no runs where {where}")
        return found

    def levels(self, name: str) -> list[Any]:
        """Returns the values of a column in `by`, in the order of the cells."""
        return list(dict.fromkeys(key[self.by.index(name)] for key in self.rows))


ALL = "all systems"


def by_system(cube: Cube) -> list[tuple[str, dict[str, Any]]]:
    """Returns the groups that a difference is reported for, as (name, {column: value}): all systems together,
    and each if there are several.
    """
    names = cube.levels("system")
    return [
        (ALL if len(names) > 1 else names[0], {}),
        *[(name, {"system": name}) for name in names if len(names) > 1],
    ]


Pair = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]


def differences(cube: Cube, pairs: Iterable[Pair], outcomes: Sequence[str]) -> pd.DataFrame:
    """Returns one row per pair, system and outcome. A pair is (description, where before, where after)."""
    rows = []
    for about, before, after in pairs:
        for system, where in by_system(cube):
            for outcome in outcomes:
                change = cube.values(outcome, **after, **where) - cube.values(outcome, **before, **where)
                rows.append({**about, "system": system, **paired(outcome, change)})
    return pd.DataFrame(rows)
