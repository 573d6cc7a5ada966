"""The indicators, each declared once; the outcomes of a future follow from them."""

from dataclasses import dataclass, field

import numpy as np

UP, DOWN, NOT_JUDGED = "up", "down", "-"
MEAN, FINAL_YEAR, LAST = "mean", "final_year", "last"
REDUCERS = {MEAN: "mean over all months", FINAL_YEAR: "mean of the last twelve months", LAST: "at the end"}
WHOLE = "whole"  # in place of a reducer, if the outcome is already one number for a future


@dataclass(frozen=True)
class Reported:
    """What experiments need to report an outcome: its words in figures, and the smallest difference worth
    caring about (in the outcome's unit; None where nobody has said) with its reason.

    That difference is an assumption about what somebody in such a system would notice; no source gives it. It
    judges differences and changes no run.
    """

    short: str
    worth: float | None = None
    why: str = ""


@dataclass(frozen=True)
class Indicator:
    """One indicator. `better` is up, down, or - where neither is better or nobody has said. `reported` holds,
    by reducer, what experiments say of its outcomes.
    """

    name: str
    unit: str
    label: str
    better: str = NOT_JUDGED
    reported: dict[str, Reported] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """One number for each future; `reported` is None where no experiment reports it by default."""

    name: str
    unit: str
    label: str
    better: str
    reported: Reported | None = None

    @property
    def short(self) -> str:
        """Return the outcome's words in figures."""
        return self.reported.short if self.reported else self.label

    @property
    def worth(self) -> float:
        """Return the smallest difference worth caring about, in the outcome's unit. If none is declared, it
        follows from the unit; otherwise it is 0.
        """
        if self.reported and self.reported.worth is not None:
            return self.reported.worth
        return WORTH_BY_UNIT.get(self.unit, 0.0)


WORTH_BY_UNIT = {"share": 0.02, "index": 0.01, "weeks": 0.5, "months": 1.0, "projects": 1.0, "bodies": 0.5}


def _declare(text: str) -> dict[str, Indicator]:
    """Read a table. A line declares an indicator, `name: unit: better: label`. An indented line below it
    declares an outcome that experiments report, `reducer: short label: worth caring about: why`.
    """
    found: dict[str, Indicator] = {}
    last = ""
    for line in text.strip().splitlines():
        first, *rest = (part.strip() for part in line.split(":", 3))
        if line[0] == " ":
            short, worth, why = [*rest, "", ""][:3]
            found[last].reported[first] = Reported(short, float(worth) if worth else None, why)
        else:
            unit, better, label = rest
            found[first] = Indicator(first, unit, label, better)
            last = first
    return found


SYSTEM = _declare("""
integration: share: up: integration of care, mean over residents
    mean: integration of care: 0.01: a twentieth of what places begin with
    final_year: integration of care, last year: 0.015: as the mean, at its end
integration_gap: share: down: integration gap between the best and the worst place
    final_year: gap in integration between places, last year: 0.01: as integration
balance: GBP m a month: up: balance of all bodies together
    mean: balance of all bodies: 1: GBP 12 million a year in a system
nhs_balance: GBP m a month: up: balance of providers and commissioners
in_the_red: share: down: trusts with a deficit last year, fund included
    final_year: trusts in deficit, last year: 0.05: one trust in twenty
margin: share of income: up: mean margin of trusts last year, fund included
trust_balance: GBP m a year: up: balance of all trusts last year, fund included
totals_too_hard: share: -: trusts whose control total asks for more than the sustainability fund would bring
trusts: trusts: -: NHS trusts and foundation trusts
commissioners: bodies: -: CCGs
members: bodies: up: members of the partnership
member_share: share: up: members among the bodies that exist
    last: members among existing bodies: 0.05: one body in twenty
engagement: share: up: mean engagement
    final_year: engagement, last year: 0.03: a twentieth of what bodies begin with
effort: share: up: mean effort in joint work
    final_year: effort in joint work, last year: 0.03: as engagement
resentment: share: down: mean resentment
    final_year: resentment, last year: 0.02: a fiftieth of the whole scale
value: value: up: mean membership value
trust: share: up: mean trust between partners
    mean: trust between partners: 0.02: about what one change of leader takes from the mean trust in a body
trust_lowest: share: up: trust in the least trusted body
trust_nhs_council: share: up: mean trust between NHS bodies and councils
    mean: trust between NHS and councils
waiting: weeks: down: mean wait, weighted by activity
    final_year: mean wait, last year: 0.5: half a week
quality: index: up: quality of care, weighted by activity
    final_year: quality of care, last year: 0.01: a hundredth of the index
unmet: share: down: unmet social care need
    final_year: unmet social care, last year: 0.005: one in two hundred of those who need care
pressure: share: down: mean financial pressure
confidence: share: up: public confidence, mean over residents
activity: GBP m a month: -: work done by the system's providers
compensation: GBP m a month: -: compensation paid between bodies
fund_earned: GBP m a month: -: sustainability fund earned
contracts_paid: GBP m a month: -: commissioners' payments for contracts
contracts_received: GBP m a month: -: contract income of providers in and outside the system
ledger: GBP m: -: money held by all bodies and outside accounts together, always 0
tabled: projects: -: projects tabled so far
agreed: projects: -: projects agreed so far
imposed: projects: down: agreed projects that bound an objector
partial: projects: -: agreed projects of the willing only
delivered: projects: up: projects delivered so far
    last: projects delivered: 1: one project in ten years
fell_short: projects: down: projects that realised too little
died: projects: down: projects that died
bad_passed: projects: down: harmful projects agreed
    last: harmful projects agreed: 0.5: a harmful project in every second future
bad_blocked: projects: up: harmful projects stopped
good_blocked: projects: down: good projects stopped
    last: good projects stopped: 1: one project in ten years
found_out: projects: -: harmful projects found out by challenge
refused_table: projects: down: proposals a full table refused
promises_due: promise-months: -: promises due so far
promises_kept: promise-months: up: promises kept so far
walk_aways: bodies: down: departures so far
    last: departures: 0.5: a departure more in every second future
walk_aways_council: bodies: -: of these, councils
returns: bodies: -: returns so far
meetings: board considerations: down: considerations by joint and own boards so far
mergers: mergers: -: providers and CCGs merged into another so far
    last: mergers: 0.5: a merger more in every second future
mergers_voluntary: mergers: -: mergers that both boards wanted
mergers_directed: mergers: -: mergers the national body directed
mergers_commissioners: mergers: -: mergers of CCGs, by their own wish or by an event
mergers_blocked: mergers: -: mergers a competition review blocked
mergers_stopped: mergers: -: mergers lost to a referral or judicial review
synergy: GBP m a month: up: saving of mergers that has come in, at base cost
consultations: consultations: -: public consultations opened so far
referrals: decisions: -: reconfigurations and mergers referred or taken to court so far
capital_asked: GBP m: -: capital that schemes asked of the pot so far
capital_granted: GBP m: -: capital granted from the pot so far
capital_own: GBP m: -: capital that foundation trusts spent on their own so far
agency: GBP m a month: -: agency premium
vacancies: share: -: posts without permanent staff
sharing: share: -: staff shared instead of bid for
access_lost: share: -: acute care moved to another site so far, mean over residents
status: 0 or 1: -: whether the system has ICS status
special_measures: trusts: -: trusts in special measures
raided: GBP m: -: transformation money that filled deficits so far
    last: fund raided for deficits
demands: share: -: programme capacity eaten by national demands
delegated_budget: GBP m a month: -: national money decided in the system under its status
wellbeing: index: up: wellbeing: mean of integration, met social care, timely care and confidence
    final_year: wellbeing, last year: 0.01: a hundredth of the index
experience: index: up: patients' experience: mean of integration, timely care, quality and access
balance_per_head: GBP a year: up: balance of all bodies a resident
choice: providers: -: effective number of acute providers, mean over residents
waiting_gap: weeks: down: wait in the most deprived place above the least, fitted line
    final_year: longer wait in deprived places, last year: 0.2: a fifth of a week
unmet_gap: share: down: unmet social care in the most deprived place above the least, fitted line
    final_year: more unmet social care in deprived places, last year: 0.005: as unmet care
spend_gap: GBP per GBP of need: -: NHS spend per need in the most deprived place above the least, fitted line
contracts_trust: GBP m a month: -: contract income of NHS trusts
contracts_foundation: GBP m a month: -: contract income of foundation trusts
contracts_independent: GBP m a month: -: contract income of independent providers
contracts_outside: GBP m a month: -: payments to providers outside the system
acute_staff: share: -: staff planned by acute providers
hospital_share: share: -: acute care in spend on NHS and social care
out_of_hospital_share: share: -: community, primary and social care in spend on NHS and social care
decided_place: GBP m: -: at stake in projects that places decided so far
decided_system: GBP m: -: at stake in projects that the system decided so far
decided_nation: GBP m: -: capital granted and turnover of trusts directed to merge so far
decided_open: share: -: of what place and system decided, in public with papers
board_cost: GBP m: down: cost of board considerations so far, booked to nobody
tender_cost: GBP m a month: down: cost of tendering, booked to nobody
delegated: share: -: functions delegated to the joint body, of those that could be; 0 where given
adopted: functions: -: delegations by own boards so far
revoked: functions: -: delegations revoked by own boards so far
decided: projects: -: proposals carried so far, each counted once
gbp_decided: GBP m: -: money that these move: double running, gains and losses of a year
conflicted_share: share: -: of that money, voted by bodies that gain
unanswerable_share: share: -: decisions no single body answers for
gbp_at_risk: GBP m: -: put at risk by decisions so far: double running and losses of a year
unagreed_share: share: -: of that, answered for by bodies that did not agree
pivotal_trust: votes: -: votes of providers that alone decided so far
pivotal_commissioner: votes: -: votes of commissioners that alone decided so far
pivotal_council: votes: -: votes of councils that alone decided so far
pivotal_other: votes: -: votes of other bodies that alone decided so far
mediations: projects: -: disputes that went to local resolution so far
mediated: projects: -: of these, carried afterwards
""")

PARTNER = _declare("""
exists: 0 or 1: -: whether the body exists
membership: 0 to 2: -: 2 member, 1 giving notice, 0 left
partner_engagement: share: up: engagement
partner_trust: share: up: mean trust the others have in the body
partner_balance: GBP m a month: up: balance
partner_pressure: share: down: financial pressure
partner_waiting: weeks: down: mean wait
partner_value: value: up: membership value
""")

PARTNER_FULL = _declare("""
partner_effort: share: up: effort in joint work
partner_resentment: share: down: resentment
partner_voice: value: up: being heard
partner_income: GBP m a month: -: income
partner_cost: GBP m a month: -: cost
partner_cash: GBP m: -: money held
partner_activity: GBP m a month: -: work done
partner_quality: index: up: quality of care
partner_control_total: GBP m a year: -: balance asked for
partner_fund_earned: GBP m a month: -: sustainability fund earned
partner_paid: GBP m a month: -: compensation paid
partner_received: GBP m a month: -: compensation received
partner_gain: GBP m a year: -: what membership is seen to bring
""")

PLACE = _declare("""
place_integration: share: up: integration of care
place_unmet: share: down: unmet social care need
place_confidence: share: up: public confidence
place_demand: GBP m a month: -: acute demand
place_waiting: weeks: down: mean wait of its patients inside the system
place_choice: providers: -: effective number of acute providers, outside counted as one
place_wellbeing: index: up: wellbeing
place_experience: index: up: patients' experience
""")

PROJECT = _declare("""
project_kind: code: -: 0 shift, 1 risk share, 2 pool, 3 reconfigure, 4 capital, 5 workforce
project_place: row: -: place, or -1
project_local: 0 or 1: -: decided by its place
project_tabled: month: -: month tabled
project_decided: month: -: month finally decided
project_outcome: code: -: 0 undecided, 1 agreed, 2 died
project_delivered: month: -: month its phase ended
project_realised: share: up: mean realised share
project_harmful: 0 or 1: -: does less than claimed, or harm
project_imposed: bodies: -: objectors bound
project_partial: 0 or 1: -: the willing only
""")


def _dtype(*tables: dict[str, Indicator]) -> np.dtype:
    return np.dtype([(name, "f8") for table in tables for name in table])


SYSTEM_ROW, PARTNER_ROW, FULL_ROW, PLACE_ROW, PROJECT_ROW = (
    _dtype(SYSTEM), _dtype(PARTNER), _dtype(PARTNER_FULL), _dtype(PLACE), _dtype(PROJECT)
)  # fmt: skip

# Outcomes are one number for each future. Every system indicator gives its mean over the horizon and over
# the last twelve months (`integration_mean`, `integration_final_year`) and its last value (`tabled_last`).
# The few below come from the projects.
PROJECT_OUTCOMES = _declare("""
months_to_decision: months: down: from table to final decision, mean over decided projects
    whole: months from table to decision: 1: a month
months_to_decision_place: months: down: from table to final decision, projects places decide
months_to_decision_system: months: down: from table to final decision, projects the system decides
months_to_agreement: months: down: from table to agreement, mean over agreed projects
months_to_delivery: months: down: from table to the end of the phase, mean over completed projects
    whole: months from table to completion: 2: two months
realised_share: share: up: of what was claimed, realised, mean over completed projects
undecided_share: share: down: projects still undecided at the end
agreed_share: share: up: agreed among decided projects
    whole: agreed among decided projects: 0.05: one proposal in twenty
promises_kept_share: share: up: promise-months kept among those due
    whole: promises kept: 0.05: one promise in twenty
""")

OUTCOMES: dict[str, Outcome] = {
    f"{row.name}_{suffix}": Outcome(
        f"{row.name}_{suffix}", row.unit, f"{row.label}, {words}", row.better, row.reported.get(suffix)
    )
    for row in SYSTEM.values()
    for suffix, words in REDUCERS.items()
} | {
    row.name: Outcome(row.name, row.unit, row.label, row.better, row.reported.get(WHOLE))
    for row in PROJECT_OUTCOMES.values()
}

# The outcomes that tables and figures show first, in this order: what partners do, then what comes of it.
HEADLINE = (
    "member_share_last",
    "walk_aways_last",
    "trust_mean",
    "engagement_final_year",
    "months_to_decision",
    "months_to_delivery",
    "agreed_share",
    "delivered_last",
    "bad_passed_last",
    "good_blocked_last",
    "promises_kept_share",
    "integration_mean",
    "integration_final_year",
    "waiting_final_year",
    "quality_final_year",
    "wellbeing_final_year",
    "unmet_final_year",
    "balance_mean",
    "in_the_red_final_year",
)
