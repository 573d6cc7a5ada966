"""4.6 Promises: compensation is paid month by month, and bodies under pressure may break their promises."""

from sim.kernel.chance import BREACH, uniforms
from sim.kernel.compiled import clamp, rule
from sim.kernel.event_log import PROMISE_BROKEN, add_reason, note
from sim.kernel.records import IN_FORCE
from sim.rules.bodies import may_not_overspend, pay
from sim.rules.decisions.reasons import largest_receiver


@rule
def breach_chance(par, dial, pressure):
    """Return the monthly chance of breaking a promise. If nothing enforces it, it rises from 0 at
    `breach_from` to `breach` at full pressure.
    """
    beyond = max(0.0, pressure - par.breach_from) / (1.0 - par.breach_from)
    return par.breach * (1.0 - dial.enforceability) * beyond


@rule
def keep_promises(world, par, dial, log):
    now, org, board, project = world.now, world.org, world.board, world.project
    stake, kept, broken = world.stake, world.kept, world.broken
    lesson = 1.0 - dial.enforceability  # a promise kept under compulsion is no evidence for trust
    for q in range(project.size):
        item = project[q]
        if item.stage < IN_FORCE or item.promise_left <= 0:
            continue
        item.promise_left -= 1
        if item.compensation <= 0.0:
            continue
        for j in range(org.size):
            promised = stake[q, j].pays
            if promised <= 0.0 or org[j].exists == 0:
                continue
            due = promised / 12.0
            chance = breach_chance(par, dial, org[j].pressure)
            breaks = chance > 0.0 and uniforms(now, BREACH, org[j].key, item.serial, now.month)[0] < chance
            penniless = may_not_overspend(org[j]) and org[j].cash < 1.01 * due
            breaks = breaks or penniless  # it may not overspend, whatever it promised
            board.promises_due += 1
            if breaks:
                if log.size > 1:
                    forced = 1.0 if penniless else 0.0
                    note(
                        log,
                        now.month,
                        PROMISE_BROKEN,
                        j,
                        item.place,
                        item.serial,
                        due,
                        org[j].pressure,
                        forced,
                    )
                    add_reason(log, largest_receiver(org, stake[q], j), chance, 0.0)
                world.doubt[j] += par.bystander
            else:
                board.promises_kept += 1
            for i in range(org.size):
                share = stake[q, i].receives / item.compensation
                if share <= 0.0 or org[i].exists == 0 or i == j:
                    continue
                if breaks:
                    broken[i, j] += share
                else:
                    amount = pay(org, world.account, j, i, due * share)
                    org[j].paid += amount
                    org[i].received += amount
                    kept[i, j] += share * lesson


@rule
def lapse(stake, project, who, kept_share):
    """Let a leaver's unenforced promises lapse: it goes on paying only the share that can be enforced."""
    for q in range(project.size):
        if project[q].stage >= IN_FORCE:
            stake[q, who].pays *= clamp(kept_share, 0.0, 1.0)


@rule
def owed(project, stake, i, j):
    """Return what body i has promised body j in all projects in force, GBP m a month; it is never stored."""
    total = 0.0
    for q in range(project.size):
        item = project[q]
        if item.stage >= IN_FORCE and item.promise_left > 0 and item.compensation > 0.0:
            total += stake[q, i].pays * stake[q, j].receives / item.compensation / 12.0
    return total
