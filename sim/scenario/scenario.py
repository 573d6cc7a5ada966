"""A scenario is what a run is made of: a system, one or more regimes, parameters, events. All are validated
before anything is simulated.
"""

import math
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from sim.declarations.parameters import PARAMETERS
from sim.declarations.regimes import Regime
from sim.declarations.steps import CAN_BE_OFF
from sim.inputs import library
from sim.inputs.problems import BadInput, explain, nearest, unknown
from sim.inputs.strict import STRICT
from sim.scenario.events import Event, problems_of
from sim.systems.system import System


def params_within_bounds(params: dict[str, Any]) -> dict[str, float]:
    """Return parameters as numbers. Raises ValueError that names each one that is unknown, no number, or out
    of bounds.
    """
    problems = []
    for name, value in params.items():
        if name not in PARAMETERS:
            problems.append(f"params.{name} = {value!r}: unknown parameter{nearest(name, PARAMETERS)}")
            continue
        low, high = PARAMETERS[name].allowed
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            problems.append(
                f"params.{name} = {value!r}: must be a number from {low:g} to {high:g} "
                f"({PARAMETERS[name].unit})"
            )
        elif math.isnan(value) or not low <= value <= high:
            problems.append(
                f"params.{name} = {value!r}: allowed from {low:g} to {high:g} ({PARAMETERS[name].unit})"
            )
    if problems:
        raise ValueError("\n".join(problems))
    return {name: float(value) for name, value in params.items()}


class Scenario(BaseModel):
    """One scenario. Frozen: `after` and `with_events` give a changed copy.

    `regimes` holds every regime the scenario names, `regime` the one it starts with; events may switch to
    another. `params` are changes from the declared defaults; `off` names steps of the month that do not act.
    """

    model_config = STRICT
    system_name: str
    system: System
    regime: str
    regimes: dict[str, Regime]
    params: dict[str, Any] = Field(default_factory=dict)
    off: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    months: Annotated[int, Field(ge=1, le=1200)] = 120
    table_size: Annotated[int, Field(ge=1, le=256)] = 32

    @field_validator("params")
    @classmethod
    def _known_and_in_bounds(cls, params: dict[str, Any]) -> dict[str, Any]:
        return params_within_bounds(params)

    @field_validator("off")
    @classmethod
    def _can_be_off(cls, off: tuple[str, ...]) -> tuple[str, ...]:
        problems = [unknown("rules.off", name, CAN_BE_OFF) for name in off if name not in CAN_BE_OFF]
        if problems:
            raise ValueError("\n".join(problems))
        return off

    @model_validator(mode="after")
    def _events_fit(self) -> "Scenario":
        problems = []
        for number, event in enumerate(self.events):
            problems += problems_of(number, event, self.events, self.system, self.months, self.off)
            if event.regime is not None and event.regime not in self.regimes:
                problems.append(unknown(f"events.{number}.regime", event.regime, self.regimes))
        changes = [event.month for event in self.events if event.do == "change_regime"]
        if len(set(changes)) < len(changes):
            problems.append("events: the regime can change only once in a month")
        if self.regime not in self.regimes:
            problems.append(unknown("regime", self.regime, self.regimes))
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def changed(self, **changes: Any) -> "Scenario":
        """Return a copy with some fields replaced, validated again. Raises BadInput."""
        return make_scenario(**{**{name: getattr(self, name) for name in type(self).model_fields}, **changes})

    def with_numbers(self, params: dict[str, Any], regimes: dict[str, Regime]) -> "Scenario":
        """Return a copy with other parameters, and other dials of its own regimes. Only the parameters are
        validated. Raises BadInput.
        """
        try:
            return self.model_copy(update={"params": params_within_bounds(params), "regimes": regimes})
        except ValueError as error:
            raise BadInput(str(error)) from None

    def regimes_with(self, regime: str) -> dict[str, Any]:
        """Return the scenario's regimes, plus this one from the library if it is missing. Raises BadInput."""
        return (
            self.regimes
            if regime in self.regimes
            else {**self.regimes, regime: library.read("regime", regime)}
        )  # type: ignore[return-value]

    def after(self, month: int, regime: str) -> "Scenario":
        """Return a branch: the same history until `month`, then another law. A regime that the scenario does
        not have yet comes from the library. Raises BadInput.
        """
        kept = tuple(event for event in self.events if event.do != "change_regime" or event.month < month)
        return self.changed(
            regimes=self.regimes_with(regime),
            events=(*kept, {"month": month, "do": "change_regime", "regime": regime}),
        )

    def with_events(self, *events: dict[str, Any]) -> "Scenario":
        """Return a copy with more events, each {month, do, ...} as in `sim.scenario.events.Event`. Raises
        BadInput.
        """
        return self.changed(events=(*self.events, *events))


def make_scenario(**fields: Any) -> Scenario:
    """Build a Scenario. Raises one BadInput that names the keys, their values and what is allowed."""
    try:
        return Scenario.model_validate(fields)
    except ValidationError as error:
        raise BadInput(explain(error, Scenario)) from None


def not_a_scenario(given: object) -> list[str]:
    """Say what is wrong with a value that should be a scenario: one line, or none."""
    return (
        []
        if isinstance(given, Scenario)
        else [f'scenario = {given!r}: must be a Scenario, such as sim.load("regime=option2") gives']
    )
