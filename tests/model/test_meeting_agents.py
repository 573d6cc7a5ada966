"""What agents of the Mesa face can be asked and made to do: reasons, offers, proposals of the board, the
national body.
"""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from mesa_run import assert_docked, lived, toy
from scenarios import scenarios, seeds
from toy import toy_system

import sim
from sim.engine import simulation
from sim.inputs.problems import BadInput
from sim.kernel.records import EMPTY, NO_SAY, PROJECT_KINDS, STAKE
from sim.mesa_face.agents import CLASSES

TERMS = [name for name in STAKE.names or () if name.startswith("term_")]
# Losers must be paid, and are: so that there are bargains to look at.
DEALS = {"programme_rate": 3.0, "noise": 0.3, "offer": 1.0, "weight_shift": 0.5, "weight_reconfigure": 0.3}


def of_every_kind(**decisions):
    """Subclasses of every class with the same decisions."""
    return {kind: type(f"My{cls.__name__}", (cls,), decisions) for kind, cls in CLASSES.items()}


# --- why ---


@pytest.mark.limiting
@given(scenarios(), seeds)
@settings(max_examples=25)
def test_the_terms_add_up_to_the_appraisal_as_it_stands(scenario, seed):
    """In every month, for every body and project: also after bargains, refusals, departures, mergers and
    changes of law.
    """
    model = sim.LocalSystem(scenario, rng=seed, collect=())
    while model.running:
        model.step()
        stake = model.world.stake
        terms = np.stack([stake[name] for name in TERMS])
        size = 1.0 + np.abs(terms).sum(axis=0)
        assert (np.abs(terms.sum(axis=0) - stake["support"]) <= 1e-12 * size).all(), model.month


@pytest.mark.limiting
def test_why_names_the_terms_of_the_formula():
    """Each by its formula in docs/model.md, asked while the vote is taken; all of them occur."""
    seen = {name[5:]: 0 for name in TERMS}

    def votes_for(self, project):
        why, mine, par = self.why(project), project.stake_of(self), self.model.par
        row, scale, weight = self.model.world.org[self.row], self.scale, self.weight
        confidence = self.model.world.place[project._row()["place"]]["confidence"] if project.place else 1.0
        assert set(why) == set(seen) and sum(why.values()) == pytest.approx(mine["support"], abs=1e-12)
        assert why["own_gain"] == pytest.approx((1 - weight) * mine["gain"] / scale, abs=1e-12)
        relevance = par["council_relevance"] if isinstance(self, sim.Council) else 1.0
        assert why["system_benefit"] == pytest.approx(
            weight * relevance * project.benefit / project.stakes, abs=1e-12
        )
        assert why["autonomy_ceded"] == pytest.approx(-par["autonomy"] * mine["ceded"] / scale, abs=1e-12)
        assert why["public_loss"] == pytest.approx(
            -par["public_loss"] * (1 - confidence) * mine["loss_counted"], abs=1e-12
        )
        assert why["liability"] == pytest.approx(-par["liability_dread"] * mine["answers"] / scale, abs=1e-12)
        assert (why["noise"], why["standing"], why["persuasion"]) == (
            mine["noise"],
            -mine["standing"],
            mine["persuasion"],
        )
        deal = (1 - weight) * (mine["belief"] * mine["receives"] - mine["pays"]) / scale
        assert why["bargain"] == pytest.approx(deal, abs=1e-6), "promised money is on the grid of pounds"
        for name, value in why.items():
            seen[name] += value != 0.0
        assert row["kind"] == self.model.world.org[self.row]["kind"]
        return None if mine["vote"] == 0 else mine["vote"] > 0

    for regime in ("joint_committee", "option2"):
        scenario = toy(regime, months=48, params=DEALS)
        scenario = scenario.changed(
            regimes={regime: scenario.regimes[regime].model_copy(update={"liability": "joint"})}
        )
        assert_docked(lived(scenario, 3, agents=of_every_kind(votes_for=votes_for)), scenario, 3, 0)
    assert all(seen.values()), seen


@pytest.mark.limiting
def test_nothing_weighs_before_a_proposal_is_heard_and_without_a_say():
    model, unheard, silent = sim.LocalSystem(toy(params={"case_months": 4.0}), rng=2), 0, 0
    while model.running:
        model.step()
        for project in model.projects():
            for body in model.partners:
                if project.stage == "case" or project.stake_of(body)["say"] == NO_SAY:
                    unheard, silent = unheard + (project.stage == "case"), silent + (project.stage != "case")
                    assert not any(body.why(project).values())
    assert unheard and silent
    over = model.projects()[0]
    model.world.project[over._slot]["stage"] = EMPTY
    with pytest.raises(BadInput, match=rf"project {over.serial} is over \(month 30\)"):
        model.bodies[0].why(over)


# --- offers ---


@pytest.mark.limiting
def test_offers_can_be_overruled():
    scenario = toy("stp_2016", months=60, params=DEALS)
    plain, mean = lived(scenario), lived(scenario, agents=of_every_kind(offers=lambda self, project: 0.0))
    assert "compensated" in set(plain.minutes()["kind"]) and plain.promises_due > 0
    assert "compensated" not in set(mean.minutes()["kind"]) and mean.promises_due == 0
    assert not mean.world.stake["pays"].any()


@pytest.mark.limiting
def test_without_the_step_nobody_offers_and_without_the_bargain_offers_buy_nothing():
    for off in ("intend_offers", "bargain"):
        model = lived(toy("stp_2016", months=40, params=DEALS, off=(off,)))
        assert model.promises_due == 0 and "compensated" not in set(model.minutes()["kind"])


@pytest.mark.limiting
def test_who_offers_pays_and_no_more_than_it_takes():
    """A hospital that buys votes for all it can: it alone pays, in part for proposals it gains nothing by,
    and every pound has two ends.
    """
    offered, paid, losing = 0, 0, 0

    class Patron(sim.NHSTrust):
        def offers(self, project):
            return 50.0 if self.name == "hospital_0" else 0.0

    others = of_every_kind(offers=lambda self, project: 0.0)
    model = sim.LocalSystem(toy("stp_2016", months=48, params=DEALS), agents={**others, "nhs_trust": Patron})
    held = model.world.org["cash"].sum() + model.world.account.sum()
    while model.running:
        model.step()
        assert model.world.org["cash"].sum() + model.world.account.sum() == held
        for slot in np.flatnonzero(model.world.project["heard"] == 1):
            row, mine = model.world.stake[slot], model.world.stake[slot, model.find("hospital_0").row]
            assert not row["offers"][np.arange(len(row)) != model.find("hospital_0").row].any()
            offered += mine["offers"] == 50.0
            if mine["pays"] > 0.0 and model.world.project[slot]["stage"] != EMPTY:
                paid, losing = paid + 1, losing + (mine["gain"] <= 0.0)
                assert mine["pays"] <= mine["offers"] and mine["receives"] == 0.0, (
                    "who makes an offer is not bought"
                )
    assert offered >= paid >= losing > 0
    assert model.promises_due > 0


@pytest.mark.limiting
@pytest.mark.parametrize(
    "answer", [-1.0, float("nan"), float("inf"), 2e6, "much", None, True, np.bool_(False), 1j]
)
def test_nonsense_offers_are_refused_by_agent_month_and_value(answer):
    odd = type("Odd", (sim.Council,), {"offers": lambda self, project: answer})
    model = sim.LocalSystem(toy("joint_committee"), agents={"council": odd})
    with pytest.raises(BadInput) as raised:
        model.run_model()
    said = str(raised.value)
    assert (
        said.startswith("Council of place_")
        and f", month {model.month}: offers gave {answer!r}; must be GBP million a year" in said
    )


@pytest.mark.limiting
def test_numbers_of_any_kind_are_offers():
    for answer in (3, np.float32(0.5), np.int64(2)):
        lived(
            toy(months=6),
            agents={
                "council": type(
                    "Odd", (sim.Council,), {"offers": lambda self, project, answer=answer: answer}
                )
            },
        )


# --- the board puts a proposal on the table ---

ABOUT = {
    "shift": {"place": "place_1"},
    "risk_share": {},
    "pool": {"place": "place_1"},
    "reconfigure": {"place": "place_1"},
    "capital": {"partner": "hospital_0"},
    "workforce": {},
}
IDLE = {"programme_rate": 0.0, "harmful": 0.0}  # the team brings nothing of its own


@pytest.mark.limiting
@pytest.mark.parametrize("kind", PROJECT_KINDS)
def test_the_board_tables_what_it_says(kind):
    model = sim.LocalSystem(
        toy("joint_committee", params={**IDLE, "start_margin_spread": 0.08, "sustainability_fund": 0.02}),
        rng=4,
    )
    for _ in range(9):
        model.step()
    assert not model.projects() and not model.world.board[0]["serials"]
    model.board.table(kind, **ABOUT[kind])
    model.step()
    told = model.minutes()
    brought = told[told["kind"] == "tabled"]
    assert len(brought) == 1 and brought["month"].item() == 9 and brought["project"].item() == 2001
    (project,) = model.projects()
    assert (project.kind, project.place) == (kind, ABOUT[kind].get("place")) and project.tabled == 9
    if kind == "capital":
        assert model.body(project.winner) is model.find("hospital_0") is project.sponsor
    assert model.tabled == 1 and model.world.board[0]["capacity"] == 0.0
    model.run_model()
    history = model.dataset()
    assert (
        np.isfinite(history["project_tabled"].values).sum() == 1
        and history["project_tabled"].values[0, -1] == 9
    )


@pytest.mark.limiting
def test_what_the_board_tables_is_an_event_and_changes_no_other_idea():
    scenario = toy("joint_committee", months=40, params={"case_months": 1.0})
    model = sim.LocalSystem(scenario, rng=2, future=9)
    while model.running:
        if model.month == 6:
            model.board.table("shift", place="place_1")
            model.board.table("capital", partner=model.find("hospital_0"))
        if model.month == 20:
            model.board.table("pool", "place_0")
        model.step()
    events = [
        {"month": 20, "do": "table", "kind": "pool", "place": "place_0"},
        {"month": 6, "do": "table", "kind": "shift", "place": "place_1"},
        {"month": 6, "do": "table", "kind": "capital", "partner": "hospital_0"},
    ]
    same = scenario.with_events(*events)
    assert_docked(model, same, 2, 9)
    with_them, other_order, without = (
        simulation.run(s, 3, 2, 9, threads=1) for s in (same, scenario.with_events(*events[::-1]), scenario)
    )
    for field in dataclasses.fields(with_them):
        assert getattr(with_them, field.name).tobytes() == getattr(other_order, field.name).tobytes(), (
            field.name
        )
    assert with_them.system.tobytes() != without.system.tobytes()
    ours, theirs = with_them.history[:, : scenario.months + 2], without.history
    both = np.isfinite(ours["project_kind"]) & np.isfinite(theirs["project_kind"])
    assert both.sum() > 20
    for column in ("project_kind", "project_place", "project_harmful"):
        assert (ours[column][both] == theirs[column][both]).all(), column
    assert np.isfinite(with_them.history[:, scenario.months + 2 :]["project_tabled"]).sum() >= 3


@pytest.mark.limiting
def test_a_history_branches_at_a_proposal_of_the_board():
    """Branches with none, one and two such events share the months before them; each is what it is when run
    from month 0.
    """
    first = {"month": 4, "do": "table", "kind": "shift", "place": "place_0"}
    second = {"month": 12, "do": "table", "kind": "pool", "place": "place_1"}
    start = toy("joint_committee", months=24).with_events(first)
    named = {
        "as it was": start,
        "one more": start.with_events(second),
        "two more": start.with_events(second, {**second, "month": 15}),
    }
    for name, data in sim.branch(start, 12, named, futures=4).items():
        whole = sim.simulate(named[name], futures=4)
        for variable in whole.variables:
            assert data[variable].values.tobytes() == whole[variable].values.tobytes(), (name, variable)
        assert np.isfinite(data["project_tabled"].values[:, -1]).any()


@pytest.mark.limiting
def test_a_scheme_of_a_trust_that_is_gone_is_dropped():
    events = [
        {"month": 3, "do": "merge", "partner": "hospital_1", "other": "hospital_0"},
        {"month": 5, "do": "table", "kind": "capital", "partner": "hospital_0"},
    ]
    told = lived(toy(params=IDLE, events=events)).minutes()
    assert told[told["project"] == 2001]["kind"].to_list() == ["nothing_at_stake"]


def at_the_end(scenario):
    return lived(scenario.changed(months=2))


@pytest.mark.limiting
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda model: model.board.table("shfit", "place_0"),
            "kind: 'shfit' is not known; did you mean 'shift'",
        ),
        (
            lambda model: model.board.table("shift", "place_7"),
            "place: 'place_7' is not known; did you mean 'place_",
        ),
        (lambda model: model.board.table("shift"), "table shift needs a place"),
        (lambda model: model.board.table("workforce", "place_0"), "table workforce takes no place"),
        (lambda model: model.board.table("capital"), "table capital needs a partner"),
        (
            lambda model: model.board.table("capital", partner="hospital_9"),
            "partner: 'hospital_9' is not known",
        ),
        (
            lambda model: model.board.table("capital", partner="place_0_ccg"),
            "only trusts have capital schemes, and it is a ccg",
        ),
        (
            lambda model: at_the_end(model.lived_scenario).board.table("workforce"),
            "nothing can happen after the last of 2 months",
        ),
        (
            lambda model: at_the_end(model.lived_scenario).find("hospital_0").propose_merger("hospital_1"),
            "after the last of 2 months",
        ),
        (
            lambda model: sim.LocalSystem(toy(off=("table",))).board.table("workforce"),
            "the step 'table' is off",
        ),
        (
            lambda model: model.national_body.direct_merger("hospital_0", "place_0_ccg"),
            "a provider merges with a provider",
        ),
        (
            lambda model: model.national_body.direct_merger("hospital_0", "hospital_0"),
            "cannot merge into itself",
        ),
        (
            lambda model: model.national_body.direct_merger("hospital_0", "hospitl_1"),
            "did you mean 'hospital_1'",
        ),
        (
            lambda model: at_the_end(model.lived_scenario).national_body.direct_merger(
                "hospital_0", "hospital_1"
            ),
            "after the last of 2",
        ),
    ],
)
def test_bad_verbs_are_named(make, message):
    with pytest.raises(BadInput, match=message):
        make(sim.LocalSystem(toy()))


@pytest.mark.limiting
@pytest.mark.parametrize(
    ("event", "message"),
    [
        ({"do": "table"}, "table needs a kind of proposal"),
        ({"do": "table", "kind": "shfit"}, "events.0.kind = 'shfit'.*did you mean 'shift'"),
        ({"do": "table", "kind": "pool"}, "table pool needs a place"),
        ({"do": "table", "kind": "pool", "place": "plaice_0"}, "did you mean 'place_0'"),
        (
            {"do": "table", "kind": "pool", "place": "place_0", "partner": "hospital_0"},
            "table pool takes no partner",
        ),
        ({"do": "table", "kind": "workforce", "regime": "option2"}, "table workforce takes no regime"),
        (
            {"do": "table", "kind": "capital", "partner": "place_0_council"},
            "only trusts have capital schemes",
        ),
        ({"do": "leave", "partner": "hospital_0", "kind": "pool"}, "leave takes no kind"),
        ({"do": "leave", "partner": "hospital_0", "place": "place_0"}, "leave takes no place"),
        ({"do": "change_regime", "partner": "hospital_0"}, "needs a regime|takes no partner"),
    ],
)
def test_bad_events_are_named(event, message):
    with pytest.raises(BadInput, match=message):
        toy().with_events({"month": 3, **event})


# --- the national body ---


@pytest.mark.limiting
def test_the_national_body_is_met_and_is_no_partner():
    """What it shows is what the rules hold, under pressure and under two laws."""
    params = {
        "special_chance": 12.0,
        "special_months": 1.0,
        "special_deficit": 0.01,
        "squeeze": 0.04,
        "status_engagement": 0.2,
        "status_deficit": 0.3,
        "status_integration": 0.1,
    }
    statuses, held = set(), 0
    for regime in ("joint_committee", "option2"):
        model = sim.LocalSystem(toy(regime, params=params), rng=1)
        (nation,) = model.agents_by_type[sim.NationalBody]
        assert nation is model.national_body and nation not in model.partners and nation not in model.bodies
        while model.running:
            model.step()
            rows = model.world.org[model.world.org["exists"] == 1]
            assert len(model.partners) == len(rows) == len(model.frame()) and nation in model.agents
            nhs = rows[np.isin(rows["kind"], [0, 1, 2, 4])]
            assert sorted(nation.control_totals().values()) == sorted(nhs["control_total"].tolist())
            assert [body.row for body in nation.in_special_measures()] == np.flatnonzero(
                model.world.org["special"]
            ).tolist()
            assert list(nation.grants().values()) == model.world.place["grant"].tolist()
            assert nation.demands == model.world.board[0]["demands"]
            assert (nation.fund_left, nation.transformation_left, nation.capital_left) == tuple(
                model.world.account[[1, 2, 6]]
            )
            statuses, held = statuses | {nation.status}, held + len(nation.in_special_measures())
    assert {"never granted", "granted"} <= statuses and held > 0


@pytest.mark.limiting
def test_a_directed_merger_is_an_event():
    scenario = toy("stp_2016")
    model = sim.LocalSystem(scenario, rng=2, future=3)
    model.step()
    model.national_body.direct_merger("hospital_1", model.find("hospital_0"))
    model.step()
    gone = model.find("hospital_0")
    assert not gone.exists and gone not in model.partners
    with pytest.raises(BadInput, match="Hospital 0 cannot be merged in month 2: it does not exist"):
        model.national_body.direct_merger("hospital_1", gone)
    with pytest.raises(BadInput, match="Hospital 0 cannot have a scheme in month 2: it does not exist"):
        model.board.table("capital", partner=gone)
    with pytest.raises(BadInput, match="Hospital 0 cannot be merged with in month 2"):
        model.find("hospital_1").propose_merger(gone)
    model.run_model()
    assert_docked(
        model,
        scenario.with_events({"month": 1, "do": "merge", "partner": "hospital_1", "other": "hospital_0"}),
        2,
        3,
    )


@pytest.mark.limiting
def test_who_has_left_cannot_leave_again():
    model = sim.LocalSystem(toy())
    council = model.find("place_0_council")
    council.leave()
    model.step()
    with pytest.raises(BadInput, match="Council of place_0 cannot leave in month 1: it has left already"):
        council.leave()
    assert toy_system()["partners"]["place_0_council"]["label"] == council.label
