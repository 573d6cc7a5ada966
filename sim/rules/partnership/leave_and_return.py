"""4.12 Staying and leaving: below minus the exit barrier for `leaving_months`, a body leaves if the regime
lets its kind.

A leaver has no say and takes no part in projects (`partnership/withdrawal.py`). Its unenforced promises
lapse, its pools dissolve at the turn of the year, and its patients still come. It returns once membership has
been worth `return_margin` more than the barrier for `leaving_months`, or when a law makes membership
compulsory (`law/change_of_law.py`). Scenario events act whatever the law says.
"""

from sim.declarations.bodies import ICS_BODY, PRIMARY_CARE
from sim.declarations.dials import EXIT_FREE, EXIT_NHS_BARRED
from sim.kernel.compiled import entry, rule
from sim.kernel.event_log import (
    GAVE_NOTICE,
    LEFT_SYSTEM,
    RETURNED,
    STAYED,
    TOOK_NOTICE_BACK,
    WALKED_AWAY,
    add_reason,
    note,
)
from sim.kernel.records import GIVING_NOTICE, LEFT, MEMBER
from sim.rules.bodies import exit_barrier, is_council, is_nhs, takes_part
from sim.rules.decisions.promises import lapse
from sim.rules.decisions.reasons import promised_by
from sim.rules.partnership.membership_value import weighs_most
from sim.rules.partnership.withdrawal import withdraw


@rule
def may_leave(dial, body):
    """Return whether the regime lets this kind of body leave. The statutory body itself cannot; networks,
    under NHS contract, count as NHS.
    """
    if body.kind == ICS_BODY:
        return False
    nhs = is_nhs(body) or body.kind == PRIMARY_CARE
    return dial.exit == EXIT_FREE or (dial.exit == EXIT_NHS_BARRED and not nhs)


@rule
def leaves_below(par, body):
    """Return the membership value below which a body wishes to leave."""
    return -(exit_barrier(par, body) + body.tolerance)


@entry
def level_of_leaving(par, org, i):
    """Return `leaves_below` of body i to a caller in Python."""
    return leaves_below(par, org[i])


@rule
def intend_membership(par, org):
    """Intention: count months in which a member wishes to leave, or a leaver to return.

    Mesa agents may overrule it.
    """
    for i in range(org.size):
        body = org[i]
        barrier = leaves_below(par, body)
        if body.membership == LEFT:
            wishes = body.value > barrier + par.return_margin and body.held_out == 0
        else:
            wishes = body.value < barrier
        body.months_low = body.months_low + 1 if wishes and takes_part(body) and body.kind != ICS_BODY else 0


@rule
def walk_out(world, par, dial, who):
    """Let a body leave, by its own choice or an event. `withdraw` runs once all leavers have gone."""
    org, board, broken = world.org, world.board, world.broken
    body = org[who]
    body.membership = LEFT
    body.months_low = 0
    board.walk_aways += 1
    board.walk_aways_council += 1 if is_council(body) else 0
    lapse(world.stake, world.project, who, dial.enforceability)
    for i in range(org.size):
        if i != who:
            broken[i, who] += par.leave_evidence


@rule
def record_wish(world, par, i, kind, third, log):
    """Record for the minutes membership value against the barrier, and its term that weighs most against."""
    now, org = world.now, world.org
    note(log, now.month, kind, i, -1, org[i].key, org[i].value, leaves_below(par, org[i]), third)
    which, size = weighs_most(world, par, i)
    add_reason(log, -1, float(which), size)


@rule
def stay(world, par, dial, log):
    now, org = world.now, world.org
    for i in range(org.size):
        body = org[i]
        if body.exists == 0:
            continue
        ready = body.months_low >= par.leaving_months
        if body.membership == MEMBER and ready:
            if may_leave(dial, body):
                body.membership = GIVING_NOTICE
                body.notice_left = dial.exit_notice
                if log.size > 1 and dial.exit_notice > 0:
                    record_wish(world, par, i, GAVE_NOTICE, float(dial.exit_notice), log)
            # recorded once, in the first month in which it would have left
            elif body.months_low < par.leaving_months + 1.0:
                # the statutory body is the system, and has nowhere to go
                if log.size > 1 and body.kind != ICS_BODY:
                    record_wish(world, par, i, STAYED, 0.0, log)
        if body.membership == GIVING_NOTICE:
            # it changed its mind, or a new law bars it meanwhile
            if body.months_low == 0 or not may_leave(dial, body):
                body.membership = MEMBER
                if log.size > 1 and body.months_low == 0:
                    record_wish(world, par, i, TOOK_NOTICE_BACK, float(body.notice_left), log)
                elif log.size > 1:
                    record_wish(world, par, i, STAYED, 0.0, log)
            elif body.notice_left > 0:
                body.notice_left -= 1
            else:
                if log.size > 1:
                    lost = (1.0 - dial.enforceability) * promised_by(world.project, world.stake, i)
                    record_wish(world, par, i, LEFT_SYSTEM, lost, log)
                walk_out(world, par, dial, i)
        elif body.membership == LEFT and ready:
            body.membership = MEMBER
            body.months_low = 0
            world.board.returns += 1
            note(
                log,
                now.month,
                RETURNED,
                i,
                -1,
                body.key,
                body.value,
                par.return_margin - exit_barrier(par, body) - body.tolerance,
                0.0,
            )
    withdraw(world, par, log)  # also withdraws a member that merged into a body that had left


@rule
def walk_away(world, par, dial, who, log):
    """Let a body leave by a scenario event, whatever the law says, until an event brings it back."""
    now, org = world.now, world.org
    org[who].held_out = 1
    if org[who].exists == 1 and org[who].membership != LEFT:
        if log.size > 1:
            lost = (1.0 - dial.enforceability) * promised_by(world.project, world.stake, who)
            below = leaves_below(par, org[who])
            note(log, now.month, WALKED_AWAY, who, -1, org[who].key, org[who].value, below, lost)
        walk_out(world, par, dial, who)


@rule
def come_back(world, who, log):
    """Let a body return by a scenario event."""
    now, org = world.now, world.org
    org[who].held_out = 0
    if takes_part(org[who]) and org[who].membership == LEFT:
        org[who].membership = MEMBER
        org[who].months_low = 0
        world.board.returns += 1
        note(log, now.month, RETURNED, who, -1, org[who].key, org[who].value, 0.0, 1.0)
