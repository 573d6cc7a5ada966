"""4.14 Adoption body by body: who delegates, who revokes, whom a vote binds, and that a given arrangement
knows nothing of it.
"""

import numpy as np
import pytest
from drive import Bench, poll, toy_scenario, view
from hypothesis import given, settings
from scenarios import preset, scenarios, seeds

from sim.engine import simulation
from sim.kernel.compiled import entry
from sim.kernel.event_log import ADOPTED, REVOKED
from sim.kernel.records import (
    CAPITAL,
    EMPTY,
    FUNCTION_OF,
    FUNCTIONS,
    HOSPITAL_SERVICES,
    IN_FORCE,
    PROJECT_KINDS,
    RATIFYING,
    RECONFIGURE,
    SHIFT,
    TABLE,
)
from sim.rules.law.delegation import adopt, intend_adoption, remember

# No noise, no dislike of giving control away, nothing but what has been seen.
PLAIN = {
    "noise": 0.0,
    "autonomy": 0.0,
    "delegation_control": 0.0,
    "delegation_trust": 0.0,
    "delegation_value": 0.0,
    "adoption_months": 1.0,
    "retreat": 0.0,
}
NEVER = float("inf")
BUSY = {"programme_rate": 3.0, "case_months": 1.0, "procurement_months": 0.0}
COUNTED = {"delegated", "adopted", "revoked", "meetings", "board_cost"}


@entry
def _sit(world, par, dials, log, start, months):
    for m in range(start, start + months):
        world.now.month = m
        intend_adoption(world, par[0], dials[0])
        adopt(world, par[0], dials[0], log)


def sit(bench: Bench, start: int, months: int) -> np.ndarray:
    """Own boards meet for some months; who then holds which delegation (bodies, functions)."""
    _sit(bench.state, bench.par, bench.dials, view(bench.log), start, months)
    return bench.world.delegation["held"].copy()


@entry
def _decided(world, par):
    remember(world, par[0])


def bench_of(regime: str = "joint_committee_equal", **params: float) -> Bench:
    bench = Bench(toy_scenario(preset(regime), {**PLAIN, **params}))
    bench.world.org["cycle"] = 3
    bench.world.org["phase"] = np.arange(len(bench.world.org)) % 3
    return bench


def seen(bench: Bench, share: float) -> None:
    """Every body has gained, or lost, this share of its own scale by every function."""
    bench.world.delegation["own_gain"] = share * bench.world.org["scale"][:, None]
    bench.world.delegation["seen"] = 5


def voters(bench: Bench) -> np.ndarray:
    """All but the row of the statutory body, which does not exist here."""
    return bench.world.org["exists"] == 1


@pytest.mark.limiting
def test_every_kind_of_project_belongs_to_one_function():
    assert len(FUNCTION_OF) == len(PROJECT_KINDS) and set(FUNCTION_OF) == set(range(len(FUNCTIONS)))
    assert FUNCTION_OF[RECONFIGURE] == HOSPITAL_SERVICES


@pytest.mark.limiting
def test_all_delegate_after_good_experience_once_their_boards_have_met():
    bench = bench_of()
    seen(bench, 1.0)
    first = sit(bench, 0, 1)
    assert 0 < first.sum() < voters(bench).sum() * len(FUNCTIONS), "only boards that meet can decide"
    held = sit(bench, 1, 2)
    assert (held[voters(bench)] == 1).all() and (held[~voters(bench)] == 0).all()
    assert bench.world.board["delegated"] == 1.0 and bench.world.board["adopted"] == held.sum()


@pytest.mark.limiting
def test_nobody_delegates_where_control_is_infinitely_dear_and_all_revoke():
    bench = bench_of(delegation_control=NEVER)
    seen(bench, 100.0)
    bench.world.delegation["held"][voters(bench), HOSPITAL_SERVICES] = 1
    assert not sit(bench, 0, 3).any()
    assert bench.world.board["revoked"] == voters(bench).sum() and bench.world.board["adopted"] == 0


@pytest.mark.limiting
def test_between_the_bands_everything_stays_as_it_is():
    """Hysteresis: weak reasons neither win a delegation nor lose it."""
    bench = bench_of(consent_band=0.5)
    for share, expected in ((0.5, 0), (1.0, 1), (-0.5, 1), (-1.0, 0), (0.5, 0)):
        seen(bench, share)
        held = sit(bench, 3, 3)
        assert (held[voters(bench)] == expected).all(), share
        bench.world.delegation["again"] = 0


@pytest.mark.limiting
def test_a_board_considers_a_function_not_oftener_than_it_may():
    bench = bench_of(adoption_months=12.0)
    seen(bench, 1.0)
    assert (sit(bench, 0, 3)[voters(bench)] == 1).all()
    seen(bench, -1.0)
    assert (sit(bench, 3, 9)[voters(bench)] == 1).all(), "less than a year after the first look"
    assert (sit(bench, 12, 3)[voters(bench)] == 0).all()
    assert bench.world.board["meetings"] == 2 * voters(bench).sum(), (
        "one item of a meeting, however many functions"
    )


@pytest.mark.limiting
def test_who_has_no_vote_has_nothing_to_delegate_and_foundation_trusts_are_dearer_to_win():
    bench = bench_of("joint_committee", delegation_control=0.4, ft_autonomy=10.0, consent_band=0.0)
    seen(bench, 1.0)
    held, kinds = sit(bench, 0, 3), bench.world.org["kind"]
    assert (
        (held[(kinds == 0) | (kinds == 2)] == 1).all()
        and not held[kinds == 1].any()
        and not held[kinds == 3].any()
    )


@pytest.mark.limiting
@pytest.mark.parametrize(
    ("stage", "gain", "expected"), [(IN_FORCE, -3.0, -3.0), (IN_FORCE, 2.0, 2.0), (EMPTY, -3.0, 0.0)]
)
def test_what_is_decided_is_remembered_of_that_function_alone(stage, gain, expected):
    """What died changed nothing, so it counts as neither gain nor loss."""
    bench = bench_of()
    item, row = bench.world.project[0], bench.world.stake[0]
    item["stage"], item["phased"], item["heard"], item["kind"], item["stakes"] = (
        stage,
        1,
        stage == EMPTY,
        SHIFT,
        1.0,
    )
    row["part"], row["joins"], row["gain"] = np.arange(len(row)) < 3, 1, gain
    _decided(bench.state, bench.par)
    known = bench.world.delegation
    assert (known["own_gain"][:3, FUNCTION_OF[SHIFT]] == expected).all() and (
        known["seen"][:3, FUNCTION_OF[SHIFT]] == 1
    ).all()
    assert not known["seen"][3:].any() and not known["seen"][:, FUNCTION_OF[CAPITAL]].any()
    if gain < 0.0 and stage == IN_FORCE:
        bench.world.delegation["held"] = voters(bench)[:, None]
        bench.world.org["scale"] = 1.0
        held = sit(bench, 0, 3)
        assert not held[:3, FUNCTION_OF[SHIFT]].any() and held[:3, FUNCTION_OF[CAPITAL]].all(), (
            "bad experience is revoked, no other"
        )


@pytest.mark.limiting
def test_a_vote_binds_only_those_that_have_delegated_and_spares_their_boards():
    bench = bench_of(consent_band=0.1)
    n = len(bench.world.org)
    bench.world.project["kind"] = SHIFT
    keeps = np.zeros(n, "i8")
    keeps[[0, 1, 2]] = 1
    bench.world.stake["keeps"][0] = bench.world.stake["withheld"][0] = keeps
    supports = np.full((1, n), 1.0)
    supports[0, [0, n - 1]] = -1.0  # one objector keeps the function, one has delegated it
    assert poll(bench, supports)[0] == RATIFYING
    row = bench.world.stake[0]
    assert row["joins"][0] == 0 and row["joins"][n - 1] == 1
    assert (row["ratified"][keeps == 0] == 1).all() and (row["ratified"][keeps == 1] == 0).all()
    bench.world.stake["keeps"][0] = bench.world.stake["withheld"][0] = 0
    assert poll(bench, supports)[0] == IN_FORCE, "all have delegated: no own board is asked"
    bench.world.stake["keeps"][0] = bench.world.stake["withheld"][0] = 1
    supports[0] = np.where(np.arange(n) < 0.3 * n, -1.0, 1.0)
    bench.par["willing_share"] = 0.8
    assert poll(bench, supports)[0] == TABLE, (
        "carried, but those who would take part hold too little of the work"
    )


@pytest.mark.limiting
@given(
    scenarios(
        events=False,
        most_months=40,
        dials={"adoption": "by_body"},
        params={**BUSY, "delegation_control": NEVER},
    ),
    seeds,
)
@settings(max_examples=20)
def test_where_nobody_delegates_nobody_is_bound(scenario, seed):
    system = simulation.run(scenario, 2, seed, threads=1).system
    assert not system["delegated"].any() and not system["adopted"].any() and not system["revoked"].any()
    assert not system["imposed"].any()
    assert (system["ledger"] == 0.0).all()


@pytest.mark.limiting
@pytest.mark.parametrize("regime", ["joint_committee_equal", "optional_form"])
def test_where_all_delegate_it_is_the_given_arrangement_with_everything_in_scope(regime):
    """Byte for byte, but for what counts delegations and the boards' looks at them."""
    params = {
        **BUSY,
        "delegated_scope": 1.0,
        "delegation_control": 0.0,
        "delegation_trust": 20.0,
        "trust_neutral": 0.0,
        "trust_start": 0.8,
        "autonomy": 0.0,
        "exit_barrier": NEVER,
        "case_months": 3.0,
        "programme_rate": 1.0,
    }
    by_body = simulation.run(toy_scenario(preset(regime, adoption="by_body"), params), 4, 1, threads=1)
    given_ = simulation.run(toy_scenario(preset(regime, adoption="given"), params), 4, 1, threads=1)
    assert (by_body.system["delegated"][:, 3:] == 1.0).all() and (by_body.system["agreed"][:, -1] > 5).all()
    for name in by_body.system.dtype.names:
        if name not in COUNTED:
            assert np.array_equal(by_body.system[name], given_.system[name]), name


@pytest.mark.limiting
@given(scenarios(most_months=40, dials={"adoption": "given"}, params=BUSY), seeds)
@settings(max_examples=15)
def test_where_the_arrangement_is_given_the_rule_does_nothing(scenario, seed):
    one = simulation.run(scenario, 2, seed, threads=1)
    odd = {
        "adoption_months": 3.0,
        "delegation_trust": 7.0,
        "delegation_value": 5.0,
        "delegation_control": 0.0,
        "delegation_memory": 1.0,
    }
    off = ("intend_adoption", "adopt", "remember")
    other = simulation.run(scenario.changed(params={**scenario.params, **odd}, off=off), 2, seed, threads=1)
    assert one.system.tobytes() == other.system.tobytes() and one.partner.tobytes() == other.partner.tobytes()
    assert not one.system["delegated"].any() and not one.system["adopted"].any()


@pytest.mark.limiting
def test_a_new_law_ends_delegations():
    laws = {"law": preset("joint_committee"), "next": preset("joint_committee", adoption="given")}
    laws["again"] = preset("option2", adoption="by_body")
    events = [
        {"month": 30, "do": "change_regime", "regime": "next"},
        {"month": 40, "do": "change_regime", "regime": "again"},
    ]
    params = {**BUSY, "delegation_control": 0.0, "trust_start": 0.7}
    scenario = toy_scenario(laws["law"], params, months=60).changed(regimes=laws, events=events)
    system = simulation.run(scenario, 8, 1, threads=1).system
    assert (system["delegated"][:, 29] > 0.5).all()
    assert not system["delegated"][:, 30:41].any()
    assert (system["delegated"][:, -1] > 0.0).any(), "and may be made anew under the next"
    assert (system["revoked"][:, 30:41] == system["revoked"][:, 29:30]).all(), (
        "what the law ends, no board has revoked"
    )


@pytest.mark.limiting
def test_the_minutes_tell_every_delegation():
    params = {**BUSY, "delegation_control": 0.05, "noise": 0.8, "adoption_months": 3.0}
    scenario = toy_scenario(preset("joint_committee"), params, months=80)
    output, log = simulation.run_with_log(scenario, 1, 0)
    for kind, column in ((ADOPTED, "adopted"), (REVOKED, "revoked")):
        told = log[log["event_kind"] == kind]
        assert len(told) == output.system[column][0, -1] > 0, column
        assert ((told["amount"] > 0.1) if kind == ADOPTED else (told["amount"] < -0.1)).all()
