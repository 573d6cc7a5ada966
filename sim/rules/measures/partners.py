"""Indicators of each body (section 7). They only read the state, and are NaN for bodies that do not exist."""

import numpy as np

from sim.kernel.compiled import rule
from sim.rules.bodies import is_provider, takes_part

NAN = np.nan


@rule
def measure_partners(org, trusted, rows, full):
    """Fill one row for each body; `full` (size 0 if nobody asked for it) takes the longer record."""
    for i in range(org.size):
        body, row = org[i], rows[i]
        row.exists = body.exists
        if body.exists == 0:
            row.membership, row.partner_engagement, row.partner_trust, row.partner_balance = (
                NAN,
                NAN,
                NAN,
                NAN,
            )
            row.partner_pressure, row.partner_waiting, row.partner_value = NAN, NAN, NAN
        else:
            row.membership, row.partner_engagement, row.partner_balance = (
                body.membership,
                body.engagement,
                body.balance,
            )
            row.partner_trust = trusted[i] if takes_part(body) else NAN
            row.partner_pressure, row.partner_value = body.pressure, body.value
            row.partner_waiting = body.waiting if is_provider(body) else NAN
        if full.size > 0:
            measure_fully(body, full[i])


@rule
def measure_fully(body, row):
    here = body.exists == 1
    treats = here and is_provider(body)
    row.partner_effort = body.effort if here else NAN
    row.partner_resentment = body.resentment if here else NAN
    row.partner_voice = body.voice if here else NAN
    row.partner_income = body.income if here else NAN
    row.partner_cost = body.cost if here else NAN
    row.partner_cash = body.cash if here else NAN
    row.partner_activity = body.activity if treats else NAN
    row.partner_quality = body.quality if treats else NAN
    row.partner_control_total = body.control_total if here else NAN
    row.partner_fund_earned = body.fund_earned if here else NAN
    row.partner_paid = body.paid if here else NAN
    row.partner_received = body.received if here else NAN
    row.partner_gain = body.gain if here else NAN
