"""Runs an experiment's sweeps, each in a folder of its own, then writes tables and figures beside them.

    <sweep>/...             the sweeps (`sim.sweep`); `sim.read` reads them
    sets.csv                the parameter sets
    *.csv  *.png *.pdf *.svg    tables and figures
    config.yaml  ro-crate-metadata.json  checksums.sha256  and run.json, written last: the experiment is finished
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.canvas import save
from sim.results import MARK, about_run
from sim.study.request import Study
from sim.sweep.plan import Layout
from sim.sweep.reading import read
from sim.sweep.run import Result, sweep
from sim.sweep.staged import held
from sim.sweep.store import CONFIG, alone, publish, seal, write_yaml

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("png", "pdf", "svg")


@dataclass
class Findings:
    """What an experiment found: tables by name, and figures by name, drawn when asked for."""

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    figures: "dict[str, Callable[[], Figure]]" = field(default_factory=dict)


Find = Callable[..., Findings]  # (request, {sweep: its runs}, the experiment's folder) -> findings


@dataclass
class Carried:
    """Runs what is missing of an experiment's sweeps; the results by sweep."""

    folder: Path
    overrides: list[str]
    progress: Callable[[int], None] | None = None
    layer_begins: Callable[[str, Layout, int], None] | None = None
    results: dict[str, Result] = field(default_factory=dict)

    def run(self, asked: Study) -> dict[str, pd.DataFrame]:
        """The runs of every sweep. Raises BadInput and OSError as `sweep` does."""
        told, found = self.layer_begins or (lambda name, layer, there: None), {}
        for name, request in asked.sweeps.items():
            begins = _named(told, name)
            self.results[name] = sweep(request, self.folder / name, progress=self.progress, overrides=self.overrides, layer_begins=begins)
            keys = ["point", "future", "system", "regime", *(["variant"] if request.variants else [])]
            found[name] = read(self.folder / name, columns=["cell", *keys, *request.outcomes])
        return found

    @property
    def failed(self) -> int:
        return sum(result.failed for result in self.results.values())

    @property
    def runs(self) -> int:
        return sum(result.runs for result in self.results.values())


def series_of(folder: Path, sweep_name: str, indicator: str, **where: Any) -> np.ndarray:
    """values[set, future, month] of a monthly indicator that a sweep kept, in the one cell a set that `where` ({column: value}) leaves."""
    cells = read(folder / sweep_name, table="cells", where=where, columns=["cell", "point"]).sort_values("point")
    runs = read(folder / sweep_name, table="series", where={"cell": [int(cell) for cell in cells["cell"]]},
                columns=["cell", "future", "month", indicator])  # fmt: skip
    at = runs["cell"].map({cell: place for place, cell in enumerate(cells["cell"])}).to_numpy()
    futures = sorted(runs["future"].unique())
    found = np.full((len(cells), len(futures), int(runs["month"].max()) + 1), np.nan)
    found[at, np.searchsorted(futures, runs["future"]), runs["month"]] = runs[indicator]
    return found


def _named(told: Callable[[str, Layout, int], None], name: str) -> Callable[[Layout, int], None]:
    return lambda layer, there: told(name, layer, there)


def finished(folder: Path, asked: Study) -> dict | None:
    """What `run.json` says of this finished experiment, or None. Raises BadInput if the folder holds something else."""
    return held(folder, "experiment", asked.identity(), asked.sweeps.__contains__)


def carry_out(experiment: str, asked: Study, folder: Path, carried: Carried, find: Find, drawing: Callable[[str], None]) -> Findings:
    """Run what is missing, write tables and figures, and mark the folder as finished. Raises BadInput and OSError."""
    with alone(folder):
        finished(folder, asked)
        (folder / MARK).unlink(missing_ok=True)
        findings = find(asked, carried.run(asked), folder)
        write_tables(folder, {"sets": asked.table, **findings.tables})
        for name, figure in findings.figures.items():
            drawing(name)
            save(figure(), folder, name, FORMATS)
        write_yaml(folder, CONFIG, asked.identity())
        about = about_run(experiment, asked.identity(), carried.overrides)
        seal(folder, {**about, "runs": carried.runs, "failed": carried.failed}, asked.identity())
    return findings


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Tables as CSV, numbers with six significant digits (parameter sets with all); those without columns are left out."""
    for name, table in tables.items():
        if len(table.columns):
            with publish(folder, f"{name}.csv") as path:
                table.to_csv(path, index=False, float_format=None if name == "sets" else "%.6g")
