"""History matching: a point is ruled out where some target is too many standard deviations away, all
uncertainty counted.

implausibility = |figure - model| / sqrt(observation + discrepancy + luck of one history + what is uncertain
of the model's mean), and a point is ruled out above `cutoff` (3: by Pukelsheim's rule at most 5 % of any
one-humped distribution lie farther out). Craig et al. 1997; Vernon, Goldstein and Bower 2010.
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
    """What p points gave for t targets, each array (p, t): mean, variance of one history by luck, variance of
    the mean by luck.
    """

    mean: np.ndarray
    luck: np.ndarray
    own: np.ndarray

    def at(self, points: Any) -> "Measured":
        """Of some points: a slice, or which ones."""
        return Measured(*(values[points] for values in vars(self).values()))

    def joined(self, other: "Measured") -> "Measured":
        return Measured(
            *(
                np.concatenate([one, two])
                for one, two in zip(vars(self).values(), vars(other).values(), strict=True)
            )
        )


def measure(targets: Sequence[Target], lived: Lived) -> Measured:
    """The counterparts of all targets at every point of a wave."""
    found = [COUNTERPARTS[target.counterpart].measure(lived) for target in targets]
    return Measured(*(np.column_stack(columns) for columns in zip(*found, strict=True)))


def implausibility(targets: Sequence[Target], measured: Measured) -> np.ndarray:
    """Of every point and target, shape (p, t), as simulated; infinite where a target could not be
    measured.
    """
    values = np.array([target.value for target in targets])
    variance = np.array([target.variance for target in targets]) + measured.luck + measured.own
    return np.nan_to_num(np.abs(measured.mean - values) / np.sqrt(variance), nan=np.inf)


@dataclass(frozen=True)
class Judge:
    """What one wave says of points nobody has simulated: an emulator for every target."""

    targets: tuple[Target, ...]
    emulators: tuple[Emulator, ...]
    luck: np.ndarray  # (t,) variance of one history by luck, mean over the wave's points

    def implausibility(self, unit: np.ndarray) -> np.ndarray:
        """At points, shape (n, parameters) in [-1, 1]; the result has shape (n, t)."""
        values = np.array([target.value for target in self.targets])
        variance = (
            np.array([target.variance for target in self.targets])
            + self.luck
            + np.array([e.variance for e in self.emulators])
        )
        means = np.column_stack([emulator.mean(unit) for emulator in self.emulators])
        return np.abs(means - values) / np.sqrt(variance)


def judge(targets: Sequence[Target], unit: np.ndarray, measured: Measured) -> Judge:
    """Emulators fitted to the points of a wave, shape (p, parameters) in [-1, 1]."""
    emulators = []
    for column in range(len(targets)):
        known = np.isfinite(measured.mean[:, column])
        emulators.append(fit(unit[known], measured.mean[known, column]))
    return Judge(tuple(targets), tuple(emulators), np.nanmean(measured.luck, axis=0))


def allowed(judges: Sequence[Judge], unit: np.ndarray, cutoff: float) -> np.ndarray:
    """Which points no wave so far rules out, shape (n,)."""
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
    """Up to `number` points, uniform over what no wave rules out, in [-1, 1]; and the share of the whole
    range that is left.
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
