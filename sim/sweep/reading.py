"""Reads what sweeps wrote. Only the columns and rows that are needed come from the disk."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import reduce
from operator import and_
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.inputs.problems import BadInput, unknown
from sim.results.publishing import MARK, lost_files
from sim.sweep.store import CELLS, RUNS, SERIES, begun

if TYPE_CHECKING:
    import pandas as pd

TABLES = {"runs": RUNS, "series": SERIES, "cells": CELLS}


def read(
    folder: str | Path,
    columns: Iterable[str] | None = None,
    where: Mapping[str, Any] | None = None,
    table: str = "runs",
) -> "pd.DataFrame":
    """Return the runs of a sweep, finished or not, as a pandas DataFrame sorted by cell and future.

    Columns: cell, future, point, system, regime, event (where it varies), every factor, every outcome.
    `where` keeps rows: {column: value}, {column: [values]} or {column: (lowest, highest)}, where None leaves
    an end open; all must hold. `table` may also be "series" (a row a run and month, if the sweep keeps
    series) or "cells" (the design). `attrs`: seed, configuration, versions, units, and finished. Raises
    BadInput (a ValueError) for a folder that holds no sweep, or has lost files, and for an unknown column.
    """
    import pyarrow.dataset as ds

    folder = Path(folder)
    about = begun(folder)
    if table not in TABLES:
        raise BadInput(unknown("table", table, TABLES))
    source = folder / TABLES[table]
    finished = (folder / MARK).is_file()
    lost = lost_files(folder) if finished else []
    if lost:
        raise BadInput(
            f"{folder}: has lost {len(lost)} of its files, such as {lost[0]}; the command that "
            "made it makes them again"
        )
    files = [source] if source.is_file() else sorted(source.glob("*.parquet"))
    if not files:
        raise BadInput(
            f"{folder}: holds no {table}" + (" yet" if table == "runs" else "; run the sweep with series=...")
        )
    with _in_words(folder):
        data = ds.dataset(files, format="parquet")
    names = list(data.schema.names)
    asked = names if columns is None else [columns] if isinstance(columns, str) else list(columns)
    problems = [unknown("columns", name, names) for name in asked if name not in names]
    problems += [unknown("where", name, names) for name in where or {} if name not in names]
    if problems:
        raise BadInput("\n".join(problems))
    with _in_words(folder):
        found = data.to_table(columns=asked, filter=_condition(where or {}))
    order = [name for name in ("cell", "future", "month") if name in asked]
    frame = found.to_pandas()
    if order[:2] == ["cell", "future"]:
        frame = frame.sort_values(order, kind="stable", ignore_index=True)
    frame.attrs.update(_about(about, finished, data.schema, asked))
    return frame


@contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    """Turn errors of reading and comparing into BadInput."""
    import pyarrow as pa

    try:
        yield
    except pa.ArrowNotImplementedError as error:
        raise BadInput(f"where: a value is of another kind than its column ({error})") from None
    except (pa.ArrowException, OSError) as error:
        words = str(error).splitlines()[0]
        raise BadInput(
            f"{folder}: {words}\n(python -m sim.verify {folder} says which files are damaged, if any are)"
        ) from None


def _condition(where: Mapping[str, Any]) -> Any:
    """Return which rows to keep, as pyarrow takes it; None keeps all."""
    import pyarrow.dataset as ds

    kept = None
    for name, value in where.items():
        field = ds.field(name)
        if isinstance(value, tuple):
            if len(value) != 2:
                raise BadInput(
                    f"where: {name} = {value!r}: a pair is (lowest, highest); several values are a list"
                )
            lowest, highest = value
            if None not in value and lowest > highest:
                raise BadInput(f"where: {name} = {value!r}: the lowest stands first")
            ends = [field >= lowest] * (lowest is not None) + [field <= highest] * (highest is not None)
            this = reduce(and_, ends, ds.scalar(True))
        else:
            this = field.isin(value) if isinstance(value, (list, set, frozenset)) else field == value
        kept = this if kept is None else kept & this
    return kept


def _about(begun: dict[str, Any], finished: bool, schema: Any, asked: list[str]) -> dict[str, Any]:
    """Say where the runs come from, for `attrs`."""
    units = {
        name: schema.field(name).metadata[b"unit"].decode() for name in asked if schema.field(name).metadata
    }
    return {
        "seed": str(begun["request"]["seed"]),
        "configuration": begun["configuration"],
        "versions": begun["versions"],
        "units": units,
        "finished": finished,
    }
