"""What the sources of the rules promise: plain arithmetic, all of it in the cache's key, the month in the
order that is shown.
"""

import ast
import re
from pathlib import Path

import pytest

import sim
from sim.declarations import indicators, parameters, regimes, steps
from sim.declarations.dials import DIALS
from sim.engine import simulation
from sim.kernel import records
from sim.kernel.compiled import SOURCES
from sim.kernel.world import World
from sim.rules.month import SWITCHES
from sim.rules.scenario_events import HAPPENING

PACKAGE = Path(sim.__file__).parent
RULES = sorted((PACKAGE / "rules").rglob("*.py"))
# IEEE fixes the result of + - x / and sqrt to the last bit; that of these it leaves to whoever wrote the
# library.
INEXACT = {
    "exp",
    "expm1",
    "exp2",
    "log",
    "log1p",
    "log2",
    "log10",
    "pow",
    "power",
    "sin",
    "cos",
    "tan",
    "tanh",
    "hypot",
    "cbrt",
}
# And the order in which these add is theirs, compiled or not.
REDUCTIONS = {"sum", "mean", "dot", "var", "std", "average", "prod"}


def functions(path: Path) -> list[ast.FunctionDef]:
    return [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]


@pytest.mark.limiting
@pytest.mark.parametrize(
    "path",
    [*RULES, PACKAGE / "kernel" / "chance.py", PACKAGE / "kernel" / "event_log.py"],
    ids=lambda path: path.name,
)
def test_rules_use_no_arithmetic_that_differs_between_machines(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = (
        ast.walk(tree) if path in RULES else (n for function in functions(path) for n in ast.walk(function))
    )
    for node in nodes:
        assert not isinstance(node, ast.Pow), f"{path.name} raises to a power"
        called = node.func if isinstance(node, ast.Call) else None
        names = (
            {called.id}
            if isinstance(called, ast.Name)
            else {called.attr}
            if isinstance(called, ast.Attribute)
            else set()
        )
        assert not names & REDUCTIONS, f"{path.name}:{getattr(node, 'lineno', 0)} adds with {names}"
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
        if isinstance(node, ast.ImportFrom):
            names |= {alias.name for alias in node.names}
        assert not names & INEXACT, f"{path.name}:{getattr(node, 'lineno', 0)} uses {names}"


def imports(path: Path) -> set[Path]:
    """Files of the package that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        modules = []
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sim":
            modules = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names if alias.name.split(".")[0] == "sim"]
        for module in modules:
            file = PACKAGE.joinpath(*module.split(".")[1:]).with_suffix(".py")
            if file.is_file():
                found.add(file)
    return found


@pytest.mark.limiting
def test_all_that_rules_import_is_in_the_key_of_the_cache():
    """A change in any of these files must compile anew, or old machine code would run under new sources."""
    keyed = {path for pattern in SOURCES for path in PACKAGE.glob(pattern)}
    reached, todo = set(), list(RULES)
    while todo:
        path = todo.pop()
        if path not in reached:
            reached.add(path)
            todo += imports(path)
    assert reached - keyed == set()
    assert len(reached) > len(RULES)


def sections_of(path: Path) -> set[str]:
    """The sections of docs/model.md that a rule file says it is, in the first words of its docstring."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    begins = re.match(r"4\.\d+(?:, 4\.\d+)*(?= )", text)
    return set(begins[0].split(", ")) if begins else set()


def dials_read(path: Path) -> set[str]:
    """Dials a rule file reads for what they do: `dial.name` or `dials[...].name`, passed to something other
    than the log.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    logged = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("note", "add_reason")
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and id(node) not in logged:
            holder = node.value.value if isinstance(node.value, ast.Subscript) else node.value
            if isinstance(holder, ast.Name) and holder.id in ("dial", "dials"):
                found.add("voters" if node.attr == "votes" else node.attr)
    return found


@pytest.mark.limiting
@pytest.mark.parametrize("dial", DIALS)
def test_each_dial_acts_in_the_sections_that_it_names(dial):
    """A dial that no rule reads would be a name; one that rules of another section read would do something
    nobody is told of. What `bodies.py` reads acts wherever a rule asks it.
    """
    readers = [path for path in RULES if dial in dials_read(path)]
    named, found = set(DIALS[dial].sections.split(", ")), [sections_of(path) for path in readers]
    assert readers, f"no rule reads {dial}"
    for path, sections in zip(readers, found, strict=True):
        assert not sections or sections & named, f"{path.name} reads {dial}"
    if PACKAGE / "rules" / "bodies.py" not in readers:
        assert named <= set().union(*found), f"no rule of a section that {dial} names reads it"


@pytest.mark.limiting
def test_rules_read_dials_that_exist():
    for path in RULES:
        assert dials_read(path) <= set(DIALS), path.name


@pytest.mark.limiting
def test_the_month_calls_the_steps_in_the_order_that_is_shown():
    """`rules/month.py` calls each step of `steps.py` once, in that order, each under its own switch."""
    month = next(
        function for function in functions(PACKAGE / "rules" / "month.py") if function.name == "month"
    )
    called, switched = [], []
    for statement in month.body:
        if isinstance(statement, ast.If):
            assert isinstance(statement.test, ast.Attribute) and ast.unparse(statement.test.value) == "on"
            assert len(statement.body) == 1 and not statement.orelse
            switched.append(statement.test.attr)
            called.append(ast.unparse(statement.body[0].value.func))
        else:
            assert not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call), (
                ast.unparse(statement)
            )
    assert tuple(called) == tuple(switched) == steps.NAMES == SWITCHES.names
    assert len(set(called)) == len(called)
    assert set(steps.CAN_BE_OFF) < set(steps.NAMES)


@pytest.mark.limiting
@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_no_rule_takes_more_than_eight_arguments(path):
    for function in (
        node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)
    ):
        assert sum(1 for node in ast.walk(function.args) if isinstance(node, ast.arg)) <= 8, function.name


@pytest.mark.limiting
@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_a_rule_takes_the_world_or_at_most_two_of_its_arrays(path):
    for function in functions(path):
        taken = {argument.arg for argument in function.args.args} & {"world", *World._fields}
        assert len(taken) == 1 if "world" in taken else len(taken) <= 2, f"{function.name} takes {taken}"


@pytest.mark.limiting
def test_no_field_hides_behind_a_method_of_numpy_records():
    """Uncompiled, `par.squeeze` is a method, not the parameter: rules read that one as par["squeeze"]; no
    other may join it.
    """
    import numpy as np

    found = [
        value for module in (records, indicators, parameters, regimes) for value in vars(module).values()
    ]
    names = {
        name
        for value in [*found, HAPPENING, SWITCHES]
        if isinstance(value, np.dtype)
        for name in value.names or ()
    }
    assert len(names) > 200
    assert names & set(dir(np.record)) == {"squeeze"}
    for path in RULES:
        assert ".squeeze " not in path.read_text(encoding="utf-8"), path.name
    assert simulation.CHUNK >= 1
