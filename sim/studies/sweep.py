"""Runs a sweep as a command: shows the plan and the bar, and says how it ended."""

import math
from collections.abc import Sequence
from pathlib import Path

from sim.results.publishing import say
from sim.studies.command import GOES_ON, Bar, launch, opened, shown
from sim.sweep.clusters.choice import of
from sim.sweep.failures import command, failures
from sim.sweep.pace import in_words, seconds_a_run
from sim.sweep.plan import Layout, plan_of
from sim.sweep.request import AUTO, Request
from sim.sweep.run import Result, sweep
from sim.sweep.schema import size_of_run
from sim.sweep.store import missing, state


def main(argv: Sequence[str] | None = None) -> int:
    """Run a sweep; returns its exit status."""
    return launch("sweep", Request, before, job, argv, GOES_ON, f"Interrupted. {GOES_ON}")


def tell_plan(request: Request, folder: Path) -> None:
    """Print the plan: cells, futures, runs, size and time."""
    plan = plan_of(request)
    layers = list(plan.layers())
    first = layers[0]
    todo = sum(chunk.runs for chunk in missing(folder, plan, first))
    crossed = {axis: len(request.axis(axis)) for axis in request.crossed if len(request.axis(axis)) > 1}
    parts = [
        f"{len(plan.points):,} point{'s' * (len(plan.points) != 1)}",
        *(f"{n} {axis}s" for axis, n in crossed.items()),
    ]
    say(
        f"Plan: {plan.cells:,} cell{'s' * (plan.cells != 1)} ({' x '.join(parts)}), all over the same futures"
    )
    if request.design.baseline:
        say("      point 0 is the baseline, all as configured; the others are the design")
    names = ", ".join(plan.factors[:6]) + (
        f" and {len(plan.factors) - 6} more" if len(plan.factors) > 6 else ""
    )
    say(f"      factors: {names or 'none'}")
    pace, size = seconds_a_run(request), size_of_run(request)
    most = layers[-1].stop
    futures = (
        f"{first.stop:,} futures"
        if request.futures != AUTO
        else f"{first.stop:,} to {most:,} futures, until half the interval of "
        f"{request.outcome} is within {request.precision:.3g} of its mean in every cell"
    )
    say(
        f"      {futures}; {first.runs:,} runs"
        + (f" to begin with, {plan.cells * most:,} at most" if request.futures == AUTO else "")
    )
    if todo < first.runs:
        say(f"      {first.runs - todo:,} of them are there already")
    say(
        f"      about {size * first.runs / 1e6:,.1f} MB in {len(first):,} file{'s' * (len(first) != 1)}, "
        f"about {in_words(pace * todo)} "
        f"at {1 / pace:,.0f} runs a second"
    )


def before(request: Request, folder: Path) -> int | None:
    """Refuse a sweep that cannot run, and say if there is nothing to do; returns the status or None."""
    plan = plan_of(request)
    return opened(
        folder,
        lambda: state(folder, plan),
        of(request),
        lambda: tell_plan(request, folder),
        request.plan_only,
    )


def job(request: Request, folder: Path, overrides: list[str]) -> int:
    """Run the sweep under a bar, and say how it ended."""
    with Bar(0) as bar:

        def layer_begins(layer: Layout, there: int) -> None:
            bar.more(layer.runs, there, f"Futures {layer.first:,} to {layer.stop - 1:,}")

        result = sweep(request, folder, progress=bar.advance, overrides=overrides, layer_begins=layer_begins)
    return ending(request, result)


def ending(request: Request, result: Result) -> int:
    """Say how it ended; returns the status."""
    where = shown(result.folder)
    say(f"Results: {where}, {result.runs:,} runs")
    if request.futures == AUTO and result.precision is not None and math.isfinite(result.precision):
        met = (
            "as asked for"
            if result.reached(request)
            else (f"not the {request.precision:.3g} asked for; raise futures_limit")
        )
        say(
            f"{result.futures:,} futures: half the interval of {request.outcome} is at most "
            f"{result.precision:.3g} of its mean, {met}"
        )
    elif request.futures == AUTO:
        say(
            f"{result.futures:,} futures: in some cell the interval of {request.outcome} as a share of its "
            "mean cannot be known"
        )
    if result.failed:
        first = failures(result.folder)[0]
        say(
            f"{result.failed:,} runs failed; they are listed in {where / 'failures.csv'}. The first: "
            f"{first['error']}"
        )
        say(f"To see it again: {command(where, first)}")
        say("The same command tries them again.")
    return 1 if result.failed else 0
