"""Follows one partner's departure over the months after: who leaves too, whether the system recovers, and
what changes if the partner is brought back.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from sim.analysis.uncertain import STEP, by_month, crossed_interval
from sim.engine.dataset import simulate
from sim.figures.canvas import month_words
from sim.figures.contrasts import small_print_of
from sim.figures.curves import curves_chart
from sim.figures.forests import values_chart
from sim.studies.run import WithSeries
from sim.studies.study import Draw, Findings
from sim.studies.walk_away.keys import BACK, GRANTED, LEAVES, SERIES, STAYS, WalkAwayKeys
from sim.sweep.variants import Variant

WAYS = {LEAVES: "leaves for good", BACK: "brought back", GRANTED: "brought back, its own proposal tabled"}
OTHERS = "others_out"
# sets that run again to see who follows; a sweep does not keep single bodies
FOLLOWERS_SETS = 20


@dataclass(frozen=True)
class Others:
    """Which other partners are out of the partnership after something happens to one partner: out[way][set,
    future, month, name].
    """

    names: tuple[str, ...]
    out: dict[str, np.ndarray]

    def change(self, way: str) -> np.ndarray:
        """Returns how many more of the others are out than if nobody must leave: [set, future, month]."""
        return self.out[way].sum(axis=3, dtype=float) - self.out[STAYS].sum(axis=3, dtype=float)


def others_out(asked: WalkAwayKeys, regime: str, partner: str) -> Others:
    """Simulates some sets again with every body recorded, because a sweep does not keep single bodies."""
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


def followers(asked: WalkAwayKeys, others: Others) -> pd.DataFrame:
    """Returns how much more likely each other partner is to be out at the end because one leaves for good;
    the most likely first.

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
    """Returns how many more of the others are out in the end, and how many months after the departure half of
    them were out; change[set, future, month].
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


def add_consequences(asked: WalkAwayKeys, table: pd.DataFrame, lived: WithSeries, found: Findings) -> None:
    """Add the consequences for one partner: the effect of its leaving and return over the months, who
    follows, whether the system recovers.
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
                    lived.series(indicator, regime=regime, variant=name) for name in (STAYS, f"{way}:{shown}")
                )
                changes[indicator] = gone - there
            curves += [
                {"regime": regime, "outcome": f"{words}:{name}", "case": WAYS[way], **point}
                for name, change in changes.items()
                for point in by_month(change, max(0, asked.month - STEP))
            ]
    if not follow:
        return
    found.tables |= {
        "months": pd.DataFrame(curves),
        "cascade": pd.DataFrame(cascades),
        "followers": pd.concat(follow, ignore_index=True),
    }
    add_recovery(found)
    sets = small_print_of(table)
    for regime, words in asked.regime_labels().items():
        mine = found.tables["months"][found.tables["months"]["regime"] == regime]
        if len(mine):
            found.figures[f"recovery_{regime}"] = _recovery(
                mine, f"{words}: {label} leaves in {month_words(asked.month)}", sets
            )
            part = found.tables["followers"][found.tables["followers"]["regime"] == regime]
            # where exit is barred nobody can follow: the table shows that
            if part[["mean", "low", "high"]].any(axis=None):
                found.figures[f"followers_{regime}"] = _followers(
                    part, f"{words}: who follows when {label} leaves", sets
                )


def add_recovery(found: Findings) -> None:
    """Add the share of sets that recover by the last year, to within the difference worth caring about."""
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


def _recovery(mine: pd.DataFrame, title: str, sets: str) -> Draw:
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
    return partial(curves_chart, mine, title, "calendar year", note, names, zero=True)


def _followers(part: pd.DataFrame, title: str, sets: str) -> Draw:
    axis = "change in the share of futures in which a body is out at the end"
    return partial(
        values_chart,
        part,
        title,
        axis,
        f"{sets[:1].upper()}{sets[1:]}. Open circles: intervals that hold 0.",
        14,
    )
