"""4.3 Independent providers (2): outside the system, under contract, or on its board, by the dial
`independent_providers` (E40).

`excluded`: in the month the law starts, all their work in each place goes to the place's largest trust of the
sector (where it has none, to providers outside the system), with the capacity, backlog and cost that go with
it. Owners settle what the providers hold or owe, and the providers end. `contracted`: they are paid like a
trust, but have no membership, vote, voice or part in proposals. `on_board`: they are members and vote, also
on contracts that they gain from. Under every regime their owners take out what they hold at the month's end.
"""

from sim.declarations.bodies import INDEPENDENT_PROVIDER
from sim.declarations.dials import EXCLUDED, ON_BOARD
from sim.kernel.chance import INDEPENDENT_BID, uniforms
from sim.kernel.compiled import rule, snap
from sim.kernel.event_log import INDEPENDENT_ENDED, INDEPENDENT_SEATED, note
from sim.kernel.records import ACUTE, COMMUNITY, LEFT, MEMBER, OWNERS
from sim.rules.bodies import belongs, is_trust, outside, pay, takes_part
from sim.rules.decisions.promises import lapse


@rule
def take_profit(org, account, i):
    """Pay out to the owners what the body holds. The balance that judges the year leaves this out."""
    taken = pay(org, account, i, outside(OWNERS), max(0.0, org[i].cash))
    org[i].balance_year += taken


@rule
def largest_trust(org, flow, at, sector):
    """Return the trust of a sector with most of a place's patients, or -1; ties go by key."""
    best = -1
    for i in range(org.size):
        if org[i].exists == 0 or not is_trust(org[i]) or org[i].sector != sector or flow[at, i] <= 0.0:
            continue
        tied = best >= 0 and flow[at, i] == flow[at, best] and org[i].key < org[best].key
        if best < 0 or flow[at, i] > flow[at, best] or tied:
            best = i
    return best


@rule
def take_over(old, new, part):
    """Give a part of everything that measures a provider's size and cost to `new`; `old` ends."""
    new.base_cost += old.base_cost * part * (old.cost_index / new.cost_index)
    new.base_agency += old.base_agency * part
    new.planned += old.planned * part
    new.base_capacity += old.base_capacity * part
    new.base_activity += old.base_activity * part
    new.scale += old.scale * part
    new.backlog += old.backlog * part


@rule
def send_outside(here, flow, contract, at, who, sector):
    """Send the patients of a place that has no trust of the sector out of the system."""
    if sector == ACUTE:
        here.outside_acute += flow[at, who]
    elif sector == COMMUNITY:
        here.outside_community += flow[at, who]
    else:
        here.outside_ambulance += flow[at, who]
    here.outside_contract += contract[at, who]


@rule
def hand_over_work(world, who):
    """Hand over flows, contracts, capacity and cost by place. Returns the contracts, GBP m a month."""
    org, place, flow, contract = world.org, world.place, world.flow, world.contract
    old = org[who]
    handed = 0.0
    for p in range(place.size):
        handed += snap(contract[p, who])
    whole = max(1e-9, handed + old.outside_contract)
    for j in range(org.size):
        part = 0.0  # summed before anything is added, so that the order of places does not matter
        for p in range(place.size):
            if flow[p, who] > 0.0 and largest_trust(org, flow, p, old.sector) == j:
                part += snap(contract[p, who])
        if part > 0.0:
            take_over(old, org[j], part / whole)
    for p in range(place.size):
        if flow[p, who] <= 0.0:
            continue
        heir = largest_trust(org, flow, p, old.sector)
        if heir >= 0:
            flow[p, heir] += flow[p, who]
            contract[p, heir] += contract[p, who]
        else:
            send_outside(place[p], flow, contract, p, who, old.sector)
        flow[p, who], contract[p, who], world.local[p, who] = 0.0, 0.0, 0.0
    return handed


@rule
def shut_out(world, who, log):
    """End a provider, and leave nothing behind but its work."""
    now, org = world.now, world.org
    body = org[who]
    lapse(world.stake, world.project, who, 0.0)
    handed = hand_over_work(world, who)
    settled = pay(org, world.account, who, outside(OWNERS), body.cash)
    body.exists, body.outsider, body.membership = 0, 0, LEFT
    body.balance_year, body.balance_last, body.gain, body.past_gain, body.engagement, body.effort = (
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
    )
    body.planned, body.capacity, body.demand, body.activity, body.backlog = 0.0, 0.0, 0.0, 0.0, 0.0
    note(log, now.month, INDEPENDENT_ENDED, who, -1, body.key, 12.0 * handed, settled, 0.0)


@rule
def stand_outside(world, dial, who):
    """Leave a provider only its contracts: it takes part in nothing; its promises lapse like a leaver's."""
    body = world.org[who]
    body.outsider, body.membership, body.months_low = 1, LEFT, 0
    body.engagement, body.effort, body.value, body.voice, body.resentment = 0.0, 0.0, 0.0, 0.0, 0.0
    body.gain, body.past_gain = 0.0, 0.0
    lapse(world.stake, world.project, who, dial.enforceability)


@rule
def seat_independents(world, par, dial, log):
    """Put each independent provider where the law says, in the month the law starts."""
    now, org = world.now, world.org
    for i in range(org.size):
        body = org[i]
        if body.kind != INDEPENDENT_PROVIDER or body.exists == 0:
            continue
        if dial.independent_providers == EXCLUDED:
            shut_out(world, i, log)
        elif dial.independent_providers == ON_BOARD:
            if body.outsider == 1:
                body.outsider, body.engagement = 0, par.engagement_base
                body.membership = LEFT if body.held_out == 1 else MEMBER
            note(log, now.month, INDEPENDENT_SEATED, i, -1, body.key, 1.0, 0.0, 0.0)
        elif body.outsider == 0:
            stand_outside(world, dial, i)
            note(log, now.month, INDEPENDENT_SEATED, i, -1, body.key, 0.0, 0.0, 0.0)


@rule
def bidder(world, par, item):
    """Return the independent provider on the board that has a place's hospital work moved to itself, or -1.

    Each bids with chance `independent_bids` when a reconfiguration is brought; of several, the one with the
    lowest key wins.
    """
    org = world.org
    best = -1
    for i in range(org.size):
        body = org[i]
        if body.kind != INDEPENDENT_PROVIDER or not takes_part(body) or not belongs(body):
            continue
        if body.sector != ACUTE or world.flow[item.place, i] <= 0.0:
            continue
        drawn = uniforms(world.now, INDEPENDENT_BID, item.serial, body.key, 0)[0]
        if drawn < par.independent_bids and (best < 0 or body.key < org[best].key):
            best = i
    return best
