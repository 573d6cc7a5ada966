"""4.13 Raids: money left in the year's transformation fund that is not ring-fenced fills deficits of trusts
(E39).

raid = min((1 - ring_fence) x unspent, shortfalls of trusts against their control totals), paid in proportion
to shortfall. It is paid in March before the year's accounts are judged, as income like any other, so it
counts towards the control total and the sustainability fund (HSC 2018 §213: one fund was to restore balance
and to pay for change). Next year's control totals then start from a better outturn, but the deficits are back
and the money for change is gone. Grants of places lose the same share as the money for all.
"""

from sim.kernel.compiled import rule, snap
from sim.kernel.event_log import FUND_RAIDED, add_reason, note
from sim.kernel.records import TRANSFORMATION
from sim.rules.bodies import is_trust, outside, pay
from sim.rules.oversight.sustainability_fund import LAST_MONTH, room

# GBP m, far above the money grid: rounding then neither overdraws the fund nor leaves a trust just short
CRUMB = 1.0 / 65536.0


@rule
def lacks(body):
    """Return a trust's distance below its control total, GBP m."""
    return max(0.0, -room(body)) if body.exists == 1 and is_trust(body) else 0.0


@rule
def cut_grants(place, share):
    for p in range(place.size):
        place[p].grant -= snap(place[p].grant * share)


@rule
def raid_fund(world, dial, log):
    now, org, account = world.now, world.org, world.account
    if now.calendar != LAST_MONTH or dial.ring_fence >= 1.0:
        return
    short, trusts = 0.0, 0.0
    for i in range(org.size):
        short += snap(lacks(org[i]))
        trusts += 1.0 if lacks(org[i]) > 0.0 else 0.0
    unspent = account[TRANSFORMATION]
    taken = min((1.0 - dial.ring_fence) * unspent - CRUMB, short + CRUMB)
    if short <= 0.0 or taken <= 0.0:
        return
    paid = 0.0
    for i in range(org.size):
        if lacks(org[i]) > 0.0:
            paid += pay(org, account, outside(TRANSFORMATION), i, taken * (lacks(org[i]) / short))
    cut_grants(world.place, min(1.0, (paid + CRUMB) / unspent))
    world.board.raided += paid
    note(log, now.month, FUND_RAIDED, -1, -1, now.future, paid, unspent, short)
    add_reason(log, -1, trusts, dial.ring_fence)
