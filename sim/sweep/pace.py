"""Estimates how long a sweep will take, and says so in words."""

import os
import time

from sim.engine import dataset
from sim.sweep.plan import plan_of
from sim.sweep.request import Request

TRIAL = 50  # futures a thread runs to see how long a run takes


def in_words(seconds: float) -> str:
    """Put a time into words for people."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def seconds_a_run(request: Request) -> float:
    """Measure how long a run takes on these threads, by a few runs of the baseline."""
    scenario = plan_of(request).scenario(0)
    dataset.simulate(scenario, 1, request.seed, 1, "summary")  # loads the machine code, or compiles it
    threads = request.threads or os.cpu_count() or 1
    started = time.perf_counter()
    dataset.simulate(scenario, TRIAL * threads, request.seed, threads, "summary")
    return (time.perf_counter() - started) / (TRIAL * threads)
