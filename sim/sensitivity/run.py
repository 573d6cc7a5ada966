"""Runs the two stages as sweeps, each in a folder of its own, and keeps tables beside them. The same call goes on where another stopped.

    screening/  indices/    the two sweeps (`sim.sweep`); `sim.read` reads them
    morris.csv  survivors.csv  sobol.csv  chance.csv  and the figures
    config.yaml  ro-crate-metadata.json  checksums.sha256  and run.json, written last: the analysis is finished
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from sim.results import MARK, about_run
from sim.sensitivity.request import INDICES, SCREENING, Sensitivity
from sim.sensitivity.stages import Findings, analyse
from sim.sweep import several
from sim.sweep.plan import Layout
from sim.sweep.reading import read
from sim.sweep.request import Request
from sim.sweep.run import Result, sweep
from sim.sweep.store import CONFIG, alone, publish, seal, write_yaml

EXPERIMENT = "sensitivity"


@dataclass
class Simulated:
    """The simulation as what gives responses: each stage is a sweep into `folder/<stage>`, where it stays."""

    folder: Path
    overrides: list[str]
    progress: Callable[[int], None] | None = None
    layer_begins: Callable[[str, Layout, int], None] | None = None
    results: dict[str, Result] = field(default_factory=dict)

    def __call__(self, stage: str, request: Request) -> pd.DataFrame:
        """Run what is missing of a stage, and read it. Raises BadInput and OSError as `sweep` does."""
        told = self.layer_begins or (lambda stage, layer, there: None)
        self.results[stage] = sweep(request, self.folder / stage, progress=self.progress, overrides=self.overrides,
                                    layer_begins=lambda layer, there: told(stage, layer, there))  # fmt: skip
        return read(self.folder / stage, columns=["regime", "point", "future", *request.outcomes])

    @property
    def failed(self) -> int:
        return sum(result.failed for result in self.results.values())


def held(folder: Path, asked: Sensitivity) -> dict[str, Any] | None:
    """What `run.json` says of this finished analysis, or None if it is not finished. Raises BadInput if the folder holds something else."""
    return several.held(folder, asked.identity(), (SCREENING, INDICES), "a sensitivity analysis")


def run(asked: Sensitivity, folder: Path, simulated: Simulated, draw: Callable[[Findings, Path], None]) -> Findings:
    """Run what is missing, write tables, let `draw` add figures, and mark the folder as finished. Raises BadInput and OSError."""
    with alone(folder):
        held(folder, asked)
        (folder / MARK).unlink(missing_ok=True)
        findings = analyse(asked, simulated)
        for name, table in findings.tables().items():
            with publish(folder, f"{name}.csv") as path:
                table.to_csv(path, index=False)
        draw(findings, folder)
        write_yaml(folder, CONFIG, asked.identity())
        about = about_run(EXPERIMENT, asked.identity(), simulated.overrides)
        about |= {"runs": sum(result.runs for result in simulated.results.values()), "failed": simulated.failed}
        seal(folder, about, asked.identity())
    return findings
