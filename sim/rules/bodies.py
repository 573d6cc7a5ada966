"""What the rules ask about bodies, and the one way money moves."""

from sim.compiled import rule, snap
from sim.regime import CCG, COUNCIL, FOUNDATION_TRUST, ICS_BODY, NHS_TRUST, ORGANISATIONAL, SYSTEM_TOTAL
from sim.world import ACUTE, COMMUNITY, LEFT


@rule
def is_provider(body):
    return body.kind == NHS_TRUST or body.kind == FOUNDATION_TRUST


@rule
def is_commissioner(body):
    return body.kind == CCG or body.kind == ICS_BODY


@rule
def is_council(body):
    return body.kind == COUNCIL


@rule
def is_nhs(body):
    """Whether a body can answer for NHS money (E19: a council cannot)."""
    return is_provider(body) or is_commissioner(body)


@rule
def belongs(body):
    """A member, or one still serving its notice."""
    return body.exists == 1 and body.membership != LEFT


@rule
def sector_demand(here, sector):
    """Demand of a place in a sector, GBP m a month."""
    if sector == ACUTE:
        return here.demand_acute
    if sector == COMMUNITY:
        return here.demand_community
    return here.demand_ambulance


@rule
def book(org, account, holder, amount):
    """Add an amount (already on the grid) to a holder: a body's row, or an outside account as -1 - account."""
    if holder >= 0:
        body = org[holder]
        body.cash += amount
        body.balance += amount
        body.balance_year += amount
        if amount > 0.0:
            body.income += amount
        else:
            body.cost -= amount
    else:
        account[-1 - holder] += amount


@rule
def pay(org, account, payer, payee, amount):
    """Move an amount of money; both ends book the same snapped number. Returns it."""
    exact = snap(amount)
    book(org, account, payer, -exact)
    book(org, account, payee, exact)
    return exact


@rule
def outside(account):
    """The holder code of an outside account."""
    return -1 - account


@rule
def own_share(par, dial):
    """The share of the sustainability fund that a body's own control total earns; the rest all earn together, or none."""
    if dial.pot == SYSTEM_TOTAL:
        return par.own_total_share
    return 1.0 if dial.pot == ORGANISATIONAL else 0.0


@rule
def count_existing(org):
    count = 0
    for i in range(org.size):
        count += org[i].exists
    return count


@rule
def count_members(org):
    count = 0
    for i in range(org.size):
        if belongs(org[i]):
            count += 1
    return count
