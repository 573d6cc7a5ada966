"""What a pattern is made of: the runs it needs, the size of its effect in each parameter set, and what should
make it vanish.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Setting:
    """What is run in every parameter set: a regime, and what else is held fixed whatever the set says.

    `params`, `dials`: {name: value}. `off`: steps of the month that do not act. `months`: a shorter horizon
    than the whole. `bodies`: a made-up system of so many instead of the systems asked for. `events`: as in a
    scenario; they name places of the made-up system.
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
        """The same for two settings that are run in the same way."""
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
    """What is taken away to see whether a pattern hangs on it; `words` follow 'without'."""

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
    run has none. `councils`: how many councils there are where each set is lived, shape (sets,)."""

    values: Mapping[tuple[str, str], np.ndarray]
    councils: np.ndarray

    def __getitem__(self, key: tuple[str, str]) -> np.ndarray:
        return self.values[key]

    def taken(self, sets: np.ndarray) -> "Seen":
        """The same of some of the sets, by number."""
        return Seen({key: values[sets] for key, values in self.values.items()}, self.councils[sets])


@dataclass(frozen=True)
class Pattern:
    """A stylised fact. `effect` gives its size in each parameter set, shape (sets,), positive as the sentence
    has it, NaN where it cannot be told; it comes out in a set where that is above `least`, the smallest
    size worth caring about, fixed beforehand.

    `pooled`: the effect is one number over all sets, shape (1,); what is counted then are resamples of the
    sets (bootstrap).
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
        """As it is, then each ablation."""
        return [None, *self.ablations]

    def settings_of(self, variant: Ablation | None) -> dict[str, Setting]:
        return {
            name: setting if variant is None else variant.of(setting)
            for name, setting in self.settings.items()
        }
