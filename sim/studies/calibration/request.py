"""What a calibration is asked for: the keys of `configs/experiment/calibrate.yaml`, and the sweep of each
wave.
"""

from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import Field, ValidationError, field_validator, model_validator

from sim.declarations.parameters import PARAMETERS
from sim.engine.simulation import FUTURES_THERE_ARE
from sim.inputs.problems import explain, unknown
from sim.scenario.composing import Composed, asked, plain
from sim.studies.calibration.counterparts import needed
from sim.studies.calibration.targets import Target, targets_from, targets_in
from sim.sweep.designs import Lhs, design_from
from sim.sweep.factors import Factor
from sim.sweep.request import Request
from sim.systems import public_tables

ENGLAND = "england"
# significant ones of a parameter: what the table of the set says is what was simulated, to the last digit
DIGITS = 4


class Calibration(Composed):
    """The keys of `configs/experiment/calibrate.yaml`. Raises ValidationError; `ask` and the script turn it
    into BadInput.
    """

    systems: Any = ENGLAND
    regime_name: str = Field("stp_2016", alias="regime")
    targets: Any
    targets_file: str | None = None
    factors: Any = "params"
    fixed: tuple[str, ...] = ()
    points: Annotated[int, Field(ge=20, le=1_000_000)] = 1000
    waves: Annotated[int, Field(ge=1, le=50)] = 4
    futures: Annotated[int, Field(ge=2, le=FUTURES_THERE_ARE)] = 2
    cutoff: Annotated[float, Field(gt=0, le=10)] = 3.0
    members: Annotated[int, Field(ge=1, le=100_000)] = 400
    seed: Annotated[int, Field(ge=0, lt=2**64)] = 1
    design_seed: Annotated[int, Field(ge=0, lt=2**31)] = 1
    threads: Any = None
    cluster: Any = Field(default_factory=lambda: {"kind": "local"})
    plan_only: bool = False

    @model_validator(mode="before")
    @classmethod
    def _own_targets(cls, given: Any) -> Any:
        """A file is read once, so that results follow from the request alone."""
        if isinstance(given, dict) and given.get("targets_file") and "targets_read" not in given:
            return {**given, "targets": targets_in(given["targets_file"]), "targets_file": None}
        return given

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

    @model_validator(mode="after")
    def _waves_can_be_asked_for(self) -> "Calibration":
        last = max(needed(target.counterpart for target in self.targets)[1], default=0)
        if last >= self.months:
            raise ValueError(
                f"months = {self.months}: a target looks at month {last}, so at least {last + 1}"
            )
        self.first_wave()
        return self

    @property
    def names(self) -> list[str]:
        """The systems, by name."""
        if self.systems == ENGLAND:
            return [code.lower() for code in public_tables.codes()]
        return [self.systems] if isinstance(self.systems, str) else list(self.systems)

    def identity(self) -> dict[str, Any]:
        """All that results follow from, as plain data; not how they are computed."""
        own = self.model_dump(mode="json", include={"targets", "waves", "cutoff", "members", "design_seed"})
        return {**self.first_wave().identity(), **own}

    def space(self) -> Lhs:
        """The whole range as a space-filling sample. Raises ValueError naming what is wrong with factors or
        points.
        """
        factors = self.factors
        if factors == "params":
            factors = [
                f"params.{name}" for name in PARAMETERS if name not in self.params and name not in self.fixed
            ]
        found = _design({"kind": "lhs", "n": self.points, "factors": factors, "seed": self.design_seed})
        if any(factor.choices for factor in found.varied()):
            raise ValueError("factors: only numbers can be matched, not words or switches")
        return found

    def first_wave(self) -> Request:
        """The sweep over the whole range; point 0 is all as configured. Raises ValueError naming what is
        wrong with any key.
        """
        return self.wave(2.0 * self.space().unit_points() - 1.0, baseline=True)

    def wave(self, unit: np.ndarray, baseline: bool = False) -> Request:
        """The sweep over points, shape (n, factors) in [-1, 1] of the explored range."""
        columns = {
            factor.key: factor.at(0.5 * (unit[:, at] + 1.0)) for at, factor in enumerate(self.varied())
        }
        text = pd.DataFrame(columns).to_csv(index=False, float_format=f"%.{DIGITS}g")
        return self._sweep({"kind": "table", "file": "points", "text": text, "baseline": baseline})

    def varied(self) -> list[Factor]:
        """The factors with the bounds that are explored, in order."""
        return self.space().varied()

    def in_unit(self, points: pd.DataFrame) -> np.ndarray:
        """Points as shares of the explored range in [-1, 1], shape (n, factors)."""
        return np.column_stack(
            [2.0 * (points[f.key].to_numpy(float) - f.low) / (f.high - f.low) - 1.0 for f in self.varied()]
        )

    def _sweep(self, design: dict[str, Any]) -> Request:
        series, months, outcomes = needed(target.counterpart for target in self.targets)
        passed = [*Composed.model_fields, "futures", "seed", "threads"]
        try:
            given = {name: getattr(self, name) for name in passed if name != "rules"}
            given |= {"regimes": [self.regime_name], "systems": self.names, "rules": self.rules.model_dump()}
            given |= {
                "events": [self.events] if isinstance(self.events, str) else self.events,
                "cluster": plain(self.cluster),
            }
            kept = {"series": series, "series_months": months, "outcomes": outcomes or ["walk_aways_last"]}
            return Request.model_validate({**given, **kept, "design": design_from(design)})
        except ValidationError as error:
            raise ValueError(explain(error, Request)) from None


def _design(given: dict[str, Any]) -> Any:
    try:
        return design_from(given)
    except ValueError as error:
        raise ValueError(
            str(error).replace("design.factors", "factors").replace("design.n", "points")
        ) from None


def ask(*overrides: str) -> Calibration:
    """A calibration asked for from Python, in the words of the command line: ask("points=200", "waves=2").

    Raises BadInput that names every key at fault.
    """
    return asked(Calibration, "calibrate", *overrides)
