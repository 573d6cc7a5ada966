"""Reasons that rules write to the minutes. Called only while the log is on; nothing here changes anything."""

from sim.kernel.compiled import rule, snap
from sim.kernel.records import IN_FORCE, NO_SAY, VOTE
from sim.rules.bodies import takes_part
from sim.rules.decisions.terms import autonomy_ceded, liability, public_loss, worth

# What weighs most against a proposal in a body's eyes.
(
    OWN_LOSS,
    BUSINESS_CEDED,
    ACCESS_LOST,
    REFUSED_BEFORE,
    PARTNERS_DOUBT,
    OTHERS_LOSS,
    OWN_DOUBT,
    NOT_IN_THE_ROOM,
    NO_GROUND,
) = range(9)
# Why a body that no offer could win over stands in the way.
WITHHOLDS_CONSENT, NOT_THERE = -1.0, -2.0


@rule
def ground(par, confidence, body, mine):
    """Return the largest term against a proposal in a body's appraisal (4.5). Promised compensation counts as
    far as it is believed.
    """
    money = mine.gain - mine.pays + mine.belief * mine.receives
    lowest, found = 0.0, NO_GROUND
    for which in range(OWN_DOUBT + 1):
        if which == OWN_LOSS:
            term = worth(body, money)
        elif which == BUSINESS_CEDED:
            term = autonomy_ceded(par, body, mine)
        elif which == ACCESS_LOST:
            term = public_loss(par, confidence, mine)
        elif which == REFUSED_BEFORE:
            term = -mine.standing
        elif which == PARTNERS_DOUBT:
            term = mine.persuasion
        elif which == OTHERS_LOSS:
            term = liability(par, body, mine)
        else:
            term = mine.noise
        if term < lowest:
            lowest, found = term, which
    return found


@rule
def confidence_in(place, where):
    return place[where].confidence if where >= 0 else 1.0


@rule
def largest_payer(row, i):
    """Return the body that promises most to body i, or -1; among equals the first."""
    best = -1
    if row[i].receives > 0.0:
        for j in range(row.size):
            if j != i and row[j].pays > 0.0 and (best < 0 or row[j].pays > row[best].pays):
                best = j
    return best


@rule
def largest_receiver(org, row, j):
    """Return the body to which body j promises most, or -1."""
    best = -1
    for i in range(row.size):
        if (
            i != j
            and org[i].exists == 1
            and row[i].receives > 0.0
            and (best < 0 or row[i].receives > row[best].receives)
        ):
            best = i
    return best


@rule
def largest_loser(row):
    """Return the body that expects to lose most, or -1, and how many expect to lose."""
    best, losers = -1, 0
    for i in range(row.size):
        if row[i].part > 0.0 and row[i].gain < 0.0:
            losers += 1
            if best < 0 or row[i].gain < row[best].gain:
                best = i
    return best, losers


@rule
def on_offer(item, row):
    """Return what winners would still promise, GBP m a year: their offers (4.6) less earlier promises."""
    total = 0.0
    for i in range(row.size):
        total += row[i].offers
    return max(0.0, total - item.compensation)


@rule
def in_the_way(row, purse):
    """Return the voter against that is cheapest to win over, else the firmest, or -1; and its price, or 0."""
    best, price, firmest = -1, 0.0, -1
    for i in range(row.size):
        if row[i].say != VOTE or row[i].vote >= 0:
            continue
        if firmest < 0 or row[i].support < row[firmest].support:
            firmest = i
        if purse > 0.0 and row[i].price > 0.0 and (best < 0 or row[i].price < price):
            best, price = i, row[i].price
    return (best, price) if best >= 0 else (firmest, 0.0)


@rule
def missing(row):
    """Return who holds most work among those that take no part, or -1, and why it takes no part (in place of
    a price). Used where a vote is carried but the project cannot go ahead.
    """
    best = -1
    for i in range(row.size):
        if row[i].joins == 0 and row[i].part > 0.0 and (best < 0 or row[i].part > row[best].part):
            best = i
    return best, WITHHOLDS_CONSENT if best >= 0 and row[best].say != NO_SAY else NOT_THERE


@rule
def participants(row):
    """Count the bodies that take part in a project."""
    number = 0
    for i in range(row.size):
        number += row[i].joins
    return number


@rule
def spared_boards(row):
    """Count the bodies that take part and whose own boards need not approve."""
    number = 0
    for i in range(row.size):
        number += row[i].joins * row[i].spared
    return number


@rule
def idlest(org, row):
    """Return the body that holds back most of a project's work, or -1, and its effort in it."""
    best, most, effort = -1, 0.0, 0.0
    for i in range(row.size):
        if row[i].joins == 1:
            given = org[i].effort * row[i].commitment
            if row[i].part * (1.0 - given) > most:
                best, most, effort = i, row[i].part * (1.0 - given), given
    return best, effort


@rule
def promised_by(project, stake, who):
    """Return what a body has promised others in projects in force, GBP m a year."""
    total = 0.0
    for q in range(project.size):
        if project[q].stage >= IN_FORCE and project[q].promise_left > 0 and project[q].compensation > 0.0:
            total += snap(stake[q, who].pays)
    return total


@rule
def mean_trust_in(org, trust, j):
    """Return the mean trust that the others have in body j."""
    total, others = 0.0, 0.0
    for i in range(org.size):
        if i != j and takes_part(org[i]):
            total += trust[i, j]
            others += 1.0
    return total / max(1.0, others)
