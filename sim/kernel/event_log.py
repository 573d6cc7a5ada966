"""The event log that rules write when a future is run again for its minutes. Row 0 counts; a one-row log is
off.

Rules take the codes of the kinds of event from here too; what each means is declared in
`sim/declarations/event_kinds.py`.
"""

from sim.declarations.event_kinds import *  # noqa: F403
from sim.kernel.compiled import rule


@rule
def note(log, month, kind, who, other, subject, amount, second, third):
    """Write one event; does nothing while the log is off, and stops at its end (the caller then runs it
    again, larger).
    """
    if log.size < 2:
        return
    at = log[0].event_month + 1
    if at < log.size:
        row = log[at]
        row.event_month = month
        row.event_kind = kind
        row.who = who
        row.other = other
        row.subject = subject
        row.amount = amount
        row.second = second
        row.third = third
        row.partner = -1
        log[0].event_month = at


@rule
def add_reason(log, partner, fourth, fifth):
    """Add to the event just written: the other body its reason names, or -1, and two more figures."""
    if log.size < 2:
        return
    row = log[log[0].event_month]
    row.partner = partner
    row.fourth = fourth
    row.fifth = fifth
