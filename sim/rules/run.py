"""Many futures from month 0 to the horizon; compiled, and free of Python's lock."""

import numpy as np

from sim.compiled import entry, rule
from sim.rules.live import MONTHS_A_YEAR, begin_world, live


@rule
def copy_words(source, into):
    """One world's memory over another's."""
    for word in range(into.size):
        into[word] = source[word]


@entry
def run_chunk(par_, dials, on_, happenings, worlds, block, state, start, stop, ends, first, systems, histories, partners, full, places,
              ties, log):  # fmt: skip
    """Live months start ... stop - 1 of futures first, first + 1, ...: as many as `systems` has rows.

    Each begins in `block` (the memory behind `state`, a tuple in the order of `world.LAYOUT`) as a copy of a row of `worlds`:
    from month 0 all as the only one, later each as its own. `ends`, if it has rows, takes each world as it is after the last
    month. Outputs not asked for have no bodies.
    """
    for f in range(systems.shape[0]):
        if start == 0:
            copy_words(worlds[0], block)
            begin_world(par_[0], state, first + np.uint64(f))
        else:
            copy_words(worlds[f], block)
        for m in range(start, stop):
            live(par_[0], dials, on_[0], happenings, state, m, histories[f], systems[f], partners[f], full[f], places[f], ties[f], log)
        if ends.shape[0] > 0:
            copy_words(block, ends[f])


@entry
def summarise(systems, out):
    """Mean over all months, mean of the last twelve, and last value of every column: (f, m, v) into (f, v, 3)."""
    futures, months, columns = systems.shape
    tail = min(MONTHS_A_YEAR, months)
    for f in range(futures):
        for v in range(columns):
            total, final = 0.0, 0.0
            for m in range(months):
                total += systems[f, m, v]
                if m >= months - tail:
                    final += systems[f, m, v]
            out[f, v, 0] = total / months
            out[f, v, 1] = final / tail
            out[f, v, 2] = systems[f, months - 1, v]
