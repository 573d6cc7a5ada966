"""4.10 Effort and conditional cooperation.

effort = engagement x (1 - resentment) x (1 - share eaten by pressure), x (1 - merger_effort) while a body
merges, x (1 - special_effort) in special measures. Engagement follows membership value and the effort of the
others: target = base + engagement_value x value + reciprocity x (mean effort of others - expected).
"""

from sim.kernel.compiled import clamp, rule, snap
from sim.rules.bodies import belongs, takes_part
from sim.rules.services.small_partners import engagement_base


@rule
def eaten(par, pressure):
    """Return the share of effort that pressure takes; mild pressure may give some back (`catalyst`)."""
    tent = max(0.0, 1.0 - abs(pressure - par.catalyst_peak) / par.catalyst_peak)
    return clamp(par.pressure_effort * pressure - par.catalyst * tent, -1.0, 1.0)


@rule
def make_effort(par, org):
    """Set what each body puts into joint work this month; a body that has left puts in nothing."""
    for i in range(org.size):
        body = org[i]
        body.effort = 0.0
        if belongs(body):
            body.effort = clamp(
                body.engagement * (1.0 - body.resentment) * (1.0 - eaten(par, body.pressure)), 0.0, 1.0
            )
            if body.merger_left > 0:
                body.effort *= 1.0 - par.merger_effort
            if body.special == 1:
                body.effort *= 1.0 - par.special_effort


@rule
def engage(par, org):
    """Move engagement towards its target; all efforts are read before any engagement is written."""
    total = 0.0
    bodies = 0.0
    for i in range(org.size):
        if takes_part(org[i]):
            total += snap(org[i].effort)
            bodies += 1.0
    for i in range(org.size):
        body = org[i]
        if not takes_part(body):
            continue
        others = (total - snap(body.effort)) / max(1.0, bodies - 1.0)
        target = (
            engagement_base(par, body)
            + par.engagement_value * body.value
            + par.reciprocity * (others - par.effort_expected)
        )
        body.engagement += par.engagement_rate * (clamp(target, 0.0, 1.0) - body.engagement)


@rule
def fade_resentment(par, org):
    """Let resentment fade with time, whatever else happens."""
    for i in range(org.size):
        if org[i].exists == 1:
            org[i].resentment -= par.resentment_fade * org[i].resentment
