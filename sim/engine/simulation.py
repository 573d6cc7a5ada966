"""Runs one future or many: chunks of futures in a pool of threads, each chunk with its own memory.

The same scenario and future give the same bytes whatever the number of threads or the size of a chunk,
compiled or not.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

import numpy as np

from sim.engine.output import Output, batch_of, empty_output, fill_summary, rows_of, share_history
from sim.engine.prepared import Prepared, prepare, settings_of
from sim.inputs.problems import BadInput
from sim.kernel.compiled import COMPILED
from sim.kernel.records import EVENT
from sim.rules.run import run_chunk
from sim.scenario.scenario import Scenario

RECORDS = ("summary", "series", "full")
CHUNK = 25
FUTURES_THERE_ARE = 2**32  # the number of a future is one 32-bit word of the generator's counter


def live(
    prepared: Prepared,
    worlds: np.ndarray,
    months: tuple[int, int],
    ends: np.ndarray,
    first: int,
    rows: Output,
    log: np.ndarray,
) -> None:
    """Run some months of futures first, first + 1, ... from `worlds` on and leave their end states in `ends`;
    see `run_chunk`.
    """
    world = prepared.world.like()
    settings, batch = settings_of(prepared), batch_of(rows, ends, log)
    state, fresh = world.views(COMPILED), months[0] == 0
    run_chunk(settings, worlds, world.block, state, fresh, months, np.uint64(first), batch)


def run_into(prepared: Prepared, output: Output, first: int, start: int, stop: int, log: np.ndarray) -> None:
    """Run futures first + start ... first + stop - 1 into rows start ... stop - 1 of the output."""
    rows, fresh = rows_of(output, start, stop), prepared.world.block.reshape(1, -1)
    live(prepared, fresh, (0, prepared.months), fresh[:0], first + start, rows, log)
    fill_summary(rows)


def branch_into(
    branches: list[Prepared], outputs: list[Output], month: int, first: int, start: int, stop: int
) -> None:
    """Do the same for scenarios that agree before `month`; the months they share are simulated once."""
    rows = [rows_of(output, start, stop) for output in outputs]
    shared, fresh = rows[0], branches[0].world.block.reshape(1, -1)
    held = np.zeros((stop - start, fresh.size), "u8")
    live(branches[0], fresh, (0, month), held, first + start, shared, silent_log())
    for other in rows[1:]:
        share_history(shared.history, other.history, branches[0].months)
        for name in ("system", "partner", "full", "place", "ties"):
            getattr(other, name)[:, :month] = getattr(shared, name)[:, :month]
    for prepared, own in zip(branches, rows, strict=True):
        live(prepared, held, (month, prepared.months), fresh[:0], first + start, own, silent_log())
        fill_summary(own)


def too_far(first: int, futures: int) -> list[str]:
    """Say what is wrong with futures `first` ... `first + futures - 1`, if some of them have no number."""
    if first + futures <= FUTURES_THERE_ARE:
        return []
    last = FUTURES_THERE_ARE - 1
    return [
        f"first + futures = {first + futures}: must be at most {FUTURES_THERE_ARE}; futures are "
        f"numbered from 0 to {last}"
    ]


def silent_log() -> np.ndarray:
    """Return a log that records nothing."""
    return np.zeros(1, EVENT)


def run(
    scenario: Scenario,
    futures: int,
    seed: int = 1,
    first: int = 0,
    threads: int | None = None,
    record: str = "series",
    progress: Callable[[int], None] | None = None,
    chunk: int = CHUNK,
) -> Output:
    """Run futures `first` ... `first + futures - 1`. `progress` is called with the number just finished.

    Raises BadInput (a ValueError) where a future has no number; `dataset.simulate` checks the rest.
    """
    if too_far(first, futures):
        raise BadInput(too_far(first, futures)[0])
    prepared = prepare(scenario, seed)
    output = empty_output(prepared, futures, record)
    _in_chunks(
        lambda start, stop: run_into(prepared, output, first, start, stop, silent_log()),
        futures,
        threads,
        progress,
        chunk,
    )
    return output


def run_branches(
    scenarios: list[Scenario],
    month: int,
    futures: int,
    seed: int = 1,
    first: int = 0,
    threads: int | None = None,
    record: str = "series",
    progress: Callable[[int], None] | None = None,
    chunk: int = CHUNK,
) -> list[Output]:
    """Run scenarios that agree before `month` (the caller has checked). Same bytes as `run`, but faster."""
    branches = [prepare(scenario, seed) for scenario in scenarios]
    outputs = [empty_output(prepared, futures, record) for prepared in branches]
    _in_chunks(
        lambda start, stop: branch_into(branches, outputs, month, first, start, stop),
        futures,
        threads,
        progress,
        chunk,
    )
    return outputs


def _in_chunks(
    work: Callable[[int, int], None],
    futures: int,
    threads: int | None,
    progress: Callable[[int], None] | None,
    chunk: int,
) -> None:
    """Call work(start, stop) for every chunk of futures, in a pool of threads."""
    chunks = [(start, min(start + chunk, futures)) for start in range(0, futures, chunk)]
    workers = threads or os.cpu_count() or 1
    if workers == 1 or len(chunks) == 1:
        for start, stop in chunks:
            work(start, stop)
            if progress:
                progress(stop - start)
        return
    pool = ThreadPoolExecutor(workers)
    try:
        jobs = {pool.submit(work, start, stop): stop - start for start, stop in chunks}
        for job in as_completed(jobs):
            job.result()
            if progress:
                progress(jobs[job])
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def run_with_log(scenario: Scenario, seed: int, future: int) -> tuple[Output, np.ndarray]:
    """Run one future again with the log on; return its output (record='full') and its events, in order."""
    size = 4096
    while True:
        log = np.zeros(size, EVENT)
        prepared = prepare(scenario, seed)
        output = empty_output(prepared, 1, "full")
        run_into(prepared, output, future, 0, 1, log)
        written = int(log[0]["event_month"])
        if written < size - 1:
            return output, log[1 : written + 1]
        size *= 4
