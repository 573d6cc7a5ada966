"""4.9, 4.14 Moves everything of a body that ends, commissioner or provider, to the body that takes over.

Of two providers, capacity, work, backlog, flows and contracts add up. Waiting and quality are means weighted
by work; what a body feels is weighted by its size. The two together cost the same as before: with cost index
= sum of index x planned / planned, base cost = sum of index x base / index, and base capacity and base
activity such that both parts of 4.3's cost agree.
"""

from sim.kernel.compiled import rule, snap
from sim.kernel.records import LEFT, NO_SAY, NOT_MERGING, RATIFYING
from sim.rules.bodies import is_provider
from sim.rules.decisions.terms import take_over


@rule
def blend(one, other, share):
    """Return a mean that weighs `one` with 1 - share and `other` with `share`."""
    return (1.0 - share) * one + share * other


@rule
def join_books(old, new):
    """Add up money held, the accounts and the balance asked for. A handover is neither income nor cost."""
    new.cash += old.cash
    new.income += old.income
    new.cost += old.cost
    new.balance += old.balance
    new.contracts += old.contracts
    new.paid += old.paid
    new.received += old.received
    new.fund_earned += old.fund_earned
    new.balance_year += old.balance_year
    new.balance_last += snap(old.balance_last)
    new.control_total += snap(old.control_total)
    new.saving += snap(old.saving)
    new.gain += snap(old.gain)
    new.past_gain += snap(old.past_gain)


@rule
def join_costs(old, new):
    """Set base figures with which the two together cost what they cost apart (see above)."""
    index = (new.cost_index * new.planned + old.cost_index * old.planned) / (new.planned + old.planned)
    base = (new.cost_index * new.base_cost + old.cost_index * old.base_cost) / index
    by_capacity = new.cost_index * new.base_cost / new.base_capacity * new.capacity
    by_capacity += old.cost_index * old.base_cost / old.base_capacity * old.capacity
    by_activity = new.cost_index * new.base_cost / new.base_activity * new.activity
    by_activity += old.cost_index * old.base_cost / old.base_activity * old.activity
    new.base_capacity = index * base * (new.capacity + old.capacity) / by_capacity
    new.base_activity = index * base * (new.activity + old.activity) / by_activity
    new.base_cost = base
    new.base_agency += old.base_agency
    new.cost_index = index
    new.agency += old.agency
    new.scheme += old.scheme
    old.scheme = 0.0


@rule
def join_services(old, new):
    """Join two providers' work, staff and cost, which must still be unchanged when this starts."""
    work = old.activity / (new.activity + old.activity)
    new.staff_rich = blend(new.staff_rich, old.staff_rich, work)
    new.shares_staff = max(new.shares_staff, old.shares_staff)
    new.quality = blend(new.quality, old.quality, work)
    new.waiting = blend(new.waiting, old.waiting, work)
    join_costs(old, new)
    new.outside_demand += old.outside_demand
    new.outside_contract += old.outside_contract
    new.planned += old.planned
    new.capacity += old.capacity
    new.demand += old.demand
    new.activity += old.activity
    new.served = new.activity / new.demand
    new.backlog += old.backlog


@rule
def join_minds(old, new):
    """Average what the two boards feel, weighted by size, and add up their shortfalls and scales."""
    size = old.scale / (new.scale + old.scale)
    new.pressure = blend(new.pressure, old.pressure, size)
    new.engagement = blend(new.engagement, old.engagement, size)
    new.effort = blend(new.effort, old.effort, size)
    new.resentment = blend(new.resentment, old.resentment, size)
    new.value = blend(new.value, old.value, size)
    new.voice = blend(new.voice, old.voice, size)
    new.margin_last = blend(new.margin_last, old.margin_last, size)
    new.shortfall += old.shortfall
    new.scale += old.scale


@rule
def join_mergers(old, new):
    """Keep mergers going that are still under way."""
    new.merger_owed += old.merger_owed
    new.merger_left = max(new.merger_left, old.merger_left)
    new.synergy += old.synergy
    new.synergy_due += old.synergy_due
    new.synergy_left = max(new.synergy_left, old.synergy_left)
    old.merger_owed, old.merger_left, old.synergy, old.synergy_due, old.synergy_left = 0.0, 0, 0.0, 0.0, 0


@rule
def join_stakes(decided, give, take):
    """Join two bodies' stakes in one project: work, promises and votes. Of two votes an objection stands, of
    two appraisals the lower. If the project is decided and only one of the two takes part, the other's work
    stays outside it.
    """
    if decided and give.joins != take.joins:
        outside = take if give.joins == 1 else give
        outside.part, outside.gain, outside.ceded = 0.0, 0.0, 0.0
    take.part += give.part
    take.gain += snap(give.gain)
    take.ceded += snap(give.ceded)
    take.noise += snap(give.noise) if give.part > 0.0 else 0.0
    take.standing = max(take.standing, give.standing)
    take.loss_of_access = max(take.loss_of_access, give.loss_of_access)
    take.pays += snap(give.pays)
    take.receives += snap(give.receives)
    take.joins = max(take.joins, give.joins)
    take.ratified = max(take.ratified, give.ratified)
    take.commitment = max(take.commitment, give.commitment)
    if take.say == NO_SAY or (give.say != NO_SAY and give.support < take.support):
        take_over(take, give)
    if take.vote == 0 or (give.vote != 0 and give.vote < take.vote):
        take.vote = give.vote
    take.say = max(take.say, give.say)
    give.part, give.gain, give.ceded, give.standing, give.loss_of_access = 0.0, 0.0, 0.0, 0.0, 0.0
    give.noise = 0.0
    give.pays, give.receives, give.joins, give.say, give.vote = 0.0, 0.0, 0, 0, 0


@rule
def pass_role(item, source, into):
    """Let `into` take the place of `source` as a project's sponsor, winner or loser."""
    if item.sponsor == source:
        item.sponsor = into
    if item.winner == source:
        item.winner = into
    if item.loser == source:
        item.loser = into


@rule
def absorb(world, source, into):
    """Give everything of a body that ends to its successor. Its row stays, marked as no longer there."""
    org, place, project, stake = world.org, world.place, world.project, world.stake
    flow, contract, local = world.flow, world.contract, world.local
    old, new = org[source], org[into]
    join_books(old, new)
    join_mergers(old, new)
    if is_provider(old):
        join_services(old, new)
        join_minds(old, new)
        for p in range(place.size):
            flow[p, into] += flow[p, source]
            contract[p, into] += contract[p, source]
            local[p, into] = max(local[p, into], local[p, source])
            flow[p, source], contract[p, source], local[p, source] = 0.0, 0.0, 0.0
    for p in range(place.size):
        if place[p].commissioner == source:
            place[p].commissioner = into
    for q in range(project.size):
        join_stakes(project[q].stage >= RATIFYING, stake[q, source], stake[q, into])
        pass_role(project[q], source, into)
    old.exists = 0
    old.membership = LEFT
    old.special, old.watched = 0, 0
    old.merging_with, old.merger_stage = 0, NOT_MERGING
    old.cash = 0.0
    old.balance_year, old.balance_last, old.control_total, old.saving, old.gain = 0.0, 0.0, 0.0, 0.0, 0.0
    old.past_gain = 0.0
    old.income, old.cost, old.balance, old.contracts = 0.0, 0.0, 0.0, 0.0
    old.paid, old.received, old.fund_earned = 0.0, 0.0, 0.0
