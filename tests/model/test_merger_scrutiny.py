"""4.8, 4.9 Mergers face the public as reconfigurations do: months are lost, or the merger, and never where
nobody minds.
"""

from typing import Any

import numpy as np
import pytest
from drive import toy_scenario
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import preset, seeds
from test_mergers import EAGER, foundations

import sim
from sim.declarations.parameters import PARAMETERS
from sim.engine import simulation
from sim.engine.starting_world import partner_names
from sim.scenario.scenario import Scenario, make_scenario

CONTENT = {
    "confidence_start": 1.0,
    "secrecy_confidence": 0.0,
    "merger_confidence": 0.0,
    "access_confidence": 0.0,
    "confidence_harm": 0.0,
}
DEADLY = {"referral": 1.0, "referral_fatal": 1.0, "confidence_start": 0.0, "referral_months": 1.0}
BOTH = {**EAGER, "commissioner_merger_rate": 1.0, "commissioner_ties": 0.0}
CLOSED = {"transparency": 0.0, "public_involvement": 0.0}


def toy(params: dict[str, float] | None = None, months: int = 60, **more: Any) -> Scenario:
    """Much merging, of providers and of CCGs, and nothing else that the public is asked about."""
    dials = {
        name: more.pop(name) for name in ("transparency", "public_involvement", "ft_mergers") if name in more
    }
    quiet = {"weight_reconfigure": 0.0, **BOTH, **(params or {})}
    return toy_scenario(preset("stp_2016", **dials), quiet, hospitals=4, places=3, months=months, **more)


def ends(scenario: Scenario, futures: int = 20) -> Any:
    return simulation.run(scenario, futures, 5, threads=1).system[:, -1]


@pytest.mark.limiting
@pytest.mark.parametrize(
    ("params", "transparency"), [({**CONTENT, "referral": 1.0}, 0.0), ({"referral_openness": 1.0}, 1.0)]
)
def test_full_confidence_or_full_openness_means_no_referral(params, transparency):
    end = ends(toy(params, transparency=transparency))
    assert end["consultations"].sum() >= end["mergers"].sum() > 0 and end["mergers_commissioners"].sum() > 0
    assert not end["referrals"].any() and not end["mergers_stopped"].any()


@pytest.mark.limiting
def test_a_certain_and_fatal_referral_leaves_no_merger():
    """Voluntary or directed, of providers or of CCGs; an event still walks over it."""
    end = ends(toy(DEADLY, **CLOSED))
    assert end["mergers_stopped"].sum() > 0 and not end["mergers"].any()
    directed = foundations(preset("stp_2016", ft_mergers="targeted", **CLOSED), **DEADLY)
    end = ends(directed)
    assert end["mergers_stopped"].sum() > 0 and not end["mergers"].any()
    event = {"month": 5, "do": "merge", "partner": "ambulance", "other": "hospital_1"}
    assert (ends(toy(DEADLY, months=12, events=[event], **CLOSED), 2)["mergers"] == 1).all()


@pytest.mark.limiting
@pytest.mark.parametrize("delay", [0, 5, 12])
def test_months_are_lost(delay):
    """From the decision to the merger: the months of consultation, and of the review where there is one."""
    scenario = toy(
        {"referral_months": float(delay), "referral_fatal": 0.0, "confidence_start": 0.3, "referral": 1.0},
        transparency=0.0,
        public_involvement=0.5,
    )
    consulted = int(
        PARAMETERS["consultation_months"].default + 0.5 * PARAMETERS["involvement_months"].default
    )
    seen = set()
    for future in range(6):
        minutes = sim.minutes(scenario, 4, future)
        for _, merged in minutes[minutes["kind"] == "merged"].iterrows():
            pair = {merged["who"], merged["other"]}
            about = minutes[
                minutes["who"].isin(pair)
                & minutes["other"].isin(pair)
                & (minutes["month"] <= merged["month"])
            ]
            opened = about[about["kind"] == "merger_consultation"]["month"].max()
            referred = ((about["kind"] == "merger_referred") & (about["month"] >= opened)).any()
            assert merged["month"] - opened == consulted + (max(delay, 1) if referred else 0), merged[
                "sentence"
            ]
            seen.add(bool(referred))
    assert seen == {True, False}


@pytest.mark.limiting
def test_without_the_step_mergers_come_in_the_month_they_are_decided():
    on, off = (
        simulation.run(toy(off=steps), 10, 5, threads=1).system for steps in ((), ("scrutinise_mergers",))
    )
    first_on, first_off = (np.argmax(system["mergers"] > 0, axis=1) for system in (on, off))
    assert not off["consultations"].any() and not off["referrals"].any() and on["consultations"][:, -1].all()
    assert (first_on >= first_off + 3).all()


@pytest.mark.limiting
def test_what_secrecy_costs_is_the_share_of_care():
    """A CCG buys all the care of its place: there confidence falls by the whole, and nowhere else."""
    params = {
        "merger_rate": 0.0,
        "consultation_months": 24.0,
        "secrecy_confidence": 0.2,
        "confidence_rate": 0.0,
    }
    for transparency, lost in ((0.0, 0.2), (0.75, 0.05), (1.0, 0.0)):
        scenario = toy(params, months=20, transparency=transparency)
        told = sim.minutes(scenario, 5, 0)
        opened = told[told["kind"] == "merger_consultation"].iloc[0]
        assert opened["month"] == 12 and opened["second"] == pytest.approx(lost)
        place = simulation.run(scenario, 1, 5, threads=1, record="full").place["place_confidence"][0]
        assert np.sort(place[11] - place[12]) == pytest.approx([0.0, 0.0, lost])


@pytest.mark.limiting
def test_nothing_comes_of_a_merger_whose_partner_ends_meanwhile():
    """Two CCGs wait for the public when a law joins all CCGs into the largest; a hospital when an event
    merges its partner away.
    """
    slow = {"consultation_months": 10.0, "merger_rate": 0.0}
    laws = {"many": preset("stp_2016"), "one": preset("stp_2016", commissioners="one")}
    base = toy(slow, months=40)
    scenario = make_scenario(
        system_name="toy",
        system=base.system,
        regime="many",
        regimes=laws,
        months=40,
        params=base.params,
        events=[{"month": 15, "do": "change_regime", "regime": "one"}],
    )
    lapsed = 0
    for future in range(6):
        told = sim.minutes(scenario, 5, future)
        assert (told[told["kind"] == "merger_consultation"]["month"] == 12).all()
        assert not (told["kind"] == "merged").any()
        lapsed += int((told["kind"] == "merger_lapsed").sum())
    assert lapsed > 0, "the one that goes on was often of the pair"
    output = simulation.run(scenario, 6, 5, threads=1)
    assert (output.system["ledger"] == 0.0).all() and not output.system["mergers"].any()


@pytest.mark.limiting
@given(seeds, st.sampled_from([0.0, 0.3, 1.0]), st.integers(5, 30))
@settings(max_examples=15)
def test_every_pound_survives_mergers_that_wait(seed, fatal, month):
    """Mergers under consultation, while an event merges one of them into a third, and a law ends the CCGs and
    brings them back.
    """
    base = toy(
        {"referral_fatal": fatal, "referral": 1.0, "confidence_start": 0.2, "consultation_months": 6.0},
        months=60,
    )
    laws = {"many": preset("stp_2016"), "absorbed": preset("option2")}
    events = [
        {"month": month, "do": "merge", "partner": "community", "other": "hospital_1"},
        {"month": month + 9, "do": "change_regime", "regime": "absorbed"},
        {"month": month + 20, "do": "change_regime", "regime": "many"},
    ]
    scenario = make_scenario(
        system_name="toy",
        system=base.system,
        regime="many",
        regimes=laws,
        months=60,
        params=base.params,
        events=events,
    )
    output = simulation.run(scenario, 4, seed, threads=1, record="full")
    assert (output.system["ledger"] == 0.0).all()
    assert np.array_equal(output.system["contracts_paid"], output.system["contracts_received"])
    assert np.array_equal(np.nansum(output.partner["partner_balance"], axis=2), output.system["balance"])
    trusts = [
        k
        for k, name in enumerate(partner_names(scenario.system))
        if name.startswith(("hospital", "community", "ambulance"))
    ]
    ended = (output.partner["exists"][:, 0][:, trusts] - output.partner["exists"][:, -1][:, trusts]).sum(
        axis=1
    )
    assert np.array_equal(
        ended, output.system["mergers"][:, -1] - output.system["mergers_commissioners"][:, -1]
    )
