"""Prints the results of a sensitivity analysis to the terminal."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.analysis.outcomes import short
from sim.analysis.tables import noted, rows_of, show, with_interval
from sim.studies.sensitivity.keys import INDICES

MOST_COLUMNS = 3  # columns of factors in a table


def tell(tables: Mapping[str, pd.DataFrame], labels: Mapping[str, str]) -> None:
    """Print, for every regime and difference, what each outcome is most sensitive to."""
    for number, (regime, words) in enumerate(labels.items(), 1):
        table = summary(tables, regime)
        if number < len(labels):
            del table.attrs["note"]  # printed once, at the end
        show(table, f"{words}: what outcomes are most sensitive to (total order)")


def summary(tables: Mapping[str, pd.DataFrame], regime: str) -> pd.DataFrame:
    """Returns, for every outcome under one regime, the factors with the largest total-order indices, and the
    share of chance.
    """
    luck = {
        row.outcome: row for row in rows_of(tables["chance"]) if row.stage == INDICES and row.regime == regime
    }
    rows: list[dict[str, Any]] = []
    for outcome, part in tables["sobol"][tables["sobol"]["regime"] == regime].groupby("outcome", sort=False):
        top = part[part["clear"]].sort_values("total", ascending=False).head(MOST_COLUMNS)
        words = [
            f"{row.label} {with_interval(row.total, row.total_low, row.total_high)}" for row in rows_of(top)
        ]
        found = dict(zip(("first", "second", "third"), [*words, "–", "–", "–"], strict=False))
        row = luck[outcome]
        rows.append(
            {
                "outcome": part["outcome_label"].iloc[0],
                **found,
                "chance": per_cent(row.share),
                "kept": per_cent(row.kept),
            }
        )
    note = (
        "± half the 95 % interval. Chance: the share of a single run's variance that is luck. Kept: about "
        "how much of the variance "
    )
    note += (
        "of all factors together the survivors have, the others as configured (over 100 % where the "
        "others, varying, would damp it)."
    )
    left = tables["survivors"][~tables["survivors"]["kept"]]
    if len(left) and left["relative"].iloc[0] > 0.0:
        row = left.iloc[0]
        note += (
            f" The largest that did not go on: {row['label']}, {row['relative']:.2f} of the largest effect "
            f"on {short(row['outcome'])}."
        )
    return noted(rows, ["outcome", "first", "second", "third", "chance", "kept"], note)


def per_cent(share: float) -> str:
    return f"{share:.0%}" if share == share else "–"
