"""Runs a study: each sweep in a folder of its own, then tables and figures beside them. If a run was stopped,
the same call continues it.

    <sweep>/...             the sweeps (`sim.sweep`); `sim.read` reads them
    *.csv  *.png *.pdf *.svg    tables and figures, made anew at the end of every call that finishes
    config.yaml  ro-crate-metadata.json  checksums.sha256  and run.json, written last: the study is finished
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.figures.canvas import save
from sim.inputs.problems import BadInput
from sim.results.provenance import CRATE
from sim.results.publishing import CHECKSUMS, MARK, about_run, code_digest, digest_of, from_json
from sim.studies.study import Findings, Study
from sim.sweep.plan import Layout, Plan
from sim.sweep.reading import read
from sim.sweep.request import Request
from sim.sweep.run import Result, sweep
from sim.sweep.store import ANEW, CONFIG, LOCK, TEMPORARY, alone, missing, publish, seal, state, write_yaml

FORMATS = ("png", "pdf", "svg")
ENDINGS = (".csv", *(f".{name}" for name in FORMATS))
EXACT = ("sets", "set")  # tables of parameter sets are written to the last digit, others to six


@dataclass
class Sweeps:
    """Runs the sweeps of a study and keeps them in `folder/<name>`: `Study.find` takes this as its `run`."""

    study: Study
    folder: Path
    overrides: list[str] = field(default_factory=list)
    progress: Callable[[int], None] | None = None
    layer_begins: Callable[[str, Layout, int], None] | None = None
    results: dict[str, Result] = field(default_factory=dict)

    def __call__(self, name: str, request: Request) -> Any:
        """Run the missing part of a sweep, and read it all. Raises BadInput and OSError as `sweep` does."""
        told = self.layer_begins or (lambda name, layer, there: None)
        self.results[name] = sweep(
            request,
            self.folder / name,
            progress=self.progress,
            overrides=self.overrides,
            layer_begins=lambda layer, there: told(name, layer, there),
        )
        return self.study.read(self.folder / name, request)

    @property
    def runs(self) -> int:
        return sum(result.runs for result in self.results.values())

    @property
    def failed(self) -> int:
        return sum(result.failed for result in self.results.values())


@dataclass(frozen=True)
class WithSeries:
    """A finished sweep, with its runs and its monthly series."""

    folder: Path
    request: Request

    @cached_property
    def runs(self) -> pd.DataFrame:
        """The runs of the sweep, one row each."""
        keys = ["cell", "point", "future", "system", "regime", "variant"]
        return read(self.folder, columns=[*keys, *self.request.outcomes])

    def series(self, indicator: str, **where: Any) -> np.ndarray:
        """Returns monthly values[set, future, month]; `where` ({column: value}) leaves one cell per set."""
        cells = read(self.folder, table="cells", where=where, columns=["cell", "point"]).sort_values("point")
        runs = read(
            self.folder,
            table="series",
            where={"cell": [int(cell) for cell in cells["cell"]]},
            columns=["cell", "future", "month", indicator],
        )
        at = runs["cell"].map({cell: place for place, cell in enumerate(cells["cell"])}).to_numpy()
        futures = sorted(runs["future"].unique())
        found = np.full((len(cells), len(futures), int(runs["month"].max()) + 1), np.nan)
        found[at, np.searchsorted(futures, runs["future"]), runs["month"]] = runs[indicator]
        return found


def runs_missing(folder: Path, plan: Plan) -> int:
    """Returns how many runs of a sweep its folder lacks. Raises BadInput if it holds another sweep."""
    if folder.is_dir() and state(folder, plan) is not None:
        return 0
    return sum(chunk.runs for layer in plan.layers() for chunk in missing(folder, plan, layer))


def held(folder: Path, study: Study) -> dict[str, Any] | None:
    """Returns the `run.json` of this finished study, or None if it is not finished. Raises BadInput if the
    folder holds something else.
    """
    if not (folder / MARK).is_file():
        there = folder.iterdir() if folder.is_dir() else ()
        if any(not _own(path, study) for path in there):
            raise BadInput(
                f"{folder}: is not empty, and holds no {study.experiment}; name another folder with "
                "hydra.run.dir=..."
            )
        return None
    found = from_json(folder / MARK)
    if found["configuration"] != digest_of(study.identity()):
        raise BadInput(f"{folder}: holds a run of another configuration. {ANEW}")
    if found["versions"]["code"] != code_digest():
        raise BadInput(f"{folder}: holds a run of another version of the program. {ANEW}")
    return found


def _own(path: Path, study: Study) -> bool:
    """Says whether this unfinished study may have written the file."""
    written = (
        path.name in (CONFIG, LOCK, CHECKSUMS, CRATE)
        or path.name.startswith(TEMPORARY)
        or path.suffix in ENDINGS
    )
    return written or path.name in study.stages()


def carry_out(run: Sweeps, drawing: Callable[[str], None] = lambda name: None) -> Findings:
    """Run the missing part of a study, write tables and figures, and mark its folder as finished; `drawing`
    is called with the name of each figure.

    Raises BadInput if the folder holds something else or another process works there, OSError if it cannot be
    written.
    """
    study, folder = run.study, run.folder
    with alone(folder):
        held(folder, study)
        (folder / MARK).unlink(missing_ok=True)
        findings = study.find(run)
        for name, table in {**study.inputs(), **findings.tables}.items():
            with publish(folder, f"{name}.csv") as path:
                table.to_csv(path, index=False, float_format=None if name in EXACT else "%.6g")
        for name, figure in findings.figures.items():
            drawing(name)
            save(figure(), folder, name, FORMATS)
        identity = study.identity()
        write_yaml(folder, CONFIG, identity)
        about = about_run(study.experiment, identity, run.overrides)
        seal(folder, {**about, "runs": run.runs, "failed": run.failed}, identity)
    return findings
