"""Which parameters, of all that are plausible, can have given England's record of 2016 to 2022: history
matching in waves.

    python experiments/calibrate.py
    python experiments/calibrate.py 'systems=[dorset,qhm]' points=200 waves=2
"""

import sys
from pathlib import Path

import pandas as pd

from sim.analysis.tables import noted, number, rows_of, show, span
from sim.figures.calibration import draw_all
from sim.results.publishing import say
from sim.studies.calibration.findings import Findings
from sim.studies.calibration.request import Calibration
from sim.studies.calibration.run import EXPERIMENT, Simulated, held, run
from sim.studies.calibration.waves import Matched, stage
from sim.studies.command import Bar, ending, launch, shown
from sim.sweep.clusters.choice import of
from sim.sweep.opening import opened
from sim.sweep.pace import in_words, seconds_a_run
from sim.sweep.plan import Layout, plan_of
from sim.sweep.stages import runs_missing

GOES_ON = "What is done is kept: the same command goes on from there."
FORMATS = ("png", "svg", "pdf")
SHOWN = 15  # parameters in the table at the end


def tell_plan(asked: Calibration, folder: Path) -> None:
    """Say what will be done: targets, factors, waves, runs and time."""
    plan = plan_of(asked.first_wave())
    runs = plan.cells * asked.futures
    say(
        f"Plan: {len(asked.targets)} targets, {len(plan.factors)} parameters, {len(asked.names)} systems, "
        f"{asked.months} months"
    )
    say(
        f"      {asked.waves} wave{'s' * (asked.waves != 1)} of {asked.points:,} points, {asked.futures} "
        "histories of each: "
        f"{runs:,} runs a wave"
    )
    there = runs - runs_missing(folder / stage(1), plan)
    pace = seconds_a_run(plan.request)
    say(
        f"      at least {in_words(pace * runs * asked.waves)} at {1 / pace:,.0f} runs a second"
        + (f"; {there:,} runs of the first wave are there already" if there else "")
    )


def before(asked: Calibration, folder: Path) -> int | None:
    """Refuse what cannot be run, and say when there is nothing to do."""
    cluster = of(asked.first_wave())
    return opened(
        folder, lambda: held(folder, asked), cluster, lambda: tell_plan(asked, folder), asked.plan_only
    )


def job(asked: Calibration, folder: Path, overrides: list[str]) -> int:
    """Run the waves under a bar, write tables and figures, and say how it ended."""
    with Bar(0) as bar:

        def layer_begins(name: str, layer: Layout, there: int) -> None:
            bar.more(layer.runs, there, f"Wave {name.rpartition('-')[2]} of {asked.waves}")

        def draw(findings: Findings, matched: Matched, where: Path) -> None:
            bar.progress.update(bar.task, description="Figures")
            draw_all(findings.tables(), asked.cutoff, where, FORMATS)

        simulated = Simulated(folder, overrides, bar.advance, layer_begins)
        findings, _ = run(asked, folder, simulated, draw)
    show(targets_in_words(findings), "The record and the model")
    show(parameters_in_words(findings), "What the record says of the parameters")
    last = rows_of(findings.waves)[-1]
    say(
        f"{last.members:,} of {last.points:,} points of the last wave are in the set, some "
        f"{last.members_of_range:.2g} of the whole range; "
        f"{len(findings.set):,} members are kept in {shown(folder) / 'set.csv'}"
    )
    say(f"Results: {shown(folder)}, {simulated.runs:,} runs")
    return ending(simulated, {})


def targets_in_words(findings: Findings) -> pd.DataFrame:
    """Each figure beside what the set predicts."""
    rows = [
        {
            "figure": f"{row.label} ({row.unit})",
            "record": number(row.value),
            "as configured": number(row.configured),
            "set, 90 %": span(row.set_p05, row.set_p95),
            "place": f"{row.place:.2f}",
        }
        for row in rows_of(findings.targets)
    ]
    note = (
        "Intervals hold nine histories of England in ten, over parameters and luck. Place: the share of "
        "the set's histories below the "
    )
    note += "record; near 0 or 1, the model hardly reaches it."
    return noted(rows, list(rows[0]), note)


def parameters_in_words(findings: Findings) -> pd.DataFrame:
    """The parameters that the record narrows most."""
    table = findings.parameters
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


if __name__ == "__main__":
    sys.exit(
        launch(EXPERIMENT, Calibration, before, job, kept=GOES_ON, interrupted=f"Interrupted. {GOES_ON}")
    )
