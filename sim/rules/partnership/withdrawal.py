"""4.12 Leavers withdraw from the projects that they had joined.

All who left this month withdraw together, so that their order does not matter. Projects not yet in force
(before own boards, or the public): leavers take no part, and what they would have paid or been paid is taken
out on both sides. The proposal goes on for the rest if it can be done so; otherwise it goes back to the
table. Projects in force: the leavers' part lapses, the part held falls by it, and what they gained so far
joins what they remember. A part that lapsed stays so if the body returns. A pool lasts until April
(`services/financial_year.py`), and what was finished stays finished. In projects in force a leaver is still
paid what it is owed; for what it owes itself, see `decisions/promises.py`.
"""

from sim.kernel.compiled import rule, snap
from sim.kernel.event_log import WITHDREW, add_reason, note
from sim.kernel.records import CONSULTING, IN_FORCE, POOL, RATIFYING, TABLE
from sim.rules.bodies import belongs
from sim.rules.decisions.decision import enough
from sim.rules.partnership.implementation import remember

LEAVING = -1  # a value of `joins` that only this rule uses


@rule
def mark_leavers(org, item, row):
    """Mark participants that have left, or ended without an heir, and take their part off the part held.
    Returns their number.
    """
    leavers = 0
    for i in range(row.size):
        if row[i].joins == 1 and not belongs(org[i]):
            row[i].joins = LEAVING
            item.taking_part = max(0.0, item.taking_part - snap(row[i].part))
            leavers += 1
    return leavers


@rule
def take_out(item, row):
    """Take leavers out of the compensation: receivers lose what leavers would have paid, payers save what
    leavers would have been paid.
    """
    unpaid, saved = 0.0, 0.0
    for i in range(row.size):
        if row[i].joins == LEAVING:
            unpaid += snap(row[i].pays)
            saved += snap(row[i].receives)
            row[i].pays, row[i].receives = 0.0, 0.0
    if item.compensation <= 0.0 or (unpaid == 0.0 and saved == 0.0):
        return
    paid, received = max(0.0, 1.0 - unpaid / item.compensation), max(0.0, 1.0 - saved / item.compensation)
    for i in range(row.size):
        row[i].pays = snap(row[i].pays * received)
        row[i].receives = snap(row[i].receives * paid)
    item.compensation = snap(item.compensation * (paid * received))


@rule
def leave_proposal(par, item, row):
    """Take leavers out of a proposal not yet in force, as if they had never voted. Returns 1 if that sends it
    back to the table, else 0.
    """
    take_out(item, row)
    for i in range(row.size):
        mine = row[i]
        if mine.joins == LEAVING:
            item.imposed -= 1 if mine.vote < 0 else 0
            mine.vote, mine.ratified, mine.ratifies = 0, 0, 0
    if enough(item, row, item.taking_part):
        return 0
    item.stage = TABLE
    item.wait = int(par.rework_months)
    item.consulted, item.referred = 0, 0
    return 1


@rule
def withdraw(world, par, log):
    now, org, project = world.now, world.org, world.project
    for q in range(project.size):
        item, row = project[q], world.stake[q]
        pending = item.stage == RATIFYING or item.stage == CONSULTING
        begun = item.stage == IN_FORCE and item.kind != POOL
        if not (pending or begun) or mark_leavers(org, item, row) == 0:
            continue
        back = leave_proposal(par, item, row) if pending else 0
        for i in range(row.size):
            if row[i].joins == LEAVING:
                row[i].joins = 0
                if begun:
                    remember(par, org[i], item, row[i])
                note(
                    log,
                    now.month,
                    WITHDREW,
                    i,
                    item.place,
                    item.serial,
                    row[i].part,
                    item.taking_part,
                    float(back),
                )
                add_reason(log, -1, 1.0 if begun else 0.0, 0.0)
