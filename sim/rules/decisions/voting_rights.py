"""4.7 Who has which say in a proposal, who is heard, who is bound, and who steps out of the vote.

Under bilateral contracts each affected body signs for its own part, and nobody else has a say (HSC 2018 §34,
§282). Otherwise members of the kinds that vote do so on all that is not left to a place. On what is left to a
place (4.7, E23), those voters vote who work there and are affected, or are its commissioner, council, primary
care network or voluntary body. Other affected bodies consent for their own part. A council has one of four
roles (HSC 2019 §104-111). An *observer* consents for its own part and is not heard. One that is *consulted*
does not vote, but partners hear it and it counts for voice at half standing. A *member* votes on what affects
it. An *equal* votes on everything, and no vote disposes of its own money. With `recusal`, bodies with a large
interest either way step out (HSC 2019 §97).
"""

from sim.declarations.bodies import INDEPENDENT_PROVIDER
from sim.declarations.dials import BILATERAL, EQUAL, MEMBER, OBSERVER, PROVIDE, UNANIMITY
from sim.kernel.compiled import rule
from sim.kernel.records import CONSENT, NO_SAY, VOTE
from sim.rules.bodies import belongs, has_seat, is_council


@rule
def has_vote(dial, body):
    """Return whether the regime gives this body a vote. Independent providers have a dial of their own."""
    return has_seat(dial, body) if body.kind == INDEPENDENT_PROVIDER else dial.votes[body.kind] == 1


@rule
def votes_on(dial, body, affected):
    """Return whether a body votes on a system-level proposal."""
    if dial.decision_rule == BILATERAL or not belongs(body) or not has_vote(dial, body):
        return False
    if is_council(body) and dial.council_role != EQUAL:
        return affected and dial.council_role == MEMBER
    return True


@rule
def decides_there(here, works_here, affected, i):
    """Return whether body i is one of those who decide on what is left to a place."""
    leads = i == here.commissioner or i == here.council or i == here.network or i == here.voluntary
    return works_here > 0.0 and (affected or leads)


@rule
def say_in(world, dial, item, affected, i):
    """Return what a body may do about a proposal: nothing (if it has left), consent for its part, or vote."""
    org = world.org
    if not belongs(org[i]):
        return NO_SAY
    if votes_on(dial, org[i], affected) and (
        item.local == 0 or decides_there(world.place[item.place], world.local[item.place, i], affected, i)
    ):
        return VOTE
    return CONSENT if affected else NO_SAY


@rule
def recuse(par, dial, org, row):
    """Let voters step out whose own gain or loss reaches `recusal_from` of their scale.

    Nobody steps out if that would leave nobody to vote.
    """
    left = 0
    for i in range(row.size):
        mine = row[i]
        interested = abs(mine.gain) >= par.recusal_from * org[i].scale
        mine.recused = 1 if dial.recusal == 1 and mine.say == VOTE and interested else 0
        if mine.say == VOTE and mine.recused == 0:
            left += 1
    if left == 0:
        for i in range(row.size):
            row[i].recused = 0


@rule
def keeps_consent(dial, body, mine):
    """Return whether a voter keeps its own consent after a carried vote. An equal council does so over its
    own money. So does a body that stepped out of the vote, where nobody can be bound without agreeing.
    """
    if mine.say != VOTE:
        return False
    own_money = mine.gain < 0.0 or mine.ceded > 0.0
    if is_council(body) and dial.council_role == EQUAL and own_money:
        return True
    return mine.recused == 1 and dial.decision_rule == UNANIMITY


@rule
def give_say(world, par, dial, item, row):
    """Fill a proposal's row with each body's say, whether it is heard, bound or recused, and the loss of
    access it counts. A body that has not delegated the function (4.14) keeps its consent.

    Under a duty to provide, a place's loss of access counts for every voter, not for elected bodies alone
    (PRP 2021).
    """
    org = world.org
    seen = 0.0
    for i in range(row.size):
        seen = max(seen, row[i].loss_of_access)
    for i in range(row.size):
        body, mine = org[i], row[i]
        mine.say = say_in(world, dial, item, mine.part > 0.0, i)
        observes = is_council(body) and dial.council_role == OBSERVER
        mine.speaks = 1 if mine.say != NO_SAY and not observes else 0
        mine.loss_counted = seen if dial.duty == PROVIDE and mine.say == VOTE else mine.loss_of_access
    recuse(par, dial, org, row)
    for i in range(row.size):
        row[i].keeps = 1 if row[i].withheld == 1 or keeps_consent(dial, org[i], row[i]) else 0
