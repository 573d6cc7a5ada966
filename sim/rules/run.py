"""One future from month 0 to the horizon, and a chunk of futures; compiled, and free of Python's lock."""

import numpy as np

from sim.compiled import rule
from sim.regime import ABSORBED
from sim.rules.account import follow_projects, measure_board, measure_bodies, measure_each_place, measure_partners
from sim.rules.account import measure_places, measure_trust
from sim.rules.begin import begin
from sim.rules.law import change_law
from sim.rules.month import month
from sim.rules.stay import come_back, walk_away

LEAVE, RETURN, CHANGE_REGIME = range(3)
HAPPENING = np.dtype([("month", "i8"), ("do", "i8"), ("which", "i8")])
MONTHS_A_YEAR = 12


@rule
def happen(now, par, dials, law, org, place, board, account, project, stake, trust, broken, local, happenings, log):
    """Scenario events of this month, and the first regime's own start; returns the regime in force."""
    if now.month == 0 and dials[law].commissioners == ABSORBED:
        change_law(now, par, dials[law], org, place, board, account, project, stake, trust, local, log)
    for e in range(happenings.size):
        event = happenings[e]
        if event.month != now.month:
            continue
        if event.do == CHANGE_REGIME:
            law = event.which
            change_law(now, par, dials[law], org, place, board, account, project, stake, trust, local, log)
        elif event.do == LEAVE:
            walk_away(now, par, dials[law], org, event.which, project, stake, board, broken, log)
        else:
            come_back(now, org, event.which, board, log)
    return law


@rule
def measure(now, par, org, place, board, project, trust, account, history, out, partners, full, places):
    measure_trust(org, trust, out)
    measure_bodies(org, account, out)
    measure_places(org, place, board.abroad, out)
    measure_board(board, out)
    follow_projects(now, par, project, history)
    if partners.size > 0:
        measure_partners(org, trust, partners, full)
        measure_each_place(org, place, places)


@rule
def run_future(par, dials, on, happenings, state, months, system, history, partners, full, places, ties, log):
    """Live one future on `state` (the arrays of a fresh world); fills the output rows given."""
    now_, org, place, board_, project, stake, trust, kept, broken, flow, contract, local, account = state
    now, board = now_[0], board_[0]
    begin(now, par, org)
    law = 0
    for m in range(months):
        now.month = m
        now.calendar = m % MONTHS_A_YEAR
        law = happen(now, par, dials, law, org, place, board, account, project, stake, trust, broken, local, happenings, log)
        month(now, par, dials[law], on, org, place, board, project, stake, trust, kept, broken, flow, contract, local, account, log)
        at = m if partners.shape[0] > 0 else 0
        measure(now, par, org, place, board, project, trust, account, history, system[m], partners[at : at + 1].reshape(-1),
                full[at : at + 1].reshape(-1), places[at : at + 1].reshape(-1))  # fmt: skip
        if ties.shape[0] > 0:
            ties[m, :, :] = trust


@rule
def run_chunk(par_, dials, on_, happenings, fresh, block, state, months, first, systems, histories, partners, full, places, ties, log):
    """Futures first, first + 1, ...: as many as `systems` has rows. `block` is the memory behind `state`."""
    par, on = par_[0], on_[0]
    for f in range(systems.shape[0]):
        block[:] = fresh
        state[0][0].future = np.uint64(first + f)
        at = f if partners.shape[0] > 1 or f == 0 else 0
        run_future(par, dials, on, happenings, state, months, systems[f], histories[f], partners[at], full[at], places[at], ties[at], log)


@rule
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
