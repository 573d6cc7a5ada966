"""4.13 The national body: grants of places, raids, status, special measures, and what they ask of the
programme team.
"""

import numpy as np
import pytest
from drive import Bench, toy_scenario, view
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import parameters, preset, seeds
from test_same_bytes import assert_same

from sim.declarations.dials import DIALS
from sim.declarations.parameters import PARAMETERS
from sim.engine import simulation
from sim.engine.starting_world import partner_names
from sim.kernel.compiled import entry
from sim.kernel.event_log import DIRECTORS_REMOVED, MEASURES_ENDED, PUT_IN_MEASURES, STATUS_WITHDRAWN
from sim.kernel.records import EVENT, TRANSFORMATION
from sim.rules.oversight.national_demands import make_demands
from sim.rules.oversight.raid import raid_fund
from sim.rules.oversight.special_measures import remove_directors, special_measures
from sim.rules.oversight.status import GRANTED, JOINED_UP, WITHDRAWN, review_status
from sim.rules.oversight.support import draw_on_fund, fund_left, give_support

HOSPITAL, PLACE = "hospital_1", "place_0"
SUPPORTS = tuple(DIALS["support"].words)
HUNDREDTHS = st.integers(0, 100).map(lambda number: number / 100.0)


def bench(params: dict[str, float] | None = None, places: int = 3, **dials) -> Bench:
    return Bench(toy_scenario(preset("joint_committee", **dials), params, places=places))


def row(of: Bench, name: str) -> int:
    return partner_names(toy_scenario(preset("joint_committee"), places=len(of.world.place)).system).index(
        name
    )


def all_money(of: Bench) -> float:
    return of.world.account.sum() + of.world.org["cash"].sum()


# --- support ---
@entry
def _give(world, par, dials, log):
    give_support(world, par[0], dials[0], log)


@entry
def _draw(world, at, cost, out):
    out[0] = fund_left(world.place, world.account, at)
    out[1] = draw_on_fund(world, at, cost)


def give(of: Bench) -> np.ndarray:
    """Grants of places, GBP m, after April."""
    _give(of.state, of.par, of.dials, of.log)
    return of.world.place["grant"]


def draw(of: Bench, at: int, cost: float) -> tuple[float, float]:
    out = np.zeros(2)
    _draw(of.state, at, cost, out)
    return float(out[0]), float(out[1])


@pytest.mark.limiting
@pytest.mark.parametrize("support", SUPPORTS)
@given(
    st.lists(HUNDREDTHS, min_size=3, max_size=3),
    st.lists(HUNDREDTHS, min_size=3, max_size=3),
    st.floats(0.0, 1.0),
)
@settings(max_examples=20)
def test_the_years_money_is_set_aside_as_the_dial_says(support, integration, deprivation, earmarked):
    """GBP 3 and 4 a head: the shares are those of the formula, and every pound of the fund is a place's or
    for all.
    """
    of = bench({"earmarked_share": earmarked}, support=support, devolved_fund=4.0)
    place = of.world.place
    place["integration"], place["deprivation"] = integration, deprivation
    people = place["population"]
    before = all_money(of)
    grants = give(of)
    assert all_money(of) == before
    assert of.world.account[TRANSFORMATION] == pytest.approx(7.0 * people.sum() / 1e6, rel=1e-6)
    score = {"per_head": np.ones(3), "ahead": place["integration"], "need": place["deprivation"]}[support]
    mean = (people * score).sum() / people.sum()
    due = people if mean <= 0.0 else people * score / mean
    assert np.allclose(grants, earmarked * 7.0 * due / 1e6, rtol=1e-5, atol=1e-6)
    assert of.world.account[TRANSFORMATION] >= grants.sum() and (grants >= 0.0).all()


@pytest.mark.limiting
@given(st.floats(0.0, 1.0), st.lists(st.tuples(st.integers(-1, 2), st.floats(0.0, 3.0)), max_size=12))
@settings(max_examples=30)
def test_a_place_draws_on_its_own_grant_and_what_is_for_all(earmarked, costs):
    """Never on another place's; nothing is overdrawn; all that is taken has gone to suppliers."""
    of = bench({"earmarked_share": earmarked, "transformation_fund": 5.0})
    grants = give(of).copy()
    for at, cost in costs:
        fund = of.world.account[TRANSFORMATION]
        others = np.delete(grants, at) if at >= 0 else grants
        left, paid = draw(of, at, cost)
        assert left == pytest.approx(fund - others.sum(), abs=1e-9)
        assert paid == min(cost, left)
        grants = of.world.place["grant"].copy()
        assert np.array_equal(np.delete(grants, at) if at >= 0 else grants, others)
        assert of.world.account[TRANSFORMATION] == pytest.approx(fund - paid, abs=1e-7)
        assert of.world.account[TRANSFORMATION] >= grants.sum() and (grants >= 0.0).all()


# --- raids ---
@entry
def _raid(world, dials, log):
    raid_fund(world, dials[0], log)


@pytest.mark.limiting
@pytest.mark.parametrize("month", [11, 5])
@given(st.floats(0.0, 1.0), st.lists(st.floats(-6.0, 3.0), min_size=4, max_size=4), st.floats(0.0, 1.0))
@settings(max_examples=30)
def test_a_raid_fills_what_trusts_lack_and_leaves_what_is_ring_fenced(month, fence, rooms, earmarked):
    """In March alone; in proportion; never more than they lack; the fund, its grants and all money hold."""
    of = bench({"earmarked_share": earmarked}, ring_fence=fence)
    give(of)
    org = of.world.org
    trusts = [i for i, sector in enumerate(org["sector"]) if sector > 0]
    org["balance_year"][:] = -5.0  # commissioners and councils lack money too, and get none
    org["balance_year"][trusts] = np.round(np.array(rooms) * 2.0**20) / 2.0**20
    of.world.now["month"], of.world.now["calendar"] = month, month
    lacks, fund, before = (
        np.maximum(0.0, -org["balance_year"]),
        of.world.account[TRANSFORMATION],
        all_money(of),
    )
    grants, held = of.world.place["grant"].copy(), org["cash"].copy()
    _raid(of.state, of.dials, of.log)
    got = org["cash"] - held
    assert all_money(of) == before
    assert of.world.board["raided"][0] == got.sum() == pytest.approx(fund - of.world.account[TRANSFORMATION])
    assert (got[[i for i in range(len(org)) if i not in trusts]] == 0.0).all()
    due = min((1.0 - fence) * fund, lacks[trusts].sum()) if month == 11 else 0.0
    assert got.sum() == pytest.approx(due, abs=1e-4)
    if due > 1e-3:
        assert np.allclose(got[trusts], due * lacks[trusts] / lacks[trusts].sum(), atol=1e-4)
        if due == lacks[trusts].sum():
            assert (org["balance_year"][trusts] >= 0.0).all(), "a hole that is filled is filled wholly"
    left = of.world.place["grant"]
    assert (left >= 0.0).all() and (left <= grants).all() and left.sum() <= of.world.account[TRANSFORMATION]
    assert np.allclose(left, grants * (1.0 - got.sum() / fund), atol=1e-4)


# --- status and demands ---
@entry
def _review(world, par, log):
    review_status(world, par[0], log)
    make_demands(par[0], world.org, world.board)


def review(
    of: Bench, engagement: float, margin: float, integration: float, month: int = 11
) -> tuple[int, float, float, np.ndarray]:
    """(status, demands, delegated, events) after a review of a system in this state."""
    of.world.org["engagement"], of.world.org["margin_last"], of.world.place["integration"] = (
        engagement,
        margin,
        integration,
    )
    of.world.now["month"] = of.world.now["calendar"] = month
    log = np.zeros(8, EVENT)
    _review(of.state, of.par, view(log))
    board = of.world.board[0]
    return (
        int(board["status"]),
        float(board["demands"]),
        float(board["delegated_budget"]),
        log[1 : 1 + int(log[0]["event_month"])],
    )


@pytest.mark.limiting
def test_status_is_earned_by_all_criteria_and_lost_by_a_clear_failure():
    asked = {"status_engagement": 0.5, "status_deficit": 0.02, "status_integration": 0.3, "status_slack": 0.2}
    of = bench(asked)
    par = of.prepared.par[0]
    plain = par["national_demands"]
    good, bad = (0.5, -0.02, 0.3), (0.49, -0.0201, 0.29)
    assert of.world.board["demands"][0] == plain
    for which in range(3):
        state = [bad[k] if k == which else good[k] for k in range(3)]
        status, demands, delegated, events = review(of, *state)
        assert (status, demands, delegated) == (0, plain, 0.0)
        assert events[0]["amount"] == which and events[0]["second"] == pytest.approx(bad[which])
    assert review(of, *good, month=10)[0] == 0, "only in March"
    status, demands, delegated, _ = review(of, *good)
    assert status == GRANTED and demands == pytest.approx(plain * (1.0 - par["status_autonomy"]))
    assert delegated == pytest.approx(par["status_delegated"] * of.world.place["primary"].sum(), rel=1e-6)
    assert review(of, *bad)[0] == GRANTED, "what is missed by little is overlooked"
    status, demands, delegated, events = review(of, 0.5, -0.02, 0.23)
    assert (status, delegated) == (WITHDRAWN, 0.0) and demands == pytest.approx(
        plain * (1.0 + par["intervention_demands"])
    )
    assert (
        events[0]["event_kind"] == STATUS_WITHDRAWN
        and events[0]["amount"] == JOINED_UP
        and events[0]["second"] == pytest.approx(0.23)
    )
    assert review(of, *bad)[0] == WITHDRAWN and review(of, *good)[0] == GRANTED


@pytest.mark.limiting
def test_bodies_that_left_count_against_governance():
    of = bench({"status_engagement": 0.5, "status_integration": 0.1})
    of.world.org["membership"][: len(of.world.org) // 2] = 0
    status, *_, events = review(of, 0.6, 0.0, 0.3)
    assert status == 0 and events[0]["amount"] == 0.0 and events[0]["second"] < 0.5


@pytest.mark.limiting
def test_trusts_in_special_measures_add_demands():
    of = bench()
    par, org = of.prepared.par[0], of.world.org
    trusts = org["sector"] > 0
    for held in range(trusts.sum() + 1):
        org["special"][np.flatnonzero(trusts)[:held]] = 1
        _, demands, *_ = review(of, 0.0, 0.0, 0.0, month=3)
        assert demands == pytest.approx(
            par["national_demands"] * (1.0 + par["intervention_demands"] * held / trusts.sum())
        )


# --- special measures ---
@entry
def _watch(world, par, log, months):
    for _ in range(months):
        special_measures(world, par[0], log)
        world.now.month += 1


@entry
def _remove(world, par, log):
    remove_directors(world, par[0], log)


def watch(of: Bench, months: int) -> np.ndarray:
    """Special measures of each body after so many months more."""
    _watch(of.state, of.par, of.log, months)
    return of.world.org["special"]


@pytest.mark.limiting
@pytest.mark.parametrize("failing", [{"margin_last": -0.1}, {"quality": 0.5}])
def test_a_trust_enters_after_failing_for_long_and_leaves_after_recovering(failing):
    of = bench({"special_chance": 12.0, "special_months": 4.0, "special_support": 0.012})
    org, who = of.world.org, row(bench(), HOSPITAL)
    org["quality"], sound = 0.9, {"margin_last": 0.0, "quality": 0.9}
    before = all_money(of)
    for field, value in failing.items():
        org[field][who] = value
    assert not watch(of, 3).any()
    for field in failing:
        org[field][who] = sound[field]
    assert not watch(of, 5).any(), "a short bad spell is forgotten"
    for field, value in failing.items():
        org[field][who] = value
    assert watch(of, 4)[who] == 1 and of.world.org["special"].sum() == 1
    watch(of, 5)
    assert (
        org["cash"][who] == pytest.approx(5 * 0.001 * 100.0 * org["scale"][who], rel=1e-6)
        and all_money(of) == before
    )
    for field in failing:
        org[field][who] = sound[field]
    assert watch(of, 3)[who] == 1 and watch(of, 1)[who] == 0


@pytest.mark.limiting
def test_a_commissioner_enters_by_its_deficit_alone():
    """It has no quality of its own to fail by (4.13: failing bodies, not trusts alone); a council is no NHS
    body.
    """
    of = bench({"special_chance": 12.0, "special_months": 4.0})
    org, council, ccg = of.world.org, row(of, f"{PLACE}_council"), row(of, f"{PLACE}_ccg")
    org["quality"][org["base_activity"] > 0] = 0.9
    assert org["quality"][ccg] == 0.0 and not watch(of, 12).any()
    org["margin_last"][[ccg, council]] = -0.1
    assert watch(of, 4)[ccg] == 1 and of.world.org["special"].sum() == 1


@pytest.mark.limiting
def test_removed_directors_leave_ties_as_with_a_new_leader():
    of = bench(
        {"removal_chance": 12.0, "removal_engagement": 0.25, "leader_reset": 0.4, "trust_neutral": 0.3}
    )
    org, trust, who = of.world.org, of.world.trust, row(bench(), HOSPITAL)
    trust[:] = 0.8
    org["special"][who] = 1
    engagement = org["engagement"].copy()
    _remove(of.state, of.par, of.log)
    others = [i for i in range(len(org)) if i != who]
    assert np.allclose(trust[who, others], 0.3 + 0.6 * 0.5) and np.allclose(
        trust[others, who], 0.3 + 0.6 * 0.5
    )
    assert np.array_equal(trust[np.ix_(others, others)], np.full((len(others), len(others)), 0.8))
    assert org["engagement"][who] == pytest.approx(0.75 * engagement[who]) and np.array_equal(
        org["engagement"][others], engagement[others]
    )


@pytest.mark.limiting
def test_a_run_counts_what_its_minutes_tell():
    """Trusts in special measures = those put in less those that left, while none merges; and only these lose
    their directors.
    """
    params = {"special_chance": 12.0, "special_months": 2.0, "special_deficit": 0.02, "removal_chance": 6.0}
    output, log = simulation.run_with_log(
        toy_scenario(preset("joint_committee"), params, months=60, off=("propose_merger",)), 1, 0
    )
    held = output.system["special_measures"][0]
    change = {PUT_IN_MEASURES: 1, MEASURES_ENDED: -1}
    known: set[int] = set()
    for month in range(60):
        now = log[log["event_month"] == month]
        assert set(now["who"][now["event_kind"] == DIRECTORS_REMOVED]) <= known
        for event in now:
            step = change.get(int(event["event_kind"]), 0)
            known = (
                known | {int(event["who"])}
                if step > 0
                else known - {int(event["who"])}
                if step < 0
                else known
            )
        assert held[month] == len(known)
    assert held.max() > 0 and held.min() == 0 and (log["event_kind"] == DIRECTORS_REMOVED).any()


# --- neutral ---
NEUTRAL = {"earmarked_share": 0.0, "special_chance": 0.0, "status_autonomy": 0.0, "intervention_demands": 0.0}


@pytest.mark.limiting
@given(parameters(), seeds, st.sampled_from(["joint_committee", "stp_2016"]), st.sampled_from(SUPPORTS))
@settings(max_examples=10)
def test_at_neutral_settings_the_rules_leave_no_trace(drawn, seed, name, support):
    """Whatever their other parameters, and with the steps off: the same run, but for the name of status."""
    varied = {key: value for key, value in drawn.items() if PARAMETERS[key].group == "nation"}
    off = ("remove_directors", "special_measures", "raid_fund", "review_status", "make_demands")
    one, other = (
        simulation.run(
            toy_scenario(preset(name, ring_fence=1.0, support=support), {**params, **NEUTRAL}, off=steps),
            2,
            seed,
            threads=1,
        )
        for params, steps in ((varied, ()), ({}, off))
    )
    for output in (one, other):
        output.system["status"] = output.system["delegated_budget"] = 0.0
        output.summary[:] = 0.0
    assert_same(one, other)
    assert (one.system["demands"] == PARAMETERS["national_demands"].default).all() and not one.system[
        "raided"
    ].any()


@pytest.mark.limiting
@pytest.mark.parametrize("support", SUPPORTS)
def test_without_strength_support_goes_by_heads(support):
    same = [
        simulation.run(
            toy_scenario(preset("joint_committee", support=each), {"support_strength": 0.0}, places=3),
            3,
            5,
            threads=1,
        )
        for each in (support, "per_head")
    ]
    assert_same(*same)


@pytest.mark.limiting
def test_an_unfenced_fund_leaves_less_for_change_and_smaller_deficits():
    params = {"squeeze": 0.03}
    fenced, open_ = (
        simulation.run(
            toy_scenario(preset("joint_committee", ring_fence=fence), params), 10, 5, threads=1
        ).system
        for fence in (1.0, 0.0)
    )
    assert not fenced["raided"].any() and (open_["raided"][:, -1] > 0.0).all()
    assert np.array_equal(open_["ledger"], np.zeros_like(open_["ledger"]))
    assert (np.diff(open_["raided"], axis=1) >= 0.0).all()
