"""Paired differences between two scenarios over the same futures."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.cells import compare_cells
from sim.analysis.intervals import checked_level
from sim.analysis.outcomes import known, with_unit
from sim.analysis.paired_differences import COLUMNS, paired_row
from sim.analysis.tables import NotedTable, noted, number, rows_of, same_futures, small_print, with_interval
from sim.inputs.problems import BadInput

if TYPE_CHECKING:
    import xarray as xr


def compare(
    baseline: "xr.Dataset | pd.DataFrame",
    other: "xr.Dataset | None" = None,
    outcomes: Iterable[str] | None = None,
    level: float = 0.95,
    between: str = "cell",
) -> NotedTable:
    """Returns paired differences, other minus baseline, future by future: a pandas DataFrame, one row per
    outcome.

    For the runs of a sweep, `compare(sim.read(folder), between="cell")` or `between="regime"` gives one row
    per cell and outcome: see `sim.analysis.cells.compare_cells`. Otherwise both datasets come from `simulate`
    with the same futures and seed; `outcomes` defaults to the headline list. Columns: `baseline`, `other`
    (means), `difference` (mean), `low`, `high` (its Student t interval), `spread` (root of the mean of the
    two variances between futures), all in `unit`; `probability` (share of futures in which other > baseline,
    ties half) and `futures` (number of pairs: a pair is dropped if either run had nothing to count, such as
    months to decision where nothing was decided). The intervals show chance alone, at one set of parameters;
    they do not show how uncertain the parameters are. `attrs`: note, level, seed, futures, baseline and other
    (names of the regimes). Raises BadInput (a ValueError) for an unknown outcome, or if the futures, the seed
    or the months differ.
    """
    if isinstance(baseline, pd.DataFrame):
        if other is not None:
            raise BadInput(
                "other: a sweep is compared within itself; give the runs alone, and "
                "between=cell or between=regime"
            )
        return compare_cells(baseline, between, outcomes, level)
    if other is None:
        raise BadInput("other: missing; what is compared are two datasets, or the runs of a sweep")
    names, level = known(outcomes), checked_level(level)
    problem = same_futures({"baseline": baseline, "other": other})
    months = {data.sizes["month"] for data in (baseline, other) if "month" in data.sizes}
    if len(months) > 1:
        problem = f"other has {other.sizes['month']} months, baseline {baseline.sizes['month']}"
    if problem:
        raise BadInput(f"{problem}: a paired comparison needs the same futures, seed and months")
    rows = [paired_row(name, baseline[name].values, other[name].values, level) for name in names]
    futures, seed = int(baseline.sizes["future"]), baseline.attrs.get("seed", "")
    note = f"{small_print(futures, seed, f'{level:.0%} intervals')}. Differences are other minus baseline."
    return noted(
        rows,
        COLUMNS,
        note,
        level=level,
        seed=seed,
        futures=futures,
        baseline=baseline.attrs.get("regime", ""),
        other=other.attrs.get("regime", ""),
    )


def readable(table: pd.DataFrame, baseline: str = "baseline", other: str = "other") -> NotedTable:
    """Returns the table of `compare` with words and rounded numbers, to be printed with `tables.show`."""
    rows = [
        {
            "": with_unit(row.outcome),
            baseline: number(row.baseline),
            other: number(row.other),
            "difference": with_interval(row.difference, row.low, row.high, sign=True),
            "higher in": "–" if math.isnan(row.probability) else f"{row.probability:.0%} of {row.futures:,}",
        }
        for row in rows_of(table)
    ]
    return noted(rows, ["", baseline, other, "difference", "higher in"], str(table.attrs.get("note", "")))
