"""Runs an experiment's sweeps, each in a folder of its own, then writes tables and figures beside them.

<sweep>/...             the sweeps (`sim.sweep`); `sim.read` reads them
sets.csv                the parameter sets
*.csv  *.png *.pdf *.svg    tables and figures
config.yaml  ro-crate-metadata.json  checksums.sha256  and run.json, written last: the experiment is finished
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.figures.canvas import save
from sim.studies.request import Study
from sim.sweep import stages
from sim.sweep.reading import read
from sim.sweep.stages import Stages

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("png", "pdf", "svg")


@dataclass
class Findings:
    """What an experiment found: tables by name, and figures by name, drawn when asked for."""

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    figures: "dict[str, Callable[[], Figure]]" = field(default_factory=dict)


# (request, {sweep: its runs, or its folder}, the experiment's folder) -> findings
Find = Callable[..., Findings]


class Carried(Stages):
    """Runs an experiment's sweeps; the results by sweep."""

    def __call__(self, asked: Study) -> dict[str, Any]:
        """Run what is missing; the runs of every sweep, or its folder where they are not read whole. Raises
        BadInput and OSError.
        """
        found: dict[str, Any] = {}
        for name, request in asked.sweeps.items():
            folder = self.run(name, request)
            keys = ["point", "future", "system", "regime", *(["variant"] if request.variants else [])]
            found[name] = (
                folder if asked.read_by_outcome else read(folder, columns=["cell", *keys, *request.outcomes])
            )
        return found


def series_of(folder: Path, sweep_name: str, indicator: str, **where: Any) -> np.ndarray:
    """values[set, future, month] of a monthly indicator that a sweep kept, in the one cell a set that `where`
    ({column: value}) leaves.
    """
    cells = read(folder / sweep_name, table="cells", where=where, columns=["cell", "point"]).sort_values(
        "point"
    )
    runs = read(
        folder / sweep_name,
        table="series",
        where={"cell": [int(cell) for cell in cells["cell"]]},
        columns=["cell", "future", "month", indicator],
    )
    at = runs["cell"].map({cell: place for place, cell in enumerate(cells["cell"])}).to_numpy()
    futures = sorted(runs["future"].unique())
    found = np.full((len(cells), len(futures), int(runs["month"].max()) + 1), np.nan)
    found[at, np.searchsorted(futures, runs["future"]), runs["month"]] = runs[indicator]
    return found


def finished(folder: Path, asked: Study) -> dict | None:
    """What `run.json` says of this finished experiment, or None. Raises BadInput if the folder holds
    something else.
    """
    return stages.held(folder, "experiment", asked.identity(), asked.sweeps.__contains__)


def carry_out(
    experiment: str, asked: Study, folder: Path, carried: Carried, find: Find, drawing: Callable[[str], None]
) -> Findings:
    """Run what is missing, write tables and figures, and mark the folder as finished; a table without columns
    is left out.

    Raises BadInput and OSError.
    """
    found: list[Findings] = []

    def work() -> dict[str, pd.DataFrame]:
        found.append(find(asked, carried(asked), folder))
        return {
            name: table
            for name, table in {"sets": asked.table, **found[0].tables}.items()
            if len(table.columns)
        }

    def draw(where: Path) -> None:
        for name, figure in found[0].figures.items():
            drawing(name)
            save(figure(), where, name, FORMATS)

    stages.carry_out(
        folder, carried, experiment, asked.identity(), asked.sweeps.__contains__, work, draw, exact="sets"
    )
    return found[0]
