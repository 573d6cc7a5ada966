"""The record types of a system's state, one for each kind of entity, and the codes that their fields hold.

Each field is declared once, with its unit. Money is GBP million at 2018/19 prices; months count from April
2016 (month 0).
"""

import numpy as np

# Outside accounts, so that every pound belongs to somebody. `account` holds their money. As payers and payees
# they have negative codes.
TREASURY, FUND, TRANSFORMATION, SUPPLIERS, OUTSIDE_COMMISSIONERS, OUTSIDE_PROVIDERS, CAPITAL_POT, OWNERS = (
    range(8)
)
ACCOUNTS = (
    "Treasury",
    "sustainability fund",
    "transformation fund",
    "staff and suppliers",
    "outside commissioners",
    "outside providers",
    "capital pot",
    "owners of independent providers",
)

NO_SECTOR, ACUTE, COMMUNITY, AMBULANCE = range(4)
LEFT, GIVING_NOTICE, MEMBER = range(3)
EMPTY, CASE, TABLE, RATIFYING, CONSULTING, IN_FORCE, RUNNING = range(7)
NOT_MERGING, MERGER_AGREED, MERGER_CONSULTED, MERGER_REVIEWED, MERGER_CLEARED = range(5)
SHIFT, RISK_SHARE, POOL, RECONFIGURE, CAPITAL, WORKFORCE = range(6)
PROJECT_KINDS = ("shift", "risk_share", "pool", "reconfigure", "capital", "workforce")
NO_SAY, CONSENT, VOTE = range(3)
# The functions that bodies may delegate to a joint body (HSC 2019 §105), and the function of each kind of
# project.
CARE_IN_PLACES, MONEY_AND_STAFF, HOSPITAL_SERVICES = range(3)
FUNCTIONS = ("care in places", "shared money and staff", "hospital services")
FUNCTION_OF = (
    CARE_IN_PLACES,
    MONEY_AND_STAFF,
    CARE_IN_PLACES,
    HOSPITAL_SERVICES,
    MONEY_AND_STAFF,
    MONEY_AND_STAFF,
)
# Proposals that events put on the table have numbers from here on; the team brings at most one a month.
BY_EVENTS = np.uint64(2000)


def _record(text: str) -> np.dtype:
    """Build a record type from lines 'name: unit: meaning'.

    Unit `key` means uint64, `number` int64, and any other unit float64.
    """
    codes = {"key": "u8", "number": "i8"}
    rows = [tuple(part.strip() for part in line.split(":", 2)) for line in text.strip().splitlines()]
    return np.dtype([(name, codes.get(unit, "f8")) for name, unit, _ in rows], align=True)


NOW = _record("""
seed_low: key: lower half of the seed
seed_high: key: upper half of the seed
future: key: which future this is
month: number: months since the start
calendar: number: month of the financial year, 0 for April
""")

ORGANISATION = _record("""
key: key: identity for draws and ties
kind: number: kind of body
sector: number: what a provider provides
exists: number: 1 while the body exists
outsider: number: 1 while an independent provider has contracts but no seat
membership: number: 0 left, 1 giving notice, 2 member
held_out: number: 1 while an event keeps the body out
months_low: number: months membership value has been below the exit barrier, or above it for a leaver
notice_left: number: months of notice still to serve
cycle: number: months between meetings of its own board
phase: number: month of the cycle in which it meets
election_year: number: which of four years a council is elected in
allocation: GBP m a month: money from the Treasury
running: GBP m: running cost and care bought outside contracts this month, of all places it commissions for
outside_demand: GBP m a month: work for patients of other systems
outside_contract: GBP m a month: block contract for that work
base_cost: GBP m a month: cost in month 0
base_capacity: GBP m a month: capacity in month 0
base_activity: GBP m a month: activity in month 0
base_agency: GBP m a month: agency premium in month 0
cost_index: index: cost over price, 1 in month 0
planned: GBP m a month: capacity the body has money for
capacity: GBP m a month: capacity staffed
demand: GBP m a month: work arriving
activity: GBP m a month: work done
served: ratio: work done over work arriving
backlog: GBP m: work waiting
waiting: weeks: mean wait
quality: index: quality of care
agency: GBP m a month: agency premium
scale: GBP m a year: 1 % of income, the body's own measure of what matters
income: GBP m: income this month
cost: GBP m: cost this month
contracts: GBP m: contract income (provider) or payments (commissioner) this month
cash: GBP m: money held
balance: GBP m: income less cost this month
balance_year: GBP m: balance since April
balance_last: GBP m: last year's balance before the sustainability fund
margin_last: share: last year's margin with the fund
control_total: GBP m a year: balance asked for
fund_earned: GBP m: sustainability fund earned this month
shortfall: GBP m a year: forecast distance below the control total
pressure: share: financial pressure
wants: GBP m: what a body that may not overspend would spend this month, its grants in full
unmet: share: of that, what it lacks the money for; social care need unmet
granted: GBP m: grants that a council paid this month
saving: GBP m a month: pooled saving
gain: GBP m a year: what membership is seen to bring
past_gain: GBP m a year: what finished projects brought, as far as it is still remembered
paid: GBP m: compensation paid this month
received: GBP m: compensation received this month
weight: weight: weight of the system in its appraisals
engagement: share: engagement
resentment: share: resentment
effort: share: effort in joint work
value: value: membership value
voice: value: being heard
tolerance: value: shift of the exit barrier after elections
merger_view: appraisal: what its own board thinks of the merger put forward this month
merger_gain: GBP m a year: own gain it expects of it
merger_wish: number: -1 refuses it, 1 wants it, 0 has none before it
refused_with: key: the body with which a merger it asked for came to nothing, because one of the two refused
refused_since: number: month of that refusal
merging_with: key: the body it is to merge with, from decision until carried out or lost; else 0
merger_stage: number: of the one put forward: agreed, consulted on, under review, cleared
merger_how: number: whether it was voluntary or directed
merger_since: number: month of that decision
merger_wait: number: months of consultation or review left
merger_left: number: months a merger still distracts it
merger_owed: GBP m: cost of mergers still to pay
synergy: GBP m a month: saving of its mergers that has come in, at base cost
synergy_due: GBP m a month: what may still come in, or be lost
synergy_left: number: months over which it comes in
staff_rich: standard deviations: how much better staffed a provider is than its neighbours
shares_staff: number: 1 once it has joined in sharing staff
scheme: GBP m a month: cost that capital schemes will still take out
special: number: 1 while a provider is in special measures
watched: number: months in a row that speak for special measures, or for their end
""")

PLACE = _record("""
key: key: identity for draws
commissioner: number: who commissions its care
council: number: its council
network: number: its primary care network, or -1
voluntary: number: its voluntary body, or -1
first_commissioner: number: its CCG, to which it returns if commissioners are joined by law and parted again
population: people: residents
council_part: share: its part of the social care need of its council in month 0
need_acute: GBP m a month: acute need at integration 0
need_community: GBP m a month: community and mental health need at integration 0
need_ambulance: GBP m a month: ambulance need
need_social: GBP m a month: social care need
care_load: GBP m a month: social care need that shifts have added
practice_load: GBP m a month: work that shifts have added to its primary care network
demand_acute: GBP m a month: acute demand
demand_community: GBP m a month: community demand
demand_ambulance: GBP m a month: ambulance demand
outside_acute: share: acute demand met outside
outside_community: share: community demand met outside
outside_ambulance: share: ambulance demand met outside
outside_contract: GBP m a month: block contract with outside providers
allocation: GBP m a month: money for its NHS care
spent_acute: GBP m: paid for its acute care this month, outside providers included
spent_community: GBP m: paid for its community and mental health care this month
spent_ambulance: GBP m: paid for its ambulances this month
primary: GBP m a month: primary care, bought outside contracts
running: GBP m a month: what its CCG costs to run, before anything is saved
running_saved: share: of that running cost, saved since CCGs were joined
merged: number: 1 once its CCG has merged with another by their own wish
integration: share: how far care is joined up
shock: share: demand shock
confidence: share: public confidence
access_lost: share: acute need that reconfigurations have moved to another site so far
deprivation: share: 0 for the least deprived district of England, 1 for the most
grant: GBP m: transformation money set aside for the place, a claim on that account
""")

PROJECT = _record("""
serial: key: running number, its identity for draws
stage: number: empty, case, table, ratifying, consulting, in force, running
kind: number: one of PROJECT_KINDS
place: number: its place, or -1
sponsor: number: the body that brings it
winner: number: the body that a reconfiguration or a capital scheme builds up, or -1
loser: number: the body that a reconfiguration takes work from, or -1
tabled: number: month it was tabled
heard: number: 1 if on this month's agenda
wait: number: months of casework or rework left
priority: months: place in the queue: months waited, and the chair's preference
referrals: number: times sent back
local: number: 1 if decided by its place
in_scope: number: 1 if inside what was delegated
harmful: number: 1 if it does less than claimed
found: number: 1 once known to be harmful
partial: number: 1 if only the willing go ahead
imposed: number: bodies that objected and were bound
phased: number: months in force
consulted: number: 1 once public consultation has opened
referred: number: 1 once referred or taken to court
promise_left: number: months compensation still runs
truth: share: true effect as a share of the claim
rise: integration: claimed rise of integration
one_off: GBP m: double running
load: GBP m a year: social care need it adds if realised
practice: GBP m a year: work it adds to general practice if realised
patients: GBP m a year: claimed benefit to patients
benefit: GBP m a year: claimed system benefit
stakes: GBP m a year: sum of the affected bodies' scales
objection: share: share of say that objected when last heard
compensation: GBP m a year: compensation promised
taking_part: share: part of the work its participants hold
realised: share: sum of monthly realised shares
moves: share: of the place's acute need that changes site
capital: GBP m: capital it asks of the pot
sharing: share: staff sharing it adds if realised
lay_view: appraisal: what the joint body's lay members think of it
mediation: number: -1 local resolution failed, 0 not sought, 1 it works
mediated_until: number: month in which local resolution ends
""")

STAKE = _record("""
part: share: part of the work this body must do
gain: GBP m a year: own gain it expects
joins: number: 1 if it takes part
commitment: share: commitment to the project
pays: GBP m a year: compensation it pays
receives: GBP m a year: compensation it is promised
vote: number: -1 no, 0 abstains, 1 yes
say: number: none, consent for its own part, vote
support: appraisal: appraisal when last heard, the sum of the terms below
standing: appraisal: objection that stayed after a refusal
says: appraisal: what partners hear of it in a round of deliberation, an earlier refusal included
speaks: number: 1 if partners hear it
persuasion: appraisal: moved by partners so far
term_persuasion: appraisal: of it, moved by partners
ratified: number: 1 once its own board approved
ratifies: number: -1 refuses, 0 has not met, 1 approves
ceded: GBP m a year: own business put under joint control
loss_of_access: share: visible loss for its voters
noise: appraisal: luck of its appraisal
term_own_gain: appraisal: of it, own gain
term_system_benefit: appraisal: of it, the system's benefit
term_autonomy_ceded: appraisal: of it, own business put under joint control
term_public_loss: appraisal: of it, the public's loss of access
term_liability: appraisal: of it, what it would answer for together with others
term_noise: appraisal: of it, luck
term_standing: appraisal: of it, an earlier refusal
term_bargain: appraisal: of it, what it pays, or is promised as far as it believes that
offers: GBP m a year: what it would pay to have the proposal carried
price: GBP m a year: what would win it over
belief: share: how far it believes what it is promised
keeps: number: 1 if no carried vote binds it, although it votes: it keeps its own consent
recused: number: 1 if it steps out of the vote
loss_counted: share: visible loss that counts in its appraisal
answers: GBP m: what it would answer for together with others
cast: number: the vote as it is counted: its own, its bloc's, or none
withheld: number: 1 if its body has not delegated this function, so that no vote binds it (adoption by body)
spared: number: 1 if its own board need not approve, since it has delegated this function (adoption by body)
""")

DELEGATION = _record("""
held: number: 1 while the body has delegated the function to the joint body
wish: number: what its board wishes this month: 1 delegate, -1 keep, 0 as it is
again: number: month from which its board may consider the function again
leaning: appraisal: what its board thought when it last considered it
seen: number: proposals decided that affected it
own_gain: GBP m a year: own gain by them, running mean
benefit: appraisal: system benefit over stakes, running mean
ceded: GBP m a year: own business put under joint control by them, running mean
""")

BOARD = _record("""
price: index: real tariff, 1 in month 0
staff_pool: GBP m a month: capacity the system's permanent staff can give
shortage: share: posts without permanent staff
sharing: share: staff shared instead of bid for
capacity: projects: programme capacity saved up
abroad: GBP m a month: paid to outside providers this month
reorganising: number: months of reorganisation left
law: number: number of the regime in force
serials: key: proposals brought so far
body: number: row of the ICS body
tabled: number: projects tabled
refused_table: number: projects the full table refused
agreed: number: projects agreed
imposed: number: agreed projects that bound an objector
partial: number: agreed projects of the willing only
delivered: number: projects delivered
fell_short: number: projects in force that realised too little
died: number: projects that died
bad_passed: number: harmful projects agreed
bad_blocked: number: harmful projects stopped
good_blocked: number: good projects stopped
found_out: number: harmful projects found out by challenge
promises_due: number: promise-months due
promises_kept: number: promise-months kept
walk_aways: number: bodies that left
walk_aways_council: number: of these, councils
returns: number: bodies that returned
meetings: number: board considerations, own boards and joint
candidate: number: provider put forward for a merger this month, or -1
neighbour: number: with whom, or -1
mergers: number: providers and CCGs that merged into another
mergers_voluntary: number: of these, where both boards wanted it
mergers_directed: number: of these, where the national body directed it
mergers_commissioners: number: of these, CCGs
mergers_blocked: number: mergers the competition review blocked
mergers_stopped: number: mergers lost to a referral or judicial review
consultations: number: public consultations opened
referred: number: reconfigurations and mergers referred or taken to court
capital_asked: GBP m: capital that schemes asked of the pot
capital_granted: GBP m: capital granted from the pot
capital_own: GBP m: capital that foundation trusts spent on their own
national_share: ratio: transformation money and capital a head, over England's; 1 if nobody shares
status: number: ICS status: 0 never had, 1 granted, 2 withdrawn
delegated_budget: GBP m a month: national money decided in the system under that status
demands: share: programme capacity eaten by national demands
raided: GBP m: transformation money that filled deficits so far
decided_place: GBP m: own gains and losses and one-off cost of projects that places decided
decided_system: GBP m: the same, decided by the system
decided_nation: GBP m: capital granted, and turnover of trusts directed to merge
decided_open: GBP m: of what place and system decided, times transparency at the time it came into force
adopted_under: number: number of the regime under which bodies have delegated
delegated: share: functions delegated among those that could be
adopted: number: functions delegated so far
revoked: number: delegations revoked so far
decided: number: proposals carried, each counted once
gbp_decided: GBP m: money these move
gbp_conflicted: GBP m: of it, what was voted by bodies that gain
borne: GBP m: what these put at risk
borne_unagreed: GBP m: of it, what bodies answer for that did not agree
unanswerable: number: of these, decisions no single body answers for
pivotal_trust: number: votes of providers that alone decided
pivotal_commissioner: number: votes of commissioners that alone decided
pivotal_council: number: votes of councils that alone decided
pivotal_other: number: votes of other bodies that alone decided
mediations: number: disputes that went to local resolution
mediated: number: of these, carried afterwards
""")

EVENT = _record("""
event_month: number: when
event_kind: number: which kind of event
who: number: the body it is about, or -1
other: number: a place, or the body that takes over or gives back, or -1
subject: key: serial of the project, if any
amount: any: first figure
second: any: second figure
third: any: third figure
partner: number: the other body the reason names, or -1
fourth: any: fourth figure
fifth: any: fifth figure
""")
