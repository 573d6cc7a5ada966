"""4.2-4.4, 4.8 Reconfigurations, capital and shared staff: money is exact, flows add up, the pot holds, the
public is heard.
"""

import numpy as np
import pytest
from drive import Bench, begin_future, toy_scenario, view
from golden import LAWS, digest
from hashes import busy_scenarios
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import PRESETS, parameters, preset, scenarios, seeds
from test_relabelling import reordered, same
from test_same_bytes import assert_same

from sim.declarations.bodies import FOUNDATION_TRUST, NHS_TRUST
from sim.declarations.parameters import PARAMETERS
from sim.engine import simulation
from sim.engine.starting_world import partner_names
from sim.kernel.compiled import entry
from sim.kernel.event_log import CAPITAL_GRANTED, CONSULTATION, REFERRED, SERVICES_MOVE, TABLED, WENT_ALONE
from sim.kernel.records import LEFT, MEMBER, RECONFIGURE
from sim.rules.decisions.scrutiny import chance_of_referral
from sim.rules.proposals.capital import is_limited
from sim.rules.proposals.reconfiguration import move_work
from sim.rules.proposals.workforce import sharing_wears_off

KINDS = ("shift", "risk_share", "pool", "reconfigure", "capital", "workforce")
NEW = KINDS[3:]
MUCH = {
    "programme_rate": 3.0,
    "case_months": 1.0,
    "noise": 0.05,
    "ratification_noise": 0.05,
    "harmful": 0.2,
    "procurement_months": 0.0,
}
ONLY_NEW = {**{f"weight_{kind}": 0.0 for kind in KINDS[:3]}, **{f"weight_{kind}": 0.4 for kind in NEW}}


def only(kind: str, **more: float) -> dict[str, float]:
    """Proposals of one kind alone, and many of them."""
    return {**MUCH, **{f"weight_{each}": float(each == kind) for each in KINDS}, **more}


def toy(
    regime: str = "joint_committee",
    months: int = 60,
    params: dict[str, float] | None = None,
    off: tuple[str, ...] = (),
    **dials,
):
    """A toy without mergers, which move work and cost confidence too."""
    off = ("propose_merger", *off)
    return toy_scenario(preset(regime, **dials), params, months=months, off=off)


# --- what holds exactly ---
@pytest.mark.limiting
@given(scenarios(params={**MUCH, **ONLY_NEW}), seeds)
@settings(max_examples=30)
def test_every_pound_has_two_ends_through_every_kind(scenario, seed):
    system = simulation.run(scenario, 3, seed, threads=1).system
    assert (system["ledger"] == 0.0).all()
    assert np.array_equal(system["contracts_paid"], system["contracts_received"])
    assert (system["sharing"] >= 0.0).all() and (system["sharing"] <= 1.0).all()
    assert (system["agency"] >= 0.0).all() and (system["access_lost"] >= 0.0).all()
    assert (np.diff(system["access_lost"], axis=1) >= 0.0).all()
    years = 1 + np.arange(scenario.months) // 12
    people = sum(place.population for place in scenario.system.places.values())
    pot = scenario.params.get("capital_pot", PARAMETERS["capital_pot"].default) * people / 1e6
    assert (system["capital_granted"] <= years * pot + 1e-6).all(), "no more than the pot of each year"


@pytest.mark.limiting
@given(scenarios(params={**MUCH, **ONLY_NEW}, events=False), seeds, st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_the_order_of_partners_does_not_matter(scenario, seed, chance):
    """The general test again, where nothing but the new kinds is brought."""
    partners, places = list(scenario.system.partners), list(scenario.system.places)
    chance.shuffle(partners)
    chance.shuffle(places)
    other = reordered(scenario, partners, places)
    first, second = (simulation.run(each, 2, seed, threads=1, record="full") for each in (scenario, other))
    row = [partner_names(scenario.system).index(name) for name in partner_names(other.system)]
    same(first.system, second.system)
    same(first.partner[:, :, row], second.partner)
    same(first.full[:, :, row], second.full)


@pytest.mark.limiting
@given(parameters(), seeds)
@settings(max_examples=15)
def test_without_the_new_kinds_their_parameters_do_nothing(drawn, seed):
    """No weight, no trace: everything else keeps the draws it had. What is asked of the Treasury for the pot
    nobody spends.
    """
    groups = ("reconfigure", "capital", "workforce", "scrutiny")
    none = {f"weight_{kind}": 0.0 for kind in NEW}
    varied = {name: value for name, value in drawn.items() if PARAMETERS[name].group in groups}
    plain, other = (
        simulation.run(toy(params={**params, **none}), 3, seed, threads=1, record="full")
        for params in ({}, varied)
    )
    assert_same(plain, other)
    assert not any(
        plain.system[name].any()
        for name in ("consultations", "capital_asked", "capital_own", "sharing", "access_lost")
    )


@pytest.mark.limiting
@pytest.mark.parametrize("name", LAWS)
def test_without_the_new_kinds_all_is_as_it_was_before_they_existed(golden, name):
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
        "ledger",
        "value",
        "meetings",
    )
    busy = busy_scenarios()
    laws = {each: preset(each, adoption="given") for each in PRESETS}
    params = {**busy[name].params, **{f"weight_{kind}": 0.0 for kind in NEW}, "earmarked_share": 0.0}
    off = ("propose_merger", "raid_fund", "review_status", "special_measures")
    scenario = busy[name].changed(params=params, off=off, regimes=laws)
    system = simulation.run(scenario, 6, 7, threads=1).system
    golden.check(f"without_new_kinds_of_project/{name}", digest(system[column] for column in names))


@pytest.mark.limiting
@pytest.mark.parametrize("kind", NEW)
def test_the_log_leaves_no_trace(kind):
    scenario = toy(params=only(kind))
    silent = simulation.run(scenario, 1, 5, 2, 1, "full")
    logged, log = simulation.run_with_log(scenario, 5, 2)
    assert_same(silent, logged)
    assert (log["event_kind"] == TABLED).any()


# --- reconfiguration ---
@entry
def _move(world, par, done, times):
    for _ in range(times):
        move_work(world, par[0], world.project[0], done)


@pytest.mark.limiting
@given(st.floats(0.0, 0.2), st.integers(1, 200), st.floats(-0.5, 1.0))
@settings(max_examples=50)
def test_what_one_trust_loses_another_gains(share, times, truth):
    """Flows and contracts of a place add up to the same; so do capacity, size and waiting list; the pair's
    cost falls by the saving.
    """
    bench = Bench(toy(params={"stranded_cost": 0.0}))
    world = bench.world
    names = partner_names(bench_system())
    loser, winner = names.index("hospital_0"), names.index("hospital_1")
    world.place["demand_acute"] = world.place["need_acute"]
    world.org["base_cost"] = world.org["base_activity"]
    world.project[0]["kind"], world.project[0]["place"], world.project[0]["truth"] = RECONFIGURE, 0, truth
    world.project[0]["loser"], world.project[0]["winner"], world.project[0]["moves"] = loser, winner, share
    before = world.copy()
    _move(bench.state, bench.par, 1.0 / 24.0, times)
    for name in ("flow", "contract"):
        assert np.allclose(
            world.named[name].sum(axis=1), before.named[name].sum(axis=1), rtol=1e-12, atol=0.0
        )
        assert np.array_equal(world.named[name][1:], before.named[name][1:])
        assert (world.named[name] >= 0.0).all()
    for field in ("planned", "base_capacity", "base_activity", "scale", "backlog"):
        assert world.org[field].sum() == pytest.approx(before.org[field].sum(), rel=1e-12)
        assert (world.org[field] >= 0.0).all()
    moved = before.org["base_activity"][loser] - world.org["base_activity"][loser]
    par = bench.prepared.par[0]
    fall = before.org["base_cost"].sum() - world.org["base_cost"].sum()
    assert fall == pytest.approx(
        moved * par["fixed_share"] * par["reconfigure_saving"] * truth, rel=1e-9, abs=1e-12
    )
    lost = before.flow[0, loser] - world.flow[0, loser]
    assert world.place["access_lost"][0] == pytest.approx(lost) and lost >= 0.0


def bench_system():
    return toy().system


def test_a_service_that_moves_costs_the_place_confidence():
    """As it comes into force, and it comes back slowly; the loser's name and the winner's are in the log."""
    scenario = toy(
        "option2", params=only("reconfigure", secrecy_confidence=0.0, confidence_harm=0.0, referral=0.0)
    )
    output, log = simulation.run_with_log(scenario, 3, 0)
    moves = log[log["event_kind"] == SERVICES_MOVE]
    assert len(moves) > 0 and (moves["who"] != moves["partner"]).all() and (moves["third"] > 0.0).all()
    first = int(moves["event_month"][0])
    confidence = output.place["place_confidence"][0, :, int(moves["other"][0])]
    assert confidence[first - 1] == pytest.approx(PARAMETERS["confidence_start"].default)
    assert confidence[first] < confidence[first - 1] - 0.5 * PARAMETERS["access_confidence"].default
    assert output.system["access_lost"][0, -1] > 0.0


# --- scrutiny ---
@entry
def _chances(par, dials, confidence, out):
    for d in range(dials.shape[0]):
        for c in range(confidence.shape[0]):
            out[d, c] = chance_of_referral(par[0], dials[d], confidence[c])


def chances(transparency: float, involvement: float, confidence: list[float]) -> np.ndarray:
    bench = Bench(toy(transparency=transparency, public_involvement=involvement))
    out = np.zeros((1, len(confidence)))
    _chances(bench.par, bench.dials, np.array(confidence), out)
    return out[0]


@pytest.mark.limiting
def test_low_confidence_and_closed_meetings_make_referrals_likelier():
    steps = [0.0, 0.3, 0.7, 1.0]
    assert (np.diff(chances(0.0, 0.0, steps)) < 0.0).all()
    assert (
        chances(0.0, 0.0, [0.0])[0] == PARAMETERS["referral"].default and chances(0.0, 0.0, [1.0])[0] == 0.0
    )
    assert (np.diff([chances(share, 0.0, [0.5])[0] for share in steps]) < 0.0).all()
    assert (np.diff([chances(0.0, share, [0.5])[0] for share in steps]) < 0.0).all()
    assert chances(1.0, 1.0, [0.0])[0] >= 0.0


def referrals_per_consultation(params: dict[str, float], **dials: float) -> float:
    end = simulation.run(
        toy("option2", params=only("reconfigure", **params), **dials), 60, 2, threads=1
    ).system[:, -1]
    assert end["consultations"].sum() > 50
    return end["referrals"].sum() / end["consultations"].sum()


def test_runs_with_low_confidence_or_closed_meetings_see_more_referrals():
    plain = referrals_per_consultation({}, transparency=0.0, public_involvement=0.0)
    assert (
        referrals_per_consultation({"confidence_start": 0.2}, transparency=0.0, public_involvement=0.0)
        > plain
    )
    assert referrals_per_consultation({}, transparency=1.0, public_involvement=0.0) < plain
    assert referrals_per_consultation({}, transparency=0.0, public_involvement=1.0) < plain


@pytest.mark.limiting
@pytest.mark.parametrize("delay", [0, 5, 12])
def test_a_referral_delays_and_so_does_consultation(delay):
    """From consultation to coming into force: months of consultation, and of the referral where there is
    one.
    """
    params = only(
        "reconfigure",
        referral_months=float(delay),
        referral_fatal=0.0,
        confidence_start=0.2,
        referral=1.0,
        harmful=0.0,
    )
    _, log = simulation.run_with_log(toy("option2", 80, params, public_involvement=0.5), 4, 1)
    when = {
        kind: {int(row["subject"]): int(row["event_month"]) for row in log if row["event_kind"] == kind}
        for kind in (CONSULTATION, REFERRED, SERVICES_MOVE)
    }
    assert when[SERVICES_MOVE] and set(when[SERVICES_MOVE]) & set(when[REFERRED])
    for serial, month in when[SERVICES_MOVE].items():
        consulted = int(
            PARAMETERS["consultation_months"].default + 0.5 * PARAMETERS["involvement_months"].default
        )
        assert month - when[CONSULTATION][serial] == consulted + (
            max(delay, 1) if serial in when[REFERRED] else 0
        )


@pytest.mark.limiting
def test_scrutiny_may_cost_the_project():
    """A fatal referral kills all it meets; an involved public finds bad proposals out."""
    deadly = only("reconfigure", referral=1.0, referral_fatal=1.0, confidence_start=0.0, referral_months=1.0)
    fatal = simulation.run(
        toy("option2", params=deadly, transparency=0.0, public_involvement=0.0), 20, 4, threads=1
    ).system[:, -1]
    assert fatal["referrals"].sum() > 0 and fatal["access_lost"].sum() == 0.0
    bad = only("reconfigure", harmful=0.6, challenge=0.0, public_challenge=1.0)
    found = [
        simulation.run(toy("option2", params=bad, public_involvement=share), 20, 4, threads=1)
        .system["found_out"][:, -1]
        .sum()
        for share in (0.0, 1.0)
    ]
    assert found[0] == 0.0 < found[1]


@pytest.mark.limiting
def test_secrecy_costs_confidence():
    def lowest(transparency: float) -> float:
        params = only("reconfigure", access_confidence=0.0, confidence_harm=0.0, challenge=0.0)
        return float(
            simulation.run(toy("option2", params=params, transparency=transparency), 10, 4, threads=1)
            .system["confidence"]
            .min()
        )

    assert lowest(1.0) == pytest.approx(PARAMETERS["confidence_start"].default)
    assert lowest(0.0) < lowest(0.5) < lowest(1.0)


@pytest.mark.limiting
def test_without_the_step_nobody_is_consulted_and_nothing_waits():
    # where two trusts sign or do not, few such moves come about
    for name in (each for each in PRESETS if each != "market_2012"):
        on, off = (
            simulation.run(toy(name, params=only("reconfigure"), off=steps), 20, 4, threads=1).system[:, -1]
            for steps in ((), ("scrutinise",))
        )
        assert not off["consultations"].any() and not off["referrals"].any()
        assert on["consultations"].sum() > 0
        assert off["agreed"].sum() > on["agreed"].sum()


# --- capital ---
@pytest.mark.limiting
@given(seeds, st.floats(0.0, 40.0), st.floats(0.01, 0.3), st.sampled_from(PRESETS))
@settings(max_examples=25)
def test_the_pot_is_never_overspent(seed, pot, size, name):
    """Every grant leaves no less than nothing in the pot, and what is spent beyond it is foundation trusts'
    own.
    """
    scenario = toy(name, params=only("capital", capital_pot=pot, capital_size=size))
    output, log = simulation.run_with_log(scenario, seed, 0)
    granted = log[log["event_kind"] == CAPITAL_GRANTED]
    assert (granted["third"] >= 0.0).all() and (granted["amount"] > 0.0).all()
    assert granted["amount"].sum() == pytest.approx(output.system["capital_granted"][0, -1])
    alone = log[log["event_kind"] == WENT_ALONE]
    assert (alone["second"] >= alone["amount"]).all()
    assert alone["amount"].sum() == pytest.approx(output.system["capital_own"][0, -1])
    kinds = [partner.kind for partner in scenario.system.partners.values()]
    assert {kinds[who] for who in alone["who"]} <= {"foundation_trust"}, (
        "NHS trusts' capital is set centrally"
    )
    if pot == 0.0:
        assert len(granted) == 0


@entry
def _limited(now, dials, org, out):
    for d in range(dials.shape[0]):
        for i in range(org.size):
            out[d, i] = 1 if is_limited(now, dials[d], org, i) else 0


@pytest.mark.limiting
@pytest.mark.parametrize(
    ("power", "short", "others", "limited"),
    [
        ("off", True, True, False),
        ("targeted", False, True, False),
        ("targeted", True, False, True),
        ("last_resort", True, False, False),
        ("last_resort", True, True, True),
        ("last_resort", False, True, False),
    ],
)
def test_whose_capital_is_limited(power, short, others, limited):
    """`targeted` limits those that miss their total; `last_resort` only where the system misses its total
    too.
    """
    bench = Bench(toy(ft_capital=power))
    org = bench.world.org
    who = partner_names(bench_system()).index("hospital_1")
    org["control_total"] = 0.0
    org["balance_last"] = -50.0 if others else 50.0
    org["balance_last"][who] = -5.0 if short else 5.0
    out = np.zeros((1, len(org)), "i8")
    _limited(bench.state.now, bench.dials, view(org), out)
    assert bool(out[0, who]) is limited


def test_a_reserve_power_holds_foundation_trusts_back():
    def own(power: str) -> float:
        params = only("capital", capital_size=0.005, start_margin=0.0, start_margin_spread=0.03)
        output = simulation.run(toy("joint_committee", params=params, ft_capital=power), 40, 4, threads=1)
        return float(output.system["capital_own"][:, -1].sum())

    assert own("off") >= own("last_resort") >= own("targeted") and own("off") > own("targeted")


def test_capital_takes_cost_out():
    base, paid = (
        simulation.run(
            toy(
                "option2",
                120,
                {**only("capital", harmful=0.0, capital_return=rate, luck=0.0), "capital_pot": 100.0},
            ),
            20,
            4,
            threads=1,
        )
        .system["nhs_balance"][:, -12:]
        .mean()
        for rate in (0.0, 0.2)
    )
    assert paid > base


# --- workforce ---
def test_shared_staff_save_agency_premium_and_sharing_decays():
    alone, shared, kept = (
        simulation.run(
            toy("option2", 120, only(kind, harmful=0.0, sharing_decay=decay)), 20, 4, threads=1
        ).system
        for kind, decay in (("pool", 0.3), ("workforce", 0.3), ("workforce", 0.0))
    )
    assert not alone["sharing"].any() and shared["sharing"].max() > 0.1
    assert shared["agency"][:, -1].mean() < alone["agency"][:, -1].mean()
    assert kept["sharing"][:, -1].mean() > shared["sharing"][:, -1].mean()
    assert np.array_equal(alone["vacancies"], shared["vacancies"])


@entry
def _wear_off(world, par):
    sharing_wears_off(par[0], world.org, world.board)


def test_sharing_wears_off_by_the_effort_of_those_who_share():
    """A member that does its best keeps it up; one that does half lets it wear off by half; who has left does
    not share.
    """
    bench = Bench(toy("option2", params={"sharing_decay": 0.6}))
    org, board = bench.world.org, bench.world.board
    sharers = np.flatnonzero(np.isin(org["kind"], (NHS_TRUST, FOUNDATION_TRUST)))[:2]
    org["shares_staff"][sharers] = 1
    for efforts, left, worn in (
        ((1.0, 1.0), (), 0.0),
        ((1.0, 0.5), (), 0.25),
        ((1.0, 0.0), (1,), 0.0),
        ((0.0, 0.0), (0, 1), 1.0),
    ):
        board["sharing"] = 0.4
        org["effort"][sharers], org["membership"][sharers] = efforts, MEMBER
        org["membership"][sharers[list(left)]] = LEFT
        _wear_off(bench.state, bench.par)
        assert board[0]["sharing"] == pytest.approx(0.4 * (1.0 - 0.05 * worn))


def test_the_staff_rich_lose_by_sharing_and_the_poor_gain():
    """What a proposal claims: without luck nobody short of staff is among the losers, and some of the well
    staffed are.
    """
    losers = 0
    for future in range(12):
        scenario = toy("option2", params=only("workforce", luck=0.0))
        _, log = simulation.run_with_log(scenario, 4, future)
        rich = begin_future(Bench(scenario, 4), future)["staff_rich"]
        for row in log[(log["event_kind"] == TABLED) & (log["fifth"] > 0)]:
            losers += 1
            assert rich[row["partner"]] > 1.0 / PARAMETERS["staff_spread"].default and row["fourth"] < 0.0
    assert losers > 0
