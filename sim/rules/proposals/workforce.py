"""4.4 Workforce: bodies share staff rather than bid for them (E37).

Agency premium of a provider = premium x shortage x fill x planned x (1 - relief), where relief = sharing x (1
- staff_spread x how rich in staff it is), at most 1. Those short of staff save most; those who lend to them
may pay more. The gain is the premium saved. Sharing rises as effort realises a project, and decays by the
effort that those who share do not make.
"""

from sim.kernel.compiled import clamp, rule, snap
from sim.kernel.event_log import STAFF_SHARED, note
from sim.rules.bodies import belongs, is_trust


@rule
def relief(par, body, sharing):
    """Return the share of a provider's agency premium that sharing takes away; below 0 if it mainly lends."""
    return min(1.0, sharing * (1.0 - par.staff_spread * body.staff_rich))


@rule
def shared_by(body, board):
    """Return how far a body shares staff: 0 for those outside the scheme or the partnership."""
    return board.sharing if body.shares_staff == 1 and belongs(body) else 0.0


@rule
def full_premium(par, body, board):
    """Return the yearly agency premium if nothing were shared, GBP m, as the body pays it."""
    a_month = par.agency_premium * (board.shortage * par.agency_fill) * body.planned
    return 12.0 * board.price * body.cost_index * a_month


@rule
def gains_of_workforce(par, org, board, item, row):
    """Fill one row of stakes with the premium saved; 0 if nobody is short of staff or all is shared."""
    item.sharing = min(par.sharing_rise, 1.0 - board.sharing)
    if item.sharing <= 0.0 or board.shortage <= 0.0:
        return
    posts = 0.0
    for i in range(org.size):
        if org[i].exists == 1 and is_trust(org[i]):
            posts += snap(org[i].planned)
    for i in range(org.size):
        body, mine = org[i], row[i]
        if body.exists == 1 and is_trust(body):
            before, after = (
                relief(par, body, shared_by(body, board)),
                relief(par, body, board.sharing + item.sharing),
            )
            premium = full_premium(par, body, board)
            mine.gain = premium * (after - before)
            mine.ceded = premium * item.sharing
            mine.part = body.planned / posts


@rule
def join_sharing(org, row):
    """Let participants begin to share in the month the project comes into force."""
    for i in range(org.size):
        if row[i].joins == 1 and is_trust(org[i]):
            org[i].shares_staff = 1


@rule
def raise_sharing(board, item, done):
    """Add a month's part of the rise; `done` is what is true and realised of it."""
    board.sharing = clamp(board.sharing + item.sharing * done, 0.0, 1.0)


@rule
def sharing_wears_off(par, org, board):
    """Let sharing decay by the effort that those who share do not make."""
    if board.sharing <= 0.0:
        return
    total, bodies = 0.0, 0.0
    for i in range(org.size):
        if org[i].exists == 1 and shared_by(org[i], board) > 0.0:
            total += snap(org[i].effort)
            bodies += 1.0
    board.sharing -= par.sharing_decay / 12.0 * board.sharing * (1.0 - total / max(1.0, bodies))


@rule
def record_sharing(world, par, item, log):
    """Record for the minutes, at a phase's end, how far staff are shared, by how many, and the saving."""
    now, org, board = world.now, world.org, world.board
    if log.size < 2:
        return
    saved, bodies = 0.0, 0.0
    for i in range(org.size):
        if org[i].exists == 1 and is_trust(org[i]) and shared_by(org[i], board) > 0.0:
            saved += full_premium(par, org[i], board) * relief(par, org[i], board.sharing)
            bodies += 1.0
    note(log, now.month, STAFF_SHARED, -1, item.place, item.serial, board.sharing, saved, bodies)
