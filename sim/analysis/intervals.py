"""How sure chance lets us be of a mean: Student's t, exact, so that few futures give wide intervals.

A normal quantile would do for a thousand futures, but classes and tests run ten; the closed form for whole
degrees of freedom is short, and spares a dependency on scipy.
"""

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from sim.inputs.problems import BadInput

CHANCE_ONLY = "chance only, one parameter set"
_NORMAL_FROM = 2000  # degrees of freedom from which the normal quantile differs by less than 0.1 %


def checked_level(level: float) -> float:
    """The level of an interval. Raises BadInput outside (0, 1)."""
    if isinstance(level, bool) or not isinstance(level, (int, float)) or not 0.0 < level < 1.0:
        raise BadInput(f"level = {level!r}: must be a number between 0 and 1, such as 0.95")
    return float(level)


def _within(t: float, freedom: int) -> float:
    """P(-t < T < t) for Student's T, whole degrees of freedom (Abramowitz and Stegun 1964, 26.7.3-4)."""
    angle = math.atan(t / math.sqrt(freedom))
    cosine2 = math.cos(angle) ** 2
    odd = freedom % 2
    term = math.cos(angle) if odd else 1.0
    total = 0.0
    for k in range((freedom - odd) // 2):
        total += term
        term *= cosine2 * ((2 * k + 2) / (2 * k + 3) if odd else (2 * k + 1) / (2 * k + 2))
    return 2.0 / math.pi * (angle + math.sin(angle) * total) if odd else math.sin(angle) * total


@lru_cache(maxsize=256)
def t_quantile(level: float, freedom: int) -> float:
    """The t with P(-t < T < t) = level; NaN without a degree of freedom."""
    if freedom < 1:
        return math.nan
    low = NormalDist().inv_cdf(0.5 + level / 2.0)
    if freedom >= _NORMAL_FROM:
        return low
    high = 2.0 * low + 1.0
    while _within(high, freedom) < level:
        high *= 2.0
    for _ in range(80):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _within(middle, freedom) < level else (low, middle)
    return 0.5 * (low + high)


def mean_interval(values: np.ndarray, level: float = 0.95) -> tuple[float, float, float]:
    """(mean, low, high) of a sample, shape (n,); NaN values are dropped, and what cannot be known is NaN."""
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
    """(share, low, high) of `count` successes in `number` trials by Wilson's binomial interval; NaN without a
    trial.

    Source: Wilson 1927, J. Am. Stat. Assoc. 22:209.
    """
    if number < 1:
        return math.nan, math.nan, math.nan
    share, z = count / number, NormalDist().inv_cdf(0.5 + level / 2.0)
    spread = z * math.sqrt(share * (1.0 - share) / number + (z / (2.0 * number)) ** 2)
    middle, scale = share + z * z / (2.0 * number), 1.0 + z * z / number
    return share, max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
