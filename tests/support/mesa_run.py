"""Runs one future in the Mesa face, and compares it with `simulate`."""

from typing import Any

from scenarios import preset
from toy import toy_system

import sim
from sim.scenario.scenario import Scenario, make_scenario


def toy(regime: str = "stp_2016", months: int = 30, **more: Any) -> Scenario:
    """Makes a toy system under a preset, with many proposals on the table."""
    params = {"programme_rate": 2.0, "case_months": 0.0, **more.pop("params", {})}
    return make_scenario(
        system_name="toy",
        system=toy_system(),
        regime=regime,
        regimes={regime: preset(regime)},
        months=months,
        params=params,
        **more,
    )


def lived(scenario: Scenario, rng: int = 1, future: int = 0, **more: Any) -> sim.LocalSystem:
    """Returns a model at the end of its scenario."""
    model = sim.LocalSystem(scenario, rng=rng, future=future, **more)
    model.run_model()
    return model


def assert_docked(model: sim.LocalSystem, scenario: Scenario, rng: int, future: int) -> None:
    """Fail unless every bit is what `simulate` gives for the same future."""
    mine, theirs = (
        model.dataset(),
        sim.simulate(scenario, futures=1, seed=rng, first=future, record="full", threads=1),
    )
    assert set(mine.variables) == set(theirs.variables)
    for name in theirs.variables:
        assert mine[name].values.tobytes() == theirs[name].values.tobytes(), name
