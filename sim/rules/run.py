"""Many futures from month 0 to the horizon; compiled, and free of Python's lock.

This is the one way into the month, for chunks of futures and for the Mesa face: every function that calls the
month holds all its machine code once more, and compiling that takes longer than any rule.
"""

import numpy as np

from sim.kernel.compiled import entry, rule
from sim.rules.beginning import begin
from sim.rules.month import month

MONTHS_A_YEAR = 12


@rule
def copy_words(source, into):
    """One world's memory over another's."""
    for word in range(into.size):
        into[word] = source[word]


@entry
def run_chunk(
    par_,
    dials,
    on_,
    happenings,
    worlds,
    block,
    state,
    fresh,
    start,
    stop,
    ends,
    first,
    systems,
    histories,
    partners,
    full,
    places,
    ties,
    log,
):
    """Live months start ... stop - 1 of futures first, first + 1, ...: as many as `systems` has rows, each
    with one row a month.

    Each begins in `block` (the memory behind `state`, a tuple in the order of `world.LAYOUT`) as a copy of a
    row of `worlds`: if `fresh`, all as the only one, and what differs between futures before month 0 is
    drawn; otherwise each as its own. `ends`, if it has rows, takes each world as it is after the last month.
    Outputs not asked for have no bodies.
    """
    par, on = par_[0], on_[0]
    (
        now_,
        org,
        place,
        board_,
        project,
        stake,
        trust,
        kept,
        broken,
        seen,
        doubt,
        contact,
        trusted,
        trusting,
        flow,
        contract,
        local,
        account,
        delegation,
    ) = state
    now, board = now_[0], board_[0]
    for f in range(systems.shape[0]):
        if fresh:
            copy_words(worlds[0], block)
            now.future = first + np.uint64(f)
            begin(now, par, org)
        else:
            copy_words(worlds[f], block)
        for m in range(start, stop):
            now.month = m
            now.calendar = m % MONTHS_A_YEAR
            month(
                now,
                par,
                dials,
                on,
                happenings,
                org,
                place,
                board,
                project,
                stake,
                trust,
                kept,
                broken,
                seen,
                doubt,
                contact,
                trusted,
                trusting,
                flow,
                contract,
                local,
                account,
                delegation,
                histories[f],
                systems[f, m],
                partners[f, m],
                full[f, m],
                places[f, m],
                log,
            )
            for i in range(ties.shape[2]):
                for j in range(ties.shape[3]):
                    ties[f, m, i, j] = trust[i, j]
        if ends.shape[0] > 0:
            copy_words(block, ends[f])


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
