"""4.12 Membership value, in [-1, 1]: a slow average of gain, voice and trust, less resentment and the burden
of meetings.

target = value_gain clamp(gain / s) + value_voice voice + 2 value_trust (mean trust - 1/2) - value_resentment
resentment - meeting_burden sqrt(members / 20). Voice is a slow average of whether decisions went where the
body pushed.
"""

import math

from sim.declarations.dials import OBSERVER
from sim.kernel.compiled import clamp, rule
from sim.kernel.records import NO_SAY, VOTE
from sim.rules.bodies import belongs, count_members, is_council
from sim.rules.decisions.decision import decided_now


@rule
def hear(world, par, dial):
    """Move voice with each decision of this month; without decisions it fades."""
    org, project = world.org, world.project
    for i in range(org.size):
        org[i].voice -= par.voice_fade * org[i].voice
    for q in range(project.size):
        item = project[q]
        agreed, died = decided_now(item)
        if not agreed and not died:
            continue
        for i in range(org.size):
            mine = world.stake[q, i]
            if mine.say == NO_SAY or mine.vote == 0 or (is_council(org[i]) and dial.council_role == OBSERVER):
                continue
            heard = 1.0 if (mine.vote > 0) == agreed else -1.0
            standing = 1.0 if mine.say == VOTE else 0.5
            org[i].voice += par.voice_rate * (standing * heard - org[i].voice)
        if died:
            item.heard = 0


@rule
def terms(par, body, trusted, trusting):
    """Return what membership brings a body: gain, being heard, trust both ways, less resentment."""
    gain = par.value_gain * clamp(body.gain / body.scale, -1.0, 1.0)
    voice = par.value_voice * body.voice
    trust = 2.0 * par.value_trust * (0.5 * (trusting + trusted) - 0.5)
    return gain, voice, trust, -par.value_resentment * body.resentment


@rule
def burden_of_meetings(par, org):
    return par.meeting_burden * math.sqrt(count_members(org) / 20.0)


@rule
def value_membership(world, par):
    org = world.org
    burden = burden_of_meetings(par, org)
    for i in range(org.size):
        body = org[i]
        if body.exists == 0:
            continue
        gain, voice, ties, grudge = terms(par, body, world.trusted[i], world.trusting[i])
        worth = gain + voice + (ties + grudge)
        if belongs(body):
            worth -= burden
        body.value += par.value_rate * (clamp(worth, -1.0, 1.0) - body.value)


@rule
def weighs_most(world, par, i):
    """Return what speaks most against membership, and its size. Used for the minutes.

    The codes are 0 gain, 1 voice, 2 trust, 3 resentment, 4 meetings.
    """
    org = world.org
    gain, voice, ties, grudge = terms(par, org[i], world.trusted[i], world.trusting[i])
    which, lowest = 4, -burden_of_meetings(par, org)
    if gain < lowest:
        which, lowest = 0, gain
    if voice < lowest:
        which, lowest = 1, voice
    if ties < lowest:
        which, lowest = 2, ties
    if grudge < lowest:
        which, lowest = 3, grudge
    return which, lowest
