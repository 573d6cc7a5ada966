"""A governance regime: nothing but dials. Each dial acts through a rule; no dial is a reward.

The pydantic model validates the files in `configs/regime/`; `record()` turns it into what compiled rules
read.
"""

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

NHS_TRUST, FOUNDATION_TRUST, CCG, COUNCIL, ICS_BODY, PRIMARY_CARE, VOLUNTARY_BODY, INDEPENDENT_PROVIDER = (
    range(8)
)
KINDS = (
    "nhs_trust",
    "foundation_trust",
    "ccg",
    "council",
    "ics_body",
    "primary_care_network",
    "voluntary_body",
    "independent_provider",
)

BILATERAL, UNANIMITY, SUPERMAJORITY, MAJORITY, BOARD = range(5)
RULES = ("bilateral", "unanimity", "supermajority", "majority", "board")
RATIFY_ALL, RATIFY_OUT_OF_SCOPE, RATIFY_NONE = range(3)
RATIFICATIONS = ("all", "out_of_scope", "none")
EXIT_FREE, EXIT_NHS_BARRED, EXIT_BARRED = range(3)
EXITS = ("free", "nhs_barred", "barred")
OBSERVER, CONSULTED, MEMBER, EQUAL = range(4)
COUNCIL_ROLES = ("observer", "consulted", "member", "equal")
MANY, ONE, ABSORBED, NO_SPLIT = range(4)
COMMISSIONERS = ("many", "one", "absorbed", "none")
ORGANISATIONAL, SYSTEM_TOTAL, SINGLE = range(3)
POTS = ("organisational", "system_total", "single")
OFF, TARGETED, LAST_RESORT = range(3)
RESERVE_POWERS = ("off", "targeted", "last_resort")
NO_DUTY, TRIPLE_AIM, WELLBEING, PROVIDE = range(4)
DUTIES = ("none", "triple_aim", "triple_aim_wellbeing", "provide")
NO_HOST, TRUST_HOST, CCG_HOST, COUNCIL_HOST = range(4)
HOSTS = ("none", "trust", "ccg", "council")
GIVEN, BY_BODY = range(2)
ADOPTIONS = ("given", "by_body")
OWN_LIABILITY, JOINT_LIABILITY, NHS_LIABILITY, BODY_LIABILITY = range(4)
LIABILITIES = ("own", "joint", "joint_nhs", "statutory_body")
EXCLUDED, CONTRACTED, ON_BOARD = range(3)
INDEPENDENTS = ("excluded", "contracted", "on_board")
AHEAD, PER_HEAD, NEED = range(3)
SUPPORTS = ("ahead", "per_head", "need")

Share = Annotated[float, Field(ge=0, le=1)]
VoterKind = Literal[
    "nhs_trust",
    "foundation_trust",
    "ccg",
    "council",
    "ics_body",
    "primary_care_network",
    "voluntary_body",
    "independent_provider",
]


class Regime(BaseModel):
    """The dials of one regime (`docs/model.md`). Shares lie in [0, 1], months in [0, 60]."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    label: str
    decision_rule: Literal["bilateral", "unanimity", "supermajority", "majority", "board"]
    threshold: Share = 0.75
    voters: tuple[VoterKind, ...]
    council_role: Literal["observer", "consulted", "member", "equal"]
    officer_seats: Share = 0.0
    lay_members: Share = 0.0
    host: Literal["none", "trust", "ccg", "council"] = "none"
    bloc_voting: bool = False
    recusal: bool = False
    adoption: Literal["given", "by_body"] = "given"
    liability: Literal["own", "joint", "joint_nhs", "statutory_body"] = "own"
    ratification: Literal["all", "out_of_scope", "none"]
    exit: Literal["free", "nhs_barred", "barred"]
    exit_notice: Annotated[int, Field(ge=0, le=60)] = 0
    commissioners: Literal["many", "one", "absorbed", "none"]
    pot: Literal["organisational", "system_total", "single"]
    block: Share
    enforceability: Share
    duty: Literal["none", "triple_aim", "triple_aim_wellbeing", "provide"]
    competition: Share
    ft_mergers: Literal["off", "targeted", "last_resort"] = "off"
    subsidiarity: Share
    board_independence: Share
    transparency: Share
    public_involvement: Share = 0.0
    ft_capital: Literal["off", "targeted", "last_resort"] = "off"
    independent_providers: Literal["excluded", "contracted", "on_board"] = "contracted"
    support: Literal["ahead", "per_head", "need"] = "per_head"
    ring_fence: Share = 1.0
    devolved_fund: Annotated[float, Field(ge=0, le=200)] = 0.0
    sources: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _seats_add_up(self) -> "Regime":
        if self.officer_seats + self.lay_members > 1.0 + 1e-9:
            raise ValueError(
                f"officer_seats + lay_members = {self.officer_seats + self.lay_members:.10g}: "
                "no more than all seats, 1"
            )
        return self


RECORD = np.dtype(
    [
        (name, "i8")
        for name in (
            "decision_rule",
            "council_role",
            "ratification",
            "exit",
            "exit_notice",
            "commissioners",
            "pot",
            "duty",
            "ft_mergers",
            "ft_capital",
            "host",
            "bloc_voting",
            "recusal",
            "adoption",
            "liability",
            "independent_providers",
            "support",
        )
    ]
    + [("votes", "i8", (len(KINDS),))]
    + [
        (name, "f8")
        for name in (
            "threshold",
            "officer_seats",
            "block",
            "enforceability",
            "competition",
            "subsidiarity",
            "board_independence",
            "transparency",
            "public_involvement",
            "lay_members",
            "ring_fence",
            "devolved_fund",
        )
    ]
)

_CODES = {
    "decision_rule": RULES,
    "council_role": COUNCIL_ROLES,
    "ratification": RATIFICATIONS,
    "exit": EXITS,
    "commissioners": COMMISSIONERS,
    "pot": POTS,
    "duty": DUTIES,
    "ft_mergers": RESERVE_POWERS,
    "ft_capital": RESERVE_POWERS,
    "host": HOSTS,
    "adoption": ADOPTIONS,
    "liability": LIABILITIES,
    "independent_providers": INDEPENDENTS,
    "support": SUPPORTS,
}


def record(regimes: list[Regime]) -> np.ndarray:
    """The dials of several regimes as records (shape (len(regimes),), dtype RECORD), words turned into
    numbers.
    """
    return np.array([_in_numbers(regime) for regime in regimes], RECORD)


def _in_numbers(regime: Regime) -> tuple[Any, ...]:
    dials = dict(vars(regime))
    dials |= {name: words.index(dials[name]) for name, words in _CODES.items()}
    dials["votes"] = [kind in regime.voters for kind in KINDS]
    if regime.commissioners == "none":
        dials["block"] = 1.0  # nothing is bought, so nothing is paid by the piece
    return tuple(dials[name] for name in RECORD.names or ())
