"""Waves: simulate points, compare them with targets, rule some out, and draw the next from the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.inputs.problems import BadInput
from sim.studies.calibration.counterparts import Lived
from sim.studies.calibration.keys import CalibrationKeys, stage
from sim.studies.calibration.matching import Judge, Measured, drawn, implausibility, judge, measure
from sim.studies.calibration.targets import Target
from sim.studies.study import Run
from sim.sweep.reading import read
from sim.sweep.request import Request

FEWEST = 20  # points; fewer teach too little to draw the next wave


@dataclass(frozen=True)
class Matched:
    """All waves, and the configured parameters as one measured point with its implausibility (1, targets)."""

    waves: list["Wave"]
    configured: Measured
    implausible: np.ndarray


@dataclass(frozen=True)
class Wave:
    """Simulated points of a wave: parameters (n rows), results, implausibility (n, targets), and the judge
    that was fitted to them.
    """

    params: pd.DataFrame
    measured: Measured
    implausible: np.ndarray
    judged: Judge
    space: float  # share of the whole range that the earlier waves left

    def allowed(self, cutoff: float) -> np.ndarray:
        """Says which points no target rules out."""
        return np.asarray((self.implausible <= cutoff).all(axis=1))


def match(asked: CalibrationKeys, run: Run) -> Matched:
    """Runs all waves. `run` returns the results of a wave's points (`Lived`); point 0 of the first wave is
    the configuration.

    Raises BadInput where a wave leaves too little to draw from.
    """
    waves: list[Wave] = []
    configured: Measured | None = None
    request, space = asked.sweeps[stage(1)], 1.0
    for number in range(1, asked.waves + 1):
        if number > 1:
            points, space = drawn(
                [w.judged for w in waves],
                len(asked.varied()),
                asked.points,
                asked.cutoff,
                asked.design_seed + number,
            )
            if len(points) < FEWEST:
                raise BadInput(_nothing_left(number - 1, asked.targets, waves[-1]))
            request = asked.wave(points)
        lived: Lived = run(stage(number), request)
        measured, params = measure(asked.targets, lived), lived.params
        if configured is None:
            configured, measured, params = (
                measured.at(slice(0, 1)),
                measured.at(slice(1, None)),
                params.iloc[1:],
            )
        found = implausibility(asked.targets, measured)
        waves.append(
            Wave(params, measured, found, judge(asked.targets, asked.in_unit(params), measured), space)
        )
    assert configured is not None
    return Matched(waves, configured, implausibility(asked.targets, configured))


def _nothing_left(number: int, targets: Sequence[Target], last: Wave) -> str:
    worst = int(np.argmax(np.median(last.implausible, axis=0)))
    return (
        f"after wave {number} next to nothing of the range is left. The target farthest off is "
        f"{targets[worst].name} "
        f"({targets[worst].label}): raise its discrepancy_sd, widen what may vary, or raise cutoff"
    )


def councils_of(request: Request) -> dict[str, int]:
    """Returns how many councils each system of a sweep has."""
    partners = {name: request.system_called(name)["partners"].values() for name in request.axis("system")}
    return {name: sum(partner["kind"] == "council" for partner in found) for name, found in partners.items()}


def lived_in(folder: Path, request: Request) -> Lived:
    """Reads the results of a finished sweep's points."""
    councils = councils_of(request)
    cells, runs, series = (
        read(folder, table="cells"),
        read(folder),
        read(folder, table="series") if request.series else None,
    )
    systems = list(dict.fromkeys(cells["system"]))
    shape = (len(cells) // len(systems), len(systems), int(request.futures))

    def cube(frame: pd.DataFrame, column: str) -> np.ndarray:
        values = np.full((len(cells), shape[2]), np.nan)
        values[frame["cell"], frame["future"]] = frame[column]
        return values.reshape(shape).transpose(0, 2, 1)

    kept: dict[tuple[str, int], np.ndarray] = {}
    if series is not None:
        for month, part in series.groupby("month"):
            kept |= {(name, int(str(month))): cube(part, name) for name in request.series}
    params = cells.iloc[:: len(systems)][
        [name for name in cells if str(name).startswith("params.")]
    ].reset_index(drop=True)
    number = np.array([councils[name] for name in systems], float)
    return Lived(kept, {name: cube(runs, name) for name in request.outcomes}, params, number, request.params)


def joined(waves: Sequence[Wave], cutoff: float) -> tuple[pd.DataFrame, Measured, np.ndarray]:
    """Returns the members, which are the simulated points of all waves that no target rules out, with their
    results and their implausibility.
    """
    kept = [wave.allowed(cutoff) for wave in waves]
    params = pd.concat(
        [
            wave.params[keep].assign(wave=number)
            for number, (wave, keep) in enumerate(zip(waves, kept, strict=True), 1)
        ]
    )
    parts = [wave.measured.at(keep) for wave, keep in zip(waves, kept, strict=True)]
    measured = parts[0]
    for part in parts[1:]:
        measured = measured.joined(part)
    found = np.concatenate([wave.implausible[keep] for wave, keep in zip(waves, kept, strict=True)])
    return params.reset_index(drop=True), measured, found
