"""4.13 ICS status can be earned and lost: each March the national body judges the system by three criteria
(E47).

Governance: mean engagement, where bodies that left count 0, is at least `status_engagement`. Finances: the
trusts' margin of the year, fund included, is at least -`status_deficit`. Joined-up care: mean integration is
at least `status_integration`. Shortfall of a criterion = (asked - found) / |asked|. Status is granted if none
falls short, and withdrawn if one falls short by more than `status_slack`. It brings fewer national demands
(`oversight/national_demands.py`). It also lets the system decide over `status_delegated` of the care that it
buys outside contracts; that money stays where it is. Nothing else depends on it: a status may be a token
(E6). Choice of provider is a criterion too, but is not judged here.
"""

from sim.kernel.compiled import rule, snap
from sim.kernel.event_log import STATUS_GRANTED, STATUS_REFUSED, STATUS_WITHDRAWN, add_reason, note
from sim.rules.bodies import belongs, is_trust, takes_part
from sim.rules.oversight.sustainability_fund import LAST_MONTH

NEVER, GRANTED, WITHDRAWN = range(3)
GOVERNANCE, FINANCES, JOINED_UP = range(3)


@rule
def shared_engagement(org):
    """Return the mean engagement of the partners; those that left count 0."""
    total, bodies = 0.0, 0.0
    for i in range(org.size):
        if takes_part(org[i]):
            bodies += 1.0
            total += snap(org[i].engagement) if belongs(org[i]) else 0.0
    return total / max(1.0, bodies)


@rule
def trusts_margin(org):
    """Return the trusts' balance of the year together, fund included, as a share of their income."""
    result, size = 0.0, 0.0
    for i in range(org.size):
        if org[i].exists == 1 and is_trust(org[i]):
            result += snap(org[i].margin_last * org[i].scale)
            size += snap(org[i].scale)
    return result / size if size > 0.0 else 0.0


@rule
def joined_up(place):
    """Return mean integration, weighted by residents."""
    total, people = 0.0, 0.0
    for p in range(place.size):
        total += snap(place[p].population * place[p].integration)
        people += snap(place[p].population)
    return total / people


@rule
def falls_short(asked, found):
    """Return the shortfall, as a share of what was asked."""
    return (asked - found) / max(abs(asked), 1e-9)


@rule
def weakest(par, org, place):
    """Return the criterion furthest from being met: which, what was found, what is asked, the shortfall."""
    which, found, asked = GOVERNANCE, shared_engagement(org), par.status_engagement
    if falls_short(-par.status_deficit, trusts_margin(org)) > falls_short(asked, found):
        which, found, asked = FINANCES, trusts_margin(org), -par.status_deficit
    if falls_short(par.status_integration, joined_up(place)) > falls_short(asked, found):
        which, found, asked = JOINED_UP, joined_up(place), par.status_integration
    return which, found, asked, falls_short(asked, found)


@rule
def judge(world, par, log):
    """Hold the year's review."""
    now, org, place, board = world.now, world.org, world.place, world.board
    which, found, asked, short = weakest(par, org, place)
    if board.status == GRANTED:
        if short > par.status_slack:
            board.status = WITHDRAWN
            note(log, now.month, STATUS_WITHDRAWN, -1, -1, now.future, float(which), found, asked)
            add_reason(log, -1, par.status_slack, 0.0)
    elif short <= 0.0:
        board.status = GRANTED
        if log.size > 1:
            note(
                log,
                now.month,
                STATUS_GRANTED,
                -1,
                -1,
                now.future,
                shared_engagement(org),
                trusts_margin(org),
                joined_up(place),
            )
            add_reason(log, -1, 12.0 * delegated(par, place), 0.0)
    else:
        note(log, now.month, STATUS_REFUSED, -1, -1, now.future, float(which), found, asked)


@rule
def delegated(par, place):
    """Return how much primary care a system with status decides on itself, GBP m a month."""
    total = 0.0
    for p in range(place.size):
        total += snap(place[p].primary)
    return snap(par.status_delegated * total)


@rule
def review_status(world, par, log):
    board = world.board
    if world.now.calendar == LAST_MONTH:
        judge(world, par, log)
    board.delegated_budget = delegated(par, world.place) if board.status == GRANTED else 0.0
