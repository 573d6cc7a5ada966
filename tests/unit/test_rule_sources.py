"""What the sources of the rules promise: plain arithmetic, all of it in the cache's key, the month in the order that is shown."""

import ast
from pathlib import Path

import pytest

import sim
from sim import engine, indicators, parameters, records, regime, steps
from sim.compiled import SOURCES
from sim.rules.happen import HAPPENING
from sim.rules.month import SWITCHES

PACKAGE = Path(sim.__file__).parent
RULES = sorted((PACKAGE / "rules").glob("*.py"))
# IEEE fixes the result of + - x / and sqrt to the last bit; that of these it leaves to whoever wrote the library.
INEXACT = {"exp", "expm1", "exp2", "log", "log1p", "log2", "log10", "pow", "power", "sin", "cos", "tan", "tanh", "hypot", "cbrt"}
# And the order in which these add is theirs, compiled or not.
REDUCTIONS = {"sum", "mean", "dot", "var", "std", "average", "prod"}


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)]


@pytest.mark.limiting
@pytest.mark.parametrize("path", [*RULES, PACKAGE / "future.py", PACKAGE / "minutes_log.py"], ids=lambda path: path.name)
def test_rules_use_no_arithmetic_that_differs_between_machines(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = ast.walk(tree) if path in RULES else (n for function in functions(path) for n in ast.walk(function))
    for node in nodes:
        assert not isinstance(node, ast.Pow), f"{path.name} raises to a power"
        called = node.func if isinstance(node, ast.Call) else None
        names = {called.id} if isinstance(called, ast.Name) else {called.attr} if isinstance(called, ast.Attribute) else set()
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


# The rules that make each dial do what docs/parameters.md says of it. `dial.votes` holds the kinds named by `voters`.
READERS = {
    "decision_rule": {"tally.py", "decide.py"},
    "threshold": {"tally.py"},
    "voters": {"say.py"},
    "council_role": {"say.py", "value.py"},
    "officer_seats": {"tally.py"},
    "adoption": {"adopt.py", "decide.py"},
    "ratification": {"decide.py"},
    "exit": {"stay.py"},
    "exit_notice": {"stay.py"},
    "commissioners": {"law.py"},
    "pot": {"bodies.py", "table.py"},
    "block": {"money.py", "gains.py"},
    "enforceability": {"bargain.py", "promises.py", "stay.py"},
    "duty": {"appraise.py"},
    "competition": {"table.py", "relate.py", "agree_merger.py"},
    "ft_mergers": {"agree_merger.py", "propose_merger.py"},
    "ft_capital": {"capital.py"},
    "subsidiarity": {"table.py"},
    "board_independence": {"decide.py"},
    "transparency": {"decide.py", "scrutiny.py"},
    "public_involvement": {"scrutiny.py"},
    "lay_members": {"tally.py", "decide.py"},
    "host": {"agenda.py"},
    "bloc_voting": {"tally.py"},
    "recusal": {"say.py"},
    "liability": {"liability.py"},
    "support": {"support.py"},
    "ring_fence": {"raid.py"},
    "devolved_fund": {"support.py"},
    "independent_providers": {"independent.py", "bodies.py"},
}


def dials_read(path: Path) -> set[str]:
    """Dials a rule file reads for what they do: `dial.name` or `dials[...].name`, passed to something other than the log."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    logged = {id(inner) for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) in ("note", "add_reason")
              for inner in ast.walk(node)}  # fmt: skip
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and id(node) not in logged:
            holder = node.value.value if isinstance(node.value, ast.Subscript) else node.value
            if isinstance(holder, ast.Name) and holder.id in ("dial", "dials"):
                found.add("voters" if node.attr == "votes" else node.attr)
    return found


@pytest.mark.limiting
@pytest.mark.parametrize("dial", [name for name in regime.Regime.model_fields if name not in ("label", "sources")])
def test_each_dial_reaches_the_rules_it_names(dial):
    """A dial that no rule reads would be a name; one read elsewhere than said would do something nobody is told of."""
    readers = {path.name for path in RULES if dial in dials_read(path)}
    assert readers >= READERS.get(dial, set())
    assert readers, f"no rule reads {dial}"


@pytest.mark.limiting
def test_rules_read_dials_that_exist():
    known = set(regime.Regime.model_fields)
    for path in RULES:
        assert dials_read(path) <= known, path.name


@pytest.mark.limiting
def test_the_month_calls_the_steps_in_the_order_that_is_shown():
    """`rules/month.py` calls each step of `steps.py` once, in that order, each under its own switch."""
    month = next(function for function in functions(PACKAGE / "rules" / "month.py") if function.name == "month")
    called, switched = [], []
    for statement in month.body:
        if isinstance(statement, ast.If):
            assert isinstance(statement.test, ast.Attribute) and ast.unparse(statement.test.value) == "on"
            assert len(statement.body) == 1 and not statement.orelse
            switched.append(statement.test.attr)
            called.append(ast.unparse(statement.body[0].value.func))
        else:
            assert not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call), ast.unparse(statement)
    assert tuple(called) == tuple(switched) == steps.NAMES == SWITCHES.names
    assert len(set(called)) == len(called)
    assert set(steps.CAN_BE_OFF) < set(steps.NAMES)


@pytest.mark.limiting
def test_no_field_hides_behind_a_method_of_numpy_records():
    """Uncompiled, `par.squeeze` is a method, not the parameter: rules read that one as par["squeeze"]; no other may join it."""
    import numpy as np

    found = [value for module in (records, indicators, parameters, regime) for value in vars(module).values()]
    names = {name for value in [*found, HAPPENING, SWITCHES] if isinstance(value, np.dtype) for name in value.names or ()}
    assert len(names) > 200
    assert names & set(dir(np.record)) == {"squeeze"}
    for path in RULES:
        assert ".squeeze " not in path.read_text(encoding="utf-8"), path.name
    assert engine.CHUNK >= 1
