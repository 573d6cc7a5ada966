"""Entries are optimised as one program: what Numba linked into them is closed, and nothing else is."""

import os
import subprocess
import sys

import pytest
from llvmlite import binding
from numba.core import codegen

from sim.kernel import compiled, linking
from sim.kernel.compiled import COMPILED, entry, rule

needs_compilation = pytest.mark.skipif(not COMPILED, reason="compilation is off")

LINKED = """
define linkonce_odr double @helper(double %x) { ret double %x }
define double @entry(double %x) { %y = call double @helper(double %x) ret double %y }
declare double @elsewhere(double)
"""
# A program of its own, since the switch is read when a process starts; nothing of it is kept.
TINY = """
import numba
from sim.kernel import linking

rule = numba.njit(_nrt=False, error_model="numpy")

@rule
def add(values):
    found = 0.0
    for value in values:
        found += 1.0 / value
    return found

def both(one, other):
    return add(one) - 3.0 * add(other)

linking.mark(both)
entry = numba.njit(error_model="numpy")(both)

import numpy as np
print(entry(np.arange(1.0, 50.0), np.arange(7.0, 90.0)).hex(), linking.acted(), linking.acts())
"""


@needs_compilation
def test_what_was_linked_in_is_closed_and_what_python_calls_is_not():
    module = binding.parse_assembly(LINKED)
    linking.close(module)
    module.verify()
    linkage = {function.name: function.linkage.name for function in module.functions}
    assert linkage == {"helper": "internal", "entry": "external", "elsewhere": "external"}


@needs_compilation
@pytest.mark.skipif(not linking.ON, reason="SIM_LINKING=off")
def test_numba_has_the_place_this_reaches_into():
    assert codegen.CPUCodeLibrary._optimize_final_module.__module__ == linking.__name__
    assert linking.acts()


@rule
def twice(x):
    return 2.0 * x


@entry
def four_times(x):
    return twice(twice(x))


def test_an_entry_gives_what_it_gave():
    assert four_times(1.5) == 6.0


def machine_code(name: str, linkage: str = "") -> binding.ModuleRef:
    """A module that holds one function of this name."""
    return binding.parse_assembly(f"define {linkage} double @{name}(double %x) {{ ret double %x }}")


def four_times_of(module: str) -> str:
    """What Numba calls the machine code of a function `four_times` of a module."""
    return f"_ZN{len(module)}{module}10four_timesB2v1Ed"


@needs_compilation
def test_an_entry_is_known_by_its_module_and_its_name():
    assert linking.is_entry(machine_code(four_times_of(__name__)))
    assert not linking.is_entry(machine_code(four_times_of("elsewhere")))
    assert not linking.is_entry(machine_code(four_times_of(__name__), "linkonce_odr"))  # linked into another
    inside = four_times_of(__name__).replace("B2v1E", "8_clocals3addB2v1E")
    assert not linking.is_entry(machine_code(inside))


def tiny(**environment: str) -> list[str]:
    """What the tiny program gives: its figure to the last bit, entries closed, and whether linking acts."""
    done = subprocess.run(
        [sys.executable, "-c", TINY],
        env={**os.environ, "NUMBA_DISABLE_JIT": "0", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_turned_off_it_gives_the_same_bytes():
    on, off = tiny(SIM_LINKING="on"), tiny(SIM_LINKING="off")
    assert on[0] == off[0]
    assert on[1:] == ["1", "True"] and off[1:] == ["0", "False"]


@needs_compilation
def test_where_numba_differs_only_speed_is_lost(monkeypatch):
    """It neither finds its place nor raises, and an entry gives what it gave."""
    done = []

    class Library:
        name, _final_module = "other", None  # a module it cannot walk through

        def _optimize_final_module(self):
            done.append(self.name)

    monkeypatch.setattr(codegen, "CPUCodeLibrary", Library)
    acted = linking.acted()
    linking._install()
    Library()._optimize_final_module()
    assert done == ["other"] and linking.acted() == acted
    monkeypatch.setattr(codegen, "CPUCodeLibrary", object())
    linking._install()


def test_machine_code_of_either_kind_has_a_cache_of_its_own(monkeypatch):
    now = compiled.source_hash()
    monkeypatch.setattr(linking, "ON", not linking.ON)
    assert compiled.source_hash() != now
