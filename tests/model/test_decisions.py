"""4.4-4.7 The dials of decision: contracts, lay members, host, collaboratives, recusal, liability, duties,
councils, local resolution.
"""

from fractions import Fraction
from math import isclose

import numpy as np
import pytest
from drive import Bench, hold, is_carried, toy_scenario, view
from golden import LAWS, digest
from hashes import busy_scenarios
from pydantic import ValidationError
from scenarios import PRESETS, preset
from test_relabelling import backwards
from test_same_bytes import assert_same

from sim.declarations.bodies import KINDS
from sim.declarations.regimes import record
from sim.engine import simulation
from sim.engine.starting_world import partner_names
from sim.kernel.event_log import (
    AGREED,
    CONTRACTED,
    DIED,
    HELD_BACK,
    LOCAL_RESOLUTION,
    NOT_AGREED,
    OBJECTED,
    VOTE_TURNED,
)
from sim.kernel.records import CONSENT, EMPTY, IN_FORCE, NO_SAY, TABLE, VOTE
from sim.scenario.scenario import Scenario

BUSY = {"programme_rate": 3.0, "case_months": 1.0, "procurement_months": 0.0, "merger_rate": 0.0}
EVERYBODY = {"voters": list(KINDS), "ratification": "none", "subsidiarity": 0.0}
PLAIN = {
    "consent_band": 0.0,
    "willing_months": 60.0,
    "harmful": 0.0,
    "resolution_months": 0.0,
    "table_months": 60.0,
}
BODIES = (
    "place_0_ccg",
    "place_0_council",
    "place_1_ccg",
    "place_1_council",
    "hospital_0",
    "hospital_1",
    "community",
    "ambulance",
)
PROVIDERS = range(4, 8)


def toy(
    regime: str = "joint_committee", params: dict[str, float] | None = None, months: int = 48, **dials: object
) -> Scenario:
    return toy_scenario(preset(regime, **dials), {**BUSY, **(params or {})}, months=months)


def bench(regime: str = "joint_committee", params: dict[str, float] | None = None, **dials: object) -> Bench:
    return Bench(toy_scenario(preset(regime, **{**EVERYBODY, **dials}), {**PLAIN, **(params or {})}))


def vote(
    where: Bench,
    supports: list[float] | np.ndarray,
    gains: list[float] | np.ndarray | None = None,
    parts: list[float] | None = None,
):
    """Votes of the toy's eight bodies, all of whom take part unless `parts` says otherwise; (stages,
    rows).
    """
    rows = np.atleast_2d(np.array(supports, "f8"))
    wide = np.zeros((len(rows), len(where.world.org)))
    cast, part, gain = wide.copy(), wide.copy(), wide.copy()
    cast[:, : rows.shape[1]] = rows
    part[:, : rows.shape[1]] = 1.0 / rows.shape[1] if parts is None else parts
    if gains is not None:
        gain[:, : rows.shape[1]] = gains
    return hold(where, cast, part, gain)


# --- neutral dials ---
@pytest.mark.limiting
@pytest.mark.parametrize("name", LAWS)
def test_at_neutral_dials_all_is_as_it_was_before_they_acted(golden, name):
    """Golden hashes taken from the model before these dials had an effect. Renew them when
    another rule is changed on purpose.
    """
    names = (
        "integration",
        "balance",
        "trust",
        "confidence",
        "agreed",
        "imposed",
        "partial",
        "died",
        "found_out",
        "good_blocked",
        "bad_passed",
        "waiting",
        "ledger",
        "value",
        "meetings",
        "resentment",
        "compensation",
        "mergers_directed",
    )
    neutral = {
        "council_role": "consulted",
        "liability": "own",
        "lay_members": 0.0,
        "host": "none",
        "bloc_voting": False,
        "recusal": False,
    }
    busy = busy_scenarios()
    regimes = {each: preset(each, **neutral) for each in PRESETS}
    scenario = busy[name].changed(regimes=regimes, params={**busy[name].params, "resolution_months": 0.0})
    system = simulation.run(scenario, 6, 7, threads=1).system
    golden.check(f"neutral_dials/{name}", digest(system[column] for column in names))


ALL_DIALS = {
    "votes": {
        "lay_members": 0.2,
        "host": "trust",
        "bloc_voting": True,
        "recusal": True,
        "liability": "joint_nhs",
        "duty": "provide",
        "council_role": "equal",
        "voters": list(KINDS),
        "board_independence": 0.0,
    },
    "contracts": {
        "decision_rule": "bilateral",
        "ratification": "all",
        "host": "council",
        "board_independence": 0.0,
    },
    "observed": {
        "decision_rule": "unanimity",
        "council_role": "observer",
        "bloc_voting": True,
        "recusal": True,
        "liability": "joint",
        "host": "ccg",
        "board_independence": 0.0,
    },
}


@pytest.mark.limiting
@pytest.mark.parametrize("name", ALL_DIALS)
def test_order_and_log_do_not_matter_under_these_dials(name):
    params = {"meeting_items": 1.0, "table_months": 4.0, "noise": 1.0, "harmful": 0.3}
    scenario = toy("option2" if name == "votes" else "joint_committee", params, **ALL_DIALS[name])
    backwards(scenario, 3)
    assert_same(simulation.run(scenario, 1, 3, 0, 1, "full"), simulation.run_with_log(scenario, 3, 0)[0])


# --- bilateral contracts ---
@pytest.mark.limiting
def test_contracts_bind_only_those_who_sign():
    """The buyer and holders of enough of the work must sign; whoever refuses stays out, and nobody waits for
    anybody.
    """
    where = bench(params={"willing_share": 0.5}, decision_rule="bilateral")
    # the CCG of place 0, its council, a hospital, the community trust
    parts = [0.25, 0.15, 0.0, 0.0, 0.35, 0.0, 0.25, 0.0]
    cases = {  # support of these four: does it go ahead, and in part?
        (1.0, 1.0, 1.0, 1.0): (True, 0),
        (1.0, -1.0, 1.0, 1.0): (True, 1),
        (1.0, 1.0, -1.0, 1.0): (True, 1),
        (1.0, -1.0, -1.0, 1.0): (True, 1),
        (1.0, -1.0, -1.0, -1.0): (False, 0),
        (-1.0, 1.0, 1.0, 1.0): (False, 0),
        (0.0, 0.0, 0.0, 0.0): (False, 0),
        (0.0, 0.0, 1.0, 0.0): (True, 0),
    }
    for (ccg, council, hospital, community), (goes, partial) in cases.items():
        others = 9.0 if not goes else -9.0  # what bodies without a part think changes nothing
        stages, rows = vote(
            where, [ccg, council, others, others, hospital, others, community, others], parts=parts
        )
        assert (stages[0] == IN_FORCE) == goes, (ccg, council, hospital, community)
        assert where.world.project[0]["partial"] == partial
        assert (rows[0]["say"][:8] == np.where(np.array(parts) > 0.0, CONSENT, NO_SAY)).all()
        if goes:
            assert ((rows[0]["joins"] == 1) == ((rows[0]["part"] > 0.0) & (rows[0]["vote"] >= 0))).all()
    assert where.world.board["pivotal_trust"][0] == 0


def test_under_contracts_nobody_is_bound_and_only_parties_pay():
    scenario = toy("stp_2016", {"noise": 0.6}, decision_rule="bilateral")
    for future in range(3):
        output, log = simulation.run_with_log(scenario, 5, future)
        kinds = set(log["event_kind"].tolist())
        assert CONTRACTED in kinds and not kinds & {AGREED, OBJECTED}
        assert (output.system["imposed"] == 0.0).all() and output.system["agreed"][0, -1] > 0.0
        assert output.system["partial"][0, -1] <= output.system["agreed"][0, -1]
    ends = simulation.run(scenario, 20, 5, threads=1).system[:, -1]
    assert 0.0 < ends["partial"].sum() < ends["agreed"].sum()


# --- lay members ---
@pytest.mark.limiting
@pytest.mark.parametrize("rule", ["unanimity", "supermajority", "majority", "board"])
def test_lay_members_hold_their_share_of_the_seats_or_votes(rule):
    """In fractions, as a standing order would put it; a lay objection is advice where partners must agree."""
    for seats in (0, 10, 25, 50, 75, 100):
        for percent in (50, 75):
            dials = view(
                record(
                    [
                        preset(
                            "joint_committee",
                            decision_rule=rule,
                            threshold=percent / 100,
                            lay_members=seats / 100,
                        )
                    ]
                )
            )
            share, threshold = Fraction(seats, 100), Fraction(percent, 100)
            for yes in range(9):
                for no in range(9 - yes):
                    for lay in (-1, 0, 1):
                        cast = yes + no
                        backing = (1 - share) * yes + (share * cast if lay > 0 else 0)
                        against = (1 - share) * no + (share * cast if lay < 0 else 0)
                        partners = Fraction(yes, cast) if cast else Fraction(0)
                        board = (1 - share) * partners + (share if lay > 0 else 0)
                        expected = {
                            "unanimity": yes > 0 and no == 0,
                            "supermajority": backing > 0 and backing >= threshold * (backing + against),
                            "majority": 2 * backing > backing + against,
                            "board": board > threshold or board == 1,
                        }[rule]
                        assert bool(is_carried(dials, float(yes), float(no), lay)) == expected, (
                            seats,
                            percent,
                            yes,
                            no,
                            lay,
                        )


@pytest.mark.limiting
def test_lay_members_look_at_the_whole_and_not_at_who_gains():
    """Without noise and alone on the board they carry whatever does good on the whole, whoever loses by it,
    and nothing else.
    """
    where = bench(params={"noise": 0.0}, decision_rule="board", threshold=0.5, lay_members=1.0)
    for lay_view, goes in ((0.3, True), (-0.3, False), (0.0, False)):
        where.world.project[0]["lay_view"] = lay_view
        for support in (-1.0, 1.0):
            assert (vote(where, [support] * 8)[0][0] == IN_FORCE) == goes


def test_lay_members_find_bad_proposals_out_as_non_executives_do():
    params = {"harmful": 0.6, "challenge": 0.5, "public_challenge": 0.0}
    closed = {"ratification": "none", "board_independence": 0.0, "transparency": 0.0}
    found = [
        simulation.run(toy("option2", params, lay_members=share, **closed), 20, 3, threads=1)
        .system["found_out"][:, -1]
        .sum()
        for share in (0.0, 0.3, 0.7)
    ]
    assert found[0] == 0.0 < found[1] < found[2]


def test_officers_and_lay_members_hold_no_more_than_all_seats():
    preset("option2", officer_seats=0.4, lay_members=0.6)
    with pytest.raises(ValidationError, match=r"officer_seats \+ lay_members = 1.1: no more than all seats"):
        preset("option2", officer_seats=0.4, lay_members=0.7)


# --- the host in the chair ---
@pytest.mark.limiting
def test_a_host_acts_only_through_a_chair_that_is_not_independent():
    """No host, an independent chair, or a host that does not exist: oldest first, to the byte."""
    scarce = {"meeting_items": 1.0, "noise": 1.0}
    everything = {
        name: simulation.run(toy("option2", scarce, **dials), 3, 4, threads=1, record="full")
        for name, dials in {
            "none": {"board_independence": 1.0},
            "independent": {"host": "trust", "board_independence": 1.0},
            "no such body": {"host": "ccg", "board_independence": 1.0},
        }.items()
    }
    for name in ("independent", "no such body"):
        assert_same(everything["none"], everything[name])
    absorbed = [
        simulation.run(toy("option2", scarce, host=host, board_independence=0.0), 3, 4, threads=1)
        for host in ("none", "ccg")
    ]
    assert absorbed[0].system.tobytes() == absorbed[1].system.tobytes()
    none, powerless = (
        simulation.run(toy("option2", {**scarce, "host_pull": pull}, host=host), 3, 4, threads=1)
        for host, pull in (("none", 6.0), ("trust", 0.0))
    )
    assert none.system.tobytes() == powerless.system.tobytes()


@pytest.mark.parametrize("host", ["trust", "council"])
def test_the_chair_is_the_largest_of_its_kind_and_holds_back_what_it_dislikes(host):
    scenario = toy(
        "option2", {"meeting_items": 1.0, "noise": 1.0, "host_pull": 24.0}, host=host, board_independence=0.0
    )
    held = [
        row
        for future in range(3)
        for row in simulation.run_with_log(scenario, 4, future)[1]
        if row["event_kind"] == HELD_BACK
    ]
    assert held
    names = partner_names(scenario.system)
    chairs = {names[row["who"]] for row in held}
    assert chairs <= ({"place_0_council", "place_1_council"} if host == "council" else set(BODIES[4:]))
    for row in held:
        assert row["second"] <= row["third"] and row["fourth"] > row["subject"]
        assert abs(row["second"] - row["amount"]) <= 24.0
    without = simulation.run_with_log(
        scenario.changed(regimes={"law": preset("option2", board_independence=0.0)}), 4, 0
    )[1]
    assert not (without["event_kind"] == HELD_BACK).any()


# --- voting as one ---
def outcome(rule: str, votes: np.ndarray, bloc: bool) -> bool:
    """What eight votes of -1, 0 or 1 come to, providers voting as one or not."""
    cast = votes.copy()
    if bloc:
        cast[list(PROVIDERS)] = np.sign(votes[list(PROVIDERS)].sum())
    yes, no = (cast > 0).sum(), (cast < 0).sum()
    if rule == "unanimity":
        return bool(yes > 0 and no == 0)
    return bool(2 * yes > yes + no) if rule == "majority" else bool(yes > 0 and yes >= 0.75 * (yes + no))


def some_votes(number: int = 400) -> np.ndarray:
    return np.random.default_rng(3).choice([-1.0, 0.0, 1.0], (number, 8), p=[0.3, 0.1, 0.6])


@pytest.mark.limiting
@pytest.mark.parametrize("rule", ["unanimity", "supermajority", "majority"])
def test_a_collaborative_casts_the_vote_its_majority_wants(rule):
    votes = some_votes()
    stages, rows = vote(
        bench(decision_rule=rule, threshold=0.75, bloc_voting=True, council_role="equal"), votes
    )
    for own, stage, row in zip(votes, stages, rows, strict=True):
        assert (stage == IN_FORCE) == outcome(rule, own, bloc=True)
        assert (row["cast"][list(PROVIDERS)] == np.sign(own[list(PROVIDERS)].sum())).all()
        assert (row["vote"][:8] == own).all(), "its own vote stays on record"
        assert (row["cast"][:4] == own[:4]).all()
        # all are bound, so that the outvoted inside the bloc resent it as any that are bound
        if stage == IN_FORCE:
            assert (row["joins"][:8] == 1).all()
    split = [outcome(rule, own, True) != outcome(rule, own, False) for own in votes]
    assert any(split)


# --- stepping out ---
@pytest.mark.limiting
def test_large_interests_step_out_of_the_vote():
    """Either way; they are bound, except where nobody can be bound without agreeing; if all would go, all
    stay.
    """
    params = {"recusal_from": 0.2}
    where = bench(params=params, decision_rule="majority", recusal=True, council_role="member")
    scale = where.world.org["scale"][:8]
    gains = scale * np.array([0.0, 0.19, -0.19, 0.0, 0.21, -0.21, 0.2, 1.0])
    stages, rows = vote(where, [-1, -1, 1, -1, 1, 1, 1, 1], gains)
    assert rows[0]["recused"][:8].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert stages[0] == TABLE, "three against one: the four that gain or lose most do not count"
    stages, rows = vote(where, [1, 1, 1, -1, -1, -1, -1, -1], gains)
    assert stages[0] == IN_FORCE and (rows[0]["joins"][:8] == 1).all() and (rows[0]["vote"][4:8] == -1).all()
    stages, rows = vote(where, [1.0] * 8, scale)
    assert stages[0] == IN_FORCE and not rows[0]["recused"].any()

    agreeing = bench(params=params, decision_rule="unanimity", recusal=True, council_role="member")
    stages, rows = vote(agreeing, [1, 1, 1, 1, -1, 1, 1, 1], gains)
    assert stages[0] == IN_FORCE and rows[0]["joins"][:8].tolist() == [1, 1, 1, 1, 0, 1, 1, 1]


def test_recusal_lowers_what_is_voted_by_those_who_gain():
    laws = [toy(params={"recusal_from": 0.02}, recusal=on, subsidiarity=0.0) for on in (False, True)]
    shares = [simulation.run(law, 20, 2, threads=1).system["conflicted_share"][:, -1].mean() for law in laws]
    assert 0.0 < shares[1] < shares[0] < 1.0


@pytest.mark.limiting
def test_money_voted_by_those_who_gain_is_counted_exactly():
    """Two of three votes for come from bodies that gain, of GBP 2 + 1 + 3 + 4 moved, one of them by a body
    that objects and is bound.
    """
    where = bench(decision_rule="majority", council_role="member")
    vote(where, [1, 1, 1, -1, 0, 0, 0, 0], gains=[2.0, 1.0, -3.0, -4.0, 0, 0, 0, 0])
    board = where.world.board[0]
    assert board["decided"] == 1 and board["gbp_decided"] == 10.0
    assert isclose(board["gbp_conflicted"], 10.0 * 2 / 3, abs_tol=1e-6)
    # 4 of 7 is one body's
    assert board["borne"] == 7.0 and board["borne_unagreed"] == 4.0 and board["unanswerable"] == 0


# --- liability ---
@pytest.mark.limiting
@pytest.mark.parametrize("liability", ["own", "joint", "joint_nhs", "statutory_body"])
def test_those_who_answer_share_what_is_at_risk_by_size(liability):
    where = bench(decision_rule="majority", liability=liability, council_role="equal")
    where.world.project[0]["one_off"] = 1.0
    where.world.org["exists"][8] = where.world.org["membership"][8] = 1
    where.world.org["scale"][8] = 5.0
    _, rows = vote(where, [1, 1, 1, 1, 1, -1, 1, 1, 1], gains=[2, -1, 0, 0, -3, 4, 0, 0, 0])
    answers, scale, board = rows[0]["answers"], where.world.org["scale"], where.world.board[0]
    assert board["borne"] == pytest.approx(5.0, abs=1e-6)
    if liability == "own":
        assert not answers.any() and board["borne_unagreed"] == 0.0 and board["unanswerable"] == 0
        return
    assert answers.sum() == pytest.approx(5.0)
    who = {
        "joint": np.arange(9),
        "joint_nhs": np.array([0, 2, 4, 5, 6, 7, 8]),
        "statutory_body": np.array([8]),
    }[liability]
    assert np.nonzero(answers)[0].tolist() == who.tolist()
    assert np.allclose(answers[who] / scale[who], 5.0 / scale[who].sum())
    assert board["borne_unagreed"] == pytest.approx(answers[5], abs=1e-6)
    assert board["unanswerable"] == (0 if liability == "statutory_body" else 1)


@pytest.mark.limiting
def test_liability_without_dread_changes_only_who_answers():
    ends = {
        who: simulation.run(toy("option2", {"liability_dread": 0.0}, liability=who), 10, 3, threads=1).system
        for who in ("own", "joint", "joint_nhs", "statutory_body")
    }
    for who, system in ends.items():
        for name in system.dtype.names:
            if name not in ("unanswerable_share", "unagreed_share", "gbp_at_risk"):
                assert system[name].tobytes() == ends["own"][name].tobytes(), (who, name)
    assert (ends["statutory_body"]["unanswerable_share"][:, -1] == 0.0).all()
    alone, together = (
        simulation.run(toy(liability=who), 10, 3, threads=1).system["unanswerable_share"][:, -1]
        for who in ("own", "joint")
    )
    assert alone.mean() < together.mean()


def test_who_dreads_others_losses_agrees_to_less():
    laws = [toy("joint_committee", {"liability_dread": dread}, liability="joint") for dread in (0.0, 2.0)]
    agreed = [simulation.run(law, 20, 3, threads=1).system["agreed"][:, -1].sum() for law in laws]
    assert agreed[1] < agreed[0]


# --- councils and duties ---
@pytest.mark.limiting
@pytest.mark.parametrize(
    ("role", "affected", "elsewhere", "speaks", "keeps"),
    [
        ("observer", CONSENT, NO_SAY, 0, 0),
        ("consulted", CONSENT, NO_SAY, 1, 0),
        ("member", VOTE, NO_SAY, 1, 0),
        ("equal", VOTE, VOTE, 1, 1),
    ],
)
def test_four_roles_of_a_council(role, affected, elsewhere, speaks, keeps):
    """Say in what affects it and in the rest, whether partners hear it, and whether it keeps its own money
    from a vote it loses.
    """
    where = bench(decision_rule="majority", council_role=role)
    _, rows = vote(
        where,
        [1, -1, 1, 1, 1, 1, 1, 1],
        gains=[1, -1, 0, 0, 1, 1, 0, 0],
        parts=[0.3, 0.2, 0, 0, 0.3, 0.2, 0, 0],
    )
    row = rows[0]
    assert (row["say"][1], row["say"][3]) == (affected, elsewhere)
    assert (row["speaks"][1], row["speaks"][3]) == (speaks, int(elsewhere != NO_SAY))
    assert row["keeps"][1] == keeps and not row["keeps"][[0, 2, 3, 4, 5, 6, 7]].any()
    bound = affected == VOTE and not keeps
    assert row["joins"][1] == bound, "consent is its own, unless a vote of its own binds it"
    _, rows = vote(where, [1, -1, 1, 1, 1, 1, 1, 1], gains=[0.0] * 8, parts=[0.3, 0.2, 0, 0, 0.3, 0.2, 0, 0])
    assert rows[0]["joins"][1] == (affected == VOTE), (
        "where none of its money is in it, an equal is bound as a member is"
    )


@pytest.mark.limiting
def test_roles_of_a_council_differ_in_whole_runs():
    votes = {"voters": list(KINDS)}
    runs = [
        simulation.run(toy("joint_committee", council_role=role, **votes), 10, 3, threads=1).system
        for role in ("observer", "consulted", "member", "equal")
    ]
    assert len({run.tobytes() for run in runs}) == 4
    assert (
        all((run["pivotal_council"] == 0.0).all() for run in runs[:2])
        and (runs[3]["pivotal_council"][:, -1] > 0.0).any()
    )


@pytest.mark.limiting
def test_a_duty_to_provide_makes_loss_of_access_every_voters_business():
    for duty, counts in (("wellbeing", False), ("provide", True)):
        where = bench(decision_rule="majority", duty="triple_aim_wellbeing" if duty == "wellbeing" else duty)
        where.world.stake["loss_of_access"][0, 1] = 0.5  # a council: it does not vote here
        _, rows = vote(where, [1.0] * 8)
        expected = np.where(rows[0]["say"] == VOTE, 0.5, 0.0) if counts else np.zeros(9)
        expected[1] = 0.5
        assert (rows[0]["loss_counted"] == expected).all()


@pytest.mark.limiting
def test_a_duty_to_provide_weighs_as_a_triple_aim_and_binds_councils():
    """Where no access can be lost it differs from the triple aim by the councils alone."""
    weights = {}
    for duty in ("none", "triple_aim", "triple_aim_wellbeing", "provide"):
        output = simulation.run(
            toy(months=6, duty=duty, params={"public_loss": 0.0, "council_relevance": 1.0}), 5, 3, threads=1
        )
        weights[duty] = output.system.tobytes()
    assert weights["provide"] == weights["triple_aim_wellbeing"] != weights["none"]


# --- local resolution ---
STUCK = {
    "noise": 1.0,
    "table_months": 5.0,
    "willing_months": 60.0,
    "harmful": 0.0,
    "host_pull": 0.0,
    "meeting_items": 50.0,
}


@pytest.mark.limiting
@pytest.mark.parametrize("months", [1, 4])
def test_a_dispute_dies_only_after_local_resolution(months):
    """Every proposal that dies with votes for and against had its months of local resolution, once."""
    scenario = toy(
        "stp_2016",
        {**STUCK, "resolution_months": float(months)},
        months=60,
        ratification="none",
        subsidiarity=1.0,
    )
    log = simulation.run_with_log(scenario, 3, 0)[1]
    sought = {
        int(row["subject"]): int(row["event_month"]) for row in log if row["event_kind"] == LOCAL_RESOLUTION
    }
    assert len(sought) == (log["event_kind"] == LOCAL_RESOLUTION).sum() > 3
    died = {int(row["subject"]): row for row in log if row["event_kind"] == DIED}
    disputed = [serial for serial, row in died.items() if row["second"] > 0 and row["third"] > 0]
    assert disputed and set(disputed) <= set(sought)
    for serial, row in died.items():
        assert serial not in sought or row["event_month"] == sought[serial] + months


@pytest.mark.limiting
def test_without_its_months_there_is_no_local_resolution():
    output = simulation.run(toy("stp_2016", {**STUCK, "resolution_months": 0.0}), 10, 3, threads=1).system
    assert not output["mediations"].any() and not output["mediated"].any() and output["died"].any()


@pytest.mark.limiting
@pytest.mark.parametrize("trust", [0.0, 1.0])
def test_trust_between_the_sides_decides_whether_it_works(trust):
    where = bench(params={"resolution_months": 3.0, "table_months": 1.0}, decision_rule="unanimity")
    where.world.trust[:] = trust
    where.world.now["month"] = 5
    stages, _ = vote(where, [1, 1, 1, 1, 1, 1, 1, -1])
    item = where.world.project[0]
    assert stages[0] == TABLE and item["mediation"] == (1 if trust else -1) and item["mediated_until"] == 8
    where.world.now["month"] = 7
    assert vote(where, [1, 1, 1, 1, 1, 1, 1, -1])[0][0] == TABLE
    where.world.now["month"] = 8
    assert vote(where, [1, 1, 1, 1, 1, 1, 1, -1])[0][0] == EMPTY
    assert where.world.board[0]["mediations"] == 1


def test_it_settles_more_where_partners_trust_each_other():
    """A whole gain can buy what part of it could not."""
    ends = {}
    for trust in (0.05, 0.5):
        params = {
            **STUCK,
            "noise": 0.5,
            "resolution_months": 6.0,
            "trust_start": trust,
            "contact": 0.0,
            "leader_change": 0.0,
            "offer": 0.3,
            "trust_up": 0.005,
            "trust_down": 0.01,
        }
        last = simulation.run(
            toy("stp_2016", params, ratification="none", subsidiarity=1.0), 40, 3, threads=1
        ).system[:, -1]
        ends[trust] = last["mediated"].sum() / last["mediations"].sum()
    assert ends[0.05] < ends[0.5]


# --- pivotal votes ---
@pytest.mark.limiting
@pytest.mark.parametrize("bloc", [False, True])
@pytest.mark.parametrize("rule", ["unanimity", "supermajority", "majority"])
def test_pivotal_votes_are_those_that_alone_change_the_outcome(rule, bloc):
    """Against each vote turned by hand."""
    votes = some_votes(200)
    where = bench(decision_rule=rule, threshold=0.75, bloc_voting=bloc, council_role="equal")
    vote(where, votes)
    expected = dict.fromkeys(("commissioner", "council", "trust"), 0)
    for own in votes:
        for i in range(8):
            results = []
            for turned in (1.0, -1.0):
                changed = own.copy()
                changed[i] = turned
                results.append(outcome(rule, changed, bloc))
            expected["trust" if i >= 4 else "council" if i % 2 else "commissioner"] += (
                results[0] != results[1]
            )
    board = where.world.board[0]
    assert {kind: int(board[f"pivotal_{kind}"]) for kind in expected} == expected and sum(
        expected.values()
    ) > 20
    assert board["pivotal_other"] == 0


def test_the_minutes_say_when_a_lay_vote_a_bloc_or_a_recusal_turned_the_outcome():
    params = {"noise": 1.0, "recusal_from": 0.02}
    for why, dials in enumerate(({"lay_members": 0.4}, {"bloc_voting": True}, {"recusal": True})):
        logs = [
            simulation.run_with_log(toy("option2", params, threshold=0.6, **dials), 2, future)[1]
            for future in range(3)
        ]
        turned = np.concatenate([log[log["event_kind"] == VOTE_TURNED] for log in logs])
        assert len(turned) > 0 and (turned["amount"] == why).all()
        carried = np.concatenate([log["subject"][log["event_kind"] == AGREED] for log in logs])
        assert np.isin(turned["subject"][turned["fifth"] == 1.0], carried).any()
    none = simulation.run_with_log(toy("option2", params), 2, 0)[1]
    assert (
        not np.isin(none["event_kind"], (VOTE_TURNED, HELD_BACK, CONTRACTED)).any()
        and (none["event_kind"] == NOT_AGREED).any()
    )
