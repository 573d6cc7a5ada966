"""Chooses the parameter sets of an experiment: those that calibration left (`posterior`), another table, or a
sample.

Only this file decides it: `plausible` samples the declared bounds; `configured` is one set, the configuration
as it stands; any other word is a table (`sim.sweep.parameter_sets`).
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from sim.declarations.parameters import PARAMETERS
from sim.sweep.designs import Lhs
from sim.sweep.parameter_sets import parameter_sets

POSTERIOR, PLAUSIBLE, CONFIGURED = "posterior", "plausible", "configured"


def sets_from(source: str, number: int, seed: int, held: Iterable[str] = ()) -> pd.DataFrame:
    """Returns at most `number` parameter sets. Parameters named in `held` stay as configured and have no
    column.

    `plausible` is a Latin hypercube over the declared plausible bounds, where every value is equally likely.
    A table with more than `number` rows is sampled without replacement. The same arguments give the same
    sets. Raises BadInput.
    """
    held = set(held)
    if source == CONFIGURED:
        return pd.DataFrame(index=range(1))
    if source == PLAUSIBLE:
        free = [f"params.{name}" for name in PARAMETERS if name not in held]
        return Lhs(kind="lhs", n=number, factors=free, seed=seed, baseline=False).points()
    table = parameter_sets(source, (PLAUSIBLE, CONFIGURED)).drop(
        columns=[f"params.{name}" for name in held], errors="ignore"
    )
    if len(table) <= number:
        return table
    rows = np.sort(np.random.default_rng(seed).choice(len(table), size=number, replace=False))
    return table.iloc[rows].reset_index(drop=True)
