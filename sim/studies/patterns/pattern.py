"""The parts of a pattern: the runs it needs, the size of its effect in each parameter set, and the ablations
that should make it vanish.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Setting:
    """One kind of run, made in every parameter set: a regime, and the values that replace those of the set.

    `params`, `dials`: {name: value}. `off`: steps of the month that do not act. `months`: a shorter horizon
    than the whole. `bodies`: the size of a made-up system that replaces the systems of the request. `events`:
    as in a scenario; they name places of the made-up system.
    """

    regime: str
    params: Mapping[str, float] = field(default_factory=dict)
    dials: Mapping[str, Any] = field(default_factory=dict)
    off: tuple[str, ...] = ()
    months: int | None = None
    bodies: int | None = None
    events: tuple[Mapping[str, Any], ...] = ()

    @property
    def key(self) -> str:
        """A key that is the same for two settings that run in the same way."""
        return repr(
            (
                self.regime,
                sorted(self.params.items()),
                sorted(self.dials.items()),
                sorted(self.off),
                self.months,
                self.bodies,
                [sorted(event.items()) for event in self.events],
            )
        )


@dataclass(frozen=True)
class Ablation:
    """A change that takes something away to see whether a pattern depends on it; `words` follow 'without'."""

    words: str
    params: Mapping[str, float] = field(default_factory=dict)
    off: tuple[str, ...] = ()

    def of(self, setting: Setting) -> Setting:
        return replace(
            setting, params={**setting.params, **self.params}, off=tuple(sorted({*setting.off, *self.off}))
        )


@dataclass(frozen=True)
class Seen:
    """Outcomes of one pattern's settings: `seen["slow", "trust_mean"]` has shape (sets, futures), NaN where a
    run has none. `councils`: the number of councils in each set's system, shape (sets,).
    """

    values: Mapping[tuple[str, str], np.ndarray]
    councils: np.ndarray

    def __getitem__(self, key: tuple[str, str]) -> np.ndarray:
        return self.values[key]

    def taken(self, sets: np.ndarray) -> "Seen":
        """Returns the same for some of the sets, chosen by number."""
        return Seen({key: values[sets] for key, values in self.values.items()}, self.councils[sets])


@dataclass(frozen=True)
class Pattern:
    """A stylised fact. `effect` gives its size in each parameter set, shape (sets,): positive if it is as the
    sentence says, NaN where it cannot be measured. The fact comes out in a set if its effect exceeds `least`,
    the smallest size worth caring about, which was fixed beforehand.

    `pooled`: the effect is one number over all sets, shape (1,). Then resamples of the sets are counted
    instead of sets (bootstrap).
    """

    name: str
    sentence: str
    claims: tuple[str, ...]
    tag: str
    why: str
    settings: Mapping[str, Setting]
    outcomes: tuple[str, ...]
    effect: Callable[[Seen], np.ndarray]
    measure: str
    unit: str
    least: float
    ablations: tuple[Ablation, ...]
    pooled: bool = False

    def variants(self) -> list[Ablation | None]:
        """Returns None for the pattern as it is, then each ablation."""
        return [None, *self.ablations]

    def settings_of(self, variant: Ablation | None) -> dict[str, Setting]:
        return {
            name: setting if variant is None else variant.of(setting)
            for name, setting in self.settings.items()
        }
