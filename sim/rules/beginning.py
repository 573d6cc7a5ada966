"""Month 0: draws what differs between futures before anything happens.

These are trusts' margins and staffing, and the months in which each body's board meets. The statutory body's
own board is the system's board, which meets every month.
"""

from sim.declarations.bodies import ICS_BODY, PRIMARY_CARE
from sim.kernel.chance import BOARD_CYCLE, STAFF_RICH, START_MARGIN, bell, uniforms
from sim.kernel.compiled import rule, snap
from sim.rules.bodies import is_commissioner, is_provider, is_trust


@rule
def begin(now, par, org):
    for i in range(org.size):
        body = org[i]
        first, second, _, _ = uniforms(now, BOARD_CYCLE, body.key, body.key, 0)
        longest = par.longest_cycle * (par.network_cycle if body.kind == PRIMARY_CARE else 1.0)
        body.cycle = 1 + int(first * longest)
        body.phase = int(second * body.cycle)
        if body.kind == ICS_BODY:
            body.cycle, body.phase = 1, 0
        income = 100.0 * body.scale / 12.0
        margin = 0.0
        if is_trust(body):
            margin = par.start_margin + par.start_margin_spread * bell(
                now, START_MARGIN, body.key, body.key, 0
            )
            body.staff_rich = bell(now, STAFF_RICH, body.key, body.key, 0)
        elif is_provider(body):
            margin = par.independent_margin
        if is_provider(body):
            body.base_cost = income * (1.0 - margin) - body.base_agency
        if is_commissioner(body):
            margin = par.commissioner_margin
        body.balance_last = snap(12.0 * income * margin)
        body.margin_last = margin
