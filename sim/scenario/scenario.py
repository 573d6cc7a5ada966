"""What a run is made of: a system, one or more regimes, parameters, events; all validated before anything is
simulated.
"""

import math
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from sim.declarations.bodies import KINDS_OF_BODY, PartnerKind
from sim.declarations.parameters import PARAMETERS
from sim.declarations.regimes import Regime
from sim.declarations.steps import CAN_BE_OFF
from sim.inputs import library
from sim.inputs.problems import BadInput, explain, nearest, unknown
from sim.scenario.events import Event, problems_of
from sim.systems.made_up import spelt_out

STRICT = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Sector = Literal["acute", "specialist", "mental_health", "community", "ambulance"]
ICS_BODY = "ics_body"
OUTSIDE = "outside"
# Which block of flows a sector's patients stand in.
FLOW_OF_SECTOR = {
    "acute": "acute",
    "specialist": "acute",
    "mental_health": "community",
    "community": "community",
    "ambulance": "ambulance",
}


class Budgets(BaseModel):
    """GBP per head and year at 2018/19 prices."""

    model_config = STRICT
    acute: Positive
    community: Positive
    ambulance: Positive
    primary: NotNegative
    running: NotNegative
    social_care: Positive


class Place(BaseModel):
    """A town, borough or county part. Needs are indices, 1 = England's mean need per head."""

    model_config = STRICT
    label: str
    population: Positive
    acute_need: Positive = 1.0
    community_need: Positive = 1.0
    social_need: Positive = 1.0
    deprivation: Annotated[float, Field(ge=0, le=1)] = 0.5
    commissioner: str
    council: str


class Partner(BaseModel):
    """An organisation. Incomes in GBP million a year at 2018/19 prices."""

    model_config = STRICT
    label: str
    kind: PartnerKind
    sector: Sector | None = None
    places: tuple[str, ...] = ()
    outside_income: NotNegative = 0.0
    published_income: Positive | None = None
    spans_border: bool = False

    @model_validator(mode="after")
    def _provider_has_sector(self) -> "Partner":
        kind = KINDS_OF_BODY[self.kind]
        if kind.treats != (self.sector is not None):
            raise ValueError("a trust or an independent provider needs a sector, and no other body has one")
        if kind.of_places != bool(self.places):
            raise ValueError(
                "a primary care network or a voluntary body needs places, and no other body has them"
            )
        return self


Row = dict[str, Annotated[float, Field(ge=0, le=1)]]


class System(BaseModel):
    """A local health system: its places, partners, per-head budgets and where patients go."""

    model_config = STRICT
    label: str
    code: str = ""
    budgets: Budgets
    places: dict[str, Place] = Field(min_length=1)
    partners: dict[str, Partner] = Field(min_length=2)
    flows: dict[Literal["acute", "community", "ambulance"], dict[str, Row]]
    sources: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _spelt_out(cls, given: Any) -> Any:
        return spelt_out(given) if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _hangs_together(self) -> "System":
        problems = []
        if ICS_BODY in self.partners:
            problems.append(f"partners.{ICS_BODY}: this name is kept for the statutory body")
        for name, place in self.places.items():
            for role, kind in (("commissioner", "ccg"), ("council", "council")):
                who = getattr(place, role)
                if who not in self.partners:
                    problems.append(unknown(f"places.{name}.{role}", who, self.of_kind(kind)))
                elif self.partners[who].kind != kind:
                    problems.append(f"places.{name}.{role} = '{who}': must be a {kind}")
        for sector in ("acute", "community", "ambulance"):
            problems += self._check_flows(sector)
        problems += self._check_places_served()
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def __hash__(self) -> int:
        """Pydantic's own would hash the dictionaries, which cannot be done."""
        return hash((self.label, self.code, tuple(self.places), tuple(self.partners)))

    def _check_places_served(self) -> list[str]:
        """Each place has at most one primary care network and one voluntary body, and these name places that
        exist.
        """
        problems: list[str] = []
        taken: dict[tuple[str, str], str] = {}
        for name, partner in self.partners.items():
            for place in partner.places:
                if place not in self.places:
                    problems.append(unknown(f"partners.{name}.places", place, self.places))
                elif (partner.kind, place) in taken:
                    other = taken[partner.kind, place]
                    problems.append(
                        f"partners.{name}.places: '{place}' has a {partner.kind} already, '{other}'"
                    )
                taken[partner.kind, place] = name
        return problems

    def _check_flows(self, sector: str) -> list[str]:
        rows = self.flows.get(sector, {})  # type: ignore[call-overload]
        able = [n for n, p in self.partners.items() if p.sector and FLOW_OF_SECTOR[p.sector] == sector]
        problems = [unknown(f"flows.{sector}", name, self.places) for name in rows if name not in self.places]
        for name in self.places:
            row = rows.get(name)
            if row is None:
                problems.append(f"flows.{sector}.{name}: missing; every place needs a row that adds up to 1")
                continue
            problems += [
                unknown(f"flows.{sector}.{name}", who, [*able, OUTSIDE])
                for who in row
                if who not in (*able, OUTSIDE)
            ]
            if abs(math.fsum(row.values()) - 1.0) > 1e-9:
                problems.append(
                    f"flows.{sector}.{name} adds up to {math.fsum(row.values()):.6g}: must add up to 1"
                )
        used = {who for row in rows.values() for who, share in row.items() if share > 0}
        problems += [
            f"partners.{who}: no patients flow to it and it has no outside_income"
            for who in able
            if who not in used and self.partners[who].outside_income == 0
        ]
        return problems

    def of_kind(self, *kinds: str) -> list[str]:
        return [name for name, partner in self.partners.items() if partner.kind in kinds]


def params_within_bounds(params: dict[str, Any]) -> dict[str, float]:
    """Parameters as numbers. Raises ValueError that names every one that is not known, no number, or out of
    bounds.
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

    `regimes` holds every regime the scenario names, `regime` the one it starts with; events may change to
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
        """A copy with some fields replaced, validated again. Raises BadInput."""
        return make_scenario(**{**{name: getattr(self, name) for name in type(self).model_fields}, **changes})

    def with_numbers(self, params: dict[str, Any], regimes: dict[str, Regime]) -> "Scenario":
        """A copy with other parameters, and other dials of its own regimes; what follows from neither is not
        validated again.

        Raises BadInput.
        """
        try:
            return self.model_copy(update={"params": params_within_bounds(params), "regimes": regimes})
        except ValueError as error:
            raise BadInput(str(error)) from None

    def regimes_with(self, regime: str) -> dict[str, Any]:
        """The scenario's regimes, and one more by its preset in the library if it is not among them. Raises
        BadInput.
        """
        return (
            self.regimes
            if regime in self.regimes
            else {**self.regimes, regime: library.read("regime", regime)}
        )  # type: ignore[return-value]

    def after(self, month: int, regime: str) -> "Scenario":
        """A branch: the same history until `month`, then another law. The regime's preset is read from the
        library. Raises BadInput.
        """
        kept = tuple(event for event in self.events if event.do != "change_regime" or event.month < month)
        return self.changed(
            regimes=self.regimes_with(regime),
            events=(*kept, {"month": month, "do": "change_regime", "regime": regime}),
        )

    def with_events(self, *events: dict[str, Any]) -> "Scenario":
        """A copy with more events, each {month, do, ...} as `sim.scenario.events.Event` has it. Raises
        BadInput.
        """
        return self.changed(events=(*self.events, *events))


def make_scenario(**fields: Any) -> Scenario:
    """Build a Scenario; every problem ends in one BadInput that names keys, values and what is allowed."""
    try:
        return Scenario.model_validate(fields)
    except ValidationError as error:
        raise BadInput(explain(error, Scenario)) from None


def not_a_scenario(given: object) -> list[str]:
    """What is wrong with what should be a scenario: one line, or none."""
    return (
        []
        if isinstance(given, Scenario)
        else [f'scenario = {given!r}: must be a Scenario, such as sim.load("regime=option2") gives']
    )
