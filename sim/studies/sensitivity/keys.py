"""What a sensitivity analysis is given: its keys, and the two sweeps that follow from them."""

from functools import cached_property
from typing import Annotated, Any, ClassVar

import pandas as pd
from pydantic import Field, field_validator

from sim.declarations.bodies import KINDS_OF_BODY
from sim.declarations.parameters import PARAMETERS
from sim.studies.study import Study, design_called
from sim.sweep.designs import Sobol
from sim.sweep.parameter_sets import parameter_sets, ranges
from sim.sweep.plan import Plan
from sim.sweep.request import Request

SCREENING, INDICES = "screening", "indices"  # the two stages, and their folders
# Parameters that act on one kind of body only have no effect in a system without it. Councils are everywhere.
OF_KIND = {
    parameter: kind.name
    for kind in KINDS_OF_BODY.values()
    if kind.added_by_also
    for parameter in (*kind.own_parameters, kind.exit_barrier)
    if parameter
}


class SensitivityKeys(Study):
    """The keys of `configs/experiment/sensitivity.yaml`."""

    experiment: ClassVar[str] = "sensitivity"

    regimes: Any = ("joint_committee", "option2")
    outcomes: Any
    factors: Any = "params"
    trajectories: Annotated[int, Field(ge=2, le=100_000)] = 12
    levels: Annotated[int, Field(ge=2, le=100, multiple_of=2)] = 4
    survivors: Any = 14
    samples: Annotated[int, Field(ge=2, le=2**20)] = 256
    design_seed: Annotated[int, Field(ge=0, lt=2**31)] = 1
    differences: bool = True

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

    def planned(self) -> dict[str, Request]:
        return {SCREENING: self.screening()}

    def stages(self) -> tuple[str, ...]:
        return SCREENING, INDICES

    def labels(self) -> dict[str, str]:
        """Returns the labels of the regimes and of the differences between them."""
        found = self.labels_of(self.sweeps[SCREENING].regimes)
        return found | {
            name: f"{found[other]} less {found[first]}" for name, (other, first) in self.pairs().items()
        }

    def plan_words(self) -> list[str]:
        request = self.sweeps[SCREENING]
        factors, regimes, outcomes = len(self.factors_varied()), len(request.regimes), len(request.outcomes)
        found = [
            f"{factors} factors under {regimes} regime{'s' * (regimes != 1)}, {self.futures:,} futures at "
            f"every point; {outcomes} outcome{'s' * (outcomes != 1)}"
        ]
        if self.parameter_sets:
            bounds, fixed = self.ranges
            found.append(
                f"ranges from {self.parameter_sets}: {len(bounds)} narrowed, {len(fixed)} held at the one "
                "value they have there"
            )
        return found

    def sweep_words(self, name: str, plan: Plan) -> str:
        return f"{self.trajectories} trajectories, {len(plan.points):,} points"

    def later(self) -> tuple[str, int]:
        factors = len(self.factors_varied())
        whole = self.survivors >= 1
        survivors = min(self.survivors, factors) if whole else factors
        runs = (self.samples * (survivors + 2) + 1) * len(self.sweeps[SCREENING].regimes) * self.futures
        most = "" if whole else f"at most, if all factors did {self.survivors:.0%} of what the largest does: "
        return f"indices: {most}{survivors} survivors, {self.samples:,} samples", runs

    def factors_varied(self) -> list[str]:
        """The factors of the screening."""
        return list(self.sweeps[SCREENING].design.chosen())

    def pairs(self) -> dict[str, tuple[str, str]]:
        """Differences between regimes that are analysed too, by name: (regime, the first regime)."""
        first, *others = self.sweeps[SCREENING].regimes
        return {f"{other} - {first}": (other, first) for other in others} if self.differences else {}

    def screening(self) -> Request:
        """The Morris sweep over all factors. Raises ValueError that says what is wrong with any key."""
        return self._sweep(
            {"kind": "morris", "n": self.trajectories, "levels": self.levels, "factors": self.within()}
        )

    def within(self) -> Any:
        """The factors; the default bounds are those of `parameter_sets`. Raises ValueError."""
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
        """The bounds and fixed values in the table of parameter sets (`sim.sweep.parameter_sets.ranges`)."""
        return ({}, {}) if self.members is None else ranges(self.members)

    def indices(self, survivors: list[str]) -> Request:
        """Returns the Sobol sweep over the surviving factors, with the bounds of the screening; all other
        factors stay as configured.
        """
        given = self.sweeps[SCREENING].design.chosen()
        return self._sweep(
            {"kind": "sobol", "n": self.samples, "factors": {key: given[key] for key in survivors}}
        )

    def in_force(self) -> list[str]:
        """Every parameter except those that the command sets, those of kinds of body that the system lacks,
        and those that do not vary in the table of parameter sets.
        """
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
        fixed = {key.removeprefix("params."): value for key, value in self.ranges[1].items()}
        return self.sweep(
            design=design_called({**design, "seed": self.design_seed}, {"factors": "factors"}),
            params={**fixed, **self.params},
        )
