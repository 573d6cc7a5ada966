"""The month: which rules act, in which order. This is the only place where the order stands.

`ORDER` names the steps; `month` calls them. A step can be switched off in a scenario (`rules.off=[bargain]`) to see what
it does. Steps named `intend_...` (and `intend_votes`) fill an array of intentions that a later step turns into events.
"""

import numpy as np

from sim.compiled import rule
from sim.rules.agenda import set_agenda
from sim.rules.appraise import appraise
from sim.rules.bargain import bargain
from sim.rules.decide import decide
from sim.rules.deliberate import deliberate
from sim.rules.deliver import deliver
from sim.rules.demand import demand
from sim.rules.effort import engage, make_effort
from sim.rules.implement import count_gains, implement
from sim.rules.leaders import change_leaders
from sim.rules.money import open_books, pay_contracts, run_services
from sim.rules.oversee import award_fund, share_risk
from sim.rules.pressure import feel_pressure
from sim.rules.promises import keep_promises
from sim.rules.ratify import intend_ratification, ratify
from sim.rules.relate import relate
from sim.rules.stay import intend_membership, stay
from sim.rules.table import table
from sim.rules.value import hear, value_membership
from sim.rules.vote import intend_votes
from sim.rules.year import dissolve_pools, elect, turn_year

ORDER = (
    "turn_year", "elect", "change_leaders", "dissolve_pools",
    "demand", "deliver",
    "open_books", "pay_contracts", "keep_promises", "run_services", "feel_pressure",
    "table", "set_agenda", "appraise", "deliberate", "bargain", "intend_votes", "decide",
    "intend_ratification", "ratify",
    "make_effort", "implement", "count_gains",
    "relate",
    "hear", "value_membership", "engage", "intend_membership", "stay",
    "share_risk", "award_fund",
)  # fmt: skip
# Without these a month has no accounts, no work or no votes to count: they cannot be switched off.
ALWAYS_ON = ("turn_year", "demand", "deliver", "open_books", "pay_contracts", "run_services", "set_agenda", "appraise",
             "intend_votes", "decide", "make_effort")  # fmt: skip
SWITCHES = np.dtype([(name, "i8") for name in ORDER])


@rule
def decide_together(now, par, dial, on, org, place, project, stake, trust, board, broken, log):
    """Steps 6 and 7: from the agenda to the bodies' own boards."""
    set_agenda(par, project, board)
    appraise(par, dial, org, place, project, stake)
    if on.deliberate:
        deliberate(par, org, project, stake, trust)
    if on.bargain:
        bargain(now, par, dial, org, project, stake, trust, log)
    intend_votes(par, project, stake)
    decide(now, par, dial, org, project, stake, board, broken, log)
    if on.intend_ratification:
        intend_ratification(now, par, org, project, stake, board)
    if on.ratify:
        ratify(now, par, org, project, stake, board, broken, log)


@rule
def month(now, par, dial, on, org, place, board, project, stake, trust, kept, broken, flow, contract, local, account, log):
    turn_year(now, par, org, place, contract, board, account)
    if on.elect:
        elect(now, par, org)
    if on.change_leaders:
        change_leaders(now, par, org, trust, kept, log)
    if on.dissolve_pools:
        dissolve_pools(now, org, project, stake, board, log)
    demand(now, par, org, place)
    deliver(now, par, org, place, flow, board)
    open_books(org)
    pay_contracts(dial, org, place, board, flow, contract, account)
    if on.keep_promises:
        keep_promises(now, par, dial, org, account, project, stake, kept, broken, board, log)
    run_services(par, dial, org, place, board, account)
    if on.feel_pressure:
        feel_pressure(now, par, org)
    if on.table:
        table(now, par, dial, org, place, flow, project, stake, board, account, log)
    decide_together(now, par, dial, on, org, place, project, stake, trust, board, broken, log)
    make_effort(par, org)
    if on.implement:
        implement(now, par, org, place, local, project, stake, board, account, kept, broken, log)
    if on.count_gains:
        count_gains(par, org, project, stake)
    if on.relate:
        relate(par, dial, org, trust, kept, broken)
    if on.hear:
        hear(par, dial, org, project, stake)
    if on.value_membership:
        value_membership(par, org, trust)
    if on.engage:
        engage(par, org)
    if on.intend_membership:
        intend_membership(par, org)
    if on.stay:
        stay(now, par, dial, org, project, stake, board, broken, log)
    if on.share_risk:
        share_risk(now, par, org, project, stake, account, log)
    if on.award_fund:
        award_fund(now, par, dial, org, account, log)


def switches(off: tuple[str, ...]) -> np.ndarray:
    """Which steps act (shape (1,), dtype SWITCHES): all but those named in `off`."""
    record = np.ones(1, SWITCHES)
    for name in off:
        record[name] = 0
    return record
