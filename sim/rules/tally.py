"""4.7 When is a proposal carried? The decision rule over those who vote; the indifferent abstain."""

from sim.compiled import rule
from sim.regime import BOARD, MAJORITY, SUPERMAJORITY, UNANIMITY
from sim.world import VOTE

ROUNDING = 1e-9  # a vote that ties with the threshold must not turn on the last bit of a product


@rule
def carried(dial, yes, no):
    """Whether `yes` votes against `no` objections carry a proposal under the regime's rule.

    Unanimity: no objection. Supermajority: at least the threshold of votes cast. Majority: more than half. Board: more
    than `threshold` of the seats, or all; officers and appointees hold `officer_seats` and vote for what they bring.
    """
    cast = yes + no
    if dial.decision_rule == BOARD:
        partners = yes / cast if cast > 0.0 else 0.0
        seats = dial.officer_seats + (1.0 - dial.officer_seats) * partners
        return seats > dial.threshold + ROUNDING or seats >= 1.0 - ROUNDING
    if yes <= 0.0:
        return False
    if dial.decision_rule == UNANIMITY:
        return no <= 0.0
    if dial.decision_rule == SUPERMAJORITY:
        return yes >= dial.threshold * cast - ROUNDING
    if dial.decision_rule == MAJORITY:
        return yes > 0.5 * cast
    return False


@rule
def count_votes(row, band):
    """Votes for and against among those who vote: for above 0, against below minus the consent band."""
    yes = 0.0
    no = 0.0
    for i in range(row.size):
        if row[i].say == VOTE:
            if row[i].support > 0.0:
                yes += 1.0
            elif row[i].support < -band:
                no += 1.0
    return yes, no
