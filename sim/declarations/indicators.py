"""What is measured, each indicator declared once: name, unit and the words for people."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Indicator:
    name: str
    unit: str
    label: str


def _declare(text: str) -> dict[str, Indicator]:
    rows = [tuple(part.strip() for part in line.split(":", 2)) for line in text.strip().splitlines()]
    return {name: Indicator(name, unit, label) for name, unit, label in rows}


SYSTEM = _declare("""
integration: share: integration of care, mean over residents
integration_gap: share: integration gap between the best and the worst place
balance: GBP m a month: balance of all bodies together
nhs_balance: GBP m a month: balance of providers and commissioners
in_the_red: share: trusts with a deficit last year, fund included
margin: share of income: mean margin of trusts last year, fund included
trust_balance: GBP m a year: balance of all trusts last year, fund included
totals_too_hard: share: trusts whose control total asks for more than the sustainability fund would bring
trusts: trusts: NHS trusts and foundation trusts
commissioners: bodies: CCGs
members: bodies: members of the partnership
member_share: share: members among the bodies that exist
engagement: share: mean engagement
effort: share: mean effort in joint work
resentment: share: mean resentment
value: value: mean membership value
trust: share: mean trust between partners
trust_lowest: share: trust in the least trusted body
trust_nhs_council: share: mean trust between NHS bodies and councils
waiting: weeks: mean wait, weighted by activity
quality: index: quality of care, weighted by activity
unmet: share: unmet social care need
pressure: share: mean financial pressure
confidence: share: public confidence, mean over residents
activity: GBP m a month: work done by the system's providers
compensation: GBP m a month: compensation paid between bodies
fund_earned: GBP m a month: sustainability fund earned
contracts_paid: GBP m a month: commissioners' payments for contracts
contracts_received: GBP m a month: contract income of providers in and outside the system
ledger: GBP m: money held by all bodies and outside accounts together, always 0
tabled: projects: projects tabled so far
agreed: projects: projects agreed so far
imposed: projects: agreed projects that bound an objector
partial: projects: agreed projects of the willing only
delivered: projects: projects delivered so far
fell_short: projects: projects that realised too little
died: projects: projects that died
bad_passed: projects: harmful projects agreed
bad_blocked: projects: harmful projects stopped
good_blocked: projects: good projects stopped
found_out: projects: harmful projects found out by challenge
refused_table: projects: proposals a full table refused
promises_due: promise-months: promises due so far
promises_kept: promise-months: promises kept so far
walk_aways: bodies: departures so far
walk_aways_council: bodies: of these, councils
returns: bodies: returns so far
meetings: board considerations: considerations by joint and own boards so far
mergers: mergers: providers and CCGs merged into another so far
mergers_voluntary: mergers: mergers that both boards wanted
mergers_directed: mergers: mergers the national body directed
mergers_commissioners: mergers: mergers of CCGs, by their own wish or by an event
mergers_blocked: mergers: mergers a competition review blocked
mergers_stopped: mergers: mergers lost to a referral or judicial review
synergy: GBP m a month: saving of mergers that has come in, at base cost
consultations: consultations: public consultations opened so far
referrals: decisions: reconfigurations and mergers referred or taken to court so far
capital_asked: GBP m: capital that schemes asked of the pot so far
capital_granted: GBP m: capital granted from the pot so far
capital_own: GBP m: capital that foundation trusts spent on their own so far
agency: GBP m a month: agency premium
vacancies: share: posts without permanent staff
sharing: share: staff shared instead of bid for
access_lost: share: acute care moved to another site so far, mean over residents
status: 0 or 1: whether the system has ICS status
special_measures: trusts: trusts in special measures
raided: GBP m: transformation money that filled deficits so far
demands: share: programme capacity eaten by national demands
delegated_budget: GBP m a month: national money decided in the system under its status
wellbeing: index: wellbeing: mean of integration, met social care, timely care and confidence
experience: index: patients' experience: mean of integration, timely care, quality and access
balance_per_head: GBP a year: balance of all bodies a resident
choice: providers: effective number of acute providers, mean over residents
waiting_gap: weeks: wait in the most deprived place above the least, fitted line
unmet_gap: share: unmet social care in the most deprived place above the least, fitted line
spend_gap: GBP per GBP of need: NHS spend per need in the most deprived place above the least, fitted line
contracts_trust: GBP m a month: contract income of NHS trusts
contracts_foundation: GBP m a month: contract income of foundation trusts
contracts_independent: GBP m a month: contract income of independent providers
contracts_outside: GBP m a month: payments to providers outside the system
acute_staff: share: staff planned by acute providers
hospital_share: share: acute care in spend on NHS and social care
out_of_hospital_share: share: community, primary and social care in spend on NHS and social care
decided_place: GBP m: at stake in projects that places decided so far
decided_system: GBP m: at stake in projects that the system decided so far
decided_nation: GBP m: capital granted and turnover of trusts directed to merge so far
decided_open: share: of what place and system decided, in public with papers
board_cost: GBP m: cost of board considerations so far, booked to nobody
tender_cost: GBP m a month: cost of tendering, booked to nobody
delegated: share: functions delegated to the joint body, of those that could be; 0 where given
adopted: functions: delegations by own boards so far
revoked: functions: delegations revoked by own boards so far
decided: projects: proposals carried so far, each counted once
gbp_decided: GBP m: money that these move: double running, gains and losses of a year
conflicted_share: share: of that money, voted by bodies that gain
unanswerable_share: share: decisions no single body answers for
gbp_at_risk: GBP m: put at risk by decisions so far: double running and losses of a year
unagreed_share: share: of that, answered for by bodies that did not agree
pivotal_trust: votes: votes of providers that alone decided so far
pivotal_commissioner: votes: votes of commissioners that alone decided so far
pivotal_council: votes: votes of councils that alone decided so far
pivotal_other: votes: votes of other bodies that alone decided so far
mediations: projects: disputes that went to local resolution so far
mediated: projects: of these, carried afterwards
""")

PARTNER = _declare("""
exists: 0 or 1: whether the body exists
membership: 0 to 2: 2 member, 1 giving notice, 0 left
partner_engagement: share: engagement
partner_trust: share: mean trust the others have in the body
partner_balance: GBP m a month: balance
partner_pressure: share: financial pressure
partner_waiting: weeks: mean wait
partner_value: value: membership value
""")

PARTNER_FULL = _declare("""
partner_effort: share: effort in joint work
partner_resentment: share: resentment
partner_voice: value: being heard
partner_income: GBP m a month: income
partner_cost: GBP m a month: cost
partner_cash: GBP m: money held
partner_activity: GBP m a month: work done
partner_quality: index: quality of care
partner_control_total: GBP m a year: balance asked for
partner_fund_earned: GBP m a month: sustainability fund earned
partner_paid: GBP m a month: compensation paid
partner_received: GBP m a month: compensation received
partner_gain: GBP m a year: what membership is seen to bring
""")

PLACE = _declare("""
place_integration: share: integration of care
place_unmet: share: unmet social care need
place_confidence: share: public confidence
place_demand: GBP m a month: acute demand
place_waiting: weeks: mean wait of its patients inside the system
place_choice: providers: effective number of acute providers, outside counted as one
place_wellbeing: index: wellbeing
place_experience: index: patients' experience
""")

PROJECT = _declare("""
project_kind: code: 0 shift, 1 risk share, 2 pool, 3 reconfigure, 4 capital, 5 workforce
project_place: row: place, or -1
project_local: 0 or 1: decided by its place
project_tabled: month: month tabled
project_decided: month: month finally decided
project_outcome: code: 0 undecided, 1 agreed, 2 died
project_delivered: month: month its phase ended
project_realised: share: mean realised share
project_harmful: 0 or 1: does less than claimed, or harm
project_imposed: bodies: objectors bound
project_partial: 0 or 1: the willing only
""")


def _dtype(*tables: dict[str, Indicator]) -> np.dtype:
    return np.dtype([(name, "f8") for table in tables for name in table])


SYSTEM_ROW, PARTNER_ROW, FULL_ROW, PLACE_ROW, PROJECT_ROW = (
    _dtype(SYSTEM), _dtype(PARTNER), _dtype(PARTNER_FULL), _dtype(PLACE), _dtype(PROJECT)
)  # fmt: skip

# Outcomes: one number a future. Every system indicator gives its mean over the horizon and over the last
# twelve months (`integration_mean`, `integration_final_year`) and its last value (`tabled_last`); these few
# come from the projects.
PROJECT_OUTCOMES = _declare("""
months_to_decision: months: from table to final decision, mean over decided projects
months_to_decision_place: months: from table to final decision, projects places decide
months_to_decision_system: months: from table to final decision, projects the system decides
months_to_agreement: months: from table to agreement, mean over agreed projects
months_to_delivery: months: from table to the end of the phase, mean over completed projects
realised_share: share: of what was claimed, realised, mean over completed projects
undecided_share: share: projects still undecided at the end
agreed_share: share: agreed among decided projects
promises_kept_share: share: promise-months kept among those due
""")
MEAN, FINAL_YEAR, LAST = "mean", "final_year", "last"
REDUCERS = {MEAN: "mean over all months", FINAL_YEAR: "mean of the last twelve months", LAST: "at the end"}


def outcome(name: str) -> Indicator:
    """The declaration behind an outcome's name. Raises KeyError."""
    if name in PROJECT_OUTCOMES:
        return PROJECT_OUTCOMES[name]
    for suffix, words in REDUCERS.items():
        base = name.removesuffix(f"_{suffix}")
        if base != name and base in SYSTEM:
            return Indicator(name, SYSTEM[base].unit, f"{SYSTEM[base].label}, {words}")
    raise KeyError(name)


OUTCOMES = tuple(f"{name}_{suffix}" for name in SYSTEM for suffix in REDUCERS) + tuple(PROJECT_OUTCOMES)
