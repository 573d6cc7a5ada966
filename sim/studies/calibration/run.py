"""Runs the waves as sweeps, `wave-1/`, `wave-2/`, ..., and keeps tables and figures beside them
(`sim.sweep.stages`).
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from sim.studies.calibration.counterparts import Lived
from sim.studies.calibration.findings import Findings, find
from sim.studies.calibration.request import Calibration
from sim.studies.calibration.waves import Matched, lived_in, match
from sim.sweep import stages
from sim.sweep.request import Request
from sim.sweep.stages import Stages

EXPERIMENT = "calibrate"


class Simulated(Stages):
    """The simulation as what gives responses: each wave is a sweep into `folder/wave-<number>`, where it
    stays.
    """

    def __call__(self, stage: str, request: Request) -> Lived:
        """Run what is missing of a wave, and read it. Raises BadInput and OSError as `sweep` does."""
        return lived_in(self.run(stage, request), request, councils_of(request))


def councils_of(request: Request) -> dict[str, int]:
    """How many councils each system of a sweep has."""
    partners = {name: request.system_called(name)["partners"].values() for name in request.axis("system")}
    return {name: sum(partner["kind"] == "council" for partner in found) for name, found in partners.items()}


def is_stage(name: str) -> bool:
    return re.fullmatch(r"wave-\d+", name) is not None


def held(folder: Path, asked: Calibration) -> dict[str, Any] | None:
    """What `run.json` says of this finished calibration, or None. Raises BadInput if the folder holds
    something else.
    """
    return stages.held(folder, EXPERIMENT, asked.identity(), is_stage)


def run(
    asked: Calibration, folder: Path, simulated: Simulated, draw: Callable[[Findings, Matched, Path], None]
) -> tuple[Findings, Matched]:
    """Run what is missing, write tables, let `draw` add figures, and mark the folder as finished. Raises
    BadInput and OSError.
    """
    found: list[tuple[Findings, Matched]] = []

    def work() -> dict[str, pd.DataFrame]:
        matched = match(asked, simulated)
        found.append((find(asked, matched), matched))
        return found[0][0].tables()

    stages.carry_out(
        folder,
        simulated,
        EXPERIMENT,
        asked.identity(),
        is_stage,
        work,
        lambda where: draw(*found[0], where),
        "set",
    )
    return found[0]
