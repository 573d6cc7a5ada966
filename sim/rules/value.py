"""4.12 Membership value, in [-1, 1]: a slow average of gain, voice and trust, less resentment and the burden of meetings.

target = value_gain clamp(gain / s) + value_voice voice + 2 value_trust (mean trust - 1/2) - value_resentment resentment
- meeting_burden sqrt(members / 20). Voice is a slow average of whether decisions went where the body pushed.
"""

import math

from sim.compiled import clamp, rule
from sim.regime import OBSERVER
from sim.rules.bodies import belongs, count_members, is_council
from sim.world import EMPTY, IN_FORCE, NO_SAY, VOTE


@rule
def hear(par, dial, org, project, stake):
    """Voice moves with each decision of this month; without decisions it fades."""
    for i in range(org.size):
        org[i].voice -= par.voice_fade * org[i].voice
    for q in range(project.size):
        item = project[q]
        agreed = item.stage == IN_FORCE and item.phased == 1
        died = item.stage == EMPTY and item.heard == 1
        if not agreed and not died:
            continue
        for i in range(org.size):
            mine = stake[q, i]
            if mine.say == NO_SAY or mine.vote == 0 or (is_council(org[i]) and dial.council_role == OBSERVER):
                continue
            heard = 1.0 if (mine.vote > 0) == agreed else -1.0
            standing = 1.0 if mine.say == VOTE else 0.5
            org[i].voice += par.voice_rate * (standing * heard - org[i].voice)
        if died:
            item.heard = 0


@rule
def value_membership(par, org, trusted, trusting):
    members = count_members(org)
    burden = par.meeting_burden * math.sqrt(members / 20.0)
    for i in range(org.size):
        body = org[i]
        if body.exists == 0:
            continue
        worth = par.value_gain * clamp(body.gain / body.scale, -1.0, 1.0) + par.value_voice * body.voice
        worth += 2.0 * par.value_trust * (0.5 * (trusting[i] + trusted[i]) - 0.5) - par.value_resentment * body.resentment
        if belongs(body):
            worth -= burden
        body.value += par.value_rate * (clamp(worth, -1.0, 1.0) - body.value)
