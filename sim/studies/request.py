"""What an experiment is asked for: the keys of `configs/experiment/study.yaml`, which all experiments over
parameter sets share.
"""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar

import pandas as pd
from pydantic import Field, SerializeAsAny, ValidationError, field_validator, model_validator

from sim.engine.simulation import FUTURES_THERE_ARE
from sim.inputs import library
from sim.inputs.problems import explain
from sim.results.publishing import digest_of
from sim.scenario.composing import Composed, asked
from sim.studies.sets import CONFIGURED, PLAUSIBLE, POSTERIOR, sets_from
from sim.sweep.clusters.settings import Local, Place, place_from
from sim.sweep.designs import Design, design_from
from sim.sweep.request import ENGLAND, Request
from sim.sweep.variants import Variant

FIVE = (
    "south_yorkshire_bassetlaw",
    "bedfordshire_luton_milton_keynes",
    "greater_manchester",
    "dorset",
    "staffordshire_stoke",
)
PASSED = (
    *Composed.model_fields,
    "regimes",
    "systems",
    "nation",
    "outcomes",
    "series",
    "futures",
    "seed",
    "threads",
    "cluster",
)
Asked = TypeVar("Asked", bound="Study")


class Study(Composed):
    """Keys that all experiments share. An experiment with keys of its own adds them in a subclass."""

    # whether its runs stay on disk, read one outcome at a time (`stored.py`)
    read_by_outcome: ClassVar[bool] = False

    regimes: tuple[str, ...] = Field(min_length=1)
    systems: Any = None
    nation: bool | None = None
    parameter_sets: str = POSTERIOR
    set_count: Annotated[int, Field(ge=1, le=100_000)] = 100
    set_seed: Annotated[int, Field(ge=0, lt=2**32)] = 1
    futures: Annotated[int, Field(ge=2, le=FUTURES_THERE_ARE)] = 10
    seed: Annotated[int, Field(ge=0, lt=2**64)] = 1
    outcomes: Any = "headline"
    series: Any = ()
    variants: dict[str, Variant] = Field(default_factory=dict)
    threads: Annotated[int, Field(ge=1, le=1024)] | None = None
    cluster: SerializeAsAny[Place] = Local()
    plan_only: bool = False

    @field_validator("systems")
    @classmethod
    def _five(cls, value: Any) -> Any:
        return FIVE if value == "five" else value

    @field_validator("cluster", mode="before")
    @classmethod
    def _cluster_of_its_kind(cls, value: Any) -> Place:
        return place_from(value)

    @field_validator("variants", mode="before")
    @classmethod
    def _variants_are_a_mapping(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise ValueError("must be a mapping from a name to what the variant changes")
        return value

    @model_validator(mode="after")
    def _can_be_run(self) -> "Study":
        for name, sweep in self.sweeps.items():
            if not sweep.outcomes:
                raise ValueError(f"outcomes: none for {name}")
        return self

    @property
    def called(self) -> str:
        whole = {None: self.system_name, FIVE: "five_systems", ENGLAND: ENGLAND}
        return whole.get(
            tuple(self.systems) if isinstance(self.systems, list) else self.systems, "several_systems"
        )

    @cached_property
    def table(self) -> pd.DataFrame:
        """The parameter sets. Raises BadInput."""
        return sets_from(self.parameter_sets, self.set_count, self.set_seed, self.params)

    def identity(self) -> dict[str, Any]:
        """All that results follow from: a table of sets by its content."""
        plain = self.model_dump(mode="json", exclude={"threads", "cluster", "plan_only"})
        if self.parameter_sets not in (PLAUSIBLE, CONFIGURED):
            plain |= {
                "parameter_sets": Path(self.parameter_sets).name,
                "sets_digest": digest_of(self.table.to_csv(index=False)),
            }
        sweeps = {name: sweep.identity() for name, sweep in self.sweeps.items()}
        return {**plain, "sweeps": {name: digest_of(plain) for name, plain in sweeps.items()}}

    @cached_property
    def sweeps(self) -> dict[str, Request]:
        """The sweeps that the experiment takes, by name."""
        return self.planned()

    def planned(self) -> dict[str, Request]:
        """Builds the sweeps. An experiment with several, or with variants that follow from other keys,
        overrides this.
        """
        return {"runs": self.sweep(self.variants)}

    @cached_property
    def design_of_sets(self) -> Design:
        """The parameter sets as the design of a sweep, a point a set."""
        if not len(self.table.columns):
            return design_from({"kind": "grid"})
        return design_from({"kind": "table", "file": "sets", "text": self.table.to_csv(index=False)})

    def sweep(self, variants: Mapping[str, Variant], **changes: Any) -> Request:
        """One sweep: every parameter set under every variant, over the same futures. Raises ValueError naming
        what is wrong.
        """
        given = {name: getattr(self, name) for name in PASSED if name not in ("rules", "cluster")}
        asked = {
            **given,
            "rules": self.rules.model_dump(),
            "cluster": self.cluster.model_dump(),
            "design": self.design_of_sets,
            "variants": {name: variant.model_dump() for name, variant in variants.items()},
            **changes,
        }
        try:
            return Request.model_validate(asked)
        except ValidationError as error:
            raise ValueError(explain(error, Request)) from None

    def regime_labels(self) -> dict[str, str]:
        return {name: str(library.read("regime", name)["label"]) for name in self.regimes}


def told(words: list[str]) -> list[str]:
    """The words of a command; one that names `system` alone means that system, not the several that the
    experiment has by default.
    """
    keys = {word.partition("=")[0] for word in words}
    return [*words, "systems=null"] if "system" in keys and "systems" not in keys else words


def ask(model: type[Asked], experiment: str, *overrides: str) -> Asked:
    """An experiment asked for from Python, in the words of the command line. Raises BadInput that names every
    key at fault.
    """
    return asked(model, experiment, *told(list(overrides)))
