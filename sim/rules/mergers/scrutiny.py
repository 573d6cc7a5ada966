"""4.8, 4.9 The public is heard on a merger before it is carried out, by the rule of `decisions/scrutiny.py`
(E14, E15, E34).

A merger concerns the places of the body that would end, each by the share of its care that this body gives or
buys. By that share secrecy costs confidence there. The confidence that counts is the mean weighted by
residents x share. A referral costs months, or the merger; the two may then try again. If one of the two ends
meanwhile, by law or by an event, the merger lapses.
"""

from sim.kernel.chance import MERGER_SCRUTINY, uniforms
from sim.kernel.compiled import rule, snap
from sim.kernel.event_log import MERGER_CLEARED as TOLD_CLEARED
from sim.kernel.event_log import (
    MERGER_CONSULTATION,
    MERGER_LAPSED,
    MERGER_REFERRED,
    MERGER_STOPPED,
    add_reason,
    note,
)
from sim.kernel.records import MERGER_AGREED, MERGER_CLEARED, MERGER_CONSULTED, MERGER_REVIEWED
from sim.rules.decisions.scrutiny import LOST, TO_REVIEW, come_out, months_of_consultation, verdict
from sim.rules.mergers.consequences import call_off, share_of_care
from sim.rules.mergers.intention import pair


@rule
def partner_of(org, i):
    """Return the row of the body with which body i is to merge, or -1 if that body has ended."""
    for j in range(org.size):
        if org[j].key == org[i].merging_with and org[j].exists == 1 and org[j].merging_with == org[i].key:
            return j
    return -1


@rule
def confidence_about(world, i):
    """Return (public confidence where body i gives or buys care; the council with most of the people, or -1).

    Ties between councils go by key.
    """
    org, place = world.org, world.place
    held, people, most, council = 0.0, 0.0, 0.0, -1
    for p in range(place.size):
        here = place[p]
        concerned = snap(here.population * share_of_care(world, p, i))
        held += snap(here.confidence * concerned)
        people += concerned
        tied = council >= 0 and concerned == most and org[here.council].key < org[council].key
        if concerned > most or tied:
            most, council = concerned, here.council
    return (held / people if people > 0.0 else 1.0), council


@rule
def open_merger(world, par, dial, i, j, log):
    now, org, place = world.now, world.org, world.place
    one = org[i]
    ends = pair(org, i, j)[0]
    one.merger_stage = MERGER_CONSULTED
    one.merger_wait = months_of_consultation(par, dial)
    before, council = confidence_about(world, ends)
    for p in range(place.size):
        come_out(par, dial, place[p], share_of_care(world, p, ends))
    world.board.consultations += 1
    if log.size > 1:
        after, _ = confidence_about(world, ends)
        note(
            log, now.month, MERGER_CONSULTATION, i, j, one.key, float(one.merger_wait), before - after, after
        )
        add_reason(log, council, dial.public_involvement, dial.transparency)


@rule
def close_merger(world, par, dial, i, j, log):
    """End a consultation or a review: the merger is referred, stopped or cleared."""
    now, org, board = world.now, world.org, world.board
    one, other = org[i], org[j]
    referred = 1 if one.merger_stage == MERGER_REVIEWED else 0
    luck = uniforms(now, MERGER_SCRUTINY, min(one.key, other.key), max(one.key, other.key), one.merger_since)
    confidence, council = confidence_about(world, pair(org, i, j)[0])
    outcome, court, chance = verdict(par, dial, confidence, referred, luck)
    waited = float(now.month - one.merger_since)
    if outcome == TO_REVIEW:
        one.merger_stage = MERGER_REVIEWED
        one.merger_wait = int(par.referral_months)
        board.referred += 1
        note(log, now.month, MERGER_REFERRED, i, j, one.key, float(one.merger_wait), confidence, chance)
        add_reason(log, council, court, 0.0)
    elif outcome == LOST:
        board.mergers_stopped += 1
        note(log, now.month, MERGER_STOPPED, i, j, one.key, waited, court, chance)
        add_reason(log, council, 0.0, 0.0)
        call_off(one)
        call_off(other)
    else:
        one.merger_stage = MERGER_CLEARED
        note(log, now.month, TOLD_CLEARED, i, j, one.key, waited, float(referred), chance)


@rule
def lapse(now, org, i, log):
    """Call off a merger whose partner has ended."""
    other = -1
    for j in range(org.size):
        if org[j].key == org[i].merging_with:
            other = j
    note(
        log, now.month, MERGER_LAPSED, i, other, org[i].key, float(now.month - org[i].merger_since), 0.0, 0.0
    )
    call_off(org[i])


@rule
def scrutinise_mergers(world, par, dial, log):
    """Treat mergers under way first, then those decided this month. So whether one is affected by the
    consultation on another does not depend on their places in the input.
    """
    org = world.org
    for i in range(org.size):
        body = org[i]
        if body.exists == 0 or body.merging_with == 0:
            continue
        j = partner_of(org, i)
        if j < 0:
            lapse(world.now, org, i, log)
        elif body.merger_stage == MERGER_CONSULTED or body.merger_stage == MERGER_REVIEWED:
            body.merger_wait -= 1 if body.merger_wait > 0 else 0
            if body.merger_wait == 0:
                close_merger(world, par, dial, i, j, log)
    for i in range(org.size):
        if org[i].exists == 1 and org[i].merger_stage == MERGER_AGREED:
            open_merger(world, par, dial, i, partner_of(org, i), log)
