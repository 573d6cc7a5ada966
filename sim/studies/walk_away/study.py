"""Asks what happens if partners walk away: the keys, the variants that they mean, and the ranking of the
partners that the system can least do without.
"""

from functools import partial
from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from sim.analysis.criticality import candidates
from sim.analysis.outcomes import known, more_is_worse, short, with_unit
from sim.analysis.tables import noted, number, rows_of, show, with_interval
from sim.analysis.uncertain import OVER, Cube, Pair, differences, paired
from sim.figures.canvas import month_words
from sim.figures.contrasts import small_print_of
from sim.figures.maps import Map, map_chart
from sim.inputs.problems import unknown
from sim.scenario.events import PROVIDERS
from sim.scenario.scenario import Scenario
from sim.studies.contrast import charts
from sim.studies.experiment import Experiment
from sim.studies.run import WithSeries
from sim.studies.study import Findings, Run
from sim.studies.walk_away.consequences import BACK, GRANTED, LEAVES, SERIES, STAYS, WAYS, add_consequences
from sim.studies.walk_away.shapley_values import add_shapley
from sim.sweep.plan import changed
from sim.sweep.request import Request
from sim.sweep.variants import Variant


class WalkAway(Experiment):
    """The keys of `configs/experiment/walk_away.yaml`."""

    experiment: ClassVar[str] = "walk_away"

    month: Annotated[int, Field(ge=0)] = 24
    outcome: str = "integration_mean"
    consequences: bool = False
    partner: str | None = None
    back_after: Annotated[int, Field(ge=1)] = 12
    shapley: Annotated[int, Field(ge=0, le=100_000)] = 0
    map: bool = False
    map_months: tuple[Annotated[int, Field(ge=0)], ...] = (6, 24, 42, 60, 84)
    map_trust: tuple[Annotated[float, Field(ge=0, le=1)], ...] = (0.15, 0.3, 0.45, 0.6, 0.75)

    def planned(self) -> dict[str, Request]:
        problems = self._problems()
        if problems:
            raise ValueError("\n".join(problems))
        variants = {STAYS: Variant()}
        for name in self.leavers:
            variants |= self.ways_of(name)
        kept = tuple(
            dict.fromkeys([*known(self.outcomes if self.outcomes != "headline" else None), self.outcome])
        )
        found = {
            "ranking": self.over_sets(variants, outcomes=kept, series=SERIES if self.consequences else ())
        }
        if self.map:
            found["map"] = self.over_sets(self.map_variants(), outcomes=(self.outcome,), series=())
        return found

    def _problems(self) -> list[str]:
        found = (
            [unknown("partner", self.partner, self.leavers)]
            if self.partner is not None and self.partner not in self.leavers
            else []
        )
        if self.systems is not None:
            found.append("systems: partners are of one system; name it with system=...")
        if self.map and self.partner is None:
            found.append("partner: missing; map=true needs one, such as the one that the ranking puts first")
        last = self.month + (self.back_after if self.consequences else 0)
        if last >= self.months:
            found.append(
                f"month = {self.month}: the last event is in month {last}; the horizon is "
                f"{self.months} months"
            )
        late = [month for month in self.map_months if month >= self.months] if self.map else []
        return found + [
            f"map_months: {month} is after the horizon; allowed from 0 to {self.months - 1}" for month in late
        ]

    @property
    def leavers(self) -> tuple[str, ...]:
        """Every partner of the system; the ranking checks which of them exist under a regime."""
        return tuple(self.system.get("partners", {}))

    def ways_of(self, partner: str) -> dict[str, Variant]:
        """Returns the variants for one partner. It leaves; with `consequences` it is also brought back, once
        alone and once together with a proposal that it wants.
        """
        gone = {"month": self.month, "partner": partner, "do": "leave"}
        found = {f"{LEAVES}:{partner}": Variant(events=(gone,))}
        if self.consequences and self.partner in (None, partner):
            again = {"month": self.month + self.back_after, "partner": partner, "do": "return"}
            found[f"{BACK}:{partner}"] = Variant(events=(gone, again))
            wish = self.wish_of(partner)
            if wish:
                asked = {"month": self.month + self.back_after, "do": "table", **wish}
                found[f"{GRANTED}:{partner}"] = Variant(events=(gone, again, asked))
        return found

    def wish_of(self, partner: str) -> dict[str, str]:
        """Returns the proposal that a partner would ask for: a trust its capital scheme; a commissioner or
        council a move of care out of hospital in its place. Empty if it has no place.
        """
        body = self.system["partners"][partner]
        if body["kind"] in PROVIDERS:
            return {"kind": "capital", "partner": partner}
        own = [
            name
            for name, place in self.system["places"].items()
            if partner in (place["commissioner"], place["council"])
        ]
        return (
            {"kind": "shift", "place": max(own, key=lambda name: self.system["places"][name]["population"])}
            if own
            else {}
        )

    def map_variants(self) -> dict[str, Variant]:
        found = {}
        for trust in self.map_trust:
            begins = {"trust_start": trust}
            found[f"{STAYS}:{trust:g}"] = Variant(params=begins)
            for month in self.map_months:
                gone = {"month": month, "partner": self.partner, "do": "leave"}
                found[f"{month}:{trust:g}"] = Variant(params=begins, events=(gone,))
        return found

    def scenario_of(self, regime: str, point: int) -> Scenario:
        """Returns the scenario of one parameter set in which nobody is made to leave."""
        return changed(
            self.scenario(regime), {str(key): float(value) for key, value in self.table.iloc[point].items()}
        )

    def there(self, regime: str) -> tuple[str, ...]:
        """Returns the partners that exist under a regime in the month of departure."""
        return candidates(self.scenario(regime), self.month)

    @model_validator(mode="after")
    def _outcome_exists(self) -> "WalkAway":
        known(self.outcome)
        return self

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


def ranking(asked: WalkAway, runs: pd.DataFrame) -> pd.DataFrame:
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


def add_map(asked: WalkAway, runs: pd.DataFrame, found: Findings) -> None:
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
