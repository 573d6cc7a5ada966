"""Runs many futures from month 0 to the horizon, compiled and without Python's lock.

Both chunks of futures and the Mesa face enter the month here, and nothing else does. The reason is that every
function that calls the month contains all its machine code once more, and compiling that takes longer than
compiling any rule.
"""

from typing import Any, NamedTuple

import numpy as np

from sim.kernel.compiled import entry, rule
from sim.rules.beginning import begin
from sim.rules.month import month

MONTHS_A_YEAR = 12


class Settings(NamedTuple):
    """The settings of a run."""

    par: Any  # record of parameters
    dials: Any  # (regimes,) records of dials, by number of the law
    on: Any  # record of SWITCHES
    happenings: Any  # (events,) HAPPENING


class Outputs(NamedTuple):
    """Where a month writes what it measures. Row types are those of `sim.declarations.indicators`. There are
    n bodies and p places; an array has 0 rows if nobody asked for it.
    """

    system: Any  # SYSTEM_ROW
    history: Any  # (proposals,) PROJECT_ROW
    partners: Any  # (n or 0,) PARTNER_ROW
    full: Any  # (n or 0,) FULL_ROW
    places: Any  # (p or 0,) PLACE_ROW


class Batch(NamedTuple):
    """Where f futures of m months write their results."""

    system: Any  # (f, m) SYSTEM_ROW
    history: Any  # (f, proposals) PROJECT_ROW
    partners: Any  # (f, m, n or 0) PARTNER_ROW
    full: Any  # (f, m, n or 0) FULL_ROW
    places: Any  # (f, m, p or 0) PLACE_ROW
    ties: Any  # (f, m, n or 0, n or 0) trust
    ends: Any  # (f or 0, words): each world as it is after the last month
    events: Any  # EVENT: the log; `kernel/event_log.py`


@rule
def copy_words(source, into):
    """Copy one world's memory over another's."""
    for word in range(into.size):
        into[word] = source[word]


@entry
def run_chunk(settings, worlds, block, world, fresh, months, first, batch):
    """Run months start ... stop - 1 (`months`) of futures first, first + 1, ...; `batch.system` has a row for
    each future, with one row a month.

    Each future runs in `block` (the memory behind `world`), on a copy of a row of `worlds`. If `fresh`, all
    futures copy the only row, and what differs between futures before month 0 is drawn. Otherwise each future
    copies its own row.
    """
    start, stop = months
    trust, ties = world.trust, batch.ties
    for f in range(batch.system.shape[0]):
        if fresh:
            copy_words(worlds[0], block)
            world.now.future = first + np.uint64(f)
            begin(world.now, settings.par, world.org)
        else:
            copy_words(worlds[f], block)
        for m in range(start, stop):
            world.now.month = m
            world.now.calendar = m % MONTHS_A_YEAR
            outputs = Outputs(
                batch.system[f, m],
                batch.history[f],
                batch.partners[f, m],
                batch.full[f, m],
                batch.places[f, m],
            )
            month(world, settings, outputs, batch.events)
            for i in range(ties.shape[2]):
                for j in range(ties.shape[3]):
                    ties[f, m, i, j] = trust[i, j]
        if batch.ends.shape[0] > 0:
            copy_words(block, batch.ends[f])


@entry
def summarise(systems, out):
    """Write each column's mean over all months, its mean over the last twelve, and its last value.

    Goes from (f, m, v) to (f, v, 3).
    """
    futures, months, columns = systems.shape
    tail = min(MONTHS_A_YEAR, months)
    for f in range(futures):
        for v in range(columns):
            out[f, v, 0], out[f, v, 1] = 0.0, 0.0
        for m in range(months):  # month by month, as the rows lie in memory
            for v in range(columns):
                out[f, v, 0] += systems[f, m, v]
            if m >= months - tail:
                for v in range(columns):
                    out[f, v, 1] += systems[f, m, v]
        for v in range(columns):
            out[f, v, 0] /= months
            out[f, v, 1] /= tail
            out[f, v, 2] = systems[f, months - 1, v]
