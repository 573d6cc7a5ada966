"""The levers of the page: every parameter and dial, as declared; a few in front have words for a class."""

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

from sim.declarations.dials import DIALS, Dial
from sim.declarations.parameters import PARAMETERS, Parameter
from sim.declarations.regimes import Regime
from sim.inputs import library

# These dials stand in front, in this order, then these parameters: label, and what moving it means.
DIALS_IN_FRONT = ("decision_rule", "ratification", "exit", "enforceability", "ft_mergers")
PARAMETERS_IN_FRONT = {
    "squeeze": ("Squeeze on hospitals' money", "How much faster costs rise than what is paid, in "
                                                      "the first years."),
    "austerity": ("Cuts to councils' social care money", "How much is taken away each year."),
    "transformation_fund": ("Money for change", "Pays for old and new services side by side while "
                                                       "care moves."),
    "trust_start": ("Trust at the start", "How far any two bodies trust each other in the first "
                                                 "month; 1 is full trust."),
    "reciprocity": ("How far partners do as others do",
                           "1: engagement follows fully what others are seen to do; 0: not at all."),
    "exit_barrier": ("How hard it is to leave", "How little membership must be worth before a "
                                                       "partner walks away."),
    "harmful": ("Proposals that do harm", "Share of proposals that do less than claimed, or harm, "
                                                 "unknown to those who table them."),
}  # fmt: skip
IN_FRONT = (
    *(f"dials.{name}" for name in DIALS_IN_FRONT),
    *(f"params.{name}" for name in PARAMETERS_IN_FRONT),
)
# `block` follows from how hospitals are paid, which has its own control
NO_LEVER = ("voters", "block")
STEPS = 40


def sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def step_of(low: float, high: float) -> float:
    """Returns a round step of which some forty fill the range."""
    rough = (high - low) / STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    return float(f"{next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999):.3g}")


def of_parameter(parameter: Parameter) -> dict[str, Any]:
    key = f"params.{parameter.name}"
    words_for_all = (sentence(parameter.label), f"{sentence(parameter.meaning)}.")
    label, words = PARAMETERS_IN_FRONT.get(parameter.name, words_for_all)
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


def of_dial(dial: Dial) -> dict[str, Any]:
    """Describes a dial as a choice or a number; its sources stand with each regime."""
    key = f"dials.{dial.name}"
    lever = {
        "key": key,
        "label": dial.label,
        "help": dial.help,
        "unit": "" if dial.words or dial.sort == "switch" else dial.unit,
        "group": "law",
        "front": key in IN_FRONT,
    }
    if dial.sort in ("words", "switch"):
        choices: Mapping[Any, str] = dial.words or {False: "no", True: "yes"}
        return {
            **lever,
            "kind": "choice",
            "choices": [{"value": value, "label": words} for value, words in choices.items()],
        }
    low, high = dial.slider or dial.bounds
    step = 1.0 if dial.sort == "whole" else step_of(low, high)
    return {**lever, "kind": "number", "low": low, "high": high, "step": step, "allowed": [low, None]}


@cache
def levers() -> list[dict[str, Any]]:
    """Returns all levers; those in front come first, in their order."""
    dials = [of_dial(dial) for name, dial in DIALS.items() if name not in NO_LEVER]
    found = {
        lever["key"]: lever
        for lever in [*dials, *(of_parameter(parameter) for parameter in PARAMETERS.values())]
    }
    return [found[key] for key in IN_FRONT] + [lever for key, lever in found.items() if key not in IN_FRONT]


@cache
def regimes() -> list[dict[str, Any]]:
    """Returns every regime with its dials and the source of each."""
    described = []
    for name in library.names("regime"):
        regime = Regime.model_validate(library.read("regime", name))
        dials = {dial: getattr(regime, dial) for dial in DIALS if dial not in NO_LEVER}
        described.append(
            {
                "name": name,
                "label": regime.label,
                "dials": dials,
                "block": regime.block,
                "sources": {dial: sentence(regime.source_of(dial)) for dial in DIALS},
            }
        )
    return described
