"""4.7 Intention: how each body means to vote. Mesa agents may overrule it before `decide` reads it."""

from sim.kernel.compiled import rule
from sim.kernel.records import NO_SAY


@rule
def intend_votes(par, project, stake):
    for q in range(project.size):
        if project[q].heard == 0:
            continue
        for i in range(stake.shape[1]):
            mine = stake[q, i]
            mine.vote = 0
            if mine.say == NO_SAY:
                continue
            if mine.support > 0.0:
                mine.vote = 1
            elif mine.support < -par.consent_band:
                mine.vote = -1
