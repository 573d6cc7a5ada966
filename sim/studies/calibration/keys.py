"""What a calibration is given: its keys, and the sweep of each wave."""

from typing import Annotated, Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import Field, field_validator, model_validator

from sim.declarations.parameters import PARAMETERS
from sim.inputs.problems import unknown
from sim.studies.calibration.counterparts import needed
from sim.studies.calibration.targets import Target, targets_from, targets_in
from sim.studies.study import Study, design_called
from sim.sweep.designs import Lhs, design_from
from sim.sweep.factors import Factor
from sim.sweep.request import ENGLAND, Request
from sim.systems import public_tables

# significant digits of a parameter, so that the table of the set holds exactly what was simulated
DIGITS = 4


def stage(number: int) -> str:
    """The name of a wave, and of its folder."""
    return f"wave-{number}"


class CalibrationKeys(Study):
    """The keys of `configs/experiment/calibrate.yaml`."""

    experiment: ClassVar[str] = "calibrate"

    systems: Any = ENGLAND
    regime_name: str = Field("stp_2016", alias="regime")
    targets: Any
    targets_file: str | None = None
    factors: Any = "params"
    fixed: tuple[str, ...] = ()
    points: Annotated[int, Field(ge=20, le=1_000_000)] = 1000
    waves: Annotated[int, Field(ge=1, le=50)] = 4
    cutoff: Annotated[float, Field(gt=0, le=10)] = 3.0
    members: Annotated[int, Field(ge=1, le=100_000)] = 400
    design_seed: Annotated[int, Field(ge=0, lt=2**31)] = 1

    @model_validator(mode="before")
    @classmethod
    def _own_targets(cls, given: Any) -> Any:
        """Read the file once, so that results follow from the request alone."""
        if isinstance(given, dict) and given.get("targets_file") and "targets_read" not in given:
            return {**given, "targets": targets_in(given["targets_file"]), "targets_file": None}
        return given

    @field_validator("parameter_sets")
    @classmethod
    def _takes_none(cls, given: str | None) -> None:
        if given is not None:
            raise ValueError(
                "calibration takes no table of sets, it makes one: factors=... says what may vary. The "
                "set.csv that it leaves is for the other experiments, e.g. experiments/duty.py params=FILE"
            )

    @field_validator("targets")
    @classmethod
    def _are_targets(cls, given: Any) -> tuple[Target, ...]:
        return given if isinstance(given, tuple) else targets_from(given)

    @field_validator("fixed")
    @classmethod
    def _fixed_exist(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        problems = [unknown("fixed", name, PARAMETERS) for name in names if name not in PARAMETERS]
        if problems:
            raise ValueError("\n".join(problems))
        return names

    def planned(self) -> dict[str, Request]:
        last = max(needed(target.counterpart for target in self.targets)[1], default=0)
        if last >= self.months:
            raise ValueError(
                f"months = {self.months}: a target looks at month {last}, so at least {last + 1}"
            )
        return {stage(1): self.first_wave()}

    def stages(self) -> tuple[str, ...]:
        return tuple(stage(number) for number in range(1, self.waves + 1))

    def plan_words(self) -> list[str]:
        return [
            f"{len(self.targets)} targets, {len(self.varied())} parameters, {len(self.names)} systems, "
            f"{self.months} months",
            f"{self.waves} wave{'s' * (self.waves != 1)} of {self.points:,} points, {self.futures} histories "
            "of each",
        ]

    def later(self) -> tuple[str, int]:
        runs = (self.waves - 1) * self.points * len(self.names) * self.futures
        return ("later waves", runs) if runs else ("", 0)

    @property
    def names(self) -> list[str]:
        """The names of the systems."""
        if self.systems == ENGLAND:
            return [code.lower() for code in public_tables.codes()]
        return [self.systems] if isinstance(self.systems, str) else list(self.systems)

    def space(self) -> Lhs:
        """The whole range as a space-filling sample. Raises ValueError for wrong factors or points."""
        factors = self.factors
        if factors == "params":
            factors = [
                f"params.{name}" for name in PARAMETERS if name not in self.params and name not in self.fixed
            ]
        given = {"kind": "lhs", "n": self.points, "factors": factors, "seed": self.design_seed}
        found = design_called(given, {"factors": "factors", "n": "points"})
        assert isinstance(found, Lhs)
        if any(factor.choices for factor in found.varied()):
            raise ValueError("factors: only numbers can be matched, not words or switches")
        return found

    def first_wave(self) -> Request:
        """The sweep over the whole range; point 0 is the configuration as it stands. Raises ValueError that
        says what is wrong with any key.
        """
        return self.wave(2.0 * self.space().unit_points() - 1.0, baseline=True)

    def wave(self, unit: np.ndarray, baseline: bool = False) -> Request:
        """Returns the sweep over points, shape (n, factors) in [-1, 1] of the explored range."""
        columns = {
            factor.key: factor.at(0.5 * (unit[:, at] + 1.0)) for at, factor in enumerate(self.varied())
        }
        text = pd.DataFrame(columns).to_csv(index=False, float_format=f"%.{DIGITS}g")
        return self._sweep({"kind": "table", "file": "points", "text": text, "baseline": baseline})

    def varied(self) -> list[Factor]:
        """The factors in order, with the bounds that are explored."""
        return self.space().varied()

    def in_unit(self, points: pd.DataFrame) -> np.ndarray:
        """Returns points as shares of the explored range in [-1, 1], shape (n, factors)."""
        return np.column_stack(
            [2.0 * (points[f.key].to_numpy(float) - f.low) / (f.high - f.low) - 1.0 for f in self.varied()]
        )

    def _sweep(self, design: dict[str, Any]) -> Request:
        series, months, outcomes = needed(target.counterpart for target in self.targets)
        return self.sweep(
            regimes=[self.regime_name],
            systems=self.names,
            events=[self.events] if isinstance(self.events, str) else self.events,
            series=series,
            series_months=months,
            outcomes=outcomes or ["walk_aways_last"],
            design=design_from(design),
        )
