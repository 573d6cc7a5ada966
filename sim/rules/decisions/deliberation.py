"""4.6 Deliberation: in each round, appraisals move towards those of trusted partners, and stay there.

step of i = influence x sum over j of trust[i, j] x (u_j - u_i) / number of others. A partner that i does not
trust does not move i. u leaves out `standing`: an earlier refusal makes the refuser itself more stubborn, but
is no argument for others. An observer hears others, but they do not hear it.
"""

from sim.kernel.compiled import rule, snap
from sim.kernel.records import NO_SAY


@rule
def one_round(par, row, trust):
    speakers = 0.0
    for i in range(row.size):
        speakers += row[i].speaks
        row[i].says = row[i].support + row[i].standing
    for i in range(row.size):
        mine = row[i]
        if mine.say == NO_SAY:
            continue
        others = speakers - mine.speaks
        if others >= 1.0:
            pull = 0.0
            for j in range(row.size):  # its own voice does not pull it
                if row[j].speaks == 1:
                    pull += snap(trust[i, j] * (row[j].says - mine.says))
            moved = mine.support + par.influence * pull / others
            mine.persuasion += moved - mine.support
            mine.support = moved
        mine.term_persuasion = mine.persuasion


@rule
def deliberate(world, par):
    project, trust = world.project, world.trust
    for q in range(project.size):
        if project[q].heard == 1:
            for _ in range(int(par.rounds)):
                one_round(par, world.stake[q], trust)
