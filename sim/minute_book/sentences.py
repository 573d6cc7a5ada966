"""The kinds of event: how each is told, and what its figures mean. A test holds the list to
`minutes_log.EVENT_NAMES`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sim.minute_book import bodies, changes, decisions, mergers, nation, projects
from sim.minute_book.wording import Happened


@dataclass(frozen=True)
class Kind:
    """How a kind of event is told, and what its figures mean (in order; fewer than five where the rest are
    unused).
    """

    tell: Callable[[Happened], tuple[str, str]]
    figures: tuple[str, ...]


_OBSTACLE = (
    "months since tabled", "votes for", "votes against",
    "price of the cheapest objector, GBP m a year; -1 where consent is withheld without a vote, -2 where a "
    "body it needs is gone",
    "still on offer, GBP m a year",
)  # fmt: skip
_GRIEVANCE = (
    "appraisal", "own gain, GBP m a year", "promised to it, GBP m a year", "trust in the largest promiser",
    "main ground, code",
)  # fmt: skip
_PHASE = (
    "realised share", "months since tabled", "share that counts as delivered",
    "effort of whoever holds back most",
    "months in force",
)  # fmt: skip
_VALUE = ("membership value", "value below which it leaves")
_TERM = ("heaviest term, code", "its size")
# Where all earn the fund or none, nobody is named, and the outturn is that of the NHS bodies together, above
# their totals.
_FAILING = (
    "last year's margin",
    "lowest margin allowed",
    "quality",
    "lowest quality allowed",
    "months in a row",
)
_FUND = ("outturn before the fund, GBP m", "control total, GBP m", "earned, GBP m")
_DELEGATION = (
    "appraisal", "function, code", "own gain by such decisions, GBP m a year", "mean trust in the others",
    "heaviest term, code",
)  # fmt: skip
# Of reconfigurations and of mergers.
_CONSULTED = (
    "months",
    "loss of public confidence",
    "public confidence",
    "public involvement",
    "transparency",
)
_REFERRED = ("months lost", "public confidence", "chance of this", "1 if taken to court")
_CLEARED = ("1 if it was referred", "chance that it had failed")
_STOPPED = ("1 if by a court", "chance of this")
KINDS: dict[str, Kind] = {
    "tabled": Kind(projects.tabled, (
        "system benefit, GBP m a year", "kind of project, code", "benefit to patients, GBP m a year",
        "gain of the largest loser, GBP m a year", "bodies that expect to lose")),
    "table_full": Kind(projects.table_full, ("projects the table holds",)),
    "nothing_at_stake": Kind(projects.nothing_at_stake, (
        "1 if each body has its own total", "kind of project, code", "capital it would take, GBP m",
        "capital not spoken for, GBP m",
        "1 if the trust has left, or if such a project is under way there")),
    "agreed": Kind(projects.agreed, (
        "months since tabled", "votes for", "votes against", "part of the work held", "objectors bound")),
    "agreed_by_the_willing": Kind(projects.agreed_by_the_willing, (
        "months since tabled", "votes for", "votes against", "part of the work held")),
    "not_agreed": Kind(projects.not_agreed, _OBSTACLE),
    "died": Kind(projects.died, _OBSTACLE),
    "found_out": Kind(projects.found_out, ("true effect as a share of the claim",
    "1 if public consultation found it")),
    "objected": Kind(projects.objected, _GRIEVANCE),
    "opted_out": Kind(projects.opted_out, _GRIEVANCE),
    "compensated": Kind(projects.compensated, (
        "promised to it, GBP m a year", "own gain, GBP m a year", "how far it believes the promise",
        "trust in the largest promiser", "all compensation in the project, GBP m a year")),
    "sent_back": Kind(projects.sent_back, _GRIEVANCE),
    "given_up": Kind(projects.given_up, ("months since tabled", "times sent back")),
    "approved": Kind(projects.approved, (
        "months since tabled", "bodies whose boards approve", "bodies that had delegated it")),
    "in_force": Kind(projects.in_force, (
        "months since tabled", "compensation, GBP m a year", "objectors bound", "bodies that take part",
        "months of compensation")),
    "delivered": Kind(projects.delivered, _PHASE),
    "fell_short": Kind(projects.fell_short, _PHASE),
    "harm_came_to_light": Kind(projects.harm_came_to_light, ("true effect as a share of the claim",
    "loss of public confidence")),
    "promise_broken": Kind(projects.promise_broken, (
        "due this month, GBP m", "financial pressure", "1 if it had no money",
        "chance of a breach at that pressure")),
    "withdrew": Kind(projects.withdrew, (
        "its part of the work", "part held by those who go on", "1 if the proposal goes back to the table",
        "1 if it was in force")),
    "unheard": Kind(projects.unheard, ("months since tabled", "meeting time, items a month")),
    "pool_dissolved": Kind(projects.pool_dissolved, ("gain of the leaver from the pool, GBP m a year",)),
    "leader_changed": Kind(bodies.leader_changed, ("share of the way to neutral", "mean trust in it before",
    "neutral trust")),
    "gave_notice": Kind(bodies.gave_notice, (*_VALUE, "months of notice", *_TERM)),
    "took_notice_back": Kind(bodies.took_notice_back, (*_VALUE, "months of notice left", *_TERM)),
    "left": Kind(bodies.left, (*_VALUE, "promises that lapse, GBP m a year", *_TERM)),
    "walked_away": Kind(bodies.walked_away, (*_VALUE, "promises that lapse, GBP m a year")),
    "stayed": Kind(bodies.stayed, (*_VALUE, "not used, 0", *_TERM)),
    "returned": Kind(bodies.returned, ("membership value", "value above which it returns",
                                       "1 if the scenario has it so, 2 if the law")),
    "elected": Kind(bodies.elected, ("shift of the exit barrier", "shift before", "exit barrier")),
    "fund_earned": Kind(bodies.fund_earned, _FUND),
    "fund_missed": Kind(bodies.fund_missed, _FUND),
    "risk_shared": Kind(bodies.risk_shared, ("covered, GBP m", "surpluses, GBP m", "shortfalls, GBP m")),
    "law_changed": Kind(bodies.law_changed, ("decision rule, code", "ratification, code", "exit, code",
    "number of the regime")),
    "adopted": Kind(bodies.adopted, _DELEGATION),
    "revoked": Kind(bodies.revoked, _DELEGATION),
    "absorbed": Kind(bodies.absorbed, ("money handed over, GBP m",)),
    "restored": Kind(bodies.restored, ("money handed over, GBP m", "1 if the other body ends")),
    "merger_proposed": Kind(mergers.merger_proposed, (
        "distress", "share of the smaller's work in shared places", "financial pressure",
        "last year's margin")),
    "merger_refused": Kind(mergers.merger_refused, (
        "appraisal", "own gain, GBP m a year", "business case, GBP m a year", "dislike of the control ceded",
        "1 if the other wants it")),
    "merger_directed": Kind(mergers.merger_directed, (
        "distress", "business case, GBP m a year", "1 if the benefit is clear",
        "months since one side first refused")),
    "merger_blocked": Kind(mergers.merger_blocked, ("competition", "chance of a block")),
    "merged": Kind(mergers.merged, (
        "0 both want it, 1 directed, 2 the scenario", "money handed over, GBP m", "cost of the merger, GBP m",
        "months of distraction", "1 if it was a member")),
    "merger_consultation": Kind(changes.consultation, _CONSULTED),
    "merger_referred": Kind(changes.referred, _REFERRED),
    "merger_cleared": Kind(changes.cleared, ("months since decided", *_CLEARED)),
    "merger_stopped": Kind(changes.stopped, ("months since decided", *_STOPPED)),
    "merger_lapsed": Kind(mergers.merger_lapsed, ("months since decided",)),
    "merger_done": Kind(mergers.merger_done, ("saving, GBP m a year", "effort", "months it took")),
    "commissioners_propose": Kind(mergers.commissioners_propose, (
        "share of what the smaller buys from providers they share",
        "running cost that could be saved, GBP m a year")),
    "running_cost_saved": Kind(mergers.running_cost_saved, (
        "saved, GBP m a year", "share of running cost", "voice that councils lose")),
    "services_move": Kind(changes.services_move, (
        "share of the place's hospital care", "its worth, GBP m a year", "loss of public confidence",
        "own gain, GBP m a year",
        "public confidence")),
    "consultation": Kind(changes.consultation, _CONSULTED),
    "referred": Kind(changes.referred, _REFERRED),
    "cleared": Kind(changes.cleared, ("months since tabled", *_CLEARED)),
    "stopped": Kind(changes.stopped, ("months since tabled", *_STOPPED)),
    "capital_granted": Kind(changes.capital_granted, (
        "capital, GBP m", "own gain, GBP m a year", "left in the pot, GBP m",
        "asked of the pot so far, GBP m")),
    "went_alone": Kind(changes.went_alone, ("capital, GBP m", "money held before, GBP m",
    "own gain, GBP m a year")),
    "capital_limited": Kind(changes.capital_limited, (
        "capital, GBP m", "money held, GBP m", "forecast distance below the control total, GBP m")),
    "contracted": Kind(decisions.contracted, (
        "months since tabled", "bodies that want it", "bodies that do not sign", "part of the work held")),
    "vote_turned": Kind(decisions.vote_turned, (
        "0 by lay members, 1 by the providers' collaborative, 2 by recusal", "votes for", "votes against",
        "what lay members think of it, or bodies outvoted or recused", "1 if carried")),
    "local_resolution": Kind(decisions.local_resolution, (
        "mean trust between the two sides", "bodies for it", "bodies against it", "1 if it works, -1 if not",
        "months")),
    "held_back": Kind(decisions.held_back, (
        "months since tabled", "priority, months", "priority of a younger one that was heard, months",
        "number of that proposal")),
    "staff_shared": Kind(changes.staff_shared, ("staff sharing", "saved, GBP m a year", "bodies that share")),
    "earmarked": Kind(nation.earmarked, (
        "set aside, GBP m", "most any place has, GBP a head", "least any place has, GBP a head",
        "mean, GBP a head", "support, code")),
    "fund_raided": Kind(nation.fund_raided, (
        "paid into deficits, GBP m", "left in the fund, GBP m", "shortfalls, GBP m", "trusts that fell short",
        "share ring-fenced")),
    "status_granted": Kind(nation.status_granted, (
        "mean engagement", "trusts' margin", "integration", "national money it decides over, GBP m a year")),
    "status_refused": Kind(nation.status_refused, ("criterion, code", "found", "asked")),
    "status_withdrawn": Kind(nation.status_withdrawn, ("criterion, code", "found", "asked",
    "shortfall overlooked, as a share")),
    "put_in_measures": Kind(nation.put_in_measures, _FAILING),
    "measures_ended": Kind(nation.measures_ended, _FAILING),
    "directors_removed": Kind(nation.directors_removed, (
        "share of engagement lost", "mean trust in it before", "engagement before", "last year's margin",
        "quality")),
    "independent_ended": Kind(bodies.independent_ended, ("work handed over, GBP m a year",
    "settled with its owners, GBP m")),
    "independent_seated": Kind(bodies.independent_seated, ("1 if on the board, 0 if under contract only",)),
}  # fmt: skip

ABOUT_A_PROJECT = frozenset((
    "tabled", "table_full", "nothing_at_stake", "agreed", "agreed_by_the_willing", "not_agreed", "died",
    "found_out", "objected",
    "opted_out", "compensated", "sent_back", "given_up", "approved", "in_force", "delivered", "fell_short",
    "harm_came_to_light",
    "promise_broken",
    "risk_shared", "pool_dissolved", "services_move", "consultation", "referred", "cleared", "stopped",
    "capital_granted",
    "staff_shared", "contracted", "vote_turned", "local_resolution", "held_back", "withdrew", "unheard",
))  # fmt: skip
ABOUT_A_PLACE = frozenset(("earmarked",))
HAND_OVER = frozenset(
    (
        "absorbed",
        "restored",
        "merger_proposed",
        "merger_refused",
        "merger_directed",
        "merger_blocked",
        "merged",
        "merger_done",
        "commissioners_propose",
        "merger_consultation",
        "merger_referred",
        "merger_cleared",
        "merger_stopped",
        "merger_lapsed",
    )
)  # fmt: skip; here `other` in the log is a body, not a place
