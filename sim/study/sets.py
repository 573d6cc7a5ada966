"""Parameter sets: a table with a row a set and a column a parameter (`params.squeeze`). Everything an experiment says is over such sets.

This is the one place that knows where sets come from: `plausible` samples the declared bounds, `configured` is one set, all as
configured; any other word is a table, a file or one that ships in `configs/params`, such as what a calibration left over.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from sim import library
from sim.parameters import PARAMETERS
from sim.problems import BadInput, unknown
from sim.sweep.designs import Lhs, checked

PLAUSIBLE, CONFIGURED = "plausible", "configured"
ENDINGS = (".csv", ".parquet")


def parameter_sets(source: str, number: int, seed: int, held: Iterable[str] = ()) -> pd.DataFrame:
    """At most `number` parameter sets; parameters that are `held` (names) stay as configured and have no column.

    `plausible`: a Latin hypercube over the declared plausible bounds, in which nothing is more likely than anything else. A table with
    more rows than asked for is sampled without replacement. The same arguments give the same sets. Raises BadInput.
    """
    held = set(held)
    if source == CONFIGURED:
        return pd.DataFrame(index=range(1))
    if source == PLAUSIBLE:
        free = [f"params.{name}" for name in PARAMETERS if name not in held]
        return Lhs(kind="lhs", n=number, factors=free, seed=seed, baseline=False).points()
    table = _checked(_read(source), source)
    table = table.drop(columns=[f"params.{name}" for name in held], errors="ignore")
    if len(table) <= number:
        return table
    rows = np.sort(np.random.default_rng(seed).choice(len(table), size=number, replace=False))
    return table.iloc[rows].reset_index(drop=True)


def _shipped() -> dict[str, Path]:
    """Tables that ship with the program, by name."""
    return {path.stem: path for path in sorted((library.folder() / "params").glob("*")) if path.suffix in ENDINGS}


def _read(source: str) -> pd.DataFrame:
    path = _shipped().get(source) or Path(source)
    if path.suffix not in ENDINGS:
        raise BadInput(f"{unknown('sets', source, [PLAUSIBLE, CONFIGURED, *_shipped()])}; or name a .csv or .parquet file of them")
    try:
        return pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    except OSError as error:
        raise BadInput(f"sets = '{source}': {error.strerror or 'cannot be read'}") from None
    except ValueError as error:
        raise BadInput(f"sets = '{source}': {error}") from None


def _checked(table: pd.DataFrame, source: str) -> pd.DataFrame:
    """Only parameters, each within its bounds, none missing; other columns (weights, distances) are left out."""
    columns = [name for name in table.columns if str(name).startswith("params.")]
    if not columns:
        raise BadInput(f"sets = '{source}': has no column like params.squeeze")
    kept = table[columns]
    if kept.isna().any(axis=None):
        raise BadInput(f"sets = '{source}': column {kept.columns[kept.isna().any()][0]} has an empty field; a set gives every parameter")
    return checked(kept, f"sets = '{source}'")
