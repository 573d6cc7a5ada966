"""4.7 Who decides, who gains and who answers: counts over all votes and decisions. No rule reads them.

A decision is counted once, when it is first carried. The money it moves is double running plus the gains and
losses of those that take part. A share of this money counts as voted by bodies that gain: their share of the
votes for the decision (HSC 2019 §97). No single body answers for a decision if none bears more than half of
what it puts at risk (HSC 2019 §104). A vote is pivotal if it alone, being for rather than against, changes
the outcome.
"""

from sim.declarations.dials import BILATERAL
from sim.kernel.compiled import rule, snap
from sim.kernel.event_log import VOTE_TURNED, add_reason, note
from sim.kernel.records import VOTE
from sim.rules.bodies import is_commissioner, is_council, is_trust
from sim.rules.decisions.liability import answerable_scale, answers_for
from sim.rules.decisions.tally import carried, carried_with, cast_alone, cast_votes, count_cast, in_bloc

BY_LAY_MEMBERS, BY_A_BLOC, BY_RECUSAL = range(3)
HALF = 0.5 + 1e-9  # so that rounding does not decide between two equal shares


@rule
def conflicted_share(dial, row):
    """Return the share of votes for a proposal, or contracts wanted, that came from bodies that gain."""
    backers, gainers = 0.0, 0.0
    for i in range(row.size):
        mine = row[i]
        if mine.cast > 0 or (dial.decision_rule == BILATERAL and mine.joins == 1 and mine.vote > 0):
            backers += 1.0
            gainers += 1.0 if mine.gain > 0.0 else 0.0
    return gainers / backers if backers > 0.0 else 0.0


@rule
def money_moved(item, row):
    """Return double running, and what those that take part gain or lose in a year, GBP m."""
    total = snap(item.one_off)
    for i in range(row.size):
        if row[i].joins == 1:
            total += snap(abs(row[i].gain))
    return total


@rule
def count_liability(world, dial, item, row):
    """Count who answers for what is at risk, and whether they agreed."""
    board = world.board
    shared = answerable_scale(dial, world.org, row) > 0.0
    total, unagreed, most = 0.0, 0.0, 0.0
    for i in range(row.size):
        borne = snap(answers_for(world.place, item, row[i], i, shared))
        total += borne
        most = max(most, borne)
        if row[i].vote < 0:
            unagreed += borne
    board.borne += total
    board.borne_unagreed += unagreed
    board.unanswerable += 1 if most <= HALF * total and total > 0.0 else 0


@rule
def count_decision(world, dial, item, row):
    board = world.board
    if item.referrals > 0:  # carried before, and sent back
        return
    moved = money_moved(item, row)
    board.decided += 1
    board.gbp_decided += moved
    board.gbp_conflicted += snap(moved * conflicted_share(dial, row))
    count_liability(world, dial, item, row)


@rule
def outcome_if(dial, votes, inside, members, bloc, lay, vote):
    """Return whether a proposal is carried if one more vote is cast. If `bloc`, that vote is cast inside the
    collaborative and moves the common vote. `votes` (yes, no) are those cast outside it, `inside` those of
    its members.
    """
    yes, no = votes
    with_yes, with_no = inside
    if bloc:
        with_yes += 1.0 if vote > 0 else 0.0
        with_no += 1.0 if vote < 0 else 0.0
    else:
        yes += 1.0 if vote > 0 else 0.0
        no += 1.0 if vote < 0 else 0.0
    yes += members if with_yes > with_no else 0.0
    no += members if with_no > with_yes else 0.0
    return carried(dial, yes, no, lay)


@rule
def count_pivotal(dial, org, row, lay, board):
    """Count votes that alone decided, by kind of body. All other votes stay as they were cast."""
    if dial.decision_rule == BILATERAL:
        return
    cast_yes, cast_no = count_cast(row)
    within_yes, within_no, members = 0.0, 0.0, 0.0
    for i in range(row.size):
        if in_bloc(dial, org[i], row[i]):
            members += 1.0
            within_yes += 1.0 if row[i].vote > 0 else 0.0
            within_no += 1.0 if row[i].vote < 0 else 0.0
    cast_yes -= members if within_yes > within_no else 0.0
    cast_no -= members if within_no > within_yes else 0.0
    for i in range(row.size):
        mine, body = row[i], org[i]
        if mine.say != VOTE or mine.recused == 1:
            continue
        bloc = in_bloc(dial, body, mine)
        yes, no, inside_yes, inside_no = cast_yes, cast_no, within_yes, within_no
        if bloc:
            inside_yes -= 1.0 if mine.vote > 0 else 0.0
            inside_no -= 1.0 if mine.vote < 0 else 0.0
        else:
            yes -= 1.0 if mine.vote > 0 else 0.0
            no -= 1.0 if mine.vote < 0 else 0.0
        with_it = outcome_if(dial, (yes, no), (inside_yes, inside_no), members, bloc, lay, 1)
        without = outcome_if(dial, (yes, no), (inside_yes, inside_no), members, bloc, lay, -1)
        if with_it == without:
            continue
        if is_trust(body):
            board.pivotal_trust += 1
        elif is_commissioner(body):
            board.pivotal_commissioner += 1
        elif is_council(body):
            board.pivotal_council += 1
        else:
            board.pivotal_other += 1


@rule
def record_turn(now, item, row, why, passes, log):
    """Record for the minutes that lay members, the collaborative or recusal turned an outcome."""
    outvoted, stepped_out = 0.0, 0.0
    for i in range(row.size):
        stepped_out += row[i].recused
        if row[i].say == VOTE and row[i].recused == 0 and row[i].cast != row[i].vote:
            outvoted += 1.0
    yes, no = count_cast(row)
    figure = outvoted if why == BY_A_BLOC else stepped_out if why == BY_RECUSAL else item.lay_view
    note(log, now.month, VOTE_TURNED, -1, item.place, item.serial, float(why), yes, no)
    add_reason(log, -1, figure, 1.0 if passes else 0.0)


@rule
def record_what_mattered(now, dial, org, item, row, lay, passes, log):
    """Record what turned an outcome. Called only while the log is on; leaves the votes as they were cast."""
    if dial.decision_rule == BILATERAL:
        return
    if dial.lay_members > 0.0:
        yes, no = count_cast(row)
        if carried_with(dial, yes, no, 0.0, 0) != passes:
            record_turn(now, item, row, BY_LAY_MEMBERS, passes, log)
    if dial.bloc_voting == 1:
        cast_alone(row)
        yes, no = count_cast(row)
        cast_votes(dial, org, row)
        if carried(dial, yes, no, lay) != passes:
            record_turn(now, item, row, BY_A_BLOC, passes, log)
    if dial.recusal == 1:
        yes, no = count_cast(row)
        # add those who stepped out; inside the collaborative they would have had one vote among many
        for i in range(row.size):
            if row[i].recused == 1:
                yes += 1.0 if row[i].vote > 0 else 0.0
                no += 1.0 if row[i].vote < 0 else 0.0
        if carried(dial, yes, no, lay) != passes:
            record_turn(now, item, row, BY_RECUSAL, passes, log)
