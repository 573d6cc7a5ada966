"""4.7 Local resolution: before a dispute makes a proposal die, partners try once to settle it themselves (HSC
2019 §118-129; E32).

It lasts `resolution_months`. One draw decides whether it works; the chance is the mean trust between those
for and those against, both ways. Where it works, winners may offer their whole gain. The proposal can die
only when it is over. A merger that one side refused can be directed as a last resort only after these months
and the months of the national body's patience.
"""

from sim.kernel.chance import MEDIATION, uniforms
from sim.kernel.compiled import rule, snap
from sim.kernel.event_log import LOCAL_RESOLUTION, add_reason, note


@rule
def share_on_offer(par, item):
    """Return the share of its gain that a winner will offer."""
    return 1.0 if item.mediation > 0 else par.offer


@rule
def months_of_patience(par):
    """Return the months from the refusal of a merger to its direction as a last resort."""
    return par.merger_patience + par.resolution_months


@rule
def trust_between(trust, row):
    """Return (mean trust between those for and those against, both ways; number for; number against)."""
    total, backers, objectors = 0.0, 0, 0
    for i in range(row.size):
        backers += 1 if row[i].vote > 0 else 0
        objectors += 1 if row[i].vote < 0 else 0
        if row[i].vote > 0:
            for j in range(row.size):
                if row[j].vote < 0:
                    total += snap(trust[i, j]) + snap(trust[j, i])
    return total / max(1.0, 2.0 * backers * objectors), backers, objectors


@rule
def stuck_for_good(now, par, item):
    """Return whether an undecided proposal has had its time, and its local resolution if there was one."""
    if item.mediation != 0:
        return now.month >= item.mediated_until
    return now.month - item.tabled >= par.table_months


@rule
def seek_resolution(world, par, item, row, log):
    """Start local resolution of a dispute, once, before the proposal dies. Returns whether it starts."""
    now = world.now
    if par.resolution_months < 1.0 or item.mediation != 0:
        return False
    chance, backers, objectors = trust_between(world.trust, row)
    if backers == 0 or objectors == 0:
        return False
    works = uniforms(now, MEDIATION, item.serial, item.serial, 0)[0] < chance
    item.mediation = 1 if works else -1
    item.mediated_until = now.month + int(par.resolution_months)
    world.board.mediations += 1
    note(
        log,
        now.month,
        LOCAL_RESOLUTION,
        item.sponsor,
        item.place,
        item.serial,
        chance,
        float(backers),
        float(objectors),
    )
    add_reason(log, -1, float(item.mediation), float(int(par.resolution_months)))
    return True
