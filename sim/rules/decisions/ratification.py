"""4.8 Ratification: the own board of each body that takes part must approve at its next meeting.

The board was not in the room. To what its body thought there (support, bargain included) it adds its own
noise, and its non-executives may find a bad proposal out: u own board = u + ratification_noise (noise_floor +
min(1, |G| / s)) bell. The statutory body's own board is the system's, which has just decided, so it is not
asked again (`decisions/decision.py`). A refusal sends the proposal back and makes the refuser more stubborn;
after `most_referrals` the proposal dies.
"""

from sim.kernel.chance import CHALLENGE_BODY, RATIFICATION, bell, uniforms
from sim.kernel.compiled import rule
from sim.kernel.event_log import APPROVED, FOUND_OUT, GIVEN_UP, SENT_BACK, add_reason, note
from sim.kernel.records import IN_FORCE, RATIFYING, TABLE
from sim.rules.decisions.decision import drop
from sim.rules.decisions.reasons import (
    NOT_IN_THE_ROOM,
    confidence_in,
    ground,
    largest_payer,
    participants,
    spared_boards,
)
from sim.rules.services.small_partners import noise_of


@rule
def meets(now, body):
    """Return whether the body's own board meets this month."""
    return (now.month + body.phase) % body.cycle == 0


@rule
def second_look(now, par, item, body, mine):
    """Return the own board's appraisal."""
    stake = min(1.0, abs(mine.gain) / body.scale)
    luck = bell(now, RATIFICATION, item.serial, body.key, item.referrals)
    return mine.support + noise_of(par, body) * par.ratification_noise * (par.noise_floor + stake) * luck


@rule
def intend_ratification(world, par):
    """Intention: what each own board that meets this month means to do. Mesa agents may overrule it."""
    now, org, project = world.now, world.org, world.project
    for q in range(project.size):
        item = project[q]
        if item.stage != RATIFYING:
            continue
        for i in range(org.size):
            mine = world.stake[q, i]
            mine.ratifies = 0
            if mine.joins == 1 and mine.ratified == 0 and org[i].exists == 1 and meets(now, org[i]):
                world.board.meetings += 1
                refuses = second_look(now, par, item, org[i], mine) < -par.consent_band
                mine.ratifies = -1 if refuses else 1


@rule
def waive_ratification(project, stake):
    """Bring carried proposals into force without own boards. Acts only where one of the two steps
    `intend_ratification` and `ratify` is switched off.
    """
    for q in range(project.size):
        if project[q].stage == RATIFYING:
            project[q].stage = IN_FORCE
            for i in range(stake.shape[1]):
                stake[q, i].ratifies = 0  # forget what a board meant to do


@rule
def found_by(now, par, org, item, row):
    """Return the body whose board finds a bad proposal out now, or -1; several count once, lowest key."""
    finder = -1
    for i in range(row.size):
        if row[i].ratifies == 0 or item.harmful == 0:
            continue
        found = uniforms(now, CHALLENGE_BODY, item.serial, org[i].key, item.referrals)[0] < par.challenge
        if found and (finder < 0 or org[i].key < org[finder].key):
            finder = i
    return finder


@rule
def record_refusal(world, par, item, row, i, log):
    """Record a refusal for the minutes: the board's view, its gain, its largest payer, the main reason.

    If the body did not object in the room, the reason is the board's own second look.
    """
    now, org, trust = world.now, world.org, world.trust
    mine = row[i]
    view = second_look(now, par, item, org[i], mine)
    note(log, now.month, SENT_BACK, i, item.place, item.serial, view, mine.gain, mine.receives)
    most = largest_payer(row, i)
    why = NOT_IN_THE_ROOM
    if mine.support < -par.consent_band:
        why = ground(par, confidence_in(world.place, item.place), org[i], mine)
    add_reason(log, most, trust[i, most] if most >= 0 else 0.0, float(why))


@rule
def ratify(world, par, log):
    now, org, board, project, broken = world.now, world.org, world.board, world.project, world.broken
    for q in range(project.size):
        item = project[q]
        if item.stage != RATIFYING:
            continue
        row = world.stake[q]
        finder = found_by(now, par, org, item, row)
        if finder >= 0:
            item.found = 1
            board.found_out += 1
            note(log, now.month, FOUND_OUT, finder, item.place, item.serial, item.truth, 0.0, 0.0)
            drop(item, row, board, broken, 0.0)
            continue
        refused = False
        waiting = False
        for i in range(row.size):
            mine = row[i]
            if mine.ratifies < 0:
                refused = True
                if log.size > 1:
                    record_refusal(world, par, item, row, i, log)
                mine.standing += par.hardening
            elif mine.ratifies > 0:
                mine.ratified = 1
            waiting = waiting or (mine.joins == 1 and mine.ratified == 0 and org[i].exists == 1)
        if refused:
            item.referrals += 1
            if item.referrals > par.most_referrals:
                waited, times = float(now.month - item.tabled), float(item.referrals)
                note(log, now.month, GIVEN_UP, item.sponsor, item.place, item.serial, waited, times, 0.0)
                drop(item, row, board, broken, par.veto_evidence)
            else:
                item.stage = TABLE
                item.wait = int(par.rework_months)
        elif not waiting:
            if log.size > 1:
                waited, spared = float(now.month - item.tabled), float(spared_boards(row))
                boards = float(participants(row) - row[board.body].joins) - spared
                note(log, now.month, APPROVED, item.sponsor, item.place, item.serial, waited, boards, spared)
            item.stage = IN_FORCE
