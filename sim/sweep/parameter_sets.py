"""Tables of parameter sets: a column a parameter (`params.squeeze`), a row a set. Those in `configs/params`
go by their name; `posterior` holds the sets that calibration kept.
"""

from pathlib import Path

import pandas as pd

from sim.inputs import library
from sim.inputs.problems import BadInput, unknown
from sim.sweep.factors import declared
from sim.sweep.points import checked

GROUP, KEY = "params", "parameter_sets"
ENDINGS = (".csv", ".parquet")
# a parameter's range counts as narrowed if 90 % of the sets lie within less than this share of the plausible
# range
NARROWED = 0.8


def names() -> list[str]:
    """Return the names of the tables that ship with the program, sorted."""
    return sorted(path.stem for path in (library.folder() / GROUP).glob("*.csv"))


def parameter_sets(source: str, others: tuple[str, ...] = ()) -> pd.DataFrame:
    """Read a table of parameter sets by name, or from a .csv or .parquet file. Other columns (weights,
    distances) are left out.

    `others` are further names that the caller knows. Raises BadInput for a name that does not exist, and for
    a table that cannot be used: no parameter, a value missing or out of bounds.
    """
    path = library.folder() / GROUP / f"{source}.csv" if source in names() else Path(source)
    where = f"{KEY} = '{source}'"
    if path.suffix not in ENDINGS:
        raise BadInput(
            f"{unknown(KEY, source, [*others, *names()])}; or name a .csv or .parquet file of them"
        )
    try:
        table = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    except OSError as error:
        raise BadInput(f"{where}: {error.strerror or 'cannot be read'}") from None
    except ValueError as error:
        raise BadInput(f"{where}: {error}") from None
    columns = [name for name in table.columns if str(name).startswith("params.")]
    if not columns:
        raise BadInput(f"{where}: has no column like params.squeeze")
    kept = table[columns]
    if kept.isna().any(axis=None):
        raise BadInput(
            f"{where}: column {kept.columns[kept.isna().any()][0]} has an empty field; a set "
            "gives every parameter"
        )
    return checked(kept, where)


def ranges(table: pd.DataFrame) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Return what a table of sets says of each parameter alone: bounds, and the value of those that never
    vary.

    Bounds are the 5th and the 95th percentile where the sets have narrowed a parameter's plausible range;
    other parameters get none. How parameters depend on one another is lost.
    """
    bounds, fixed = {}, {}
    for key, column in table.items():
        factor = declared()[str(key)]
        low, high = (float(column.quantile(share)) for share in (0.05, 0.95))
        if column.nunique() == 1:
            fixed[str(key)] = float(column.iloc[0])
        elif low < high and high - low < NARROWED * (factor.high - factor.low):
            bounds[str(key)] = [low, high]
    return bounds, fixed
