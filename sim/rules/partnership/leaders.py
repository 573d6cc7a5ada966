"""4.11 Trust is personal: when a body's leader changes, its ties move part-way to those of strangers.

This goes for ties in both directions.
"""

from sim.kernel.chance import LEADER, uniforms
from sim.kernel.compiled import rule
from sim.kernel.event_log import LEADER_CHANGED, note
from sim.rules.decisions.reasons import mean_trust_in


@rule
def reset_ties(par, trust, keep):
    """Let every tie keep keep[i] * keep[j] of its distance from neutral, whatever the order of bodies."""
    for i in range(trust.shape[0]):
        for j in range(trust.shape[0]):
            if i != j:
                trust[i, j] = par.trust_neutral + (keep[i] * keep[j]) * (trust[i, j] - par.trust_neutral)


@rule
def change_leaders(world, par, log):
    now, org, trust = world.now, world.org, world.trust
    if now.calendar != 0 or now.month == 0 or par.leader_change <= 0.0:
        return
    keep = world.contact  # borrowed: `relate` fills this array anew each month
    for i in range(org.size):
        keep[i] = 1.0
        if (
            org[i].exists == 1
            and uniforms(now, LEADER, org[i].key, org[i].key, now.month)[0] < par.leader_change
        ):
            keep[i] = 1.0 - par.leader_reset
            if log.size > 1:
                before = mean_trust_in(org, trust, i)
                note(
                    log,
                    now.month,
                    LEADER_CHANGED,
                    i,
                    -1,
                    org[i].key,
                    par.leader_reset,
                    before,
                    par.trust_neutral,
                )
    reset_ties(par, trust, keep)
