"""Runs a sweep: plan, folder, missing chunks, end. The same call continues a sweep that stopped."""

import math
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.sweep.clusters.choice import Cluster, of
from sim.sweep.failures import write_failures
from sim.sweep.plan import Layout, Plan, plan_of
from sim.sweep.precision import Tally
from sim.sweep.request import AUTO, Request
from sim.sweep.store import alone, begin, finish, missing, state


@dataclass(frozen=True)
class Result:
    """The result of a sweep. `failed` runs have no row; `precision` is the widest half interval with
    futures=auto.
    """

    folder: Path
    runs: int
    failed: int
    futures: int
    before: bool = False  # it was finished before this call
    precision: float | None = None

    def reached(self, request: Request) -> bool:
        """Return whether the precision that the request needs, if any, was reached."""
        return request.precision is None or (
            self.precision is not None and self.precision <= request.precision
        )


def sweep(
    request: Request,
    folder: str | Path,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
    cluster: Cluster | None = None,
    overrides: list[str] | None = None,
    layer_begins: Callable[[Layout, int], None] | None = None,
) -> Result:
    """Run what is still missing of a sweep into its folder, and finish it. `sim.read(folder)` then gives its
    runs.

    `progress` is called, in any thread, with the number of runs just finished; `layer_begins` with each layer
    of futures and the number of its runs that are there already. Raises BadInput if the folder holds
    something else, another version's runs, or a sweep at work; OSError if a file cannot be written;
    ConnectionError if the cluster is lost. Published files stay, and the same call continues the sweep. The
    cluster is the one the request names, unless one is given.
    """
    plan, folder = plan_of(request), Path(folder)
    with ExitStack() as stack:
        stack.enter_context(alone(folder))
        done = state(folder, plan)
        if done is not None and not done["failed"]:
            return Result(folder, done["runs"], 0, done["futures"], True, done.get("precision"))
        cluster = stack.enter_context(cluster or of(request, threads))
        begin(folder, plan)
        tally = Tally(request.outcome, plan.cells)
        runs = failed = futures = 0
        reached: float | None = None
        for layer in plan.layers():
            todo = list(missing(folder, plan, layer))
            there = layer.runs - sum(chunk.runs for chunk in todo)
            if layer_begins:
                layer_begins(layer, there)
            runs += there
            for report in cluster.run(plan, todo, folder, progress or (lambda number: None)):
                runs, failed = runs + report.runs, failed + report.failed
            futures = layer.stop
            if request.futures == AUTO:
                tally.add(folder, layer)
                reached, _ = tally.widest()
                if reached <= (request.precision or 0.0):
                    break
        write_failures(folder)
        finish(folder, plan, overrides or [], **about(plan, runs, failed, futures, reached))
    return Result(folder, runs, failed, futures, False, reached)


def about(plan: Plan, runs: int, failed: int, futures: int, reached: float | None) -> dict[str, Any]:
    """Return what `run.json` says besides where results come from."""
    found: dict[str, Any] = {"cells": plan.cells, "futures": futures, "runs": runs, "failed": failed}
    return found if reached is None else {**found, "precision": reached if math.isfinite(reached) else None}
