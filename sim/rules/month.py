"""The month: which rules act, in which order. `steps.py` lists the same steps as data, with what each does.

Steps named `intend_...` fill an array of intentions that a later step turns into events. Every step stands
under a switch of its own: an ablation leaves one out, and the Mesa face runs the month in parts, to ask its
agents in between.
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
def month(
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
    history,
    out,
    partners,
    full,
    places,
    log,
):
    if on.happen:
        happen(
            now,
            par,
            dials,
            happenings,
            org,
            place,
            flow,
            contract,
            local,
            board,
            account,
            project,
            stake,
            trust,
            kept,
            broken,
            doubt,
            log,
        )
    dial = dials[board.law]

    if on.turn_year:
        turn_year(now, par, dial, org, place, contract, board, account, log)
    if on.elect:
        elect(now, par, org, log)
    if on.change_leaders:
        change_leaders(now, par, org, trust, contact, log)
    if on.remove_directors:
        remove_directors(now, par, org, trust, contact, log)
    if on.dissolve_pools:
        dissolve_pools(now, org, project, stake, board, log)

    if on.demand:
        demand(now, par, org, place)
    if on.deliver:
        deliver(now, par, org, place, flow, board)

    if on.open_books:
        open_books(org)
    if on.pay_contracts:
        pay_contracts(par, dial, org, place, board, flow, contract, account)
    if on.keep_promises:
        keep_promises(now, par, dial, org, account, project, stake, kept, broken, doubt, board, log)
    if on.run_services:
        run_services(par, dial, org, place, board, account)
    if on.feel_pressure:
        feel_pressure(now, par, org)

    if on.table:
        table(now, par, dial, happenings, org, place, flow, local, project, stake, board, account, log)
    if on.set_agenda:
        set_agenda(now, par, dial, org, place, local, project, stake, board, log)
    if on.intend_adoption:
        intend_adoption(now, par, dial, org, trusting, delegation, board)
    if on.adopt:
        adopt(now, par, dial, org, project, stake, trusting, delegation, board, log)
    if on.appraise:
        appraise(now, par, dial, org, place, local, project, stake)
    if on.deliberate:
        deliberate(par, project, stake, trust)
    if on.intend_offers:
        intend_offers(par, org, project, stake)
    if on.bargain:
        bargain(now, par, dial, org, project, stake, trust, log)
    if on.intend_votes:
        intend_votes(par, project, stake)
    if on.decide:
        decide(now, par, dial, org, place, project, stake, board, trust, broken, log)

    if on.intend_ratification:
        intend_ratification(now, par, org, project, stake, board)
    if on.ratify:
        ratify(now, par, org, place, project, stake, board, trust, broken, log)
    if on.waive_ratification:
        waive_ratification(project, stake)

    if on.scrutinise:
        scrutinise(now, par, dial, place, project, stake, board, broken, log)

    if on.make_effort:
        make_effort(par, org)
    if on.implement:
        implement(
            now,
            par,
            dial,
            org,
            place,
            local,
            flow,
            contract,
            project,
            stake,
            board,
            account,
            kept,
            broken,
            log,
        )
    if on.count_gains:
        count_gains(par, org, project, stake)

    if on.propose_merger:
        propose_merger(now, par, dial, org, place, flow, contract, board, log)
    if on.intend_merger:
        intend_merger(now, par, org, place, trust, board)
    if on.agree_merger:
        agree_merger(now, par, dial, org, place, board, trust, broken, log)
    if on.scrutinise_mergers:
        scrutinise_mergers(now, par, dial, org, place, flow, board, log)
    if on.merge:
        merge(
            now,
            par,
            org,
            place,
            flow,
            contract,
            local,
            project,
            stake,
            board,
            trust,
            kept,
            broken,
            doubt,
            log,
        )
    if on.carry_mergers:
        carry_mergers(now, par, org, account, log)

    if on.relate:
        relate(par, dial, org, trust, kept, broken, seen, doubt, contact)
    if on.take_stock:
        take_stock(org, trust, doubt, trusted, trusting)

    if on.remember:
        remember(par, org, project, stake, delegation)
    if on.hear:
        hear(par, dial, org, project, stake)
    if on.value_membership:
        value_membership(par, org, trusted, trusting)
    if on.engage:
        engage(par, org)
    if on.fade_resentment:
        fade_resentment(par, org)
    if on.intend_membership:
        intend_membership(par, org)
    if on.stay:
        stay(now, par, dial, org, project, stake, board, broken, trusted, trusting, log)

    if on.special_measures:
        special_measures(now, par, org, account, log)
    if on.share_risk:
        share_risk(now, par, org, project, stake, account, log)
    if on.raid_fund:
        raid_fund(now, dial, org, place, board, account, log)
    if on.award_fund:
        award_fund(now, par, dial, org, account, log)
    if on.review_status:
        review_status(now, par, org, place, board, log)
    if on.make_demands:
        make_demands(par, org, board)

    if on.measure:
        measure(
            now,
            par,
            dial,
            org,
            place,
            board,
            project,
            trust,
            trusted,
            flow,
            account,
            history,
            out,
            partners,
            full,
            places,
        )


def switches(off: tuple[str, ...]) -> np.ndarray:
    """Which steps act (shape (1,), dtype SWITCHES): all but those named in `off`; ratification is waived only
    where it is off.
    """
    record = np.ones(len(NAMES), "i8").view(SWITCHES)
    for name in off:
        record[name] = 0
    record["waive_ratification"] = "ratify" in off or "intend_ratification" in off
    return record


def parts(on: np.ndarray, after: tuple[str, ...]) -> list[np.ndarray]:
    """The switches `on` cut into parts of the month, each ending with one of the steps named in `after`; the
    last with the month.
    """
    cuts = [0, *(NAMES.index(name) + 1 for name in after), len(NAMES)]
    found = []
    for first, last in pairwise(cuts):
        part = np.zeros(1, SWITCHES)
        for name in NAMES[first:last]:
            part[name] = on[name]
        found.append(part)
    return found
