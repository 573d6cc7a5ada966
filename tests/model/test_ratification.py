"""4.8 Ratification alone: the wait is the longest of the boards' times to their next meeting; its mean has a
closed form.
"""

from itertools import product

import numpy as np
import pytest
from drive import Bench, convene, toy_scenario
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import preset

from sim.kernel.records import IN_FORCE

QUIET = {"noise": 0.0, "ratification_noise": 0.0, "harmful": 0.0}


def bench() -> Bench:
    return Bench(toy_scenario(preset("stp_2016"), QUIET, places=3, hospitals=3))


def to_next_meeting(month: np.ndarray, cycle: np.ndarray, phase: np.ndarray) -> np.ndarray:
    """Boards meet when month + phase is a multiple of their cycle."""
    return (-(month + phase)) % cycle


@pytest.mark.limiting
@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 5)), min_size=1, max_size=9), st.integers(0, 40))
@settings(max_examples=50)
def test_the_wait_is_the_longest_time_to_a_next_meeting(boards, start):
    cycles = np.array([[cycle for cycle, _ in boards]])
    phases = np.array([[phase % cycle for cycle, phase in boards]])
    where = bench()
    waits = convene(where, cycles, phases, np.array([start]))
    assert waits[0] == to_next_meeting(start, cycles, phases).max()
    assert where.world.project[0]["stage"] == IN_FORCE


@pytest.mark.limiting
@pytest.mark.parametrize(("cycle", "boards"), [(1, 4), (2, 1), (2, 5), (3, 1), (3, 4), (4, 4), (6, 3)])
def test_the_mean_wait_over_all_phases(cycle, boards):
    """Sum over k = 1 ... c - 1 of 1 - (k / c)^n for n boards of cycle c and uniform phase: every combination
    once.
    """
    phases = np.array(list(product(range(cycle), repeat=boards)))
    cycles = np.full(phases.shape, cycle)
    waits = convene(bench(), cycles, phases, np.full(len(phases), 7))
    expected = sum(1.0 - (k / cycle) ** boards for k in range(1, cycle))
    assert np.mean(waits) == pytest.approx(expected, abs=1e-12)
