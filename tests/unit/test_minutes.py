"""The minutes: a sentence for every kind of event, figures that agree with the run, and no trace of the log
in the state.
"""

import re
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest
from toy import toy_system

import sim
from sim.declarations.event_kinds import (
    EVENT_KINDS,
    EVENT_NAMES,
    LAW,
    MOST_FIGURES,
    PROJECT,
    SYSTEM,
    TWO_BODIES,
)
from sim.engine import simulation
from sim.inputs import library
from sim.inputs.problems import BadInput
from sim.minute_book.minutes import COLUMNS, FIELDS, FIGURES, STATUTORY_BODY
from sim.minute_book.projects import GROUNDS
from sim.minute_book.sentences import SENTENCES
from sim.minute_book.wording import (
    Happened,
    aim_of,
    bodies,
    level,
    levels,
    money,
    own_board,
    percent,
    sentence,
)
from sim.rules.decisions.reasons import NO_GROUND
from sim.scenario.scenario import Scenario, make_scenario

ABOUT_A_PROJECT = {kind.name for kind in EVENT_KINDS.values() if kind.about == PROJECT}
REGIMES = ("joint_committee", "stp_2016", "option2")


def toy(regime: str = "joint_committee", **fields_: object) -> Scenario:
    regimes = {name: library.read("regime", name) for name in REGIMES}
    return make_scenario(system_name="toy", system=toy_system(), regime=regime, regimes=regimes, **fields_)


def restless() -> Scenario:
    """Everybody leaves easily, one body is made to leave and to return, and most proposals are bad."""
    params = {"exit_barrier": 0.03, "harmful": 0.5, "return_margin": 0.0}
    events = (
        {"month": 6, "do": "leave", "partner": "hospital_1"},
        {"month": 30, "do": "return", "partner": "hospital_1"},
    )
    return toy(params=params, events=events, table_size=4)


def decisions(**dials: object) -> Scenario:
    """Little meeting time, and much to decide."""
    law = {**library.read("regime", "joint_committee"), "board_independence": 0.0, **dials}
    params = {
        "meeting_items": 1.0,
        "programme_rate": 2.0,
        "noise": 1.0,
        "table_months": 6.0,
        "host_pull": 24.0,
        "case_months": 1.0,
    }
    return make_scenario(
        system_name="toy", system=toy_system(), regime="law", regimes={"law": law}, params=params, months=60
    )


SCENARIOS = {
    "default": lambda: sim.load("regime=joint_committee"),
    "default unanimous": lambda: sim.load("regime=stp_2016"),
    "default statutory": lambda: sim.load("regime=option2"),
    "small": toy,
    "small, restless": restless,
    "small, stuck": lambda: toy("stp_2016", table_size=2, params={"noise": 1.0}),
    "small, two laws": lambda: toy("stp_2016").after(30, "option2").after(70, "joint_committee"),
    "small, merging": lambda: toy(
        "joint_committee",
        params={
            "merger_rate": 4.0,
            "merger_from": 0.05,
            "merger_block": 1.0,
            "noise": 1.0,
            "merger_direction": 0.1,
            "referral": 1.0,
            "confidence_start": 0.2,
        },
        events=[{"month": 80, "do": "merge", "partner": "hospital_0", "other": "ambulance"}],
    ),
    "small, wide": lambda: (
        sim.load(
            "system.also=[primary_care_network,voluntary_body,independent_provider]",
            "regime=option2",
            "dials.independent_providers=on_board",
            "months=60",
        )
        .after(20, "joint_committee")
        .with_events()
    ),
    "small, watched": lambda: toy(
        "joint_committee",
        params={
            "special_chance": 12.0,
            "special_months": 2.0,
            "special_deficit": 0.02,
            "removal_chance": 6.0,
            "status_engagement": 0.5,
            "status_deficit": 0.03,
            "status_integration": 0.19,
            "status_slack": 0.1,
        },
    ).changed(
        regimes={
            "joint_committee": {
                **library.read("regime", "joint_committee"),
                "ring_fence": 0.3,
                "support": "need",
            }
        }
    ),
    "small, every dial of decision": lambda: decisions(
        lay_members=0.3, host="trust", bloc_voting=True, recusal=True, liability="joint"
    ),
    "small, contracts": lambda: decisions(decision_rule="bilateral", liability="joint_nhs", duty="provide"),
    "small, barred": lambda: sim.load(
        "dials.exit=nhs_barred", "dials.exit_notice=6", "params.exit_barrier=0.02"
    ),
}
CASES = [(name, future) for name in SCENARIOS for future in (0, 5)]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]}, future {case[1]}")
def told(request: pytest.FixtureRequest) -> tuple:
    """(scenario, minutes, dataset of the same future with the full record)."""
    name, future = request.param
    scenario = SCENARIOS[name]()
    return (
        scenario,
        sim.minutes(scenario, seed=1, future=future),
        sim.simulate(scenario, 1, 1, 1, "full", future).isel(future=0),
    )


def happened(kind: str, figures: tuple[float, ...], other: bool = True) -> Happened:
    project = 12 if kind in ABOUT_A_PROJECT else None
    aim = aim_of(0, "Barnsley", None)
    hospital = "Sheffield Hospitals" if other else None
    return Happened("Barnsley Council", hospital, "Barnsley", project, aim, figures, hospital)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", EVENT_NAMES)
@pytest.mark.parametrize(
    "figures", [(0.0,) * 5, (1.0,) * 5, (2.0,) * 5, (2.0, -1.3, 2.0, 0.31, 0.0), (1.0, 0.5, 0.0, 0.0, 3.0)]
)
@pytest.mark.parametrize("other", [True, False])
def test_every_kind_makes_a_sentence(kind: str, figures: tuple[float, ...], other: bool) -> None:
    whole = kind == "law_changed"  # its figures are codes
    event = happened(
        kind,
        tuple(abs(round(f)) for f in figures) if whole else figures,
        other or EVENT_KINDS[kind].about in (TWO_BODIES, LAW),
    )
    what, reason = SENTENCES[kind](event)
    text = sentence(what, reason)
    assert reason, "an event without a reason"
    assert text[0].isupper() and text.endswith(".") and not text.endswith("..")
    assert "  " not in text and "None" not in text
    assert not re.search(
        r"(?<![-.,\d])(1 (bodies|months|votes|projects|times)|[02-9] (body|month|vote|project|time)\b)", text
    ), text


def test_every_ground_has_words_and_every_figure_a_column() -> None:
    assert set(GROUNDS) == set(range(NO_GROUND + 1))
    assert len(FIGURES) == len(FIELDS) == MOST_FIGURES


def test_these_scenarios_show_almost_every_kind() -> None:
    seen = {kind for name, future in CASES for kind in sim.minutes(SCENARIOS[name](), 1, future)["kind"]}
    assert len(set(EVENT_NAMES) - seen) <= 3, set(EVENT_NAMES) - seen


def test_the_log_leaves_no_trace(told: tuple) -> None:
    scenario, _, data = told
    future = int(data.future)
    silent = simulation.run(scenario, 1, 1, future, 1, "full")
    logged, _ = simulation.run_with_log(scenario, 1, future)
    for field in fields(simulation.Output):
        assert getattr(silent, field.name).tobytes() == getattr(logged, field.name).tobytes(), field.name


def test_events_stand_in_order_with_dates_and_known_names(told: tuple) -> None:
    scenario, minutes, _ = told
    assert tuple(minutes.columns) == COLUMNS and len(minutes) > 20
    assert minutes["month"].is_monotonic_increasing and minutes["month"].between(0, scenario.months - 1).all()
    assert (minutes["date"] == [str(np.datetime64("2016-04") + m) for m in minutes["month"]]).all()
    assert set(minutes["kind"]) <= set(EVENT_NAMES)
    people = {partner.label for partner in scenario.system.partners.values()} | {STATUTORY_BODY}
    places = {place.label for place in scenario.system.places.values()}
    assert set(minutes["who"].dropna()) <= people
    assert set(minutes["other"].dropna()) <= people
    assert set(minutes["place"].dropna()) <= places
    about = minutes["kind"].isin(ABOUT_A_PROJECT)
    assert (minutes["project"].notna() == about).all()
    whole = minutes["kind"].isin([kind.name for kind in EVENT_KINDS.values() if kind.about in (LAW, SYSTEM)])
    assert minutes.loc[whole, "who"].isna().all()
    pairs = minutes["kind"].isin([kind.name for kind in EVENT_KINDS.values() if kind.about == TWO_BODIES])
    assert minutes.loc[pairs, "who"].notna().all()


def test_rules_write_no_figure_that_is_not_declared(told: tuple) -> None:
    scenario, _, data = told
    for event in simulation.run_with_log(scenario, 1, int(data.future))[1]:
        kind = EVENT_KINDS[EVENT_NAMES[event["event_kind"]]]
        assert not any(event[name] for name in FIELDS[len(kind.figures) :]), kind.name


def test_sentences_are_clean(told: tuple) -> None:
    _, minutes, _ = told
    text = minutes["sentence"]
    assert not text.str.contains(r"\bnan\b|\binf\b|None|-0\.00|  |\(no\. nan\)", regex=True).any()
    assert text.str.match(r"^[A-Z].*[^.]\.$").all()
    assert not text.str.contains(r"(?<![\d.,])1 (?:bodies|months|votes|times)\b", regex=True).any()
    named = minutes[
        minutes["who"].notna()
        & ~minutes["kind"].isin(
            [
                "agreed",
                "died",
                "given_up",
                "approved",
                "not_agreed",
                "in_force",
                "delivered",
                "fell_short",
                "harm_came_to_light",
                "agreed_by_the_willing",
                "contracted",
                "local_resolution",
            ]
        )
    ]  # there `who` brought it
    assert all(
        who in said
        for who, said in zip(named["who"], named["sentence"].str.replace("The s", "the s"), strict=True)
    )


def counted(minutes: pd.DataFrame, *kinds: str) -> int:
    return int(minutes["kind"].isin(kinds).sum())


def test_counts_agree_with_the_run(told: tuple) -> None:
    _, minutes, data = told
    last = data.isel(month=-1)
    for indicator, kinds in {
        "tabled": ["tabled"],
        "refused_table": ["table_full"],
        "agreed": ["in_force"],
        "delivered": ["delivered"],
        "fell_short": ["fell_short"],
        "died": ["died", "given_up", "found_out", "stopped", "unheard"],
        "found_out": ["found_out"],
        "walk_aways": ["left", "walked_away"],
        "returns": ["returned"],
        "mergers": ["merged"],
        "mergers_blocked": ["merger_blocked"],
        "mergers_stopped": ["merger_stopped"],
        "consultations": ["consultation", "merger_consultation"],
        "referrals": ["referred", "merger_referred"],
    }.items():
        assert counted(minutes, *kinds) == int(last[indicator]), indicator
    assert counted(minutes, "promise_broken") == int(last["promises_due"] - last["promises_kept"])
    forced = minutes[minutes["kind"] == "in_force"]
    assert int((forced["third"] > 0).sum()) == int(last["imposed"])


def test_members_move_with_the_minutes(told: tuple) -> None:
    """Month by month; a change of law ends and founds bodies, and is left out."""
    _, minutes, data = told
    step = {"left": -1, "walked_away": -1, "returned": 1}
    merged = minutes["fifth"].where(minutes["kind"] == "merged", 0.0)  # 1 if the body that ended was a member
    moves = (
        (minutes["kind"].map(step).fillna(0) - merged)
        .groupby(minutes["month"])
        .sum()
        .reindex(data.month, fill_value=0)
    )
    members = data["members"].to_series().reset_index(drop=True)
    for month in range(1, len(members)):
        if not (minutes["kind"][minutes["month"] == month] == "law_changed").any():
            assert members[month] - members[month - 1] == moves[month], month


def test_money_agrees_with_the_run(told: tuple) -> None:
    _, minutes, data = told
    earned = minutes[minutes["kind"] == "fund_earned"].groupby("month")["third"].sum()
    run = data["fund_earned"].to_series()
    assert earned.sum() == pytest.approx(run.sum())
    assert all(run[month] == pytest.approx(amount) for month, amount in earned.items())
    raids = minutes[minutes["kind"] == "fund_raided"]
    assert raids["first"].sum() == pytest.approx(float(data["raided"][-1]))
    assert (raids["first"] <= raids["second"]).all() and (raids["first"] <= raids["third"] + 1e-3).all()
    promised = minutes[minutes["kind"] == "compensated"]
    assert (promised["first"] > 0).all() and promised["third"].between(0, 1).all()
    assert promised["other"].notna().all() and (promised["other"] != promised["who"]).all()


def test_proposals_come_and_go_once(told: tuple) -> None:
    """Tabled before anything else, in force or dead at the month the run's own record says."""
    _, minutes, data = told
    about = minutes[minutes["kind"].isin(ABOUT_A_PROJECT - {"table_full", "nothing_at_stake"})]
    assert (about.groupby("project")["kind"].first() == "tabled").all()
    ends = minutes[minutes["kind"].isin(["in_force", "died", "given_up", "found_out", "stopped"])]
    assert ends["project"].is_unique
    for _, row in ends.iterrows():
        assert int(data["project_decided"][int(row["project"]) - 1]) == row["month"]


def test_who_promised_most_and_how_far_it_is_trusted() -> None:
    """A refusal names its largest promiser, and trust as it stood at the end of the month before."""
    scenario = sim.load("regime=stp_2016")
    minutes, data = sim.minutes(scenario), sim.simulate(scenario, 1, record="full").isel(future=0)
    name_of = {partner.label: name for name, partner in scenario.system.partners.items()}
    # April resets ties
    rows = minutes[(minutes["kind"] == "sent_back") & minutes["other"].notna() & (minutes["month"] % 12 != 0)]
    assert len(rows) > 0
    for _, row in rows.iterrows():
        before = data["trust_in"].sel(
            month=row["month"] - 1, partner=name_of[row["who"]], other=name_of[row["other"]]
        )
        assert float(before) == row["fourth"]
        assert level(row["fourth"]) in row["sentence"] and money(row["third"]) in row["sentence"]


def test_a_log_longer_than_its_first_guess() -> None:
    minutes = sim.minutes(sim.load("regime=stp_2016", "months=1200", "params.programme_rate=1.0"))
    assert len(minutes) > 4096 and minutes["month"].iloc[-1] > 1190


def test_a_scheme_goes_by_the_name_of_the_trust_that_took_it_over() -> None:
    """A building scheme tabled before a merger is told as its successor's after it."""
    only = {
        f"weight_{kind}": float(kind == "capital")
        for kind in ("shift", "risk_share", "pool", "reconfigure", "capital", "workforce")
    }
    merger = {"month": 12, "do": "merge", "partner": "hospital_0", "other": "hospital_1"}
    scenario = toy(
        "stp_2016",
        params={**only, "programme_rate": 3.0, "merger_rate": 0.0, "case_months": 6.0},
        events=[merger],
    )
    told = pd.concat([sim.minutes(scenario, future=future).assign(future=future) for future in range(4)])
    schemes = told[told["sentence"].str.contains("building scheme of", regex=False) & told["project"].notna()]
    old, new = (
        "building scheme of " + scenario.system.partners[name].label for name in ("hospital_1", "hospital_0")
    )
    before, after = schemes[schemes["month"] < 12], schemes[schemes["month"] > 12]
    taken_over = before[before["sentence"].str.contains(old, regex=False)][["future", "project"]].merge(
        after, on=["future", "project"]
    )
    assert len(taken_over) > 0 and taken_over["sentence"].str.contains(new, regex=False).all()
    assert not after["sentence"].str.contains(old, regex=False).any()


@pytest.mark.parametrize(
    "wrong",
    [{"future": -1}, {"future": 1.5}, {"future": True}, {"seed": 2**64}, {"seed": "1"}, {"future": 2**32}],
)
def test_bad_input(wrong: dict) -> None:
    with pytest.raises(BadInput, match=f"{next(iter(wrong))} = .*whole number from 0 to"):
        sim.minutes(toy(), **wrong)


def test_words() -> None:
    assert [money(x) for x in (0.0, 0.0001, 0.0123, 0.31, -2.14, 12.4)] == [
        "nothing",
        "less than GBP 1,000",
        "GBP 12,000",
        "GBP 310,000",
        "GBP 2.1m",
        "GBP 12m",
    ]
    assert [bodies(n) for n in (0, 1, 2)] == ["no bodies", "1 body", "2 bodies"]
    assert level(-0.001) == "0.00" and percent(0.305) == "30%"
    assert levels(-0.0497, -0.05) == ("-0.0497", "-0.0500") and levels(-0.2, -0.05) == ("-0.20", "-0.05")
    assert own_board("Hospitals") == "Hospitals' own board" and own_board("X (north)") == (
        "the own board of X (north)"
    )


def test_the_sentence_the_brief_asks_for() -> None:
    """A refusal with a loss, a promise and a doubtful promiser."""
    event = replace(
        happened("sent_back", (-0.3, -2.1, 1.5, 0.31, 0.0)),
        who="Rotherham",
        other="Sheffield Teaching Hospitals",
    )
    assert sentence(*SENTENCES["sent_back"](event)) == (
        "Rotherham's own board sends back the proposal to move care out of hospital in Barnsley (no. 12): "
        "it would lose GBP 2.1m a year "
        "and is promised GBP 1.5m, mostly by Sheffield Teaching Hospitals, whom it trusts 0.31."
    )


def test_where_nobody_votes_for_it_again_nobody_is_said_to_stand_in_the_way():
    again = Happened("Barnsley Council", None, None, 7, "share staff", (3.0, 0.0, 0.0, 0.0, 0.0), again=True)
    assert SENTENCES["not_agreed"](again) == (
        "the proposal to share staff (no. 7) is still not agreed",
        "nobody votes for it",
    )
    named = replace(again, other="Rotherham Council", figures=(3.0, 2.0, 1.0, 0.4, 0.0))
    assert SENTENCES["not_agreed"](named)[1].endswith("Rotherham Council still stands in the way")
