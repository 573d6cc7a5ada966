"""Experiments run every parameter set under every variant, over the same futures. All of them share the keys
of `configs/experiment/study.yaml`.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any

import pandas as pd
from pydantic import Field, field_validator

from sim.studies.sets import CONFIGURED, POSTERIOR, sets_from
from sim.studies.study import FIVE, Study
from sim.sweep.designs import Design, design_from
from sim.sweep.plan import Plan
from sim.sweep.request import Request
from sim.sweep.variants import Variant


class OverSets(Study):
    """A study over parameter sets: how many sets, and where they are drawn from."""

    sets: Annotated[int, Field(ge=1, le=100_000)] = 100
    sets_seed: Annotated[int, Field(ge=0, lt=2**32)] = 1

    @cached_property
    def table(self) -> pd.DataFrame:
        """The parameter sets, one row each. Raises BadInput."""
        return sets_from(str(self.parameter_sets), self.sets, self.sets_seed, self.params)


class Experiment(OverSets):
    """Keys that all experiments share; an experiment adds its own keys in a subclass."""

    parameter_sets: str = POSTERIOR
    regimes: tuple[str, ...] = Field(min_length=1)
    systems: Any = None
    nation: bool | None = None
    outcomes: Any = "headline"
    series: Any = ()
    variants: dict[str, Variant] = Field(default_factory=dict)

    @field_validator("systems")
    @classmethod
    def _five(cls, value: Any) -> Any:
        return FIVE if value == "five" else value

    @field_validator("variants", mode="before")
    @classmethod
    def _variants_are_a_mapping(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise ValueError("must be a mapping from a name to what the variant changes")
        return value

    @classmethod
    def completed(cls, words: list[str]) -> list[str]:
        """Makes a command that names only `system` mean that system, not the several default ones."""
        keys = {word.partition("=")[0] for word in words}
        return [*words, "systems=null"] if "system" in keys and "systems" not in keys else words

    def planned(self) -> dict[str, Request]:
        """Returns one sweep. An experiment with several sweeps, or with variants that follow from other keys,
        overrides this.
        """
        return {"runs": self.over_sets(self.variants)}

    def over_sets(self, variants: Mapping[str, Variant], **changes: Any) -> Request:
        """Returns one sweep: every parameter set under every variant. Raises ValueError if a key is wrong."""
        plain = {name: variant.model_dump() for name, variant in variants.items()}
        return self.sweep(**{"design": self.design_of_sets, "variants": plain, **changes})

    @cached_property
    def design_of_sets(self) -> Design:
        """Returns the parameter sets as the design of a sweep, one point per set."""
        if not len(self.table.columns):
            return design_from({"kind": "grid"})
        return design_from({"kind": "table", "file": "sets", "text": self.table.to_csv(index=False)})

    def inputs(self) -> dict[str, pd.DataFrame]:
        return {"sets": self.table} if len(self.table.columns) else {}

    def regime_labels(self) -> dict[str, str]:
        return self.labels_of(self.regimes)

    def plan_words(self) -> list[str]:
        sets = (
            "the configured parameters alone"
            if self.parameter_sets == CONFIGURED
            else f"{len(self.table):,} parameter sets ({self.parameter_sets})"
        )
        return [f"{sets}, {self.futures:,} futures each, the same everywhere"]

    def sweep_words(self, name: str, plan: Plan) -> str:
        across = {what: len(plan.request.axis(what)) for what in ("system", "regime", "variant")}
        return " x ".join(f"{number} {what}{'s' * (number != 1)}" for what, number in across.items())
