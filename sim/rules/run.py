"""Many futures from month 0 to the horizon; compiled, and free of Python's lock.

This is the one way into the month, for chunks of futures and for the Mesa face: every function that calls the
month holds all its machine code once more, and compiling that takes longer than any rule.
"""

from typing import Any, NamedTuple

import numpy as np

from sim.kernel.compiled import entry, rule
from sim.rules.beginning import begin
from sim.rules.month import month

MONTHS_A_YEAR = 12


class Settings(NamedTuple):
    """What a run lives under."""

    par: Any  # record of parameters
    dials: Any  # (regimes,) records of dials, by number of the law
    on: Any  # record of SWITCHES
    happenings: Any  # (events,) HAPPENING


class Outputs(NamedTuple):
    """Where a month leaves what it measures; row types are those of `sim.declarations.indicators`. n bodies
    and p places, or none where nobody asked for them.
    """

    system: Any  # SYSTEM_ROW
    history: Any  # (proposals,) PROJECT_ROW
    partners: Any  # (n or 0,) PARTNER_ROW
    full: Any  # (n or 0,) FULL_ROW
    places: Any  # (p or 0,) PLACE_ROW


class Batch(NamedTuple):
    """Where f futures of m months leave what they give."""

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
    """One world's memory over another's."""
    for word in range(into.size):
        into[word] = source[word]


@entry
def run_chunk(settings, worlds, block, world, fresh, months, first, batch):
    """Live months start ... stop - 1 (`months`) of futures first, first + 1, ...: as many as `batch.system`
    has rows, each with one row a month.

    Each begins in `block` (the memory behind `world`) as a copy of a row of `worlds`: if `fresh`, all as the
    only one, and what differs between futures before month 0 is drawn; otherwise each as its own.
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
    """Mean over all months, mean of the last twelve, and last value of every column: (f, m, v) into (f, v,
    3).
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
