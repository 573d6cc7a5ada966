"""What if partners walk away: whom the system can least do without, who follows, and what brings it back.

python experiments/walk_away.py
python experiments/walk_away.py system=dorset consequences=true partner=dorset_council
python experiments/walk_away.py shapley=100
python experiments/walk_away.py map=true partner=sheffield_council 'map_months=[12,48,84]'
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.outcomes import more_is_worse, short, with_unit
from sim.analysis.tables import noted, number, rows_of, show, with_interval
from sim.analysis.uncertain import OVER, Cube, Pair, crossed_interval, differences, paired
from sim.figures.canvas import month_words
from sim.figures.contrasts import contrast_chart, pages, small_print_of
from sim.figures.curves import curves_chart
from sim.figures.forests import values_chart
from sim.figures.maps import Map, map_chart
from sim.studies.run import Findings, series_of
from sim.studies.script import main
from sim.studies.walk_away import (
    BACK,
    GRANTED,
    LEAVES,
    SERIES,
    STAYS,
    WalkAway,
    cascade,
    followers,
    others_out,
    shapley_values,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WAYS = {LEAVES: "leaves for good", BACK: "brought back", GRANTED: "brought back, its own proposal tabled"}
OTHERS = "others_out"
STEP = 3  # months between the points of a curve


def find(asked: WalkAway, runs: dict[str, pd.DataFrame], folder: Path) -> Findings:
    """The ranking, and what was asked for besides."""
    table, found = ranking(asked, runs["ranking"]), Findings()
    found.tables["ranking"] = table[table["way"] == LEAVES].drop(columns="way")
    for regime, label in asked.regime_labels().items():
        part = found.tables["ranking"][found.tables["ranking"]["regime"] == regime]
        title = f"{label}: what a partner's leaving in {month_words(asked.month)} changes"
        sheets = pages(list(dict.fromkeys(part["outcome"])))
        for number_, sheet in enumerate(sheets, 1):
            name = f"ranking_{regime}" if len(sheets) == 1 else f"ranking_{regime}_{number_}"
            found.figures[name] = _ranked(
                part, sheet, title, f"{asked.system['label']}; partners in the order of their loss."
            )
    if asked.consequences:
        add_consequences(asked, table, folder, found)
    if asked.shapley:
        add_shapley(asked, found)
    if asked.map:
        add_map(asked, runs["map"], found)
    return found


def ranking(asked: WalkAway, runs: pd.DataFrame) -> pd.DataFrame:
    """What each partner's leaving, and its coming back, does to every outcome: under each regime, the worst
    loss of `outcome` first.
    """
    cube = Cube(runs, ["system", "regime", "variant"])
    request, tables = asked.sweeps["ranking"], []
    for regime in asked.regimes:
        pairs: list[Pair] = []
        for name in (name for name in request.variants if name != STAYS):
            way, partner = name.split(":", 1)
            if partner in asked.there(regime):
                about = {
                    "regime": regime,
                    "way": way,
                    "partner": partner,
                    "row": asked.system["partners"][partner]["label"],
                    "kind": asked.system["partners"][partner]["kind"],
                }
                pairs.append(
                    (about, {"regime": regime, "variant": STAYS}, {"regime": regime, "variant": name})
                )
        table = differences(cube, pairs, list(request.outcomes))
        lost = table[(table["outcome"] == asked.outcome) & (table["way"] == LEAVES)].set_index("partner")[
            "mean"
        ]
        order = lost.sort_values(ascending=not more_is_worse(asked.outcome), kind="stable").index
        tables.append(
            table.assign(place=table["partner"].map({name: at for at, name in enumerate(order)}))
            .sort_values("place", kind="stable")
            .drop(columns="place")
        )
    return pd.concat(tables, ignore_index=True)


def _ranked(part: pd.DataFrame, sheet: list[str], title: str, note: str) -> "Callable[[], Figure]":
    return lambda: contrast_chart(part[part["outcome"].isin(sheet)], title, sheet, note)


def add_consequences(asked: WalkAway, table: pd.DataFrame, folder: Path, found: Findings) -> None:
    """For one partner: what its leaving and its return do over the months, who follows, whether the system
    recovers.
    """
    shown = asked.partner or str(table["partner"].iloc[0])
    label = asked.system["partners"][shown]["label"]
    found.tables["ways"] = table[table["partner"] == shown]
    curves, cascades, follow = [], [], []
    for regime, words in asked.regime_labels().items():
        if shown not in asked.there(regime):
            continue
        others = others_out(asked, regime, shown)
        follow.append(followers(asked, others).assign(regime=regime))
        for way in (way for way in others.out if way != STAYS):
            cascades.append({"regime": regime, "way": way, **cascade(others.change(way), asked.month)})
            changes = {OTHERS: others.change(way)}
            for indicator in SERIES:
                there, gone = (
                    series_of(folder, "ranking", indicator, regime=regime, variant=name)
                    for name in (STAYS, f"{way}:{shown}")
                )
                changes[indicator] = gone - there
            curves += [
                {
                    "regime": regime,
                    "outcome": f"{words}:{name}",
                    "case": WAYS[way],
                    "x": 2016.25 + month / 12.0,
                    **dict(zip(("mean", "low", "high"), crossed_interval(change[:, :, month]), strict=True)),
                }
                for name, change in changes.items()
                for month in range(max(0, asked.month - STEP), asked.months, STEP)
            ]
    if not follow:
        return
    found.tables |= {
        "months": pd.DataFrame(curves),
        "cascade": pd.DataFrame(cascades),
        "followers": pd.concat(follow, ignore_index=True),
    }
    add_recovery(asked, found)
    sets = small_print_of(table)
    for regime, words in asked.regime_labels().items():
        mine = found.tables["months"][found.tables["months"]["regime"] == regime]
        if len(mine):
            found.figures[f"recovery_{regime}"] = _recovery(
                mine, f"{words}: {label} leaves in {month_words(asked.month)}", sets
            )
            part = found.tables["followers"][found.tables["followers"]["regime"] == regime]
            # where exit is barred nobody can follow: the table says so
            if part[["mean", "low", "high"]].any(axis=None):
                found.figures[f"followers_{regime}"] = _followers(
                    part, f"{words}: who follows when {label} leaves", sets
                )


def add_recovery(asked: WalkAway, found: Findings) -> None:
    """In how many sets the system is back, in its last year, within the smallest difference worth caring
    about.
    """
    ways = found.tables["ways"]
    rows = ways[ways["outcome"].str.endswith("_final_year")]
    if not len(rows):
        return
    found.tables["recovery"] = rows.assign(recovered=1.0 - rows["above"] - rows["below"])[
        [
            "regime",
            "way",
            "partner",
            "outcome",
            "label",
            "unit",
            "mean",
            "low",
            "high",
            "worth",
            "recovered",
            "sets",
            "futures",
        ]
    ]


def _recovery(mine: pd.DataFrame, title: str, sets: str) -> "Callable[[], Figure]":
    heads = {
        "integration": "integration of care (share)",
        "engagement": "mean engagement (share)",
        "trust": "mean trust (share)",
        OTHERS: "others who are out (bodies)",
    }
    names = {name: heads[name.rsplit(":", 1)[1]] for name in mine["outcome"].unique()}
    note = (
        "Differences from the same sets and futures in which nobody is made to leave. "
        f"{sets[:1].upper()}{sets[1:]}. Bands: 95 %."
    )
    return lambda: curves_chart(mine, title, "calendar year", note, names, zero=True)


def _followers(part: pd.DataFrame, title: str, sets: str) -> "Callable[[], Figure]":
    axis = "change in the share of futures in which a body is out at the end"
    return lambda: values_chart(
        part, title, axis, f"{sets[:1].upper()}{sets[1:]}. Open circles: intervals that hold 0.", 14
    )


def add_shapley(asked: WalkAway, found: Findings) -> None:
    """Shapley values under each regime."""
    tables = []
    for regime, words in asked.regime_labels().items():
        part = shapley_values(asked, regime)
        tables.append(part.assign(regime=regime, outcome=asked.outcome))
        title = f"{words}: what each partner adds by staying"
        note = (
            f"Shapley values: the change in the outcome as a partner stays in {month_words(asked.month)}, "
            "averaged over the orders in "
        )
        note += (
            f"which partners may come in; {asked.shapley:,} pairs of orders, each in a parameter set and a "
            "future of its own. "
        )
        note += "95 % intervals."
        found.figures[f"shapley_{regime}"] = _values(
            part, title, f"change in {with_unit(asked.outcome)}", note
        )
    found.tables["shapley"] = pd.concat(tables, ignore_index=True)


def _values(part: pd.DataFrame, title: str, axis: str, note: str) -> "Callable[[], Figure]":
    return lambda: values_chart(part, title, axis, note, 24)


def add_map(asked: WalkAway, runs: pd.DataFrame, found: Findings) -> None:
    """What the departure changes, by its month and the trust that partners begin with."""
    cube, rows, maps = Cube(runs, ["system", "regime", "variant"]), [], {}
    for regime, words in asked.regime_labels().items():
        values, unsure = np.zeros((2, len(asked.map_trust), len(asked.map_months)))
        for (y, trust), (x, month) in (
            (t, m) for t in enumerate(asked.map_trust) for m in enumerate(asked.map_months)
        ):
            gone, there = (
                cube.values(asked.outcome, regime=regime, variant=f"{what}:{trust:g}")
                for what in (month, STAYS)
            )
            row = paired(asked.outcome, gone - there)
            rows.append({"regime": regime, "month": month, "trust_start": trust, **row})
            values[y, x], unsure[y, x] = row["mean"], row["low"] <= 0.0 <= row["high"]
        maps[words] = Map(asked.map_months, asked.map_trust, values, unsure > 0)
    found.tables["map"] = pd.DataFrame(rows)
    label = asked.system["partners"][str(asked.partner)]["label"]
    sets = small_print_of(found.tables["map"])
    note = (
        f"Numbers: mean change in {with_unit(asked.outcome)}; in brackets where its 95 % interval holds 0. "
        f"{sets[:1].upper()}{sets[1:]}."
    )
    title = f"What it changes in {short(asked.outcome)} that {label} leaves"
    found.figures["map"] = lambda: map_chart(
        maps, title, "month of departure, counted from April 2016", "trust to begin with", note, signed=True
    )


def summary(findings: Findings) -> None:
    """Print the ranking."""
    table = findings.tables["ranking"]
    outcome = str(table["outcome"].iloc[0])
    for regime, part in table[table["outcome"] == outcome].groupby("regime", sort=False):
        rows = [
            {
                "partner": row.row,
                f"change in {with_unit(outcome)}": with_interval(row.mean, row.low, row.high, True),
                "worse in": f"{1 - row.better:.0%} of sets",
            }
            for row in rows_of(part)[:8]
        ]
        show(
            noted(rows, list(rows[0]), f"± half the 95 % interval of the mean {OVER}."),
            f"{regime}: who is missed most",
        )
    if "cascade" in findings.tables:
        for row in rows_of(findings.tables["cascade"]):
            half = (
                f"half of them within {number(row.months_to_half, 0)} months"
                if row.months_to_half == row.months_to_half
                else ("")
            )
            print(
                f"{row.regime}, {WAYS[row.way]}: others who leave "
                f"{with_interval(row.others, row.low, row.high, True)}; {half}"
            )


if __name__ == "__main__":
    sys.exit(main("walk_away", WalkAway, find, summary))
