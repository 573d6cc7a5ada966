"""4.4 The agenda is a queue with limited meeting time; contested proposals take more of it.

Place-level proposals are heard by their place every month; system-level ones queue, oldest first. The leader
of the `host` chairs. As far as the chair is not independent, it hears first what its own body likes: priority
= months waited + host_pull x (1 - board_independence) x the host's own view, held within -1 and 1 (E45:
strong bodies may rule a shared table).
"""

from sim.declarations.bodies import CCG
from sim.declarations.dials import CCG_HOST, COUNCIL_HOST, NO_HOST, TRUST_HOST
from sim.kernel.compiled import clamp, rule
from sim.kernel.event_log import HELD_BACK, add_reason, note
from sim.kernel.records import CASE, TABLE
from sim.rules.bodies import belongs, is_council, is_trust
from sim.rules.decisions.appraisal import system_weight
from sim.rules.decisions.liability import share_liability
from sim.rules.decisions.reasons import confidence_in
from sim.rules.decisions.terms import added, own_terms
from sim.rules.decisions.voting_rights import give_say


@rule
def can_host(dial, body):
    """Return whether a member is of the kind that hosts the system."""
    if not belongs(body):
        return False
    trust = dial.host == TRUST_HOST and is_trust(body)
    return (
        trust
        or (dial.host == CCG_HOST and body.kind == CCG)
        or (dial.host == COUNCIL_HOST and is_council(body))
    )


@rule
def find_host(dial, org):
    """Return the largest member of the kind that hosts, or -1; ties go by key."""
    best = -1
    if dial.host == NO_HOST:
        return best
    for i in range(org.size):
        if can_host(dial, org[i]):
            larger = best < 0 or org[i].scale > org[best].scale
            if larger or (org[i].scale == org[best].scale and org[i].key < org[best].key):
                best = i
    return best


@rule
def queues(item):
    """Return whether a system-level proposal is ready to be heard this month, and not yet heard."""
    return item.stage == TABLE and item.heard == 0 and item.wait == 0 and item.local == 0


@rule
def view_of_host(world, par, dial, item, row, host):
    """Return what the host thinks of a proposal before anybody is talked to or paid, within -1 and 1."""
    org = world.org
    give_say(world, par, dial, item, row)
    share_liability(dial, org, item, row)
    org[host].weight = system_weight(par, dial, org[host])
    confidence = confidence_in(world.place, item.place)
    return clamp(added(own_terms(par, dial, confidence, item, org[host], row[host])), -1.0, 1.0)


@rule
def set_priorities(world, par, dial, host):
    """Set priorities: months waited, and what the host's leader adds or takes away."""
    project = world.project
    pull = par.host_pull * (1.0 - dial.board_independence) if host >= 0 else 0.0
    for q in range(project.size):
        item = project[q]
        if queues(item):
            item.priority = float(world.now.month - item.tabled)
            if pull > 0.0:
                item.priority += pull * view_of_host(world, par, dial, item, world.stake[q], host)


@rule
def next_in_queue(project):
    """Return the queuing proposal of highest priority, or -1; ties go to the older, by serial number."""
    best = -1
    for q in range(project.size):
        item = project[q]
        if queues(item):
            ahead = best < 0 or item.priority > project[best].priority
            if ahead or (item.priority == project[best].priority and item.serial < project[best].serial):
                best = q
    return best


@rule
def record_held_back(now, project, host, log):
    """Record for the minutes which proposals wait although a younger one was heard. Only the chair's
    preference can bring this about.
    """
    youngest = -1
    for q in range(project.size):
        item = project[q]
        if item.heard == 1 and item.local == 0 and (youngest < 0 or item.serial > project[youngest].serial):
            youngest = q
    for q in range(project.size):
        item = project[q]
        if youngest >= 0 and queues(item) and item.serial < project[youngest].serial:
            waited = float(now.month - item.tabled)
            note(
                log,
                now.month,
                HELD_BACK,
                host,
                item.place,
                item.serial,
                waited,
                item.priority,
                project[youngest].priority,
            )
            add_reason(log, -1, float(project[youngest].serial), 0.0)


@rule
def set_agenda(world, par, dial, log):
    board, project = world.board, world.project
    for q in range(project.size):
        item = project[q]
        item.heard = 0
        if item.wait > 0:
            item.wait -= 1
        elif item.stage == CASE:
            item.stage = TABLE
        if item.stage == TABLE and item.wait == 0 and item.local == 1:
            item.heard = 1
            board.meetings += 1
    host = find_host(dial, world.org)
    set_priorities(world, par, dial, host)
    time = par.meeting_items
    while time > 0.0:
        q = next_in_queue(project)
        if q < 0:
            return
        project[q].heard = 1
        board.meetings += 1
        time -= 1.0 + par.contest_time * project[q].objection
    if log.size > 1 and host >= 0:
        record_held_back(world.now, project, host, log)
