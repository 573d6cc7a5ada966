"""Compile the rules once, on all cores, so that no later start has to: `python -m sim.warm`.

A few processes each compile some steps of the month and put them into the cache on disk. The last process
then finds nearly everything there.
"""

import inspect
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from typing import Any

from sim.declarations.steps import NAMES
from sim.engine import simulation
from sim.engine.england import live_together
from sim.engine.prepared import settings_of
from sim.kernel.compiled import COMPILED, cache_is_warm, mark_warm
from sim.rules import month
from sim.rules.partnership.leave_and_return import level_of_leaving
from sim.rules.run import Outputs
from sim.scenario.scenario import Scenario

# these steps take longest to compile; they come first
LONGEST = ("happen", "table", "decide", "bargain", "set_agenda", "implement", "measure", "merge")


def small_scenario() -> Scenario:
    """The default scenario, one year long."""
    from sim.scenario.composing import load

    return load("months=12")


@cache
def _types() -> dict[str, Any]:
    """Return the type of every argument a step takes, by name."""
    import numba

    prepared = simulation.prepare(small_scenario(), 1)
    settings, world = settings_of(prepared), prepared.world.views(True)
    rows = simulation.empty_output(prepared, 1, "full")
    outputs = Outputs(
        rows.system[0, 0], rows.history[0], rows.partner[0, 0], rows.full[0, 0], rows.place[0, 0]
    )
    values = {"world": world, "outputs": outputs, "log": simulation.silent_log(), "dial": settings.dials[0]}
    values |= world._asdict() | settings._asdict()
    return {name: numba.typeof(value) for name, value in values.items()}


def compile_step(name: str) -> None:
    """Compile one step of the month into the cache."""
    step, types = getattr(month, name), _types()
    step.compile(tuple(types[argument] for argument in inspect.signature(step.py_func).parameters))


def warm(processes: int | None = None) -> float:
    """Compile everything; return the seconds it took, 0 if there was nothing to do."""
    if not COMPILED or cache_is_warm():
        return 0.0
    started = time.monotonic()
    processes = processes or os.cpu_count() or 1
    if processes > 1:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            list(pool.map(compile_step, sorted(NAMES, key=lambda name: name not in LONGEST)))
    scenario = small_scenario()
    simulation.run(scenario, 1)
    prepared = simulation.prepare(scenario, 1)
    level_of_leaving(prepared.par[0], prepared.world.org, 0)  # the only entry that the Mesa face alone calls
    # the entries for systems that share a fund
    live_together([prepared], [simulation.empty_output(prepared, 1, "summary")], 0, 0, 1)
    mark_warm()
    return time.monotonic() - started


if __name__ == "__main__":
    if COMPILED and not cache_is_warm():
        print("Compiling the model's rules, once; this takes about a minute ...", file=sys.stderr, flush=True)
    seconds = warm()
    print(
        f"The rules are compiled ({seconds:.0f} s)." if seconds else "The rules are compiled already.",
        file=sys.stderr,
    )
