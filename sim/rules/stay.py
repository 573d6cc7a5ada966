"""4.12 Staying and leaving: below minus the exit barrier for `leaving_months`, a body leaves if the regime lets its kind.

A leaver's unenforced promises lapse, its pools dissolve at the year's turn, its patients still flow. It returns once
membership would be worth `return_margin` more than the barrier. Events walk over any bar.
"""

from sim.compiled import rule
from sim.minutes_log import GAVE_NOTICE, LEFT_SYSTEM, RETURNED, STAYED, WALKED_AWAY, note
from sim.regime import EXIT_FREE, EXIT_NHS_BARRED, ICS_BODY
from sim.rules.bodies import is_council
from sim.rules.promises import lapse
from sim.world import GIVING_NOTICE, LEFT, MEMBER


@rule
def may_leave(dial, body):
    """Whether the regime lets this kind of body leave. The statutory body itself cannot."""
    if body.kind == ICS_BODY:
        return False
    return dial.exit == EXIT_FREE or (dial.exit == EXIT_NHS_BARRED and is_council(body))


@rule
def intend_membership(par, org):
    """Intention: count the months a member has wished to go, or a leaver to come back. Mesa agents may overrule it."""
    for i in range(org.size):
        body = org[i]
        barrier = -(par.exit_barrier + body.tolerance)
        if body.membership == LEFT:
            wishes = body.value > barrier + par.return_margin and body.held_out == 0
        else:
            wishes = body.value < barrier
        body.months_low = body.months_low + 1 if wishes and body.exists == 1 else 0


@rule
def walk_out(par, dial, org, who, project, stake, board, broken):
    """What follows when a body leaves, by its own choice or an event."""
    body = org[who]
    body.membership = LEFT
    body.months_low = 0
    board.walk_aways += 1
    lapse(stake, project, who, dial.enforceability)
    for i in range(org.size):
        if i != who:
            broken[i, who] += par.leave_evidence


@rule
def stay(now, par, dial, org, project, stake, board, broken, log):
    for i in range(org.size):
        body = org[i]
        if body.exists == 0:
            continue
        ready = body.months_low >= par.leaving_months
        if body.membership == MEMBER and ready:
            if may_leave(dial, body):
                body.membership = GIVING_NOTICE
                body.notice_left = dial.exit_notice
                note(log, now.month, GAVE_NOTICE, i, -1, body.key, body.value, par.exit_barrier + body.tolerance, dial.exit_notice)
            elif body.months_low == int(par.leaving_months):
                note(log, now.month, STAYED, i, -1, body.key, body.value, par.exit_barrier + body.tolerance, 0.0)
        if body.membership == GIVING_NOTICE:
            if body.months_low == 0:
                body.membership = MEMBER
            elif body.notice_left > 0:
                body.notice_left -= 1
            else:
                note(log, now.month, LEFT_SYSTEM, i, -1, body.key, body.value, par.exit_barrier + body.tolerance, 0.0)
                walk_out(par, dial, org, i, project, stake, board, broken)
        elif body.membership == LEFT and ready:
            body.membership = MEMBER
            body.months_low = 0
            board.returns += 1
            note(log, now.month, RETURNED, i, -1, body.key, body.value, 0.0, 0.0)


@rule
def walk_away(now, par, dial, org, who, project, stake, board, broken, log):
    """A scenario event: a body leaves over any bar, and stays away until an event brings it back."""
    org[who].held_out = 1
    if org[who].exists == 1 and org[who].membership != LEFT:
        note(log, now.month, WALKED_AWAY, who, -1, org[who].key, org[who].value, 0.0, 0.0)
        walk_out(par, dial, org, who, project, stake, board, broken)


@rule
def come_back(now, org, who, board, log):
    """A scenario event: a body returns."""
    org[who].held_out = 0
    if org[who].exists == 1 and org[who].membership == LEFT:
        org[who].membership = MEMBER
        org[who].months_low = 0
        board.returns += 1
        note(log, now.month, RETURNED, who, -1, org[who].key, org[who].value, 0.0, 0.0)
