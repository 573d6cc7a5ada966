"""Runs a chunk whose cells are the systems of one nation: all systems together, some futures at a time
(`sim.engine.england`).
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sim.engine import england, simulation
from sim.sweep.pieces import Rows, failure, prepared_cell, room
from sim.sweep.plan import Chunk, Plan


def pieces_together(
    plan: Plan, chunk: Chunk, failures: list[dict[str, Any]], progress: Callable[[int], None]
) -> Iterator[Rows]:
    """Yield the chunk's runs, some futures of all systems at a time. Where one system fails, all systems fail
    in the same futures.
    """
    size = plan.request.together
    for first in range(chunk.first_cell, chunk.stop_cell, size):
        cells = range(first, first + size)
        systems = _prepared(plan, cells, chunk, failures)
        for start in range(chunk.first_future, chunk.stop_future, england.FUTURES_AT_ONCE):
            stop = min(start + england.FUTURES_AT_ONCE, chunk.stop_future)
            if systems:
                yield from _lived(plan, cells, systems, start, stop, failures)
            progress(size * (stop - start))


def _prepared(
    plan: Plan, cells: range, chunk: Chunk, failures: list[dict[str, Any]]
) -> list[simulation.Prepared]:
    """Prepare all systems for the compiled rules. Returns none if one of them cannot be prepared."""
    found = [prepared_cell(plan, cell, chunk, failures) for cell in cells]
    whole = [prepared for prepared in found if prepared is not None]
    if len(whole) == len(cells):
        return whole
    for cell, prepared in zip(cells, found, strict=True):
        if prepared is not None:
            failures.append(
                failure(plan, cell, chunk.first_future, _another(), chunk.stop_future - chunk.first_future)
            )
    return []


def _another() -> Exception:
    return RuntimeError("another system of the same nation cannot be run")


def _lived(
    plan: Plan,
    cells: range,
    systems: list[simulation.Prepared],
    start: int,
    stop: int,
    failures: list[dict[str, Any]],
) -> Iterator[Rows]:
    """Run futures start ... stop - 1 of all systems. If that fails, run them one by one, to lose only what
    fails.
    """
    futures = stop - start
    output = room(plan, systems[0], len(cells) * futures)
    own = [simulation.rows_of(output, at * futures, (at + 1) * futures) for at in range(len(cells))]
    try:
        england.live_together(systems, own, start, 0, futures)
    except (OSError, MemoryError):
        raise
    except Exception as error:
        if futures == 1:
            failures.extend(failure(plan, cell, start, error) for cell in cells)
            return
        for future in range(start, stop):
            yield from _lived(plan, cells, systems, future, future + 1, failures)
        return
    numbers = [np.arange(start, stop, dtype=np.int64)] * len(cells)
    yield Rows(output, [(cell, futures) for cell in cells], numbers, len(cells) * futures)
