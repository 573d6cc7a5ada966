"""Runs one future or many: chunks of futures in a pool of threads, each chunk with its own memory.

The same scenario and future give the same bytes whatever the number of threads or the size of a chunk, compiled or not.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

import numpy as np

from sim import indicators, parameters
from sim.compiled import COMPILED
from sim.problems import BadInput
from sim.regime import record as regime_record
from sim.rules.happen import CHANGE_REGIME, HAPPENING, LEAVE, MERGE, RETURN
from sim.rules.month import switches
from sim.rules.run import run_chunk, summarise
from sim.scenario import Scenario
from sim.system import build_world, partner_names
from sim.world import EVENT, World, readable

RECORDS = ("summary", "series", "full")
CHUNK = 25
FUTURES_THERE_ARE = 2**32  # the number of a future is one 32-bit word of the generator's counter
DO = {"leave": LEAVE, "return": RETURN, "change_regime": CHANGE_REGIME, "merge": MERGE}


@dataclass
class Prepared:
    """A scenario as the compiled rules take it."""

    par: np.ndarray
    dials: np.ndarray
    on: np.ndarray
    happenings: np.ndarray
    world: World
    months: int


@dataclass
class Output:
    """What a batch of f futures gave; arrays not asked for have no rows."""

    summary: np.ndarray  # (f, v, 3)
    history: np.ndarray  # (f, serials) PROJECT_ROW
    system: np.ndarray  # (f or 0, m) SYSTEM_ROW
    partner: np.ndarray  # (f, m, n or 0) PARTNER_ROW
    full: np.ndarray  # (f, m, n or 0) FULL_ROW
    place: np.ndarray  # (f, m, p or 0) PLACE_ROW
    ties: np.ndarray  # (f, m, n or 0, n or 0) trust


def regime_names(scenario: Scenario) -> list[str]:
    """The regimes a run lives under, in the order of their numbers in the rules."""
    return list(dict.fromkeys([scenario.regime, *(e.regime for e in scenario.events if e.regime)]))


def prepare(scenario: Scenario, seed: int) -> Prepared:
    """Turn a scenario into records and the world of month 0."""
    names = regime_names(scenario)
    rows = partner_names(scenario.system)
    happenings = np.zeros(len(scenario.events), HAPPENING)
    ordered = sorted(scenario.events, key=lambda e: (e.month, e.do, e.partner or e.regime or "", e.other or ""))
    for row, event in zip(happenings, ordered, strict=True):
        which = rows.index(event.partner) if event.partner else names.index(event.regime or "")
        row["month"], row["do"], row["which"] = event.month, DO[event.do], which
        row["other"] = rows.index(event.other) if event.other else -1
    world = build_world(scenario)
    world.now["seed_low"], world.now["seed_high"] = seed & 0xFFFFFFFF, seed >> 32
    dials = regime_record([scenario.regimes[name] for name in names])
    return Prepared(parameters.values(scenario.params), dials, switches(scenario.off), happenings, world, scenario.months)


def _empty_output(prepared: Prepared, futures: int, record: str) -> Output:
    n, p, _ = prepared.world.shape
    m = prepared.months
    kept, full = record != "summary", record == "full"
    history = np.zeros((futures, m + 2), indicators.PROJECT_ROW)
    history.view("f8").fill(np.nan)
    return Output(
        summary=np.zeros((futures, len(indicators.SYSTEM), 3)),
        history=history,
        system=np.zeros((futures * kept, m), indicators.SYSTEM_ROW),
        partner=np.zeros((futures, m, n * kept), indicators.PARTNER_ROW),
        full=np.zeros((futures, m, n * full), indicators.FULL_ROW),
        place=np.zeros((futures, m, p * kept), indicators.PLACE_ROW),
        ties=np.zeros((futures, m, n * full, n * full)),
    )


def _view(array: np.ndarray) -> np.ndarray:
    return array if COMPILED else readable(array)


def run_into(prepared: Prepared, output: Output, first: int, start: int, stop: int, log: np.ndarray) -> None:
    """Run futures first + start ... first + stop - 1 into rows start ... stop - 1 of the output."""
    world = prepared.world.copy()
    if len(output.system):
        system = output.system[start:stop]
    else:
        system = np.zeros((stop - start, prepared.months), indicators.SYSTEM_ROW)
    parts = (output.partner, output.full, output.place, output.ties)
    run_chunk(
        _view(prepared.par), _view(prepared.dials), _view(prepared.on), _view(prepared.happenings),
        prepared.world.block, world.block, world.views(COMPILED), prepared.months, np.uint64(first + start),
        _view(system), _view(output.history[start:stop]), *(_view(part[start:stop]) for part in parts), _view(log),
    )  # fmt: skip
    summarise(system.view("f8").reshape(*system.shape, len(indicators.SYSTEM)), output.summary[start:stop])


def too_far(first: int, futures: int) -> list[str]:
    """What is wrong with futures `first` ... `first + futures - 1`, if some of them have no number."""
    if first + futures <= FUTURES_THERE_ARE:
        return []
    last = FUTURES_THERE_ARE - 1
    return [f"first + futures = {first + futures}: must be at most {FUTURES_THERE_ARE}; futures are numbered from 0 to {last}"]


def silent_log() -> np.ndarray:
    """A log that records nothing."""
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
    output = _empty_output(prepared, futures, record)
    starts = range(0, futures, chunk)
    workers = threads or os.cpu_count() or 1
    if workers == 1 or len(starts) == 1:
        for start in starts:
            stop = min(start + chunk, futures)
            run_into(prepared, output, first, start, stop, silent_log())
            if progress:
                progress(stop - start)
        return output
    pool = ThreadPoolExecutor(workers)
    try:
        jobs = {}
        for start in starts:
            stop = min(start + chunk, futures)
            jobs[pool.submit(run_into, prepared, output, first, start, stop, silent_log())] = stop - start
        for job in as_completed(jobs):
            job.result()
            if progress:
                progress(jobs[job])
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return output


def run_with_log(scenario: Scenario, seed: int, future: int) -> tuple[Output, np.ndarray]:
    """Run one future again with the log on: (output with record='full', events of dtype EVENT in order)."""
    size = 4096
    while True:
        log = np.zeros(size, EVENT)
        prepared = prepare(scenario, seed)
        output = _empty_output(prepared, 1, "full")
        run_into(prepared, output, future, 0, 1, log)
        written = int(log[0]["event_month"])
        if written < size - 1:
            return output, log[1 : written + 1]
        size *= 4
