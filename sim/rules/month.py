"""The month: which rules act, in which order. `declarations/steps.py` lists the same steps as data.

A step named `intend_...` fills an array of intentions, which a later step turns into events. Each step has a
switch of its own. An ablation leaves a step out. The Mesa face runs the month in parts, and asks its agents
in between. `kernel/world.py` says which arguments a rule takes, in which order.
"""

from itertools import pairwise

import numpy as np

from sim.declarations.steps import NAMES
from sim.kernel.compiled import inlined
from sim.rules.decisions.appraisal import appraise
from sim.rules.decisions.bargaining import bargain, intend_offers
from sim.rules.decisions.decision import decide
from sim.rules.decisions.deliberation import deliberate
from sim.rules.decisions.promises import keep_promises
from sim.rules.decisions.ratification import intend_ratification, ratify, waive_ratification
from sim.rules.decisions.scrutiny import scrutinise
from sim.rules.decisions.votes import intend_votes
from sim.rules.law.delegation import adopt, intend_adoption, remember
from sim.rules.measures.measure import measure
from sim.rules.mergers.agreement import agree_merger
from sim.rules.mergers.carrying_out import merge
from sim.rules.mergers.consequences import carry_mergers
from sim.rules.mergers.intention import intend_merger
from sim.rules.mergers.proposal import propose_merger
from sim.rules.mergers.scrutiny import scrutinise_mergers
from sim.rules.oversight.national_demands import make_demands
from sim.rules.oversight.raid import raid_fund
from sim.rules.oversight.special_measures import remove_directors, special_measures
from sim.rules.oversight.status import review_status
from sim.rules.oversight.sustainability_fund import award_fund, share_risk
from sim.rules.partnership.effort import engage, fade_resentment, make_effort
from sim.rules.partnership.implementation import count_gains, implement
from sim.rules.partnership.leaders import change_leaders
from sim.rules.partnership.leave_and_return import intend_membership, stay
from sim.rules.partnership.membership_value import hear, value_membership
from sim.rules.partnership.trust import relate, take_stock
from sim.rules.proposals.agenda import set_agenda
from sim.rules.proposals.tabling import table
from sim.rules.scenario_events import happen
from sim.rules.services.delivery import deliver
from sim.rules.services.demand import demand
from sim.rules.services.financial_year import dissolve_pools, elect, turn_year
from sim.rules.services.money import open_books, pay_contracts, run_services
from sim.rules.services.pressure import feel_pressure

SWITCHES = np.dtype([(name, "i8") for name in NAMES])


@inlined
def month(world, settings, outputs, log):
    """Run one month. `settings` and `outputs` are those of `rules/run.py`; `log` takes what happens."""
    par, dials, on, happenings = settings
    now, org, board, project, stake = world.now, world.org, world.board, world.project, world.stake
    if on.happen:
        happen(world, par, dials, happenings, log)
    dial = dials[board.law]

    if on.turn_year:
        turn_year(world, par, dial, log)
    if on.elect:
        elect(now, par, org, log)
    if on.change_leaders:
        change_leaders(world, par, log)
    if on.remove_directors:
        remove_directors(world, par, log)
    if on.dissolve_pools:
        dissolve_pools(world, log)

    if on.demand:
        demand(world, par)
    if on.deliver:
        deliver(world, par)

    if on.open_books:
        open_books(org)
    if on.pay_contracts:
        pay_contracts(world, par, dial)
    if on.keep_promises:
        keep_promises(world, par, dial, log)
    if on.run_services:
        run_services(world, par, dial)
    if on.feel_pressure:
        feel_pressure(now, par, org)

    if on.table:
        table(world, par, dial, happenings, log)
    if on.set_agenda:
        set_agenda(world, par, dial, log)
    if on.intend_adoption:
        intend_adoption(world, par, dial)
    if on.adopt:
        adopt(world, par, dial, log)
    if on.appraise:
        appraise(world, par, dial)
    if on.deliberate:
        deliberate(world, par)
    if on.intend_offers:
        intend_offers(world, par)
    if on.bargain:
        bargain(world, par, dial, log)
    if on.intend_votes:
        intend_votes(par, project, stake)
    if on.decide:
        decide(world, par, dial, log)

    if on.intend_ratification:
        intend_ratification(world, par)
    if on.ratify:
        ratify(world, par, log)
    if on.waive_ratification:
        waive_ratification(project, stake)

    if on.scrutinise:
        scrutinise(world, par, dial, log)

    if on.make_effort:
        make_effort(par, org)
    if on.implement:
        implement(world, par, dial, log)
    if on.count_gains:
        count_gains(world, par)

    if on.propose_merger:
        propose_merger(world, par, dial, log)
    if on.intend_merger:
        intend_merger(world, par)
    if on.agree_merger:
        agree_merger(world, par, dial, log)
    if on.scrutinise_mergers:
        scrutinise_mergers(world, par, dial, log)
    if on.merge:
        merge(world, par, log)
    if on.carry_mergers:
        carry_mergers(world, par, log)

    if on.relate:
        relate(world, par, dial)
    if on.take_stock:
        take_stock(world)

    if on.remember:
        remember(world, par)
    if on.hear:
        hear(world, par, dial)
    if on.value_membership:
        value_membership(world, par)
    if on.engage:
        engage(par, org)
    if on.fade_resentment:
        fade_resentment(par, org)
    if on.intend_membership:
        intend_membership(par, org)
    if on.stay:
        stay(world, par, dial, log)

    if on.special_measures:
        special_measures(world, par, log)
    if on.share_risk:
        share_risk(world, par, log)
    if on.raid_fund:
        raid_fund(world, dial, log)
    if on.award_fund:
        award_fund(world, par, dial, log)
    if on.review_status:
        review_status(world, par, log)
    if on.make_demands:
        make_demands(par, org, board)

    if on.measure:
        measure(world, par, dial, outputs)


def switches(off: tuple[str, ...]) -> np.ndarray:
    """Return which steps act (shape (1,), dtype SWITCHES): all but those named in `off`.

    `waive_ratification` acts only if `off` names `intend_ratification` or `ratify`.
    """
    record = np.ones(len(NAMES), "i8").view(SWITCHES)
    for name in off:
        record[name] = 0
    record["waive_ratification"] = "ratify" in off or "intend_ratification" in off
    return record


def parts(on: np.ndarray, after: tuple[str, ...]) -> list[np.ndarray]:
    """Cut the switches `on` into parts of the month. Each part ends with a step named in `after`, the last
    part with the month.
    """
    cuts = [0, *(NAMES.index(name) + 1 for name in after), len(NAMES)]
    found = []
    for first, last in pairwise(cuts):
        part = np.zeros(1, SWITCHES)
        for name in NAMES[first:last]:
            part[name] = on[name]
        found.append(part)
    return found
