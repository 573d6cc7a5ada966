"""Which parameters matter: Morris screening over all, then Sobol indices of those that do, under each regime
over the same futures.

    python experiments/sensitivity.py
    python experiments/sensitivity.py system=dorset 'outcomes=[trust_mean]' samples=512 futures=20
"""

import sys
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis.outcomes import short
from sim.analysis.tables import noted, rows_of, show, with_interval
from sim.figures.sensitivity import draw_all
from sim.inputs import library
from sim.results.publishing import say
from sim.studies.command import Bar, ending, launch, shown
from sim.studies.sensitivity.request import INDICES, SCREENING, Sensitivity
from sim.studies.sensitivity.run import EXPERIMENT, Simulated, held, run
from sim.studies.sensitivity.stages import Findings
from sim.sweep.clusters.choice import of
from sim.sweep.opening import opened
from sim.sweep.pace import in_words, seconds_a_run
from sim.sweep.plan import Layout, Plan, plan_of
from sim.sweep.stages import runs_missing

GOES_ON = "What is done is kept: the same command goes on from there."
WORDS = {SCREENING: "Screening", INDICES: "Indices"}
FORMATS = ("png", "svg", "pdf")
MOST_COLUMNS = 3  # of factors in the table at the end


def tell_plan(asked: Sensitivity, folder: Path) -> None:
    """Say what will be done: factors, points, runs and time, stage by stage."""
    plan = plan_of(asked.screening())
    factors, regimes, futures = len(plan.factors), len(plan.request.regimes), asked.futures
    say(
        f"Plan: {factors} factors under {regimes} regime{'s' * (regimes != 1)}, {futures:,} futures at "
        "every point; "
        f"{len(plan.request.outcomes)} outcome{'s' * (len(plan.request.outcomes) != 1)}"
    )
    at_work = runs_missing(folder / SCREENING, plan)
    if asked.parameter_sets:
        bounds, fixed = asked.ranges
        say(
            f"      ranges from {asked.parameter_sets}: {len(bounds)} narrowed, {len(fixed)} held at the "
            "one value they have there"
        )
    say(
        f"      screening: {asked.trajectories} trajectories, {len(plan.points):,} points, {_runs(plan):,} "
        "runs" + _there(plan, at_work)
    )
    survivors = min(asked.survivors, factors) if asked.survivors >= 1 else factors
    runs = (asked.samples * (survivors + 2) + 1) * regimes * futures
    most = (
        ""
        if asked.survivors >= 1
        else (f"at most, if all factors did {asked.survivors:.0%} of what the largest does: ")
    )
    say(f"      indices: {most}{survivors} survivors, {asked.samples:,} samples, {runs:,} runs")
    pace = seconds_a_run(plan.request)
    say(
        f"      about {in_words(pace * at_work)} and {in_words(pace * runs)} at {1 / pace:,.0f} runs a second"
    )


def _runs(plan: Plan) -> int:
    return plan.cells * int(plan.request.futures)


def _there(plan: Plan, at_work: int) -> str:
    there = _runs(plan) - at_work
    return f", {there:,} of them there already" if there else ""


def before(asked: Sensitivity, folder: Path) -> int | None:
    """Refuse what cannot be run, and say when there is nothing to do."""
    cluster = of(asked.screening())
    return opened(
        folder, lambda: held(folder, asked), cluster, lambda: tell_plan(asked, folder), asked.plan_only
    )


def job(asked: Sensitivity, folder: Path, overrides: list[str]) -> int:
    """Run both stages under a bar, write tables and figures, and say how it ended."""
    labels = {name: str(library.read("regime", name)["label"]) for name in asked.screening().regimes}
    labels |= {
        name: f"{labels[other]} less {labels[first]}" for name, (other, first) in asked.pairs().items()
    }
    with Bar(0) as bar:

        def layer_begins(stage: str, layer: Layout, there: int) -> None:
            bar.more(layer.runs, there, WORDS[stage])

        def draw(findings: Findings, where: Path) -> None:
            bar.progress.update(bar.task, description="Figures")
            draw_all(
                findings.tables(), labels, asked.futures, asked.seed, where, FORMATS, asked.parameter_sets
            )

        simulated = Simulated(folder, overrides, bar.advance, layer_begins)
        findings = run(asked, folder, simulated, draw)
    for number, (regime, words) in enumerate(labels.items(), 1):
        table = summary(findings, regime)
        if number < len(labels):
            del table.attrs["note"]  # once, at the end
        show(table, f"{words}: what outcomes are most sensitive to (total order)")
    say(f"Results: {shown(folder)}, {simulated.runs:,} runs")
    return ending(simulated, WORDS)


def summary(findings: Findings, regime: str) -> pd.DataFrame:
    """Under one regime, for every outcome the factors with the largest total-order indices, and the share of
    chance.
    """
    luck = {
        row.outcome: row for row in rows_of(findings.chance) if row.stage == INDICES and row.regime == regime
    }
    rows: list[dict[str, Any]] = []
    for outcome, part in findings.sobol[findings.sobol["regime"] == regime].groupby("outcome", sort=False):
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
    left = findings.survivors[~findings.survivors["kept"]]
    if len(left) and left["relative"].iloc[0] > 0.0:
        row = left.iloc[0]
        note += (
            f" The largest that did not go on: {row['label']}, {row['relative']:.2f} of the largest effect "
            f"on {short(row['outcome'])}."
        )
    return noted(rows, ["outcome", "first", "second", "third", "chance", "kept"], note)


def per_cent(share: float) -> str:
    return f"{share:.0%}" if share == share else "–"


if __name__ == "__main__":
    sys.exit(
        launch(EXPERIMENT, Sensitivity, before, job, kept=GOES_ON, interrupted=f"Interrupted. {GOES_ON}")
    )
