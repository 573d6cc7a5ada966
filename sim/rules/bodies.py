"""What rules ask about bodies, and the only way in which money moves."""

from sim.declarations.bodies import (
    COMMISSIONS,
    COUNCIL,
    FOR_WELLBEING,
    INDEPENDENT_PROVIDER,
    IS_NHS,
    IS_TRUST,
    LENDS_STAFF,
    PRIMARY_CARE,
    SPENDS_WHAT_IT_HOLDS,
    TREATS,
    VOLUNTARY_BODY,
)
from sim.declarations.dials import ON_BOARD, ORGANISATIONAL, SYSTEM_TOTAL
from sim.kernel.compiled import rule, snap
from sim.kernel.records import ACUTE, COMMUNITY, LEFT


@rule
def is_among(kinds, body):
    """Return whether a body is of one of these kinds: a whole number with a bit for each kind."""
    return (kinds >> body.kind) & 1 == 1


@rule
def is_trust(body):
    return is_among(IS_TRUST, body)


@rule
def is_provider(body):
    """Return whether a body has patients, staff and contracts: trusts and independent providers do."""
    return is_among(TREATS, body)


@rule
def is_commissioner(body):
    return is_among(COMMISSIONS, body)


@rule
def is_council(body):
    return body.kind == COUNCIL


@rule
def is_nhs(body):
    """Return whether a body has a control total and can answer for NHS money (E19). Councils, small partners
    and private bodies cannot.
    """
    return is_among(IS_NHS, body)


@rule
def between_mergers(body):
    """Return whether a body may merge: it exists, no merger is decided, and none distracts it any more."""
    return body.exists == 1 and body.merger_left == 0 and body.merging_with == 0


@rule
def may_not_overspend(body):
    """Return whether a body spends only what it holds, and feels pressure by what it must leave undone."""
    return is_among(SPENDS_WHAT_IT_HOLDS, body)


@rule
def lends_staff(body):
    """Return whether a body's staff are part of the programme team. Networks, voluntary bodies and
    independent providers have none to spare.
    """
    return is_among(LENDS_STAFF, body)


@rule
def cares_for_wellbeing(body):
    """Return whether a duty limited to health does not move a body (E18)."""
    return is_among(FOR_WELLBEING, body)


@rule
def takes_part(body):
    """Return whether a body exists and is more than a holder of contracts."""
    return body.exists == 1 and body.outsider == 0


@rule
def has_seat(dial, body):
    """Return whether a body may sit on the board: an independent provider only where the law says so."""
    return body.kind != INDEPENDENT_PROVIDER or dial.independent_providers == ON_BOARD


@rule
def exit_barrier(par, body):
    """Return the exit barrier before elections shift it: below minus this membership value, a body leaves."""
    barrier = par.exit_barrier
    if body.kind == COUNCIL:
        barrier += par.exit_barrier_council
    elif body.kind == PRIMARY_CARE:
        barrier += par.exit_barrier_primary_care
    elif body.kind == VOLUNTARY_BODY:
        barrier += par.exit_barrier_voluntary
    return barrier


@rule
def belongs(body):
    """Return whether a body is a member, or still serves its notice."""
    return body.exists == 1 and body.membership != LEFT


@rule
def sector_demand(here, sector):
    """Return the demand of a place in a sector, GBP m a month."""
    if sector == ACUTE:
        return here.demand_acute
    if sector == COMMUNITY:
        return here.demand_community
    return here.demand_ambulance


@rule
def book(org, account, holder, amount):
    """Add an amount (already on the grid) to a body's row (>= 0) or to an outside account (-1 - account)."""
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
    """Move an amount of money. Both ends book the same snapped number, which is returned."""
    exact = snap(amount)
    book(org, account, payer, -exact)
    book(org, account, payee, exact)
    return exact


@rule
def outside(account):
    """Return the holder code of an outside account."""
    return -1 - account


@rule
def own_share(par, dial):
    """Return the share of the sustainability fund that a body's own control total earns. All bodies together
    earn the rest, or none does.
    """
    if dial.pot == SYSTEM_TOTAL:
        return par.own_total_share
    return 1.0 if dial.pot == ORGANISATIONAL else 0.0


@rule
def count_partners(org):
    count = 0
    for i in range(org.size):
        if takes_part(org[i]):
            count += 1
    return count


@rule
def count_members(org):
    count = 0
    for i in range(org.size):
        if belongs(org[i]):
            count += 1
    return count
