"""4.14 A history that branches: the shared months are lived once, and every byte is that of a run from month
0.
"""

import pytest
from drive import toy_scenario
from hashes import busy_scenarios
from scenarios import preset

import sim
from sim.engine import simulation
from sim.inputs.problems import BadInput

LAWS = ("joint_committee", "option2", "stp_2016")


def busy():
    """Much going on, with a change of law before the month of the branch, and others after it."""
    return busy_scenarios()["joint_committee"]


def assert_same_bytes(branches, scenarios, futures, seed, first, record):
    for name, scenario in scenarios.items():
        alone = sim.simulate(scenario, futures, seed, 1, record, first)
        assert list(alone.variables) == list(branches[name].variables) and alone.attrs == branches[name].attrs
        for variable in alone.variables:
            assert alone[variable].values.tobytes() == branches[name][variable].values.tobytes(), (
                name,
                variable,
            )


@pytest.mark.limiting
@pytest.mark.parametrize(
    ("month", "threads", "record"), [(22, 1, "full"), (12, 2, "series"), (39, 2, "summary"), (1, 1, "series")]
)
def test_branches_give_the_bytes_of_whole_runs(month, threads, record):
    """Commissioners absorbed before the branch, by it, or never; 30 futures make more chunks than one."""
    branches = sim.branch(busy(), month, LAWS, 30, 7, threads, record, 5)
    assert_same_bytes(branches, {law: busy().after(month, law) for law in LAWS}, 30, 7, 5, record)


@pytest.mark.limiting
def test_events_branch_too():
    """Scenarios that agree before month 24: as it was, a departure, a merger, and a law never named
    before.
    """
    base = busy()
    scenarios = {
        "as it was": base,
        "departure": base.with_events({"month": 24, "do": "leave", "partner": "place_1_council"}),
        "merger": base.with_events(
            {"month": 26, "do": "merge", "partner": "community", "other": "ambulance"}
        ),
        "law": base.changed(
            regimes={**base.regimes, "mine": preset("stp_2016", commissioners="absorbed")}
        ).after(24, "mine"),
    }
    branches = sim.branch(base, 24, scenarios, 4, 3, 1, "full")
    assert_same_bytes(branches, scenarios, 4, 3, 0, "full")
    assert len({branch["trust_in"].values.tobytes() for branch in branches.values()}) == len(scenarios)
    for branch in branches.values():
        assert (
            branch["trust_in"][:, :24].values.tobytes()
            == branches["as it was"]["trust_in"][:, :24].values.tobytes()
        )


@pytest.mark.limiting
def test_the_shared_months_are_lived_once(monkeypatch):
    """Months lived for three branches at month 30 of 40: 30 + 3 x 10 a future."""
    lived = []
    live = simulation.live
    monkeypatch.setattr(
        simulation,
        "live",
        lambda *given: (lived.append((given[2][1] - given[2][0]) * len(given[5].system)), live(*given)),
    )
    sim.branch(busy(), 30, LAWS, 4, threads=1)
    assert sum(lived) == 4 * (30 + 3 * 10)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"params": {"squeeze": 0.02}}, "branches.other.params.squeeze = 0.02: .* have the default"),
        ({"months": 30}, "branches.other.months = 30: .* have 24"),
        ({"off": ("bargain",)}, "branches.other.off"),
        ({"regime": "late"}, "branches.other.regime = 'late'"),
        (
            {"events": [{"month": 11, "do": "leave", "partner": "hospital_1"}]},
            "branches.other.events: .*11 leave hospital_1",
        ),
        (
            {"regimes": {"law": preset("stp_2016", block=0.9), "late": preset("option2")}},
            "regimes.law: in force .* differs in block",
        ),
    ],
)
def test_scenarios_that_differ_before_are_refused(change, said):
    base = toy_scenario(preset("stp_2016"), months=24)
    base = base.changed(regimes={**base.regimes, "late": preset("option2")})
    with pytest.raises(BadInput, match=said):
        sim.branch(base, 12, {"same": base.after(12, "late"), "other": base.changed(**change)}, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"month": 0},
        {"month": 24},
        {"month": 3.0},
        {"branches": []},
        {"branches": ["optoin2"]},
        {"futures": 0},
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(
        BadInput, match=next(iter(wrong)) if wrong != {"branches": ["optoin2"]} else "option2"
    ):
        sim.branch(
            **{
                "scenario": toy_scenario(preset("stp_2016"), months=24),
                "month": 12,
                "branches": ["option2"],
                "futures": 1,
                **wrong,
            }
        )
