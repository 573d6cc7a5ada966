"""The event log, which rules write when a future is run again for its minutes.

Row 0 counts the events; a log of one row is off. `sim/declarations/event_kinds.py` declares what each kind of
event means; rules import the codes of the kinds from here.
"""

from sim.declarations.event_kinds import *  # noqa: F403
from sim.kernel.compiled import rule


@rule
def note(log, month, kind, who, other, subject, amount, second, third):
    """Write one event. Does nothing while the log is off or full (the caller then runs it again, larger)."""
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
    """Add to the last event written: the other body that its reason names, or -1, and two more figures."""
    if log.size < 2:
        return
    row = log[log[0].event_month]
    row.partner = partner
    row.fourth = fourth
    row.fifth = fifth
