"""Runs one chunk of a plan and writes its file, piece by piece. Its result depends on its arguments alone, so
a thread, a process or another machine may call it.
"""

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine import dataset
from sim.sweep.nation import pieces_together
from sim.sweep.pieces import Rows, pieces_alone
from sim.sweep.plan import Chunk, Plan
from sim.sweep.schema import runs_schema, series_schema, writer
from sim.sweep.store import FAILURES, RUNS, SERIES, publish

if TYPE_CHECKING:
    import pyarrow as pa


class Stopped(Exception):
    """Raised by `progress` to stop a chunk; nothing of the chunk is kept."""


@dataclass(frozen=True)
class Report:
    """The result of a chunk: small, and the same wherever it ran."""

    chunk: Chunk
    runs: int
    failed: int


def run_chunk(
    plan: Plan, chunk: Chunk, folder: Path, progress: Callable[[int], None] | None = None
) -> Report:
    """Run a chunk and publish its file in `folder`. A run that fails is recorded and has no row.

    `progress` is called with the number of runs just finished, and may raise `Stopped`. Raises OSError if a
    file cannot be written.
    """
    failures: list[dict[str, Any]] = []
    name = f"{chunk.name}.parquet"
    with ExitStack() as published:
        path = published.enter_context(publish(folder / RUNS, name))
        series_path = published.enter_context(publish(folder / SERIES, name)) if plan.request.series else None
        runs_columns, series_columns = runs_schema(plan), series_schema(plan)
        written = 0
        with ExitStack() as files:
            runs_file = files.enter_context(writer(path, runs_columns))
            series_file = files.enter_context(writer(series_path, series_columns)) if series_path else None
            pieces = pieces_together if plan.request.nation else pieces_alone
            for rows in pieces(plan, chunk, failures, progress or (lambda runs: None)):
                runs_file.write_table(runs_table(plan, rows, runs_columns))
                if series_file:
                    series_file.write_table(series_table(plan, rows, series_columns))
                written += rows.filled
        if failures:  # first, because the file of runs marks the chunk as done
            with publish(folder / FAILURES, f"{chunk.name}.json") as listed:
                listed.write_text(json.dumps(failures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return Report(chunk, written, chunk.runs - written)


def _columns(plan: Plan, rows: Rows, names: list[str], times: int = 1) -> "dict[str, pa.Array]":
    """Return columns that describe the cells of some runs, with each run `times` over."""
    import pyarrow as pa

    counts = np.array([count for _, count in rows.cells]) * times
    described = {cell: plan.row(cell) for cell, _ in rows.cells}
    columns: dict[str, Any] = {}
    for name in names:
        values = [described[cell][name] for cell, _ in rows.cells]
        if isinstance(values[0], str):
            words = sorted(set(values))
            codes = np.repeat(np.array([words.index(value) for value in values], np.int16), counts)
            columns[name] = pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(words, pa.string()))
        else:
            columns[name] = pa.array(np.repeat(np.array(values), counts))
    return columns


def runs_table(plan: Plan, rows: Rows, schema: "pa.Schema") -> "pa.Table":
    """Return rows of the file of runs."""
    import pyarrow as pa

    first = schema.names[: len(schema.names) - len(plan.request.outcomes)]
    columns = _columns(plan, rows, [name for name in first if name != "future"])
    columns["future"] = pa.array(np.concatenate(rows.futures))
    found = dataset.outcomes(rows.part())
    columns |= {name: pa.array(np.ascontiguousarray(found[name])) for name in plan.request.outcomes}
    return pa.table([columns[name] for name in schema.names], schema=schema)


def series_table(plan: Plan, rows: Rows, schema: "pa.Schema") -> "pa.Table":
    """Return rows of the file of series: every month that is kept of every run."""
    import pyarrow as pa

    months = np.array(plan.request.months_kept, np.int64)
    columns = _columns(plan, rows, ["cell", "system", "regime"], len(months))
    columns["future"] = pa.array(np.repeat(np.concatenate(rows.futures), len(months)))
    columns["month"] = pa.array(np.tile(months, rows.filled))
    system = rows.part().system[:, months]
    columns |= {name: pa.array(np.ascontiguousarray(system[name]).ravel()) for name in plan.request.series}
    return pa.table([columns[name] for name in schema.names], schema=schema)
