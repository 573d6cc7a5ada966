"""4.5 The terms of an appraisal. Above 0 they speak for a proposal in a body's eyes, below 0 against."""

from sim.declarations.dials import WELLBEING
from sim.kernel.compiled import rule
from sim.rules.bodies import cares_for_wellbeing


@rule
def worth(body, money):
    """Return what its own money, GBP m a year, means to a body."""
    return (1.0 - body.weight) * money / body.scale


@rule
def relevance(par, dial, body):
    """Return a benefit's weight: less for councils and voluntary bodies, unless the duty covers wellbeing."""
    return par.council_relevance if cares_for_wellbeing(body) and dial.duty != WELLBEING else 1.0


@rule
def system_benefit(par, dial, item, body):
    return body.weight * relevance(par, dial, body) * item.benefit / item.stakes if item.stakes > 0.0 else 0.0


@rule
def autonomy_ceded(par, body, mine):
    return -par.autonomy * mine.ceded / body.scale


@rule
def public_loss(par, confidence, mine):
    return -par.public_loss * (1.0 - confidence) * mine.loss_counted


@rule
def liability(par, body, mine):
    return -par.liability_dread * mine.answers / body.scale


@rule
def own_terms(par, dial, confidence, item, body, mine):
    """Return the terms of an appraisal before anybody is talked to or paid.

    They are own gain, system benefit, autonomy ceded, public loss, liability, noise, standing.
    """
    return (
        worth(body, mine.gain),
        system_benefit(par, dial, item, body),
        autonomy_ceded(par, body, mine),
        public_loss(par, confidence, mine),
        liability(par, body, mine),
        mine.noise,
        -mine.standing,
    )


@rule
def added(parts):
    total = 0.0
    for part in parts:
        total += part
    return total


@rule
def hold(mine, terms):
    """Store an appraisal in a body's stake, with the terms that it adds up (the Mesa face's `why`)."""
    gain, benefit, ceded, loss, answers, noise, standing = terms
    mine.term_own_gain = gain
    mine.term_system_benefit = benefit
    mine.term_autonomy_ceded = ceded
    mine.term_public_loss = loss
    mine.term_liability = answers
    mine.term_noise = noise
    mine.term_standing = standing
    mine.term_persuasion = mine.persuasion
    mine.term_bargain = 0.0
    mine.support = added(terms) + mine.persuasion


@rule
def hold_none(mine):
    """Store no appraisal: all terms are 0."""
    hold(mine, (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    mine.term_persuasion, mine.support = 0.0, 0.0


@rule
def take_over(mine, other):
    """Replace a body's appraisal and its terms by another body's."""
    hold(
        mine,
        (
            other.term_own_gain,
            other.term_system_benefit,
            other.term_autonomy_ceded,
            other.term_public_loss,
            other.term_liability,
            other.term_noise,
            other.term_standing,
        ),
    )
    mine.term_persuasion, mine.term_bargain = other.term_persuasion, other.term_bargain
    mine.support = other.support
