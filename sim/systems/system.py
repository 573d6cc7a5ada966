"""The description of a local system: its places, its partners, money per head and where patients go."""

import math
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, model_validator

from sim.declarations.bodies import KINDS_OF_BODY, PartnerKind, kinds_that
from sim.inputs.problems import unknown
from sim.inputs.strict import STRICT
from sim.systems.made_up import spelt_out

Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Sector = Literal["acute", "specialist", "mental_health", "community", "ambulance"]
PROVIDERS = kinds_that("trust")
ICS_BODY = "ics_body"
OUTSIDE = "outside"
# The block of flows that holds a sector's patients.
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
        """Return a hash; pydantic's own fails on the dictionaries."""
        return hash((self.label, self.code, tuple(self.places), tuple(self.partners)))

    def _check_places_served(self) -> list[str]:
        """Check primary care networks and voluntary bodies: at most one each a place; the place exists."""
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
