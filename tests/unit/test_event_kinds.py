"""Kinds of event: each is declared, written by a rule and told; its figures are those that were declared."""

import ast
import inspect
import textwrap
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.declarations import event_kinds
from sim.declarations.event_kinds import EVENT_KINDS, EVENT_NAMES
from sim.minute_book.sentences import MODULES, SENTENCES, told_in

RULES = sorted((Path(sim.__file__).parent / "rules").rglob("*.py"))
CODES = {name: int(code) for name, code in vars(event_kinds).items() if isinstance(code, np.integer)}


def kinds_of(tree: ast.Module) -> dict[str, str]:
    """What a rule file calls the kinds of event that it imports: {its word: name of the kind}."""
    return {
        alias.asname or alias.name: EVENT_NAMES[CODES[alias.name]]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in CODES
    }


def test_every_kind_has_a_code_of_its_own() -> None:
    assert sorted(CODES.values()) == list(range(len(EVENT_KINDS)))


def test_a_kind_is_declared_once_and_has_figures() -> None:
    with pytest.raises(ValueError, match="tabled is declared twice"):
        event_kinds._kind("tabled", event_kinds.PROJECT, "months")
    with pytest.raises(ValueError, match="not 1 to 5 figures"):
        event_kinds._kind("never", event_kinds.PROJECT)
    assert "never" not in EVENT_KINDS


def test_every_kind_has_one_sentence_and_every_sentence_a_kind() -> None:
    assert sorted(name for module in MODULES for name in told_in(module)) == sorted(EVENT_NAMES)


def test_every_kind_is_written_by_a_rule() -> None:
    written = set()
    for path in RULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        written |= {kind for word, kind in kinds_of(tree).items() if word in used}
    assert set(EVENT_NAMES) - written == set()


def test_rules_write_no_figure_that_is_not_declared() -> None:
    """Of events whose kind stands in the call itself; `test_minutes.py` looks at what runs wrote."""
    seen = 0
    for path in RULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        kinds = kinds_of(tree)
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if ast.unparse(call.func) == "note" and ast.unparse(call.args[2]) in kinds:
                seen += 1
                kind = EVENT_KINDS[kinds[ast.unparse(call.args[2])]]
                rest = [ast.unparse(figure) for figure in call.args[6:][len(kind.figures) :]]
                assert set(rest) <= {"0.0"}, f"{path.name}: {kind.name}"
    assert seen > 40


@pytest.mark.parametrize("kind", EVENT_NAMES)
def test_a_sentence_uses_no_figure_that_is_not_declared(kind: str) -> None:
    """Figures that a sentence gives no name (`_`) need no meaning."""
    declared = len(EVENT_KINDS[kind].figures)
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(SENTENCES[kind])))):
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("e.figures"):
            targets = node.targets[0].elts if isinstance(node.targets[0], ast.Tuple) else node.targets
            if ast.unparse(node.value) in ("e.figures", f"e.figures[:{len(targets)}]"):
                assert not [
                    ast.unparse(target) for target in targets[declared:] if ast.unparse(target)[0] not in "_*"
                ]
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "e.figures":
            if isinstance(node.slice, ast.Constant):
                assert node.slice.value < declared
