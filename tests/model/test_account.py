"""The account against hand computation: gaps, choice, shares, what was decided, what boards cost."""

import numpy as np
import pytest
from scenarios import preset
from toy import toy_system

import sim
from sim.scenario.scenario import make_scenario


def run(system, months=24, futures=2, params=None, record="full", **dials):
    name = sim.inputs.library.names("regime")[0]
    scenario = make_scenario(
        system_name="toy",
        system=system,
        regime="law",
        regimes={"law": preset(name, **dials)},
        params=params or {},
        months=months,
    )
    return sim.simulate(scenario, futures=futures, seed=3, record=record, threads=1)


@pytest.fixture(scope="module")
def unequal():
    system = toy_system(2, 2)
    system["places"]["place_0"]["deprivation"], system["places"]["place_1"]["deprivation"] = 0.2, 0.9
    system["flows"]["acute"]["place_0"] = {"hospital_0": 1.0}
    system["flows"]["acute"]["place_1"] = {"hospital_0": 0.5, "outside": 0.5}
    system["partners"]["hospital_1"]["outside_income"] = 90.0
    return run(system)


@pytest.mark.limiting
def test_with_equal_deprivation_there_is_no_gap():
    data = run(toy_system(2, 2), months=6)
    for name in ("waiting_gap", "unmet_gap", "spend_gap"):
        assert np.all(data[name] == 0.0), name


@pytest.mark.limiting
def test_between_two_places_the_gap_is_their_difference(unequal):
    for gap, name in (("waiting_gap", "place_waiting"), ("unmet_gap", "place_unmet")):
        poor, rich = unequal[name].sel(place="place_1"), unequal[name].sel(place="place_0")
        assert np.allclose(unequal[gap], poor - rich, atol=1e-6), name
    assert float(abs(unequal.waiting_gap).max()) > 0.01


@pytest.mark.limiting
def test_one_provider_is_no_choice_and_two_equal_ones_are_two(unequal):
    first = unequal.place_choice.isel(month=0)
    assert np.allclose(first.sel(place="place_0"), 1.0)
    assert np.allclose(first.sel(place="place_1"), 2.0)


@pytest.mark.limiting
def test_contracts_by_ownership_add_up_and_shares_leave_only_ambulances(unequal):
    kinds = ("trust", "foundation", "independent", "outside")
    parts = sum(unequal[f"contracts_{kind}"] for kind in kinds)
    assert np.allclose(parts, unequal.contracts_received, rtol=1e-9)
    rest = 1.0 - unequal.hospital_share - unequal.out_of_hospital_share
    assert bool(((rest > 0.0) & (rest < 0.05)).all())


@pytest.mark.limiting
@pytest.mark.parametrize("transparency", [0.0, 0.4, 1.0])
def test_what_is_decided_in_public_is_the_transparency(transparency):
    data = run(toy_system(2, 2), months=36, params={"consideration_cost": 0.01}, transparency=transparency)
    decided = data.decided_place + data.decided_system
    assert bool(((decided > 0.0) == (data.agreed > 0.0)).all()) and float(decided.max()) > 0.0
    assert np.allclose(data.decided_open.where(decided > 0.0, transparency), transparency)
    assert np.allclose(data.board_cost, 0.01 * data.meetings)


@pytest.mark.limiting
def test_without_subsidiarity_places_decide_nothing():
    data = run(toy_system(2, 2), months=36, subsidiarity=0.0)
    assert float(data.decided_place.max()) == 0.0
    assert float(data.decided_system.max()) > 0.0


def test_wellbeing_is_the_mean_of_its_four_parts(unequal):
    timely = 18.0 / (18.0 + unequal.place_waiting)
    by_hand = (
        unequal.place_integration + 1.0 - unequal.place_unmet + timely + unequal.place_confidence
    ) / 4.0
    assert np.allclose(unequal.place_wellbeing, by_hand)
