"""4.13 The year's end: members of a risk share settle it, and bodies that met their total earn the fund.

Under organisational totals each provider earns its own part of the sustainability fund. Under a single pot
all earn it, or none. Where a system total stands beside the own totals, `own_total_share` of the fund follows
the own total and the rest the system's (HSC 2018 §96, §100).
"""

from sim.kernel.compiled import rule, snap
from sim.kernel.event_log import FUND_EARNED, FUND_MISSED, RISK_SHARED, note
from sim.kernel.records import FUND, IN_FORCE, RISK_SHARE
from sim.rules.bodies import belongs, is_nhs, is_trust, may_not_overspend, outside, own_share, pay
from sim.rules.partnership.implementation import realised_share

LAST_MONTH = 11


@rule
def room(body):
    """Return the year's balance above the control total, GBP m."""
    return body.balance_year - body.control_total


@rule
def share_risk(world, par, log):
    """Let risk-share members with a surplus cover, in March, those short of their total, by their effort."""
    now, org, project, stake = world.now, world.org, world.project, world.stake
    if now.calendar != LAST_MONTH:
        return
    for q in range(project.size):
        item = project[q]
        if item.kind != RISK_SHARE or item.stage < IN_FORCE or item.promise_left <= 0:
            continue
        surplus = 0.0
        short = 0.0
        for i in range(org.size):
            if stake[q, i].joins == 1 and belongs(org[i]) and is_nhs(org[i]):
                surplus += snap(max(0.0, room(org[i])))
                short += snap(max(0.0, -room(org[i])) if is_trust(org[i]) else 0.0)
        willing = max(0.0, item.truth) * realised_share(org, item, stake[q])
        covered = min(short, par.risk_cover * surplus * willing)
        if covered <= 0.0:
            continue
        move_cover(org, world.account, stake[q], covered, surplus, short)
        note(log, now.month, RISK_SHARED, -1, -1, item.serial, covered, surplus, short)


@rule
def move_cover(org, account, row, covered, surplus, short):
    """Let each payer pay each receiver in proportion to surplus and shortfall before any money moves."""
    for i in range(org.size):
        row[i].price = room(org[i]) if row[i].joins == 1 and belongs(org[i]) and is_nhs(org[i]) else 0.0
    for j in range(org.size):
        if row[j].price <= 0.0:
            continue
        for i in range(org.size):
            if row[i].price < 0.0 and is_trust(org[i]):
                pay(org, account, j, i, covered * (row[j].price / surplus) * (-row[i].price / short))


@rule
def award_fund(world, par, dial, log):
    """Pay the fund in March to those who met their total. Keep the outturn for next year's total."""
    now, org, account = world.now, world.org, world.account
    if now.calendar != LAST_MONTH:
        return
    system = 0.0
    for i in range(org.size):
        if org[i].exists == 1 and is_nhs(org[i]):
            system += snap(room(org[i]))
    alone, together = own_share(par, dial), 0.0
    for i in range(org.size):
        body = org[i]
        if body.exists == 0 or may_not_overspend(body):
            continue
        met = room(body) >= 0.0
        body.balance_last = body.balance_year
        if is_trust(body):
            fund = par.sustainability_fund * 100.0 * body.scale
            if met and alone > 0.0:
                body.fund_earned = pay(org, account, outside(FUND), i, alone * fund)
            if alone > 0.0:
                kind = FUND_EARNED if met else FUND_MISSED
                note(
                    log,
                    now.month,
                    kind,
                    i,
                    -1,
                    body.key,
                    body.balance_last,
                    body.control_total,
                    body.fund_earned,
                )
            if system >= 0.0 and alone < 1.0:
                share = pay(org, account, outside(FUND), i, (1.0 - alone) * fund)
                body.fund_earned += share
                together += share
        body.margin_last = body.balance_year / (100.0 * body.scale)
    if alone < 1.0:
        note(
            log,
            now.month,
            FUND_EARNED if system >= 0.0 else FUND_MISSED,
            -1,
            -1,
            now.future,
            system,
            0.0,
            together,
        )
