"""4.2 Delivery: staff set capacity, capacity limits the work done, the rest waits; strain or a merger costs
quality.

waiting = backlog / activity (Little's law); capacity = planned * (1 - shortage * (1 - agency_fill)).
"""

from sim.kernel.compiled import clamp, rule, snap
from sim.rules.bodies import is_provider, sector_demand
from sim.rules.proposals.workforce import relief, shared_by

WEEKS_A_MONTH = 52.0 / 12.0


@rule
def find_staff(world, par):
    """Set the shortage: the system's staff pool against the posts that money would pay for."""
    now, org, board = world.now, world.org, world.board
    posts = 0.0
    for i in range(org.size):
        body = org[i]
        if is_provider(body) and body.exists == 1:
            if now.month > 0:
                body.planned *= 1.0 + par.capacity_growth / 12.0
            posts += snap(body.planned)
    if now.month > 0:
        board.staff_pool *= 1.0 + par.staff_growth / 12.0
    board.shortage = clamp(1.0 - board.staff_pool / posts, 0.0, 1.0)


@rule
def deliver(world, par):
    org, place, board = world.org, world.place, world.board
    find_staff(world, par)
    for i in range(org.size):
        body = org[i]
        if not is_provider(body) or body.exists == 0:
            continue
        if world.now.month > 0:
            body.outside_demand *= 1.0 + par.demand_growth / 12.0
        body.demand = snap(body.outside_demand)
        for p in range(place.size):
            body.demand += snap(world.flow[p, i] * sector_demand(place[p], body.sector))
        body.capacity = body.planned * (1.0 - board.shortage * (1.0 - par.agency_fill))
        body.activity = min(body.capacity, body.demand + par.clearing * body.backlog)
        body.served = body.activity / body.demand
        body.backlog = max(0.0, body.backlog + body.demand - body.activity)
        body.waiting = WEEKS_A_MONTH * body.backlog / body.activity
        strain = max(0.0, body.demand / body.capacity - par.comfortable)
        loss = par.quality_loss * strain + (par.merger_quality if body.merger_left > 0 else 0.0)
        body.quality += par.quality_rate * (clamp(1.0 - loss, 0.0, 1.0) - body.quality)
        vacant = board.shortage * par.agency_fill * (1.0 - relief(par, body, shared_by(body, board)))
        body.agency = par.agency_premium * vacant * body.planned
