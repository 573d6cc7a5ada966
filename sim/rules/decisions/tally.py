"""4.7 The decision rule: whether the votes, as they are cast, carry a proposal. The indifferent abstain.

A body that steps out casts no vote. Under `bloc_voting` the trusts among the voters first settle a common
vote by majority (a tie is no vote), and each casts that vote. Lay members hold a share of the seats, or of
the votes cast; under unanimity they only advise.
"""

from sim.declarations.dials import BOARD, MAJORITY, SUPERMAJORITY, UNANIMITY
from sim.kernel.compiled import rule
from sim.kernel.records import VOTE
from sim.rules.bodies import is_trust

ROUNDING = 1e-9  # so that rounding does not decide a vote that ties with the threshold


@rule
def carried_with(dial, yes, no, seats_of_lay, lay):
    """Return whether votes carry a proposal. Lay members hold a share of seats and vote `lay` (-1, 0, 1)."""
    cast = yes + no
    if dial.decision_rule == BOARD:
        partners = yes / cast if cast > 0.0 else 0.0
        seats = dial.officer_seats + (1.0 - dial.officer_seats - seats_of_lay) * partners
        if lay > 0:
            seats += seats_of_lay
        return seats > dial.threshold + ROUNDING or seats >= 1.0 - ROUNDING
    if dial.decision_rule == UNANIMITY:
        return yes > 0.0 and no <= 0.0
    backing = (1.0 - seats_of_lay) * yes + (seats_of_lay * cast if lay > 0 else 0.0)
    against = (1.0 - seats_of_lay) * no + (seats_of_lay * cast if lay < 0 else 0.0)
    if backing <= 0.0:
        return False
    if dial.decision_rule == SUPERMAJORITY:
        return backing >= dial.threshold * (backing + against) - ROUNDING
    if dial.decision_rule == MAJORITY:
        return backing > 0.5 * (backing + against) + ROUNDING
    return False


@rule
def carried(dial, yes, no, lay):
    """Return whether `yes` votes against `no` objections, and lay members voting `lay`, carry a proposal
    under the regime's rule.

    Unanimity: no objection among partners. Supermajority: at least the threshold of votes cast. Majority:
    more than half. Board: more than `threshold` of the seats, or all; officers and appointees hold
    `officer_seats` and vote for what they bring, lay members hold `lay_members`, partners share the rest.
    Bilateral: no vote carries anything.
    """
    return carried_with(dial, yes, no, dial.lay_members, lay)


@rule
def in_bloc(dial, body, mine):
    """Return whether a voter belongs to the providers' collaborative."""
    return dial.bloc_voting == 1 and mine.say == VOTE and is_trust(body) and mine.recused == 0


@rule
def common_vote(dial, org, row):
    """Return (for, against, members) inside the collaborative, by the vote each would cast alone."""
    yes, no, members = 0.0, 0.0, 0.0
    for i in range(row.size):
        if in_bloc(dial, org[i], row[i]):
            members += 1.0
            yes += 1.0 if row[i].cast > 0 else 0.0
            no += 1.0 if row[i].cast < 0 else 0.0
    return yes, no, members


@rule
def count_cast(row):
    """Return the votes for and against as they are cast."""
    yes = 0.0
    no = 0.0
    for i in range(row.size):
        if row[i].cast > 0:
            yes += 1.0
        elif row[i].cast < 0:
            no += 1.0
    return yes, no


@rule
def vote_together(dial, org, row):
    """Let each member of the collaborative cast its common vote."""
    yes, no, _ = common_vote(dial, org, row)
    common = 1 if yes > no else -1 if no > yes else 0
    for i in range(row.size):
        if in_bloc(dial, org[i], row[i]):
            row[i].cast = common


@rule
def cast_alone(row):
    """Fill `cast` with each voter's own vote, whatever its collaborative thinks."""
    for i in range(row.size):
        mine = row[i]
        mine.cast = mine.vote if mine.say == VOTE and mine.recused == 0 else 0


@rule
def cast_votes(dial, org, row):
    """Fill `cast` from each voter's own vote; returns the votes for and against."""
    cast_alone(row)
    if dial.bloc_voting == 1:
        vote_together(dial, org, row)
    return count_cast(row)


@rule
def expect_votes(dial, org, row, band):
    """Fill `cast` as bargainers foresee it: for above 0, against below minus the consent band. Returns the
    votes for and against.
    """
    for i in range(row.size):
        mine = row[i]
        mine.cast = 0
        if mine.say == VOTE and mine.recused == 0:
            if mine.support > 0.0:
                mine.cast = 1
            elif mine.support < -band:
                mine.cast = -1
    if dial.bloc_voting == 1:
        vote_together(dial, org, row)
    return count_cast(row)
