"""The dials of a regime, each declared once: what it may be, where it acts, and its words for people.

`EXIT_FREE, ... = _words("exit", ...)` adds a dial to `DIALS` and returns the numbers of its words, which
rules compare with `dial.exit`. These follow from `DIALS`: the check of a regime and the record that rules
read (`regimes.py`), the tables of `docs/parameters.md`, the values that `python -m sim.dials` tries, the
factors of a sweep, the page's levers, and what the minutes say of a new law.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

UNSTATED = "assumption: so where a regime does not say"


@dataclass(frozen=True)
class Dial:
    """One dial. A number lies in `bounds`; words are among `words`; a switch is true or false."""

    name: str
    sort: Literal["words", "switch", "whole", "number", "kinds of body"]
    sections: str  # sections of docs/model.md whose rules read it
    meaning: str
    label: str  # what the page calls it
    help: str = ""  # what the page explains below the label of a main dial
    words: Mapping[str, str] = field(default_factory=dict)  # each word, and what the page calls it
    law: tuple[str, ...] = ()  # a phrase for each word, if the minutes mention it when the law changes
    bounds: tuple[float, float] = (0.0, 1.0)
    unit: str = "share"
    slider: tuple[float, float] | None = None  # the page's range, where it is narrower than the bounds
    turns: tuple[float, ...] = (0.0, 1.0)  # values that `python -m sim.dials` gives a number
    neutral: Any = None  # its value in a regime that does not state it; None: every regime must state it
    source: str = ""  # source of the neutral value


DIALS: dict[str, Dial] = {}


def _add(name: str, sort: Any, sections: str, meaning: str, label: str, **more: Any) -> None:
    if more.get("neutral") is not None:
        more.setdefault("source", UNSTATED)
    DIALS[name] = Dial(name, sort, sections, meaning, label, **more)


def _words(
    name: str, sections: str, meaning: str, label: str, words: Mapping[str, str], **more: Any
) -> range:
    """Declare a dial of words. Returns the numbers of its words."""
    _add(name, "words", sections, meaning, label, words=words, **more)
    return range(len(words))


# Regimes and tables show the dials in this order. Behind each word are the page's plain words for it.
# fmt: off
BILATERAL, UNANIMITY, SUPERMAJORITY, MAJORITY, BOARD = _words(
    "decision_rule", "4.7",
    "how votes are counted; under `bilateral` nothing is voted on, each affected body signs for its own part",
    "How partners decide together",
    {
        "bilateral": "contracts between two",
        "unanimity": "all must agree",
        "supermajority": "a large majority",
        "majority": "a majority",
        "board": "a board decides",
    },
    help="Who must agree before a proposal is carried.",
    law=(
        "bodies contract two by two",
        "one objection stops a proposal",
        "a large majority decides",
        "a majority decides",
        "a board decides",
    ),
)
_add(
    "threshold", "number", "4.7",
    "share of votes, or of seats on a board, that carries a proposal under `supermajority` and `board`",
    "Size of a large majority",
    turns=(0.5, 0.75, 1.0), neutral=0.75,
)
_add("voters", "kinds of body", "4.7", "kinds of body that vote", "Who votes")
OBSERVER, CONSULTED, MEMBER, EQUAL = _words(
    "council_role", "4.7, 4.12",
    "what councils are: an `observer` consents for its own part and is not heard; `consulted`, it is heard; "
    "a `member` votes on what affects it; an `equal` on everything, and no vote disposes of its own money",
    "Councils' place",
    {"observer": "observer", "consulted": "consulted", "member": "member", "equal": "equal"},
)
_add(
    "officer_seats", "number", "4.7",
    "share of a board's seats held by officers and appointees, who vote for what they bring",
    "Seats for the body's own officers",
    turns=(0.0, 0.5), neutral=0.0,
)
_add(
    "lay_members", "number", "4.7",
    "share of the joint body's seats, or of the votes cast, held by lay members; with `officer_seats` at "
    "most 1",
    "Seats for lay members",
    turns=(0.0, 0.3), neutral=0.0,
)
NO_HOST, TRUST_HOST, CCG_HOST, COUNCIL_HOST = _words(
    "host", "4.4",
    "whose leader chairs and sets the agenda",
    "Whose leader chairs",
    {"none": "none", "trust": "trust", "ccg": "ccg", "council": "council"},
    neutral="none",
)
_add(
    "bloc_voting", "switch", "4.7", "whether providers vote as one collaborative", "Hospitals vote as one",
    neutral=False,
)
_add(
    "recusal", "switch", "4.7",
    "whether bodies with a large interest of their own step out of the vote",
    "Who gains does not vote",
    neutral=False,
)
GIVEN, BY_BODY = _words(
    "adoption", "4.7, 4.14",
    "whether the arrangement is given, or adopted body by body and function by function, and revocable",
    "How the arrangement is joined",
    {"given": "arrives whole", "by_body": "each body chooses"},
    neutral="given",
)
OWN_LIABILITY, JOINT_LIABILITY, NHS_LIABILITY, BODY_LIABILITY = _words(
    "liability", "4.5",
    "who answers for the budget: each body, all jointly, the NHS bodies jointly, the statutory body",
    "Who answers for the money",
    {
        "own": "own",
        "joint": "joint",
        "joint_nhs": "jointly, health bodies",
        "statutory_body": "the statutory body",
    },
    neutral="own",
)
RATIFY_ALL, RATIFY_OUT_OF_SCOPE, RATIFY_NONE = _words(
    "ratification", "4.7",
    "what must still be approved by each body's own board (4.8)",
    "Whose own boards must approve afterwards",
    {"all": "all of them", "out_of_scope": "only for what was not delegated", "none": "none"},
    help="Whether each body's own board looks again at what was decided together.",
    law=(
        "every own board must approve",
        "own boards must approve what was not delegated",
        "own boards are not asked",
    ),
)
EXIT_FREE, EXIT_NHS_BARRED, EXIT_BARRED = _words(
    "exit", "4.12",
    "who may leave",
    "Who may leave",
    {"free": "anybody, at any time", "nhs_barred": "councils only", "barred": "nobody"},
    help="Whether the law lets a partner walk away.",
    law=("any body may leave", "only councils may leave", "no body may leave"),
)
_add(
    "exit_notice", "whole", "4.12", "months of notice", "Notice before leaving",
    bounds=(0, 60), unit="months", slider=(0.0, 36.0), turns=(0, 12), neutral=0,
)
MANY, ONE, ABSORBED, NO_SPLIT = _words(
    "commissioners", "4.9, 4.14",
    "several CCGs, one, absorbed by the statutory body, or no buyers and sellers: absorbed and paid by block",
    "Who buys care",
    {
        "many": "many commissioners",
        "one": "one commissioner",
        "absorbed": "absorbed by the statutory body",
        "none": "none",
    },
)
ORGANISATIONAL, SYSTEM_TOTAL, SINGLE = _words(
    "pot", "4.4, 4.13",
    "whose control total earns the sustainability fund, and whether a risk share can be proposed",
    "Whose budget",
    {
        "organisational": "each body its own budget",
        "system_total": "own and system budgets",
        "single": "one budget for all",
    },
)
_add(
    "block", "number", "4.3, 4.4",
    "share of contracts paid as a block instead of by activity",
    "Share of contracts paid as a block",
)
_add("enforceability", "number", "4.3, 4.6, 4.12", "how far a promise can be enforced",
     "How far promises can be enforced",
     help="0: a promise is worth what the promiser is trusted for; 1: the law makes sure.")
NO_DUTY, TRIPLE_AIM, WELLBEING, PROVIDE = _words(
    "duty", "4.5, 4.7",
    "legal duty that adds to the weight of the system; with `provide` all voters count a place's loss of "
    "access",
    "Duty of health bodies",
    {
        "none": "none",
        "triple_aim": "better health, care and use of money",
        "triple_aim_wellbeing": "the same, and wellbeing",
        "provide": "to provide care",
    },
)
_add(
    "competition", "number", "4.4, 4.9, 4.11",
    "tendering before a shift (4.4), mistrust between providers (4.11), reviews of mergers (4.9)",
    "Competition and tendering",
)
RESERVE_POWERS = {
    "off": "not allowed",
    "targeted": "where patients clearly benefit",
    "last_resort": "as a last resort",
}
OFF, TARGETED, LAST_RESORT = _words(
    "ft_mergers", "4.9",
    "reserve power to direct mergers of foundation trusts",
    "Directed mergers of foundation trusts",
    RESERVE_POWERS,
    help="Whether the national body may direct a foundation trust to merge.",
    neutral="off",
)
_add(
    "subsidiarity", "number", "4.4",
    "share of a place's proposals decided by that place (4.4, 4.7)",
    "Decisions taken in places",
)
_add(
    "board_independence", "number", "4.4, 4.7",
    "independent members, who may find a bad proposal out",
    "Independence of the board",
)
_add(
    "transparency", "number", "4.7, 4.8, 4.10",
    "open meetings and papers: finds bad proposals out (4.7), and keeps confidence (4.8)",
    "Openness of meetings",
)
_add(
    "public_involvement", "number", "4.8",
    "how far the public is involved in reconfigurations and mergers",
    "Public involvement",
    neutral=0.0,
)
_words(
    "ft_capital", "4.4",
    "reserve power over foundation trusts' capital",
    "Limits on foundation trusts' building money",
    RESERVE_POWERS,
    neutral="off",
)
EXCLUDED, CONTRACTED, ON_BOARD = _words(
    "independent_providers", "4.3",
    "whether independent providers are shut out, hold contracts, or sit on the board",
    "Independent providers",
    {"excluded": "excluded", "contracted": "contracted", "on_board": "on the board"},
    neutral="contracted",
)
AHEAD, PER_HEAD, NEED = _words(
    "support", "4.13",
    "whom national support goes to: places ahead, every head alike, places in need",
    "Where national support goes",
    {"ahead": "to those furthest ahead", "per_head": "the same per head", "need": "to those in most need"},
    neutral="per_head",
)
_add(
    "ring_fence", "number", "4.13",
    "share of the transformation fund that cannot be raided for deficits",
    "Money for change kept apart from deficits",
    neutral=1.0,
)
_add(
    "devolved_fund", "number", "4.13",
    "transformation money beyond the national one, GBP a head a year",
    "Own fund of a devolved city",
    bounds=(0, 200), unit="GBP a head and year", slider=(0.0, 60.0), turns=(0.0, 30.0), neutral=0.0,
)
# fmt: on
