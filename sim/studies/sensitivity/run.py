"""Runs the two stages as sweeps, `screening/` and `indices/`, and keeps tables and figures beside them
(`sim.sweep.stages`).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from sim.studies.sensitivity.request import INDICES, SCREENING, Sensitivity
from sim.studies.sensitivity.stages import Findings, analyse
from sim.sweep import stages
from sim.sweep.reading import read
from sim.sweep.request import Request
from sim.sweep.stages import Stages

EXPERIMENT = "sensitivity"


class Simulated(Stages):
    """The simulation as what gives responses: each stage is a sweep into `folder/<stage>`, where it stays."""

    def __call__(self, stage: str, request: Request) -> pd.DataFrame:
        """Run what is missing of a stage, and read it. Raises BadInput and OSError as `sweep` does."""
        return read(self.run(stage, request), columns=["regime", "point", "future", *request.outcomes])


def is_stage(name: str) -> bool:
    return name in (SCREENING, INDICES)


def held(folder: Path, asked: Sensitivity) -> dict[str, Any] | None:
    """What `run.json` says of this finished analysis, or None. Raises BadInput if the folder holds something
    else.
    """
    return stages.held(folder, EXPERIMENT, asked.identity(), is_stage)


def run(
    asked: Sensitivity, folder: Path, simulated: Simulated, draw: Callable[[Findings, Path], None]
) -> Findings:
    """Run what is missing, write tables, let `draw` add figures, and mark the folder as finished. Raises
    BadInput and OSError.
    """
    found: list[Findings] = []

    def work() -> dict[str, pd.DataFrame]:
        found.append(analyse(asked, simulated))
        return found[0].tables()

    stages.carry_out(
        folder, simulated, EXPERIMENT, asked.identity(), is_stage, work, lambda where: draw(found[0], where)
    )
    return found[0]
