"""Runs a chunk piece by piece, so that memory depends neither on the size of chunks nor on their number."""

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.declarations import indicators
from sim.engine import simulation
from sim.inputs.problems import BadInput
from sim.sweep.plan import Chunk, Plan

PIECE = 1000  # runs that are written together: one row group
SERIES_PIECE = 100


@dataclass
class Rows:
    """Runs that wait to be written: their results, and which runs they are."""

    output: simulation.Output
    cells: list[tuple[int, int]] = field(default_factory=list)  # (cell, how many of its runs)
    futures: list[np.ndarray] = field(default_factory=list)
    filled: int = 0

    @property
    def size(self) -> int:
        return len(self.output.summary)

    def part(self) -> simulation.Output:
        """Return the rows that are filled."""
        return simulation.Output(**{name: array[: self.filled] for name, array in vars(self.output).items()})


def pieces_alone(
    plan: Plan, chunk: Chunk, failures: list[dict[str, Any]], progress: Callable[[int], None]
) -> Iterator[Rows]:
    """Yield the chunk's runs in order, some at a time."""
    rows: Rows | None = None
    for cell in range(chunk.first_cell, chunk.stop_cell):
        prepared = prepared_cell(plan, cell, chunk, failures)
        if prepared is None:
            progress(chunk.stop_future - chunk.first_future)
            continue
        start = chunk.first_future
        while start < chunk.stop_future:
            rows = rows or Rows(
                room(plan, prepared, min(SERIES_PIECE if plan.request.series else PIECE, chunk.runs))
            )
            stop = min(start + simulation.CHUNK, chunk.stop_future, start + rows.size - rows.filled)
            _run(plan, cell, prepared, start, stop, rows, failures)
            progress(stop - start)
            start = stop
            if rows.filled == rows.size:
                yield rows
                rows = Rows(rows.output)
    if rows and rows.filled:
        yield rows


def room(plan: Plan, prepared: simulation.Prepared, size: int) -> simulation.Output:
    """Return room for runs that are written together. It fits every cell, as all have the same months."""
    output = simulation.empty_output(prepared, size, "summary")
    if plan.request.series:
        output.system = np.zeros((size, prepared.months), indicators.SYSTEM_ROW)
    return output


def prepared_cell(
    plan: Plan, cell: int, chunk: Chunk, failures: list[dict[str, Any]]
) -> simulation.Prepared | None:
    """Prepare a cell for the compiled rules. If that fails, all its runs fail."""
    try:
        return simulation.prepare(plan.scenario(cell), plan.request.seed)
    except (OSError, MemoryError):
        raise
    except Exception as error:
        failures.append(
            failure(plan, cell, chunk.first_future, error, chunk.stop_future - chunk.first_future)
        )
        return None


def _run(
    plan: Plan,
    cell: int,
    prepared: simulation.Prepared,
    start: int,
    stop: int,
    rows: Rows,
    failures: list[dict[str, Any]],
) -> None:
    """Run futures start ... stop - 1 of a cell; if that fails, one by one, to lose only what fails."""
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


def simulate(
    prepared: simulation.Prepared, output: simulation.Output, future: int, start: int, stop: int
) -> None:
    """Run futures from `future` on into rows start ... stop - 1 of an output, which may hold old runs."""
    output.history[start:stop].view("f8").fill(np.nan)
    simulation.run_into(prepared, output, future - start, start, stop, simulation.silent_log())


def failure(plan: Plan, cell: int, future: int, error: Exception, runs: int = 1) -> dict[str, Any]:
    """Describe a failed run, or `runs` of them from this future on: which, its configuration, the error, and
    where.
    """
    system, regime, event, variant = plan.where(cell)
    place = traceback.extract_tb(error.__traceback__)[-1] if error.__traceback__ else None
    where = (
        f"{place.filename.rsplit('/', 1)[-1]}, line {place.lineno}"
        if place and not isinstance(error, BadInput)
        else ("")
    )
    named = {"event": event} if plan.names_event else {}
    named |= {"variant": variant} if plan.request.variants else {}
    return {
        "cell": cell,
        "future": future,
        "runs": runs,
        "system": system,
        "regime": regime,
        **named,
        "changes": plan.changes(cell),
        "seed": plan.request.seed,
        "error": f"{type(error).__name__}: {error}",
        "where": where,
    }
