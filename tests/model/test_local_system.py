"""The Mesa face: docked to the engine byte for byte, its verbs are events, and its overrides decide what they
say they decide.
"""

import inspect
import os
import subprocess
import sys
from pathlib import Path

import mesa
import numpy as np
import pytest
from hypothesis import given, settings
from mesa_run import assert_docked, lived, toy
from scenarios import PRESETS, preset, scenarios, seeds

import sim
from sim.declarations.bodies import KINDS
from sim.inputs.problems import BadInput
from sim.mesa_face.agents import CLASSES
from sim.mesa_face.organisation import DECISIONS, Organisation


@pytest.mark.limiting
@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_docked(name):
    scenario = sim.load(f"regime={name}", "months=60")
    assert_docked(lived(scenario, 3, 11), scenario, 3, 11)


@pytest.mark.limiting
@given(scenarios(), seeds)
@settings(max_examples=20)
def test_any_scenario_is_docked(scenario, seed):
    assert_docked(lived(scenario, seed, 5), scenario, seed, 5)


@pytest.mark.limiting
def test_asking_agents_that_answer_as_the_rules_intend_changes_nothing():
    """The month in parts is the same month."""

    def ask(decision):
        return lambda self, *about: getattr(Organisation, decision)(self, *about)

    def as_intended(cls):
        return type(f"Docile{cls.__name__}", (cls,), {decision: ask(decision) for decision in DECISIONS})

    docile, left = {kind: as_intended(cls) for kind, cls in CLASSES.items()}, 0.0
    for name in PRESETS:
        scenario = sim.load(
            f"regime={name}",
            "months=48",
            "params.exit_barrier=0.05",
            "params.return_margin=0.01",
            "params.merger_rate=1.0",
        )
        model = lived(scenario, 1, 2, agents=docile)
        assert_docked(model, scenario, 1, 2)
        left += model.walk_aways
    assert left > 0


@pytest.mark.limiting
def test_what_has_been_lived_so_far_is_the_beginning_of_the_whole():
    scenario = toy()
    model = sim.LocalSystem(scenario, rng=4)
    for _ in range(13):
        model.step()
    begun, whole = model.dataset(), sim.simulate(scenario, futures=1, seed=4, record="full")
    assert begun.sizes["month"] == 13
    assert begun["trust_in"].values.tobytes() == whole["trust_in"].values[:, :13].tobytes()
    assert model.integration == whole["integration"].values[0, 12]
    assert float(begun["integration_last"][0]) == float(whole["integration"][0, 12])


@pytest.mark.limiting
def test_verbs_are_events():
    scenario = toy("joint_committee")
    model = sim.LocalSystem(scenario, rng=2, future=9)
    while model.running:
        if model.month == 6:
            model.find("place_0_council").leave()
        if model.month == 15:
            model.find("place_0_council").rejoin()
        if model.month == 20:
            model.board.change_regime("option2")
        model.step()
    events = (
        {"month": 6, "do": "leave", "partner": "place_0_council"},
        {"month": 15, "do": "return", "partner": "place_0_council"},
        {"month": 20, "do": "change_regime", "regime": "option2"},
    )
    same = scenario.changed(regimes={**scenario.regimes, "option2": preset("option2")}).with_events(*events)
    assert_docked(model, same, 2, 9)
    assert not model.find("place_0_ccg").exists and model.board.exists
    assert sim.CCG not in {type(agent) for agent in model.agents}
    sentences = " ".join(model.minutes()["sentence"])
    assert "Council of place_0" in sentences


@pytest.mark.interpreted
def test_docked_without_compilation():
    """The same test of verbs in another process that interprets the rules, its minutes included."""
    path = os.pathsep.join(
        [str(Path(sim.__file__).parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"{__file__}::test_verbs_are_events"],
        env={**os.environ, "PYTHONPATH": path, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout


@pytest.mark.limiting
def test_agents_are_views_and_mesas_tools_work_on_them():
    model = sim.LocalSystem(toy(), rng=1)
    model.step()
    councils = model.agents_by_type[sim.Council]
    assert len(councils) == 2 and {partner.kind for partner in model.partners} == set(KINDS[:4])
    assert len(model.agents.select(lambda agent: agent.kind == "nhs_trust")) == 2
    assert councils.agg("engagement", np.mean) == pytest.approx(
        model.frame("engagement").query("kind == 'council'")["engagement"].mean()
    )
    before = councils.get("engagement")
    model.step()
    assert councils.get("engagement") != before
    trusts = model.agents_by_type[sim.NHSTrust]
    assert trusts.get("income") == [model.world.org[trust.row]["income"] for trust in trusts]
    with pytest.raises(AttributeError):
        councils[0].engagement = 1.0
    council = councils[0]
    assert council.membership()["status"] == "member" and -1.0 <= council.membership()["value"] <= 1.0
    assert council.trusts("hospital_0") == model.world.trust[council.row, model.find("hospital_0").row]
    assert list(model.datacollector.get_model_vars_dataframe()["trust"]) == list(
        model.dataset()["trust"].values[0]
    )


def voting(vote):
    """Agents of every kind that always vote the same way."""
    return {
        kind: type(f"Voting{cls.__name__}", (cls,), {"votes_for": lambda self, project: vote})
        for kind, cls in CLASSES.items()
    }


class Stubborn(sim.Council):
    """A council whose own board never approves anything."""

    def ratifies(self, project):
        return False


class Quitter(sim.Council):
    """A council that wants to leave from month 5 on."""

    def wants_to_leave(self):
        return self.model.month >= 5


class Suitor(sim.NHSTrust):
    """A trust that accepts any merger."""

    def accepts_merger(self, other):
        return True


class Spinster(sim.FoundationTrust):
    """A trust that accepts none."""

    def accepts_merger(self, other):
        return False


@pytest.mark.limiting
def test_overrides_decide():
    scenario = toy("stp_2016")
    plain = lived(scenario)
    assert plain.agreed > 0
    assert lived(scenario, agents=voting(False)).agreed == 0, "nothing is agreed against every vote"
    in_favour = lived(scenario.changed(off=("ratify", "intend_ratification")), agents=voting(True)).minutes()
    assert not {"not_agreed", "objected", "opted_out"} & set(in_favour["kind"]), (
        "nobody objects who votes in favour"
    )
    stubborn = lived(scenario, agents={"council": Stubborn})
    assert stubborn.delivered < plain.delivered and stubborn.good_blocked > plain.good_blocked
    left = lived(scenario, agents={"council": Quitter})
    assert left.walk_aways >= 2 and int(np.argmax(left.dataset()["walk_aways"].values[0] > 0)) == 5
    held = lived(toy("option2"), agents={"council": Quitter})
    assert held.walk_aways == 0, "wanting to leave is not being allowed to"


@pytest.mark.limiting
def test_a_proposed_merger_needs_both_boards():
    calm = {"merger_block": 0.0, "merger_direction": 0.95}
    for suitors, mergers in (
        ({"nhs_trust": Suitor}, 0.0),
        ({"nhs_trust": Suitor, "foundation_trust": FoundationSuitor}, 1.0),
    ):
        scenario = toy("stp_2016", params={"merger_rate": 0.0, **calm}).changed(off=("scrutinise_mergers",))
        model = sim.LocalSystem(scenario, agents={"foundation_trust": Spinster, **suitors})
        model.step()
        model.find("hospital_0").propose_merger("hospital_1")
        model.step()
        assert model.mergers == mergers
    gone = model.find("hospital_0") if not model.find("hospital_0").exists else model.find("hospital_1")
    assert gone not in model.agents
    with pytest.raises(BadInput, match=f"{gone.label} cannot leave in month 2: it does not exist"):
        gone.leave()


class FoundationSuitor(sim.FoundationTrust):
    """A foundation trust that accepts any merger."""

    def accepts_merger(self, other):
        return True


class Vague(sim.Council):
    """A council that does not answer the question."""

    def votes_for(self, project):
        return "perhaps"


@pytest.mark.limiting
def test_nonsense_is_refused_by_agent_month_and_value():
    model = sim.LocalSystem(toy("joint_committee"), agents={"council": Vague})
    with pytest.raises(
        BadInput,
        match=r"Council of place_\d, month \d+: votes_for gave 'perhaps'; must be one of True, False, None",
    ):
        model.run_model()


@pytest.mark.limiting
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: sim.LocalSystem(toy(), rng=-1), "rng = -1: must be a whole number"),
        (lambda: sim.LocalSystem(toy(), future=1.5), "future = 1.5: must be"),
        (lambda: sim.LocalSystem(toy(), "regime=option2"), "not both"),
        (lambda: sim.LocalSystem(toy(), agents={"concil": Vague}), "did you mean 'council'"),
        (lambda: sim.LocalSystem(toy(), agents={"ccg": Vague}), "must be a subclass of CCG"),
        (lambda: sim.LocalSystem(toy(), agents={"council": "nowhere.Vague"}), "cannot be imported"),
        (lambda: sim.LocalSystem("agents.council=nowhere.Vague", "months=3"), "cannot be imported"),
        (lambda: sim.LocalSystem(toy(), collect=("integraton",)), "did you mean 'integration'"),
        (lambda: sim.LocalSystem("regime=option3"), "option"),
        (lambda: sim.LocalSystem(toy()).find("hospital_7"), "hospital_7"),
        (
            lambda: sim.LocalSystem(toy()).find("hospital_0").propose_merger("place_0_ccg"),
            "merges with another provider",
        ),
        (lambda: sim.LocalSystem(toy()).find("hospital_0").rejoin(), "it is a member"),
        (lambda: sim.LocalSystem(toy()).board.change_regime("option3"), "option"),
        (lambda: sim.LocalSystem(toy()).dataset(), "no month has been lived"),
        (lambda: lived(toy(months=2)).step(), "ends after 2 months"),
        (lambda: lived(toy(months=2)).find("hospital_0").leave(), "after the last of 2 months"),
    ],
)
def test_bad_input_is_named(make, message):
    with pytest.raises(BadInput, match=message):
        make()


@pytest.mark.limiting
def test_a_class_can_be_named_in_words():
    model = sim.LocalSystem(
        "system=south_yorkshire_bassetlaw", "months=3", f"agents.council={Quitter.__module__}.Quitter"
    )
    assert all(isinstance(body, Quitter) for body in model.bodies if body.kind == "council")


@pytest.mark.limiting
def test_every_decision_has_a_method():
    assert all(callable(getattr(Organisation, name)) for name in DECISIONS)


@pytest.mark.limiting
def test_mesas_own_batch_run_takes_it_unchanged():
    """Each run is one future; what it gives is what the engine gives. (Mesa 3.3 takes a seed as a parameter,
    3.5 as `rng=`.)
    """
    varied, seed = {"regime": ["stp_2016", "option2"], "future": range(2), "months": 6}, 5
    more = {"rng": seed} if "rng" in inspect.signature(mesa.batch_run).parameters else {}
    varied |= {} if more else {"rng": seed}
    rows = mesa.batch_run(
        sim.LocalSystem, varied, number_processes=1, max_steps=1000, display_progress=False, **more
    )
    assert len(rows) == 4
    for row in rows:
        data = sim.simulate(
            sim.load(f"regime={row['regime']}", "months=6"), futures=1, first=row["future"], seed=seed
        )
        assert row["integration"] == float(data["integration"][0, -1])
