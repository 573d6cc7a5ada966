"""What dials.py and bodies.py declare reaches all that follows from it, and nothing else does."""

import re
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.app.levers import NO_LEVER, levers
from sim.declarations import bodies
from sim.declarations.bodies import KINDS, KINDS_OF_BODY
from sim.declarations.dials import DIALS
from sim.declarations.parameters import PARAMETERS
from sim.declarations.regimes import RECORD, Regime, record
from sim.inputs import library
from sim.kernel.compiled import COMPILED, entry
from sim.mesa_face.agents import CLASSES, Provider
from sim.rules.bodies import is_commissioner, is_nhs, is_provider, is_trust
from sim.sweep.factors import declared
from sim.systems.extra_partners import ADDED, widened

MODEL = Path(sim.__file__).parents[1] / "docs" / "model.md"


def test_a_dial_is_everywhere_or_nowhere():
    numbers = {"votes" if dial.sort == "kinds of body" else name for name, dial in DIALS.items()}
    assert set(RECORD.names) == numbers
    assert set(Regime.model_fields) == {*DIALS, "label", "sources"}
    assert {lever["key"] for lever in levers() if lever["group"] == "law"} == {
        f"dials.{name}" for name in DIALS if name not in NO_LEVER
    }
    assert {key for key in declared() if key.startswith("dials.")} == {
        f"dials.{name}" for name, dial in DIALS.items() if dial.sort != "kinds of body"
    }


@pytest.mark.parametrize("name", DIALS)
def test_a_dial_is_declared_in_full(name):
    dial = DIALS[name]
    assert dial.meaning and dial.label[0].isupper() and (dial.neutral is None) == (not dial.source)
    assert bool(dial.words) == (dial.sort == "words") and len(dial.law) in (0, len(dial.words))
    low, high = dial.bounds
    assert low < high and all(low <= value <= high for value in (*dial.turns, *(dial.slider or ())))
    headings = re.findall(r"^#+ (4[.][0-9]+)", MODEL.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(dial.sections.split(", ")) <= set(headings)


def test_words_become_their_place_in_the_declaration():
    plain = library.read("regime", "option2")
    for name, dial in DIALS.items():
        for number, word in enumerate(dial.words):
            row = record([Regime.model_validate({**plain, name: word})])[0]
            assert row[name] == number, f"{name}: {word}"


def test_a_kind_of_body_is_declared_in_full():
    numbers = [value for name, value in vars(bodies).items() if name.isupper() and type(value) is int]
    assert sorted(numbers) == list(range(len(KINDS))), "each kind has a constant for rules"
    for name, kind in KINDS_OF_BODY.items():
        assert kind.label and kind.some and CLASSES[name].__name__ == kind.agent
        assert issubclass(CLASSES[name], Provider) == kind.trust, "a trust's face can propose mergers"
        assert kind.role or kind.treats, "the map names it, or its sector"
        assert {*kind.own_parameters, kind.exit_barrier} - {""} <= set(PARAMETERS)
    assert len(set(CLASSES.values())) == len(KINDS)


@entry
def ask(bodies, answers):
    for i in range(bodies.size):
        answers[i, 0] = is_trust(bodies[i])
        answers[i, 1] = is_provider(bodies[i])
        answers[i, 2] = is_commissioner(bodies[i])
        answers[i, 3] = is_nhs(bodies[i])


def test_rules_ask_what_is_declared():
    kinds = np.zeros(len(KINDS), [("kind", "i8")])
    kinds["kind"] = range(len(KINDS))
    answers = np.zeros((len(KINDS), 4))
    ask(kinds if COMPILED else kinds.view(np.recarray), answers)
    for row, kind in zip(answers, KINDS_OF_BODY.values(), strict=True):
        declared = [kind.trust, kind.treats, kind.commissions, kind.nhs]
        assert row.astype(bool).tolist() == declared, kind.name


def test_also_adds_a_body_of_each_kind_that_says_so():
    plain = library.read("system", "dorset")
    whole = widened(plain, list(ADDED))
    there = {partner["kind"] for partner in whole["partners"].values()}
    assert set(ADDED) <= there
