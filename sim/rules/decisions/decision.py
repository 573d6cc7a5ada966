"""4.7 Decision: the votes are counted. A carried proposal goes on; one that is stuck for too long dies.

A carried proposal binds those who had a vote. An affected body without a vote takes part only if it consents;
one that has left does not take part. Under consensus the willing may, after `willing_months`, do their part
of a project without its objectors. Where bodies adopt the arrangement one by one (4.14), a vote binds only
those that have delegated the function, and their own boards need not approve. Under bilateral contracts
nothing binds: a project goes ahead as soon as the buyer and enough of the others have signed (HSC 2018 §34,
§282). After `table_months` a proposal dies, whether it was heard or still queues; if it still queues, nobody
is blamed for it.
"""

from sim.declarations.bodies import ICS_BODY
from sim.declarations.dials import BILATERAL, BY_BODY, RATIFY_ALL, RATIFY_NONE, RATIFY_OUT_OF_SCOPE, UNANIMITY
from sim.kernel.chance import CHALLENGE_BOARD, uniforms
from sim.kernel.compiled import rule, snap
from sim.kernel.event_log import (
    AGREED,
    AGREED_BY_WILLING,
    CONTRACTED,
    DIED,
    FOUND_OUT,
    NOT_AGREED,
    OBJECTED,
    OPTED_OUT,
    UNHEARD,
    add_reason,
    note,
)
from sim.kernel.records import CAPITAL, EMPTY, IN_FORCE, NO_SAY, POOL, RATIFYING, RECONFIGURE, TABLE, VOTE
from sim.rules.decisions.accountability import count_decision, count_pivotal, record_what_mattered
from sim.rules.decisions.lay_members import lay_vote
from sim.rules.decisions.local_resolution import seek_resolution, stuck_for_good
from sim.rules.decisions.reasons import confidence_in, ground, in_the_way, largest_payer, missing, on_offer
from sim.rules.decisions.tally import carried, cast_votes

NOT_SETTLED, BY_VOTE, BY_THE_WILLING, BY_CONTRACT = range(4)


@rule
def drop(item, row, board, broken, evidence):
    """Let a proposal die. Those who wanted it hold it against those who stopped it."""
    item.stage = EMPTY
    item.heard = 1  # so that `hear` counts it for voice
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
def decided_now(item):
    """Return (whether a proposal came into force this month, whether it died this month).

    Both are false while it is undecided, or if it was decided earlier.
    """
    return item.stage == IN_FORCE and item.phased == 1, item.stage == EMPTY and item.heard == 1


@rule
def challenged(now, par, dial, item):
    """Return whether the joint body itself finds a bad proposal out: through its independent members, through
    the public that reads its papers, or through its lay members, who ask as non-executives do, as far as they
    hold seats (E42, E48).
    """
    chance = par.challenge * 0.5 * (dial.board_independence + dial.transparency)
    chance += (1.0 - chance) * par.challenge * dial.lay_members
    return (
        item.harmful == 1
        and uniforms(now, CHALLENGE_BOARD, item.serial, item.serial, item.referrals)[0] < chance
    )


@rule
def spare_delegators(dial, org, row):
    """Mark own boards that need not approve because their body has delegated the function; there are none
    where the arrangement is given. The statutory body's own board has just decided, so it counts as having
    approved.
    """
    for i in range(row.size):
        scoped = dial.adoption == BY_BODY and dial.ratification == RATIFY_OUT_OF_SCOPE
        row[i].spared = 1 if scoped and row[i].withheld == 0 else 0
        row[i].ratified = 1 if row[i].spared == 1 or org[i].kind == ICS_BODY else 0


@rule
def needs_ratifying(dial, item, row):
    if dial.ratification == RATIFY_NONE:
        return False
    if dial.ratification == RATIFY_ALL or dial.adoption != BY_BODY:
        return dial.ratification == RATIFY_ALL or item.in_scope == 0
    for i in range(row.size):
        if row[i].joins == 1 and row[i].ratified == 0:
            return True
    return False


@rule
def take_part(row, binding):
    """Mark who takes part: consenters, and objectors that a carried vote binds. Returns (part of the work
    held, number of bodies bound).
    """
    held = 0.0
    bound = 0
    for i in range(row.size):
        mine = row[i]
        mine.joins = 0
        if (
            mine.part > 0.0
            and mine.say != NO_SAY
            and (mine.vote >= 0 or (binding and mine.say == VOTE and mine.keeps == 0))
        ):
            mine.joins = 1
            held += snap(mine.part)
            if mine.vote < 0:
                bound += 1
    return held, bound


@rule
def enough(item, row, held):
    """Return whether the participants suffice. A pool needs both budgets, a reconfiguration both trusts, a
    scheme its site, and any other project somebody.
    """
    if item.kind == RECONFIGURE:
        return row[item.winner].joins == 1 and row[item.loser].joins == 1
    if item.kind == CAPITAL:
        return row[item.winner].joins == 1
    return held >= 1.0 if item.kind == POOL else held > 0.0


@rule
def can_go_ahead(par, dial, item, row):
    """Return whether those who would take part in a carried proposal are enough for it. Where not all are
    bound, they must hold the share of the work that the willing must hold.
    """
    held, _ = take_part(row, True)
    return enough(item, row, held) and (dial.adoption != BY_BODY or held >= par.willing_share)


@rule
def record_objection(world, par, item, row, i, log):
    """Record an objector, bound or staying out, for the minutes: its loss, largest payer and main reason."""
    now, trust = world.now, world.trust
    mine = row[i]
    kind = OBJECTED if mine.joins == 1 else OPTED_OUT
    note(log, now.month, kind, i, item.place, item.serial, mine.support, mine.gain, mine.receives)
    if log.size > 1:
        most = largest_payer(row, i)
        why = ground(par, confidence_in(world.place, item.place), world.org[i], mine)
        add_reason(log, most, trust[i, most] if most >= 0 else 0.0, float(why))


@rule
def record_deadlock(now, item, row, kind, yes, no, log):
    """Record a deadlock for the minutes: the votes, and who stands in the way at what price."""
    note(log, now.month, kind, item.sponsor, item.place, item.serial, float(now.month - item.tabled), yes, no)
    if log.size > 1:
        offer = on_offer(item, row)
        who, price = in_the_way(row, offer + item.compensation)
        if who < 0 and yes > 0.0:
            who, price = missing(row)
        add_reason(log, who, price, offer)


@rule
def settle(world, par, dial, item, row, how, votes, log):
    """Record that a proposal is carried. It then goes to the bodies' own boards, or comes into force."""
    now = world.now
    yes, no = votes
    item.taking_part, item.imposed = take_part(row, how == BY_VOTE)
    item.partial = 1 if how == BY_THE_WILLING or (how == BY_CONTRACT and no > 0.0) else 0
    world.board.mediated += 1 if item.mediation != 0 and item.referrals == 0 else 0
    count_decision(world, dial, item, row)
    spare_delegators(dial, world.org, row)
    for i in range(row.size):
        row[i].ratifies = 0
        if row[i].vote < 0 and row[i].part > 0.0:
            record_objection(world, par, item, row, i, log)
    kind = AGREED if how == BY_VOTE else CONTRACTED if how == BY_CONTRACT else AGREED_BY_WILLING
    note(log, now.month, kind, item.sponsor, item.place, item.serial, float(now.month - item.tabled), yes, no)
    add_reason(log, -1, item.taking_part, float(item.imposed))
    item.stage = RATIFYING if needs_ratifying(dial, item, row) else IN_FORCE


@rule
def share_objecting(dial, row):
    """Return the share of those with a vote or a contract to sign that object. Contests take meeting time."""
    against, say = 0.0, 0.0
    for i in range(row.size):
        if row[i].say == VOTE or (dial.decision_rule == BILATERAL and row[i].say != NO_SAY):
            say += 1.0
            against += 1.0 if row[i].vote < 0 else 0.0
    return against / say if say > 0.0 else 0.0


@rule
def signatures(row):
    """Return, under bilateral contracts, how many affected bodies want it and how many will not sign. The
    indifferent sign too.
    """
    wanted, refused = 0.0, 0.0
    for i in range(row.size):
        if row[i].say != NO_SAY:
            wanted += 1.0 if row[i].vote > 0 else 0.0
            refused += 1.0 if row[i].vote < 0 else 0.0
    return wanted, refused


@rule
def buyer_signs(place, item, row):
    """Return whether the place's commissioner signs; where no place buys, whether the sponsor does."""
    buyer = place[item.place].commissioner if item.place >= 0 else item.sponsor
    return buyer < 0 or row[buyer].part <= 0.0 or row[buyer].joins == 1


@rule
def how_settled(now, par, dial, place, item, row, passes, yes):
    """Return how a proposal goes ahead this month, or NOT_SETTLED."""
    if passes and can_go_ahead(par, dial, item, row):
        return BY_VOTE
    willing, _ = take_part(row, False)
    if yes <= 0.0 or willing < par.willing_share or not enough(item, row, willing):
        return NOT_SETTLED
    if dial.decision_rule == BILATERAL and buyer_signs(place, item, row):
        return BY_CONTRACT
    if dial.decision_rule == UNANIMITY and now.month - item.tabled >= par.willing_months:
        return BY_THE_WILLING
    return NOT_SETTLED


@rule
def queued_too_long(now, par, item):
    """Return whether a proposal's time is up while it still waits for the board to hear it."""
    return item.stage == TABLE and item.wait == 0 and stuck_for_good(now, par, item)


@rule
def decide(world, par, dial, log):
    now, org, board, project, broken = world.now, world.org, world.board, world.project, world.broken
    for q in range(project.size):
        item = project[q]
        row = world.stake[q]
        if item.heard == 0:
            if queued_too_long(now, par, item):
                note(
                    log,
                    now.month,
                    UNHEARD,
                    -1,
                    item.place,
                    item.serial,
                    float(now.month - item.tabled),
                    par.meeting_items,
                    0.0,
                )
                drop(item, row, board, broken, 0.0)
            continue
        if challenged(now, par, dial, item):
            item.found = 1
            board.found_out += 1
            note(log, now.month, FOUND_OUT, -1, item.place, item.serial, item.truth, 0.0, 0.0)
            drop(item, row, board, broken, 0.0)
            continue
        yes, no = cast_votes(dial, org, row)
        if dial.decision_rule == BILATERAL:
            yes, no = signatures(row)
        item.objection = share_objecting(dial, row)
        lay = lay_vote(par, item)
        passes = carried(dial, yes, no, lay)
        count_pivotal(dial, org, row, lay, board)
        if log.size > 1:
            record_what_mattered(now, dial, org, item, row, lay, passes, log)
        how = how_settled(now, par, dial, world.place, item, row, passes, yes)
        if how != NOT_SETTLED:
            settle(world, par, dial, item, row, how, (yes, no), log)
        elif not stuck_for_good(now, par, item):
            record_deadlock(now, item, row, NOT_AGREED, yes, no, log)
        elif not seek_resolution(world, par, item, row, log):
            record_deadlock(now, item, row, DIED, yes, no, log)
            drop(item, row, board, broken, par.veto_evidence)
