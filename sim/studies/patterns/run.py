"""Runs all settings as sweeps, each in a folder of its own, and keeps tables beside them. The same call goes
on where another stopped.

    <batch>/                     a sweep of every setting that shares horizon, system and steps switched off
    patterns.csv  effects.csv    and the figure
    config.yaml  checksums.sha256  and run.json, written last: all is finished
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.studies.patterns.findings import Findings, judged
from sim.studies.patterns.request import Batch, Patterns
from sim.sweep import stages
from sim.sweep.reading import read
from sim.sweep.request import Request
from sim.sweep.stages import Stages

EXPERIMENT = "patterns"
# (name of a batch, its sweep) -> a row a run, with columns point, future and every outcome of the sweep
Respond = Callable[[str, Request], pd.DataFrame]


class Simulated(Stages):
    """The simulation as what gives responses: each batch is a sweep into `folder/<batch>`, where it stays."""

    def __call__(self, batch: str, request: Request) -> pd.DataFrame:
        """Run what is missing of a batch, and read it. Raises BadInput and OSError as `sweep` does."""
        return read(self.run(batch, request), columns=["point", "future", *request.outcomes])


def held(folder: Path, asked: Patterns) -> dict[str, Any] | None:
    """What `run.json` says of this finished run, or None if it is not finished. Raises BadInput if the folder
    holds something else.
    """
    return stages.held(folder, EXPERIMENT, asked.identity(), lambda name: name in asked.sweeps)


def found(asked: Patterns, respond: Respond) -> Findings:
    """Live every setting, and judge the patterns. Raises what `respond` raises."""
    lived: dict[str, dict[str, np.ndarray]] = {}
    for batch in asked.batches:
        lived |= outcomes_of(asked, batch, respond(batch.name, asked.sweeps[batch.name]))
    systems = [asked.system_of(number) for number in range(asked.sets)]
    return judged(
        asked.chosen(),
        lived,
        systems,
        np.array([asked.councils_in(name) for name in systems]),
        asked.design_seed,
    )


def outcomes_of(asked: Patterns, batch: Batch, runs: pd.DataFrame) -> dict[str, dict[str, np.ndarray]]:
    """{setting: {outcome: (sets, futures)}} of a batch's runs, NaN where a run failed or has no value."""
    point, future = runs["point"].to_numpy(), runs["future"].to_numpy()
    values = {
        outcome: np.full((len(batch.settings) * asked.sets, asked.futures), np.nan)
        for outcome in batch.outcomes
    }
    for outcome, array in values.items():
        array[point, future] = runs[outcome].to_numpy()
    return {
        key: {outcome: array[at * asked.sets : (at + 1) * asked.sets] for outcome, array in values.items()}
        for at, key in enumerate(batch.settings)
    }


def run(
    asked: Patterns, folder: Path, simulated: Simulated, draw: Callable[[Findings, Path], None]
) -> Findings:
    """Run what is missing, write tables, let `draw` add the figure, and mark the folder as finished. Raises
    BadInput and OSError.
    """
    judgement: list[Findings] = []

    def work() -> dict[str, pd.DataFrame]:
        judgement.append(found(asked, simulated))
        return judgement[0].tables()

    stages.carry_out(
        folder,
        simulated,
        EXPERIMENT,
        asked.identity(),
        lambda name: name in asked.sweeps,
        work,
        lambda where: draw(judgement[0], where),
    )
    return judgement[0]
