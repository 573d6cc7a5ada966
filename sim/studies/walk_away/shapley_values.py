"""Shapley values: how much each partner adds by staying, averaged over orders in which others may stay."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from sim.analysis.outcomes import with_unit
from sim.analysis.shapley import Coalition, estimate
from sim.engine import simulation
from sim.engine.dataset import outcomes
from sim.engine.prepared import in_order
from sim.figures.canvas import month_words
from sim.figures.forests import values_chart
from sim.studies.study import Findings
from sim.studies.walk_away.keys import WalkAwayKeys


def shapley_values(asked: WalkAwayKeys, regime: str) -> pd.DataFrame:
    """Returns the Shapley values of the partners for `outcome`: how much each adds by staying at `month`,
    averaged over the orders in which partners might stay.

    Each draw is a pair of orders in a parameter set and a future of its own, so the interval covers sets,
    futures and orders. Columns: partner, label, kind, mean, low, high; the means add up to what all partners
    add together.
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
        return [float(number) for number in outcomes(output)[asked.outcome]]

    found = estimate(players, asked.shapley, asked.sets_seed, value)
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


def add_shapley(asked: WalkAwayKeys, found: Findings) -> None:
    """Add the Shapley values under each regime."""
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
        found.figures[f"shapley_{regime}"] = partial(
            values_chart, part, title, f"change in {with_unit(asked.outcome)}", note, 24
        )
    found.tables["shapley"] = pd.concat(tables, ignore_index=True)
