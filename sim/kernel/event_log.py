"""The event log that rules write when a future is run again for its minutes. Row 0 counts; a one-row log is
off.

What the figures of each kind of event mean is declared beside its wording, in `sentences.py`.
"""

import numpy as np

from sim.kernel.compiled import rule

EVENT_NAMES = (
    "tabled", "table_full", "nothing_at_stake", "agreed", "agreed_by_the_willing", "not_agreed", "died",
    "found_out",
    "objected", "opted_out", "compensated", "sent_back", "given_up", "approved", "in_force", "delivered",
    "fell_short",
    "harm_came_to_light", "promise_broken", "leader_changed", "gave_notice", "took_notice_back", "left",
    "walked_away", "stayed",
    "returned", "fund_earned", "fund_missed", "risk_shared", "pool_dissolved", "law_changed", "absorbed",
    "restored", "elected",
    "merger_proposed", "merger_refused", "merger_directed", "merger_blocked", "merged", "merger_done",
    "services_move", "consultation", "referred", "cleared", "stopped", "capital_granted", "went_alone",
    "capital_limited",
    "staff_shared",
    "earmarked", "fund_raided", "status_granted", "status_refused", "status_withdrawn", "put_in_measures",
    "measures_ended",
    "directors_removed",
    "adopted", "revoked",
    "contracted", "vote_turned", "local_resolution", "held_back",
    "withdrew", "unheard",
    "commissioners_propose", "running_cost_saved",
    "independent_ended", "independent_seated",
    "merger_consultation", "merger_referred", "merger_cleared", "merger_stopped", "merger_lapsed",
)  # fmt: skip
(
    TABLED,
    TABLE_FULL,
    NOTHING_AT_STAKE,
    AGREED,
    AGREED_BY_WILLING,
    NOT_AGREED,
    DIED,
    FOUND_OUT,
    OBJECTED,
    OPTED_OUT,
    COMPENSATED,
    SENT_BACK,
    GIVEN_UP,
    APPROVED,
    CAME_INTO_FORCE,
    DELIVERED,
    FELL_SHORT,
    HARM_CAME_TO_LIGHT,
    PROMISE_BROKEN,
    LEADER_CHANGED,
    GAVE_NOTICE,
    TOOK_NOTICE_BACK,
    LEFT_SYSTEM,
    WALKED_AWAY,
    STAYED,
    RETURNED,
    FUND_EARNED,
    FUND_MISSED,
    RISK_SHARED,
    POOL_DISSOLVED,
    LAW_CHANGED,
    ABSORBED_BODY,
    RESTORED_BODY,
    ELECTED,
    MERGER_PROPOSED,
    MERGER_REFUSED,
    MERGER_DIRECTED,
    MERGER_BLOCKED,
    MERGED,
    MERGER_DONE,
    SERVICES_MOVE,
    CONSULTATION,
    REFERRED,
    CLEARED,
    STOPPED,
    CAPITAL_GRANTED,
    WENT_ALONE,
    CAPITAL_LIMITED,
    STAFF_SHARED,
    EARMARKED,
    FUND_RAIDED,
    STATUS_GRANTED,
    STATUS_REFUSED,
    STATUS_WITHDRAWN,
    PUT_IN_MEASURES,
    MEASURES_ENDED,
    DIRECTORS_REMOVED,
    ADOPTED,
    REVOKED,
    CONTRACTED,
    VOTE_TURNED,
    LOCAL_RESOLUTION,
    HELD_BACK,
    WITHDREW,
    UNHEARD,
    COMMISSIONERS_PROPOSE,
    RUNNING_COST_SAVED,
    INDEPENDENT_ENDED,
    INDEPENDENT_SEATED,
    MERGER_CONSULTATION,
    MERGER_REFERRED,
    MERGER_CLEARED,
    MERGER_STOPPED,
    MERGER_LAPSED,
) = np.arange(
    len(EVENT_NAMES)
)  # fmt: skip; NumPy's integers, or Numba compiles `note` anew for every constant


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
