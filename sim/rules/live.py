"""One month, or a part of one, for whoever steps a single future by hand: the Mesa face."""

from sim.compiled import entry
from sim.rules.begin import begin
from sim.rules.month import month

MONTHS_A_YEAR = 12


@entry
def begin_future(par_, state, future):
    """Draw what differs between futures before month 0."""
    now, org = state[0], state[1]
    now[0].future = future
    begin(now[0], par_[0], org)


@entry
def live_month(par_, dials, on_, happenings, state, m, history, systems, partners, full, places, ties, log):
    """The steps of month `m` that `on_` switches on. Outputs hold one row a month."""
    (now, org, place, board, project, stake, trust, kept, broken, seen, doubt, contact, trusted, trusting, flow, contract, local,
     account, delegation) = state  # fmt: skip
    now[0].month = m
    now[0].calendar = m % MONTHS_A_YEAR
    month(now[0], par_[0], dials, on_[0], happenings, org, place, board[0], project, stake, trust, kept, broken, seen, doubt, contact,
          trusted, trusting, flow, contract, local, account, delegation, history, systems[m], partners[m], full[m], places[m],
          log)  # fmt: skip
    for i in range(ties.shape[1]):
        for j in range(ties.shape[2]):
            ties[m, i, j] = trust[i, j]
