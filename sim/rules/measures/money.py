"""Indicators of money, work and staff (section 7). They only read the state."""

from sim.declarations.bodies import CCG, FOUNDATION_TRUST, INDEPENDENT_PROVIDER, NHS_TRUST
from sim.kernel.compiled import rule, snap
from sim.kernel.records import ACUTE
from sim.rules.bodies import is_commissioner, is_council, is_nhs, is_provider, is_trust
from sim.rules.law.commissioners import running_cost


@rule
def asks_too_much(par, body):
    """Return whether a trust's control total exceeds its last outturn by more than meeting it would pay."""
    return body.control_total - body.balance_last > par.sustainability_fund * 100.0 * body.scale


@rule
def measure_bodies(par, org, account, abroad, out):
    """Measure money, and the work it pays for; `abroad` is what outside providers were paid this month."""
    balance, nhs, ledger, compensation, fund, paid, received = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    trusts, red, hard, margin, earned, commissioners = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    activity, waiting, quality, synergy = 0.0, 0.0, 0.0, 0.0
    for i in range(org.size):
        body = org[i]
        ledger += body.cash
        if body.exists == 0:
            continue
        balance += body.balance
        nhs += body.balance if is_nhs(body) else 0.0
        compensation += body.paid
        fund += body.fund_earned
        if is_commissioner(body):
            paid += body.contracts
            commissioners += 1.0 if body.kind == CCG else 0.0
        if is_provider(body):
            received += body.contracts
            activity += snap(body.activity)
            waiting += snap(body.waiting * body.activity)
            quality += snap(body.quality * body.activity)
            synergy += snap(body.synergy)
        if is_trust(body):
            trusts += 1.0
            red += 1.0 if body.margin_last < 0.0 else 0.0
            hard += 1.0 if asks_too_much(par, body) else 0.0
            margin += snap(body.margin_last)
            earned += snap(body.margin_last * 100.0 * body.scale)
    for a in range(account.size):
        ledger += account[a]
    out.balance, out.nhs_balance, out.ledger = balance, nhs, ledger
    out.compensation, out.fund_earned = compensation, fund
    out.contracts_paid, out.contracts_received = paid, received + abroad
    out.trusts, out.commissioners = trusts, commissioners
    out.in_the_red, out.totals_too_hard, out.margin, out.trust_balance = (
        red / trusts,
        hard / trusts,
        margin / trusts,
        earned,
    )
    out.activity, out.waiting, out.quality = activity, waiting / activity, quality / activity
    out.synergy = synergy


@rule
def measure_staff(org, board, out):
    """Measure the agency premium as it is paid, vacancies, sharing of staff, and capital."""
    agency = 0.0
    for i in range(org.size):
        body = org[i]
        if body.exists == 1 and is_provider(body):
            agency += snap(board.price * body.cost_index * body.agency)
    out.agency, out.vacancies, out.sharing = agency, board.shortage, board.sharing
    out.capital_asked, out.capital_granted, out.capital_own = (
        board.capital_asked,
        board.capital_granted,
        board.capital_own,
    )


@rule
def measure_contracts(par, dial, org, board, out):
    """Measure contract income by ownership, staff by sector, and what tendering costs."""
    trust, foundation, independent, acute_staff, staff = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(org.size):
        body = org[i]
        if body.exists == 0:
            continue
        if body.kind == NHS_TRUST:
            trust += body.contracts
        elif body.kind == FOUNDATION_TRUST:
            foundation += body.contracts
        elif body.kind == INDEPENDENT_PROVIDER:
            independent += body.contracts
        if body.planned > 0.0:
            staff += snap(body.planned)
            acute_staff += snap(body.planned) if body.sector == ACUTE else 0.0
    out.contracts_trust, out.contracts_foundation, out.contracts_independent = trust, foundation, independent
    out.contracts_outside = board.abroad
    out.acute_staff = acute_staff / max(staff, 1e-9)
    out.tender_cost = par.tender_cost * dial.competition * (trust + foundation + independent + board.abroad)


@rule
def social_spend(org):
    """Return what councils spend on social care this month, GBP m."""
    total = 0.0
    for i in range(org.size):
        if org[i].exists == 1 and is_council(org[i]):
            total += snap(org[i].wants * (1.0 - org[i].unmet))
    return total


@rule
def measure_spend(par, dial, org, place, middle, reach, out):
    """Measure spend in and out of hospital, and how spend per need follows `deprivation_line`."""
    everything, community, acute, social, spends_up = 0.0, 0.0, 0.0, social_spend(org), 0.0
    for p in range(place.size):
        here = place[p]
        outside_contracts = snap(here.primary + running_cost(par, dial, here))
        care = here.spent_acute + here.spent_community + here.spent_ambulance
        everything += outside_contracts + care
        community += outside_contracts + here.spent_community
        acute += here.spent_acute
        spend = care / (here.need_acute + here.need_community + here.need_ambulance)
        spends_up += snap(here.population * (here.deprivation - middle) * spend)
    out.hospital_share = acute / max(everything + social, 1e-9)
    out.out_of_hospital_share = (community + social) / max(everything + social, 1e-9)
    out.spend_gap = reach * spends_up
