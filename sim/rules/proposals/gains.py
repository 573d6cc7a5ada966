"""4.4 What a proposal would do for each body, computed from its finances: `shift`, `risk_share` and `pool`.

Each function fills one row of stakes: the part of the work, the own gain in GBP m a year and the business put
under joint control. It also sets the project's rise of integration, patients' benefit and one-off cost.
Bodies that have left are counted neither in a pool nor in a risk share. A shift acts on activity only through
integration: hospital care falls by hospital_effect x rise x need, community care grows by uncovered_need x
rise x need. Under payment by activity the hospital loses the income and saves only its variable cost; under
block it keeps the income. Integration acts on ambulance demand too (a twentieth of hospitals'), but the claim
leaves that out: nobody bases a case on it. A primary care network that stands for the place takes its part of
the work, and the others' parts shrink in proportion. It gains what it is paid for the work less what the work
costs, and the commissioner pays that. An outsider's contracts change, but it takes no part.
"""

from sim.kernel.compiled import rule, snap
from sim.kernel.records import ACUTE, COMMUNITY
from sim.rules.bodies import belongs, is_nhs, is_provider, is_trust, own_share, takes_part
from sim.rules.services.pressure import forecast

HOSPITAL_PART, COMMUNITY_PART, COMMISSIONER_PART, COUNCIL_PART = 0.35, 0.30, 0.20, 0.15
NETWORK_PART = 0.15


@rule
def variable_cost(par, body):
    """Return the cost saved by one pound's worth of activity not done, at price 1."""
    return (1.0 - par.fixed_share) * body.base_cost * body.cost_index / body.base_activity


@rule
def gains_of_shift(world, par, dial, fund_left, item, row):
    org, board, flow = world.org, world.board, world.flow
    here = world.place[item.place]
    item.rise = min(par.shift_rise, 1.0 - here.integration)
    moved = par.hospital_effect * item.rise * here.need_acute * 12.0 * board.price
    grown = par.uncovered_need * item.rise * here.need_community * 12.0 * board.price
    item.patients = par.patient_value * moved
    item.one_off = par.double_running * moved
    item.load = par.care_load * moved
    item.practice = par.practice_load * moved if here.network >= 0 else 0.0
    left = 1.0 - NETWORK_PART if here.network >= 0 else 1.0
    unfunded = max(0.0, item.one_off - max(0.0, fund_left)) / par.payback_years
    for i in range(org.size):
        body, mine = org[i], row[i]
        if not takes_part(body):
            continue
        if is_provider(body) and flow[item.place, i] > 0.0:
            share = flow[item.place, i]
            if body.sector == ACUTE:
                mine.gain = moved * share * (variable_cost(par, body) - (1.0 - dial.block))
                mine.ceded = moved * share
                mine.part = left * HOSPITAL_PART * share
            elif body.sector == COMMUNITY:
                mine.gain = grown * share * ((1.0 - dial.block) - variable_cost(par, body))
                mine.ceded = grown * share
                mine.part = left * COMMUNITY_PART * share
        elif i == here.commissioner:
            mine.gain = (1.0 - dial.block) * (moved - grown) - unfunded - par.practice_paid * item.practice
            mine.part = left * COMMISSIONER_PART
        elif i == here.council:
            mine.gain = -item.load
            mine.ceded = item.load
            mine.part = left * COUNCIL_PART
            mine.loss_of_access = 0.25
        elif i == here.network:
            mine.gain = -(1.0 - par.practice_paid) * item.practice
            mine.ceded = item.practice
            mine.part = NETWORK_PART


@rule
def gains_of_pool(world, par, item, row):
    org = world.org
    here = world.place[item.place]
    if not belongs(org[here.commissioner]) or not belongs(org[here.council]):
        return
    size = par.pool_share * 12.0 * here.need_social
    item.rise = min(par.pool_rise, 1.0 - here.integration)
    item.patients = (
        par.patient_value * par.hospital_effect * item.rise * here.need_acute * 12.0 * world.board.price
    )
    for i in range(org.size):
        if i in (here.commissioner, here.council):
            row[i].gain = par.pool_gain * size
            row[i].ceded = size
            row[i].part = 0.5


@rule
def spare(now, body):
    """Return the forecast balance less the control total, GBP m a year; 0 if under 0.1 % of income."""
    room = forecast(body, now.calendar) - body.control_total
    return room if abs(room) > 0.1 * body.scale else 0.0


@rule
def gains_of_risk_share(now, par, dial, org, row):
    """Fill one row of stakes: surplus bodies cover the shortfall of those that would else lose the fund."""
    surplus = 0.0
    short = 0.0
    for i in range(org.size):
        if belongs(org[i]) and is_nhs(org[i]):
            room = spare(now, org[i])
            surplus += snap(max(0.0, room))
            short += snap(max(0.0, -room) if is_trust(org[i]) else 0.0)
    covered = min(short, par.risk_cover * surplus)
    if covered <= 0.0:
        return
    for i in range(org.size):
        body, mine = org[i], row[i]
        if not belongs(body) or not is_nhs(body):
            continue
        room = spare(now, body)
        if room > 0.0:
            mine.gain = -covered * room / surplus
            mine.ceded = -mine.gain
            mine.part = 0.5 * room / surplus
        elif room < 0.0 and is_trust(body):
            got = covered / short
            mine.gain = (
                -room * got + got * own_share(par, dial) * par.sustainability_fund * 100.0 * body.scale
            )
            mine.part = 0.5 * -room / short
