"""4.4 The board's programme team brings proposals, as fast as its capacity allows; a full table refuses.

The k-th proposal of a future is the same idea under any regime: k draws its kind, place, luck and harm. What
it is worth to each body follows from the finances of the moment. Events may also put proposals on the table,
of a kind and a place that they name. These take none of the team's capacity and have numbers of their own, so
the k-th proposal stays the same idea.
"""

import numpy as np

from sim.declarations.bodies import ICS_BODY
from sim.declarations.dials import SINGLE
from sim.kernel.chance import PROJECT_HARM, uniforms
from sim.kernel.compiled import rule, snap
from sim.kernel.event_log import NOTHING_AT_STAKE, TABLE_FULL, TABLED, add_reason, note
from sim.kernel.records import BY_EVENTS, CAPITAL, CASE, EMPTY, POOL, RECONFIGURE, RISK_SHARE, SHIFT
from sim.rules.bodies import belongs, lends_staff
from sim.rules.decisions.reasons import largest_loser
from sim.rules.decisions.terms import hold_none
from sim.rules.oversight.support import fund_left
from sim.rules.proposals.capital import ask_for_capital, free_capital, gains_of_capital
from sim.rules.proposals.gains import gains_of_pool, gains_of_risk_share, gains_of_shift
from sim.rules.proposals.ideas import draw_idea, weigh_up
from sim.rules.proposals.reconfiguration import gains_of_reconfigure
from sim.rules.proposals.workforce import gains_of_workforce
from sim.rules.scenario_events import PUT_ON_TABLE

BODIES_OF_A_FULL_SYSTEM = 20.0
ONE = np.uint64(1)


@rule
def programme_growth(world, par):
    """Return the projects a month that the team can prepare, less what national demands, pressure, live
    projects, mergers and reorganisation take. The staff of absorbed bodies still work in the team.
    """
    org, board, project = world.org, world.board, world.project
    members, absorbed, merging, pressure = 0.0, 0.0, 0.0, 0.0
    for i in range(org.size):
        if lends_staff(org[i]):
            if belongs(org[i]):
                members += 1.0
                pressure += snap(org[i].pressure)
            elif org[i].kind != ICS_BODY and org[i].exists == 0:
                absorbed += 1.0
        if org[i].exists == 1 and org[i].merger_left > 0:
            merging += 1.0
    live = 0.0
    for q in range(project.size):
        if project[q].stage != EMPTY and project[q].phased < par.phase_months:
            live += 1.0
    size = 1.0 + par.programme_scale * ((members + absorbed) / BODIES_OF_A_FULL_SYSTEM - 1.0)
    rate = par.programme_rate * size * (1.0 - board.demands)
    rate *= 1.0 - par.programme_pressure * pressure / max(1.0, members)
    if board.reorganising > 0:
        rate *= 1.0 - par.reorganisation_load
    return max(0.0, rate - par.live_load * live - par.merger_load * merging)


@rule
def empty_slot(project):
    for q in range(project.size):
        if project[q].stage == EMPTY:
            return q
    return -1


@rule
def clear_row(row):
    for i in range(row.size):
        mine = row[i]
        mine.part = 0.0
        mine.gain = 0.0
        mine.ceded = 0.0
        mine.loss_of_access = 0.0
        mine.noise = 0.0
        mine.standing = 0.0
        mine.persuasion = 0.0
        hold_none(mine)
        mine.says = 0.0
        mine.offers = 0.0
        mine.pays = 0.0
        mine.receives = 0.0
        mine.price = 0.0
        mine.belief = 0.0
        mine.keeps = 0
        mine.spared = 0
        mine.say = 0
        mine.speaks = 0
        mine.withheld = 0
        mine.recused = 0
        mine.loss_counted = 0.0
        mine.answers = 0.0
        mine.vote = 0
        mine.cast = 0
        mine.joins = 0
        mine.ratifies = 0
        mine.ratified = 0
        mine.commitment = 0.0


@rule
def already(project, kind, where):
    """Return whether such a project is on its way or in force in the place."""
    for q in range(project.size):
        if project[q].stage != EMPTY and project[q].kind == kind and project[q].place == where:
            return True
    return False


@rule
def fill_in(now, par, dial, item, serial, kind):
    """Set the fields of a new proposal before its gains are known."""
    item.serial = serial
    item.kind = kind
    item.tabled = now.month
    item.heard = 0
    item.wait = int(par.case_months + par.procurement_months * dial.competition * (kind == SHIFT))
    item.referrals = 0
    item.consulted = 0
    item.referred = 0
    item.winner = -1
    item.loser = -1
    item.moves = 0.0
    item.capital = 0.0
    item.sharing = 0.0
    item.priority = 0.0
    item.lay_view = 0.0
    item.mediation = 0
    item.mediated_until = 0
    item.found = 0
    item.partial = 0
    item.imposed = 0
    item.phased = 0
    item.promise_left = 0
    item.rise = 0.0
    item.one_off = 0.0
    item.load = 0.0
    item.practice = 0.0
    item.patients = 0.0
    item.objection = 0.0
    item.compensation = 0.0
    item.taking_part = 0.0
    item.realised = 0.0
    chance, harm, scope, level = uniforms(now, PROJECT_HARM, item.serial, item.serial, 0)
    item.harmful = 1 if chance < par.harmful else 0
    item.truth = par.harm_low + harm * (par.harm_high - par.harm_low) if item.harmful == 1 else 1.0
    item.in_scope = 1 if scope < par.delegated_scope else 0
    item.local = 1 if item.place >= 0 and level < dial.subsidiarity else 0


@rule
def gains(world, par, dial, item, row):
    """Fill a proposal's row of stakes, if there is anything at stake."""
    org, place, project, account = world.org, world.place, world.project, world.account
    if item.kind == SHIFT:
        gains_of_shift(world, par, dial, fund_left(place, account, item.place), item, row)
    elif item.kind == RISK_SHARE:
        if dial.pot != SINGLE:  # a single pot already shares the risk
            gains_of_risk_share(world.now, par, dial, org, row)
    elif item.kind == POOL:
        if not already(project, POOL, item.place):
            gains_of_pool(world, par, item, row)
    elif item.kind == RECONFIGURE:
        if not already(project, RECONFIGURE, item.place):
            gains_of_reconfigure(world, par, fund_left(place, account, item.place), item, row)
    elif item.kind == CAPITAL:
        gains_of_capital(par, org, free_capital(project, account), item, row)
    else:
        gains_of_workforce(par, org, world.board, item, row)


@rule
def drop_idea(world, dial, item, log):
    """Drop an idea that moves nobody's money, before it costs casework."""
    now, project, account = world.now, world.project, world.account
    own_totals = 1.0 if dial.pot != SINGLE else 0.0
    who = item.winner if item.kind == CAPITAL else -1
    note(
        log,
        now.month,
        NOTHING_AT_STAKE,
        who,
        item.place,
        item.serial,
        own_totals,
        float(item.kind),
        item.capital,
    )
    if log.size > 1:
        under_way = (item.kind == POOL or item.kind == RECONFIGURE) and already(
            project, item.kind, item.place
        )
        left = who >= 0 and not belongs(world.org[who])
        add_reason(log, -1, max(0.0, free_capital(project, account)), 1.0 if left or under_way else 0.0)


@rule
def bring(world, par, dial, serial, kind, about, log):
    """Bring a proposal of a kind, `about` a place or (capital) a provider, if there is room and anything at
    stake.

    Returns how much of the team's time is left: 1 if nothing is at stake or a trust goes alone, otherwise 0.
    """
    now, board, project = world.now, world.board, world.project
    slot = empty_slot(project)
    if slot < 0:
        board.refused_table += 1
        note(log, now.month, TABLE_FULL, -1, -1, serial, float(project.size), 0.0, 0.0)
        return 0.0
    item, row = project[slot], world.stake[slot]
    clear_row(row)
    item.place = about if kind in (SHIFT, POOL, RECONFIGURE) else -1
    item.sponsor = -1
    fill_in(now, par, dial, item, serial, kind)
    if kind == CAPITAL and ask_for_capital(world, par, dial, item, about, log):
        return 1.0
    gains(world, par, dial, item, row)
    if weigh_up(now, par, world.org, item, row):
        item.stage = CASE
        board.tabled += 1
        note(
            log,
            now.month,
            TABLED,
            item.sponsor,
            item.place,
            item.serial,
            item.benefit,
            float(kind),
            item.patients,
        )
        if log.size > 1:
            loser, losers = largest_loser(row)
            add_reason(log, loser, row[loser].gain if loser >= 0 else 0.0, float(losers))
        return 0.0
    drop_idea(world, dial, item, log)
    return 1.0


@rule
def bring_by_events(world, par, dial, happenings, log):
    """Bring what this month's events put on the table. All such events are numbered through, by month."""
    serial = BY_EVENTS
    for e in range(happenings.size):
        event = happenings[e]
        if event.do == PUT_ON_TABLE:
            serial += ONE
            if event.month == world.now.month:
                bring(world, par, dial, serial, event.which, event.other, log)


@rule
def table(world, par, dial, happenings, log):
    board = world.board
    bring_by_events(world, par, dial, happenings, log)
    board.capacity += programme_growth(world, par)
    if board.reorganising > 0:
        board.reorganising -= 1
    if board.capacity >= 1.0:
        board.capacity -= 1.0
        board.serials += ONE
        kind, about = draw_idea(world, par, board.serials)
        board.capacity += bring(world, par, dial, board.serials, kind, about, log)
