"""4.4 Capital: a scheme at one provider, paid from a pot that is far smaller than what is asked of it (E49).

Cost = capital_size x income. A scheme takes capital_return x cost a year out of the provider's cost as effort
realises it. Rivals feel a loss of capital_rivalry x that, shared by size. A scheme is cut to what is left of
the year's pot, and dropped if that is less than a quarter. Schemes on their way through the boards reserve
their money, so the pot is never overspent. A foundation trust that holds capital_cover x cost goes alone,
unless the regime limits it (E33): `targeted` limits those forecast to miss their control total, `last_resort`
only where the NHS bodies together are forecast to miss theirs as well.
"""

from sim.declarations.bodies import FOUNDATION_TRUST
from sim.declarations.dials import LAST_RESORT, OFF
from sim.kernel.chance import CAPITAL_SCHEME, PROJECT_LUCK, bell, uniforms
from sim.kernel.compiled import rule, snap
from sim.kernel.event_log import CAPITAL_GRANTED, CAPITAL_LIMITED, WENT_ALONE, add_reason, note
from sim.kernel.records import CAPITAL, CAPITAL_POT, EMPTY, SUPPLIERS
from sim.rules.bodies import belongs, is_nhs, is_trust, outside, pay
from sim.rules.services.pressure import forecast

PROVIDER_PART = 0.9
LEAST_WORTH_BUILDING = 0.25  # share of what was asked for


@rule
def choose_provider(now, org, serial):
    """Return the provider with the highest draw for the scheme, as places are chosen for other proposals."""
    best, highest = -1, 0.0
    for i in range(org.size):
        if org[i].exists == 1 and is_trust(org[i]):
            drawn = uniforms(now, CAPITAL_SCHEME, serial, org[i].key, 0)[0]
            if best < 0 or drawn > highest or (drawn == highest and org[i].key > org[best].key):
                best, highest = i, drawn
    return best


@rule
def free_capital(project, account):
    """Return what the pot holds beyond the schemes that are on their way through the boards."""
    left = account[CAPITAL_POT]
    for q in range(project.size):
        if project[q].stage != EMPTY and project[q].kind == CAPITAL and project[q].phased == 0:
            left -= project[q].capital
    return left


@rule
def misses_total(now, body):
    """Return whether a body is forecast to end the year more than 0.1 % of income below its control total."""
    return forecast(body, now.calendar) < body.control_total - 0.1 * body.scale


@rule
def system_misses_total(now, org):
    room = 0.0
    for i in range(org.size):
        if org[i].exists == 1 and is_nhs(org[i]):
            room += snap(forecast(org[i], now.calendar)) - snap(org[i].control_total)
    return room < 0.0


@rule
def is_limited(now, dial, org, i):
    """Return whether the regime's reserve power over capital stops foundation trust i from going alone."""
    if dial.ft_capital == OFF or not misses_total(now, org[i]):
        return False
    return dial.ft_capital != LAST_RESORT or system_misses_total(now, org)


@rule
def goes_alone(world, par, dial, item, log):
    """Let a foundation trust with the money pay for its scheme itself, at once and without the board. Returns
    whether it does.

    The spending does not count in the balance by which control totals and the fund judge it.
    """
    now, org = world.now, world.org
    who = item.winner
    body = org[who]
    if body.kind != FOUNDATION_TRUST or body.cash < par.capital_cover * item.capital:
        return False
    if is_limited(now, dial, org, who):
        short = body.control_total - forecast(body, now.calendar)
        note(log, now.month, CAPITAL_LIMITED, who, -1, item.serial, item.capital, body.cash, short)
        return False
    held = body.cash
    spent = pay(org, world.account, who, outside(SUPPLIERS), item.capital)
    body.balance_year += spent
    world.board.capital_own += spent
    expected = (
        par.capital_return
        * item.capital
        * (1.0 + par.luck * bell(now, PROJECT_LUCK, item.serial, body.key, 0))
    )
    body.scheme += expected * item.truth / 12.0
    note(log, now.month, WENT_ALONE, who, -1, item.serial, item.capital, held, expected)
    return True


@rule
def ask_for_capital(world, par, dial, item, provider, log):
    """Set a scheme's cost. Returns whether a foundation trust goes alone, and asks nothing of the board."""
    org = world.org
    item.winner = provider
    if provider < 0 or org[provider].exists == 0:
        return False
    item.capital = snap(par.capital_size * 100.0 * org[item.winner].scale)
    if goes_alone(world, par, dial, item, log):
        return True
    if belongs(org[item.winner]):
        world.board.capital_asked += item.capital
    return False


@rule
def gains_of_capital(par, org, free, item, row):
    """Fill one row of stakes; `free` is what the pot can still pay. Nothing is at stake where that is too
    little, or for a trust that has left.
    """
    if (
        item.winner < 0
        or not belongs(org[item.winner])
        or free < LEAST_WORTH_BUILDING * item.capital
        or free <= 0.0
    ):
        return
    item.capital = min(item.capital, free)
    saving = par.capital_return * item.capital
    rivals = 0.0
    for i in range(org.size):
        if i != item.winner and org[i].exists == 1 and is_trust(org[i]):
            rivals += snap(org[i].scale)
    for i in range(org.size):
        if i != item.winner and org[i].exists == 1 and is_trust(org[i]):
            row[i].gain = -par.capital_rivalry * saving * org[i].scale / rivals
            row[i].part = (1.0 - PROVIDER_PART) * org[i].scale / rivals
    row[item.winner].gain = saving
    row[item.winner].part = PROVIDER_PART


@rule
def grant_capital(world, item, row, log):
    """Pay for a scheme from the pot in the month it comes into force."""
    now, board, account = world.now, world.board, world.account
    spent = pay(world.org, account, outside(CAPITAL_POT), outside(SUPPLIERS), item.capital)
    board.capital_granted += spent
    board.decided_nation += spent
    if log.size > 1:
        note(
            log,
            now.month,
            CAPITAL_GRANTED,
            item.winner,
            item.place,
            item.serial,
            spent,
            row[item.winner].gain,
            account[CAPITAL_POT],
        )
        add_reason(log, -1, board.capital_asked, 0.0)


@rule
def lower_cost(org, item, row, done):
    """Take a month's part of a scheme's saving off its provider's cost; `done` is true and realised."""
    body = org[item.winner]
    if body.exists == 1:
        body.base_cost -= row[item.winner].gain / 12.0 * done / body.cost_index


@rule
def own_schemes_pay_off(par, org):
    """Let the saving of schemes built alone come in: each month 1 / `phase_months` of what is to come."""
    for i in range(org.size):
        body = org[i]
        if body.exists == 1 and body.scheme != 0.0:
            step = body.scheme / par.phase_months
            body.scheme -= step
            body.base_cost -= step / body.cost_index
