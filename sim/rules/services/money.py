"""4.3 Money: commissioners pay contracts, providers meet their cost, councils may not overspend.

contract payment = (1 - block) x price x activity + block x contract.

provider cost = price x cost index x (base x volume + agency), where volume = fixed x capacity / base capacity
+ variable x activity / base activity.

Savings of a pool lower a provider's cost, a commissioner's running cost or what a council needs, but never
below 0.
"""

from sim.kernel.compiled import rule, snap
from sim.kernel.records import ACUTE, COMMUNITY, OUTSIDE_COMMISSIONERS, OUTSIDE_PROVIDERS, SUPPLIERS, TREASURY
from sim.rules.bodies import (
    is_commissioner,
    is_council,
    is_provider,
    is_trust,
    may_not_overspend,
    outside,
    pay,
    sector_demand,
)
from sim.rules.law.commissioners import running_cost
from sim.rules.services.independent_providers import take_profit
from sim.rules.services.small_partners import pay_small_partners, spend


@rule
def open_books(org):
    """Start the month's accounts."""
    for i in range(org.size):
        body = org[i]
        body.income = 0.0
        body.cost = 0.0
        body.balance = 0.0
        body.contracts = 0.0
        body.paid = 0.0
        body.received = 0.0
        body.fund_earned = 0.0
        body.running = 0.0
        body.granted = 0.0
        body.wants = 0.0


@rule
def price_of_activity(dial, board):
    """Return what a pound's worth of activity is paid beside the block contract."""
    return (1.0 - dial.block) * board.price


@rule
def contract_payment(dial, by_activity, here, seller, share, agreed):
    """Return what a place's commissioner owes a provider this month, GBP m: by activity and by block."""
    done = share * sector_demand(here, seller.sector) * seller.served
    return by_activity * done + dial.block * agreed


@rule
def book_spend(here, sector, amount):
    """Add a payment to what was spent on a place's care in a sector."""
    if sector == ACUTE:
        here.spent_acute += amount
    elif sector == COMMUNITY:
        here.spent_community += amount
    else:
        here.spent_ambulance += amount


@rule
def pay_abroad(dial, org, account, by_activity, here):
    """Pay providers outside the system from a place's commissioner. Returns the payment.

    The block contract with them is one sum for all sectors; it is divided among sectors by their demand.
    """
    acute = here.outside_acute * here.demand_acute
    community = here.outside_community * here.demand_community
    ambulance = here.outside_ambulance * here.demand_ambulance
    abroad = acute + community + ambulance
    each = by_activity + dial.block * here.outside_contract / max(1e-9, abroad)
    here.spent_acute, here.spent_community, here.spent_ambulance = (
        snap(each * acute),
        snap(each * community),
        snap(each * ambulance),
    )
    return pay(
        org,
        account,
        here.commissioner,
        outside(OUTSIDE_PROVIDERS),
        by_activity * abroad + dial.block * here.outside_contract,
    )


@rule
def pay_contracts(world, par, dial):
    """Treasury pays commissioners and councils; commissioners pay providers, in the system and outside it."""
    org, place, board, flow, account = world.org, world.place, world.board, world.flow, world.account
    by_activity = price_of_activity(dial, board)
    board.abroad = 0.0
    for i in range(org.size):
        if is_council(org[i]):
            pay(org, account, outside(TREASURY), i, org[i].allocation)
    for p in range(place.size):
        here = place[p]
        buyer = here.commissioner
        pay(org, account, outside(TREASURY), buyer, here.allocation)
        taken = pay_small_partners(par, org, account, here)
        org[buyer].running += snap(max(0.0, here.primary + running_cost(par, dial, here) - taken))
        amount = pay_abroad(dial, org, account, by_activity, here)
        org[buyer].contracts += amount
        board.abroad += amount
        for i in range(org.size):
            seller = org[i]
            if flow[p, i] <= 0.0 or seller.exists == 0 or not is_provider(seller):
                continue
            amount = pay(
                org,
                account,
                buyer,
                i,
                contract_payment(dial, by_activity, here, seller, flow[p, i], world.contract[p, i]),
            )
            seller.contracts += amount
            org[buyer].contracts += amount
            book_spend(here, seller.sector, amount)


@rule
def provider_cost(par, body, price):
    """Return the cost of a provider this month, GBP m, agency included."""
    volume = par.fixed_share * (body.capacity / body.base_capacity) + (1.0 - par.fixed_share) * (
        body.activity / body.base_activity
    )
    return price * body.cost_index * (body.base_cost * volume + body.agency)


@rule
def run_services(world, par, dial):
    """Providers pay staff and suppliers; councils spend on social care what they have, and no more."""
    org, place, board, account = world.org, world.place, world.board, world.account
    by_activity = price_of_activity(dial, board)
    for i in range(org.size):
        body = org[i]
        if body.exists == 0:
            continue
        if is_provider(body):
            abroad = by_activity * body.outside_demand * body.served
            pay(org, account, outside(OUTSIDE_COMMISSIONERS), i, abroad + dial.block * body.outside_contract)
            pay(
                org,
                account,
                i,
                outside(SUPPLIERS),
                max(0.0, provider_cost(par, body, board.price) - body.saving),
            )
            if not is_trust(body):
                take_profit(org, account, i)
        elif is_commissioner(body):
            pay(org, account, i, outside(SUPPLIERS), max(0.0, body.running - body.saving))
        elif is_council(body):
            wants = 0.0
            for p in range(place.size):
                if place[p].council == i:
                    wants += snap(place[p].need_social + place[p].care_load)
            body.wants = max(0.0, wants - snap(body.saving))
            spent = pay(
                org,
                account,
                i,
                outside(SUPPLIERS),
                min(max(0.0, body.wants - body.granted), max(0.0, body.cash)),
            )
            spent += body.granted
            body.unmet = 0.0 if body.wants <= 0.0 else 1.0 - spent / max(spent, body.wants)
        elif may_not_overspend(body):
            spend(org, account, i)
