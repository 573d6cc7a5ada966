"""4.12 What leaving does to projects, what is remembered of them, and what a law does that bars the way
out.
"""

import numpy as np
import pytest
from drive import end_of, toy_scenario
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import preset, scenarios, seeds

from sim.declarations.parameters import PARAMETERS
from sim.engine import simulation
from sim.engine.starting_world import partner_names
from sim.kernel.records import (
    CONSULTING,
    IN_FORCE,
    LEFT,
    MEMBER,
    POOL,
    RATIFYING,
    RUNNING,
    SHIFT,
    TABLE,
    VOTE,
)
from sim.scenario.scenario import Scenario

QUIET = {
    "programme_rate": 0.0,
    "merger_rate": 0.0,
    "commissioner_merger_rate": 0.0,
    "exit_barrier": float("inf"),
}
PARTS = {"hospital_0": 0.4, "place_0_ccg": 0.35, "place_0_council": 0.25}


def quiet(
    months: int, events: list | None = None, params: dict[str, float] | None = None, **dials
) -> Scenario:
    """Nothing happens but what a test sets up."""
    return toy_scenario(
        preset("stp_2016", **dials), {**QUIET, **(params or {})}, months=months, events=events or []
    )


def with_project(scenario: Scenario, **fields: float) -> simulation.Prepared:
    """Month 0 with one project in place 0, joined by those named in PARTS, each with its part and a gain of
    2.
    """
    prepared = simulation.prepare(scenario, 1)
    item, rows = prepared.world.project[0], partner_names(scenario.system)
    for name, value in {
        "serial": 1,
        "kind": SHIFT,
        "place": 0,
        "sponsor": -1,
        "truth": 1.0,
        "taking_part": 1.0,
        **fields,
    }.items():
        item[name] = value
    for name, part in PARTS.items():
        mine = prepared.world.stake[0, rows.index(name)]
        mine["part"], mine["joins"], mine["say"], mine["vote"], mine["gain"], mine["commitment"] = (
            part,
            1,
            VOTE,
            1,
            2.0,
            1.0,
        )
    prepared.world.board["serials"] = 1
    return prepared


def row(scenario: Scenario, name: str) -> int:
    return partner_names(scenario.system).index(name)


# --- what is remembered ---
@pytest.mark.limiting
@pytest.mark.parametrize("fade", [0.0, 0.02, 1.0])
@pytest.mark.parametrize("truth", [1.0, 0.25, -0.5])
def test_what_a_finished_project_brought_fades_and_does_not_vanish(fade, truth):
    """Its slot is emptied in the first month; what was true and realised of its gain fades from then on."""
    phase = PARAMETERS["phase_months"].default
    for months in (1, 25):
        scenario = quiet(months, params={"gain_fade": fade})
        world = end_of(with_project(scenario, stage=RUNNING, phased=phase, realised=0.5 * phase, truth=truth))
        assert world.project[0]["stage"] == 0
        expected = 2.0 * truth * 0.5 * (1.0 - fade) ** months
        for name in PARTS:
            assert world.org[row(scenario, name)]["gain"] == pytest.approx(expected, abs=1e-15), months
        assert world.org[row(scenario, "hospital_1")]["gain"] == 0.0


# --- leavers and their projects ---
@pytest.mark.limiting
@pytest.mark.parametrize("stage", [RATIFYING, CONSULTING])
def test_nobody_waits_for_the_board_of_a_body_that_has_left(stage):
    """The others have approved: the project comes into force without the leaver, which takes no part."""
    scenario = quiet(
        2,
        [{"month": 0, "do": "leave", "partner": "place_0_council"}],
        {"consultation_months": 0.0, "referral": 0.0},
    )
    prepared = with_project(scenario, stage=stage, consulted=1)
    prepared.world.stake["ratified"][0] = 1
    prepared.world.stake["ratified"][0, row(scenario, "place_0_council")] = 0
    item, leaver = (world := end_of(prepared)).project[0], world.stake[0, row(scenario, "place_0_council")]
    assert item["stage"] == IN_FORCE and item["phased"] == 2
    assert leaver["joins"] == 0 and item["taking_part"] == 0.75


@pytest.mark.limiting
def test_a_pool_that_a_body_leaves_goes_back_to_the_table():
    scenario = quiet(
        1,
        [{"month": 0, "do": "leave", "partner": "place_0_council"}],
        {"longest_cycle": 1.0, "ratification_noise": 0.0},
    )
    world = end_of(with_project(scenario, stage=RATIFYING, kind=POOL))
    assert (
        world.project[0]["stage"] == TABLE
        and world.board[0]["agreed"] == 0
        and world.project[0]["referrals"] == 0
    )


@pytest.mark.limiting
@given(
    st.lists(st.sampled_from(sorted(PARTS)), max_size=2, unique=True),
    st.lists(st.integers(0, 2**26), min_size=6, max_size=6),
)
@settings(max_examples=20)
def test_compensation_still_adds_up_without_the_leavers(who, amounts):
    """Not yet in force: what is paid is what is received, whoever is gone; those who stay are promised no
    more than they were.
    """
    scenario = quiet(1, [{"month": 0, "do": "leave", "partner": name} for name in who])
    prepared = with_project(scenario, stage=RATIFYING, wait=5)
    rows = [row(scenario, name) for name in PARTS]
    pays, gets = np.array(amounts[:3]) / 2.0**24, np.array(amounts[3:]) / 2.0**24
    total = gets.sum()
    pays = pays * (total / max(pays.sum(), 1e-9))
    prepared.world.stake["pays"][0, rows], prepared.world.stake["receives"][0, rows] = pays, gets
    prepared.world.project["compensation"][0] = total if pays.sum() > 0 else 0.0
    prepared.world.org["cycle"] = 100
    item, stake = (world := end_of(prepared)).project[0], world.stake[0]
    assert (stake["receives"][rows] <= gets + 1e-6).all()
    assert (stake["joins"][rows] == [name not in who for name in PARTS]).all()
    if pays.sum() > 0:
        assert stake["pays"].sum() == pytest.approx(item["compensation"], abs=1e-6)
        assert stake["receives"].sum() == pytest.approx(item["compensation"], abs=1e-6)
    assert all(
        stake[r]["pays"] == stake[r]["receives"] == 0.0
        for r, name in zip(rows, PARTS, strict=True)
        if name in who
    )


@pytest.mark.limiting
def test_in_force_a_leavers_part_lapses_and_holds_nobody_back():
    """The rest realise what the rest hold: their share is their own effort, as if the leaver had never been
    in.
    """
    scenario = quiet(3, [{"month": 0, "do": "leave", "partner": "hospital_0"}])
    began = {"stage": IN_FORCE, "phased": 12, "realised": 6.0}
    world = end_of(with_project(scenario, **began))
    alone = with_project(scenario, taking_part=0.6, **began)
    alone.world.stake["joins"][0, row(scenario, "hospital_0")] = 0
    assert world.project[0]["taking_part"] == pytest.approx(0.6) and world.project[0]["phased"] == 15
    assert world.project[0]["realised"] == pytest.approx(end_of(alone).project[0]["realised"], abs=1e-6)
    assert world.project[0]["realised"] > 6.0 + 3 * 0.45, "effort of those who stay, not a mean with nothing"
    seen = 2.0 * 6.0 / PARAMETERS["phase_months"].default * (1.0 - PARAMETERS["gain_fade"].default) ** 3
    assert world.org[row(scenario, "hospital_0")]["gain"] == pytest.approx(seen), (
        "and what it had gained so far fades"
    )


@pytest.mark.limiting
def test_a_pool_lasts_until_april_and_then_dissolves_fully_realised_or_not():
    events = [{"month": 2, "do": "leave", "partner": "place_0_council"}]
    for months, stage in ((12, IN_FORCE), (13, 0)):
        assert (
            end_of(with_project(quiet(months, events), stage=IN_FORCE, kind=POOL)).project[0]["stage"]
            == stage
        )


@pytest.mark.limiting
@given(
    scenarios(
        params={
            "exit_barrier": 0.05,
            "leaving_months": 2.0,
            "programme_rate": 2.0,
            "merger_rate": 2.0,
            "merger_from": 0.05,
        }
    ),
    seeds,
)
@settings(max_examples=30)
def test_no_body_that_has_left_takes_part_in_what_goes_on(scenario, seed):
    """And the part held is the sum of the parts of those who take part."""
    world = end_of(simulation.prepare(scenario, seed))
    gone = (world.org["exists"] == 1) & (world.org["membership"] == LEFT)
    for item, stake in zip(world.project, world.stake, strict=True):
        if item["stage"] in (RATIFYING, CONSULTING) or (item["stage"] == IN_FORCE and item["kind"] != POOL):
            assert not stake["joins"][gone].any()
            assert item["taking_part"] == pytest.approx(stake["part"][stake["joins"] == 1].sum(), abs=1e-6)
    assert set(np.unique(world.stake["joins"])) <= {0, 1}


# --- a law that bars exit ---
@pytest.mark.limiting
@pytest.mark.parametrize(("bar", "councils"), [("barred", MEMBER), ("nhs_barred", LEFT), ("free", LEFT)])
def test_a_law_that_bars_exit_makes_leavers_members_again(bar, councils):
    """All have left but one that an event took away; it stays away, and those brought back resent it."""
    laws = {"law": preset("stp_2016"), "closed": preset("stp_2016", exit=bar)}
    params = {"exit_barrier": -float("inf"), "leaving_months": 1.0, "programme_rate": 0.0, "merger_rate": 0.0}
    scenario = toy_scenario(laws["law"], params, months=7).changed(
        regimes=laws,
        events=[
            {"month": 2, "do": "leave", "partner": "hospital_0"},
            {"month": 6, "do": "change_regime", "regime": "closed"},
        ],
    )
    output = simulation.run(scenario, 1, threads=1, record="full")
    members, resentment = output.partner["membership"][0], output.full["partner_resentment"][0, 6]
    assert (members[5, :-1] == LEFT).all()
    for i, (name, partner) in enumerate(scenario.system.partners.items()):
        back = councils if partner.kind == "council" else LEFT if bar == "free" else MEMBER
        assert members[6, i] == (LEFT if name == "hospital_0" else back)
        assert (resentment[i] > 0.5) == (members[6, i] == MEMBER)
    assert output.system["returns"][0, 6] == (members[6] == MEMBER).sum()
