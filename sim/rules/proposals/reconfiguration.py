"""4.4 Reconfiguration: part of the smaller acute trust's work in a place moves to the larger one (E36).

Moved work = reconfigured_share x flow x need; its income follows it, whatever the form of payment. Its cost c
is the loser's, of which fixed_share is fixed. The loser sheds c (1 - fixed x stranded), and the winner takes
on c (1 - fixed (stranded + saving x truth)). As effort realises it, flows, contracts, capacity and base
figures move from one to the other; the sum of the place's flows stays the same. An independent provider that
sits on the board may bid for part of the largest trust's work (E40).
"""

from sim.kernel.compiled import rule
from sim.kernel.event_log import SERVICES_MOVE, add_reason, note
from sim.kernel.records import ACUTE
from sim.rules.bodies import belongs, is_trust
from sim.rules.services.independent_providers import bidder

LOSER_PART, WINNER_PART, COMMISSIONER_PART, COUNCIL_PART = 0.35, 0.45, 0.15, 0.05


@rule
def is_site(world, at, i):
    """Return whether a body is an acute trust of the partnership that counts as a partner of the place."""
    org = world.org
    return (
        belongs(org[i])
        and is_trust(org[i])
        and org[i].sector == ACUTE
        and world.local[at, i] > 0.0
        and world.flow[at, i] > 0.0
    )


@rule
def larger_site(world, at):
    """Return the largest acute trust of a place, or -1; ties go by key."""
    org = world.org
    best = -1
    for i in range(org.size):
        if is_site(world, at, i):
            tied = (
                best >= 0 and org[i].base_activity == org[best].base_activity and org[i].key < org[best].key
            )
            if best < 0 or org[i].base_activity > org[best].base_activity or tied:
                best = i
    return best


@rule
def smaller_site(world, at, winner):
    """Return the place's other acute trust with most of its patients, or -1; ties go by key."""
    org, flow = world.org, world.flow
    best = -1
    for i in range(org.size):
        if i != winner and is_site(world, at, i):
            tied = best >= 0 and flow[at, i] == flow[at, best] and org[i].key < org[best].key
            if best < 0 or flow[at, i] > flow[at, best] or tied:
                best = i
    return best


@rule
def gains_of_reconfigure(world, par, fund_left, item, row):
    """Fill one row of stakes; nothing is at stake where the partnership has one acute trust in the place."""
    here = world.place[item.place]
    item.winner = larger_site(world, item.place)
    item.loser = smaller_site(world, item.place, item.winner)
    independent = bidder(world, par, item)
    if independent >= 0:
        item.winner, item.loser = independent, item.winner
    if item.loser < 0:
        return
    old = world.org[item.loser]
    item.moves = par.reconfigured_share * world.flow[item.place, item.loser]
    need = here.need_acute * (1.0 - par.hospital_effect * here.integration)
    income = item.moves * need * 12.0 * world.board.price
    cost = income * old.base_cost * old.cost_index / old.base_activity
    fixed = par.fixed_share * cost
    item.patients = par.concentration_value * income
    item.one_off = par.reconfigure_one_off * income
    loses, wins = row[item.loser], row[item.winner]
    loses.gain = (cost - par.stranded_cost * fixed) - income
    loses.ceded = income
    loses.part = LOSER_PART
    wins.gain = income - (cost - (par.stranded_cost + par.reconfigure_saving) * fixed)
    wins.part = WINNER_PART
    pays = row[here.commissioner]
    pays.gain = -max(0.0, item.one_off - max(0.0, fund_left)) / par.payback_years
    pays.part = COMMISSIONER_PART
    voters = row[here.council]
    voters.loss_of_access = 1.0
    voters.part = COUNCIL_PART


@rule
def lose_access(world, par, item, row, log):
    """Let confidence fall in the month a service is seen to go, when the project comes into force."""
    now = world.now
    here = world.place[item.place]
    fall = min(here.confidence, par.access_confidence)
    here.confidence -= fall
    if log.size > 1:
        worth = item.moves * here.need_acute * 12.0 * world.board.price
        note(log, now.month, SERVICES_MOVE, item.loser, item.place, item.serial, item.moves, worth, fall)
        add_reason(log, item.winner, row[item.loser].gain, here.confidence)


@rule
def move_work(world, par, item, done):
    """Move the part `done` of the work this month, in [0, 1]."""
    org, flow, contract = world.org, world.flow, world.contract
    at, loser, winner = item.place, item.loser, item.winner
    old, new, here = org[loser], org[winner], world.place[item.place]
    if loser == winner or old.exists == 0 or new.exists == 0 or flow[at, loser] <= 0.0:
        return
    # at most half moves, so that later divisions are never by zero
    share = min(item.moves * done, 0.5 * flow[at, loser])
    handed = contract[at, loser] * (share / flow[at, loser])
    contract[at, loser] -= handed
    contract[at, winner] += handed
    flow[at, loser] -= share
    flow[at, winner] += share
    here.access_lost += share
    part = share * here.demand_acute / old.demand
    stays = par.fixed_share * par.stranded_cost
    saved = par.fixed_share * par.reconfigure_saving * item.truth
    cost = old.base_cost * part
    old.base_cost -= cost * (1.0 - stays)
    new.base_cost += cost * (old.cost_index / new.cost_index) * max(0.0, 1.0 - stays - saved)
    hand_over(old, new, part)


@rule
def hand_over(old, new, part):
    """Move the same part of everything that measures a trust's size."""
    new.planned += old.planned * part
    new.base_capacity += old.base_capacity * part
    new.base_activity += old.base_activity * part
    new.scale += old.scale * part
    new.backlog += old.backlog * part
    old.planned -= old.planned * part
    old.base_capacity -= old.base_capacity * part
    old.base_activity -= old.base_activity * part
    old.scale -= old.scale * part
    old.backlog -= old.backlog * part
