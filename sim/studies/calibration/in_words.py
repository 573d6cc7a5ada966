"""Prints the results of a calibration to the terminal."""

from collections.abc import Mapping

import pandas as pd

from sim.analysis.tables import noted, number, rows_of, show, span
from sim.results.publishing import say

SHOWN = 15  # parameters in the table


def tell(tables: Mapping[str, pd.DataFrame]) -> None:
    """Print the record beside the model, how the record narrows parameters, and how many points are left."""
    show(targets_in_words(tables), "The record and the model")
    show(parameters_in_words(tables), "What the record says of the parameters")
    last = rows_of(tables["waves"])[-1]
    say(
        f"{last.members:,} of {last.points:,} points of the last wave are in the set, some "
        f"{last.members_of_range:.2g} of the whole range; {len(tables['set']):,} members are kept in set.csv"
    )


def targets_in_words(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Returns a table of each published figure beside the set's prediction."""
    rows = [
        {
            "figure": f"{row.label} ({row.unit})",
            "record": number(row.value),
            "as configured": number(row.configured),
            "set, 90 %": span(row.set_p05, row.set_p95),
            "place": f"{row.place:.2f}",
        }
        for row in rows_of(tables["targets"])
    ]
    note = (
        "Intervals hold nine histories of England in ten, over parameters and luck. Place: the share of "
        "the set's histories below the "
    )
    note += "record; near 0 or 1, the model hardly reaches it."
    return noted(rows, list(rows[0]), note)


def parameters_in_words(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Returns a table of the parameters that the record narrows most."""
    table = tables["parameters"]
    rows = [
        {
            "parameter": f"{row.label} ({row.unit})",
            "whole range": span(row.low, row.high),
            "set, 90 %": span(row.set_p05, row.set_p95),
            "narrowed by": f"{row.narrowed:.0%}",
        }
        for row in rows_of(table[table["identified"]].head(SHOWN))
    ]
    known = int(table["identified"].sum())
    note = (
        f"{known} of {len(table)} parameters are told apart by the record; of the others it says nothing "
        "clear (parameters.csv)."
    )
    return noted(rows, ["parameter", "whole range", "set, 90 %", "narrowed by"], note)
