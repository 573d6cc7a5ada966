"""Tables of points: a row a point, a column a factor, and `system`, `regime` or `event` where they vary."""

import numpy as np
import pandas as pd

from sim.inputs import library
from sim.inputs.problems import BadInput, unknown
from sim.sweep.factors import declared, unknown_factor

AXES = ("system", "regime", "event")  # columns of a table that hold names, not numbers


def framed(columns: dict[str, np.ndarray], points: int) -> pd.DataFrame:
    """Return a table of points: numbers as float64, words and switches as objects (None if missing)."""
    return pd.DataFrame(
        {name: pd.Series(column, dtype=column.dtype) for name, column in columns.items()}, index=range(points)
    )


def checked(table: pd.DataFrame, where: str) -> pd.DataFrame:
    """Return a user's table of points with every column in its type. Raises BadInput that names row and
    column at fault.
    """
    problems = [
        unknown_factor(where, name) for name in table.columns if name not in declared() and name not in AXES
    ]
    if not len(table):
        problems.append(f"{where}: has no rows")
    if table.columns.duplicated().any():
        problems.append(
            f"{where}: column '{table.columns[table.columns.duplicated()][0]}' stands there twice"
        )
    columns: dict[str, np.ndarray] = {}
    for name in [] if problems else table.columns:
        allowed = [*library.names(name), "none"] if name in AXES else []
        quick = name not in AXES and declared()[name].takes_all(table[name])
        for row, value in enumerate([] if quick else table[name], 1):
            missing = value is None or value != value
            if missing and name not in AXES:
                continue
            if name in AXES:
                wrong = (
                    unknown(name, value, allowed)
                    if value not in allowed or (value == "none") > (name == "event")
                    else ("")
                )
            else:
                wrong = declared()[name].problem_with([value])
            if wrong:
                problems.append(f"{where}, row {row}: {wrong}")
                break
        if not problems:
            columns[name] = (
                table[name].to_numpy(object) if name in AXES else declared()[name].column(table[name])
            )
    if problems:
        raise BadInput("\n".join(problems))
    return framed(columns, len(table))
