"""Scenarios: what is refused, in which words, and that nothing can be changed by accident."""

import pytest
from pydantic import ValidationError
from toy import toy_system

import sim
from sim.declarations.steps import CAN_BE_OFF, NAMES
from sim.inputs.problems import BadInput
from sim.scenario.scenario import make_scenario

REGIME = sim.load().regimes["joint_committee"].model_dump()


def toy(**changes):
    system = toy_system()
    system.update(changes.pop("system", {}))
    return make_scenario(
        **{
            "system_name": "toy",
            "system": system,
            "regime": "r",
            "regimes": {"r": REGIME},
            "months": 12,
            **changes,
        }
    )


def test_a_toy_runs():
    assert sim.simulate(toy(), futures=2).sizes["month"] == 12


def test_all_problems_are_told_at_once():
    with pytest.raises(BadInput) as caught:
        toy(params={"squeez": 1, "harmful": 0.9, "noise": "much"}, months=0)
    for part in (
        "squeez",
        "did you mean 'squeeze'",
        "params.harmful = 0.9",
        "from 0 to 0.6",
        "params.noise = 'much'",
        "months = 0",
    ):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"places": {}}, "places"),
        ({"population": -3.0}, "greater than 0"),
        ({"flows": {"acute": {"place_0": {"hospital_0": 0.5}}}}, "adds up to 0.5"),
        ({"flows": {"acute": {"place_9": {"hospital_0": 1.0}}}}, "place_9"),
        ({"flows": {"acute": {"place_0": {"hospital_8": 1.0}}}}, "did you mean 'hospital_"),
        ({"council": "place_0_ccg"}, "must be a council"),
        ({"council": "nobody"}, "nobody"),
    ],
)
def test_a_system_that_does_not_hang_together_is_refused(change, said):
    system = toy_system()
    for key, value in change.items():
        if key in system:
            system[key] = value
        else:
            system["places"]["place_0"][key] = value
    with pytest.raises(BadInput, match=said):
        toy(system=system)


def test_a_scenario_cannot_be_changed_in_place():
    with pytest.raises(ValidationError):
        toy().months = 3


def test_only_steps_that_others_can_do_without_are_switched_off():
    for name in CAN_BE_OFF:
        toy(off=(name,))
    for name in set(NAMES) - set(CAN_BE_OFF):
        with pytest.raises(BadInput, match=name):
            toy(off=(name,))


def test_two_changes_of_law_in_one_month_are_refused():
    change = {"month": 3, "do": "change_regime", "regime": "r"}
    with pytest.raises(BadInput, match="only once in a month"):
        toy(events=[change, change])
