"""What a sensitivity analysis is asked for: the keys of `configs/experiment/sensitivity.yaml`, and the two
sweeps that follow from them.
"""

from functools import cached_property
from typing import Annotated, Any

import pandas as pd
from pydantic import Field, ValidationError, field_validator, model_validator

from sim.declarations.bodies import KINDS_OF_BODY
from sim.declarations.parameters import PARAMETERS
from sim.engine.simulation import FUTURES_THERE_ARE
from sim.inputs.problems import explain
from sim.scenario.composing import Composed, asked, plain
from sim.sweep.designs import Design, Morris, Sobol, design_from
from sim.sweep.parameter_sets import parameter_sets, ranges
from sim.sweep.request import Request

# Parameters that act on one kind of body only: not in force where a system has none. Councils are everywhere.
OF_KIND = {
    parameter: kind.name
    for kind in KINDS_OF_BODY.values()
    if kind.added_by_also
    for parameter in (*kind.own_parameters, kind.exit_barrier)
    if parameter
}
SCREENING, INDICES = "screening", "indices"  # the two stages, and their folders


class Sensitivity(Composed):
    """The keys of `configs/experiment/sensitivity.yaml`. Raises ValidationError; `ask` and the script turn it
    into BadInput.
    """

    regimes: Any = ("joint_committee", "option2")
    outcomes: Any
    factors: Any = "params"
    parameter_sets: str | None = None
    trajectories: Annotated[int, Field(ge=2, le=100_000)] = 12
    levels: Annotated[int, Field(ge=2, le=100, multiple_of=2)] = 4
    survivors: Any = 14
    samples: Annotated[int, Field(ge=2, le=2**20)] = 256
    futures: Annotated[int, Field(ge=2, le=FUTURES_THERE_ARE)] = 10
    seed: Annotated[int, Field(ge=0, lt=2**64)] = 1
    design_seed: Annotated[int, Field(ge=0, lt=2**31)] = 1
    threads: Any = None
    cluster: Any = Field(default_factory=lambda: {"kind": "local"})
    differences: bool = True
    plan_only: bool = False

    @field_validator("survivors")
    @classmethod
    def _number_or_share(cls, value: Any) -> Any:
        whole = isinstance(value, int) and not isinstance(value, bool) and value >= 1
        if not whole and not (isinstance(value, float) and 0.0 < value < 1.0):
            raise ValueError(
                "must be how many factors go on (1, 2, ...), or a share of the largest effect "
                "(between 0 and 1)"
            )
        return value

    @field_validator("samples")
    @classmethod
    def _power_of_two(cls, value: int) -> int:
        return Sobol._power_of_two(value)

    @model_validator(mode="after")
    def _stages_can_be_asked_for(self) -> "Sensitivity":
        self.screening()
        return self

    def identity(self) -> dict[str, Any]:
        """All that results follow from, as plain data; not how they are computed."""
        own = self.model_dump(
            mode="json",
            include={
                "trajectories",
                "levels",
                "survivors",
                "samples",
                "design_seed",
                "differences",
                "parameter_sets",
            },
        )
        return {**self.screening().identity(), **own}

    def pairs(self) -> dict[str, tuple[str, str]]:
        """Differences between regimes that are analysed too, by the name they have in tables: (regime, the
        first regime).
        """
        first, *others = self.screening().regimes
        return {f"{other} - {first}": (other, first) for other in others} if self.differences else {}

    def screening(self) -> Request:
        """The Morris sweep over all factors. Raises ValueError naming what is wrong with any key it passes
        on.
        """
        return self._sweep(
            {"kind": "morris", "n": self.trajectories, "levels": self.levels, "factors": self.within()}
        )

    def within(self) -> Any:
        """The factors, within the bounds that `parameter_sets` leaves them where none are given. Raises
        ValueError.
        """
        bounds, _ = self.ranges
        factors = self.in_force() if self.factors == "params" else self.factors
        if not bounds or not isinstance(factors, (list, tuple, dict)):
            return factors
        given = factors if isinstance(factors, dict) else dict.fromkeys(map(str, factors))
        return {key: bounds.get(key) if value is None else value for key, value in given.items()}

    @cached_property
    def members(self) -> pd.DataFrame | None:
        """The table that `parameter_sets` names, if any. Raises BadInput."""
        return None if self.parameter_sets is None else parameter_sets(self.parameter_sets)

    @cached_property
    def ranges(self) -> tuple[dict[str, list[float]], dict[str, float]]:
        """Bounds and fixed values that the table of parameter sets gives
        (`sim.sweep.parameter_sets.ranges`).
        """
        return ({}, {}) if self.members is None else ranges(self.members)

    def indices(self, survivors: list[str]) -> Request:
        """The Sobol sweep over the factors that survived, with the bounds they were screened in; all others
        as configured.
        """
        given = self.screening().design.chosen()
        return self._sweep(
            {"kind": "sobol", "n": self.samples, "factors": {key: given[key] for key in survivors}}
        )

    def in_force(self) -> list[str]:
        """Every parameter but those the command sets, those of kinds of body the system does not have, and
        those that do not vary in the table of parameter sets."""
        kinds = {partner.get("kind") for partner in self.system.get("partners", {}).values()}
        found = [
            f"params.{name}"
            for name in PARAMETERS
            if name not in self.params and (name not in OF_KIND or OF_KIND[name] in kinds)
        ]
        return (
            found
            if self.members is None
            else [key for key in found if key in self.members and key not in self.ranges[1]]
        )

    def _sweep(self, design: dict[str, Any]) -> Request:
        passed = [*Composed.model_fields, "regimes", "outcomes", "futures", "seed", "threads"]
        try:
            built = _design({**design, "seed": self.design_seed})
            given = {name: getattr(self, name) for name in passed if name != "rules"}
            fixed = {key.removeprefix("params."): value for key, value in self.ranges[1].items()}
            given["params"] = {**fixed, **self.params}
            return Request.model_validate(
                {**given, "rules": self.rules.model_dump(), "design": built, "cluster": plain(self.cluster)}
            )
        except ValidationError as error:
            raise ValueError(explain(error, Request)) from None


def _design(given: dict[str, Any]) -> Design:
    try:
        return design_from(given)
    except ValueError as error:
        raise ValueError(str(error).replace("design.factors", "factors")) from None


def morris_of(request: Request) -> Morris:
    assert isinstance(request.design, Morris)
    return request.design


def sobol_of(request: Request) -> Sobol:
    assert isinstance(request.design, Sobol)
    return request.design


def ask(*overrides: str) -> Sensitivity:
    """A sensitivity analysis asked for from Python, in the words of the command line: ask("system=dorset",
    "trajectories=20").

    Raises BadInput that names every key at fault.
    """
    return asked(Sensitivity, "sensitivity", *overrides)
