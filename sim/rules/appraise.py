"""4.5 Appraisal: what each body thinks of each proposal on the agenda.

u = (1 - w) G / s + w r B / S - a A / s - public_loss (1 - confidence) x loss of access + noise - standing + persuasion, with
w = min(1, w0 + duty)(1 - retreat x pressure). `standing` is what a refusal of its own left behind (4.8), `persuasion` what partners
moved it by so far (4.6). What the bargain adds, (1 - w)(credibility x C - paid) / s, stands in `bargain.py`. S sums s over the
affected bodies, so that w = 1 is a utilitarian. A body that has left has no say.
"""

from sim.compiled import rule
from sim.regime import COUNCIL, EQUAL, MEMBER, NO_DUTY, WELLBEING
from sim.rules.bodies import belongs, is_council
from sim.world import CONSENT, NO_SAY, VOTE


@rule
def system_weight(par, dial, body):
    """Weight of the system's benefit in a body's appraisal; money trouble drives bodies back into their silos."""
    bound = dial.duty == WELLBEING or (dial.duty != NO_DUTY and body.kind != COUNCIL)
    weight = par.system_weight + (par.duty_weight if bound else 0.0)
    return min(1.0, weight) * (1.0 - par.retreat * body.pressure)


@rule
def relevance(par, dial, body):
    """A benefit to health alone leaves councils cold, unless the duty takes in wellbeing."""
    return par.council_relevance if is_council(body) and dial.duty != WELLBEING else 1.0


@rule
def say_in(dial, body, affected, local):
    """What a body may do about a proposal: nothing, consent for its own part, or vote."""
    if not belongs(body):
        return NO_SAY
    votes = dial.votes[body.kind] == 1
    if is_council(body):
        votes = votes and (dial.council_role == MEMBER or dial.council_role == EQUAL)
    if votes and (affected or not local):
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
def appraise(par, dial, org, place, project, stake):
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
            mine.say = say_in(dial, org[i], mine.part > 0.0, item.local == 1)
            mine.support = 0.0
            if mine.say != NO_SAY:
                mine.support = own_view(par, dial, confidence, item, org[i], mine) + mine.persuasion
