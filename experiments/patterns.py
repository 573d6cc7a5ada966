"""Stylised facts: whether each comes out, in how many parameter sets, how large it is, and on which rule it
hangs.

    python experiments/patterns.py
    python experiments/patterns.py params=null sets=200 'patterns=[councils_leave_more,pressure_cliff]'

`python -m sim.studies.patterns.page results/patterns/...` writes docs/patterns.md from what is found.
"""

import sys
from pathlib import Path

from sim.analysis.tables import NotedTable, noted, number, show, with_interval
from sim.analysis.verdicts import as_they_are, without
from sim.figures.patterns import draw_all
from sim.results.publishing import say
from sim.studies.command import Bar, ending, launch, shown
from sim.studies.patterns.findings import Findings
from sim.studies.patterns.request import Patterns
from sim.studies.patterns.run import EXPERIMENT, Simulated, held, run
from sim.sweep.clusters.choice import of
from sim.sweep.opening import opened
from sim.sweep.pace import in_words, seconds_a_run
from sim.sweep.plan import Layout, plan_of
from sim.sweep.stages import runs_missing

GOES_ON = "What is done is kept: the same command goes on from there."
FORMATS = ("png", "svg", "pdf")


def tell_plan(asked: Patterns, folder: Path) -> None:
    """Say what will be done: patterns, settings, runs and time."""
    settings = sum(len(batch.settings) for batch in asked.batches)
    say(
        f"Plan: {len(asked.patterns)} patterns, {settings} settings in {len(asked.batches)} sweeps, "
        f"{asked.sets:,} parameter sets, "
        f"{asked.futures:,} futures each"
    )
    runs = months = 0
    for batch in asked.batches:
        request = asked.sweeps[batch.name]
        begun = (folder / batch.name).is_dir()
        missing = (
            runs_missing(folder / batch.name, plan_of(request))
            if begun
            else len(batch.settings) * asked.sets * asked.futures
        )
        runs, months = runs + missing, months + missing * request.months
    whole = next((batch for batch in asked.batches if batch.shared.months is None), asked.batches[0])
    pace = seconds_a_run(asked.sweeps[whole.name]) * months / asked.sweeps[whole.name].months
    say(
        f"      {settings * asked.sets * asked.futures:,} runs, of which {runs:,} are still to be done: "
        f"about {in_words(pace)}"
    )


def before(asked: Patterns, folder: Path) -> int | None:
    """Refuse what cannot be run, and say when there is nothing to do."""
    cluster = of(next(iter(asked.sweeps.values())))
    return opened(
        folder, lambda: held(folder, asked), cluster, lambda: tell_plan(asked, folder), asked.plan_only
    )


def job(asked: Patterns, folder: Path, overrides: list[str]) -> int:
    """Run everything under a bar, write tables and the figure, and say how it ended."""
    with Bar(0) as bar:

        def layer_begins(stage: str, layer: Layout, there: int) -> None:
            bar.more(layer.runs, there, stage.replace("_", " "))

        def draw(findings: Findings, where: Path) -> None:
            draw_all(findings.patterns, asked.sets, asked.futures, asked.seed, where, FORMATS)

        simulated = Simulated(folder, overrides, bar.advance, layer_begins)
        findings = run(asked, folder, simulated, draw)
    show(summary(findings), "Stylised facts")
    say(f"Results: {shown(folder)}, {simulated.runs:,} runs")
    return ending(simulated, {name: name.replace("_", " ") for name in simulated.results})


def summary(findings: Findings) -> NotedTable:
    """A row a pattern: how probable and how large it is, and what is left of it without the rule."""
    rows = []
    for row in as_they_are(findings.patterns):
        left = ", ".join(other.verdict for other in without(findings.patterns, row.pattern))
        effect = with_interval(row.effect, row.effect_low, row.effect_high, True)
        rows.append(
            {
                "pattern": row.sentence.rstrip("."),
                "in sets": f"{number(row.probability, 2)}: {row.verdict}",
                "effect": f"{effect} {row.unit}",
                "without the rule": left,
            }
        )
    note = (
        "In sets: share of parameter sets in which the effect exceeds the smallest that matters. Effect: "
        "mean over sets, ± half its "
    )
    return noted(rows, list(rows[0]), note + "95 % interval. What was taken away stands in patterns.csv.")


if __name__ == "__main__":
    sys.exit(launch(EXPERIMENT, Patterns, before, job, kept=GOES_ON, interrupted=f"Interrupted. {GOES_ON}"))
