"""4.8 Public consultation and scrutiny of reconfigurations. Mergers follow the same rule
(`mergers/scrutiny.py`; E14, E15).

What own boards have passed goes to consultation for consultation_months + involvement_months x public
involvement. A plan made behind closed doors costs confidence when it becomes known: secrecy_confidence x (1 -
transparency). Then, with chance public_challenge x involvement, the public finds a bad proposal out. With
chance referral x (1 - confidence) x (1 - openness x transparency) x (1 - referral_involvement x involvement)
it is referred or taken to court. That costs referral_months, or, with chance referral_fatal, the project.
"""

from sim.kernel.chance import SCRUTINY, uniforms
from sim.kernel.compiled import rule
from sim.kernel.event_log import CLEARED, CONSULTATION, FOUND_OUT, REFERRED, STOPPED, add_reason, note
from sim.kernel.records import CONSULTING, IN_FORCE, RECONFIGURE
from sim.rules.decisions.decision import drop

PASSES, TO_REVIEW, LOST = range(3)


@rule
def months_of_consultation(par, dial):
    return int(par.consultation_months + par.involvement_months * dial.public_involvement)


@rule
def come_out(par, dial, here, share):
    """Make a plan for `share` of a place's care known. Returns the confidence that is lost because it was
    made behind closed doors.
    """
    lost = min(here.confidence, par.secrecy_confidence * (1.0 - dial.transparency) * share)
    here.confidence -= lost
    return lost


@rule
def chance_of_referral(par, dial, confidence):
    """Return the chance of a referral. Low confidence and closed doors raise it; involvement lowers it."""
    opened = 1.0 - par.referral_openness * dial.transparency
    return (
        par.referral
        * (1.0 - confidence)
        * opened
        * (1.0 - par.referral_involvement * dial.public_involvement)
    )


@rule
def verdict(par, dial, confidence, referred, luck):
    """Return (how a consultation, or the review after it, ends; 1 if by a court; its chance of failing)."""
    refers, loses, courts, _ = luck
    court = 1.0 if courts < 0.5 else 0.0
    if referred == 1:
        return LOST if loses < par.referral_fatal else PASSES, court, par.referral_fatal
    chance = chance_of_referral(par, dial, confidence)
    return TO_REVIEW if refers < chance else PASSES, court, chance


@rule
def concerns_the_public(item):
    """Return whether a proposal that was passed must face the public before anything is done."""
    return item.kind == RECONFIGURE and item.stage == IN_FORCE and item.phased == 0 and item.consulted == 0


@rule
def open_consultation(world, par, dial, item, log):
    now = world.now
    here = world.place[item.place]
    item.consulted = 1
    item.stage = CONSULTING
    item.wait = months_of_consultation(par, dial)
    lost = come_out(par, dial, here, 1.0)
    world.board.consultations += 1
    note(log, now.month, CONSULTATION, -1, item.place, item.serial, float(item.wait), lost, here.confidence)
    add_reason(log, here.council, dial.public_involvement, dial.transparency)


@rule
def found_by_the_public(par, dial, item, luck):
    """Return whether an involved public finds a bad proposal out. It looks once."""
    return (
        item.referred == 0 and item.harmful == 1 and luck[3] < par.public_challenge * dial.public_involvement
    )


@rule
def close_consultation(world, par, dial, item, row, log):
    """End a consultation or a review: the proposal is found out, referred, stopped or cleared."""
    now, board, broken = world.now, world.board, world.broken
    here = world.place[item.place]
    luck = uniforms(now, SCRUTINY, item.serial, item.serial, 0)
    if found_by_the_public(par, dial, item, luck):
        item.found = 1
        board.found_out += 1
        note(log, now.month, FOUND_OUT, -1, item.place, item.serial, item.truth, 1.0, 0.0)
        drop(item, row, board, broken, 0.0)
        return
    outcome, court, chance = verdict(par, dial, here.confidence, item.referred, luck)
    waited = float(now.month - item.tabled)
    if outcome == TO_REVIEW:
        item.referred = 1
        item.wait = int(par.referral_months)
        board.referred += 1
        note(log, now.month, REFERRED, -1, item.place, item.serial, float(item.wait), here.confidence, chance)
        add_reason(log, here.council, court, 0.0)
    elif outcome == LOST:
        note(log, now.month, STOPPED, -1, item.place, item.serial, waited, court, chance)
        add_reason(log, here.council, 0.0, 0.0)
        drop(item, row, board, broken, 0.0)
    else:
        item.stage = IN_FORCE
        note(log, now.month, CLEARED, -1, item.place, item.serial, waited, float(item.referred), chance)


@rule
def scrutinise(world, par, dial, log):
    """Open and close consultations. `set_agenda` counts down their waits, like all others."""
    project = world.project
    for q in range(project.size):
        item = project[q]
        if concerns_the_public(item):
            open_consultation(world, par, dial, item, log)
        elif item.stage == CONSULTING and item.wait == 0:
            close_consultation(world, par, dial, item, world.stake[q], log)
