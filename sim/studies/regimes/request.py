"""Regimes compared over the same futures: the keys of `configs/experiment/regimes.yaml`."""

from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from sim.analysis.criticality import runs_needed
from sim.inputs import library
from sim.inputs.problems import unknown
from sim.scenario.composing import Composed
from sim.scenario.scenario import Scenario

# The order of `regimes=all`: the regimes that reforms are compared with first, then as the debate went on.
ORDER = (
    "joint_committee",
    "market_2012",
    "stp_2016",
    "ics_2018",
    "alliance",
    "devolved_city",
    "joint_committee_equal",
    "hwb_committee",
    "optional_form",
    "option1",
    "option2",
    "option2_guarded",
    "aco_contract",
    "health_boards",
)


def all_regimes() -> list[str]:
    """Returns every regime in `configs/regime`, in `ORDER`; those not in it come last."""
    names = library.names("regime")
    return [name for name in ORDER if name in names] + [name for name in names if name not in ORDER]


class Regimes(Composed):
    """The keys of `configs/experiment/regimes.yaml`."""

    parameter_sets: str | None = Field(None, exclude=True)  # refused with an explanation
    regimes: tuple[str, ...] = Field(min_length=1)
    futures: Annotated[int, Field(ge=2, le=1_000_000)] = 1000
    seed: Annotated[int, Field(ge=0, lt=2**64)] = 1
    threads: Annotated[int, Field(ge=1, le=1024)] | None = None
    walk_away_month: Annotated[int, Field(ge=0)] | None = 24
    criticality_futures: Annotated[int, Field(ge=2, le=100_000)] = 100
    minutes_future: Annotated[int, Field(ge=0)] = 0

    @field_validator("parameter_sets")
    @classmethod
    def _one_set(cls, given: str | None) -> None:
        if given is not None:
            raise ValueError(
                "regimes are compared here in one set of parameters (params.squeeze=0.02 changes it). "
                "Over many sets: experiments/sweep.py, which takes regimes=[...] too, or governance.py and "
                "the others of docs/experiments.md"
            )

    @field_validator("regimes", mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        names = all_regimes() if value == "all" else [value] if isinstance(value, str) else value
        if not isinstance(names, (list, tuple)):
            return names
        problems = [
            unknown("regimes", name, [*library.names("regime"), "all"])
            for name in names
            if name not in library.names("regime")
        ]
        if len(set(map(str, names))) < len(names):
            problems.append("regimes: each can be named only once")
        if problems:
            raise ValueError("\n".join(problems))
        return tuple(names)

    @model_validator(mode="after")
    def _runs(self) -> "Regimes":
        for name in self.regimes:
            self.scenario(name)
        if self.walk_away_month is not None and self.walk_away_month >= self.months:
            raise ValueError(
                f"walk_away_month = {self.walk_away_month}: after the horizon; allowed from 0 "
                f"to {self.months - 1}, or null"
            )
        return self

    def scenarios(self, **changes: Any) -> dict[str, Scenario]:
        """Returns the scenario of every regime, in the order of the request."""
        request = self.model_copy(update=changes)
        return {name: request.scenario(name) for name in self.regimes}

    def runs(self) -> int:
        """The number of runs that this request takes."""
        departs = self.walk_away_month is not None
        batches = 1 + (self.payment == "equal") + departs
        total = len(self.regimes) * batches * self.futures
        if departs:
            month, futures = self.walk_away_month or 0, self.criticality_futures
            total += sum(runs_needed(scenario, month, futures) for scenario in self.scenarios().values())
        return total
