"""4.11 Trust goes where the evidence says: to 1, to 0, or to the fixed point of a mixture."""

import numpy as np
import pytest
from drive import Bench, live_together, toy_scenario
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import preset, seeds

from sim.engine import simulation

# What trust learns from besides promises is switched off.
ALONE = {"contact": 0.0, "effort_evidence": 0.0, "tender_evidence": 0.0, "leader_change": 0.0}


def bench(**params: float) -> Bench:
    return Bench(toy_scenario(preset("stp_2016", competition=0.0), {**ALONE, **params}))


def pairs(bench: Bench) -> np.ndarray:
    """Ordered pairs of two different bodies that exist."""
    here = bench.world.org["exists"] == 1
    return np.outer(here, here) & ~np.eye(len(here), dtype=bool)


def evidence(bench: Bench, months: int) -> np.ndarray:
    return np.zeros((months, *bench.world.trust.shape))


rates = st.floats(0.01, 0.2)
levels = st.floats(0.0, 1.0)


@pytest.mark.limiting
@given(rates, rates, levels)
@settings(max_examples=20)
def test_kept_promises_alone_lead_to_full_trust_and_broken_ones_to_none(up, down, start):
    for good, bad, end in ((1.0, 0.0, 1.0), (0.0, 1.0, 0.0)):
        where = bench(trust_up=up, trust_down=down, trust_start=start)
        months = evidence(where, 3000)
        path = live_together(where, months + good, months + bad)[:, pairs(where)]
        assert np.abs(path[-1] - end).max() < 1e-9
        # and never the other way on the road there
        assert (np.diff(path, axis=0) * (2 * end - 1) >= 0.0).all()


@pytest.mark.limiting
@pytest.mark.parametrize(
    ("up", "down", "chance"), [(0.03, 0.08, 0.8), (0.03, 0.08, 0.5), (0.08, 0.02, 0.3), (0.05, 0.05, 0.95)]
)
def test_a_mixture_of_kept_and_broken_promises_settles_between(up, down, chance):
    """Each month kept with probability p, else broken: in the long run up p / (up p + down (1 - p)) on
    average.
    """
    where = bench(trust_up=up, trust_down=down)
    months = evidence(where, 6000)
    kept = np.random.default_rng(3).random(months.shape) < chance
    path = live_together(where, kept * 1.0, ~kept * 1.0)[1000:, pairs(where)]
    means = path.mean(axis=0)  # one long-run mean a pair; pairs are independent
    expected = up * chance / (up * chance + down * (1.0 - chance))
    assert abs(means.mean() - expected) <= 4.0 * means.std(ddof=1) / np.sqrt(len(means))
    assert means.std() < 0.02


@pytest.mark.limiting
@given(
    rates,
    rates,
    st.floats(0.0, 1.0),
    st.floats(0.0, 1.0),
    st.floats(0.0, 0.3),
    st.floats(0.4, 0.9),
    st.floats(0.0, 0.1),
    levels,
)
@settings(max_examples=40)
def test_the_fixed_point_with_contact_and_leader_changes(up, down, good, bad, contact, cap, reset, neutral):
    """(up K + c' cap + rho t0) / (up K + c' + down B + rho), where contact binds, with rho = reset / (1 -
    reset).

    The reset comes after the month's evidence, so its weight relative to the rest is reset / (1 - reset),
    exactly.
    """
    where = bench(trust_up=up, trust_down=down, contact=contact, contact_cap=cap, trust_neutral=neutral)
    where.world.org["engagement"] = 1.0
    months = evidence(where, 4000)
    path = live_together(where, months + good, months + bad, reset)[:, pairs(where)]
    meeting = contact / (int(where.world.org["exists"].sum()) - 1)
    rho = reset / (1.0 - reset)

    def fixed(c: float) -> float:
        weight = up * good + c + down * bad + rho
        return (up * good + c * cap + rho * neutral) / weight if weight > 0.0 else float("nan")

    slowest = up * good + down * bad + rho
    if slowest < 0.01:
        return  # too slow to have arrived
    expected = fixed(meeting)
    # Contact pulls up only what is below the cap just before it acts, i.e. before the reset.
    before = (expected - reset * neutral) / (1.0 - reset)
    if before > cap + 1e-6:
        expected = fixed(0.0)
    elif before > cap - 1e-6:
        return
    assert np.abs(path[-1] - expected).max() < 1e-6


@pytest.mark.limiting
@given(seeds)
@settings(max_examples=3)
def test_contact_and_leaders_in_a_whole_run(seed):
    """Mean trust over futures follows the recursion of its mean, month by month: the leaders of a pair change
    independently.
    """
    params = {
        **ALONE,
        "contact": 0.3,
        "contact_cap": 0.9,
        "leader_change": 0.3,
        "leader_reset": 0.5,
        "trust_neutral": 0.2,
        "trust_start": 0.5,
        "engagement_base": 0.8,
        "commissioner_merger_rate": 0.0,
    }
    scenario = toy_scenario(
        preset("stp_2016", competition=0.0), params, months=60, off=("table", "engage", "stay")
    )
    output = simulation.run(scenario, 300, seed, threads=1)
    others = len(scenario.system.partners) - 1
    meeting = 0.3 / others * 0.8 * 0.8
    change = 1.0 - (1.0 - 0.3 * 0.5) ** 2
    expected, level = [], 0.5
    for month in range(60):
        if month % 12 == 0 and month > 0:
            level += change * (0.2 - level)
        level += meeting * (0.9 - level)
        expected.append(level)
    trust = output.system["trust"]
    error = trust.std(axis=0, ddof=1) / np.sqrt(len(trust))
    assert (np.abs(trust.mean(axis=0) - expected) <= 4.0 * error + 1e-7).all()


@pytest.mark.limiting
def test_a_new_body_starts_with_the_ties_it_inherits():
    """What happened before the statutory body was there taught the CCGs, whose ties it takes over, and not it
    once more.
    """
    scenario = toy_scenario(
        preset("stp_2016", competition=0.0),
        {**ALONE, "leave_evidence": 4.0, "reorganisation_reset": 0.5, "trust_neutral": 0.4},
        months=20,
        off=("table", "stay"),
        events=[{"month": 3, "do": "leave", "partner": "hospital_0"}],
    )
    scenario = scenario.changed(
        regimes={**scenario.regimes, "body": preset("option2", competition=0.0)}
    ).with_events({"month": 12, "do": "change_regime", "regime": "body"})
    ties = simulation.run(scenario, 1, threads=1, record="full").ties[0]
    names = list(scenario.system.partners)
    ccgs = [i for i, partner in enumerate(scenario.system.partners.values()) if partner.kind == "ccg"]
    left = names.index("hospital_0")
    inherited = 0.4 + 0.5 * (ties[11, ccgs, left].mean() - 0.4)
    assert ties[11, ccgs[0], left] < 0.45 * 0.7  # they did take it ill
    # To 1e-7: means over bodies are taken on the grid of 2**-24.
    assert ties[12, -1, left] == pytest.approx(inherited, abs=1e-7)
    assert ties[19, -1, left] == pytest.approx(inherited, abs=1e-7)
