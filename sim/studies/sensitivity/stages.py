"""The analysis itself: screening, survivors, indices. It gets responses from a function: from the simulation,
or in a test from a function whose indices are known.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.outcomes import describe, short
from sim.analysis.sensitivity import (
    chance_shares,
    grid_variance,
    morris_effects,
    relative_effects,
    sobol_indices,
    surviving,
)
from sim.declarations.parameters import PARAMETERS
from sim.inputs.problems import BadInput
from sim.studies.sensitivity.keys import INDICES, SCREENING, SensitivityKeys
from sim.studies.study import Run
from sim.sweep.designs import Morris, Sobol
from sim.sweep.factors import declared
from sim.sweep.request import Request

Pairs = Mapping[str, tuple[str, str]]  # name of a difference: (regime, the regime that is subtracted)


def analyse(asked: SensitivityKeys, run: Run) -> dict[str, pd.DataFrame]:
    """Screen all factors, keep those that matter, and compute their indices. Raises BadInput if none matters.

    Tables: morris and sobol (one row per regime, outcome and factor), survivors (one per factor), chance (one
    per stage, regime and outcome). `kept` in chance says about how much of the variance between points
    remains when only the survivors vary, compared with all factors.

    `run` returns one row per run, with columns regime, point, future and every outcome of the sweep. Points 1
    ... n are the design's sample; point 0, the configuration as it stands, may be missing.
    """
    first = asked.sweeps[SCREENING]
    morris, luck = screen(first, run(SCREENING, first), asked.pairs())
    relative = relative_effects(morris)
    kept = surviving(relative, asked.survivors)
    if not kept:
        raise BadInput(
            "no factor does more than chance: ask for more futures, more trajectories, or other factors"
        )
    second = asked.indices(kept)
    sobol, more_luck = index(second, run(INDICES, second), asked.pairs())
    survivors = described(relative).assign(kept=relative["factor"].isin(kept).to_numpy())
    all_vary = luck["between"].to_numpy() / grid_variance(morris_of(first).levels)
    more_luck["kept"] = np.divide(
        more_luck["between"], all_vary, out=np.full(len(luck), np.nan), where=all_vary > 0.0
    )
    chance = pd.concat([luck, more_luck], ignore_index=True)
    return {"morris": morris, "survivors": survivors, "sobol": sobol, "chance": chance}


def screen(request: Request, runs: pd.DataFrame, pairs: Pairs) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Returns elementary effects (`morris_effects`) for every outcome, under every regime and for every
    difference; and the share of chance.
    """
    design = morris_of(request)
    unit = design.unit_points()
    rows, luck = [], []
    for about, values in _responses(request, runs, len(unit), pairs):
        rows.append(_about(morris_effects(design.problem(), unit, values, design.levels, design.seed), about))
        luck.append({"stage": SCREENING, **about, **chance_shares(values)})
    return _finished(rows), pd.DataFrame(luck)


def index(request: Request, runs: pd.DataFrame, pairs: Pairs) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Returns first- and total-order indices (`sobol_indices`) in the same way; and the share of chance."""
    design = sobol_of(request)
    problem = design.problem()
    step = problem["num_vars"] + 2
    rows, luck = [], []
    for about, values in _responses(request, runs, design.n * step, pairs):
        rows.append(_about(sobol_indices(problem, values, design.seed), about))
        # the first and last row of each block, which are independent points
        apart = values.reshape(-1, step, values.shape[1])[:, [0, -1]].reshape(-1, values.shape[1])
        luck.append({"stage": INDICES, **about, **chance_shares(apart)})
    return _finished(rows), pd.DataFrame(luck)


def morris_of(request: Request) -> Morris:
    assert isinstance(request.design, Morris)
    return request.design


def sobol_of(request: Request) -> Sobol:
    assert isinstance(request.design, Sobol)
    return request.design


def _responses(
    request: Request, runs: pd.DataFrame, points: int, pairs: Pairs
) -> Iterator[tuple[dict[str, Any], np.ndarray]]:
    """Yields, for every regime or pair and every outcome in order, a description and the values (points,
    futures), NaN where a run has none.

    Both regimes of a pair use the same points and futures, so their difference is paired.
    """
    found = {}
    for regime in request.axis("regime"):
        mine = runs[(runs["regime"] == regime) & (runs["point"] >= 1)]
        point, future = mine["point"].to_numpy() - 1, mine["future"].to_numpy()
        for outcome in request.outcomes:
            values = np.full((points, int(request.futures)), np.nan)
            values[point, future] = mine[outcome].to_numpy()
            found[regime, outcome] = values
            yield {"regime": regime, "outcome": outcome}, values
    for name, (other, first) in pairs.items():
        for outcome in request.outcomes:
            yield {"regime": name, "outcome": outcome}, found[other, outcome] - found[first, outcome]


def _about(table: pd.DataFrame, about: dict[str, Any]) -> pd.DataFrame:
    return table.assign(**about)


def _finished(rows: list[pd.DataFrame]) -> pd.DataFrame:
    table = described(pd.concat(rows, ignore_index=True))
    outcome = [describe(name) for name in table["outcome"]]
    table.insert(2, "outcome_label", [short(name) for name in table["outcome"]])
    table.insert(3, "outcome_unit", [entry.unit for entry in outcome])
    return table


def described(table: pd.DataFrame) -> pd.DataFrame:
    """Returns the table with each factor's label, unit and meaning; columns that name a row come first."""
    factors = [declared()[key] for key in table["factor"]]
    table = table.assign(
        label=[label(factor.key) for factor in factors],
        unit=[factor.unit for factor in factors],
        meaning=[factor.label for factor in factors],
    )
    first = [
        name for name in ("regime", "outcome") if name in table.columns and "relative" not in table.columns
    ]
    first += ["factor", "label"]
    return table[[*first, *(name for name in table.columns if name not in first)]]


def label(key: str) -> str:
    """Returns a factor's name in figures, in plain words."""
    group, name = key.split(".", 1)
    return PARAMETERS[name].label if group == "params" else name.replace("_", " ")
