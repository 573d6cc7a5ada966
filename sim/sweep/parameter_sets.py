"""Tables of parameter sets: `configs/params/<name>.csv`, a column `params.<name>` for each parameter, a row a set."""

import pandas as pd

from sim import library
from sim.problems import BadInput, unknown
from sim.sweep.designs import checked
from sim.sweep.factors import declared

GROUP = "params"
NARROWED = 0.8  # a parameter's range counts as narrowed if 90 % of the sets lie within less than this share of the plausible range


def names() -> list[str]:
    """Tables that ship with the program, sorted."""
    return sorted(path.stem for path in (library.folder() / GROUP).glob("*.csv"))


def parameter_sets(name: str) -> pd.DataFrame:
    """A table of parameter sets, a row a set. Raises BadInput for a name that does not exist, or a table that cannot be used."""
    if name not in names():
        raise BadInput(unknown("parameter_sets", name, names()))
    return checked(pd.read_csv(library.folder() / GROUP / f"{name}.csv"), f"configs/{GROUP}/{name}.csv")


def ranges(table: pd.DataFrame) -> tuple[dict[str, list[float]], dict[str, float]]:
    """What a table of sets says of each parameter by itself: bounds, and the value of those that never vary.

    Bounds are the 5th and the 95th percentile where the sets have narrowed a parameter's plausible range, and are not given elsewhere.
    How parameters hang together is lost.
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
