"""One future, one month: what a chunk of futures does again and again, and the Mesa face by hand, or in parts."""

from sim.compiled import entry, rule
from sim.rules.begin import begin
from sim.rules.bodies import exit_barrier
from sim.rules.month import month

MONTHS_A_YEAR = 12


@rule
def begin_world(par, state, future):
    """Draw what differs between futures before month 0."""
    now, org = state[0], state[1]
    now[0].future = future
    begin(now[0], par, org)


@rule
def live(par, dials, on, happenings, state, m, history, systems, partners, full, places, ties, log):
    """The steps of month `m` that `on` switches on. Outputs are those of one future, with one row a month."""
    (now, org, place, board, project, stake, trust, kept, broken, seen, doubt, contact, trusted, trusting, flow, contract, local,
     account, delegation) = state  # fmt: skip
    now[0].month = m
    now[0].calendar = m % MONTHS_A_YEAR
    month(now[0], par, dials, on, happenings, org, place, board[0], project, stake, trust, kept, broken, seen, doubt, contact,
          trusted, trusting, flow, contract, local, account, delegation, history, systems[m], partners[m], full[m], places[m],
          log)  # fmt: skip
    for i in range(ties.shape[1]):
        for j in range(ties.shape[2]):
            ties[m, i, j] = trust[i, j]


@entry
def begin_future(par_, state, future):
    """`begin_world`, for a caller in Python."""
    begin_world(par_[0], state, future)


@entry
def live_month(par_, dials, on_, happenings, state, m, history, systems, partners, full, places, ties, log):
    """`live`, for a caller in Python."""
    live(par_[0], dials, on_[0], happenings, state, m, history, systems, partners, full, places, ties, log)


@entry
def leaves_below(par_, org, i):
    """The membership value below which body i wishes to leave (`stay.py`)."""
    return -(exit_barrier(par_[0], org[i]) + org[i].tolerance)
