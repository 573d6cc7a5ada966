"""Compares one outcome over pairs of futures: the difference, and how sure it is."""

import math
from typing import Any

import numpy as np

from sim.analysis.intervals import mean_interval
from sim.analysis.outcomes import describe

COLUMNS = ["outcome", "label", "unit", "baseline", "other", "difference", "low", "high", "probability"]
COLUMNS += ["spread", "futures"]


def paired_row(name: str, before: np.ndarray, after: np.ndarray, level: float) -> dict[str, Any]:
    """Returns the columns `COLUMNS` for an outcome's differences, `after` minus `before`, both (futures,)."""
    pairs = np.isfinite(before) & np.isfinite(after)
    before, after = before[pairs], after[pairs]
    change = after - before
    mean, low, high = mean_interval(change, level)
    many = change.size > 1
    return {
        "outcome": name,
        "label": describe(name).label,
        "unit": describe(name).unit,
        "baseline": float(before.mean()) if change.size else math.nan,
        "other": float(after.mean()) if change.size else math.nan,
        "difference": mean,
        "low": low,
        "high": high,
        "probability": float(((change > 0) + 0.5 * (change == 0)).mean()) if change.size else math.nan,
        "spread": math.sqrt((before.var(ddof=1) + after.var(ddof=1)) / 2.0) if many else math.nan,
        "futures": int(change.size),
    }
