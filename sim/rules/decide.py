"""4.7 Decision: count the votes; what is carried goes on, the willing may go ahead, what sticks too long dies.

A carried proposal binds those who had a vote. An affected body without a vote takes part only if it consents, one that has left not at
all. Under consensus the willing may, after `willing_months`, do their part of a project without its objectors. After `table_months` a
proposal dies, heard or still queuing; one that was never heard again is held against nobody.
"""

from sim.compiled import rule, snap
from sim.future import CHALLENGE_BOARD, uniforms
from sim.minutes_log import AGREED, AGREED_BY_WILLING, DIED, FOUND_OUT, NOT_AGREED, OBJECTED, OPTED_OUT, UNHEARD, add_reason, note
from sim.regime import RATIFY_ALL, RATIFY_NONE, UNANIMITY
from sim.rules.reasons import confidence_in, ground, in_the_way, largest_payer, on_offer
from sim.rules.tally import carried
from sim.world import CAPITAL, EMPTY, IN_FORCE, NO_SAY, POOL, RATIFYING, RECONFIGURE, TABLE, VOTE


@rule
def drop(item, row, board, broken, evidence):
    """A proposal dies; those who wanted it hold it against those who stopped it."""
    item.stage = EMPTY
    item.heard = 1  # so that voice hears of it
    board.died += 1
    if item.harmful == 1:
        board.bad_blocked += 1
    else:
        board.good_blocked += 1
    for j in range(row.size):
        if row[j].vote < 0 or row[j].ratifies < 0:
            for i in range(row.size):
                if row[i].vote > 0 and i != j and row[i].part > 0.0:
                    broken[i, j] += evidence


@rule
def challenged(now, par, dial, item):
    """Whether the joint body itself finds a bad proposal out: its independent members, or the public that reads its papers."""
    chance = par.challenge * 0.5 * (dial.board_independence + dial.transparency)
    return item.harmful == 1 and uniforms(now, CHALLENGE_BOARD, item.serial, item.serial, item.referrals)[0] < chance


@rule
def needs_ratifying(dial, item):
    if dial.ratification == RATIFY_NONE:
        return False
    return dial.ratification == RATIFY_ALL or item.in_scope == 0


@rule
def take_part(row, binding):
    """Who takes part: consenters, and objectors that a carried vote binds. Returns (part of the work held, bodies bound)."""
    held = 0.0
    bound = 0
    for i in range(row.size):
        mine = row[i]
        mine.joins = 0
        if mine.part > 0.0 and mine.say != NO_SAY and (mine.vote >= 0 or (binding and mine.say == VOTE)):
            mine.joins = 1
            held += snap(mine.part)
            if mine.vote < 0:
                bound += 1
    return held, bound


@rule
def enough(item, row, held):
    """A pool of two budgets needs both, a service moves from one trust to another, a scheme has a site; others need somebody."""
    if item.kind == RECONFIGURE:
        return row[item.winner].joins == 1 and row[item.loser].joins == 1
    if item.kind == CAPITAL:
        return row[item.winner].joins == 1
    return held >= 1.0 if item.kind == POOL else held > 0.0


@rule
def record_objection(now, par, org, place, trust, item, row, i, log):
    """For the minutes: what an objector, bound or staying out, loses, is promised by whom, and what weighs most."""
    mine = row[i]
    kind = OBJECTED if mine.joins == 1 else OPTED_OUT
    note(log, now.month, kind, i, item.place, item.serial, mine.support, mine.gain, mine.receives)
    if log.size > 1:
        most = largest_payer(row, i)
        why = ground(par, confidence_in(place, item.place), org[i], mine)
        add_reason(log, most, trust[i, most] if most >= 0 else 0.0, float(why))


@rule
def record_deadlock(now, par, org, item, row, kind, yes, no, log):
    """For the minutes: the votes, and who stands in the way at what price."""
    note(log, now.month, kind, item.sponsor, item.place, item.serial, float(now.month - item.tabled), yes, no)
    if log.size > 1:
        offer = on_offer(par, org, item, row)
        who, price = in_the_way(row, offer + item.compensation)
        add_reason(log, who, price, offer)


@rule
def settle_vote(now, par, dial, org, place, trust, item, row, log, binding, yes, no):
    """Record that a proposal is carried; it then goes to the bodies' own boards, or comes into force."""
    item.taking_part, item.imposed = take_part(row, binding)
    item.partial = 0 if binding else 1
    for i in range(row.size):
        row[i].ratified = 0
        row[i].ratifies = 0
        if row[i].vote < 0 and row[i].part > 0.0:
            record_objection(now, par, org, place, trust, item, row, i, log)
    kind = AGREED if binding else AGREED_BY_WILLING
    note(log, now.month, kind, item.sponsor, item.place, item.serial, float(now.month - item.tabled), yes, no)
    add_reason(log, -1, item.taking_part, float(item.imposed))
    item.stage = RATIFYING if needs_ratifying(dial, item) else IN_FORCE


@rule
def queued_too_long(now, par, item):
    """Whether a proposal's time is up while it still waits for the board to come to it."""
    return item.stage == TABLE and item.wait == 0 and now.month - item.tabled >= par.table_months


@rule
def decide(now, par, dial, org, place, project, stake, board, trust, broken, log):
    for q in range(project.size):
        item = project[q]
        row = stake[q]
        if item.heard == 0:
            if queued_too_long(now, par, item):
                note(log, now.month, UNHEARD, -1, item.place, item.serial, float(now.month - item.tabled), par.meeting_items, 0.0)
                drop(item, row, board, broken, 0.0)
            continue
        if challenged(now, par, dial, item):
            item.found = 1
            board.found_out += 1
            note(log, now.month, FOUND_OUT, -1, item.place, item.serial, item.truth, 0.0, 0.0)
            drop(item, row, board, broken, 0.0)
            continue
        yes, no, say = 0.0, 0.0, 0.0
        for i in range(row.size):
            if row[i].say == VOTE:
                say += 1.0
                yes += 1.0 if row[i].vote > 0 else 0.0
                no += 1.0 if row[i].vote < 0 else 0.0
        item.objection = no / say if say > 0.0 else 0.0
        waited = now.month - item.tabled
        if carried(dial, yes, no) and enough(item, row, take_part(row, True)[0]):
            settle_vote(now, par, dial, org, place, trust, item, row, log, True, yes, no)
            continue
        willing, _ = take_part(row, False)
        going = waited >= par.willing_months and willing >= par.willing_share and yes > 0.0
        if dial.decision_rule == UNANIMITY and going and enough(item, row, willing):
            settle_vote(now, par, dial, org, place, trust, item, row, log, False, yes, no)
        elif waited >= par.table_months:
            record_deadlock(now, par, org, item, row, DIED, yes, no, log)
            drop(item, row, board, broken, par.veto_evidence)
        else:
            record_deadlock(now, par, org, item, row, NOT_AGREED, yes, no, log)
