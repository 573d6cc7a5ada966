"""The same scenario and future give the same bytes: threads, chunks, batches, records, hash seeds, compiled
or not.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hashes import busy_scenarios, bytes_of
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import scenarios, seeds

from sim.engine import simulation
from sim.kernel.compiled import COMPILED

FUTURES = 9


def assert_same(one: simulation.Output, other: simulation.Output, *names: str) -> None:
    for name in names or vars(one):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name


@pytest.mark.limiting
@given(scenarios(), seeds, st.integers(1, FUTURES), st.integers(0, 2**31))
@settings(max_examples=25)
def test_threads_chunks_and_neighbours_do_not_matter(scenario, seed, chunk, first):
    batch = simulation.run(scenario, FUTURES, seed, first, threads=1, record="full")
    assert_same(batch, simulation.run(scenario, FUTURES, seed, first, threads=2, record="full", chunk=chunk))
    assert_same(batch, simulation.run(scenario, FUTURES, seed, first, threads=1, record="full", chunk=chunk))
    for k in (0, FUTURES // 2, FUTURES - 1):
        alone = bytes_of(simulation.run(scenario, 1, seed, first + k, threads=1, record="full"))
        for name, array in vars(batch).items():
            assert array[k : k + 1].tobytes() == alone[name], name


@pytest.mark.limiting
@given(scenarios(), seeds)
@settings(max_examples=25)
def test_what_is_recorded_does_not_matter(scenario, seed):
    full, series, summary = (
        simulation.run(scenario, 3, seed, threads=1, record=record)
        for record in ("full", "series", "summary")
    )
    assert_same(full, series, "summary", "history", "system", "partner", "place")
    assert_same(full, summary, "summary", "history")
    assert (
        not len(summary.system) and not summary.partner.size and not series.full.size and not series.ties.size
    )
    logged, _ = simulation.run_with_log(scenario, seed, 1)
    for name, array in vars(full).items():
        assert array[1:2].tobytes() == getattr(logged, name).tobytes(), name


@pytest.mark.limiting
@given(scenarios(), seeds)
@settings(max_examples=15)
def test_futures_and_seeds_differ(scenario, seed):
    """No two futures share their luck, and both halves of the seed count."""
    runs = [simulation.run(scenario, 2, s, threads=1) for s in (seed, seed ^ 1, seed ^ (1 << 40))]
    demand = [future["place_demand"].tobytes() for run in runs for future in run.place]
    if scenario.params.get("demand_noise", 0.012) > 0.0 and scenario.params.get("shock_memory", 0.7) < 1.0:
        assert len(set(demand)) == len(demand)


@pytest.mark.limiting
def test_the_busy_scenarios_are_busy():
    """Else the comparison below would compare nothing."""
    ends = [
        simulation.run(scenario, 20, 7, threads=1).system[:, -1] for scenario in busy_scenarios().values()
    ]
    happened = {name: sum(float(end[name].sum()) for end in ends) for name in ends[0].dtype.names}
    for name in (
        "agreed",
        "imposed",
        "partial",
        "delivered",
        "fell_short",
        "died",
        "bad_passed",
        "found_out",
        "promises_due",
        "walk_aways",
        "returns",
    ):
        assert happened[name] > 0, name
    assert happened["promises_kept"] < happened["promises_due"]


def hashes(**environment: str) -> str:
    """What another process gives."""
    here = Path(__file__).parent
    path = os.pathsep.join([str(here.parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, str(here / "hashes.py")],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.interpreted
@pytest.mark.slow
def test_another_process_gives_the_same_compiled_or_not():
    """With and without compilation, and under two hash seeds: the same bytes, minutes included."""
    compiled = hashes(PYTHONHASHSEED="1", NUMBA_DISABLE_JIT="0" if COMPILED else "1")
    interpreted = hashes(PYTHONHASHSEED="2", NUMBA_DISABLE_JIT="1")
    assert compiled == interpreted
    assert len(set(compiled.split()[1::2])) == len(busy_scenarios())


@pytest.mark.limiting
def test_a_run_leaves_no_trace_in_the_next():
    """The same batch twice in one process, with another in between."""
    first, other = list(busy_scenarios().values())[:2]
    before = simulation.run(first, 3, threads=1, record="full")
    simulation.run(other, 3, threads=1, record="full")
    assert_same(before, simulation.run(first, 3, threads=1, record="full"))
    assert np.isfinite(before.summary).any()
