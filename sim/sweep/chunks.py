"""Runs one chunk of a plan and writes its file: a pure function that a thread, a process or another machine may call.

Rows go to the file in pieces, so memory depends neither on the size of a chunk nor on their number.
"""

import json
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import dataset, engine, indicators
from sim.problems import BadInput
from sim.sweep.plan import Chunk, Plan
from sim.sweep.schema import runs_schema, series_schema, writer
from sim.sweep.store import FAILURES, RUNS, SERIES, publish

if TYPE_CHECKING:
    import pyarrow as pa

PIECE = 1000  # runs that are written together: one row group
SERIES_PIECE = 100


class Stopped(Exception):
    """Raised by `progress` to stop a chunk; nothing of it is kept."""


@dataclass(frozen=True)
class Report:
    """What came of a chunk: small, and the same wherever it ran."""

    chunk: Chunk
    runs: int
    failed: int


@dataclass
class Rows:
    """Runs that wait to be written: what the engine gave for each, and which they are."""

    output: engine.Output
    cells: list[tuple[int, int]] = field(default_factory=list)  # (cell, how many of its runs)
    futures: list[np.ndarray] = field(default_factory=list)
    filled: int = 0

    @property
    def size(self) -> int:
        return len(self.output.summary)

    def part(self) -> engine.Output:
        """The rows that are filled."""
        return engine.Output(**{name: array[: self.filled] for name, array in vars(self.output).items()})


def run_chunk(plan: Plan, chunk: Chunk, folder: Path, progress: Callable[[int], None] | None = None) -> Report:
    """Run a chunk and publish its file in `folder`. A run that fails is recorded, not fatal; it has no row.

    `progress` is called with the number of runs just finished, and may raise `Stopped`. Raises OSError if a file cannot be written.
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
            for rows in _pieces(plan, chunk, failures, progress or (lambda runs: None)):
                runs_file.write_table(runs_table(plan, rows, runs_columns))
                if series_file:
                    series_file.write_table(series_table(plan, rows, series_columns))
                written += rows.filled
        if failures:  # before the runs, which say that the chunk is done
            with publish(folder / FAILURES, f"{chunk.name}.json") as listed:
                listed.write_text(json.dumps(failures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return Report(chunk, written, chunk.runs - written)


def _pieces(plan: Plan, chunk: Chunk, failures: list[dict[str, Any]], progress: Callable[[int], None]) -> Iterator[Rows]:
    """The chunk's runs in order, some at a time."""
    rows: Rows | None = None
    for cell in range(chunk.first_cell, chunk.stop_cell):
        prepared = _prepared(plan, cell, chunk, failures)
        if prepared is None:
            progress(chunk.stop_future - chunk.first_future)
            continue
        start = chunk.first_future
        while start < chunk.stop_future:
            rows = rows or Rows(_room(plan, prepared, chunk))
            stop = min(start + engine.CHUNK, chunk.stop_future, start + rows.size - rows.filled)
            _run(plan, cell, prepared, start, stop, rows, failures)
            progress(stop - start)
            start = stop
            if rows.filled == rows.size:
                yield rows
                rows = Rows(rows.output)
    if rows and rows.filled:
        yield rows


def _room(plan: Plan, prepared: engine.Prepared, chunk: Chunk) -> engine.Output:
    """Room for the runs that are written together; the same for every cell, as all have the same months."""
    size = min(SERIES_PIECE if plan.request.series else PIECE, chunk.runs)
    output = engine.empty_output(prepared, size, "summary")
    if plan.request.series:
        output.system = np.zeros((size, prepared.months), indicators.SYSTEM_ROW)
    return output


def _prepared(plan: Plan, cell: int, chunk: Chunk, failures: list[dict[str, Any]]) -> engine.Prepared | None:
    """A cell as the compiled rules take it; where it cannot be, all its runs fail."""
    try:
        return engine.prepare(plan.scenario(cell), plan.request.seed)
    except (OSError, MemoryError):
        raise
    except Exception as error:
        failures.append(failure(plan, cell, chunk.first_future, error, chunk.stop_future - chunk.first_future))
        return None


def _run(plan: Plan, cell: int, prepared: engine.Prepared, start: int, stop: int, rows: Rows, failures: list[dict[str, Any]]) -> None:
    """Run futures start ... stop - 1 of a cell; where that fails, one by one, so that only what fails is lost."""
    at = rows.filled
    try:
        simulate(prepared, rows.output, start, at, at + stop - start)
    except (OSError, MemoryError):
        raise
    except Exception as error:
        if stop - start == 1:
            failures.append(failure(plan, cell, start, error))
            return
        for future in range(start, stop):
            _run(plan, cell, prepared, future, future + 1, rows, failures)
        return
    rows.cells.append((cell, stop - start))
    rows.futures.append(np.arange(start, stop, dtype=np.int64))
    rows.filled += stop - start


def simulate(prepared: engine.Prepared, output: engine.Output, future: int, start: int, stop: int) -> None:
    """Futures from `future` on into rows start ... stop - 1 of an output that may have been used before."""
    output.history[start:stop].view("f8").fill(np.nan)
    engine.run_into(prepared, output, future - start, start, stop, engine.silent_log())


def failure(plan: Plan, cell: int, future: int, error: Exception, runs: int = 1) -> dict[str, Any]:
    """A run that failed, or `runs` of them from this future on: which, its configuration, what went wrong, and where."""
    system, regime, event = plan.where(cell)
    place = traceback.extract_tb(error.__traceback__)[-1] if error.__traceback__ else None
    where = f"{place.filename.rsplit('/', 1)[-1]}, line {place.lineno}" if place and not isinstance(error, BadInput) else ""
    named = {"event": event} if plan.names_event else {}
    return {"cell": cell, "future": future, "runs": runs, "system": system, "regime": regime, **named, "changes": plan.changes(cell),
            "seed": plan.request.seed, "error": f"{type(error).__name__}: {error}", "where": where}  # fmt: skip


def _columns(plan: Plan, rows: Rows, names: list[str], times: int = 1) -> "dict[str, pa.Array]":
    """Columns that describe the cells of some runs; each run `times` over."""
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
    """Rows of the file of runs."""
    import pyarrow as pa

    first = schema.names[: len(schema.names) - len(plan.request.outcomes)]
    columns = _columns(plan, rows, [name for name in first if name != "future"])
    columns["future"] = pa.array(np.concatenate(rows.futures))
    found = dataset.outcomes(rows.part())
    columns |= {name: pa.array(np.ascontiguousarray(found[name])) for name in plan.request.outcomes}
    return pa.table([columns[name] for name in schema.names], schema=schema)


def series_table(plan: Plan, rows: Rows, schema: "pa.Schema") -> "pa.Table":
    """Rows of the file of series: every month that is kept of every run."""
    import pyarrow as pa

    months = np.array(plan.request.months_kept, np.int64)
    columns = _columns(plan, rows, ["cell", "system", "regime"], len(months))
    columns["future"] = pa.array(np.repeat(np.concatenate(rows.futures), len(months)))
    columns["month"] = pa.array(np.tile(months, rows.filled))
    system = rows.part().system[:, months]
    columns |= {name: pa.array(np.ascontiguousarray(system[name]).ravel()) for name in plan.request.series}
    return pa.table([columns[name] for name in schema.names], schema=schema)
