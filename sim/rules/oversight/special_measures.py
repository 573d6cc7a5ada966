"""4.13 Special measures: the national body intervenes in a failing NHS body, and may remove its directors.

A body fails while last year's deficit, fund included, is above `special_deficit` of income, or while a
trust's quality is below `special_quality`. After `special_months` of failing it is put in special measures
with chance special_chance / 12 a month; after as many months without failing, it leaves them. In special
measures the Treasury pays it `special_support` of its income a year. Answering to the national body costs
`special_effort` of its effort (4.10). With chance removal_chance / 12 a month its directors are removed (HSC
2019 §123): its ties start afresh as with a new leader, and its engagement falls by `removal_engagement`. A
body that merges into another leaves special measures.
"""

from sim.kernel.chance import DIRECTORS, SPECIAL_MEASURES, uniforms
from sim.kernel.compiled import rule
from sim.kernel.event_log import DIRECTORS_REMOVED, MEASURES_ENDED, PUT_IN_MEASURES, add_reason, note
from sim.kernel.records import TREASURY
from sim.rules.bodies import is_nhs, is_trust, outside, pay
from sim.rules.decisions.reasons import mean_trust_in
from sim.rules.partnership.leaders import reset_ties

NO_QUALITY = -1.0


@rule
def quality_of(body):
    """Return the quality that a body is judged by; a commissioner has none of its own."""
    return body.quality if is_trust(body) else NO_QUALITY


@rule
def is_failing(par, body):
    return body.margin_last < -par.special_deficit or (is_trust(body) and body.quality < par.special_quality)


@rule
def record_measures(now, par, body, i, kind, log):
    """Record for the minutes margin and quality against what is asked."""
    note(log, now.month, kind, i, -1, body.key, body.margin_last, -par.special_deficit, quality_of(body))
    add_reason(log, -1, par.special_quality, float(body.watched))


@rule
def special_measures(world, par, log):
    """Pay support, then judge each NHS body. `watched` counts the months in a row that speak for a change."""
    now, org = world.now, world.org
    if par.special_chance <= 0.0:
        return
    for i in range(org.size):
        body = org[i]
        if body.exists == 0 or not is_nhs(body):
            continue
        if body.special == 1:
            pay(org, world.account, outside(TREASURY), i, par.special_support * 100.0 * body.scale / 12.0)
        body.watched = body.watched + 1 if is_failing(par, body) != (body.special == 1) else 0
        if body.watched < par.special_months:
            continue
        if body.special == 1:
            record_measures(now, par, body, i, MEASURES_ENDED, log)
            body.special, body.watched = 0, 0
        elif (
            body.watched > 0
            and uniforms(now, SPECIAL_MEASURES, body.key, body.key, now.month)[0] < par.special_chance / 12.0
        ):
            record_measures(now, par, body, i, PUT_IN_MEASURES, log)
            body.special, body.watched = 1, 0


@rule
def are_removed(now, par, body):
    """Return whether the national body removes this body's directors this month."""
    if body.exists == 0 or body.special == 0:
        return False
    return uniforms(now, DIRECTORS, body.key, body.key, now.month)[0] < par.removal_chance / 12.0


@rule
def remove_directors(world, par, log):
    now, org, trust = world.now, world.org, world.trust
    keep = world.contact  # borrowed: `relate` fills this array anew each month
    removed = 0
    for i in range(org.size):
        body = org[i]
        keep[i] = 1.0
        if are_removed(now, par, body):
            removed += 1
            keep[i] = 1.0 - par.leader_reset
            if log.size > 1:
                before = mean_trust_in(org, trust, i)
                note(
                    log,
                    now.month,
                    DIRECTORS_REMOVED,
                    i,
                    -1,
                    body.key,
                    par.removal_engagement,
                    before,
                    body.engagement,
                )
                add_reason(log, -1, body.margin_last, quality_of(body))
            body.engagement *= 1.0 - par.removal_engagement
    if removed > 0:
        reset_ties(par, trust, keep)
