"""4.14 Changing the law: commissioners end, or come back; `absorb.py` moves what they have.

A change costs programme capacity for a year and moves the ties of new bodies part-way to those of strangers. A law under which a kind of
body may not leave makes those of them that had left members again, except whom an event keeps out. Each resents that as a loss imposed
(4.10): imposition x what membership would have to be worth more for it to come back by itself, at most 1.
"""

from sim.compiled import clamp, rule, snap
from sim.minutes_log import ABSORBED_BODY, LAW_CHANGED, RESTORED_BODY, RETURNED, add_reason, note
from sim.regime import ABSORBED, CCG
from sim.rules.absorb import absorb
from sim.rules.stay import may_leave
from sim.world import LEFT, MEMBER, TREASURY

MONTHS_OF_UPHEAVAL = 12


@rule
def rescale(org, place, i):
    """A commissioner's own measure of what matters: 1 % of the budgets of its places."""
    total = 0.0
    for p in range(place.size):
        if place[p].commissioner == i:
            total += snap(place[p].allocation)
    org[i].scale = 0.12 * total


@rule
def inherit_ties(par, org, trust, into):
    """A new body starts with the mean ties of those it takes over, part-way reset; before they cease to exist."""
    for j in range(org.size):
        out, back, number = 0.0, 0.0, 0.0
        for i in range(org.size):
            if org[i].kind == CCG and org[i].exists == 1 and i != j:
                out += snap(trust[i, j])
                back += snap(trust[j, i])
                number += 1.0
        if number > 0.0 and j != into:
            keep = 1.0 - par.reorganisation_reset
            trust[into, j] = par.trust_neutral + keep * (out / number - par.trust_neutral)
            trust[j, into] = par.trust_neutral + keep * (back / number - par.trust_neutral)


@rule
def join_up(now, par, org, place, flow, contract, board, project, stake, trust, local, log):
    """All CCGs end; the ICS body takes over what they had."""
    into = board.body
    inherit_ties(par, org, trust, into)
    new = org[into]
    engagement, pressure, number = 0.0, 0.0, 0.0
    for i in range(org.size):
        if org[i].kind == CCG and org[i].exists == 1:
            engagement += snap(org[i].engagement)
            pressure += snap(org[i].pressure)
            number += 1.0
    new.exists, new.membership, new.held_out = 1, MEMBER, 0
    new.engagement, new.pressure = engagement / max(1.0, number), pressure / max(1.0, number)
    new.value, new.voice, new.resentment, new.tolerance, new.months_low = 0.0, 0.0, 0.0, 0.0, 0
    new.balance_year, new.balance_last, new.control_total = 0.0, 0.0, 0.0
    for i in range(org.size):
        if org[i].kind == CCG and org[i].exists == 1:
            note(log, now.month, ABSORBED_BODY, i, into, org[i].key, org[i].cash, 0.0, 0.0)
            absorb(i, into, org, place, flow, contract, local, project, stake)
    for p in range(place.size):
        local[p, into] = 1.0
    rescale(org, place, into)


@rule
def people_of(place, i):
    """Residents of all places that a CCG commissioned for."""
    people = 0.0
    for p in range(place.size):
        if place[p].first_commissioner == i:
            people += snap(place[p].population)
    return people


@rule
def split_up(now, par, org, place, board, account, project, stake, trust, log):
    """The ICS body ends and the CCGs come back: places and work return to them, money by population, rest to the Treasury."""
    body = org[board.body]
    people = 0.0
    for p in range(place.size):
        people += snap(place[p].population)
    held, year, last, total = body.cash, body.balance_year, body.balance_last, body.control_total
    for p in range(place.size):
        here = place[p]
        i = here.first_commissioner
        share = here.population / people
        heir = org[i]
        if heir.exists == 0:
            heir.exists, heir.membership, heir.months_low = 1, MEMBER, 0
            heir.engagement, heir.pressure, heir.value, heir.voice, heir.resentment = body.engagement, body.pressure, 0.0, 0.0, 0.0
            for j in range(org.size):
                if j != i:
                    trust[i, j] = par.trust_neutral
                    trust[j, i] = par.trust_neutral
            note(log, now.month, RESTORED_BODY, i, board.body, heir.key, held * people_of(place, i) / people, 0.0, 0.0)
        here.commissioner = i
        handed = snap(held * share)
        heir.cash += handed
        body.cash -= handed
        heir.balance_year += snap(year * share)
        heir.balance_last += snap(last * share)
        heir.control_total += snap(total * share)
        heir.past_gain += snap(body.past_gain * share)
        rescale(org, place, i)
        for q in range(project.size):
            if project[q].place == p and project[q].stage > 0:
                hand_back(stake[q, board.body], stake[q, i])
                if project[q].sponsor == board.body:
                    project[q].sponsor = i
    account[TREASURY] += body.cash
    body.cash = 0.0
    for q in range(project.size):
        left = stake[q, board.body]
        left.part, left.joins, left.pays, left.receives, left.say, left.vote = 0.0, 0, 0.0, 0.0, 0, 0
        if project[q].sponsor == board.body:
            project[q].sponsor = -1
    body.exists = 0
    body.membership = LEFT
    body.balance_year, body.balance_last, body.control_total, body.saving, body.gain = 0.0, 0.0, 0.0, 0.0, 0.0
    body.past_gain = 0.0


@rule
def hand_back(give, take):
    """A project's local part goes back to its place's commissioner."""
    take.part += give.part
    take.gain += give.gain
    take.ceded += give.ceded
    take.pays += give.pays
    take.receives += give.receives
    take.joins = max(take.joins, give.joins)
    take.commitment = max(take.commitment, give.commitment)
    give.part, give.gain, give.ceded, give.pays, give.receives, give.joins = 0.0, 0.0, 0.0, 0.0, 0.0, 0


@rule
def compel(now, par, dial, org, board, log):
    """Membership becomes compulsory for bodies that the new law does not let go."""
    for i in range(org.size):
        body = org[i]
        if body.exists == 0 or body.membership != LEFT or body.held_out == 1 or may_leave(dial, body):
            continue
        needed = par.return_margin - par.exit_barrier - body.tolerance
        body.membership = MEMBER
        body.months_low = 0
        body.resentment = min(1.0, body.resentment + par.imposition * clamp(needed - body.value, 0.0, 1.0))
        board.returns += 1
        note(log, now.month, RETURNED, i, -1, body.key, body.value, needed, 2.0)


@rule
def change_law(now, par, dial, org, place, flow, contract, board, account, project, stake, trust, local, log):
    """Apply a regime that starts this month: bodies end or come back; the upheaval costs a year of programme capacity."""
    absorbed = org[board.body].exists == 1
    board.reorganising = MONTHS_OF_UPHEAVAL
    note(log, now.month, LAW_CHANGED, -1, -1, board.serials, dial.decision_rule, dial.ratification, dial.exit)
    add_reason(log, -1, float(board.law), 0.0)
    if dial.commissioners == ABSORBED and not absorbed:
        join_up(now, par, org, place, flow, contract, board, project, stake, trust, local, log)
    elif dial.commissioners != ABSORBED and absorbed:
        split_up(now, par, org, place, board, account, project, stake, trust, log)
    compel(now, par, dial, org, board, log)
