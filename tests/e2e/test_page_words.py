"""What the teaching page says in words: levers, lessons, headlines, and the scenario taken home; counted,
never written in advance.
"""

import math
import shlex

import pandas as pd
import pytest
from page import Served
from script import run_script

import sim
from sim.app.futures import key_of
from sim.app.lessons import Difference, Lesson, lessons, verdict
from sim.app.levers import levers, regimes
from sim.app.page_state import State, checked
from sim.declarations.parameters import PARAMETERS
from sim.inputs import library
from sim.inputs.problems import BadInput
from sim.scenario.composing import Composed, compose

pytestmark = pytest.mark.e2e
LEAVES = {"month": 24, "do": "leave", "partner": "sheffield_council"}


def test_every_lever_has_words_bounds_and_a_source():
    keys = [lever["key"] for lever in levers()]
    assert len(keys) == len(set(keys)) and {f"params.{name}" for name in PARAMETERS} <= set(keys)
    assert {key for key in keys if key.startswith("dials.")} == {
        f"dials.{dial}" for dial in regimes()[0]["dials"]
    }
    assert 10 <= sum(lever["front"] for lever in levers()) <= 14
    for lever in levers():
        assert lever["label"] and (lever["key"].startswith("dials.") or lever["source"])
        if lever["kind"] == "number":
            assert lever["low"] < lever["high"] and 0 < lever["step"] < lever["high"] - lever["low"]
    for regime in regimes():
        assert all(regime["sources"].get(dial) for dial in regime["dials"]), regime["name"]


def test_lessons_hold_questions_and_the_futures_answer():
    assert len(lessons()) == 5
    for lesson in lessons().values():
        assert lesson.tried() != lesson.begin and lesson.teacher.notes and lesson.teacher.evidence
    sides = Difference(
        outcome="trust_final_year", between="sides", matters=0.01, more="more", less="less", same="same"
    )
    row = {"difference": 0.02, "low": 0.015, "high": 0.025}
    assert verdict(row, sides.matters) == "more"
    assert verdict({"difference": -0.02, "low": -0.025, "high": -0.015}, 0.01) == "less"
    assert verdict(row, 0.05) == "same", "too small to care about"
    assert verdict({"difference": 0.02, "low": -0.01, "high": 0.05}, 0.01) == "same", "not clear of chance"


def test_a_lesson_with_a_slip_is_named():
    plain = library.read("lesson", next(iter(lessons())))
    with pytest.raises(BadInput, match="title"):
        checked(Lesson, {**plain, "title": ""})


def test_answers_follow_the_futures(served: Served):
    """Turned round, the same lesson says the opposite: nothing it reveals is written in it."""
    name = "5_a_law_now_or_later"
    begin, tried = (
        state.model_dump(mode="json", exclude_none=True)
        for state in (lessons()[name].begin, lessons()[name].tried())
    )
    there = served.last({"now": tried, "before": begin, "lesson": name})["answers"][0]
    back = served.last({"now": begin, "before": tried, "lesson": name})["answers"][0]
    assert there["difference"] == -back["difference"] != 0.0
    assert {there["answers"][0], back["answers"][0]} in ({"more", "less"}, {"same"})


def test_headlines_count(served: Served):
    last = served.last({"now": {"a": {"regime": "stp_2016"}}})
    data = sim.simulate(State(a={"regime": "stp_2016"}).scenario("a"), 100, 1)
    councils = [
        name for name, partner in State().scenario("a").system.partners.items() if partner.kind == "council"
    ]
    left = (data["membership"].sel(partner=councils) == 0) & data["exists"].sel(partner=councils)
    count = int(left.any(("month", "partner")).sum())
    assert 0 < count < 100
    assert last["headlines"][0].startswith(
        f"In {count} of 100 futures a council leaves of its own will by April 2026 under A"
    )


def test_made_to_leave_is_not_of_its_own_will(served: Served):
    councils = [
        name for name, partner in State().scenario("a").system.partners.items() if partner.kind == "council"
    ]
    gone = served.last(
        {"now": {"events": [{"month": 6, "do": "leave", "partner": name} for name in councils]}}
    )
    assert "a council leaves of its own will" not in gone["headlines"][0]


def test_the_scenario_taken_home_runs_the_same(served: Served, tmp_path):
    """A command line of the page, run by the experiment's script, gives the page's means."""
    a, b = (
        {"regime": regime, "dials": {"threshold": 0.6, "recusal": True}} for regime in ("stp_2016", "option2")
    )
    state = {"a": a, "b": b, "change": 36, "params": {"squeeze": 0.021}, "events": [LEAVES]}
    text = served.client.post("/api/command", json={"now": state}).text
    command = [line for line in text.splitlines() if line.startswith("python ")][1]
    words = [word for word in shlex.split(command)[2:] if not word.startswith("futures=")]
    done = run_script("regimes", tmp_path, *words, "futures=25", "hydra.run.dir=home")
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(tmp_path / "home" / "summary.csv").set_index("outcome")
    last = served.last({"now": state, "futures": 25})
    for name in ("waiting_final_year", "integration_final_year", "walk_aways_last"):
        row = next(row for row in last["differences"] if row["outcome"] == name)
        assert math.isclose(table.loc[name, "mean"], row["other"], rel_tol=1e-3)


@pytest.mark.parametrize(
    "given",
    [
        {
            "change": 24,
            "a": {"regime": "stp_2016"},
            "events": [LEAVES, {**LEAVES, "month": 60, "do": "return"}],
        },
        {
            "a": {"regime": "option1", "dials": {"decision_rule": "majority", "bloc_voting": True}},
            "params": {"reciprocity": 0.75},
        },
        {
            "payment": "preset",
            "a": {"regime": "alliance", "dials": {"exit_notice": 6}},
            "b": {"regime": "alliance"},
        },
        {
            "equal_block": 0.8,
            "events": [
                {"month": 9, "do": "merge", "partner": "barnsley_hospital", "other": "rotherham_hospital"}
            ],
        },
        *(lesson.tried().model_dump(exclude_none=True) for lesson in lessons().values()),
    ],
)
def test_its_commands_make_the_very_scenarios(given):
    state = State.model_validate(given)
    made = []
    for command in state.commands():
        composed, choices = compose("experiment/regimes", shlex.split(command)[2:])
        request = Composed(
            system_name=choices["system"],
            **{key: composed[key] for key in Composed.model_fields if key in composed},
        )
        made += [request.scenario(regime) for regime in composed["regimes"]]
        assert (composed["futures"], composed["seed"], composed["walk_away_month"]) == (1000, 1, None)
    assert [key_of(scenario) for scenario in made] == [key_of(state.scenario(side)) for side in ("a", "b")]


def test_a_later_law_is_taken_home_as_two_commands(served: Served):
    text = served.client.post("/api/command", json={"now": {"change": 24, "payment": "preset"}}).text
    commands = [shlex.split(line) for line in text.splitlines() if line.startswith("python ")]
    assert len(commands) == 2 and all(
        "regimes=[joint_committee]" in words and "payment=preset" in words for words in commands
    )
    assert "events=[{month: 24, do: change_regime, regime: option2}]" in commands[1]
