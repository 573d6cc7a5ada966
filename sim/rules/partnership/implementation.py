"""4.10 Implementation: agreed work is done as far as those who must act make an effort; benefits come slowly.

realised share = sum over participants of part x effort x commitment / part held. Integration rises by rise x
truth x realised x part held / phase_months a month, and decays where partners stop working at it. The
council's load grows with the care that really moves: load x max(0, truth). Participants remember what a
finished project brought; this memory fades by gain_fade a month.
"""

from sim.kernel.compiled import clamp, rule, snap
from sim.kernel.event_log import CAME_INTO_FORCE, DELIVERED, FELL_SHORT, HARM_CAME_TO_LIGHT, add_reason, note
from sim.kernel.records import CAPITAL, EMPTY, IN_FORCE, POOL, RECONFIGURE, RUNNING, SUPPLIERS, WORKFORCE
from sim.rules.bodies import outside, pay, takes_part
from sim.rules.decisions.reasons import idlest, participants
from sim.rules.oversight.support import draw_on_fund
from sim.rules.proposals.capital import grant_capital, lower_cost, own_schemes_pay_off
from sim.rules.proposals.reconfiguration import lose_access, move_work
from sim.rules.proposals.workforce import join_sharing, raise_sharing, record_sharing, sharing_wears_off
from sim.rules.services.small_partners import confidence_target


@rule
def wear_off(world, par):
    """Let integration decay by the effort that local partners do not make; confidence nears its target."""
    org, place = world.org, world.place
    for p in range(place.size):
        here = place[p]
        total = 0.0
        bodies = 0.0
        for i in range(org.size):
            if world.local[p, i] > 0.0 and takes_part(org[i]):
                total += snap(org[i].effort)
                bodies += 1.0
        idle = 1.0 - total / max(1.0, bodies)
        here.integration -= par.integration_decay / 12.0 * here.integration * idle
        here.confidence += par.confidence_rate * (confidence_target(par, org, here) - here.confidence)


@rule
def start(world, par, item, row, log):
    """Start a project: promises begin, costly backing is seen, bodies that were bound resent it."""
    now, org, board, kept = world.now, world.org, world.board, world.kept
    board.agreed += 1
    board.bad_passed += item.harmful
    board.imposed += 1 if item.imposed > 0 else 0
    board.partial += item.partial
    item.promise_left = int(par.promise_months)
    if log.size > 1:
        waited = float(now.month - item.tabled)
        note(
            log,
            now.month,
            CAME_INTO_FORCE,
            item.sponsor,
            item.place,
            item.serial,
            waited,
            item.compensation,
            float(item.imposed),
        )
        add_reason(log, -1, float(participants(row)), float(item.promise_left))
    for i in range(row.size):
        mine = row[i]
        mine.commitment = clamp(1.0 + par.half_heartedness * min(0.0, mine.support), 0.2, 1.0)
        if mine.joins == 1 and mine.vote < 0:
            org[i].resentment = min(1.0, org[i].resentment - par.imposition * mine.support)
        if mine.part > 0.0 and mine.vote > 0 and mine.gain < 0.0:
            for j in range(row.size):
                if j != i and row[j].part > 0.0 and row[j].gain > 0.0:
                    kept[j, i] += par.backing_evidence


@rule
def count_decided(dial, item, row, board):
    """Count what was decided at which level: own gains and losses, and what the project costs once."""
    amount = snap(item.one_off + item.capital)
    for i in range(row.size):
        amount += snap(abs(row[i].gain))
    if item.local == 1:
        board.decided_place += amount
    else:
        board.decided_system += amount
    board.decided_open += snap(dial.transparency * amount)


@rule
def outvoted(par, row, broken):
    """Let those bound against their will hold it against those who outvoted them."""
    for i in range(row.size):
        if row[i].joins == 1 and row[i].vote < 0:
            for j in range(row.size):
                if row[j].vote > 0 and j != i:
                    broken[i, j] += par.outvote_evidence


@rule
def realised_share(org, item, row):
    """Return the effort of those who must act, weighted by their part, in [0, 1]."""
    done = 0.0
    for i in range(row.size):
        if row[i].joins == 1:
            done += snap(row[i].part * org[i].effort * row[i].commitment)
    return clamp(done / max(item.taking_part, 1e-9), 0.0, 1.0)


@rule
def run_double(world, item):
    """Pay for a year of old and new services side by side: from the place's grant and the fund while they
    last, then from the commissioner's money.
    """
    cost = item.one_off * item.taking_part / 12.0
    funded = draw_on_fund(world, item.place, cost)
    if item.place >= 0:
        pay(world.org, world.account, world.place[item.place].commissioner, outside(SUPPLIERS), cost - funded)


@rule
def finish(world, par, item, row, log):
    """End a project's phase: it is delivered or has fallen short, and harm comes to light."""
    now, place, board, broken = world.now, world.place, world.board, world.broken
    share = item.realised / par.phase_months
    if share >= par.delivered_share:
        board.delivered += 1
    else:
        board.fell_short += 1
    if log.size > 1:
        kind, waited = (
            DELIVERED if share >= par.delivered_share else FELL_SHORT,
            float(now.month - item.tabled),
        )
        note(log, now.month, kind, item.sponsor, item.place, item.serial, share, waited, par.delivered_share)
        who, effort = idlest(world.org, row)
        add_reason(log, who, effort, float(item.phased))
    if item.harmful == 1:
        note(
            log,
            now.month,
            HARM_CAME_TO_LIGHT,
            item.sponsor,
            item.place,
            item.serial,
            item.truth,
            par.confidence_harm if item.place >= 0 else 0.0,
            0.0,
        )
        item.found = 1
        if item.place >= 0:
            place[item.place].confidence = max(0.0, place[item.place].confidence - par.confidence_harm)
        for i in range(row.size):
            if row[i].part > 0.0 and i != item.sponsor and item.sponsor >= 0:
                broken[i, item.sponsor] += par.harm_evidence
    item.stage = RUNNING


@rule
def open_kind(world, par, item, row, log):
    """Do what happens at once when a project of these kinds comes into force."""
    if item.kind == RECONFIGURE:
        lose_access(world, par, item, row, log)
    elif item.kind == CAPITAL:
        grant_capital(world, item, row, log)
    elif item.kind == WORKFORCE:
        join_sharing(world.org, row)


@rule
def carry_out(world, par, item, row, done):
    """Do a month's work on a project of these kinds; `done` is the part realised, true or not."""
    if item.kind == RECONFIGURE:
        move_work(world, par, item, done)
    elif item.kind == CAPITAL:
        lower_cost(world.org, item, row, item.truth * done)
    elif item.kind == WORKFORCE:
        raise_sharing(world.board, item, item.truth * done)


@rule
def seen_share(par, item):
    """Return how much of what a project claimed has come true so far."""
    return item.truth * item.realised / par.phase_months


@rule
def remember(par, body, item, mine):
    """Add what a project brought to what the body remembers; for this body the project is over."""
    body.past_gain += mine.gain * seen_share(par, item)


@rule
def implement(world, par, dial, log):
    org, board, project, broken = world.org, world.board, world.project, world.broken
    wear_off(world, par)
    sharing_wears_off(par, org, board)
    own_schemes_pay_off(par, org)
    for q in range(project.size):
        item = project[q]
        row = world.stake[q]
        if item.stage == RUNNING and item.promise_left <= 0 and item.kind != POOL:
            for i in range(org.size):
                if row[i].joins == 1:
                    remember(par, org[i], item, row[i])
            item.stage = EMPTY
        if item.stage != IN_FORCE:
            continue
        if item.phased == 0:
            start(world, par, item, row, log)
            count_decided(dial, item, row, board)
            outvoted(par, row, broken)
            open_kind(world, par, item, row, log)
        realised = realised_share(org, item, row)
        item.phased += 1
        item.realised += realised
        step = item.truth * realised * item.taking_part / par.phase_months
        if item.place >= 0:
            here = world.place[item.place]
            here.integration = clamp(here.integration + item.rise * step, 0.0, 1.0)
            # care that harm sends back to hospital relieves neither councils nor practices
            here.care_load += item.load / 12.0 * max(0.0, step)
            here.practice_load += item.practice / 12.0 * max(0.0, step)
        carry_out(world, par, item, row, realised * item.taking_part / par.phase_months)
        if item.one_off > 0.0 and item.phased <= 12:
            run_double(world, item)
        if item.phased >= par.phase_months:
            finish(world, par, item, row, log)
            if item.kind == WORKFORCE:
                record_sharing(world, par, item, log)


@rule
def count_gains(world, par):
    """Set what each body sees membership bring: compensation, gains of projects in force as far as true and
    realised, gains of finished projects as far as they are remembered, and what pools save.
    """
    org, project, stake = world.org, world.project, world.stake
    for i in range(org.size):
        org[i].past_gain -= par.gain_fade * org[i].past_gain
        org[i].gain = 12.0 * (org[i].received - org[i].paid) + org[i].past_gain
        org[i].saving = 0.0
    for q in range(project.size):
        item = project[q]
        if item.stage < IN_FORCE or item.phased == 0:
            continue
        done = seen_share(par, item)
        for i in range(org.size):
            if stake[q, i].joins == 1:
                org[i].gain += stake[q, i].gain * done
                if item.kind == POOL:
                    org[i].saving += stake[q, i].gain * done / 12.0
