"""Summarises how each regime fares, outcome by outcome."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.intervals import checked_level, mean_interval
from sim.analysis.outcomes import describe, known, with_unit
from sim.analysis.tables import (
    NotedTable,
    counted,
    noted,
    rows_of,
    same_futures,
    small_print,
    span,
    with_interval,
)
from sim.inputs.problems import BadInput

if TYPE_CHECKING:
    import xarray as xr

COLUMNS = ["outcome", "label", "unit", "regime", "mean", "low", "high", "p10", "p90", "futures"]


def summarise(
    datasets: "Mapping[str, xr.Dataset]", outcomes: Iterable[str] | None = None, level: float = 0.95
) -> NotedTable:
    """Returns one row per outcome and regime (the keys of `datasets`), in the given order; a pandas
    DataFrame.

    Columns: `mean`, `low`, `high` (Student t interval of the mean: chance only), `p10` and `p90` (the range
    that holds eight futures in ten), all in `unit`; `futures` is the number of futures that had something to
    count. `attrs`: note, level, seed, futures. Raises BadInput for an unknown outcome, no dataset, or
    datasets of different futures or seeds.
    """
    names, level = known(outcomes), checked_level(level)
    if not datasets:
        raise BadInput("datasets: nothing to summarise; give at least one, by name")
    problem = same_futures(dict(datasets))
    if problem:
        raise BadInput(f"{problem}: regimes stand side by side only over the same futures and seed")
    rows = [
        _row(name, regime, data[name].values, level) for name in names for regime, data in datasets.items()
    ]
    first = next(iter(datasets.values()))
    futures, seed = int(first.sizes["future"]), first.attrs.get("seed", "")
    note = f"{small_print(futures, seed, f'{level:.0%} intervals')}. Ranges hold eight futures in ten."
    return noted(rows, COLUMNS, note, level=level, seed=seed, futures=futures)


def _row(name: str, regime: str, values: np.ndarray, level: float) -> dict[str, Any]:
    values = values[np.isfinite(values)]
    mean, low, high = mean_interval(values, level)
    p10, p90 = np.quantile(values, [0.1, 0.9]) if values.size else (np.nan, np.nan)
    return {
        "outcome": name,
        "label": describe(name).label,
        "unit": describe(name).unit,
        "regime": regime,
        "mean": mean,
        "low": low,
        "high": high,
        "p10": float(p10),
        "p90": float(p90),
        "futures": int(values.size),
    }


def wide(table: pd.DataFrame, ranges: bool = True) -> NotedTable:
    """Returns the table of `summarise` in words, one column per regime: mean ± half its interval, and the
    range.

    Where only some futures had something to count, their number stands beside the mean. Print it with
    `tables.show`.
    """
    regimes = list(dict.fromkeys(table["regime"]))
    rows = []
    for outcome, part in table.groupby("outcome", sort=False):
        row = {"": with_unit(str(outcome))}
        for item in rows_of(part):
            text = with_interval(item.mean, item.low, item.high)
            if item.futures < table.attrs.get("futures", 0):
                text += f" ({counted(item.futures)})"
            if ranges and item.futures > 1 and item.p10 < item.p90:
                text += f"\n{span(item.p10, item.p90)}"
            row[item.regime] = text
        rows.append(row)
    return noted(rows, ["", *regimes], str(table.attrs.get("note", "")))
