"""4.9, 4.14 Commissioners joined and parted, by law or by their own wish: everything of theirs goes where it
belongs.
"""

import itertools

import numpy as np
import pytest
from drive import Bench, change, toy_scenario
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import preset, regimes, seeds, systems

import sim
from sim.declarations.bodies import CCG
from sim.declarations.parameters import PARAMETERS
from sim.declarations.regimes import record
from sim.engine import simulation
from sim.engine.starting_world import partner_names
from sim.kernel.records import IN_FORCE, RISK_SHARE, SHIFT, TABLE, TREASURY
from sim.scenario.scenario import make_scenario

VALUES = ("many", "one", "absorbed", "none")
LAWS = {value: preset("stp_2016", commissioners=value) for value in VALUES}
STAKES = ("part", "gain", "ceded", "pays", "receives")
QUIET = {"merger_rate": 0.0, "commissioner_merger_rate": 0.0}
EAGER = {
    "merger_rate": 0.0,
    "commissioner_merger_rate": 1.0,
    "merger_autonomy": 0.0,
    "commissioner_ties": 0.0,
    "luck": 0.0,
    "noise": 0.0,
}


def bench_of(system) -> Bench:
    """A world that knows all four laws, under `many`."""
    events = [{"month": 1 + n, "do": "change_regime", "regime": value} for n, value in enumerate(VALUES[1:])]
    return Bench(make_scenario(system_name="toy", system=system, regime="many", regimes=LAWS, events=events))


def assert_held_by_the_right_ones(bench: Bench, value: str, homes: np.ndarray) -> None:
    org, place, body = bench.world.org, bench.world.place, int(bench.world.board[0]["body"])
    there = [i for i in range(len(org)) if org[i]["exists"] and org[i]["kind"] in (CCG, org[body]["kind"])]
    holders = set(place["commissioner"].tolist())
    assert set(there) == holders
    if value == "many":
        assert np.array_equal(place["commissioner"], homes) and not org[body]["exists"]
    elif value == "one":
        assert len(holders) == 1 and org[holders.pop()]["kind"] == CCG
    else:
        assert holders == {body}


@pytest.mark.limiting
@given(
    systems(),
    st.lists(st.integers(0, 3), min_size=1, max_size=6),
    st.lists(st.integers(-(2**40), 2**40), min_size=30, max_size=30),
)
@settings(max_examples=60)
def test_between_any_two_values_nothing_is_lost(system, path, amounts):
    """Any walk over the dial and back to `many`: money to the last pound, and all work, promises and votes,
    are held by who should.
    """
    bench = bench_of(system)
    org, account, project, stake = (
        bench.world.named[name] for name in ("org", "account", "project", "stake")
    )
    homes = bench.world.place["commissioner"].copy()
    org["cash"] += np.where(org["exists"] == 1, np.array(amounts[: len(org)]) / 2.0**24, 0.0)
    org["merger_owed"][homes] = 3.0
    for q, (kind, where) in enumerate(((SHIFT, 0), (SHIFT, len(homes) - 1), (RISK_SHARE, -1))):
        project[q]["stage"], project[q]["kind"], project[q]["place"] = (
            (TABLE, IN_FORCE, IN_FORCE)[q],
            kind,
            where,
        )
        mine = stake[q, homes[where]]
        project[q]["sponsor"] = homes[where]
        mine["say"], mine["vote"], mine["ratified"], mine["joins"] = 2, -1, 1, 1
        for number, name in enumerate(STAKES):
            mine[name] = 0.5 + number
    held, everything, treasury = org["cash"].sum(), org["cash"].sum() + account.sum(), account[TREASURY]
    owed = org["merger_owed"].sum()

    for value in [*path, 0]:
        change(bench, value)
        assert_held_by_the_right_ones(bench, VALUES[value], homes)
        commissioners = bench.world.place["commissioner"]
        assert org["cash"].sum() + account.sum() == everything and not org["cash"][org["exists"] == 0].any()
        assert org["merger_owed"].sum() >= owed - 1e-6 and not org["merger_owed"][org["exists"] == 0].any()
        for q in range(3):
            alive = stake[q][org["exists"] == 1]
            for number, name in enumerate(STAKES):
                assert alive[name].sum() == 0.5 + number and stake[q][name].sum() == 0.5 + number
            assert (alive["vote"] == -1).sum() == 1 and (alive["ratified"] == 1).any()
            assert org["exists"][project[q]["sponsor"]] == 1
            if project[q]["place"] >= 0:
                holder = commissioners[project[q]["place"]]
                assert (
                    stake[q, holder]["vote"] == -1
                    and project[q]["sponsor"] == holder
                    and bench.world.local[project[q]["place"], holder]
                )
        # only what the grid could not share out
        assert abs(account[TREASURY] - treasury) <= 2.0**-24 * len(homes) * (len(path) + 1)
    assert abs(org["cash"].sum() - held) <= 2.0**-24 * len(homes) * (len(path) + 1)


@pytest.mark.limiting
def test_one_is_the_largest_by_budget_and_votes_as_a_ccg():
    scenario = toy_scenario(LAWS["one"], QUIET, places=3, months=14)
    output = simulation.run(scenario, 2, threads=1, record="full")
    exists = output.partner["exists"][:, -1]
    left = {
        name
        for name, there in zip(partner_names(scenario.system), exists[0], strict=True)
        if there and "ccg" in name
    }
    assert left == {"place_2_ccg"} and not exists[:, -1].any()
    assert (output.system["ledger"] == 0.0).all()
    minutes = sim.minutes(scenario)
    assert set(minutes[minutes["kind"] == "absorbed"]["other"]) == {"CCG of place_2"}
    saved = minutes[minutes["kind"] == "running_cost_saved"]
    assert saved["first"].tolist() == [pytest.approx(0.2 * 20 * (3 * 150_000 + 210_000) / 1e6, rel=1e-6)]


@pytest.mark.limiting
@given(systems(), st.integers(1, 3), st.integers(1, 3))
@settings(max_examples=40)
def test_joining_costs_the_same_whoever_takes_over(system, first, second):
    """All but the largest CCG are paid for, once; where there is one CCG, or they have joined before, there
    is nothing to join.
    """
    bench = bench_of(system)
    org, place = bench.world.org, bench.world.place
    homes = np.unique(place["commissioner"])
    running, budget = (
        [place[name][place["commissioner"] == i].sum() for i in homes] for name in ("running", "allocation")
    )
    cost, largest = (
        12.0 * float(bench.par["commissioner_merger_cost"][0]) * np.array(running),
        np.argmax(budget),
    )
    change(bench, first)
    assert org["merger_owed"].sum() == pytest.approx(cost.sum() - cost[largest], abs=1e-6)
    assert org["merger_left"].any() == (len(homes) > 1)
    change(bench, second)
    assert org["merger_owed"].sum() == pytest.approx(cost.sum() - cost[largest], abs=1e-6)


@pytest.mark.limiting
@given(systems())
@settings(max_examples=20)
def test_a_body_that_is_set_up_again_has_no_past(system):
    """Special measures end with the body; CCGs that come back have the margin of the body that held their
    places.
    """
    bench = bench_of(system)
    org, place, body = bench.world.org, bench.world.place, int(bench.world.board[0]["body"])
    homes = np.unique(place["commissioner"])
    change(bench, VALUES.index("absorbed"))
    org[body]["special"], org[body]["watched"], org[body]["margin_last"] = 1, 5, -0.05
    org["margin_last"][homes] = -0.5  # of another time
    change(bench, VALUES.index("many"))
    assert not org["special"][body] and not org["watched"][body]
    assert (org["margin_last"][homes] == -0.05).all()
    org["margin_last"][homes] = 0.0
    change(bench, VALUES.index("absorbed"))
    assert org[body]["exists"] and org[body]["margin_last"] == 0.0 and not org[body]["special"]


@pytest.mark.limiting
def test_without_a_split_all_is_paid_by_block_and_the_saving_is_the_parameter():
    dials = record([preset("stp_2016", commissioners=value, block=0.3) for value in VALUES])
    assert dials["block"].tolist() == [0.3, 0.3, 0.3, 1.0]
    quiet = {**QUIET, "programme_rate": 0.0, "sustainability_fund": 0.0}
    laws = (preset("stp_2016", commissioners="absorbed", block=1.0), preset("stp_2016", commissioners="none"))
    absorbed, none, free = (
        simulation.run(
            toy_scenario(law, {**quiet, "unsplit_saving": saving}, months=5), 1, threads=1, record="full"
        )
        for law, saving in ((laws[0], 0.1), (laws[1], 0.1), (laws[1], 0.0))
    )
    less = absorbed.full["partner_cost"][0, 0, -1] - none.full["partner_cost"][0, 0, -1]
    assert less == pytest.approx(0.1 * (1.0 - 0.2) * 20 * 370_000 / 12e6, abs=1e-6)  # of what joining left
    for name in free.full.dtype.names:
        assert np.array_equal(free.full[name], absorbed.full[name], equal_nan=True), name


@pytest.mark.limiting
def test_ccgs_merge_of_their_own_accord_one_pair_each_april():
    # or they wait for the public
    scenario = toy_scenario(LAWS["many"], EAGER, places=4, months=60, off=("scrutinise_mergers",))
    output = simulation.run(scenario, 6, threads=1, record="full")
    mergers = output.system["mergers_commissioners"]
    assert (
        (mergers[:, :12] == 0).all() and (np.diff(mergers, axis=1) <= 1).all() and (mergers[:, -1] >= 2).all()
    )
    changed = np.flatnonzero(np.diff(mergers, axis=1).any(axis=0)) + 1
    assert set(changed % 12) == {0}
    assert np.array_equal(output.system["mergers"], mergers) and (output.system["ledger"] == 0.0).all()
    assert (
        not simulation.run(scenario.changed(params={**EAGER, "commissioner_ties": 10.0}), 3, threads=1)
        .system["mergers"]
        .any()
    )
    for law in VALUES[1:]:
        other = toy_scenario(LAWS[law], EAGER, places=4, months=30)
        assert not simulation.run(other, 3, threads=1).system["mergers"].any()


def merging(month: int = 13, **params: float):
    return toy_scenario(
        LAWS["many"],
        {**QUIET, **params},
        places=3,
        months=30,
        events=[{"month": month, "do": "merge", "partner": "place_1_ccg", "other": "place_0_ccg"}],
    )


@pytest.mark.limiting
def test_a_merger_saves_a_fifth_of_running_cost_and_its_bill_is_paid():
    """In month 13 the two spend a fifth less on running themselves, and the first of seven parts of the bill
    falls due.
    """
    quiet = {
        "programme_rate": 0.0,
        "sustainability_fund": 0.0,
        "merger_months": 7.0,
        "allocation_growth": 0.0,
    }
    merged = simulation.run(merging(**quiet), 1, threads=1, record="full")
    apart = simulation.run(merging(29, **quiet), 1, threads=1, record="full")
    names = partner_names(merging().system)
    rows = [names.index(f"place_{p}_ccg") for p in range(2)]
    cost, other = (np.nansum(run.full["partner_cost"][0][:, rows], axis=1) for run in (merged, apart))
    saved = 20 * 0.2 * (150_000 + 220_000) / 12e6
    bill = 0.2 * 20 * 150_000 / 1e6 / 7
    assert np.allclose((other - cost)[13:20], saved - bill, atol=2e-4)  # else only less effort
    assert np.allclose((other - cost)[20:29], saved, atol=2e-4)
    assert np.allclose((other - cost)[:13], 0.0)


@pytest.mark.limiting
def test_what_a_merger_costs_in_ties_and_voice():
    free = {"commissioner_voice": 0.0, "merger_reset": 0.0}
    before, after = (
        simulation.run(merging(13, **params), 1, threads=1, record="full") for params in ({}, free)
    )
    names = partner_names(merging().system)
    council, heir = names.index("place_0_council"), names.index("place_1_ccg")
    assert before.full["partner_voice"][0, 13, council] < after.full["partner_voice"][0, 13, council]
    neutral, others = PARAMETERS["trust_neutral"].default, [at for at in range(len(names)) if at != heir]
    far = [np.abs(run.ties[0, 13, heir, others] - neutral).sum() for run in (before, after)]
    assert far[0] < far[1]  # its ties are drawn towards those of strangers
    assert before.place["place_confidence"][0, 13, 0] < before.place["place_confidence"][0, 12, 0]


@pytest.mark.limiting
def test_a_merged_ccg_comes_back_as_one_after_a_joining_by_law():
    scenario = (
        merging()
        .changed(months=40, regimes=LAWS, regime="many")
        .with_events(
            {"month": 20, "do": "change_regime", "regime": "absorbed"},
            {"month": 25, "do": "change_regime", "regime": "many"},
        )
    )
    exists = simulation.run(scenario, 1, threads=1).partner["exists"][0]
    names = [name for name in partner_names(scenario.system) if name.endswith("_ccg")]
    rows = [partner_names(scenario.system).index(name) for name in names]
    assert (
        exists[12, rows].tolist() == [1, 1, 1]
        and exists[22, rows].tolist() == [0, 0, 0]
        and exists[30, rows].tolist() == [0, 1, 1]
    )


@pytest.mark.limiting
@given(regimes(), seeds, st.permutations(VALUES))
@settings(max_examples=15)
def test_every_pound_survives_walks_over_the_dial(regime, seed, path):
    laws = {value: regime.model_copy(update={"commissioners": value}) for value in VALUES}
    scenario = make_scenario(
        system_name="toy",
        system=toy_scenario(regime, places=3).system,
        regime=path[0],
        regimes=laws,
        months=64,
        params={**EAGER, "merger_months": 3.0, "programme_rate": 2.0, "case_months": 0.0},
        events=[
            {"month": month, "do": "change_regime", "regime": law}
            for month, law in zip((9, 26, 39, 50), (*path[1:], path[0]), strict=True)
        ],
    )
    output = simulation.run(scenario, 2, seed, threads=1, record="full")
    assert (output.system["ledger"] == 0.0).all()
    assert np.array_equal(output.system["contracts_paid"], output.system["contracts_received"])
    paid, received = (
        np.nansum(output.full["partner_paid"], axis=2),
        np.nansum(output.full["partner_received"], axis=2),
    )
    assert np.array_equal(paid, received)


def test_every_pair_of_values_is_walked():
    """`test_between_any_two_values_nothing_is_lost` draws its walks; these are all pairs, once."""
    for one, two in itertools.permutations(range(4), 2):
        bench = bench_of(toy_scenario(LAWS["many"], places=3).system.model_dump())
        homes = bench.world.place["commissioner"].copy()
        for value in (one, two):
            change(bench, value)
            assert_held_by_the_right_ones(bench, VALUES[value], homes)
