"""4.14 A new law joins commissioners, or parts them again; `mergers/absorb.py` moves what they have.

Under `one` the largest CCG takes over from all others and stays a CCG. Under `absorbed` and `none` the ICS
body takes over. Under `many` each place's CCG comes back. A change costs programme capacity for a year and
moves the ties of the body that takes over part-way to those of strangers. If the law does not let a kind of
body leave, bodies of that kind that had left become members again, except those that an event keeps out. Each
resents that as a loss imposed (4.10): imposition x how much more membership would have to be worth for it to
come back by itself, at most 1.
"""

from sim.declarations.bodies import CCG
from sim.declarations.dials import MANY, ONE
from sim.kernel.compiled import clamp, rule, snap
from sim.kernel.event_log import ABSORBED_BODY, LAW_CHANGED, RESTORED_BODY, RETURNED, add_reason, note
from sim.kernel.records import LEFT, MEMBER, RATIFYING, TREASURY
from sim.rules.bodies import exit_barrier, has_seat, is_commissioner, takes_part
from sim.rules.law.commissioners import largest, running_of, set_savings
from sim.rules.mergers.absorb import absorb, join_stakes, pass_role
from sim.rules.partnership.leave_and_return import may_leave

MONTHS_OF_UPHEAVAL = 12


@rule
def rescale(org, place, i):
    """Set a commissioner's own measure of what matters: 1 % of the yearly budgets of its places."""
    total = 0.0
    for p in range(place.size):
        if place[p].commissioner == i:
            total += snap(place[p].allocation)
    org[i].scale = 0.12 * total


@rule
def inherit_ties(par, org, trust, into):
    """Give the body that takes over the mean ties of all commissioners, part-way reset.

    Runs before the others end.
    """
    for j in range(org.size):
        out, back, number = 0.0, 0.0, 0.0
        for i in range(org.size):
            if is_commissioner(org[i]) and org[i].exists == 1 and i != j:
                out += snap(trust[i, j])
                back += snap(trust[j, i])
                number += 1.0
        if number > 0.0 and j != into:
            keep = 1.0 - par.reorganisation_reset
            trust[into, j] = par.trust_neutral + keep * (out / number - par.trust_neutral)
            trust[j, into] = par.trust_neutral + keep * (back / number - par.trust_neutral)


@rule
def set_up(body):
    """Start a body as a member with no past."""
    body.exists, body.membership, body.held_out, body.months_low = 1, MEMBER, 0, 0
    body.value, body.voice, body.resentment, body.tolerance = 0.0, 0.0, 0.0, 0.0
    body.balance_year, body.balance_last, body.control_total, body.margin_last = 0.0, 0.0, 0.0, 0.0
    body.special, body.watched = 0, 0


@rule
def join_up(world, par, into, log):
    """End all commissioners but one, new or old, which takes over what they had."""
    now, org, place = world.now, world.org, world.place
    engagement, pressure, number, others = 0.0, 0.0, 0.0, 0
    for i in range(org.size):
        if is_commissioner(org[i]) and org[i].exists == 1:
            engagement += snap(org[i].engagement)
            pressure += snap(org[i].pressure)
            number += 1.0
            others += 1 if i != into else 0
    if others == 0:
        return
    inherit_ties(par, org, world.trust, into)
    core = largest(org, place)
    new = org[into]
    if new.exists == 0:
        set_up(new)
    new.engagement, new.pressure = engagement / number, pressure / number
    for i in range(org.size):
        if is_commissioner(org[i]) and org[i].exists == 1 and i != into:
            if org[i].kind == CCG and i != core:
                owe_merger(par, place, new, i)
            note(log, now.month, ABSORBED_BODY, i, into, org[i].key, org[i].cash, 0.0, 0.0)
            absorb(world, i, into)
    for p in range(place.size):
        world.local[p, into] = 1.0
    rescale(org, place, into)


@rule
def owe_merger(par, place, new, i):
    """Charge for joining a CCG by law as for a voluntary merger (4.9). All but the largest CCG are charged
    for, whichever body takes over.
    """
    new.merger_owed += snap(par.commissioner_merger_cost * running_of(place, i))
    new.merger_left = max(new.merger_left, int(par.merger_months))


@rule
def people_of(place, i):
    """Return the residents of all places whose CCG is body i."""
    people = 0.0
    for p in range(place.size):
        if place[p].first_commissioner == i:
            people += snap(place[p].population)
    return people


@rule
def come_back(world, par, i, holder, held, people, log):
    """Set up an ended CCG again: it starts among strangers, in the mood of the body that held its places."""
    now, org, place, trust = world.now, world.org, world.place, world.trust
    heir, body = org[i], org[holder]
    set_up(heir)
    heir.engagement, heir.pressure, heir.margin_last = body.engagement, body.pressure, body.margin_last
    for j in range(org.size):
        if j != i:
            trust[i, j] = par.trust_neutral
            trust[j, i] = par.trust_neutral
    ends = 0.0 if body.kind == CCG else 1.0
    note(log, now.month, RESTORED_BODY, i, holder, heir.key, held * people_of(place, i) / people, ends, 0.0)


@rule
def split_up(world, par, holder, log):
    """Give each place back to its CCG, with its work. Money goes by population; the rest goes to the holder
    if it is a CCG, otherwise to the Treasury.
    """
    org, place = world.org, world.place
    body = org[holder]
    people = 0.0
    for p in range(place.size):
        people += snap(place[p].population)
    held, year, last, total, owed = (
        body.cash,
        body.balance_year,
        body.balance_last,
        body.control_total,
        body.merger_owed,
    )
    body.cash, body.balance_year, body.balance_last, body.control_total, body.merger_owed = (
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
    )
    past, rest = body.past_gain, held
    body.saving, body.gain, body.past_gain = 0.0, 0.0, 0.0
    for p in range(place.size):
        here = place[p]
        i = here.first_commissioner
        share = here.population / people
        if org[i].exists == 0:
            come_back(world, par, i, holder, held, people, log)
        heir = org[i]
        here.commissioner = i
        handed = snap(held * share)
        rest -= handed
        heir.cash += handed
        heir.balance_year += snap(year * share)
        heir.balance_last += snap(last * share)
        heir.control_total += snap(total * share)
        heir.past_gain += snap(past * share)
        heir.merger_owed += snap(owed * share)
        heir.merger_left = body.merger_left
    for p in range(place.size):
        rescale(org, place, place[p].first_commissioner)
        if place[p].first_commissioner != holder:
            world.local[p, holder] = 0.0
    goes_on = body.kind == CCG
    if goes_on:
        body.cash += rest
    else:
        world.account[TREASURY] += rest
        body.exists, body.membership, body.merger_left, body.special, body.watched = 0, LEFT, 0, 0, 0
    part_work(world, holder, holder if goes_on else largest(org, place))


@rule
def part_work(world, holder, others):
    """Give work on a place, with promises and votes, to its CCG; other work goes to the CCG `others`."""
    project, stake = world.project, world.stake
    for q in range(project.size):
        if project[q].stage > 0:
            heir = world.place[project[q].place].first_commissioner if project[q].place >= 0 else others
            if heir != holder:
                join_stakes(project[q].stage >= RATIFYING, stake[q, holder], stake[q, heir])
                pass_role(project[q], holder, heir)


@rule
def holder_of_others(place):
    """Return the commissioner that holds places of other CCGs by law, or -1; there is one at most."""
    holder = -1
    for p in range(place.size):
        if place[p].commissioner != place[p].first_commissioner:
            holder = place[p].commissioner
    return holder


@rule
def compel(world, par, dial, log):
    """Make membership compulsory for bodies that the new law does not let go."""
    now, org = world.now, world.org
    for i in range(org.size):
        body = org[i]
        if (
            not takes_part(body)
            or body.membership != LEFT
            or body.held_out == 1
            or may_leave(dial, body)
            or not has_seat(dial, body)
        ):
            continue
        needed = par.return_margin - exit_barrier(par, body) - body.tolerance
        body.membership = MEMBER
        body.months_low = 0
        body.resentment = min(1.0, body.resentment + par.imposition * clamp(needed - body.value, 0.0, 1.0))
        world.board.returns += 1
        note(log, now.month, RETURNED, i, -1, body.key, body.value, needed, 2.0)


@rule
def change_law(world, par, dial, log):
    """Apply a regime that starts this month: bodies end or come back; programme capacity falls for a year."""
    now, place, board = world.now, world.place, world.board
    board.reorganising = MONTHS_OF_UPHEAVAL
    note(log, now.month, LAW_CHANGED, -1, -1, board.serials, dial.decision_rule, dial.ratification, dial.exit)
    add_reason(log, -1, float(board.law), 0.0)
    if dial.commissioners == MANY:
        holder = holder_of_others(place)
        if holder >= 0:
            split_up(world, par, holder, log)
    else:
        into = largest(world.org, place) if dial.commissioners == ONE else board.body
        join_up(world, par, into, log)
    set_savings(world, par, dial, log)
    compel(world, par, dial, log)
