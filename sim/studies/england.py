"""England as one nation of systems that share a fund: how a policy changes the average and the gaps between
systems.

An outcome x[system, set, future] is measured in three ways: its mean over residents; the mean of the highest
fifth of systems minus that of the lowest; and the most deprived system against the least, by a line through
systems weighted by residents (as between places, section 7).
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.uncertain import Cube, paired
from sim.studies.contrast import labels
from sim.studies.experiment import Experiment
from sim.sweep.request import Request

FIFTH = 5
Measure = Callable[[np.ndarray], np.ndarray]  # x[system, set, future] -> [set, future]


def described(request: Request) -> pd.DataFrame:
    """Returns residents and deprivation (mean over residents) of every system of a sweep, by its name."""
    rows = {}
    for name in request.axis("system"):
        places = request.system_called(name)["places"].values()
        people = sum(place["population"] for place in places)
        rows[name] = {
            "people": people,
            "deprivation": sum(place["population"] * place["deprivation"] for place in places) / people,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _weighted(weight: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Returns the sum over systems in their order: a matrix product would differ between machines."""
    return np.asarray((weight[:, None, None] * values).sum(axis=0))


def measures(systems: pd.DataFrame) -> dict[str, Measure]:
    """Returns the measures by their labels; `systems` is the table of `described`."""
    weight = (systems["people"] / systems["people"].sum()).to_numpy()
    off = (systems["deprivation"] - (weight * systems["deprivation"]).sum()).to_numpy()
    reach = float(np.ptp(off)) / float((weight * off * off).sum()) if np.ptp(off) > 0.0 else 0.0
    fifth = max(1, len(systems) // FIFTH)

    def apart(values: np.ndarray) -> np.ndarray:
        ordered = np.sort(values, axis=0)
        return ordered[-fifth:].mean(axis=0) - ordered[:fifth].mean(axis=0)

    return {
        "all residents": lambda values: _weighted(weight, values),
        "highest fifth less lowest": apart,
        "most deprived above least": lambda values: reach * _weighted(weight * off, values),
    }


def between_systems(asked: Experiment, runs: pd.DataFrame) -> pd.DataFrame:
    """Compares every variant with the first under each regime: one row per measure and outcome, with the
    columns of `uncertain.differences`.
    """
    request, named, regimes = asked.sweeps["runs"], labels(asked), asked.regime_labels()
    cube, of = Cube(runs, ["system", "regime", "variant"]), measures(described(request))
    first, *others = named
    rows: list[dict[str, Any]] = []
    for regime in asked.regimes:
        under = {name: {"regime": regime, "variant": name} for name in named}
        for other in others:
            about = {"regime": regime, "variant": other, "baseline": first, "group": regimes[regime]}
            for label, measure in of.items():
                for outcome in request.outcomes:
                    before, after = (
                        measure(_stacked(cube, request, outcome, under[name])) for name in (first, other)
                    )
                    rows.append(
                        {
                            **about,
                            "measure": label,
                            "row": f"{named[other]}: {label}",
                            **paired(outcome, after - before),
                        }
                    )
    return pd.DataFrame(rows)


def _stacked(cube: Cube, request: Request, outcome: str, where: Mapping[str, str]) -> np.ndarray:
    """Returns x[system, set, future] of an outcome under one regime and variant."""
    return np.stack([cube.values(outcome, system=name, **where) for name in request.axis("system")])
