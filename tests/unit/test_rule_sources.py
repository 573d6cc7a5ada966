"""What the sources of the rules promise: plain arithmetic, all of it in the cache's key, the month in the
order that is shown.
"""

import ast
from pathlib import Path

import pytest

import sim
from sim.declarations import indicators, parameters, regimes, steps
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


# The rules that make each dial do what docs/parameters.md says of it. `dial.votes` holds the kinds named by
# `voters`.
READERS = {
    "decision_rule": {"decisions/tally.py", "decisions/decision.py"},
    "threshold": {"decisions/tally.py"},
    "voters": {"decisions/voting_rights.py"},
    "council_role": {"decisions/voting_rights.py", "partnership/membership_value.py"},
    "officer_seats": {"decisions/tally.py"},
    "adoption": {"law/delegation.py", "decisions/decision.py"},
    "ratification": {"decisions/decision.py"},
    "exit": {"partnership/leave_and_return.py"},
    "exit_notice": {"partnership/leave_and_return.py"},
    "commissioners": {"law/change_of_law.py"},
    "pot": {"bodies.py", "proposals/tabling.py"},
    "block": {"services/money.py", "proposals/gains.py"},
    "enforceability": {"decisions/bargaining.py", "decisions/promises.py", "partnership/leave_and_return.py"},
    "duty": {"decisions/appraisal.py"},
    "competition": {"proposals/tabling.py", "partnership/trust.py", "mergers/agreement.py"},
    "ft_mergers": {"mergers/agreement.py", "mergers/proposal.py"},
    "ft_capital": {"proposals/capital.py"},
    "subsidiarity": {"proposals/tabling.py"},
    "board_independence": {"decisions/decision.py"},
    "transparency": {"decisions/decision.py", "decisions/scrutiny.py"},
    "public_involvement": {"decisions/scrutiny.py"},
    "lay_members": {"decisions/tally.py", "decisions/decision.py"},
    "host": {"proposals/agenda.py"},
    "bloc_voting": {"decisions/tally.py"},
    "recusal": {"decisions/voting_rights.py"},
    "liability": {"decisions/liability.py"},
    "support": {"oversight/support.py"},
    "ring_fence": {"oversight/raid.py"},
    "devolved_fund": {"oversight/support.py"},
    "independent_providers": {"services/independent_providers.py", "bodies.py"},
}


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
@pytest.mark.parametrize(
    "dial", [name for name in regimes.Regime.model_fields if name not in ("label", "sources")]
)
def test_each_dial_reaches_the_rules_it_names(dial):
    """A dial that no rule reads would be a name; one read elsewhere than said would do something nobody is
    told of.
    """
    readers = {path.relative_to(PACKAGE / "rules").as_posix() for path in RULES if dial in dials_read(path)}
    assert readers >= READERS.get(dial, set())
    assert readers, f"no rule reads {dial}"


@pytest.mark.limiting
def test_rules_read_dials_that_exist():
    known = set(regimes.Regime.model_fields)
    for path in RULES:
        assert dials_read(path) <= known, path.name


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
