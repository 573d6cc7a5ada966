"""Tables of parameter sets: a column a parameter (`params.squeeze`), a row a set. Those in `configs/params`
go by their name; the set that calibration left over is `posterior`."""

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
    """Tables that ship with the program, sorted."""
    return sorted(path.stem for path in (library.folder() / GROUP).glob("*.csv"))


def parameter_sets(source: str, others: tuple[str, ...] = ()) -> pd.DataFrame:
    """A table of parameter sets by name, or from a .csv or .parquet file; other columns (weights, distances)
    are left out.

    `others` are names that the caller knows besides. Raises BadInput for a name that does not exist, and for
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
    """What a table of sets says of each parameter by itself: bounds, and the value of those that never vary.

    Bounds are the 5th and the 95th percentile where the sets have narrowed a parameter's plausible range, and
    are not given elsewhere. How parameters hang together is lost.
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
