"""4.5 Appraisal: what each body thinks of each proposal on the agenda.

u = (1 - w) G / s + w r B / S - a A / s + public + noise, with w = (w0 + duty)(1 - retreat x pressure). What the bargain
adds, (1 - w)(credibility x C - paid) / s, stands in `bargain.py`. S sums s over the affected bodies, so that w = 1 is a
utilitarian. A proposal left to a place (4.7, E23) is voted on by those voters who work there and are affected by it, or are its
commissioner, council, primary care network or voluntary body; whoever else is affected has its consent to give, and no more.
"""

from sim.compiled import rule
from sim.regime import EQUAL, INDEPENDENT_PROVIDER, MEMBER, NO_DUTY, ON_BOARD, WELLBEING
from sim.rules.bodies import belongs, cares_for_wellbeing, is_council
from sim.world import CONSENT, NO_SAY, VOTE


@rule
def system_weight(par, dial, body):
    """Weight of the system's benefit in a body's appraisal; money trouble drives bodies back into their silos."""
    bound = dial.duty == WELLBEING or (dial.duty != NO_DUTY and not cares_for_wellbeing(body))
    bound = bound and body.kind != INDEPENDENT_PROVIDER  # duties lie on public bodies
    weight = par.system_weight + (par.duty_weight if bound else 0.0)
    return min(1.0, weight) * (1.0 - par.retreat * body.pressure)


@rule
def relevance(par, dial, body):
    """A benefit to health alone leaves councils cold, unless the duty takes in wellbeing."""
    return par.council_relevance if cares_for_wellbeing(body) and dial.duty != WELLBEING else 1.0


@rule
def has_vote(dial, body):
    """Whether the regime gives a body a vote: members of the kinds it names, councils and independent providers by their own dials."""
    if not belongs(body):
        return False
    if body.kind == INDEPENDENT_PROVIDER:
        return dial.independent_providers == ON_BOARD
    votes = dial.votes[body.kind] == 1
    if is_council(body):
        votes = votes and (dial.council_role == MEMBER or dial.council_role == EQUAL)
    return votes


@rule
def decides_there(here, works_here, affected, i):
    """Whether body i is one of those who decide on what is left to a place."""
    leads = i == here.commissioner or i == here.council or i == here.network or i == here.voluntary
    return works_here > 0.0 and (affected or leads)


@rule
def say_in(dial, org, place, local, item, affected, i):
    """What a body may do about a proposal: nothing, consent for its own part, or vote."""
    if org[i].exists == 0:
        return NO_SAY
    if has_vote(dial, org[i]) and (item.local == 0 or decides_there(place[item.place], local[item.place, i], affected, i)):
        return VOTE
    return CONSENT if affected else NO_SAY


@rule
def own_view(par, dial, here_confidence, item, body, mine):
    """The appraisal before anybody is talked to or paid."""
    view = (1.0 - body.weight) * mine.gain / body.scale
    if item.stakes > 0.0:
        view += body.weight * relevance(par, dial, body) * item.benefit / item.stakes
    view -= par.autonomy * mine.ceded / body.scale
    view -= par.public_loss * (1.0 - here_confidence) * mine.loss_of_access
    return view + mine.noise - mine.standing


@rule
def appraise(par, dial, org, place, local, project, stake):
    for i in range(org.size):
        org[i].weight = system_weight(par, dial, org[i])
    for q in range(project.size):
        item = project[q]
        if item.heard == 0:
            continue
        confidence = place[item.place].confidence if item.place >= 0 else 1.0
        for i in range(org.size):
            mine = stake[q, i]
            mine.pays = 0.0
            mine.receives = 0.0
            mine.say = say_in(dial, org, place, local, item, mine.part > 0.0, i)
            mine.support = 0.0
            if mine.say != NO_SAY:
                mine.support = own_view(par, dial, confidence, item, org[i], mine) + mine.persuasion
