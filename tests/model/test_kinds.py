"""Primary care networks, voluntary bodies, independent providers: money to the pound, and what each of them
does and does not do.
"""

from typing import Any

import numpy as np
import pytest
from drive import Bench, appraise_one, end_of, toy_scenario
from golden import LAWS, digest
from hashes import busy_scenarios
from scenarios import preset
from test_relabelling import backwards
from toy import toy_system

from sim.engine import simulation
from sim.engine.starting_world import partner_names
from sim.kernel.event_log import EVENT_NAMES
from sim.kernel.records import IN_FORCE, RATIFYING, SHIFT
from sim.scenario.scenario import Scenario
from sim.systems.extra_partners import ADDED
from sim.systems.made_up import spelt_out

NETWORK, VOLUNTARY, INDEPENDENT = ADDED
BUSY = {"programme_rate": 2.0, "case_months": 1.0, "squeeze": 0.04}


def wide(
    regime: Any,
    *also: str,
    params: dict[str, float] | None = None,
    months: int = 40,
    places: int = 2,
    **more: Any,
) -> Scenario:
    """The toy system with some of the kinds added."""
    plain = toy_scenario(regime, params, months=months)
    return plain.changed(system=spelt_out({**toy_system(places, 2), "also": list(also)}), **more)


def rows(scenario: Scenario, kind: str) -> list[int]:
    return [i for i, partner in enumerate(scenario.system.partners.values()) if partner.kind == kind]


def run(scenario: Scenario, futures: int = 4) -> simulation.Output:
    return simulation.run(scenario, futures, 3, threads=1, record="full")


def kinds_of_event(scenario: Scenario) -> set[str]:
    _, log = simulation.run_with_log(scenario, 3, 0)
    return {EVENT_NAMES[row["event_kind"]] for row in log}


@pytest.mark.limiting
@pytest.mark.parametrize("name", ["joint_committee", "option2"])
@pytest.mark.parametrize("seat", ["excluded", "contracted", "on_board"])
def test_every_pound_has_two_ends_with_all_kinds_present(name, seat):
    everybody = ["ccg", "nhs_trust", "foundation_trust", "council", NETWORK, VOLUNTARY]
    scenario = wide(
        preset(name, independent_providers=seat, voters=everybody), *ADDED, params=BUSY, months=60
    )
    output = run(scenario)
    assert np.array_equal(output.system["contracts_paid"], output.system["contracts_received"])
    assert (output.system["ledger"] == 0.0).all()
    assert np.array_equal(
        output.full["partner_income"] - output.full["partner_cost"],
        output.partner["partner_balance"],
        equal_nan=True,
    )
    small = rows(scenario, NETWORK) + rows(scenario, VOLUNTARY)
    assert (output.full["partner_cash"][:, :, small] == 0.0).all()  # they spend what they receive
    assert (output.full["partner_income"][:, :, small] > 0.0).all()


@pytest.mark.limiting
@pytest.mark.parametrize("name", ["joint_committee", "option2"])
def test_order_does_not_matter_with_all_kinds_present(name):
    """Through changes of law that shut the independent provider out, or seat it."""
    laws = {
        "first": preset(name),
        "open": preset("joint_committee", independent_providers="on_board"),
        "shut": preset("option2", independent_providers="excluded"),
    }
    events = [
        {"month": 12, "do": "change_regime", "regime": "open"},
        {"month": 36, "do": "change_regime", "regime": "shut"},
        {"month": 8, "do": "leave", "partner": "place_0_primary_care"},
    ]
    scenario = wide(
        laws["first"], *ADDED, params={**BUSY, "weight_reconfigure": 0.3, "harmful": 0.0}, months=60, places=3
    )
    backwards(scenario.changed(regime="first", regimes=laws, events=events), 7)


@pytest.mark.limiting
def test_a_commissioner_is_no_better_or_worse_off_for_paying_a_network_instead_of_suppliers():
    law = preset("joint_committee")
    still = {
        "programme_rate": 0.0,
        "merger_rate": 0.0,
        "commissioner_merger_rate": 0.0,
        "integration_decay": 0.0,
    }
    plain, with_networks = (run(wide(law, *also, params=still)) for also in ([], [NETWORK]))
    ccgs = rows(wide(law), "ccg")
    one, other = plain.full["partner_cash"], with_networks.full["partner_cash"]
    # but for rounding to the grid
    assert np.allclose(one[:, :, ccgs], other[:, :, ccgs], rtol=0.0, atol=1e-4)


@pytest.mark.limiting
def test_shifts_put_work_on_networks_that_the_commissioner_pays_for():
    """Only shifts: the network's income outgrows its budget by `practice_paid` of the work, and it is left
    with the rest unmet.
    """
    only = {f"weight_{kind}": 0.0 for kind in ("risk_share", "pool", "reconfigure", "capital", "workforce")}
    law = preset("joint_committee", ratification="none")
    busy = {**BUSY, **only, "harmful": 0.0, "noise": 0.0, "allocation_growth": 0.0}
    network = rows(wide(law, NETWORK), NETWORK)
    still, paid, unpaid = (
        run(wide(law, NETWORK, params={**busy, "practice_load": 0.3, **change}, off=("bargain",)))
        for change in ({"programme_rate": 0.0}, {}, {"practice_paid": 0.0})
    )
    income = still.full["partner_income"][:, -1, network].sum()
    assert paid.full["partner_income"][:, -1, network].sum() > 1.001 * income
    assert np.isclose(unpaid.full["partner_income"][:, -1, network].sum(), income, rtol=1e-9)
    assert unpaid.partner["partner_pressure"][:, -1, network].max() > 0.0
    assert (still.partner["partner_pressure"][:, :, network] == 0.0).all()


@pytest.mark.limiting
def test_a_network_is_noisier_slower_and_further_off_by_its_parameters_alone():
    law = preset("option2")
    even = {"network_noise": 1.0, "network_cycle": 1.0, "network_distance": 0.0}
    scenario = wide(law, NETWORK, params=even, months=1)
    network, ccg = rows(scenario, NETWORK)[0], rows(scenario, "council")[0]
    world = Bench(scenario).world
    assert world.org["engagement"][network] == world.org["engagement"][ccg]
    distant = Bench(wide(law, NETWORK, params={"network_distance": 0.2}, months=1)).world
    assert np.isclose(distant.org["engagement"][network], world.org["engagement"][network] - 0.2)
    engaged = [
        run(wide(law, NETWORK, params={**BUSY, "network_distance": far}))
        .partner["partner_engagement"][:, -1, network]
        .mean()
        for far in (0.0, 0.2)
    ]
    assert engaged[1] < engaged[0]


@pytest.mark.limiting
def test_voluntary_bodies_win_confidence_and_relieve_unmet_need_as_far_as_they_make_an_effort():
    law, hard = (
        preset("stp_2016"),
        {"austerity": 0.03, "council_reserve": 0.0, "programme_rate": 0.0, "spill": 0.0},
    )
    off = {"voluntary_confidence": 0.0, "voluntary_relief": 0.0}
    idle, keen = run(wide(law, VOLUNTARY, params={**hard, **off})), run(wide(law, VOLUNTARY, params=hard))
    assert (keen.system["confidence"][:, -1] > idle.system["confidence"][:, -1]).all()
    assert (keen.system["unmet"][:, -1] < idle.system["unmet"][:, -1]).all()
    # no money comes of it
    assert np.array_equal(keen.partner["partner_balance"], idle.partner["partner_balance"], equal_nan=True)
    councils = [name for name, partner in wide(law).system.partners.items() if partner.kind == "council"]
    leave = [{"month": 0, "do": "leave", "partner": f"{name}_voluntary_sector"} for name in councils]
    gone = run(wide(law, VOLUNTARY, params=hard, events=leave))
    assert np.array_equal(gone.system["confidence"], idle.system["confidence"])


@pytest.mark.limiting
def test_grants_are_cut_under_pressure():
    law, hard = (
        preset("stp_2016"),
        {"austerity": 0.05, "council_reserve": 0.0, "squeeze": 0.05, "allocation_growth": 0.0},
    )
    kept, cut = (run(wide(law, VOLUNTARY, params={**hard, "grant_cut": share})) for share in (0.0, 1.0))
    body = rows(wide(law, VOLUNTARY), VOLUNTARY)
    assert (
        cut.full["partner_income"][:, -1, body].sum() < 0.95 * kept.full["partner_income"][:, -1, body].sum()
    )
    assert (kept.partner["partner_pressure"][:, :, body] < 1e-9).all()
    assert (cut.partner["partner_pressure"][:, -1, body] > 0.0).all()


@pytest.mark.limiting
def test_voluntary_bodies_that_may_not_vote_are_not_heard():
    """Shut out, their voice stays at nothing; no other rule knows of it."""
    voters = ["ccg", "nhs_trust", "foundation_trust", "council"]
    shut, heard = (
        run(wide(preset("joint_committee", voters=who, council_role="equal"), VOLUNTARY, params=BUSY))
        for who in (voters, [*voters, VOLUNTARY])
    )
    body = rows(wide(preset("joint_committee"), VOLUNTARY), VOLUNTARY)
    assert (shut.full["partner_voice"][:, :, body] == 0.0).all()
    assert (heard.full["partner_voice"][:, -1, body] != 0.0).any()


@pytest.mark.limiting
def test_an_excluded_independent_provider_leaves_its_work_and_nothing_else():
    """Its flows and contracts go in full to each place's largest hospital; the places' flows still add up."""
    laws = {"a": preset("joint_committee"), "b": preset("joint_committee", independent_providers="excluded")}
    scenario = wide(laws["a"], INDEPENDENT, months=30).changed(
        regime="a", regimes=laws, events=[{"month": 10, "do": "change_regime", "regime": "b"}]
    )
    output, who = run(scenario), rows(wide(laws["a"], INDEPENDENT), INDEPENDENT)[0]
    assert (output.partner["exists"][:, :10, who] == 1.0).all() and (
        output.partner["exists"][:, 10:, who] == 0.0
    ).all()
    assert (output.system["ledger"] == 0.0).all()
    stays = run(wide(laws["a"], INDEPENDENT, months=30))
    hospital = list(scenario.system.partners).index("hospital_1")  # the larger of the two
    extra = (
        output.full["partner_activity"][:, 12, hospital] / stays.full["partner_activity"][:, 12, hospital]
        - 1.0
    )
    assert (extra > 0.04).all() and (extra < 0.12).all()
    assert "independent_ended" in kinds_of_event(scenario)


@pytest.mark.limiting
def test_under_contract_it_is_paid_and_otherwise_not_there():
    scenario = wide(
        preset("joint_committee"),
        INDEPENDENT,
        params=BUSY,
        months=60,
        events=[
            {"month": 5, "do": "return", "partner": "independent_provider"},
            {"month": 9, "do": "leave", "partner": "independent_provider"},
        ],
    )
    output, who = run(scenario), rows(wide(preset("joint_committee"), INDEPENDENT), INDEPENDENT)[0]
    assert (output.partner["membership"][:, :, who] == 0.0).all()
    assert (output.full["partner_effort"][:, :, who] == 0.0).all() and (
        output.full["partner_voice"][:, :, who] == 0.0
    ).all()
    assert (output.full["partner_income"][:, :, who] > 0.0).all()
    assert (output.full["partner_fund_earned"][:, :, who] == 0.0).all()
    # owners take the profit out, and leave the losses in
    assert (output.full["partner_cash"][:, :, who] <= 0.0).all()


@pytest.mark.limiting
def test_on_the_board_it_bids_for_the_largest_trusts_work():
    """It votes, and reconfigurations move work to it; without bids its share of the place stays what it
    was.
    """
    law = preset("option2", independent_providers="on_board", ratification="none", decision_rule="majority")
    params = {
        **BUSY,
        "weight_reconfigure": 0.3,
        "harmful": 0.0,
        "noise": 0.0,
        "independent_margin": 0.0,
        "programme_rate": 3.0,
    }
    calm, bold = (
        run(wide(law, INDEPENDENT, params={**params, "independent_bids": chance}, months=90), 8)
        for chance in (0.0, 1.0)
    )
    who = rows(wide(law, INDEPENDENT), INDEPENDENT)[0]
    assert (calm.partner["membership"][:, 0, who] == 2.0).all()
    income = [output.full["partner_income"][:, -1, who].mean() for output in (calm, bold)]
    assert income[1] > 1.05 * income[0]
    assert (calm.full["partner_voice"][:, -1, who] != 0.0).any()


@pytest.mark.limiting
@pytest.mark.parametrize("seat", ["on_board", "contracted", "excluded"])
def test_one_that_loses_its_seat_takes_no_further_part(seat):
    """In what it had joined it keeps its part only if the next law seats it too; the part held is that of
    those who go on.
    """
    first, second = (
        preset("option2", independent_providers=each, ratification="all") for each in ("on_board", seat)
    )
    only = {f"weight_{kind}": 0.0 for kind in ("risk_share", "pool", "reconfigure", "capital", "workforce")}
    scenario = wide(
        first,
        INDEPENDENT,
        params={**BUSY, **only, "harmful": 0.0, "noise": 0.0},
        months=31,
        regimes={"law": first, "next": second},
        events=[{"month": 30, "do": "change_regime", "regime": "next"}],
    )
    who, joined = rows(scenario, INDEPENDENT)[0], 0
    for future in range(4):
        world = end_of(simulation.prepare(scenario, 7), future)
        for item, stake in zip(world.project, world.stake, strict=True):
            if RATIFYING <= item["stage"] <= IN_FORCE:
                joined += stake["joins"][who]
                assert item["taking_part"] == pytest.approx(
                    stake["part"][stake["joins"] == 1].sum(), abs=1e-6
                )
    assert (joined > 0) == (seat == "on_board")


@pytest.mark.limiting
@pytest.mark.parametrize(
    ("kind", "shift"), [(NETWORK, "primary_care"), (VOLUNTARY, "voluntary"), ("council", "council")]
)
def test_an_exit_barrier_of_a_kind_moves_that_kind_alone(kind, shift):
    """A kind held fast by its own barrier stays while all others go."""
    law = preset("stp_2016")
    scenario = wide(
        law,
        NETWORK,
        VOLUNTARY,
        params={"exit_barrier": -1.0, f"exit_barrier_{shift}": 2.0, "return_margin": 5.0},
        months=30,
    )
    left = run(scenario, 2).partner["membership"][:, -1] == 0.0
    stays = set(rows(scenario, kind))
    for i in range(len(scenario.system.partners)):
        assert left[:, i].all() != (i in stays)


@pytest.mark.limiting
def test_a_places_own_partners_decide_what_is_left_to_it():
    """Voters of the place vote, affected or leading; a hospital elsewhere with few of its patients can only
    consent.
    """
    system = toy_system(2, 2)
    system["flows"]["acute"]["place_0"] = {"hospital_0": 0.9, "hospital_1": 0.04, "outside": 0.06}
    system = spelt_out({**system, "also": [NETWORK, VOLUNTARY]})
    law = preset(
        "option2",
        subsidiarity=1.0,
        commissioners="many",
        council_role="equal",
        voters=["ccg", "nhs_trust", "foundation_trust", "council", NETWORK, VOLUNTARY],
    )
    bench = Bench(toy_scenario(law).changed(system=system))
    names = partner_names(toy_scenario(law).changed(system=system).system)
    says = drive_say(bench, SHIFT)
    voters = {names[i] for i in np.flatnonzero(says == 2)}
    assert voters == {
        "place_0_ccg",
        "place_0_council",
        "hospital_0",
        "community",
        "ambulance",
        "place_0_primary_care",
        "place_0_council_voluntary_sector",
    }
    assert says[names.index("hospital_1")] == 1 and says[names.index("place_1_council")] == 0


def drive_say(bench: Bench, kind: int) -> np.ndarray:
    """What each body may do about a local proposal for the first place in which both hospitals have a
    part.
    """
    project, stake = bench.world.project, bench.world.stake
    project[0]["kind"], project[0]["place"], project[0]["local"], project[0]["heard"] = kind, 0, 1, 1
    flows = bench.world.flow[0] > 0.0
    stake[0]["part"][flows] = 0.2
    for role in ("commissioner", "council", "network"):
        stake[0]["part"][bench.world.place[0][role]] = 0.2
    appraise_one(bench)
    return stake[0]["say"]


@pytest.mark.limiting
def test_same_bytes_with_the_log_on_and_all_kinds_present():
    base = busy_scenarios()["joint_committee"]
    scenario = base.changed(system=spelt_out({**toy_system(2, 2), "also": list(ADDED)}))
    silent, (logged, _) = (
        simulation.run(scenario, 1, 7, 2, 1, "full"),
        simulation.run_with_log(scenario, 7, 2),
    )
    for name, array in vars(silent).items():
        assert array.tobytes() == getattr(logged, name).tobytes(), name


@pytest.mark.limiting
@pytest.mark.parametrize("name", LAWS)
def test_without_small_partners_all_is_as_it_was_before_they_existed(golden, name):
    """Golden hashes taken from the model before it knew these kinds. Renew them when another
    rule is changed on purpose.
    """
    names = (
        "integration",
        "balance",
        "trust",
        "confidence",
        "agreed",
        "died",
        "waiting",
        "unmet",
        "ledger",
        "value",
        "meetings",
    )
    output = simulation.run(busy_scenarios()[name], 6, 7, threads=1)
    system = [output.system[column] for column in names]
    partner = [output.partner[column] for column in ("partner_balance", "partner_engagement")]
    golden.check(f"without_small_partners/{name}", digest([*system, *partner]))


@pytest.mark.limiting
def test_small_partners_bring_no_programme_capacity():
    """The first months' rate of proposals is the same with them and without; later pressure and departures
    differ.
    """
    law = preset("joint_committee")
    calm = {
        "programme_pressure": 0.0,
        "live_load": 0.0,
        "exit_barrier": 5.0,
        "merger_rate": 0.0,
        "weight_risk_share": 0.0,
    }
    plain, small = (
        run(wide(law, *also, params=calm, months=24, table_size=64)).system["tabled"] for also in ([], ADDED)
    )
    assert np.array_equal(plain, small)
