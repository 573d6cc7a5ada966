"""4.5 Appraisal: what each body thinks of each proposal on the agenda.

u = (1 - w) G / s + w r B / S - a A / s - dread L / s - public_loss (1 - confidence) x loss of access + noise
- standing + persuasion, with w = min(1, w0 + duty)(1 - retreat x pressure).

`standing` remains from the body's own earlier refusal (4.8); `persuasion` is how far partners have moved it
so far (4.6). The bargain adds (1 - w)(credibility x C - paid) / s, in `decisions/bargaining.py`. S is the sum
of s over the affected bodies, so a body with w = 1 is a utilitarian. L is what the body would answer for
together with others (`decisions/liability.py`); it is 0 where each answers for its own. `decisions/terms.py`
computes each term; a stake keeps the terms beside the sum.
"""

from sim.declarations.bodies import INDEPENDENT_PROVIDER
from sim.declarations.dials import NO_DUTY, PROVIDE, WELLBEING
from sim.kernel.compiled import rule
from sim.kernel.records import NO_SAY
from sim.rules.bodies import cares_for_wellbeing
from sim.rules.decisions.lay_members import lay_view
from sim.rules.decisions.liability import share_liability
from sim.rules.decisions.reasons import confidence_in
from sim.rules.decisions.terms import hold, hold_none, own_terms
from sim.rules.decisions.voting_rights import give_say


@rule
def system_weight(par, dial, body):
    """Return the weight of the system's benefit in a body's appraisal. Money trouble lowers it.

    A triple aim binds NHS bodies and primary care. A duty that covers wellbeing, or a duty to provide (PRP
    2021), binds councils and voluntary bodies too. Duties bind public bodies and those that stand for the
    public's care, so none binds an independent provider.
    """
    bound = (
        dial.duty == WELLBEING
        or dial.duty == PROVIDE
        or (dial.duty != NO_DUTY and not cares_for_wellbeing(body))
    )
    bound = bound and body.kind != INDEPENDENT_PROVIDER
    weight = par.system_weight + (par.duty_weight if bound else 0.0)
    return min(1.0, weight) * (1.0 - par.retreat * body.pressure)


@rule
def appraise(world, par, dial):
    org, project, stake = world.org, world.project, world.stake
    for i in range(org.size):
        org[i].weight = system_weight(par, dial, org[i])
    for q in range(project.size):
        item = project[q]
        if item.heard == 0:
            continue
        confidence = confidence_in(world.place, item.place)
        item.lay_view = lay_view(world.now, par, dial, item)
        give_say(world, par, dial, item, stake[q])
        share_liability(dial, org, item, stake[q])
        for i in range(org.size):
            mine = stake[q, i]
            mine.pays = 0.0
            mine.receives = 0.0
            mine.offers = 0.0
            if mine.say == NO_SAY:
                hold_none(mine)
            else:
                hold(mine, own_terms(par, dial, confidence, item, org[i], mine))
