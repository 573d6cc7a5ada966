"""What `simulate` gives: labelled, complete, and honest about bodies that are not there."""

import numpy as np
import pytest

import sim
from sim.declarations import indicators


@pytest.fixture(scope="module")
def scenario():
    gone = [
        {"month": 6, "partner": "rotherham_council", "do": "leave"},
        {"month": 20, "partner": "rotherham_council", "do": "return"},
    ]
    return sim.load("months=30").with_events(*gone)


@pytest.fixture(scope="module")
def full(scenario):
    return sim.simulate(scenario.after(month=12, regime="option2"), futures=4, seed=3, record="full")


def test_every_variable_and_coordinate_has_a_unit_and_a_long_name(full):
    for name, variable in full.variables.items():
        if name not in ("date", "partner", "place", "other"):
            assert variable.attrs.get("units"), name
        assert variable.attrs.get("long_name"), name


def test_every_declared_indicator_and_outcome_is_there(full):
    declared = {
        *indicators.SYSTEM,
        *indicators.PARTNER,
        *indicators.PARTNER_FULL,
        *indicators.PLACE,
        *indicators.PROJECT,
    }
    assert declared | set(indicators.OUTCOMES) <= set(full.data_vars)


def test_bodies_not_there_are_nan_and_marked(full):
    ccgs = [name for name in full.partner.values if name.endswith("_ccg")]
    before, after = full.isel(month=slice(0, 12)), full.isel(month=slice(12, None))
    assert before.exists.sel(partner=ccgs).all() and not before.exists.sel(partner="ics_body").any()
    assert not after.exists.sel(partner=ccgs).any() and after.exists.sel(partner="ics_body").all()
    for name in ("partner_balance", "partner_trust", "partner_income", "membership"):
        assert np.isnan(after[name].sel(partner=ccgs)).all(), name
        assert np.isfinite(after[name].sel(partner="ics_body")).all(), name


def test_a_change_of_law_moves_all_money_and_leaves_the_past_alone(scenario, full):
    plain = sim.simulate(scenario, futures=4, seed=3, record="full")
    early = slice(0, 12)
    for name in ("integration", "balance", "members", "partner_cash", "trust_in"):
        assert np.array_equal(plain[name].isel(month=early), full[name].isel(month=early), equal_nan=True), (
            name
        )
    assert (full.ledger == 0).all()
    assert (full.contracts_paid == full.contracts_received).all()


def test_events_take_a_partner_out_and_bring_it_back(scenario):
    data = sim.simulate(scenario, futures=4, seed=3)
    status = data.membership.sel(partner="rotherham_council")
    assert (status.isel(month=5) == 2).all()
    assert (status.isel(month=slice(6, 20)) == 0).all()
    assert (status.isel(month=20) == 2).all()
    assert (data.walk_aways_last >= 1).all() and (data.returns_last >= 1).all()


def test_an_event_walks_over_a_bar():
    barred = sim.load(
        "regime=option2", "months=12", "events=[{month: 3, partner: sheffield_teaching, do: leave}]"
    )
    assert (sim.simulate(barred, futures=2).members.isel(month=-1) == 15).all()


def test_summary_and_series_agree(scenario):
    short = sim.simulate(scenario, futures=5, record="summary")
    long = sim.simulate(scenario, futures=5, record="series")
    assert "month" not in short.dims
    for name in indicators.OUTCOMES:
        assert np.array_equal(short[name], long[name], equal_nan=True), name
    assert np.allclose(long.integration_mean, long.integration.mean("month"), rtol=1e-12)
    assert np.array_equal(long.tabled_last, long.tabled.isel(month=-1))


def test_a_full_table_refuses_with_a_minute():
    crowded = sim.load("table_size=1", "params.programme_rate=3", "months=24")
    data = sim.simulate(crowded, futures=3)
    assert (data.refused_table_last > 0).all()
    told = sim.minutes(crowded, seed=1, future=0)
    assert (told["kind"] == "table_full").sum() == data.refused_table_last[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"futures": 0}, "futures = 0"),
        ({"futures": 2.5}, "futures = 2.5"),
        ({"seed": -1}, "seed = -1"),
        ({"threads": 0}, "threads = 0"),
        ({"record": "serries"}, "did you mean 'series'"),
        ({"first": -1}, "first = -1"),
        ({"futures": None}, "futures = None"),
        ({"seed": None}, "seed = None"),
    ],
)
def test_bad_arguments_are_named(scenario, words, said):
    with pytest.raises(sim.BadInput, match=said):
        sim.simulate(scenario, **{"futures": 1, **words})


@pytest.mark.parametrize("ask", [sim.simulate, sim.minutes, lambda given: sim.branch(given, 12, "option2")])
def test_a_word_is_no_scenario(ask):
    with pytest.raises(sim.BadInput, match="scenario = 'regime=option2': must be a Scenario"):
        ask("regime=option2")


def test_a_branch_by_name_is_a_scenario(scenario):
    with pytest.raises(sim.BadInput, match=r"branches\.mine: scenario = 'option2': must be a Scenario"):
        sim.branch(scenario, 3, {"mine": "option2"}, futures=1)
    with pytest.raises(sim.BadInput, match="words are needed"):
        sim.load(3)


def test_one_branch_need_not_be_a_list(scenario):
    assert list(sim.branch(scenario, 3, "option2", futures=1)) == ["option2"]


def test_branching_refuses_what_cannot_be(scenario):
    with pytest.raises(sim.BadInput, match="did you mean 'option2'"):
        scenario.after(month=12, regime="optoin2")
    with pytest.raises(sim.BadInput, match="after the horizon"):
        scenario.after(month=99, regime="option2")
    with pytest.raises(sim.BadInput, match="rotherham_council"):
        scenario.with_events({"month": 3, "partner": "rotherham_counci", "do": "leave"})
