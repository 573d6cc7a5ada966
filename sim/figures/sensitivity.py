"""Draws all figures of a sensitivity analysis, on as many pages as they need.

Tables are those of `sim.analysis.sensitivity` with columns regime, outcome, outcome_label, outcome_unit,
factor and label added.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.tables import counted
from sim.figures.elementary_effects import morris_chart
from sim.figures.sobol_indices import heat_map, sobol_chart

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ACROSS, REGIMES = 6, 2  # outcomes and regimes in one figure


def charts(
    tables: Mapping[str, pd.DataFrame],
    labels: Mapping[str, str],
    futures: int,
    seed: int,
    within: str | None = None,
) -> dict[str, "Callable[[], Figure]"]:
    """Returns functions that draw the figures `morris`, `sobol` and `total_order`, by name; six outcomes and
    two regimes per page. `within`: the table of parameter sets that the ranges come from.
    """
    small = f"{counted(futures)} at every point, seed {seed}. " + (
        f"Ranges as {within} has narrowed them. " if within else ""
    )
    chance = tables["chance"][tables["chance"]["stage"] == "indices"]
    kinds: dict[str, Callable[[pd.DataFrame, dict[str, str]], Figure]] = {
        "morris": lambda part, names: morris_chart(part, names, small),
        "sobol": lambda part, names: sobol_chart(part, chance, names, small),
        "total_order": lambda part, names: heat_map(part, chance, names, small),
    }
    found: dict[str, Callable[[], Figure]] = {}
    for name, chart in kinds.items():
        table = tables["morris" if name == "morris" else "sobol"]
        sheets = pages(list(dict.fromkeys(table["outcome"])), list(labels))
        for number, (outcomes, regimes) in enumerate(sheets, 1):
            part = table[table["outcome"].isin(outcomes) & table["regime"].isin(regimes)]
            named = {regime: labels[regime] for regime in regimes}
            found[name if len(sheets) == 1 else f"{name}_{number}"] = partial(chart, part, named)
    return found


def pages(outcomes: list[str], regimes: list[str]) -> list[tuple[list[str], list[str]]]:
    """Splits outcomes and regimes over the pages."""
    return [
        (outcomes[o : o + ACROSS], regimes[r : r + REGIMES])
        for r in range(0, len(regimes), REGIMES)
        for o in range(0, len(outcomes), ACROSS)
    ]
