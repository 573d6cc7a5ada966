"""The kinds of event in the minutes, each declared once: what it is about, and what its figures mean.

A constant is the code that the log holds, so a new kind must come last. Rules write events with `note`
(`kernel/event_log.py`). The function in `sim/minute_book` with the kind's name writes the sentence.
"""

from dataclasses import dataclass

import numpy as np

# What a kind of event is about. This decides what `who`, `other` and `subject` of the log mean.
PROJECT = "project"  # `subject`: its number; `other`: a place; `who`: a body it concerns, or who brought it
PLACE = "place"  # `other`: the place
BODY = "body"  # `who`: the body, or nobody if all bodies fare alike
TWO_BODIES = "two bodies"  # `who` goes over to `other`, now or later; once they are one, `who` alone
LAW = "law"  # the last figure: the number of the regime now in force
SYSTEM = "system"
MOST_FIGURES = 5


@dataclass(frozen=True)
class EventKind:
    """A kind of event. `figures`: what its numbers mean, in order, with units. `main`: whether it is a turn
    of the story, not a step on the way to one.
    """

    name: str
    about: str
    figures: tuple[str, ...]
    main: bool


EVENT_KINDS: dict[str, EventKind] = {}


def _kind(name: str, about: str, *figures: str, main: bool = False) -> np.int64:
    """Declare a kind. Returns its code, a NumPy integer; for Python integers Numba would recompile `note`."""
    if name in EVENT_KINDS or not 1 <= len(figures) <= MOST_FIGURES:
        raise ValueError(f"{name} is declared twice, or has not 1 to {MOST_FIGURES} figures")
    EVENT_KINDS[name] = EventKind(name, about, figures, main)
    return np.int64(len(EVENT_KINDS) - 1)


# fmt: off
_OBSTACLE = (
    "months since tabled", "votes for", "votes against",
    "price of the cheapest objector, GBP m a year; -1 where consent is withheld without a vote, -2 where a "
    "body it needs is gone",
    "still on offer, GBP m a year",
)
_GRIEVANCE = (
    "appraisal", "own gain, GBP m a year", "promised to it, GBP m a year", "trust in the largest promiser",
    "main ground, code",
)
_PHASE = (
    "realised share", "months since tabled", "share that counts as delivered",
    "effort of whoever holds back most", "months in force",
)
_VALUE = ("membership value", "value below which it leaves")
_TERM = ("heaviest term, code", "its size")
# If all earn the fund or none, the event names nobody, and the outturn is that of the NHS bodies together,
# above their totals.
_FUND = ("outturn before the fund, GBP m", "control total, GBP m", "earned, GBP m")
_FAILING = (
    "last year's margin", "lowest margin allowed", "quality", "lowest quality allowed", "months in a row",
)
_DELEGATION = (
    "appraisal", "function, code", "own gain by such decisions, GBP m a year", "mean trust in the others",
    "heaviest term, code",
)
# Figures of both reconfigurations and mergers.
_CONSULTED = (
    "months", "loss of public confidence", "public confidence", "public involvement", "transparency",
)
_REFERRED = ("months lost", "public confidence", "chance of this", "1 if taken to court")
_CLEARED = ("1 if it was referred", "chance that it had failed")
_STOPPED = ("1 if by a court", "chance of this")

TABLED = _kind("tabled", PROJECT, "system benefit, GBP m a year", "kind of project, code",
    "benefit to patients, GBP m a year", "gain of the largest loser, GBP m a year",
    "bodies that expect to lose")
TABLE_FULL = _kind("table_full", PROJECT, "projects the table holds")
NOTHING_AT_STAKE = _kind("nothing_at_stake", PROJECT, "1 if each body has its own total",
    "kind of project, code", "capital it would take, GBP m", "capital not spoken for, GBP m",
    "1 if the trust has left, or if such a project is under way there")
AGREED = _kind("agreed", PROJECT, "months since tabled", "votes for", "votes against",
    "part of the work held", "objectors bound", main=True)
AGREED_BY_WILLING = _kind("agreed_by_the_willing", PROJECT, "months since tabled", "votes for",
    "votes against", "part of the work held", main=True)
NOT_AGREED = _kind("not_agreed", PROJECT, *_OBSTACLE)
DIED = _kind("died", PROJECT, *_OBSTACLE, main=True)
FOUND_OUT = _kind("found_out", PROJECT, "true effect as a share of the claim",
    "1 if public consultation found it")
OBJECTED = _kind("objected", PROJECT, *_GRIEVANCE)
OPTED_OUT = _kind("opted_out", PROJECT, *_GRIEVANCE)
COMPENSATED = _kind("compensated", PROJECT, "promised to it, GBP m a year", "own gain, GBP m a year",
    "how far it believes the promise", "trust in the largest promiser",
    "all compensation in the project, GBP m a year")
SENT_BACK = _kind("sent_back", PROJECT, *_GRIEVANCE)
GIVEN_UP = _kind("given_up", PROJECT, "months since tabled", "times sent back")
APPROVED = _kind("approved", PROJECT, "months since tabled", "bodies whose boards approve",
    "bodies that had delegated it")
CAME_INTO_FORCE = _kind("in_force", PROJECT, "months since tabled", "compensation, GBP m a year",
    "objectors bound", "bodies that take part", "months of compensation", main=True)
DELIVERED = _kind("delivered", PROJECT, *_PHASE, main=True)
FELL_SHORT = _kind("fell_short", PROJECT, *_PHASE, main=True)
HARM_CAME_TO_LIGHT = _kind("harm_came_to_light", PROJECT, "true effect as a share of the claim",
    "loss of public confidence", main=True)
PROMISE_BROKEN = _kind("promise_broken", PROJECT, "due this month, GBP m", "financial pressure",
    "1 if it had no money", "chance of a breach at that pressure", main=True)
LEADER_CHANGED = _kind("leader_changed", BODY, "share of the way to neutral", "mean trust in it before",
    "neutral trust")
GAVE_NOTICE = _kind("gave_notice", BODY, *_VALUE, "months of notice", *_TERM, main=True)
TOOK_NOTICE_BACK = _kind("took_notice_back", BODY, *_VALUE, "months of notice left", *_TERM, main=True)
LEFT_SYSTEM = _kind("left", BODY, *_VALUE, "promises that lapse, GBP m a year", *_TERM, main=True)
WALKED_AWAY = _kind("walked_away", BODY, *_VALUE, "promises that lapse, GBP m a year", main=True)
STAYED = _kind("stayed", BODY, *_VALUE, "not used, 0", *_TERM, main=True)
RETURNED = _kind("returned", BODY, "membership value", "value above which it returns",
    "1 if the scenario has it so, 2 if the law", main=True)
FUND_EARNED = _kind("fund_earned", BODY, *_FUND)
FUND_MISSED = _kind("fund_missed", BODY, *_FUND)
RISK_SHARED = _kind("risk_shared", PROJECT, "covered, GBP m", "surpluses, GBP m", "shortfalls, GBP m")
POOL_DISSOLVED = _kind("pool_dissolved", PROJECT, "gain of the leaver from the pool, GBP m a year", main=True)
LAW_CHANGED = _kind("law_changed", LAW, "decision rule, code", "ratification, code", "exit, code",
    "number of the regime", main=True)
ABSORBED_BODY = _kind("absorbed", TWO_BODIES, "money handed over, GBP m", main=True)
RESTORED_BODY = _kind("restored", TWO_BODIES, "money handed over, GBP m", "1 if the other body ends",
    main=True)
ELECTED = _kind("elected", BODY, "shift of the exit barrier", "shift before", "exit barrier")
MERGER_PROPOSED = _kind("merger_proposed", TWO_BODIES, "distress",
    "share of the smaller's work in shared places", "financial pressure", "last year's margin")
MERGER_REFUSED = _kind("merger_refused", TWO_BODIES, "appraisal", "own gain, GBP m a year",
    "business case, GBP m a year", "dislike of the control ceded", "1 if the other wants it")
MERGER_DIRECTED = _kind("merger_directed", TWO_BODIES, "distress", "business case, GBP m a year",
    "1 if the benefit is clear", "months since one side first refused", main=True)
MERGER_BLOCKED = _kind("merger_blocked", TWO_BODIES, "competition", "chance of a block", main=True)
MERGED = _kind("merged", TWO_BODIES, "0 both want it, 1 directed, 2 the scenario", "money handed over, GBP m",
    "cost of the merger, GBP m", "months of distraction", "1 if it was a member", main=True)
MERGER_DONE = _kind("merger_done", TWO_BODIES, "saving, GBP m a year", "effort", "months it took")
SERVICES_MOVE = _kind("services_move", PROJECT, "share of the place's hospital care",
    "its worth, GBP m a year", "loss of public confidence", "own gain, GBP m a year", "public confidence")
CONSULTATION = _kind("consultation", PROJECT, *_CONSULTED)
REFERRED = _kind("referred", PROJECT, *_REFERRED)
CLEARED = _kind("cleared", PROJECT, "months since tabled", *_CLEARED)
STOPPED = _kind("stopped", PROJECT, "months since tabled", *_STOPPED, main=True)
CAPITAL_GRANTED = _kind("capital_granted", PROJECT, "capital, GBP m", "own gain, GBP m a year",
    "left in the pot, GBP m", "asked of the pot so far, GBP m")
WENT_ALONE = _kind("went_alone", BODY, "capital, GBP m", "money held before, GBP m", "own gain, GBP m a year")
CAPITAL_LIMITED = _kind("capital_limited", BODY, "capital, GBP m", "money held, GBP m",
    "forecast distance below the control total, GBP m")
STAFF_SHARED = _kind("staff_shared", PROJECT, "staff sharing", "saved, GBP m a year", "bodies that share")
EARMARKED = _kind("earmarked", PLACE, "set aside, GBP m", "most any place has, GBP a head",
    "least any place has, GBP a head", "mean, GBP a head", "support, code")
FUND_RAIDED = _kind("fund_raided", SYSTEM, "paid into deficits, GBP m", "left in the fund, GBP m",
    "shortfalls, GBP m", "trusts that fell short", "share ring-fenced")
STATUS_GRANTED = _kind("status_granted", SYSTEM, "mean engagement", "trusts' margin", "integration",
    "national money it decides over, GBP m a year", main=True)
STATUS_REFUSED = _kind("status_refused", SYSTEM, "criterion, code", "found", "asked")
STATUS_WITHDRAWN = _kind("status_withdrawn", SYSTEM, "criterion, code", "found", "asked",
    "shortfall overlooked, as a share", main=True)
PUT_IN_MEASURES = _kind("put_in_measures", BODY, *_FAILING, main=True)
MEASURES_ENDED = _kind("measures_ended", BODY, *_FAILING)
DIRECTORS_REMOVED = _kind("directors_removed", BODY, "share of engagement lost", "mean trust in it before",
    "engagement before", "last year's margin", "quality", main=True)
ADOPTED = _kind("adopted", BODY, *_DELEGATION)
REVOKED = _kind("revoked", BODY, *_DELEGATION, main=True)
CONTRACTED = _kind("contracted", PROJECT, "months since tabled", "bodies that want it",
    "bodies that do not sign", "part of the work held")
VOTE_TURNED = _kind("vote_turned", PROJECT,
    "0 by lay members, 1 by the providers' collaborative, 2 by recusal", "votes for", "votes against",
    "what lay members think of it, or bodies outvoted or recused", "1 if carried")
LOCAL_RESOLUTION = _kind("local_resolution", PROJECT, "mean trust between the two sides", "bodies for it",
    "bodies against it", "1 if it works, -1 if not", "months")
HELD_BACK = _kind("held_back", PROJECT, "months since tabled", "priority, months",
    "priority of a younger one that was heard, months", "number of that proposal")
WITHDREW = _kind("withdrew", PROJECT, "its part of the work", "part held by those who go on",
    "1 if the proposal goes back to the table", "1 if it was in force")
UNHEARD = _kind("unheard", PROJECT, "months since tabled", "meeting time, items a month")
COMMISSIONERS_PROPOSE = _kind("commissioners_propose", TWO_BODIES,
    "share of what the smaller buys from providers they share",
    "running cost that could be saved, GBP m a year")
RUNNING_COST_SAVED = _kind("running_cost_saved", BODY, "saved, GBP m a year", "share of running cost",
    "voice that councils lose")
INDEPENDENT_ENDED = _kind("independent_ended", BODY, "work handed over, GBP m a year",
    "settled with its owners, GBP m")
INDEPENDENT_SEATED = _kind("independent_seated", BODY, "1 if on the board, 0 if under contract only")
MERGER_CONSULTATION = _kind("merger_consultation", TWO_BODIES, *_CONSULTED)
MERGER_REFERRED = _kind("merger_referred", TWO_BODIES, *_REFERRED)
MERGER_CLEARED = _kind("merger_cleared", TWO_BODIES, "months since decided", *_CLEARED)
MERGER_STOPPED = _kind("merger_stopped", TWO_BODIES, "months since decided", *_STOPPED, main=True)
MERGER_LAPSED = _kind("merger_lapsed", TWO_BODIES, "months since decided")
# fmt: on

EVENT_NAMES = tuple(EVENT_KINDS)  # by code
