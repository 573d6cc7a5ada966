"""What the scripts of experiments over parameter sets share: the plan, the bar, and how it ended."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sim.results.publishing import say
from sim.studies.command import Bar, ending, launch, shown
from sim.studies.request import Study, told
from sim.studies.run import Carried, Find, Findings, carry_out, finished
from sim.studies.sets import CONFIGURED
from sim.sweep.clusters.choice import of
from sim.sweep.opening import opened
from sim.sweep.pace import in_words, seconds_a_run
from sim.sweep.plan import Layout, plan_of
from sim.sweep.stages import runs_missing

GOES_ON = "What is done is kept: the same command goes on from there."


def main(
    experiment: str,
    model: type[Study],
    find: Find,
    summary: Callable[[Findings], None] | None = None,
    argv: Sequence[str] | None = None,
) -> int:
    """Run one experiment; returns its exit status. `find(request, {sweep: runs}, folder)` gives tables and
    figures, `summary` prints.
    """

    def before(asked: Study, folder: Path) -> int | None:
        first = next(iter(asked.sweeps.values()))
        return opened(
            folder,
            lambda: finished(folder, asked),
            of(first),
            lambda: tell_plan(asked, folder),
            asked.plan_only,
        )

    def job(asked: Study, folder: Path, overrides: list[str]) -> int:
        with Bar(0) as bar:

            def layer_begins(name: str, layer: Layout, there: int) -> None:
                bar.more(layer.runs, there, name.replace("_", " ").capitalize())

            def drawing(name: str) -> None:
                bar.progress.update(bar.task, description=f"Figure {name}")

            carried = Carried(folder, overrides, bar.advance, layer_begins)
            findings = carry_out(experiment, asked, folder, carried, find, drawing)
        if summary:
            summary(findings)
        say(f"Results: {shown(folder)}, {carried.runs:,} runs")
        return ending(carried, {})

    words = told(list(sys.argv[1:] if argv is None else argv))
    return launch(experiment, model, before, job, words, kept=GOES_ON, interrupted=f"Interrupted. {GOES_ON}")


def tell_plan(asked: Study, folder: Path) -> None:
    """Say what will be done: sets, futures, and for each sweep its variants, runs and time."""
    sweeps = asked.sweeps
    of = asked.parameter_sets
    sets = (
        "the configured parameters alone"
        if of == CONFIGURED
        else (f"{len(asked.table):,} parameter sets ({of})")
    )
    say(f"Plan: {sets}, {asked.futures:,} futures each, the same everywhere")
    pace, total = seconds_a_run(next(iter(sweeps.values()))), 0
    for name, request in sweeps.items():
        plan = plan_of(request)
        runs = plan.cells * int(request.futures)
        at_work = runs_missing(folder / name, plan)
        total += at_work
        there = f", {runs - at_work:,} of them there already" if at_work < runs else ""
        across = {
            "system": len(request.axis("system")),
            "regime": len(request.axis("regime")),
            "variant": len(request.axis("variant")),
        }
        crossed = " x ".join(f"{number} {what}{'s' * (number != 1)}" for what, number in across.items())
        say(f"      {name}: {crossed}, {runs:,} runs{there}")
    say(f"      about {in_words(pace * total)} at {1 / pace:,.0f} runs a second")
