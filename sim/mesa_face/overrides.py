"""Asks the agents that override a decision: after which step of the month, and what their answers change.

The rules first fill in an intention for every body; an answer replaces that of one body.
"""

import math
from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np

from sim.engine.starting_world import snapped
from sim.inputs.problems import BadInput
from sim.kernel.records import LEFT, NO_SAY, RATIFYING
from sim.mesa_face.organisation import DECISIONS, LivedSystem, Organisation, Project

# GBP million a year, more than all of England's public spending; a larger sum could not be booked exactly
MOST_OFFERED = 1e6


def overriding(bodies: list[Organisation]) -> dict[str, list[Organisation]]:
    """Return the bodies whose class overrides each decision; decisions that nobody overrides are left out."""
    found = {
        name: [body for body in bodies if getattr(type(body), name) is not getattr(Organisation, name)]
        for name in DECISIONS
    }
    return {name: asked for name, asked in found.items() if asked}


def _one_of(*allowed: Any) -> Callable[[Any], Any]:
    def check(answer: Any) -> Any:
        answer = bool(answer) if isinstance(answer, np.bool_) else answer
        if not any(answer is each for each in allowed):
            raise ValueError(f"one of {', '.join(map(str, allowed))}")
        return answer

    return check


_YES_OR_NO, _VOTE = _one_of(True, False), _one_of(True, False, None)


def _money(answer: Any) -> float:
    if (
        isinstance(answer, (bool, np.bool_))
        or not isinstance(answer, Real)
        or not 0.0 <= float(answer) <= MOST_OFFERED
    ):
        raise ValueError(f"GBP million a year, from 0 to {MOST_OFFERED:.0f}")
    return snapped(float(answer))


def _answer(body: Organisation, decision: str, check: Callable[[Any], Any], *about: Any) -> Any:
    """Ask an override, and check its answer. Raises BadInput that names agent, month and value."""
    month = body.model.month
    try:
        answer = getattr(body, decision)(*about)
    except Exception as error:
        error.add_note(f"asked {body.label} in month {month}: {decision}")
        raise
    try:
        return check(answer)
    except ValueError as allowed:
        raise BadInput(
            f"{body.label}, month {month}: {decision} gave {answer!r}; must be {allowed}"
        ) from None


def ask_offers(model: LivedSystem, asked: list[Organisation]) -> None:
    for slot in np.flatnonzero(model.world.project["heard"] == 1):
        for body in asked:
            mine = model.world.stake[slot, body.row]
            if mine["say"] != NO_SAY:
                mine["offers"] = _answer(body, "offers", _money, Project(model, int(slot)))


def ask_votes(model: LivedSystem, asked: list[Organisation]) -> None:
    for slot in np.flatnonzero(model.world.project["heard"] == 1):
        for body in asked:
            mine = model.world.stake[slot, body.row]
            if mine["say"] != NO_SAY:
                answer = _answer(body, "votes_for", _VOTE, Project(model, int(slot)))
                mine["vote"] = {True: 1, False: -1, None: 0}[answer]


def ask_boards(model: LivedSystem, asked: list[Organisation]) -> None:
    for slot in np.flatnonzero(model.world.project["stage"] == RATIFYING):
        for body in asked:
            mine = model.world.stake[slot, body.row]
            if mine["ratifies"] != 0:
                mine["ratifies"] = (
                    1 if _answer(body, "ratifies", _YES_OR_NO, Project(model, int(slot))) else -1
                )


def ask_about_merger(model: LivedSystem, asked: list[Organisation]) -> None:
    one, other = (model.body(int(model.world.board[0][name])) for name in ("candidate", "neighbour"))
    for body, partner in ((one, other), (other, one)):
        if body in asked:
            wish = _answer(body, "accepts_merger", _YES_OR_NO, partner)
            body._fields["merger_wish"] = 1 if wish else -1


def _ask_about_membership(model: LivedSystem, asked: list[Organisation], decision: str, out: bool) -> None:
    """Ask about membership: a yes makes a wish ripe at once, a no keeps it from ripening."""
    ripe = math.ceil(model.par["leaving_months"])
    for body in asked:
        row = body._fields
        if row["exists"] == 1 and (row["membership"] == LEFT) == out:
            months = int(row["months_low"])
            wishes = _answer(body, decision, _YES_OR_NO)
            row["months_low"] = max(months, ripe) if wishes else min(months, ripe - 1)


def ask_to_leave(model: LivedSystem, asked: list[Organisation]) -> None:
    _ask_about_membership(model, asked, "wants_to_leave", False)


def ask_to_return(model: LivedSystem, asked: list[Organisation]) -> None:
    _ask_about_membership(model, asked, "wants_to_return", True)


# For each decision: the step after which it is asked for, and the function that asks.
ASKED = {
    "offers": ("intend_offers", ask_offers),
    "votes_for": ("intend_votes", ask_votes),
    "ratifies": ("intend_ratification", ask_boards),
    "accepts_merger": ("intend_merger", ask_about_merger),
    "wants_to_leave": ("intend_membership", ask_to_leave),
    "wants_to_return": ("intend_membership", ask_to_return),
}
