"""Compares cells of a sweep in pairs: each with the baseline, or with the first regime at the same point."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.intervals import CHANCE_ONLY, checked_level
from sim.analysis.outcomes import known
from sim.analysis.paired_differences import COLUMNS, paired_row
from sim.analysis.tables import NotedTable, noted
from sim.declarations import indicators
from sim.inputs.problems import BadInput, unknown

BETWEEN = ("cell", "regime")
KEYS = ("cell", "future", "point", "system", "regime", "event", "variant")
NEEDED = {"cell": ("cell", "future"), "regime": ("cell", "future", "point", "system", "regime")}


def compare_cells(
    runs: pd.DataFrame, between: str = "cell", outcomes: Iterable[str] | None = None, level: float = 0.95
) -> NotedTable:
    """Returns paired differences, future by future, from the runs that `sim.read` gives: one row per cell and
    outcome.

    `between="cell"` compares every cell with cell 0, the baseline. `between="regime"` compares every cell
    with the one that has the first regime (that of the lowest cell) at the same point of the design, system
    and event. Columns: cell, baseline_cell, the description of the cell (point, system, regime, event,
    factors, if `runs` has them), then those of `compare`. `outcomes` defaults to the outcomes of the headline
    list that `runs` has. Each interval is about one set of parameters and shows chance alone. Raises BadInput
    (a ValueError).
    """
    level = checked_level(level)
    if between not in BETWEEN:
        raise BadInput(unknown("between", between, BETWEEN))
    lacking = [name for name in NEEDED[between] if name not in runs.columns]
    names = (
        known(outcomes)
        if outcomes is not None
        else [name for name in indicators.HEADLINE if name in runs.columns]
    )
    lacking += [name for name in names if name not in runs.columns]
    if lacking or not names or runs.empty:
        raise BadInput(
            f"the runs lack {', '.join(lacking) or 'rows, or outcomes to compare'}; read them "
            "with these columns"
        )
    by_cell = {int(str(cell)): part.sort_values("future") for cell, part in runs.groupby("cell")}
    described = [
        name for name in runs.columns if name in KEYS[2:] or name not in (*KEYS, *indicators.OUTCOMES)
    ]
    first = {cell: {name: part[name].iloc[0] for name in described} for cell, part in by_cell.items()}
    rows = []
    for cell, base in _pairs(first, between).items():
        before, after = _aligned(by_cell[base], by_cell[cell])
        for name in names:
            row = paired_row(name, before[name].to_numpy(), after[name].to_numpy(), level)
            rows.append({"cell": cell, "baseline_cell": base, **first[cell], **row})
    note = (
        f"{level:.0%} intervals show {CHANCE_ONLY} a cell. Differences are each cell's minus its baseline "
        "cell's."
    )
    return noted(rows, ["cell", "baseline_cell", *described, *COLUMNS], note, level=level, between=between)


def _pairs(first: dict[int, dict[str, Any]], between: str) -> dict[int, int]:
    """Returns, for every cell that has one, the cell that it is compared with."""
    lowest = min(first)
    if between == "cell":
        if lowest != 0:
            raise BadInput("the runs lack cell 0, the baseline; read it too")
        return {cell: 0 for cell in first if cell != 0}
    baseline = first[lowest]["regime"]
    homes = {}
    for cell, row in first.items():
        if row["regime"] == baseline:
            homes[_home(row)] = cell
    return {
        cell: homes[_home(row)]
        for cell, row in first.items()
        if row["regime"] != baseline and _home(row) in homes
    }


def _home(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["point"], row["system"], row.get("event"), row.get("variant")


def _aligned(before: pd.DataFrame, after: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Returns the rows of futures that both tables have: a failed run has no row."""
    if np.array_equal(before["future"].to_numpy(), after["future"].to_numpy()):
        return before, after
    shared = np.intersect1d(before["future"], after["future"])
    return before[before["future"].isin(shared)], after[after["future"].isin(shared)]
