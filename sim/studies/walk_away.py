"""Departures: the keys of `configs/experiment/walk_away.yaml`, the variants they mean, and what needs more
than outcomes of runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from sim.analysis.criticality import candidates
from sim.analysis.outcomes import known
from sim.analysis.shapley import Coalition, estimate
from sim.analysis.uncertain import crossed_interval
from sim.engine import simulation
from sim.engine.dataset import outcomes, simulate
from sim.engine.prepared import in_order
from sim.inputs.problems import unknown
from sim.scenario.events import PROVIDERS
from sim.scenario.scenario import Scenario
from sim.studies.request import Study
from sim.sweep.plan import changed
from sim.sweep.request import Request
from sim.sweep.variants import Variant

STAYS, LEAVES, BACK, GRANTED = "stays", "leaves", "back", "granted"
SERIES = ("integration", "engagement", "trust")
# at most so many sets are run again to see who follows: single bodies are not kept by a sweep
FOLLOWERS_SETS = 20


class WalkAway(Study):
    """Keys of its own: see the file."""

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
        found = {"ranking": self.sweep(variants, outcomes=kept, series=SERIES if self.consequences else ())}
        if self.map:
            found["map"] = self.sweep(self.map_variants(), outcomes=(self.outcome,), series=())
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
        """Every partner of the system; which exist under a regime is looked at when it is ranked."""
        return tuple(self.system.get("partners", {}))

    def ways_of(self, partner: str) -> dict[str, Variant]:
        """What happens to one partner: it leaves; with `consequences` also, it is brought back; and its own
        proposal is tabled then.
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
        """What a partner would ask for: a trust its capital scheme, a commissioner or council care moved out
        of hospital in its place.
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
        """The scenario of one parameter set, nobody made to leave."""
        return changed(
            self.scenario(regime), {str(key): float(value) for key, value in self.table.iloc[point].items()}
        )

    def there(self, regime: str) -> tuple[str, ...]:
        """The partners that exist under a regime at the month of departure."""
        return candidates(self.scenario(regime), self.month)

    @model_validator(mode="after")
    def _outcome_exists(self) -> "WalkAway":
        known(self.outcome)
        return self


@dataclass(frozen=True)
class Others:
    """Who else is out of the partnership where something happens to one partner: out[way][set, future, month,
    name].
    """

    names: tuple[str, ...]
    out: dict[str, np.ndarray]

    def change(self, way: str) -> np.ndarray:
        """How many more of the others are out than where nobody is made to leave: [set, future, month]."""
        return self.out[way].sum(axis=3, dtype=float) - self.out[STAYS].sum(axis=3, dtype=float)


def others_out(asked: WalkAway, regime: str, partner: str) -> Others:
    """Lives through some sets again, body by body, which a sweep does not keep."""
    names = tuple(name for name in asked.there(regime) if name != partner)
    ways = {
        STAYS: Variant(),
        **{name.split(":")[0]: variant for name, variant in asked.ways_of(partner).items()},
    }
    found: dict[str, list[np.ndarray]] = {way: [] for way in ways}
    for point in range(min(FOLLOWERS_SETS, len(asked.table))):
        scenario = asked.scenario_of(regime, point)
        for way, variant in ways.items():
            data = simulate(scenario.with_events(*variant.events), asked.futures, asked.seed, asked.threads)
            found[way].append(data["membership"].sel(partner=list(names)).values < 1.0)
    return Others(names, {way: np.array(out) for way, out in found.items()})


def followers(asked: WalkAway, others: Others) -> pd.DataFrame:
    """How much likelier each other partner is to be out at the end, because one leaves for good; the most
    likely first.

    Columns: partner, label, kind, mean, low, high (change in the share of futures, over sets and futures),
    months (median wait until it is out, where the departure made the difference; NaN if it never did).
    """
    gone, there = others.out[LEAVES], others.out[STAYS]
    last_in = gone.shape[2] - 1 - np.argmin(gone[:, :, ::-1], axis=2)  # the last month in which it was in
    wait = np.where(gone[:, :, -1] & ~there[:, :, -1], np.maximum(0, last_in + 1 - asked.month), np.nan)
    rows = []
    for at, name in enumerate(others.names):
        body, mine = asked.system["partners"][name], wait[..., at][np.isfinite(wait[..., at])]
        mean, low, high = crossed_interval(gone[:, :, -1, at].astype(float) - there[:, :, -1, at])
        rows.append(
            {
                "partner": name,
                "label": body["label"],
                "kind": body["kind"],
                "mean": mean,
                "low": low,
                "high": high,
                "months": float(np.median(mine)) if mine.size else np.nan,
            }
        )
    return pd.DataFrame(rows).sort_values(["mean", "partner"], ascending=[False, True], ignore_index=True)


def cascade(change: np.ndarray, month: int) -> dict[str, float]:
    """How many more others are out in the end, and how many months after the departure half of them were;
    change[set, future, month].
    """
    mean, low, high = crossed_interval(change[:, :, -1])
    course = change.mean(axis=(0, 1))
    half = np.flatnonzero(course[month:] >= course[-1] / 2.0) if low > 0.0 else np.array([], int)
    return {
        "others": mean,
        "low": low,
        "high": high,
        "months_to_half": float(half[0]) if half.size else np.nan,
    }


def shapley_values(asked: WalkAway, regime: str, tell: Any = None) -> pd.DataFrame:
    """Shapley values of the partners for `outcome`: what each adds by staying at `month`, over all orders in
    which the others might.

    Each draw is a pair of orders in one parameter set and one future of its own, so the interval is over
    sets, futures and orders. `tell` is called with the number of runs just finished. Columns: partner, label,
    kind, mean, low, high; they add up to what all add together.
    """
    players = asked.there(regime)
    events = [{"month": asked.month, "partner": name, "do": "leave"} for name in players]
    prepared: dict[int, simulation.Prepared] = {}

    def value(draw: int, groups: Sequence[Coalition]) -> list[float]:
        point = draw % len(asked.table)
        if point not in prepared:
            prepared.clear()
            prepared[point] = simulation.prepare(
                asked.scenario_of(regime, point).with_events(*events), asked.seed
            )
        whole = prepared[point]
        order = sorted(whole.scenario.events, key=in_order)
        output = simulation.empty_output(whole, len(groups), "summary")
        for at, stay in enumerate(groups):
            happens = np.array(
                [
                    event.model_dump(exclude_none=True) not in events or event.partner not in stay
                    for event in order
                ]
            )
            part = replace(whole, happenings=whole.happenings[happens])
            simulation.run_into(part, output, draw - at, at, at + 1, simulation.silent_log())
        if tell:
            tell(len(groups))
        return [float(number) for number in outcomes(output)[asked.outcome]]

    found = estimate(players, asked.shapley, asked.set_seed, value)
    rows = [
        {
            "partner": name,
            "label": asked.system["partners"][name]["label"],
            "kind": asked.system["partners"][name]["kind"],
            "mean": mean,
            "low": low,
            "high": high,
        }
        for name, (mean, low, high) in found.items()
    ]
    return pd.DataFrame(rows).sort_values(["mean", "partner"], ascending=[False, True], ignore_index=True)
