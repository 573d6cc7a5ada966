"""The steps of a month, in order, as data: what each does, and whether it may be switched off.

`rules/month.py` calls the rule of the same name for each, in this order (a test compares the two). A scenario
switches a step off with `rules.off=[bargain]`, to see what the rule does: an ablation. Steps that only
prepare what a later step turns into events are intentions (`intend_...`). Steps that others need are fixed.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    name: str
    section: str
    does: str
    fixed: bool = False


STEPS = (
    Step(
        "happen",
        "4.12, 4.14",
        "scenario events: partners leave, return or merge, the law changes",
        fixed=True,
    ),
    Step(
        "turn_year",
        "4.3, 4.13",
        "April: settlement, prices, block contracts, control totals, funds",
        fixed=True,
    ),
    Step("elect", "4.12", "May: elections change a council's tolerance"),
    Step("change_leaders", "4.11", "leaders change, and their ties start afresh"),
    Step("remove_directors", "4.13", "directors of trusts in special measures are removed"),
    Step("dissolve_pools", "4.12", "April: pooled budgets of bodies that left dissolve"),
    Step("demand", "4.1", "need grows and becomes demand", fixed=True),
    Step("deliver", "4.2", "capacity, activity, backlog, waiting, quality", fixed=True),
    Step("open_books", "4.3", "the month's accounts begin", fixed=True),
    Step(
        "pay_contracts",
        "4.3",
        "the Treasury pays commissioners and councils, and they pay providers",
        fixed=True,
    ),
    Step("keep_promises", "4.6", "promised compensation is paid, or the promise is broken"),
    Step("run_services", "4.3", "providers meet their cost, councils buy social care", fixed=True),
    Step("feel_pressure", "4.3", "financial pressure follows the forecast"),
    Step("table", "4.4", "the board's team brings proposals, and scenario events do"),
    Step("set_agenda", "4.4", "what is heard this month", fixed=True),
    Step(
        "intend_adoption",
        "4.14",
        "which functions each own board wishes to delegate to the joint body, or keep",
    ),
    Step("adopt", "4.14", "functions are delegated, and delegations revoked"),
    Step("appraise", "4.5", "each body appraises what is heard", fixed=True),
    Step("deliberate", "4.6", "appraisals move towards those of trusted partners"),
    Step("intend_offers", "4.6", "what each winner would offer to have a proposal carried"),
    Step("bargain", "4.6", "winners promise losers compensation"),
    Step("intend_votes", "4.7", "how each body means to vote", fixed=True),
    Step("decide", "4.7", "votes are counted", fixed=True),
    Step("intend_ratification", "4.8", "what each body's own board means to do"),
    Step("ratify", "4.8", "own boards approve, or send back"),
    Step(
        "waive_ratification",
        "4.8",
        "where own boards are switched off, what they would approve comes into force",
        fixed=True,
    ),
    Step(
        "scrutinise",
        "4.8",
        "the public is consulted on reconfigurations; some are referred or taken to court",
    ),
    Step("make_effort", "4.10", "effort that each body puts into joint work", fixed=True),
    Step("implement", "4.10", "benefits come in as effort realises them"),
    Step("count_gains", "4.12", "what membership is seen to bring"),
    Step(
        "propose_merger",
        "4.9",
        "a distressed provider and a neighbour are put forward for a merger; in April, two CCGs",
    ),
    Step("intend_merger", "4.9", "what the boards of the two mean to do"),
    Step(
        "agree_merger",
        "4.9",
        "the two boards agree, or the national body directs them, unless competition review blocks it",
    ),
    Step(
        "scrutinise_mergers", "4.8", "the public is consulted on mergers; some are referred or taken to court"
    ),
    Step("merge", "4.9", "providers merge, and CCGs"),
    Step("carry_mergers", "4.9", "what mergers cost, and what they save", fixed=True),
    Step("relate", "4.11", "trust moves on what partners did this month"),
    Step("take_stock", "4.11", "mean trust", fixed=True),
    Step("remember", "4.14", "bodies remember what was decided of each function"),
    Step("hear", "4.12", "voice follows decisions"),
    Step("value_membership", "4.12", "what membership is worth to each body"),
    Step("engage", "4.10", "engagement follows value, and what others are seen to do"),
    Step("fade_resentment", "4.10", "resentment fades", fixed=True),
    Step("intend_membership", "4.12", "who wishes to leave or return"),
    Step("stay", "4.12", "notice, leaving, returning"),
    Step("special_measures", "4.13", "failing trusts are put in special measures, and leave them"),
    Step("share_risk", "4.4", "March: surplus bodies cover deficits where that was agreed"),
    Step(
        "raid_fund",
        "4.13",
        "March: what is left of the transformation fund, and not ring-fenced, fills deficits",
    ),
    Step("award_fund", "4.13", "March: the sustainability fund, and the year's outturn"),
    Step("review_status", "4.13", "March: ICS status is granted or withdrawn"),
    Step("make_demands", "4.13", "what the national bodies ask of the programme team"),
    Step("measure", "7", "indicators", fixed=True),
)
NAMES = tuple(step.name for step in STEPS)
CAN_BE_OFF = tuple(step.name for step in STEPS if not step.fixed)
