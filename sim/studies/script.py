"""Runs a study as a command: shows the plan and the bar, and says how it ended."""

import sys
from collections.abc import Sequence
from pathlib import Path

from sim.results.publishing import say
from sim.studies.command import GOES_ON, Bar, launch, opened, shown
from sim.studies.run import Sweeps, carry_out, held, runs_missing
from sim.studies.study import Study
from sim.sweep.clusters.choice import of
from sim.sweep.failures import failures
from sim.sweep.pace import in_words, seconds_a_run
from sim.sweep.plan import Layout, Plan, plan_of


def main(model: type[Study], argv: Sequence[str] | None = None) -> int:
    """Run one study; returns its exit status."""

    def before(study: Study, folder: Path) -> int | None:
        cluster = of(next(iter(study.sweeps.values())))
        return opened(
            folder, lambda: held(folder, study), cluster, lambda: tell_plan(study, folder), study.plan_only
        )

    words = model.completed(list(sys.argv[1:] if argv is None else argv))
    return launch(
        model.experiment, model, before, job, words, kept=GOES_ON, interrupted=f"Interrupted. {GOES_ON}"
    )


def job(study: Study, folder: Path, overrides: list[str]) -> int:
    """Run the sweeps under a bar, write tables and figures, and say how it ended; returns the status."""
    with Bar(0) as bar:

        def layer_begins(name: str, layer: Layout, there: int) -> None:
            bar.more(layer.runs, there, in_plain(name))

        run = Sweeps(study, folder, overrides, bar.advance, layer_begins)
        findings = carry_out(run, lambda name: bar.stage(f"Figure {name}"))
    study.summary(findings)
    say(f"Results: {shown(folder)}, {run.runs:,} runs")
    return ending(run)


def in_plain(name: str) -> str:
    """Returns a sweep's name in plain words."""
    return name.replace("_", " ").capitalize()


def tell_plan(study: Study, folder: Path) -> None:
    """Print the plan: the study, its sweeps, their runs, how many exist already, and the time."""
    first, *others = study.plan_words()
    say(f"Plan: {first}")
    for line in others:
        say(f"      {line}")
    months = todo = most = 0  # months still to be simulated, runs still to be done, and the longest sweep
    for name, request in study.sweeps.items():
        plan = plan_of(request) if study.checks_every_sweep else Plan(request, request.design.points())
        runs = plan.cells * int(request.futures)
        missing = runs_missing(folder / name, plan)
        there = f", {runs - missing:,} of them there already" if missing < runs else ""
        say(f"      {in_plain(name).lower()}: {study.sweep_words(name, plan)}, {runs:,} runs{there}")
        todo, months, most = todo + missing, months + missing * request.months, max(most, request.months)
    words, later = study.later()
    if words:
        say(f"      {words}, {later:,} runs")
    usual = next(request for request in study.sweeps.values() if request.months == most)
    pace = seconds_a_run(usual)
    time = in_words(pace * (months / most + later))
    say(f"      {todo + later:,} runs to do: about {time} at {1 / pace:,.0f} runs a second")


def ending(run: Sweeps) -> int:
    """Say what failed, if anything did; returns the status."""
    for name, result in run.results.items():
        if result.failed:
            first = failures(result.folder)[0]
            where = shown(result.folder) / "failures.csv"
            say(
                f"{in_plain(name)}: {result.failed:,} runs failed and are left out; they are listed in "
                f"{where}. The first: {first['error']}"
            )
    if run.failed:
        say("The same command tries them again.")
    return 1 if run.failed else 0
