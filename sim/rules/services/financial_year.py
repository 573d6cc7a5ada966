"""4.3, 4.12, 4.13 The year's turn in April: settlement, prices, contracts, control totals, cost shocks. Also
elections, and pools that dissolve.

A control total lies `control_pull` of the way from last outturn to the target, plus `stretch`. Month 0 has no
rise of cost and no cut: `squeeze_years` and `austerity_years` count the Aprils after it.
"""

from sim.kernel.chance import COST_SHOCK, ELECTION, bell
from sim.kernel.compiled import rule
from sim.kernel.event_log import ELECTED, POOL_DISSOLVED, note
from sim.kernel.records import CAPITAL_POT, EMPTY, IN_FORCE, POOL, TREASURY
from sim.rules.bodies import belongs, exit_barrier, is_council, is_nhs, is_provider, outside, pay
from sim.rules.oversight.support import MILLION, give_support


@rule
def set_control_total(par, body):
    """Set the balance asked of an NHS body this year, GBP m: between outturn and target, plus stretch."""
    target = par.control_target * 100.0 * body.scale
    body.control_total = (
        body.balance_last + par.control_pull * (target - body.balance_last) + par.stretch * 100.0 * body.scale
    )


@rule
def settle(world, par):
    """Set prices, allocations and block contracts of a new year; nothing changes in month 0."""
    now, org, place = world.now, world.org, world.place
    if now.month == 0:
        return
    grow = 1.0 + par.allocation_growth
    world.board.price *= 1.0 + par.price_growth
    for p in range(place.size):
        here = place[p]
        here.allocation *= grow
        here.primary *= grow
        here.running *= grow
        here.outside_contract *= grow
        for i in range(org.size):
            world.contract[p, i] *= grow
    for i in range(org.size):
        org[i].outside_contract *= grow
        if is_council(org[i]) and now.month <= 12.0 * par.austerity_years:
            org[i].allocation *= 1.0 - par.austerity


@rule
def turn_year(world, par, dial, log):
    now, org, place, account = world.now, world.org, world.place, world.account
    if now.calendar != 0:
        return
    settle(world, par)
    first = now.month <= 12.0 * par.squeeze_years
    squeeze = par["squeeze"] if first else par.squeeze_later  # records have a method of that name
    # capital not spent in its year lapses
    pay(org, account, outside(CAPITAL_POT), outside(TREASURY), account[CAPITAL_POT])
    give_support(world, par, dial, log)
    for p in range(place.size):
        capital = par.capital_pot * world.board.national_share * place[p].population / MILLION
        pay(org, account, outside(TREASURY), outside(CAPITAL_POT), capital)
    for i in range(org.size):
        body = org[i]
        if body.exists == 0:
            continue
        if is_provider(body) and now.month > 0:
            body.cost_index *= (
                1.0 + squeeze + par.cost_noise * bell(now, COST_SHOCK, body.key, body.key, now.month)
            )
        body.balance_year = 0.0
        if is_nhs(body):
            set_control_total(par, body)


@rule
def elect(now, par, org, log):
    """Elect each council every fourth May; a new council tolerates more or less of the partnership."""
    for i in range(org.size):
        body = org[i]
        if is_council(body) and now.calendar == 1 and (now.month // 12) % 4 == body.election_year:
            before = body.tolerance
            body.tolerance = par.election_spread * bell(now, ELECTION, body.key, body.key, now.month)
            note(log, now.month, ELECTED, i, -1, body.key, body.tolerance, before, exit_barrier(par, body))


@rule
def dissolve_pools(world, log):
    """Dissolve pooled budgets of a body that has left, at the year's turn, fully realised or not."""
    now, org, project, stake = world.now, world.org, world.project, world.stake
    if now.calendar != 0:
        return
    for q in range(project.size):
        item = project[q]
        if item.stage < IN_FORCE or item.kind != POOL:
            continue
        leaver = -1  # if both have left, the minutes name the one with the lower key
        for i in range(org.size):
            if (
                stake[q, i].part > 0.0
                and not belongs(org[i])
                and (leaver < 0 or org[i].key < org[leaver].key)
            ):
                leaver = i
        if leaver >= 0:
            note(
                log,
                now.month,
                POOL_DISSOLVED,
                leaver,
                item.place,
                item.serial,
                stake[q, leaver].gain,
                0.0,
                0.0,
            )
            item.stage = EMPTY
