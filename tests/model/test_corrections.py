"""Cases that once went wrong: Aprils of the squeeze, loads of harmful shifts, own boards switched off,
queues, savings, first meetings.
"""

import numpy as np
import pytest
from drive import Bench, begin_future, end_of, toy_scenario
from scenarios import preset
from test_leavers import QUIET, quiet, row, with_project

from sim import simulate
from sim.declarations.parameters import PARAMETERS
from sim.engine import simulation
from sim.inputs.problems import BadInput
from sim.kernel.event_log import UNHEARD
from sim.kernel.records import IN_FORCE, POOL, RATIFYING, RUNNING, TABLE

STILL = {"cost_noise": 0.0, "forced_efficiency": 0.0}


@pytest.mark.limiting
@pytest.mark.parametrize("years", [0, 1, 4])
def test_the_squeeze_acts_in_as_many_aprils_as_it_has_years(years):
    scenario = quiet(85, params={**STILL, "squeeze": 0.05, "squeeze_later": 0.01, "squeeze_years": years})
    index = end_of(simulation.prepare(scenario, 1)).org["cost_index"]
    providers = index > 1.0
    assert providers.sum() == 4 and index[providers] == pytest.approx(1.05**years * 1.01 ** (7 - years))


@pytest.mark.limiting
@pytest.mark.parametrize("truth", [1.0, 0.3, 0.0, -0.5])
def test_the_councils_load_follows_the_care_that_really_moves(truth):
    def load(how_true: float) -> float:
        return float(
            end_of(with_project(quiet(1), stage=IN_FORCE, truth=how_true, rise=0.1, load=2.4)).place[0][
                "care_load"
            ]
        )

    assert load(1.0) > 0.0
    assert load(truth) == pytest.approx(max(0.0, truth) * load(1.0), abs=1e-12)


@pytest.mark.limiting
@pytest.mark.parametrize("off", ["ratify", "intend_ratification"])
def test_without_either_step_of_ratification_there_is_none(off):
    """What is carried comes into force in the same month, as under a regime that asks no own boards."""
    params = {"programme_rate": 2.0, "merger_rate": 0.0, "weight_reconfigure": 0.0}
    with_boards, without, never_asked = (
        toy_scenario(preset("stp_2016", **dials), params, months=40, off=steps)
        for dials, steps in (({}, ()), ({}, (off,)), ({"ratification": "none"}, ()))
    )
    assert not (end_of(simulation.prepare(without, 3)).project["stage"] == RATIFYING).any()
    names = ("agreed", "died", "integration", "trust", "balance", "value")
    off_, none_, all_ = (
        simulation.run(scenario, 5, 3, threads=1).system for scenario in (without, never_asked, with_boards)
    )
    assert all(np.array_equal(off_[name], none_[name]) for name in names)
    assert off_["agreed"][:, -1].sum() > 0 and not np.array_equal(off_["agreed"], all_["agreed"])


@pytest.mark.limiting
def test_resentment_fades_without_engagement():
    prepared = simulation.prepare(toy_scenario(preset("stp_2016"), QUIET, months=18, off=("engage",)), 1)
    prepared.world.org["resentment"] = 0.5
    faded = end_of(prepared).org["resentment"][:-1]
    assert faded == pytest.approx(0.5 * (1.0 - PARAMETERS["resentment_fade"].default) ** 18)


@pytest.mark.limiting
def test_what_queues_too_long_dies_unheard():
    """One item a month, three proposals: after its time nothing is left in the queue, and nobody is
    blamed.
    """
    params = {
        "programme_rate": 3.0,
        "case_months": 0.0,
        "procurement_months": 0.0,
        "meeting_items": 1.0,
        "table_months": 4.0,
        "noise": 1.0,
        "merger_rate": 0.0,
        "resolution_months": 0.0,
    }
    scenario = toy_scenario(preset("stp_2016", subsidiarity=0.0), params, months=40)
    waiting = end_of(simulation.prepare(scenario, 3)).project
    waiting = waiting[(waiting["stage"] == TABLE) & (waiting["wait"] == 0)]
    assert (39 - waiting["tabled"] < 4).all()
    output, log = simulation.run_with_log(scenario, 3, 0)
    unheard = log[log["event_kind"] == UNHEARD]
    assert len(unheard) > 0 and (unheard["amount"] >= 4.0).all() and (output.system["ledger"] == 0.0).all()


@pytest.mark.limiting
@pytest.mark.parametrize("gain", [12.0, 1e4])
def test_what_a_pool_saves_lowers_a_commissioners_cost_and_is_no_income(gain):
    scenario, who = quiet(2), row(quiet(2), "place_0_ccg")

    def account(saves: float) -> np.void:
        prepared = with_project(
            scenario, stage=RUNNING, kind=POOL, phased=24, realised=PARAMETERS["phase_months"].default
        )
        prepared.world.stake["gain"][0, who] = saves
        return end_of(prepared).org[who]

    plain, pooled = account(0.0), account(gain)
    assert pooled["income"] == plain["income"]
    running = plain["cost"] - plain["contracts"]
    assert running > 1.0 and plain["running"] == pytest.approx(running)
    assert plain["cost"] - pooled["cost"] == pytest.approx(min(gain / 12.0, running), abs=1e-6)
    assert pooled["balance"] == pooled["income"] - pooled["cost"]


@pytest.mark.limiting
def test_the_statutory_bodys_board_meets_every_month():
    bench = Bench(toy_scenario(preset("option2"), {"longest_cycle": 12.0}))
    for future in range(5):
        org = begin_future(bench, future)
        assert org["cycle"][-1] == 1 and org["phase"][-1] == 0
        assert org["cycle"][:-1].max() > 1


@pytest.mark.parametrize(("first", "futures"), [(2**32 - 1, 2), (1, 2**32)])
def test_a_future_without_a_number_is_refused(first, futures):
    for run in (simulation.run, simulate):
        if run is simulate and futures > 10**8:
            continue  # refused for their number
        with pytest.raises(BadInput, match=r"first \+ futures = \d+: must be at most 4294967296"):
            run(quiet(1), futures, first=first)


def test_the_last_future_has_a_number():
    assert int(simulate(quiet(1), 1, first=2**32 - 1).future[0]) == 2**32 - 1
