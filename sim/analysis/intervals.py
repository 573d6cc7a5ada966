"""Intervals of a mean under chance: Student's t, so that few futures give wide intervals.

A normal quantile would do for a thousand futures, but classes and tests run ten. scipy is imported inside
functions, so that neither `import sim` nor the page waits for it.
"""

import math
import warnings
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np

from sim.inputs.problems import BadInput

CHANCE_ONLY = "chance only, one parameter set"
_NORMAL_FROM = 2000  # degrees of freedom from which the normal quantile differs by less than 0.1 %


def checked_level(level: float) -> float:
    """Returns the level of an interval. Raises BadInput if it lies outside (0, 1)."""
    if isinstance(level, bool) or not isinstance(level, (int, float)) or not 0.0 < level < 1.0:
        raise BadInput(f"level = {level!r}: must be a number between 0 and 1, such as 0.95")
    return float(level)


@lru_cache(maxsize=256)
def t_quantile(level: float, freedom: int) -> float:
    """Returns the t with P(-t < T < t) = level for Student's T; NaN without a degree of freedom."""
    if freedom < 1:
        return math.nan
    if freedom >= _NORMAL_FROM:
        return NormalDist().inv_cdf(0.5 + level / 2.0)
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + level / 2.0))


def mean_interval(values: np.ndarray, level: float = 0.95) -> tuple[float, float, float]:
    """Returns (mean, low, high) of a sample, shape (n,); NaN values are dropped, unknown results are NaN."""
    kept = np.asarray(values, float)
    kept = np.ascontiguousarray(kept[np.isfinite(kept)])
    if not kept.size:
        return math.nan, math.nan, math.nan
    mean = float(kept.mean())
    if kept.size == 1:
        return mean, math.nan, math.nan
    half = t_quantile(level, kept.size - 1) * float(kept.std(ddof=1)) / math.sqrt(kept.size)
    return mean, mean - half, mean + half


def share_interval(count: int, number: int, level: float = 0.95) -> tuple[float, float, float]:
    """Returns (share, low, high) of `count` successes in `number` trials by Wilson's binomial interval; NaN
    without trials.

    Source: Wilson 1927, J. Am. Stat. Assoc. 22:209.
    """
    if number < 1:
        return math.nan, math.nan, math.nan
    from scipy.stats import binomtest

    low, high = binomtest(count, number).proportion_ci(confidence_level=level, method="wilson")
    return count / number, float(low), float(high)


def quietly(reduce: Any, values: np.ndarray, **how: Any) -> Any:
    """Applies a reduction that gives NaN, without a warning, where there are no values."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return reduce(values, **how)
