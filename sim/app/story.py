"""Describes one future by month: who is a member, who is in deficit, who trusts whom, and the minutes."""

import string
from typing import Any

import numpy as np

from sim.app.fans import numbers
from sim.app.futures import SERIES, over_twelve_months
from sim.declarations.event_kinds import EVENT_KINDS
from sim.engine import simulation
from sim.minute_book.minutes import tell
from sim.scenario.scenario import Scenario

# Two characters for trust of 0 to 1 are fine enough to tell ties of different strength apart.
LEVELS = [
    tens + ones
    for tens in string.digits + string.ascii_lowercase
    for ones in string.digits + string.ascii_lowercase
]
NOT_THERE = "-"


def story(scenario: Scenario, seed: int, future: int) -> dict[str, Any]:
    """Returns the future's map by month, and its minutes. Bodies and places stand in the order of the model's
    rows.

    `members`: one character per body and month: 2 member, 1 giving notice, 0 left, - does not exist. `red`: 1
    if the last twelve months end in deficit. `trust`: two characters for each pair i < j and month, the mean
    of both directions. Money is in GBP million over twelve months.
    """
    output, log = simulation.run_with_log(scenario, seed, future)
    partner, full, place = output.partner[0], output.full[0], output.place[0]
    exists = partner["exists"] == 1
    members = np.where(exists, partner["membership"], -1).astype(int)
    balance = over_twelve_months(np.nan_to_num(partner["partner_balance"].T)).T
    income = over_twelve_months(np.nan_to_num(full["partner_income"].T)).T
    years = range(0, scenario.months, 12)
    minutes = tell(scenario, log)
    return {
        "future": future,
        "members": ["".join(NOT_THERE if code < 0 else str(code) for code in row) for row in members],
        "red": [
            "".join("1" if there and value < -0.05 else "0" for value, there in zip(*row, strict=True))
            for row in zip(balance, exists, strict=True)
        ],
        "balance": [numbers(row) for row in balance],
        "income": [numbers(income[min(year + 11, scenario.months - 1)]) for year in years],
        "trust": [_pairs(month) for month in output.ties[0]],
        "series": {name: numbers(_series(name, output.system[name][0])) for name in SERIES},
        "integration": [numbers(row) for row in place["place_integration"]],
        "minutes": [
            {
                "month": month,
                "main": EVENT_KINDS[kind].main,
                "who": who if isinstance(who, str) else None,
                "sentence": words,
            }
            for month, kind, who, words in zip(
                *(minutes[name].tolist() for name in ("month", "kind", "who", "sentence")), strict=True
            )
        ],
    }


def _series(name: str, monthly: np.ndarray) -> np.ndarray:
    return over_twelve_months(monthly) if name == "balance" else monthly


def _pairs(trust: np.ndarray) -> str:
    both = np.clip(np.nan_to_num((trust + trust.T) / 2.0), 0.0, 1.0)
    upper = both[np.triu_indices(len(both), 1)]
    return "".join(LEVELS[level] for level in np.rint(upper * (len(LEVELS) - 1)).astype(int))


def picks(gone: np.ndarray, integration: np.ndarray) -> dict[str, int]:
    """Returns the future with median integration, and one in which most bodies leave."""
    middle = np.argsort(integration, kind="stable")[len(integration) // 2]
    return {"typical": int(middle), "most_leave": int((gone >= 0).sum(axis=1).argmax())}
