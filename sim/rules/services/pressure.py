"""4.3 Pressure: how hard money presses on a body, in [0, 1], from the forecast against its control total.

NHS bodies: shortfall = max(total - forecast, half of it less half the forecast), mapped linearly from
`pressure_from` to `pressure_full` of income and smoothed. Councils, primary care networks and voluntary
bodies may not run a deficit: their pressure follows unmet need, unpaid work and grants that were cut. An
independent provider has no control total and feels losses only.
"""

from sim.kernel.compiled import clamp, rule
from sim.rules.bodies import may_not_overspend


@rule
def forecast(body, calendar):
    """Return the expected balance at the year's end, GBP m: the year so far, then last year's pace."""
    return body.balance_year + body.balance_last * ((11.0 - calendar) / 12.0)


@rule
def feel_pressure(now, par, org):
    for i in range(org.size):
        body = org[i]
        if body.exists == 0:
            continue
        if may_not_overspend(body):
            felt = clamp(body.unmet / par.unmet_full, 0.0, 1.0)
        else:
            income = 100.0 * body.scale
            outlook = forecast(body, now.calendar)
            body.shortfall = max(
                body.control_total - outlook, 0.5 * (body.control_total - outlook) - 0.5 * outlook
            )
            felt = (body.shortfall / income - par.pressure_from) / (par.pressure_full - par.pressure_from)
            felt = clamp(felt, 0.0, 1.0)
        body.pressure += par.pressure_rate * (felt - body.pressure)
        body.cost_index *= 1.0 - par.forced_efficiency * body.pressure / 12.0
