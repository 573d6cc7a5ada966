"""The levers of the page: every parameter and dial, from its own declaration; a few stand in front, with
words for a class.
"""

import math
import types
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from sim.declarations.parameters import PARAMETERS, Parameter
from sim.declarations.regimes import Regime
from sim.inputs import library

# In front, in this order: key, label, and what moving it means.
IN_FRONT = {
    "dials.decision_rule": ("How partners decide together", "Who must agree before a proposal is carried."),
    "dials.ratification": (
        "Whose own boards must approve afterwards",
        "Whether each body's own board looks again at what was decided together.",
    ),
    "dials.exit": ("Who may leave", "Whether the law lets a partner walk away."),
    "dials.enforceability": (
        "How far promises can be enforced",
        "0: a promise is worth what the promiser is trusted for; 1: the law makes sure.",
    ),
    "dials.ft_mergers": ("Directed mergers of foundation trusts",
                         "Whether the national body may direct a foundation trust to merge."),
    "params.squeeze": ("Squeeze on hospitals' money", "How much faster costs rise than what is paid, in "
                                                      "the first years."),
    "params.austerity": ("Cuts to councils' social care money", "How much is taken away each year."),
    "params.transformation_fund": ("Money for change", "Pays for old and new services side by side while "
                                                       "care moves."),
    "params.trust_start": ("Trust at the start", "How far any two bodies trust each other in the first "
                                                 "month; 1 is full trust."),
    "params.reciprocity": ("How far partners do as others do",
                           "1: engagement follows fully what others are seen to do; 0: not at all."),
    "params.exit_barrier": ("How hard it is to leave", "How little membership must be worth before a "
                                                       "partner walks away."),
    "params.harmful": ("Proposals that do harm", "Share of proposals that do less than claimed, or harm, "
                                                 "unknown to those who table them."),
}  # fmt: skip
# Choices in words; what is not here is shown as it is written, with spaces.
CHOICES = {
    "bilateral": "contracts between two", "unanimity": "all must agree", "supermajority": "a large majority",
    "majority": "a majority",
    "board": "a board decides", "all": "all of them", "out_of_scope": "only for what was not delegated",
    "none": "none",
    "free": "anybody, at any time", "nhs_barred": "councils only", "barred": "nobody", "off": "not allowed",
    "targeted": "where patients clearly benefit", "last_resort": "as a last resort",
    "triple_aim": "better health, care and use of money",
    "triple_aim_wellbeing": "the same, and wellbeing", "provide": "to provide care",
    "many": "many commissioners",
    "one": "one commissioner", "absorbed": "absorbed by the statutory body",
    "organisational": "each body its own budget",
    "system_total": "own and system budgets", "single": "one budget for all", "given": "arrives whole",
    "by_body": "each body chooses", "on_board": "on the board", "joint_nhs": "jointly, health bodies",
    "statutory_body": "the statutory body",
    "ahead": "to those furthest ahead", "per_head": "the same per head", "need": "to those in most need",
}  # fmt: skip
DIAL_WORDS = {
    "threshold": ("Size of a large majority", "share"), "council_role": ("Councils' place", ""),
    "officer_seats": ("Seats for the body's own officers", "share"), "lay_members": ("Seats for lay members",
    "share"),
    "host": ("Whose leader chairs", ""), "bloc_voting": ("Hospitals vote as one", ""),
    "recusal": ("Who gains does not vote", ""), "adoption": ("How the arrangement is joined", ""),
    "liability": ("Who answers for the money", ""),
    "exit_notice": ("Notice before leaving", "months"), "commissioners": ("Who buys care", ""),
    "pot": ("Whose budget", ""),
    "duty": ("Duty of health bodies", ""), "competition": ("Competition and tendering", "share"),
    "subsidiarity": ("Decisions taken in places", "share"),
    "board_independence": ("Independence of the board", "share"),
    "transparency": ("Openness of meetings", "share"), "public_involvement": ("Public involvement", "share"),
    "ft_capital": ("Limits on foundation trusts' building money", ""),
    "independent_providers": ("Independent providers", ""),
    "support": ("Where national support goes", ""),
    "ring_fence": ("Money for change kept apart from deficits", "share"),
    "devolved_fund": ("Own fund of a devolved city", "GBP a head and year"),
}  # fmt: skip
# `block` follows from how hospitals are paid, which is a control of its own
NO_LEVER = ("label", "sources", "voters", "block")
BOUNDS_OF_NUMBERS = {"exit_notice": (0.0, 36.0), "devolved_fund": (0.0, 60.0)}
STEPS = 40


def sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def step_of(low: float, high: float) -> float:
    """A round step of which some forty fill the range."""
    rough = (high - low) / STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    return float(f"{next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999):.3g}")


def of_parameter(parameter: Parameter) -> dict[str, Any]:
    key = f"params.{parameter.name}"
    label, words = IN_FRONT.get(key, (sentence(parameter.label), f"{sentence(parameter.meaning)}."))
    low, high = parameter.plausible
    return {
        "key": key,
        "label": label,
        "help": words,
        "unit": parameter.unit,
        "low": low,
        "high": high,
        "step": step_of(low, high),
        "default": parameter.default,
        "allowed": [value if math.isfinite(value) else None for value in parameter.allowed],
        "source": sentence(parameter.source),
        "group": parameter.group,
        "front": key in IN_FRONT,
        "kind": "number",
    }


def of_dial(name: str) -> dict[str, Any] | None:
    """A dial as a choice or a number, from the schema of regimes; its sources stand with each regime."""
    if name in NO_LEVER:
        return None
    key = f"dials.{name}"
    label, unit = DIAL_WORDS.get(name, ("", ""))
    label, words = IN_FRONT.get(key, (label or sentence(name.replace("_", " ")), ""))
    lever = {
        "key": key,
        "label": label,
        "help": words,
        "unit": unit,
        "group": "law",
        "front": key in IN_FRONT,
    }
    annotation = Regime.model_fields[name].annotation
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is Literal:
        values = [(value, CHOICES.get(value, value.replace("_", " "))) for value in get_args(annotation)]
    elif annotation is bool:
        values = [(False, "no"), (True, "yes")]
    else:
        low, high = BOUNDS_OF_NUMBERS.get(name, (0.0, 1.0))
        step = 1.0 if annotation is int else step_of(low, high)
        return {**lever, "kind": "number", "low": low, "high": high, "step": step, "allowed": [low, None]}
    return {
        **lever,
        "kind": "choice",
        "choices": [{"value": value, "label": words} for value, words in values],
    }


@cache
def levers() -> list[dict[str, Any]]:
    """All levers, those in front first and in their order."""
    dials = [lever for name in Regime.model_fields if (lever := of_dial(name))]
    found = {
        lever["key"]: lever
        for lever in [*dials, *(of_parameter(parameter) for parameter in PARAMETERS.values())]
    }
    return [found[key] for key in IN_FRONT] + [lever for key, lever in found.items() if key not in IN_FRONT]


@cache
def regimes() -> list[dict[str, Any]]:
    """Every regime with its dials and the source of each."""
    described = []
    for name in library.names("regime"):
        regime = Regime.model_validate(library.read("regime", name))
        dials = {dial: getattr(regime, dial) for dial in Regime.model_fields if dial not in NO_LEVER}
        described.append(
            {
                "name": name,
                "label": regime.label,
                "dials": dials,
                "block": regime.block,
                "sources": {dial: sentence(text) for dial, text in regime.sources.items()},
            }
        )
    return described
