"""The last step of the month: measure. Reads the state, changes nothing; bodies that do not exist are NaN."""

import numpy as np

from sim.compiled import rule, snap
from sim.rules.bodies import belongs, is_commissioner, is_council, is_nhs, is_provider, is_trust, takes_part
from sim.rules.small_partners import unmet_in
from sim.world import EMPTY, IN_FORCE

NAN = np.nan
UNDECIDED, AGREED, DIED = 0.0, 1.0, 2.0


@rule
def measure_trust(org, trust, trusted, out):
    """Means over all pairs of bodies, and over pairs of an NHS body and a council, both ways."""
    total, lowest, number, across, crossings = 0.0, 1.0, 0.0, 0.0, 0.0
    for j in range(org.size):
        if not takes_part(org[j]):
            continue
        number += 1.0
        total += snap(trusted[j])
        lowest = min(lowest, trusted[j])
        if is_council(org[j]):
            for i in range(org.size):
                if org[i].exists == 1 and is_nhs(org[i]):
                    across += snap(trust[i, j]) + snap(trust[j, i])
                    crossings += 2.0
    out.trust, out.trust_lowest, out.trust_nhs_council = total / number, lowest, across / max(1.0, crossings)


@rule
def measure_bodies(org, account, out):
    """Money, membership and relations."""
    number, members, engagement, effort, resentment, value, pressure = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    balance, nhs, ledger, compensation, fund, paid, received = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    trusts, red, margin, activity, waiting, quality, synergy = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(org.size):
        body = org[i]
        ledger += body.cash
        if body.exists == 0:
            continue
        if takes_part(body):
            number += 1.0
            members += 1.0 if belongs(body) else 0.0
            engagement += snap(body.engagement)
            effort += snap(body.effort)
            resentment += snap(body.resentment)
            value += snap(body.value)
            pressure += snap(body.pressure)
        balance += body.balance
        nhs += body.balance if is_nhs(body) else 0.0
        compensation += body.paid
        fund += body.fund_earned
        if is_commissioner(body):
            paid += body.contracts
        if is_provider(body):
            received += body.contracts
            activity += snap(body.activity)
            waiting += snap(body.waiting * body.activity)
            quality += snap(body.quality * body.activity)
            synergy += snap(body.synergy)
        if is_trust(body):
            trusts += 1.0
            red += 1.0 if body.margin_last < 0.0 else 0.0
            margin += snap(body.margin_last)
    for a in range(account.size):
        ledger += account[a]
    out.members, out.member_share = members, members / number
    out.engagement, out.effort, out.resentment = engagement / number, effort / number, resentment / number
    out.value, out.pressure = value / number, pressure / number
    out.balance, out.nhs_balance, out.ledger = balance, nhs, ledger
    out.compensation, out.fund_earned = compensation, fund
    out.contracts_paid, out.contracts_received = paid, received
    out.in_the_red, out.margin = red / trusts, margin / trusts
    out.activity, out.waiting, out.quality = activity, waiting / activity, quality / activity
    out.synergy = synergy


@rule
def measure_places(par, org, place, abroad, out):
    """Places and their people; `abroad` is what outside providers were paid this month."""
    people, integration, confidence, best, worst, wants, unmet = 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0
    for p in range(place.size):
        here = place[p]
        people += here.population
        integration += snap(here.population * here.integration)
        confidence += snap(here.population * here.confidence)
        best = max(best, here.integration)
        worst = min(worst, here.integration)
        wants += snap(here.need_social)
        unmet += snap(here.need_social * unmet_in(par, org, here))
    out.integration, out.integration_gap = integration / people, best - worst
    out.confidence, out.unmet = confidence / people, unmet / wants
    out.contracts_received += abroad


@rule
def measure_board(board, out):
    out.tabled, out.agreed, out.imposed, out.partial = board.tabled, board.agreed, board.imposed, board.partial
    out.delivered, out.fell_short, out.died = board.delivered, board.fell_short, board.died
    out.bad_passed, out.bad_blocked, out.good_blocked = board.bad_passed, board.bad_blocked, board.good_blocked
    out.found_out, out.refused_table = board.found_out, board.refused_table
    out.promises_due, out.promises_kept = board.promises_due, board.promises_kept
    out.walk_aways, out.returns, out.meetings = board.walk_aways, board.returns, board.meetings
    out.mergers, out.mergers_voluntary = board.mergers, board.mergers_voluntary
    out.mergers_directed, out.mergers_blocked = board.mergers_directed, board.mergers_blocked


@rule
def measure_staff(org, place, board, out):
    """Agency premium as it is paid, vacancies, sharing; and how much hospital care has moved away, mean over residents."""
    agency, lost, people = 0.0, 0.0, 0.0
    for i in range(org.size):
        body = org[i]
        if body.exists == 1 and is_provider(body):
            agency += snap(board.price * body.cost_index * body.agency)
    for p in range(place.size):
        people += place[p].population
        lost += snap(place[p].population * place[p].access_lost)
    out.agency, out.vacancies, out.sharing, out.access_lost = agency, board.shortage, board.sharing, lost / people
    out.consultations, out.referrals = board.consultations, board.referred
    out.capital_asked, out.capital_granted, out.capital_own = board.capital_asked, board.capital_granted, board.capital_own


@rule
def measure_partners(org, trusted, rows, full):
    """One row a body; `full` (size 0 if not asked for) takes the longer record."""
    for i in range(org.size):
        body, row = org[i], rows[i]
        row.exists = body.exists
        if body.exists == 0:
            row.membership, row.partner_engagement, row.partner_trust, row.partner_balance = NAN, NAN, NAN, NAN
            row.partner_pressure, row.partner_waiting, row.partner_value = NAN, NAN, NAN
        else:
            row.membership, row.partner_engagement, row.partner_balance = body.membership, body.engagement, body.balance
            row.partner_trust = trusted[i] if takes_part(body) else NAN
            row.partner_pressure, row.partner_value = body.pressure, body.value
            row.partner_waiting = body.waiting if is_provider(body) else NAN
        if full.size > 0:
            measure_fully(body, full[i])


@rule
def measure_fully(body, row):
    here = body.exists == 1
    treats = here and is_provider(body)
    row.partner_effort = body.effort if here else NAN
    row.partner_resentment = body.resentment if here else NAN
    row.partner_voice = body.voice if here else NAN
    row.partner_income = body.income if here else NAN
    row.partner_cost = body.cost if here else NAN
    row.partner_cash = body.cash if here else NAN
    row.partner_activity = body.activity if treats else NAN
    row.partner_quality = body.quality if treats else NAN
    row.partner_control_total = body.control_total if here else NAN
    row.partner_fund_earned = body.fund_earned if here else NAN
    row.partner_paid = body.paid if here else NAN
    row.partner_received = body.received if here else NAN
    row.partner_gain = body.gain if here else NAN


@rule
def measure_each_place(par, org, place, rows):
    for p in range(place.size):
        here, row = place[p], rows[p]
        row.place_integration = here.integration
        row.place_unmet = unmet_in(par, org, here)
        row.place_confidence = here.confidence
        row.place_demand = here.demand_acute


@rule
def follow_projects(now, par, project, history):
    """Keep each proposal's dates: one row a serial number, NaN until known."""
    for q in range(project.size):
        item = project[q]
        at = np.int64(item.serial)
        if at <= 0 or at >= history.size:
            continue
        row = history[at]
        if np.isnan(row.project_tabled):
            if item.stage == EMPTY:
                continue
            row.project_kind, row.project_place, row.project_tabled = item.kind, item.place, item.tabled
            row.project_harmful, row.project_outcome = item.harmful, UNDECIDED
        if row.project_outcome == UNDECIDED:
            if item.stage >= IN_FORCE:
                row.project_outcome, row.project_decided = AGREED, now.month
                row.project_imposed, row.project_partial = item.imposed, item.partial
            elif item.stage == EMPTY:
                row.project_outcome, row.project_decided = DIED, now.month
        elif row.project_outcome == AGREED and np.isnan(row.project_delivered) and item.phased >= par.phase_months:
            row.project_delivered, row.project_realised = now.month, item.realised / par.phase_months


@rule
def measure(now, par, org, place, board, project, trust, trusted, account, history, out, partners, full, places):
    """Everything that was asked for this month; `partners`, `full` and `places` have no rows where it was not."""
    measure_trust(org, trust, trusted, out)
    measure_bodies(org, account, out)
    measure_places(par, org, place, board.abroad, out)
    measure_board(board, out)
    measure_staff(org, place, board, out)
    follow_projects(now, par, project, history)
    if partners.size > 0:
        measure_partners(org, trusted, partners, full)
        measure_each_place(par, org, place, places)
