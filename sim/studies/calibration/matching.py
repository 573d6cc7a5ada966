"""History matching: rules out a point where the model misses some target by too many standard deviations,
counting every uncertainty.

implausibility = |figure - model| / sqrt(observation + discrepancy + luck of one history + uncertainty of the
model's mean). A point is ruled out above `cutoff` (3: by Pukelsheim's rule at most 5 % of any one-humped
distribution lie farther out). Craig et al. 1997; Vernon, Goldstein and Bower 2010.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.studies.calibration.counterparts import COUNTERPARTS, Lived
from sim.studies.calibration.emulator import Emulator, fit
from sim.studies.calibration.targets import Target


@dataclass(frozen=True)
class Measured:
    """Results of p points for t targets. Each array has shape (p, t): the mean, the variance that luck gives
    to one history, and the variance that luck gives to the mean.
    """

    mean: np.ndarray
    luck: np.ndarray
    own: np.ndarray

    def at(self, points: Any) -> "Measured":
        """Returns the results of some points, chosen by a slice or by their numbers."""
        return Measured(*(values[points] for values in vars(self).values()))

    def joined(self, other: "Measured") -> "Measured":
        return Measured(
            *(
                np.concatenate([one, two])
                for one, two in zip(vars(self).values(), vars(other).values(), strict=True)
            )
        )


def measure(targets: Sequence[Target], lived: Lived) -> Measured:
    """Measures the counterparts of all targets at every point of a wave."""
    found = [COUNTERPARTS[target.counterpart].measure(lived) for target in targets]
    return Measured(*(np.column_stack(columns) for columns in zip(*found, strict=True)))


def implausibility(targets: Sequence[Target], measured: Measured) -> np.ndarray:
    """Returns the implausibility of every simulated point for each target, shape (p, t); infinite where a
    target could not be measured.
    """
    values = np.array([target.value for target in targets])
    variance = np.array([target.variance for target in targets]) + measured.luck + measured.own
    return np.nan_to_num(np.abs(measured.mean - values) / np.sqrt(variance), nan=np.inf)


@dataclass(frozen=True)
class Judge:
    """Judges points that were not simulated, by what one wave has shown: an emulator for every target."""

    targets: tuple[Target, ...]
    emulators: tuple[Emulator, ...]
    luck: np.ndarray  # (t,) variance that luck gives to one history, mean over the wave's points

    def implausibility(self, unit: np.ndarray) -> np.ndarray:
        """Predicts implausibility at points (n, parameters) in [-1, 1]; the result has shape (n, t)."""
        values = np.array([target.value for target in self.targets])
        variance = (
            np.array([target.variance for target in self.targets])
            + self.luck
            + np.array([e.variance for e in self.emulators])
        )
        means = np.column_stack([emulator.mean(unit) for emulator in self.emulators])
        return np.abs(means - values) / np.sqrt(variance)


def judge(targets: Sequence[Target], unit: np.ndarray, measured: Measured) -> Judge:
    """Fits emulators to the points of a wave, shape (p, parameters) in [-1, 1]."""
    emulators = []
    for column in range(len(targets)):
        known = np.isfinite(measured.mean[:, column])
        emulators.append(fit(unit[known], measured.mean[known, column]))
    return Judge(tuple(targets), tuple(emulators), np.nanmean(measured.luck, axis=0))


def allowed(judges: Sequence[Judge], unit: np.ndarray, cutoff: float) -> np.ndarray:
    """Says which points no wave so far rules out, shape (n,)."""
    kept = np.ones(len(unit), bool)
    for one in judges:
        at = np.flatnonzero(kept)
        kept[at] = (one.implausibility(unit[at]) <= cutoff).all(axis=1)
    return kept


TRIED_AT_ONCE = 20_000
MOST_TRIED = 4_000_000


def drawn(
    judges: Sequence[Judge], parameters: int, number: int, cutoff: float, seed: int
) -> tuple[np.ndarray, float]:
    """Draws up to `number` points in [-1, 1], uniformly from what no wave rules out; also returns the share
    of the whole range that is left.
    """
    generator = np.random.default_rng(seed)
    found: list[np.ndarray] = []
    tried = kept = 0
    while kept < number and tried < MOST_TRIED:
        unit = generator.uniform(-1.0, 1.0, (TRIED_AT_ONCE, parameters))
        these = unit[allowed(judges, unit, cutoff)]
        found.append(these)
        tried, kept = tried + len(unit), kept + len(these)
    points = np.concatenate(found)[:number]
    return points, kept / tried
