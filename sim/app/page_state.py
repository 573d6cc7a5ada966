"""Requests of a visitor: a validated state of the page, and the two scenarios that it means.

Built with pydantic alone, which is quick and safe in threads; the rules are those of the command line
(`sim.scenario.composing.Composed`).
"""

import shlex
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, ValidationError, field_validator, model_validator

from sim.declarations.parameters import PARAMETERS
from sim.declarations.regimes import Share
from sim.inputs import library
from sim.inputs.problems import BadInput, explain, unknown
from sim.scenario.composing import Composed
from sim.scenario.events import Event
from sim.scenario.scenario import STRICT, Scenario
from sim.systems.made_up import spelt_out

MONTHS = 120
SEED = 1
FUTURES = 1000
SIDES = ("a", "b")
MOST_EVENTS = 24
DONE_BY_HAND = ("leave", "return", "merge")


def of_the_library(kind: str) -> AfterValidator:
    """Checks that a name is in the library; `kind`: regime, system."""

    def known(name: str) -> str:
        if name not in library.names(kind):
            raise ValueError(unknown(kind, name, library.names(kind)))
        return name

    return AfterValidator(known)


class Side(BaseModel):
    """One of the two laws: the preset of a regime, and the dials that differ from it."""

    model_config = STRICT
    regime: Annotated[str, Field(max_length=80), of_the_library("regime")]
    dials: dict[str, Any] = Field(default_factory=dict, max_length=40)


class State(BaseModel):
    """Everything that decides the page's two runs. Law `b` comes in month `change` (0: from the start);
    before that month `a` holds on both sides.
    """

    model_config = STRICT
    system: Annotated[str, Field(max_length=80), of_the_library("system")] = "south_yorkshire_bassetlaw"
    a: Side = Side(regime="joint_committee")
    b: Side = Side(regime="option2")
    change: Annotated[int, Field(ge=0, lt=MONTHS)] = 0
    params: dict[str, float] = Field(default_factory=dict, max_length=len(PARAMETERS))
    payment: Literal["equal", "preset"] = "equal"
    equal_block: Share = 0.5
    events: tuple[Event, ...] = Field(default=(), max_length=MOST_EVENTS)

    @field_validator("events")
    @classmethod
    def _by_hand(cls, events: tuple[Event, ...]) -> tuple[Event, ...]:
        for number, event in enumerate(events):
            if event.do not in DONE_BY_HAND:
                raise ValueError(
                    f"events.{number}.do = '{event.do}': on this page, one of {', '.join(DONE_BY_HAND)}"
                )
        return events

    @model_validator(mode="after")
    def _one_law_until_then(self) -> "State":
        if self.change and self.a.dials != self.b.dials:
            raise ValueError(
                "b.dials: must be a.dials where change is not 0: with a law that comes later, "
                "dials are turned for both alike"
            )
        return self

    @property
    def changed_params(self) -> dict[str, float]:
        """The parameters that differ from their defaults, in the order of their declaration."""
        return {
            name: self.params[name]
            for name in PARAMETERS
            if name in self.params and self.params[name] != PARAMETERS[name].default
        } | {name: value for name, value in self.params.items() if name not in PARAMETERS}

    def _composed(self, side: Side, *more: dict[str, Any]) -> Composed:
        events = sorted((event.model_dump(exclude_none=True) for event in self.events), key=str)
        return Composed(
            system=system_of(self.system),
            system_name=self.system,
            params=self.changed_params,
            dials=side.dials,
            payment=self.payment,
            equal_block=self.equal_block,
            events=[*events, *more],
            months=MONTHS,
        )

    def scenario(self, side: str) -> Scenario:
        """Builds the scenario of side 'a' or 'b'. Raises BadInput."""
        if side == "b" and self.change == 0:
            return self._composed(self.b).scenario(self.b.regime)
        later = [self._change()] if side == "b" else []
        return self._composed(self.a, *later).scenario(self.a.regime)

    def _change(self) -> dict[str, Any]:
        return {"month": self.change, "do": "change_regime", "regime": self.b.regime}

    def commands(self) -> list[str]:
        """Returns the command lines of `experiments/regimes.py` that run the same: one, or one per law."""
        dials = [dict(side.dials) for side in (self.a, self.b)]
        if self.change:
            return [
                self._command([self.a.regime], dials[0]),
                self._command([self.a.regime], dials[0], self._change()),
            ]
        if dials[0] == dials[1] and self.a.regime != self.b.regime:
            return [self._command([self.a.regime, self.b.regime], dials[0])]
        return [self._command([side.regime], side.dials) for side in (self.a, self.b)]

    def _command(self, regimes: list[str], dials: dict[str, Any], *more: dict[str, Any]) -> str:
        words = [f"system={self.system}", f"regimes=[{','.join(regimes)}]"]
        words += [f"params.{name}={value!r}" for name, value in self.changed_params.items()]
        words += [f"dials.{name}={_word(value)}" for name, value in dials.items()]
        words += [f"payment={self.payment}"] if self.payment != "equal" else []
        words += [f"equal_block={self.equal_block!r}"] if self.equal_block != 0.5 else []
        events = [*(event.model_dump(exclude_none=True) for event in self.events), *more]
        words += [f"events=[{', '.join(_word(event) for event in events)}]"] if events else []
        words += ["walk_away_month=null", f"futures={FUTURES}", f"seed={SEED}"]
        return shlex.join(["python", "experiments/regimes.py", *words])


def _word(value: Any) -> str:
    """Writes a value as Hydra's command line does."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_word(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_word, value)) + "]"
    return str(value)


class FuturesAsked(BaseModel):
    """A request for fans: the state now, and the state that it is compared with, if any. `futures`: by
    default all that the page has.
    """

    model_config = STRICT
    now: State
    before: State | None = None
    futures: Annotated[int, Field(ge=25, le=FUTURES)] | None = None
    lesson: Annotated[str, Field(max_length=80)] | None = None


class CommandAsked(BaseModel):
    """A request for the command lines that run a state."""

    model_config = STRICT
    now: State


class StoryAsked(BaseModel):
    """A request for one future month by month."""

    model_config = STRICT
    now: State
    side: Literal["a", "b"] = "a"
    future: Annotated[int, Field(ge=0, lt=FUTURES)] = 0


def checked(model: type[BaseModel], given: Any) -> Any:
    """Validates a request against its model. Raises BadInput that names every faulty key."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise BadInput(explain(error, model)) from None


@cache
def system_of(name: str) -> dict[str, Any]:
    """Returns the full description of a named system."""
    return spelt_out(library.read("system", name))
