"""Targets: published figures, each with its source, its uncertainty, and its counterpart in the model."""

import re
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from sim.inputs import library
from sim.inputs.problems import BadInput, explain, unknown
from sim.scenario.scenario import STRICT
from sim.studies.calibration.counterparts import COUNTERPARTS

NotNegative = Annotated[float, Field(ge=0)]


class Target(BaseModel):
    """One published figure, in `unit`.

    `observed_sd` says how far it may lie from the truth; `discrepancy_sd` says by how much even the best
    model would miss it.
    """

    model_config = STRICT
    name: str
    label: str
    unit: str
    value: float
    observed_sd: NotNegative
    discrepancy_sd: NotNegative
    counterpart: str
    source: str = ""
    note: str = ""

    @field_validator("source")
    @classmethod
    def _is_a_source(cls, source: str) -> str:
        if not source.strip():
            raise ValueError("a target needs a source: who published the figure, and when")
        if re.search(r"unverified|general knowledge|assumption", source, re.IGNORECASE):
            raise ValueError("is no source; what nobody has published is no target")
        return source

    @model_validator(mode="after")
    def _can_be_compared(self) -> "Target":
        problems = []
        if self.observed_sd == 0.0:
            problems.append("observed_sd = 0: a target needs a variance; no published figure is exact")
        if self.counterpart not in COUNTERPARTS:
            problems.append(
                f"{unknown('counterpart', self.counterpart, COUNTERPARTS)}; a target needs a "
                "counterpart in the model"
            )
        elif COUNTERPARTS[self.counterpart].unit != self.unit:
            problems.append(
                f"unit = '{self.unit}': its counterpart is in {COUNTERPARTS[self.counterpart].unit}"
            )
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def variance(self) -> float:
        """The variance of the difference between the figure and the best model, without luck."""
        return self.observed_sd**2 + self.discrepancy_sd**2


def targets_from(given: Any) -> tuple[Target, ...]:
    """Reads targets from plain data, {name: its fields}. Raises ValueError that names every faulty target."""
    if not isinstance(given, dict) or not given:
        raise ValueError(
            "targets: name at least one, as {name: {value, observed_sd, counterpart, source, ...}}"
        )
    found, problems = [], []
    for name, plain in given.items():
        if not isinstance(plain, dict):
            problems.append(
                f"targets.{name} = {plain!r}: must say value, observed_sd, discrepancy_sd, "
                "counterpart, source"
            )
            continue
        try:
            found.append(Target.model_validate({**plain, "name": str(name)}))
        except ValidationError as error:
            problems += [
                line if line.startswith(f"targets.{name}") else f"targets.{name}: {line}"
                for line in explain(error, Target, f"targets.{name}.").splitlines()
            ]
    if problems:
        raise ValueError("\n".join(problems))
    return tuple(found)


def targets_in(path: str | Path) -> dict[str, Any]:
    """Returns the plain data of a file of targets. Raises BadInput if it cannot be read."""
    try:
        with open(path, encoding="utf-8") as file:
            found = yaml.load(file, Loader=library.LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a YAML file"
        raise BadInput(f"targets_file = '{path}': {reason}") from None
    if not isinstance(found, dict):
        raise BadInput(f"targets_file = '{path}': must list targets by name")
    return found
