"""4.14 Adopting an arrangement body by body: own boards delegate functions to the joint body, and revoke.

u = (1 - w) G / s + w r B / S - a d A / s + ties - control d + noise, the appraisal of 4.5 over past
decisions. G, B / S and A are running means, by body and function, of own gain (compensation counted), of
system benefit over stakes and of business ceded, in the proposals decided; a proposal that died counts 0.
ties = delegation_trust (mean trust in the others - trust_neutral) + delegation_value x membership value; d =
ft_autonomy for a foundation trust, else 1. A board that meets delegates above the consent band and revokes
below minus it. It considers a function at most once every adoption_months (HSC 2019 §96, §105).

A carried vote binds a body that has delegated the function of the proposal, and its own board need not
approve. A body that has not delegated it takes part if it consents, and its own board must approve
(`decisions/decision.py`).
"""

import numpy as np

from sim.declarations.bodies import CCG, FOUNDATION_TRUST
from sim.declarations.dials import BY_BODY
from sim.kernel.chance import ADOPTION, bell
from sim.kernel.compiled import rule, snap
from sim.kernel.event_log import ADOPTED, REVOKED, add_reason, note
from sim.kernel.records import FUNCTION_OF
from sim.rules.decisions.appraisal import system_weight
from sim.rules.decisions.decision import decided_now
from sim.rules.decisions.ratification import meets
from sim.rules.decisions.terms import added, relevance
from sim.rules.decisions.voting_rights import votes_on


@rule
def may_delegate(dial, body):
    """Return whether a body may delegate: the joint body can bind only those that have a vote in it."""
    return votes_on(dial, body, True)


@rule
def terms(now, par, dial, body, trusting, known, function):
    """Return what speaks for and against delegating one function, in appraisal units: own gain, the system's
    benefit, business ceded, trust and membership, control given away, the board's own judgement.
    """
    weight = system_weight(par, dial, body)
    dear = par.ft_autonomy if body.kind == FOUNDATION_TRUST else 1.0
    stake = min(1.0, abs(known.own_gain) / body.scale)
    return (
        (1.0 - weight) * known.own_gain / body.scale,
        weight * relevance(par, dial, body) * known.benefit,
        -par.autonomy * dear * known.ceded / body.scale,
        par.delegation_trust * (trusting - par.trust_neutral) + par.delegation_value * body.value,
        -par.delegation_control * dear,
        par.noise * (par.noise_floor + stake) * bell(now, ADOPTION, body.key, np.uint64(function), now.month),
    )


@rule
def weightiest(parts, sign):
    """Return which term speaks most for (sign 1) or against (sign -1). Used for the minutes."""
    found = 0
    for which in range(len(parts)):
        if sign * parts[which] > sign * parts[found]:
            found = which
    return found


@rule
def intend_adoption(world, par, dial):
    """Intention: what boards that meet wish to delegate (1) or keep (-1). Mesa agents may overrule it."""
    now, org, delegation = world.now, world.org, world.delegation
    if dial.adoption != BY_BODY:
        return
    for i in range(org.size):
        if not meets(now, org[i]) or not may_delegate(dial, org[i]):
            continue
        looks = 0
        for f in range(delegation.shape[1]):
            mine = delegation[i, f]
            if now.month >= mine.again:
                mine.again = now.month + int(par.adoption_months)
                mine.leaning = added(terms(now, par, dial, org[i], world.trusting[i], mine, f))
                looks = 1
                if mine.leaning > par.consent_band:
                    mine.wish = 1
                elif mine.leaning < -par.consent_band:
                    mine.wish = -1
        world.board.meetings += looks


@rule
def record_adoption(world, par, dial, mine, i, f, log):
    """Record a change for the minutes: function, appraisal, own gain so far, trust, and what weighs most."""
    now, org, trusting = world.now, world.org, world.trusting
    kind = ADOPTED if mine.held == 1 else REVOKED
    note(log, now.month, kind, i, -1, org[i].key, mine.leaning, float(f), mine.own_gain)
    if log.size > 1:
        parts = terms(now, par, dial, org[i], trusting[i], mine, f)
        add_reason(log, -1, trusting[i], float(weightiest(parts, 1.0 if mine.held == 1 else -1.0)))


@rule
def end_delegations(world):
    """End all delegations, because the law is new. Bodies keep what they have seen; a new statutory body
    inherits it from CCGs.
    """
    org, board, stake, delegation = world.org, world.board, world.stake, world.delegation
    for i in range(org.size):
        for f in range(delegation.shape[1]):
            mine = delegation[i, f]
            mine.held, mine.wish, mine.again = 0, 0, 0
        for q in range(stake.shape[0]):
            stake[q, i].withheld = 0
    for f in range(delegation.shape[1]):
        if org[board.body].exists == 1 and delegation[board.body, f].seen == 0:
            inherit(org, delegation, board.body, f)
    board.delegated = 0.0
    board.adopted_under = board.law


@rule
def inherit(org, delegation, into, f):
    """Give the statutory body the mean of what the CCGs that it took over have seen."""
    gain, benefit, ceded, seen, number = 0.0, 0.0, 0.0, 0, 0.0
    for i in range(org.size):
        if org[i].kind == CCG:
            gain += snap(delegation[i, f].own_gain)
            benefit += snap(delegation[i, f].benefit)
            ceded += snap(delegation[i, f].ceded)
            seen = max(seen, delegation[i, f].seen)
            number += 1.0
    if number > 0.0:
        new = delegation[into, f]
        new.own_gain, new.benefit, new.ceded, new.seen = gain / number, benefit / number, ceded / number, seen


@rule
def adopt(world, par, dial, log):
    """Turn wishes into delegations. Then mark which bodies keep the function of each proposal heard."""
    org, board, project, delegation = world.org, world.board, world.project, world.delegation
    if board.adopted_under != board.law:
        end_delegations(world)
    if dial.adoption != BY_BODY:
        return
    held, could = 0.0, 0.0
    for i in range(org.size):
        able = may_delegate(dial, org[i])
        for f in range(delegation.shape[1]):
            mine = delegation[i, f]
            if not able:
                mine.held, mine.wish = 0, 0
                continue
            if (mine.wish > 0 and mine.held == 0) or (mine.wish < 0 and mine.held == 1):
                mine.held = 1 - mine.held
                board.adopted += mine.held
                board.revoked += 1 - mine.held
                record_adoption(world, par, dial, mine, i, f, log)
            mine.wish = 0
            held += mine.held
            could += 1.0
    board.delegated = held / max(1.0, could)
    for q in range(project.size):
        if project[q].heard == 1:
            function = FUNCTION_OF[project[q].kind]
            for i in range(org.size):
                world.stake[q, i].withheld = 1 - delegation[i, function].held


@rule
def remember(world, par):
    """Add this month's decisions to what each body they affected has seen of their function."""
    org, project = world.org, world.project
    for q in range(project.size):
        item = project[q]
        agreed, died = decided_now(item)
        if not agreed and not died:
            continue
        for i in range(org.size):
            mine = world.stake[q, i]
            if mine.part <= 0.0 or org[i].exists == 0:
                continue
            known = world.delegation[i, FUNCTION_OF[item.kind]]
            known.seen += 1
            rate = max(1.0 / known.seen, par.delegation_memory)
            joined = agreed and mine.joins == 1
            gain = mine.gain - mine.pays + mine.receives if joined else 0.0
            benefit = item.taking_part * item.benefit / item.stakes if agreed and item.stakes > 0.0 else 0.0
            ceded = mine.ceded if joined else 0.0
            known.own_gain += rate * (gain - known.own_gain)
            known.benefit += rate * (benefit - known.benefit)
            known.ceded += rate * (ceded - known.ceded)
