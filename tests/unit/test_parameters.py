"""Every parameter is declared in full, lies where it may, and is read by some rule: none is dead, none
undeclared.
"""

import ast
import re
from math import isfinite
from pathlib import Path

import pytest

import sim
from sim.declarations.parameters import PARAMETERS, RECORD, values

PACKAGE = Path(sim.__file__).parent
READERS = [*sorted((PACKAGE / "rules").rglob("*.py")), PACKAGE / "engine" / "starting_world.py"]


@pytest.mark.limiting
@pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=lambda p: p.name)
def test_a_parameter_is_declared_in_full(parameter):
    low, high = parameter.plausible
    assert parameter.allowed[0] <= low <= parameter.default <= high <= parameter.allowed[1]
    assert low < high, "a sweep needs a range"
    assert isfinite(low) and isfinite(high) and isfinite(parameter.default)
    for text in (parameter.unit, parameter.meaning, parameter.source, parameter.group):
        assert text.strip()
    assert re.fullmatch(r"[a-z][a-z0-9_]*", parameter.name)
    assert "assumption" in parameter.source or re.search(r"(19|20)\d\d", parameter.source), (
        "a source has a year"
    )


def read_by(path: Path) -> set[str]:
    """Names that a file reads from a record called `par`: par.name and par["name"]."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "par":
            found.add(node.attr)
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "par":
            if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
                found.add(node.slice.value)
    return found


@pytest.mark.limiting
def test_no_parameter_is_dead_and_none_is_undeclared():
    used = set().union(*(read_by(path) for path in READERS))
    assert set(PARAMETERS) - used == set(), "declared and never read"
    assert used - set(PARAMETERS) == set(), "read and never declared"


@pytest.mark.limiting
def test_changes_lie_over_the_defaults():
    record = values({"luck": 0.5})
    assert record.dtype == RECORD and record["luck"][0] == 0.5
    assert all(record[name][0] == p.default for name, p in PARAMETERS.items() if name != "luck")
