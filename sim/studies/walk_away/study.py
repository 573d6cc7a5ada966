"""What if partners walk away: whom the system can least do without, and where a departure does most."""

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from sim.analysis.outcomes import more_is_worse, short, with_unit
from sim.analysis.tables import noted, number, rows_of, show, with_interval
from sim.analysis.uncertain import OVER, Cube, Pair, differences, paired
from sim.figures.canvas import month_words
from sim.figures.contrasts import small_print_of
from sim.figures.maps import Map, map_chart
from sim.studies.contrast import charts
from sim.studies.run import WithSeries
from sim.studies.study import Findings, Run
from sim.studies.walk_away.consequences import WAYS, add_consequences
from sim.studies.walk_away.keys import LEAVES, STAYS, WalkAwayKeys
from sim.studies.walk_away.shapley_values import add_shapley
from sim.sweep.request import Request


class WalkAway(WalkAwayKeys):
    """A study of departures; its keys are those of `configs/experiment/walk_away.yaml`."""

    def read(self, folder: Path, request: Request) -> WithSeries:
        return WithSeries(folder, request)

    def find(self, run: Run) -> Findings:
        """Returns the ranking, and the further results that the request asks for."""
        lived: WithSeries = run("ranking", self.sweeps["ranking"])
        table, found = ranking(self, lived.runs), Findings()
        found.tables["ranking"] = table[table["way"] == LEAVES].drop(columns="way")
        note = f"{self.system['label']}; partners in the order of their loss."
        for regime, label in self.regime_labels().items():
            part = found.tables["ranking"][found.tables["ranking"]["regime"] == regime]
            title = f"{label}: what a partner's leaving in {month_words(self.month)} changes"
            found.figures |= charts(part, f"ranking_{regime}", title, note)
        if self.consequences:
            add_consequences(self, table, lived, found)
        if self.shapley:
            add_shapley(self, found)
        if self.map:
            add_map(self, run("map", self.sweeps["map"]).runs, found)
        return found

    def summary(self, findings: Findings) -> None:
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


def ranking(asked: WalkAwayKeys, runs: pd.DataFrame) -> pd.DataFrame:
    """Returns how each partner's leaving and return change every outcome, under each regime; the partner with
    the worst loss of `outcome` comes first.
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


def add_map(asked: WalkAwayKeys, runs: pd.DataFrame, found: Findings) -> None:
    """Add a map of how the departure changes outcomes, by its month and the partners' starting trust."""
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
    found.figures["map"] = partial(
        map_chart,
        maps,
        title,
        "month of departure, counted from April 2016",
        "trust to begin with",
        note,
        signed=True,
    )
