"""Leave-one-out: the ranking with known answers, and on the real rules of a toy system."""

import numpy as np
import pytest
import xarray as xr
from toy import toy_system

from sim.analysis import criticality as module
from sim.analysis.criticality import candidates, criticality, runs_needed
from sim.inputs import library
from sim.inputs.problems import BadInput
from sim.scenario.scenario import Scenario, make_scenario


def toy(regime: str = "joint_committee", months: int = 36) -> Scenario:
    return make_scenario(
        system_name="toy",
        system=toy_system(),
        regime=regime,
        months=months,
        regimes={name: library.read("regime", name) for name in ("joint_committee", "option2")},
    )


# what each one's leaving takes off the outcome
HARM = {"hospital_0": 0.3, "community": 0.3, "place_0_ccg": 0.1}


def pretend(
    scenario: Scenario,
    futures: int,
    seed: int,
    threads: int | None,
    record: str,
    first: int = 0,
    progress=None,
) -> xr.Dataset:
    """A simulation with a known answer: future k has outcome k, less what the leaver is worth, a little more
    in odd futures.
    """
    numbers = np.arange(first, first + futures)
    gone = [event.partner for event in scenario.events]
    harm = sum(HARM.get(name, 0.0) for name in gone)
    values = numbers - harm * (1 + 0.01 * (numbers % 2))
    data = xr.Dataset(
        {"integration_mean": ("future", values), "waiting_mean": ("future", values)},
        {"future": numbers},
        {"seed": str(seed)},
    )
    if record == "series":
        partners = [*scenario.system.partners, "ics_body"]
        member = np.full((futures, scenario.months, len(partners)), 2.0)
        member[numbers % 2 == 1, :, partners.index("community")] = 0.0
        data["membership"] = (("future", "month", "partner"), member)
        data.coords["month"], data.coords["partner"] = np.arange(scenario.months), partners
    if progress:
        progress(futures)
    return data


@pytest.fixture
def known_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "simulate", pretend)
    monkeypatch.setattr(module, "candidates", lambda scenario, month: tuple(scenario.system.partners))


@pytest.mark.usefixtures("known_answer")
def test_ranked_by_harm_ties_by_name() -> None:
    table = criticality(toy(), month=12, futures=10)
    assert list(table["partner"][:3]) == ["community", "hospital_0", "place_0_ccg"]
    assert list(table["partner"][3:]) == sorted(table["partner"][3:])
    assert table["difference"].iloc[0] == pytest.approx(-0.3 * 1.005)
    assert table["worse"].tolist() == [1.0] * 3 + [0.5] * (len(table) - 3)
    assert table["tied"].tolist() == [True, True] + [False] * (len(table) - 2)
    assert table["member"].iloc[0] == 0.5
    assert (table["low"] <= table["difference"]).all()
    assert table.attrs["outcome"] == "integration_mean"
    assert "A partner leaves in month 12" in repr(table)


@pytest.mark.usefixtures("known_answer")
def test_where_more_is_worse_the_order_turns() -> None:
    table = criticality(toy(), month=12, futures=4, outcome="waiting_mean")
    assert list(table["partner"].iloc[-2:]) == ["community", "hospital_0"]
    assert table["worse"].iloc[-1] == 0.0


@pytest.mark.usefixtures("known_answer")
def test_batches_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = criticality(toy(), month=12, futures=10)
    monkeypatch.setattr(module, "BATCH", 3)
    assert criticality(toy(), month=12, futures=10).equals(whole)


def test_on_the_real_rules() -> None:
    finished: list[int] = []
    table = criticality(toy(), month=12, futures=4, progress=finished.append)
    assert set(table["partner"]) == set(toy_system()["partners"])
    assert sum(finished) == runs_needed(toy(), 12, 4) == 4 * (1 + len(table))
    assert np.isfinite(table[["difference", "low", "high"]].to_numpy()).all()
    assert table["difference"].is_monotonic_increasing
    assert table.equals(criticality(toy(), month=12, futures=4, threads=1))


def test_bodies_the_law_abolished_are_left_out() -> None:
    kinds = {toy().system.partners[name].kind for name in candidates(toy("option2"), 12)}
    assert kinds == {"nhs_trust", "foundation_trust", "council"}
    later = toy().after(month=20, regime="option2")
    assert "place_0_ccg" in candidates(later, 19)
    assert "place_0_ccg" not in candidates(later, 20)


@pytest.mark.parametrize("month", [-1, 36, 2.5, True])
def test_month_beyond_the_horizon(month: int) -> None:
    with pytest.raises(BadInput, match="from 0 to 35"):
        criticality(toy(), month=month, futures=2)


def test_unknown_outcome() -> None:
    with pytest.raises(BadInput, match="did you mean 'integration_mean'"):
        criticality(toy(), outcome="integration_meen")
