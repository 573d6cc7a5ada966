"""The kinds of body, each declared once: its words for people, what it is and may do, and its Mesa class.

`CCG = _kind("ccg", ...)` adds a kind to `KINDS_OF_BODY` and returns its number, which rules compare with
`body.kind`. `IS_NHS` and the like hold a bit for each kind; rules ask `is_among(IS_NHS, body)`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np


@dataclass(frozen=True)
class KindOfBody:
    """One kind of body. A field that a declaration leaves out has the default given here."""

    name: str
    label: str  # what it is, in plain words
    some: str  # the words under which the page counts departures
    agent: str  # its class in sim/mesa_face/agents.py
    role: str = ""  # its label on the map; "": the word for its sector
    partner: bool = True  # the description of a system may list it
    trust: bool = False  # an NHS trust, foundation or not
    treats: bool = False  # has patients, staff and contracts, and so a sector
    commissions: bool = False  # buys care
    nhs: bool = False  # has a control total, and can answer for NHS money (E19)
    elected: bool = False  # elections change its tolerance
    lends_staff: bool = False  # its staff make up the programme team
    spends_what_it_holds: bool = False  # may not overspend, and feels pressure by what it leaves undone
    for_wellbeing: bool = False  # a duty limited to health does not move it (E18)
    of_places: bool = False  # names the places that it stands for
    added_by_also: bool = False  # `also: [...]` adds bodies of this kind to a system
    exit_barrier: str = ""  # parameter added to `exit_barrier`
    own_parameters: tuple[str, ...] = ()  # parameters that act on this kind alone


KINDS_OF_BODY: dict[str, KindOfBody] = {}


def _kind(name: str, label: str, some: str, agent: str, **more: object) -> int:
    """Declare a kind of body. Returns its number: the order of this file is the order of the numbers."""
    number = len(KINDS_OF_BODY)
    KINDS_OF_BODY[name] = KindOfBody(name, label, some, agent, **more)  # type: ignore[arg-type]
    return number


NHS_TRUST = _kind(
    "nhs_trust", "NHS trust", "a hospital or other trust", "NHSTrust",
    trust=True, treats=True, nhs=True, lends_staff=True,
)  # fmt: skip
FOUNDATION_TRUST = _kind(
    "foundation_trust", "NHS foundation trust", "a hospital or other trust", "FoundationTrust",
    trust=True, treats=True, nhs=True, lends_staff=True,
)  # fmt: skip
CCG = _kind(
    "ccg", "clinical commissioning group: GPs who buy care", "a clinical commissioning group", "CCG",
    role="GP commissioners", commissions=True, nhs=True, lends_staff=True,
)  # fmt: skip
COUNCIL = _kind(
    "council", "council", "a council", "Council",
    role="Council", elected=True, lends_staff=True, spends_what_it_holds=True, for_wellbeing=True,
    exit_barrier="exit_barrier_council",
)  # fmt: skip
ICS_BODY = _kind(
    "ics_body", "statutory body of the system", "the statutory body", "ICSBoard",
    role="Statutory body", partner=False, commissions=True, nhs=True, lends_staff=True,
)  # fmt: skip
PRIMARY_CARE = _kind(
    "primary_care_network", "primary care network", "a primary care network", "PrimaryCareNetwork",
    role="Primary care", spends_what_it_holds=True, of_places=True, added_by_also=True,
    exit_barrier="exit_barrier_primary_care",
    own_parameters=("practice_load", "practice_paid", "network_noise", "network_cycle", "network_distance"),
)  # fmt: skip
VOLUNTARY_BODY = _kind(
    "voluntary_body", "voluntary body", "a voluntary body", "VoluntaryBody",
    role="Voluntary body", spends_what_it_holds=True, for_wellbeing=True, of_places=True, added_by_also=True,
    exit_barrier="exit_barrier_voluntary",
    own_parameters=(
        "council_grant", "commissioner_grant", "grant_cut", "voluntary_confidence", "voluntary_relief",
    ),
)  # fmt: skip
INDEPENDENT_PROVIDER = _kind(
    "independent_provider", "independent provider", "an independent provider", "IndependentProvider",
    role="Independent provider", treats=True, added_by_also=True,
    own_parameters=("independent_margin", "independent_bids"),
)  # fmt: skip

KINDS = tuple(KINDS_OF_BODY)
PARTNERS = tuple(name for name, kind in KINDS_OF_BODY.items() if kind.partner)

if TYPE_CHECKING:
    VoterKind: TypeAlias = str
    PartnerKind: TypeAlias = str
else:
    VoterKind, PartnerKind = Literal[KINDS], Literal[PARTNERS]


def kinds_that(what: str) -> tuple[str, ...]:
    """Return the names of the kinds for which a field of `KindOfBody` is true: `kinds_that("trust")`."""
    return tuple(name for name, kind in KINDS_OF_BODY.items() if getattr(kind, what))


def _bits(what: str) -> np.int64:
    """Return a whole number with a bit for each kind, by its number: 1 where a field is true.

    Compiled code reads it as a constant: a table of truth values costs 3 % of a run.
    """
    return np.int64(
        sum(1 << number for number, kind in enumerate(KINDS_OF_BODY.values()) if getattr(kind, what))
    )


IS_TRUST = _bits("trust")
TREATS = _bits("treats")
COMMISSIONS = _bits("commissions")
IS_NHS = _bits("nhs")
LENDS_STAFF = _bits("lends_staff")
SPENDS_WHAT_IT_HOLDS = _bits("spends_what_it_holds")
FOR_WELLBEING = _bits("for_wellbeing")
