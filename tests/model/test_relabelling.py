"""The same system written down in another order gives the same run relabelled: no rule depends on who comes
first.
"""

from collections import Counter

import numpy as np
import pytest
from drive import toy_scenario
from hashes import busy_scenarios
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import PRESETS, preset, scenarios, seeds
from toy import toy_system

from sim.declarations import indicators
from sim.declarations.event_kinds import EVENT_KINDS, TWO_BODIES
from sim.engine import simulation
from sim.engine.starting_world import partner_names
from sim.kernel.event_log import COMPENSATED, EVENT_NAMES, POOL_DISSOLVED
from sim.scenario.scenario import Scenario

FUTURES = 2
MONEY = (
    "balance",
    "nhs_balance",
    "compensation",
    "fund_earned",
    "contracts_paid",
    "contracts_received",
    "ledger",
    "partner_balance",
    "partner_income",
    "partner_cost",
    "partner_cash",
    "partner_fund_earned",
    "partner_paid",
    "partner_received",
    "raided",
)
DECISIONS = (
    "members",
    "tabled",
    "agreed",
    "imposed",
    "partial",
    "delivered",
    "fell_short",
    "died",
    "bad_passed",
    "bad_blocked",
    "good_blocked",
    "found_out",
    "refused_table",
    "promises_due",
    "promises_kept",
    "walk_aways",
    "walk_aways_council",
    "returns",
    "meetings",
    "mergers",
    "trusts",
    "commissioners",
    "mergers_voluntary",
    "mergers_directed",
    "mergers_blocked",
    "mergers_commissioners",
    "status",
    "special_measures",
    "delegated",
    "adopted",
    "revoked",
    "in_the_red",
    "exists",
    "membership",
    "project_kind",
    "project_tabled",
    "project_decided",
    "project_outcome",
    "project_delivered",
    "project_harmful",
    "project_imposed",
    "project_partial",
)
# Means over all, which no rule reads: these may differ in the last bits.
MEANS = tuple(name for name in indicators.SYSTEM if name not in MONEY and name not in DECISIONS)


def reordered(scenario: Scenario, partners: list[str], places: list[str]) -> Scenario:
    """The same scenario with its partners and places in another order."""
    system = scenario.system.model_dump()
    system["partners"] = {name: system["partners"][name] for name in partners}
    system["places"] = {name: system["places"][name] for name in places}
    system["flows"] = {
        sector: {name: rows[name] for name in places} for sector, rows in system["flows"].items()
    }
    return scenario.changed(system=system)


def same(one: np.ndarray, other: np.ndarray) -> None:
    """Means to 1e-9. All else to the last bit: what is a bit off today is another pound, and another vote,
    one day.
    """
    for name in one.dtype.names:
        if name in MEANS:
            assert np.allclose(one[name], other[name], rtol=0.0, atol=1e-9, equal_nan=True), name
        else:
            assert np.array_equal(one[name], other[name], equal_nan=True), name


def events(scenario: Scenario, seed: int, future: int) -> tuple[Counter, np.ndarray]:
    """What happened, in names: how often each (month, kind, who, other, project), and the figures in the
    order of these.
    """
    _, log = simulation.run_with_log(scenario, seed, future)
    bodies, places = partner_names(scenario.system), list(scenario.system.places)
    rows = []
    for row in log:
        kind = EVENT_KINDS[EVENT_NAMES[row["event_kind"]]]
        others = bodies if kind.about == TWO_BODIES else places
        who = bodies[row["who"]] if row["who"] >= 0 else ""
        other = others[row["other"]] if row["other"] >= 0 else ""
        figures = (float(row["amount"]), float(row["second"]), float(row["third"]))
        rows.append(
            ((int(row["event_month"]), int(row["event_kind"]), who, other, int(row["subject"])), figures)
        )
    rows.sort()
    return Counter(key for key, _ in rows), np.array([figures for _, figures in rows])


def assert_same_run(scenario: Scenario, partners: list[str], places: list[str], seed: int) -> None:
    """The scenario as it stands and in another order: the same run."""
    other = reordered(scenario, partners, places)
    first = simulation.run(scenario, FUTURES, seed, threads=1, record="full")
    second = simulation.run(other, FUTURES, seed, threads=1, record="full")
    old_rows = partner_names(scenario.system)
    row = [old_rows.index(name) for name in partner_names(other.system)]
    spot = [list(scenario.system.places).index(name) for name in places]

    same(first.system, second.system)
    same(first.partner[:, :, row], second.partner)
    same(first.full[:, :, row], second.full)
    same(first.place[:, :, spot], second.place)
    assert np.array_equal(first.ties[:, :, row][:, :, :, row], second.ties)
    history = second.history.copy()
    placed = history["project_place"] >= 0
    history["project_place"][placed] = np.array(spot)[history["project_place"][placed].astype(int)]
    same(first.history, history)
    assert np.array_equal(first.history["project_place"], history["project_place"], equal_nan=True)

    (what, figures), (same_what, same_figures) = events(scenario, seed, 0), events(other, seed, 0)
    assert what == same_what
    assert np.allclose(figures, same_figures, rtol=0.0, atol=1e-9, equal_nan=True)


@pytest.mark.limiting
@given(scenarios(), seeds, st.randoms(use_true_random=False))
@settings(max_examples=120)
def test_the_order_of_partners_and_places_does_not_matter(scenario, seed, chance):
    partners, places = list(scenario.system.partners), list(scenario.system.places)
    chance.shuffle(partners)
    chance.shuffle(places)
    assert_same_run(scenario, partners, places, seed)


def backwards(scenario: Scenario, seed: int) -> None:
    assert_same_run(
        scenario, list(reversed(scenario.system.partners)), list(reversed(scenario.system.places)), seed
    )


@pytest.mark.limiting
@pytest.mark.parametrize(
    ("name", "seed"),
    [*((name, 7) for name in PRESETS), ("stp_2016", 8), ("joint_committee", 8), ("option2", 8)],
)
def test_order_does_not_matter_where_much_is_going_on(name, seed):
    """Pressure, harm, breaches, departures, a return, and changes of law."""
    backwards(busy_scenarios()[name].changed(system=toy_system(3, 3), months=60), seed)


@pytest.mark.limiting
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_does_not_matter_when_both_partners_leave_a_pool(seed):
    """The minutes name one of the two: not the one listed first."""
    params = {
        "weight_pool": 1.0,
        "weight_shift": 0.0,
        "weight_risk_share": 0.0,
        "programme_rate": 3.0,
        "phase_months": 3.0,
        "case_months": 0.0,
        "harmful": 0.0,
        "pool_gain": 0.06,
        "noise": 0.0,
    }
    leavers = [f"place_{p}_{kind}" for p in range(3) for kind in ("ccg", "council")]
    events_ = [{"month": 21, "do": "leave", "partner": who} for who in leavers]
    scenario = toy_scenario(
        preset("stp_2016", ratification="none"), params, places=3, months=30, events=events_
    )
    _, log = simulation.run_with_log(scenario, seed, 0)
    assert (log["event_kind"] == POOL_DISSOLVED).sum() >= 2
    backwards(scenario, seed)


@pytest.mark.limiting
@pytest.mark.parametrize("rule", ["majority", "supermajority"])
def test_order_does_not_matter_when_two_cost_the_same_to_win_over(rule):
    """Hospitals alike in everything but their names, of which not all are paid: a drawn key says which, not
    the list.
    """
    system = toy_system(1, 4)
    for hospital in (f"hospital_{h}" for h in range(4)):
        system["partners"][hospital].update(kind="nhs_trust", outside_income=10.0)
        system["flows"]["acute"]["place_0"][hospital] = 0.25
    system["flows"]["acute"]["place_0"]["outside"] = 0.0
    quiet = dict.fromkeys(
        (
            "noise",
            "ratification_noise",
            "luck",
            "harmful",
            "start_margin_spread",
            "cost_noise",
            "weight_pool",
        ),
        0.0,
    )
    law = preset("joint_committee", decision_rule=rule, threshold=0.6, block=0.1)
    scenario = toy_scenario(
        law, {**quiet, "weight_risk_share": 0.0, "programme_rate": 2.0}, months=40
    ).changed(system=system)
    _, log = simulation.run_with_log(scenario, 1, 0)
    paid = log[log["event_kind"] == COMPENSATED]
    first = paid[(paid["subject"] == paid["subject"][0]) & (paid["event_month"] == paid["event_month"][0])]
    alike = [partner_names(scenario.system)[who].startswith("hospital") for who in first["who"]]
    assert 1 <= sum(alike) < 4
    backwards(scenario, 1)
