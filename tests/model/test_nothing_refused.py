"""4.5-4.8 Where a proposal costs nobody anything and does some good, nobody refuses it, under any regime."""

import numpy as np
import pytest
from drive import Bench, begin_future
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import scenarios, seeds

from sim.declarations import parameters
from sim.declarations.bodies import INDEPENDENT_PROVIDER, KINDS
from sim.engine import simulation
from sim.kernel.event_log import (
    AGREED,
    APPROVED,
    CONTRACTED,
    DIED,
    FOUND_OUT,
    NOT_AGREED,
    OBJECTED,
    SENT_BACK,
    TABLED,
)
from sim.kernel.event_log import AGREED_BY_WILLING as PARTLY
from sim.kernel.records import ACUTE, COMMUNITY, SHIFT

# All care under block contracts and all cost fixed: a shift earns nobody and costs nobody. Pools save
# nothing. Patients gain.
KINDLY = {
    **dict.fromkeys(
        ("noise", "ratification_noise", "luck", "harmful", "autonomy", "public_loss", "retreat"), 0.0
    ),
    **dict.fromkeys(("care_load", "double_running", "pool_gain", "weight_risk_share"), 0.0),
    **dict.fromkeys(("weight_reconfigure", "weight_capital", "weight_workforce"), 0.0),
    "fixed_share": 1.0,
    "patient_value": 0.5,
    "hospital_effect": 0.1,
    "system_weight": 0.3,
    "shift_rise": 0.05,
    "integration_start": 0.2,
    "exit_barrier": float("inf"),
    "meeting_items": 50.0,
    "programme_rate": 2.0,
}
CARRIED = (AGREED, CONTRACTED)
REFUSALS = (OBJECTED, NOT_AGREED, PARTLY, SENT_BACK, DIED, FOUND_OUT)


@pytest.mark.limiting
@given(scenarios(events=False, params=KINDLY, dials={"block": 1.0, "voters": KINDS}), seeds)
@settings(max_examples=50)
def test_nothing_is_refused_at_its_first_vote(scenario, seed):
    """Every proposal is carried in the month its casework is done, and none is ever objected to, sent back or
    found out.
    """
    _, log = simulation.run_with_log(scenario, seed, 0)
    tabled = log[log["event_kind"] == TABLED]
    good = tabled[tabled["amount"] > 0.0]  # where integration is full there is no more good to do
    assert not np.isin(log["subject"][np.isin(log["event_kind"], REFUSALS)], good["subject"]).any()
    regime = scenario.regimes[scenario.regime]
    par = parameters.values(scenario.params)[0]
    casework = {
        True: int(par["case_months"] + par["procurement_months"] * regime.competition),
        False: int(par["case_months"]),
    }
    agreed = {int(row["subject"]): int(row["event_month"]) for row in log if row["event_kind"] in CARRIED}
    for row in good:
        due = int(row["event_month"]) + casework[int(row["second"]) == SHIFT]
        assert agreed.get(int(row["subject"])) == (due if due < scenario.months else None)


@pytest.mark.limiting
@given(
    scenarios(
        events=False,
        params=KINDLY,
        dials={"block": 1.0, "voters": KINDS, "ratification": "all", "commissioners": "many"},
    ),
    seeds,
    st.integers(0, 1000),
)
@settings(max_examples=25)
def test_ratification_waits_for_the_last_board(scenario, seed, future):
    """In a whole run too, an agreed proposal comes into force at the latest next meeting of the boards that
    take part in it.
    """
    scenario = scenario.changed(off=(*scenario.off, "propose_merger"))  # a merged board meets for two
    _, log = simulation.run_with_log(scenario, seed, future)
    bench = Bench(scenario, seed)
    org, flow, places = begin_future(bench, future), bench.world.flow, bench.world.place
    on_board = scenario.regimes[scenario.regime].independent_providers == "on_board"

    def seated(i):
        return on_board or org[i]["kind"] != INDEPENDENT_PROVIDER

    kinds = {int(row["subject"]): int(row["second"]) for row in log if row["event_kind"] == TABLED}
    approved = {int(row["subject"]): int(row["event_month"]) for row in log if row["event_kind"] == APPROVED}
    for row in log[np.isin(log["event_kind"], CARRIED)]:
        month, serial, here = int(row["event_month"]), int(row["subject"]), places[int(row["other"])]
        takers = [int(here["council"]), int(here["commissioner"])]
        if kinds[serial] == SHIFT:
            takers += [int(here["network"])] if here["network"] >= 0 else []
            takers += [
                i
                for i in np.flatnonzero(flow[int(row["other"])] > 0.0)
                if org[i]["sector"] in (ACUTE, COMMUNITY) and seated(i)
            ]
        due = month + max(int(-(month + org[i]["phase"]) % org[i]["cycle"]) for i in takers)
        assert approved.get(serial) == (due if due < scenario.months else None)
