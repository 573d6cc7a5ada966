"""4.3 Every pound is somebody's: what one pays another receives, in every month of every run, exactly."""

import numpy as np
import pytest
from drive import Bench, change, keep, toy_scenario
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import preset, scenarios, seeds, systems

from sim.declarations.bodies import CCG, COUNCIL
from sim.engine import simulation
from sim.kernel.records import IN_FORCE, SHIFT, TABLE, TREASURY
from sim.scenario.scenario import Scenario, make_scenario

FUTURES = 2


def changes_of_law(scenario: Scenario) -> set[int]:
    """Months in which bodies may end or come back, and hand over what they hold."""
    return {0, *(event.month for event in scenario.events if event.do == "change_regime")}


@pytest.mark.limiting
@given(scenarios(), seeds)
@settings(max_examples=120)
def test_every_pound_has_two_ends(scenario, seed):
    """Contracts and compensation: paid = received; all money together is always 0; what a body holds moves by
    its balance.
    """
    output = simulation.run(scenario, FUTURES, seed, threads=1, record="full")
    system, partner, full = output.system, output.partner, output.full
    assert np.array_equal(system["contracts_paid"], system["contracts_received"])
    assert (system["ledger"] == 0.0).all()
    paid, received = np.nansum(full["partner_paid"], axis=2), np.nansum(full["partner_received"], axis=2)
    assert np.array_equal(paid, received)
    assert np.array_equal(paid, system["compensation"])
    assert np.array_equal(
        full["partner_income"] - full["partner_cost"], partner["partner_balance"], equal_nan=True
    )
    assert np.array_equal(np.nansum(partner["partner_balance"], axis=2), system["balance"])
    moved = np.diff(full["partner_cash"], axis=1)
    steady = [m for m in range(1, scenario.months) if m not in changes_of_law(scenario)]
    calm = np.diff(system["mergers"], axis=1) == 0.0  # a merged body takes over what the other held
    for month in steady:
        same = calm[:, month - 1]
        assert np.array_equal(moved[same, month - 1], partner["partner_balance"][same, month], equal_nan=True)


@pytest.mark.limiting
@given(scenarios(), seeds)
@settings(max_examples=25)
def test_councils_never_overspend(scenario, seed):
    """E11: a council may not run a deficit; it holds no less than nothing, whatever it promised."""
    output = simulation.run(scenario, FUTURES, seed, threads=1, record="full")
    rows = [i for i, partner in enumerate(scenario.system.partners.values()) if partner.kind == "council"]
    assert (output.full["partner_cash"][:, :, rows] >= 0.0).all()


@pytest.mark.limiting
def test_a_council_without_reserves_cuts_care_instead():
    """Money runs short from the first cut on: unmet need rises, and not a pound is owed."""
    scenario = toy_scenario(
        preset("stp_2016"), {"council_reserve": 0.0, "austerity": 0.03, "care_growth": 0.03}, months=48
    )
    output = simulation.run(scenario, FUTURES, threads=1, record="full")
    councils = [i for i, partner in enumerate(scenario.system.partners.values()) if partner.kind == "council"]
    cash = output.full["partner_cash"][:, :, councils]
    assert (cash >= 0.0).all() and (cash[:, 13:] < 1e-6).all()
    assert (np.diff(output.place["place_unmet"][:, ::12], axis=1) > 0.0).all()


@pytest.mark.limiting
@pytest.mark.parametrize(("cash", "keeps"), [(1.0, False), (1.9, False), (3.0, True)])
def test_a_council_pays_a_promise_only_while_it_can(cash, keeps):
    """GBP 24m a year promised is 2m a month: paid in full out of 3, not at all out of less than it takes."""
    bench = Bench(toy_scenario(preset("stp_2016"), {"breach": 0.0}))
    org, project, stake = bench.world.org, bench.world.project, bench.world.stake
    council, other = (int(np.flatnonzero(org["kind"] == kind)[0]) for kind in (COUNCIL, CCG))
    org[council]["cash"], org[other]["cash"] = cash, 0.0
    project[0]["stage"], project[0]["promise_left"], project[0]["compensation"] = IN_FORCE, 5, 24.0
    stake[0, council]["pays"], stake[0, other]["receives"] = 24.0, 24.0
    keep(bench)
    assert org[council]["cash"] == (cash - 2.0 if keeps else cash)
    assert org[other]["cash"] == (2.0 if keeps else 0.0)
    assert (bench.world.kept[other, council] > 0.0) == keeps
    assert (bench.world.broken[other, council] > 0.0) == (not keeps)
    assert project[0]["promise_left"] == 4


@pytest.mark.limiting
@given(systems(), st.lists(st.integers(-(2**40), 2**40), min_size=30, max_size=30))
@settings(max_examples=25)
def test_a_handover_moves_everything(system, amounts):
    """CCGs absorbed: the new body holds all they held, and they nothing. Restored: they hold it again, to the
    last pound.
    """
    laws = {"many": preset("stp_2016"), "absorbed": preset("option2")}
    bench = Bench(
        make_scenario(
            system_name="toy",
            system=system,
            regime="many",
            regimes=laws,
            events=[{"month": 1, "do": "change_regime", "regime": "absorbed"}],
        )
    )
    org, account, project, stake = (
        bench.world.named[name] for name in ("org", "account", "project", "stake")
    )
    ccgs = org["kind"] == CCG
    body = int(bench.world.board[0]["body"])
    org["cash"] += np.where(org["exists"] == 1, np.array(amounts[: len(org)]) / 2.0**24, 0.0)
    account[TREASURY] -= np.array(amounts[: len(org)])[org["exists"] == 1].sum() / 2.0**24
    project[0]["stage"], project[0]["kind"], project[0]["place"] = TABLE, SHIFT, 0
    buyer = int(bench.world.place[0]["commissioner"])
    for number, name in enumerate(("part", "gain", "ceded", "pays", "receives")):
        stake[0, buyer][name] = 0.5 + number
    held, everything = org["cash"][ccgs].sum(), org["cash"].sum() + account.sum()
    commissioner = bench.world.place["commissioner"].copy()
    treasury = account[TREASURY]

    change(bench, 1)
    assert (org["exists"][ccgs] == 0).all() and org[body]["exists"] == 1
    assert (org["cash"][ccgs] == 0.0).all() and org[body]["cash"] == held
    assert (bench.world.place["commissioner"] == body).all()
    for number, name in enumerate(("part", "gain", "ceded", "pays", "receives")):
        assert stake[0, body][name] == 0.5 + number and stake[0, buyer][name] == 0.0
    assert org["cash"].sum() + account.sum() == everything

    change(bench, 0)
    assert (org["exists"][ccgs] == 1).all() and org[body]["exists"] == 0 and org[body]["cash"] == 0.0
    assert np.array_equal(bench.world.place["commissioner"], commissioner)
    assert org["cash"].sum() + account.sum() == everything
    # only what the grid could not share out
    assert abs(account[TREASURY] - treasury) <= len(commissioner) * 2.0**-24
    for number, name in enumerate(("part", "gain", "ceded", "pays", "receives")):
        assert stake[0, buyer][name] == 0.5 + number


@pytest.mark.limiting
@given(
    scenarios(
        events=False,
        few_params=False,
        dials={"block": 1.0, "ring_fence": 1.0},
        params={
            **dict.fromkeys(
                (
                    "demand_growth",
                    "community_growth",
                    "care_growth",
                    "capacity_growth",
                    "staff_growth",
                    "price_growth",
                ),
                0.0,
            ),
            **dict.fromkeys(
                ("allocation_growth", "squeeze", "squeeze_later", "forced_efficiency", "austerity"), 0.0
            ),
            **dict.fromkeys(
                (
                    "cost_noise",
                    "demand_noise",
                    "season",
                    "sustainability_fund",
                    "programme_rate",
                    "integration_decay",
                ),
                0.0,
            ),
            "merger_rate": 0.0,
            "special_support": 0.0,
            "commissioner_merger_rate": 0.0,
            "commissioner_merger_cost": 0.0,
            "grant_cut": 0.0,
        },
    ),
    seeds,
)
@settings(max_examples=25)
def test_nothing_grows_nothing_is_squeezed_and_all_is_block(scenario, seed):
    """No growth, squeeze, projects, mergers, raids, support or grants cut, and block = 1: every body's
    balance is the same every month.
    """
    balance = simulation.run(scenario, FUTURES, seed, threads=1).partner["partner_balance"]
    assert np.array_equal(balance, np.broadcast_to(balance[:, :1], balance.shape), equal_nan=True)
