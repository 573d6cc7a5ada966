"""Runs one future or many: chunks of futures in a pool of threads, each chunk with its own memory.

The same scenario and future give the same bytes whatever the number of threads or the size of a chunk,
compiled or not.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

import numpy as np

from sim.declarations import indicators, parameters
from sim.declarations.regimes import record as regime_record
from sim.engine.starting_world import build_world, partner_names
from sim.inputs.problems import BadInput
from sim.kernel.compiled import COMPILED
from sim.kernel.records import EVENT, PROJECT_KINDS
from sim.kernel.world import World, readable
from sim.rules.month import switches
from sim.rules.run import run_chunk, summarise
from sim.rules.scenario_events import CHANGE_REGIME, HAPPENING, LEAVE, MERGE, PUT_ON_TABLE, RETURN
from sim.scenario.events import Event
from sim.scenario.scenario import Scenario

RECORDS = ("summary", "series", "full")
CHUNK = 25
FUTURES_THERE_ARE = 2**32  # the number of a future is one 32-bit word of the generator's counter
DO = {"leave": LEAVE, "return": RETURN, "change_regime": CHANGE_REGIME, "merge": MERGE, "table": PUT_ON_TABLE}


@dataclass
class Prepared:
    """A scenario as the compiled rules take it."""

    par: np.ndarray
    dials: np.ndarray
    on: np.ndarray
    happenings: np.ndarray
    world: World
    scenario: Scenario

    @property
    def months(self) -> int:
        return self.scenario.months


@dataclass
class Output:
    """What a batch of f futures gave; arrays not asked for have no rows."""

    summary: np.ndarray  # (f, v, 3)
    history: np.ndarray  # (f, proposals: those of the team, then by events) PROJECT_ROW
    system: np.ndarray  # (f or 0, m) SYSTEM_ROW
    partner: np.ndarray  # (f, m, n or 0) PARTNER_ROW
    full: np.ndarray  # (f, m, n or 0) FULL_ROW
    place: np.ndarray  # (f, m, p or 0) PLACE_ROW
    ties: np.ndarray  # (f, m, n or 0, n or 0) trust


def regime_names(scenario: Scenario) -> list[str]:
    """The regimes a run lives under, in the order of their numbers in the rules: that in which they come into
    force.

    So branches of one history give the same numbers to the regimes of the months they share.
    """
    changes = sorted((event.month, event.regime) for event in scenario.events if event.regime)
    return list(dict.fromkeys([scenario.regime, *(regime for _, regime in changes)]))


def _whom(event: Event, regimes: list[str], bodies: list[str], places: list[str]) -> tuple[int, int]:
    """What an event is about, as numbers: (regime, body or kind of proposal; the other body, the place or the
    provider, or -1).
    """
    if event.regime:
        return regimes.index(event.regime), -1
    if event.kind:
        about = (
            places.index(event.place) if event.place else bodies.index(event.partner) if event.partner else -1
        )
        return PROJECT_KINDS.index(event.kind), about
    return bodies.index(event.partner or ""), bodies.index(event.other) if event.other else -1


def happenings_of(scenario: Scenario) -> np.ndarray:
    """A scenario's events as the rules take them (dtype HAPPENING), in an order that does not depend on how
    they were listed.
    """
    known = regime_names(scenario), partner_names(scenario.system), list(scenario.system.places)
    happenings = np.zeros(len(scenario.events), HAPPENING)
    for row, event in zip(happenings, sorted(scenario.events, key=in_order), strict=True):
        row["month"], row["do"] = event.month, DO[event.do]
        row["which"], row["other"] = _whom(event, *known)
    return happenings


def in_order(event: Event) -> tuple[int | str, ...]:
    """What a scenario's events are sorted by."""
    return (
        event.month,
        event.do,
        event.kind or event.partner or event.regime or "",
        event.other or event.place or event.partner or (""),
    )


def dials_of(scenario: Scenario) -> np.ndarray:
    """The dials of every regime of a scenario, in the order of `regime_names`."""
    return regime_record([scenario.regimes[name] for name in regime_names(scenario)])


def prepare(scenario: Scenario, seed: int) -> Prepared:
    """Turn a scenario into records and the world of month 0."""
    world = build_world(scenario)
    world.now["seed_low"], world.now["seed_high"] = seed & 0xFFFFFFFF, seed >> 32
    par, on = parameters.values(scenario.params), switches(scenario.off)
    return Prepared(par, dials_of(scenario), on, happenings_of(scenario), world, scenario)


def empty_history(futures: int, proposals: int) -> np.ndarray:
    """Dates of so many proposals, none of them known."""
    history = np.zeros((futures, proposals), indicators.PROJECT_ROW)
    history.view("f8").fill(np.nan)
    return history


def of_the_team(months: int) -> int:
    """How many rows of dates stand first, for what the board's team brings: it brings no more than one
    proposal a month.
    """
    return months + 2


def by_events(happenings: np.ndarray) -> int:
    """How many proposals events put on the table."""
    return int((happenings["do"] == PUT_ON_TABLE).sum())


def empty_output(prepared: Prepared, futures: int, record: str) -> Output:
    n, p, _ = prepared.world.shape
    m = prepared.months
    kept, full = record != "summary", record == "full"
    return Output(
        summary=np.zeros((futures, len(indicators.SYSTEM), 3)),
        history=empty_history(futures, of_the_team(m) + by_events(prepared.happenings)),
        system=np.zeros((futures * kept, m), indicators.SYSTEM_ROW),
        partner=np.zeros((futures, m, n * kept), indicators.PARTNER_ROW),
        full=np.zeros((futures, m, n * full), indicators.FULL_ROW),
        place=np.zeros((futures, m, p * kept), indicators.PLACE_ROW),
        ties=np.zeros((futures, m, n * full, n * full)),
    )


def as_rules_take(array: np.ndarray) -> np.ndarray:
    """An array whose records have attributes, compiled or not."""
    return array if COMPILED else readable(array)


def rows_of(output: Output, start: int, stop: int) -> Output:
    """Futures start ... stop - 1 of a batch; with rows for the monthly indicators of the system even if
    nobody asked for them.
    """
    rows = Output(**{name: array[start:stop] for name, array in vars(output).items()})
    if not len(output.system):
        rows.system = np.zeros((stop - start, output.partner.shape[1]), indicators.SYSTEM_ROW)
    return rows


def live(
    prepared: Prepared,
    worlds: np.ndarray,
    months: tuple[int, int],
    ends: np.ndarray,
    first: int,
    rows: Output,
    log: np.ndarray,
) -> None:
    """Live some months of futures first, first + 1, ... from `worlds` on, and leave their worlds in `ends`;
    see `run_chunk`.
    """
    world = prepared.world.like()
    parts = (rows.system, rows.history, rows.partner, rows.full, rows.place, rows.ties)
    run_chunk(
        as_rules_take(prepared.par),
        as_rules_take(prepared.dials),
        as_rules_take(prepared.on),
        as_rules_take(prepared.happenings),
        worlds,
        world.block,
        world.views(COMPILED),
        months[0] == 0,
        *months,
        ends,
        np.uint64(first),
        *map(as_rules_take, parts),
        as_rules_take(log),
    )


def fill_summary(rows: Output) -> None:
    """Fill the summary of a batch from its monthly indicators."""
    summarise(rows.system.view("f8").reshape(*rows.system.shape, len(indicators.SYSTEM)), rows.summary)


def run_into(prepared: Prepared, output: Output, first: int, start: int, stop: int, log: np.ndarray) -> None:
    """Run futures first + start ... first + stop - 1 into rows start ... stop - 1 of the output."""
    rows, fresh = rows_of(output, start, stop), prepared.world.block.reshape(1, -1)
    live(prepared, fresh, (0, prepared.months), fresh[:0], first + start, rows, log)
    fill_summary(rows)


def branch_into(
    branches: list[Prepared], outputs: list[Output], month: int, first: int, start: int, stop: int
) -> None:
    """The same for several scenarios that agree before `month`: these months are lived once for all."""
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


def share_history(given: np.ndarray, into: np.ndarray, months: int) -> None:
    """What is known of proposals so far: those of the team stand first, those that events brought stand last,
    backwards.
    """
    own = of_the_team(months)
    into[:, :own] = given[:, :own]
    both = min(given.shape[1], into.shape[1]) - own
    if both:
        into[:, -both:] = given[:, -both:]


def too_far(first: int, futures: int) -> list[str]:
    """What is wrong with futures `first` ... `first + futures - 1`, if some of them have no number."""
    if first + futures <= FUTURES_THERE_ARE:
        return []
    last = FUTURES_THERE_ARE - 1
    return [
        f"first + futures = {first + futures}: must be at most {FUTURES_THERE_ARE}; futures are "
        f"numbered from 0 to {last}"
    ]


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
    """Run scenarios that agree before `month` (the caller has checked): the same bytes as `run` of each, for
    less work.
    """
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
    """Run one future again with the log on: (output with record='full', events of dtype EVENT in order)."""
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
