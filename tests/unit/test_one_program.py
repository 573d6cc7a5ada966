"""Entries are optimised as one program: what Numba linked into them is closed, and nothing else is."""

import pytest
from llvmlite import binding
from numba.core import codegen

from sim.kernel import linking
from sim.kernel.compiled import COMPILED, entry, rule

pytestmark = pytest.mark.skipif(not COMPILED, reason="compilation is off")

LINKED = """
define linkonce_odr double @helper(double %x) { ret double %x }
define double @entry(double %x) { %y = call double @helper(double %x) ret double %y }
declare double @elsewhere(double)
"""


def test_what_was_linked_in_is_closed_and_what_python_calls_is_not():
    module = binding.parse_assembly(LINKED)
    linking.close(module)
    module.verify()
    linkage = {function.name: function.linkage.name for function in module.functions}
    assert linkage == {"helper": "internal", "entry": "external", "elsewhere": "external"}


def test_numba_has_the_place_this_reaches_into():
    assert codegen.CPUCodeLibrary._optimize_final_module.__module__ == linking.__name__


@rule
def twice(x):
    return 2.0 * x


@entry
def four_times(x):
    return twice(twice(x))


def test_an_entry_gives_what_it_gave():
    assert four_times(1.5) == 6.0
