"""Every parameter of the model, declared once: default, bounds, unit, meaning and source.

Validation, sweeps, documentation, error messages and the compiled rules all read this table. `allowed` bounds
are what the program accepts; `plausible` ones are what a sweep should explore. `symbol` is the letter the
model description uses. A source is a report and paragraph, a published figure, or the word "assumption".
"""

from dataclasses import dataclass

import numpy as np

INFINITY = float("inf")
SHARE = (0.0, 1.0)


@dataclass(frozen=True)
class Parameter:
    """One number of the model. `allowed` and `plausible` are (lowest, highest) in the parameter's unit."""

    name: str
    group: str
    default: float
    allowed: tuple[float, float]
    plausible: tuple[float, float]
    unit: str
    meaning: str
    source: str = "assumption"
    symbol: str = ""

    @property
    def label(self) -> str:
        return self.name.replace("_", " ")


_TABLE: list[Parameter] = []


def _group(group: str, *rows: tuple) -> None:
    _TABLE.extend(Parameter(row[0], group, *row[1:]) for row in rows)


# fmt: off
_group(
    "demand",
    ("demand_growth", 0.030, (-0.1, 0.1), (0.01, 0.035), "1/year",
     "growth of need for acute and ambulance care",
     "Health Foundation, Investing in the NHS long term plan (2019): acute volume 3.0 % a year", "g_acute"),
    ("community_growth", 0.022, (-0.1, 0.1), (0.01, 0.035), "1/year",
     "growth of need for community and mental health care"),
    ("care_growth", 0.008, (-0.1, 0.1), (0.0, 0.03), "1/year", "growth of need for social care"),
    ("hospital_effect", 0.10, (0.0, 0.5), (0.0, 0.2), "share of acute need",
     "acute demand that full integration avoids", "assumption; HSC 2018 §27, §41 find no robust saving",
     "e_max"),
    ("uncovered_need", 0.15, (0.0, 1.0), (0.0, 0.4), "share of community need",
     "community demand that full integration uncovers", "assumption; HSC 2018 §41-42", "reveal"),
    ("spill", 0.15, (0.0, 1.0), (0.0, 0.4), "share per share", "acute demand added by unmet social care"),
    ("season", 0.04, (0.0, 0.5), (0.0, 0.08), "share", "midwinter demand above the year's mean"),
    ("demand_noise", 0.012, (0.0, 0.2), (0.0, 0.03), "share", "standard deviation of a place's demand shock"),
    ("shock_memory", 0.7, (0.0, 0.99), (0.3, 0.9), "share a month",
     "how much of a demand shock lasts into the next month"),
)
_group(
    "deliver",
    ("capacity_growth", 0.028, (-0.1, 0.1), (0.01, 0.035), "1/year", "growth of funded capacity"),
    ("staff_growth", 0.028, (-0.1, 0.1), (0.01, 0.035), "1/year", "growth of the system's staff pool"),
    ("staff_shortage", 0.08, (0.0, 0.5), (0.04, 0.12), "share of posts",
     "posts without permanent staff at the start",
     "assumption; HSC 2018 §223-225 report shortage"),
    ("agency_fill", 0.8, SHARE, (0.5, 1.0), "share of vacancies", "vacancies filled by agency staff"),
    ("agency_premium", 0.3, (0.0, 3.0), (0.1, 0.6), "share of cost",
     "extra cost of agency staff where bodies bid for them"),
    ("headroom", 0.0, (-0.2, 1.0), (-0.02, 0.03), "share", "capacity above demand at the start"),
    ("start_waiting", 6.0, (0.0, 52.0), (4.0, 10.0), "weeks", "mean wait at the start"),
    ("clearing", 0.25, SHARE, (0.1, 0.5), "share a month", "share of the waiting list that can be called "
                                                           "in a month"),
    ("comfortable", 0.92, (0.5, 1.2), (0.85, 0.98), "share of capacity",
     "utilisation above which quality suffers"),
    ("quality_loss", 2.0, (0.0, 20.0), (0.5, 4.0), "quality per utilisation",
     "quality lost per unit of overload"),
    ("quality_rate", 0.1, (0.0, 1.0), (0.02, 0.3), "1/month", "speed at which quality follows the strain"),
)
_group(
    "money",
    ("price_growth", -0.008, (-0.1, 0.1), (-0.02, 0.01), "1/year", "growth of the tariff in real terms"),
    ("allocation_growth", 0.021, (-0.1, 0.1), (0.01, 0.034), "1/year",
     "real growth of commissioners' budgets",
     "Health Foundation, Investing in the NHS long term plan (2019): NHS England 2.1 % a year", "g_alloc"),
    ("fixed_share", 0.60, SHARE, (0.4, 0.8), "share of cost", "cost that follows capacity, not activity",
     "assumption", "fs"),
    ("squeeze", 0.013, (-0.1, 0.2), (0.0, 0.05), "1/year", "rise of cost over price in the first years",
     "assumption; HSC 2018 §47 (efficiency of 2-3 % asked for)"),
    ("squeeze_later", 0.005, (-0.1, 0.2), (0.0, 0.03), "1/year", "rise of cost over price afterwards"),
    ("squeeze_years", 4.0, (0.0, 50.0), (2.0, 10.0), "years",
     "length of the first squeeze: Aprils after month 0"),
    ("forced_efficiency", 0.012, (0.0, 0.1), (0.0, 0.02), "1/year",
     "cost growth that full pressure takes out"),
    ("cost_noise", 0.016, (0.0, 0.2), (0.0, 0.02), "1/year",
     "standard deviation of a trust's yearly cost shock"),
    ("start_margin", -0.007, (-0.2, 0.2), (-0.02, 0.02), "share of income",
     "trusts' mean margin before any fund in month 0",
     "assumption, matched to the record of 2016/17: median of the set (docs/calibration.md)"),
    ("start_margin_spread", 0.027, (0.0, 0.2), (0.0, 0.04), "share of income",
     "standard deviation of that margin",
     "assumption, matched to the record of 2016/17: median of the set (docs/calibration.md)"),
    ("commissioner_margin", 0.005, (-0.2, 0.2), (0.0, 0.02), "share of income",
     "commissioners' margin in month 0"),
    ("austerity", 0.012, (0.0, 0.2), (0.0, 0.03), "1/year", "yearly cut of councils' social care money",
     "IFS (Simpson 2017): adult social care -8.0 % from 2009/10 to 2016/17"),
    ("austerity_years", 4.0, (0.0, 50.0), (0.0, 10.0), "years", "length of those cuts"),
    ("council_reserve", 0.08, (0.0, 2.0), (0.0, 0.2), "share of yearly budget",
     "reserve a council can draw on"),
    ("transformation_fund", 3.0, (0.0, 100.0), (0.0, 20.0), "GBP m a year per million people",
     "money for double running and change", "assumption; Greater Manchester's GBP 450m over five years is "
                                            "33 (HSC 2018 §220)"),
)
_group(
    "oversight",
    ("control_pull", 0.5, SHARE, (0.0, 1.0), "share", "how far a control total moves from last outturn to "
                                                      "the target"),
    ("control_target", 0.0, (-0.1, 0.1), (-0.01, 0.02), "share of income", "the margin aimed at in the end"),
    ("stretch", 0.005, (0.0, 0.1), (0.0, 0.02), "share of income",
     "what a control total asks beyond the realistic"),
    ("sustainability_fund", 0.02, (0.0, 0.1), (0.0, 0.03), "share of income",
     "paid for meeting the control total",
     "HFMA 2 Nov 2016: GBP 1.8bn in 2016/17, about 2 % of providers' income"),
    ("own_total_share", 0.5, SHARE, (0.25, 0.75), "share of the fund",
     "paid by the own control total where a system total stands beside it",
     "assumption; HSC 2018 §100: bodies had to reconcile the two"),
    ("pressure_from", -0.005, (-0.1, 0.1), (-0.02, 0.01), "share of income",
     "shortfall at which pressure begins"),
    ("pressure_full", 0.05, (0.01, 0.5), (0.02, 0.1), "share of income", "shortfall at which pressure is 1"),
    ("pressure_rate", 0.15, SHARE, (0.05, 0.5), "1/month", "speed at which pressure follows the forecast"),
    ("unmet_full", 0.25, (0.01, 1.0), (0.05, 0.5), "share of need",
     "unmet social care at which a council's pressure is 1"),
)
_group(
    "nation",
    ("earmarked_share", 1.0, SHARE, (0.5, 1.0), "share of the transformation money",
     "set aside for single places; the rest is for all"),
    ("support_strength", 1.0, (0.0, 5.0), (0.0, 3.0), "share per share",
     "how much more a head a place gets that stands out",
     "assumption; HSC 2018 §247-251"),
    ("status_engagement", 0.55, SHARE, (0.45, 0.7), "engagement", "mean engagement asked for ICS status",
     "assumption; HSC 2018 §95"),
    ("status_deficit", 0.02, (0.0, 1.0), (0.0, 0.04), "share of income",
     "deficit of all trusts together allowed for ICS status",
     "assumption; HSC 2018 §96"),
    ("status_integration", 0.22, SHARE, (0.2, 0.35), "integration", "mean integration asked for ICS status",
     "assumption; HSC 2018 §95"),
    ("status_slack", 0.25, (0.0, 5.0), (0.0, 0.5), "share of what is asked",
     "by which a criterion may be missed before status is lost",
     "assumption; HSC 2018 §104"),
    ("status_autonomy", 0.3, SHARE, (0.0, 0.6), "share", "national demands that ICS status takes away",
     "assumption; HSC 2018 §95-96"),
    ("status_delegated", 0.5, SHARE, (0.0, 1.0), "share", "of care bought outside contracts that a system "
                                                          "with status decides over",
     "assumption; HSC 2018 §95"),
    ("intervention_demands", 0.5, (0.0, 3.0), (0.0, 1.0), "share",
     "demands added by all trusts in special measures, or by lost status",
     "assumption; HSC 2018 §245, §249"),
    ("special_chance", 1.0, (0.0, 12.0), (0.0, 3.0), "1/year",
     "chance that an NHS body failing for long is put in special measures"),
    ("special_deficit", 0.06, (0.0, 1.0), (0.03, 0.1), "share of income",
     "last year's deficit at which an NHS body fails"),
    ("special_quality", 0.75, SHARE, (0.6, 0.8), "quality", "quality below which a trust fails"),
    ("special_months", 12.0, (1.0, 120.0), (6.0, 24.0), "months",
     "of failing before special measures, and of not failing to leave"),
    ("special_support", 0.003, (0.0, 0.1), (0.0, 0.01), "share of income",
     "support paid a year to an NHS body in special measures"),
    ("special_effort", 0.15, SHARE, (0.0, 0.3), "share", "effort in joint work lost in special measures",
     "assumption; HSC 2018 §245"),
    ("removal_chance", 0.3, (0.0, 12.0), (0.0, 1.0), "1/year",
     "chance that directors of a body in special measures are removed",
     "assumption; HSC 2019 §123"),
    ("removal_engagement", 0.2, SHARE, (0.0, 0.5), "share", "engagement lost when directors are removed"),
)
_group(
    "programme",
    ("programme_rate", 0.55, (0.0, 5.0), (0.1, 2.0), "projects a month",
     "proposals a system of 20 bodies can prepare",
     "assumption; thin capacity: HSC 2018 §61, §78"),
    ("programme_scale", 0.5, SHARE, (0.0, 1.0), "share", "part of programme capacity that grows with the "
                                                         "number of members"),
    ("programme_pressure", 0.6, SHARE, (0.0, 1.0), "share", "programme capacity eaten at full mean pressure",
     "assumption; HSC 2018 §91"),
    ("national_demands", 0.25, SHARE, (0.0, 0.6), "share", "programme capacity eaten by national demands",
     "assumption; HSC 2018 §236-245"),
    ("live_load", 0.02, (0.0, 1.0), (0.0, 0.1), "projects a month",
     "programme capacity each live project takes"),
    ("reorganisation_load", 0.5, SHARE, (0.2, 0.8), "share",
     "programme capacity lost in the year after a change of law",
     "assumption; HSC 2019 §101"),
    ("case_months", 3.0, (0.0, 24.0), (0.0, 9.0), "months", "casework before a first vote"),
    ("procurement_months", 6.0, (0.0, 24.0), (0.0, 12.0), "months", "tendering at full competition",
     "assumption; HSC 2018 §281-282"),
    ("table_months", 14.0, (1.0, 60.0), (6.0, 36.0), "months", "life of an undecided proposal"),
    ("meeting_items", 4.0, (1.0, 50.0), (2.0, 10.0), "items a month", "meeting time of the system's board"),
    ("contest_time", 2.0, (0.0, 10.0), (0.0, 5.0), "items", "extra time an item takes if all object to it"),
)
_group(
    "projects",
    ("weight_shift", 0.60, SHARE, (0.3, 0.9), "relative", "how often a proposal moves care out of hospital"),
    ("weight_risk_share", 0.15, SHARE, (0.0, 0.4), "relative", "how often it shares financial risk"),
    ("weight_pool", 0.25, SHARE, (0.0, 0.5), "relative", "how often it pools a commissioner's and a "
                                                         "council's budget"),
    ("weight_reconfigure", 0.12, SHARE, (0.0, 0.3), "relative",
     "how often it concentrates a hospital service on one site",
     "assumption; contested ones are few: HSC 2018 §57, §198"),
    ("weight_capital", 0.10, SHARE, (0.0, 0.3), "relative", "how often it asks for capital"),
    ("weight_workforce", 0.08, SHARE, (0.0, 0.3), "relative",
     "how often it shares staff rather than bids for them"),
    ("shift_rise", 0.20, SHARE, (0.05, 0.4), "integration",
     "rise of integration if a shift is fully realised", "assumption", "z/e_max"),
    ("pool_rise", 0.03, SHARE, (0.0, 0.1), "integration", "rise of integration if a pooled budget is fully "
                                                          "realised"),
    ("pool_share", 0.10, SHARE, (0.05, 0.3), "share of the council's care budget",
     "size of a pooled budget, from each side",
     "assumption; Better Care Fund pooled GBP 5.3bn in 2015/16"),
    ("pool_gain", 0.03, (0.0, 0.5), (0.0, 0.06), "share of the pooled budget",
     "duplication saved by pooling"),
    ("patient_value", 0.5, (0.0, 5.0), (0.1, 1.5), "GBP per GBP",
     "worth to patients of a pound of care moved out of hospital"),
    ("double_running", 0.8, (0.0, 5.0), (0.2, 1.5), "share of the care moved",
     "one year of old and new services side by side",
     "assumption; HSC 2018 §218-220"),
    ("payback_years", 3.0, (1.0, 20.0), (2.0, 5.0), "years",
     "over which a body spreads a one-off cost in its mind"),
    ("care_load", 0.06, (0.0, 1.0), (0.0, 0.2), "GBP per GBP",
     "council cost of a pound of care moved out of hospital"),
    ("risk_cover", 0.5, SHARE, (0.0, 1.0), "share of surplus", "what surplus bodies put into a risk share"),
    ("luck", 0.35, (0.0, 2.0), (0.0, 1.0), "share of the gain",
     "spread of each body's gain around what its finances say"),
    ("harmful", 0.2, (0.0, 0.6), (0.0, 0.6), "share of proposals",
     "proposals that do less than claimed, or harm",
     "assumption; HSC 2018 §58"),
    ("harm_low", -0.5, (-2.0, 1.0), (-1.0, 0.0), "share of the claim",
     "worst true effect of such a proposal"),
    ("harm_high", 0.3, (-1.0, 1.0), (0.0, 0.5), "share of the claim", "best true effect of such a proposal"),
    ("challenge", 0.15, SHARE, (0.0, 0.5), "chance", "that one board's challenge finds a bad proposal out",
     "assumption; NHSP 2019 governance, HSC 2019 §103-104"),
)
_group(
    "reconfigure",
    ("reconfigured_share", 0.05, (0.0, 0.5), (0.02, 0.15), "share of the smaller trust's work in the place",
     "work that a reconfiguration moves to the larger trust"),
    ("reconfigure_saving", 0.5, SHARE, (0.2, 0.8), "share of that work's fixed cost",
     "saved by running it on one site",
     "assumption; with fixed_share 0.6 this is 0.3 of all its cost"),
    ("stranded_cost", 0.2, SHARE, (0.0, 0.4), "share of that work's fixed cost",
     "left behind with the trust that loses the work"),
    ("reconfigure_one_off", 0.5, (0.0, 5.0), (0.0, 1.5), "share of a year's work moved", "cost of moving it"),
    ("concentration_value", 0.1, (-1.0, 1.0), (-0.2, 0.4), "GBP per GBP",
     "worth to patients, better care less longer journeys",
     "assumption; better care is claimed for it in HSC 2018 after §184"),
    ("access_confidence", 0.08, SHARE, (0.0, 0.3), "confidence",
     "lost in a place that loses a service, as it comes into force",
     "assumption; HSC 2018 §57, §198"),
)
_group(
    "capital",
    ("capital_pot", 11.7, (0.0, 500.0), (5.0, 30.0), "GBP m a year per million people",
     "capital to be had from the national pot",
     "HSC 2018 §210: GBP 2.6bn over four years, for 55.6 million people"),
    ("capital_size", 0.05, (0.001, 1.0), (0.02, 0.15), "share of a year's income",
     "cost of one scheme as it is asked for",
     "assumption; GBP 14bn was asked for (HSC 2018 §212) where 2.6bn was to be had"),
    ("capital_return", 0.06, SHARE, (0.02, 0.12), "1/year", "cost that a pound of capital takes out a year"),
    ("capital_rivalry", 0.2, SHARE, (0.0, 0.5), "share of the gain",
     "what rivals feel they lose by the pot being used"),
    ("capital_cover", 1.0, (1.0, 10.0), (1.0, 3.0), "times the scheme's cost",
     "money held by a foundation trust that goes alone",
     "assumption; HSC 2019 §125-127"),
)
_group(
    "workforce",
    ("sharing_rise", 0.20, SHARE, (0.05, 0.4), "share", "rise of staff sharing if a project is fully "
                                                        "realised",
     "assumption; saves about 0.4 % of trusts' income; HSC 2018 §223-225"),
    ("sharing_decay", 0.3, SHARE, (0.0, 1.0), "1/year", "sharing lost where nobody puts effort in"),
    ("staff_spread", 0.9, (0.0, 3.0), (0.0, 1.2), "share per standard deviation",
     "agency premium saved by the short of staff beyond the mean, and forgone by those who lend to them"),
)
_group(
    "scrutiny",
    ("consultation_months", 3.0, (0.0, 24.0), (2.0, 6.0), "months",
     "public consultation where the public is not otherwise involved",
     "assumption; twelve weeks were customary"),
    ("involvement_months", 3.0, (0.0, 24.0), (0.0, 9.0), "months",
     "added where the public is fully involved"),
    ("referral", 0.5, SHARE, (0.0, 1.0), "chance", "of referral or judicial review at confidence 0, behind "
                                                   "closed doors",
     "assumption; tried in the prototype; HSC 2018 §57, §198"),
    ("referral_openness", 0.5, SHARE, (0.0, 1.0), "share", "of that chance taken away by full transparency",
     "assumption; HSC 2018 §56-64"),
    ("referral_involvement", 0.5, SHARE, (0.0, 1.0), "share",
     "of that chance taken away by full public involvement",
     "assumption; HSC 2018 §192-201"),
    ("referral_months", 9.0, (0.0, 60.0), (3.0, 24.0), "months", "lost to a referral or judicial review",
     "assumption; tried in the prototype"),
    ("referral_fatal", 0.3, SHARE, (0.0, 0.7), "chance", "that a referred project or merger is lost"),
    ("public_challenge", 0.4, SHARE, (0.0, 0.8), "chance", "that full public involvement finds a bad "
                                                           "proposal out",
     "assumption; HSC 2018 §58"),
    ("secrecy_confidence", 0.05, SHARE, (0.0, 0.2), "confidence",
     "lost when a plan made wholly behind closed doors comes out",
     "assumption; HSC 2018 §56-64, §192-201"),
)
_group(
    "appraise",
    ("system_weight", 0.30, SHARE, (0.0, 0.7), "weight", "weight of the system in a body's appraisal",
     "assumption", "w0"),
    ("duty_weight", 0.15, SHARE, (0.0, 0.4), "weight", "added by a legal duty",
     "assumption; HSC 2019 §112-115"),
    ("retreat", 0.8, SHARE, (0.0, 1.0), "share", "system weight lost at full pressure",
     "assumption; HSC 2018 §91"),
    ("council_relevance", 0.6, SHARE, (0.2, 1.0), "share", "how much a health benefit counts for a council",
     "assumption; HSC 2019 §112-115", "r"),
    ("autonomy", 0.03, (0.0, 1.0), (0.0, 0.1), "GBP per GBP", "dislike of own business under joint control",
     "assumption", "a"),
    ("public_loss", 0.5, (0.0, 5.0), (0.0, 1.5), "appraisal",
     "vote loss where confidence is 0 and beds close"),
    ("noise", 0.30, (0.0, 5.0), (0.0, 1.0), "appraisal", "spread of appraisals at a full stake", "assumption",
     "sigma"),
    ("noise_floor", 0.2, SHARE, (0.0, 1.0), "share", "spread where nothing is at stake"),
    ("consent_band", 0.10, (0.0, 1.0), (0.0, 0.5), "appraisal", "dislike too small to object"),
)
_group(
    "bargain",
    ("rounds", 2.0, (0.0, 20.0), (0.0, 5.0), "a month", "rounds of deliberation in a meeting"),
    ("influence", 0.25, SHARE, (0.0, 0.6), "share", "step towards trusted partners' appraisals at trust 1"),
    ("offer", 0.6, SHARE, (0.0, 1.0), "share of the gain", "what a winner will offer"),
    ("promise_months", 24.0, (1.0, 240.0), (6.0, 60.0), "months", "how long compensation is promised"),
    ("least_credibility", 0.05, (0.01, 1.0), (0.01, 0.2), "share",
     "credibility of a promise nobody believes"),
    ("breach", 0.25, SHARE, (0.0, 1.0), "1/month", "chance that a fully pressed body breaks a promise"),
    ("breach_from", 0.3, (0.0, 0.99), (0.0, 0.8), "pressure",
     "pressure at which promises begin to be broken"),
    ("willing_months", 6.0, (0.0, 60.0), (3.0, 12.0), "months",
     "wait before the willing go ahead without an objector"),
    ("willing_share", 0.5, SHARE, (0.3, 0.8), "share of the work",
     "least part of a project the willing must hold"),
)
_group(
    "decide",
    ("host_pull", 6.0, (0.0, 120.0), (0.0, 12.0), "months",
     "place in the queue that a host in the chair gives what it likes"),
    ("recusal_from", 0.2, (0.001, 100.0), (0.05, 0.5), "share of scale",
     "own gain or loss from which a body steps out of a vote",
     "assumption; HSC 2019 §97"),
    ("liability_dread", 0.05, (0.0, 5.0), (0.0, 0.2), "GBP per GBP",
     "dislike of answering with others for what is put at risk",
     "assumption; HSC 2019 §104"),
    ("resolution_months", 3.0, (0.0, 60.0), (0.0, 6.0), "months",
     "local resolution, before a proposal dies or a last resort is used",
     "assumption; HSC 2019 §118-129"),
)
_group(
    "ratify",
    ("ratification_noise", 0.35, (0.0, 5.0), (0.0, 1.0), "appraisal",
     "spread of a board's second look at a full stake",
     "assumption; HSC 2018 §279"),
    ("longest_cycle", 3.0, (1.0, 12.0), (1.0, 3.0), "months",
     "longest time between meetings of a body's own board"),
    ("hardening", 0.3, (0.0, 5.0), (0.0, 0.6), "appraisal", "objection that stays after a refusal"),
    ("rework_months", 1.0, (0.0, 12.0), (0.0, 3.0), "months", "work on a proposal sent back"),
    ("most_referrals", 2.0, (0.0, 20.0), (0.0, 5.0), "times", "that a refused proposal may come back"),
    ("delegated_scope", 0.6, SHARE, (0.3, 0.9), "share of proposals",
     "proposals inside what was delegated to the joint body"),
)
_group(
    "adopt",
    ("adoption_months", 12.0, (1.0, 1200.0), (3.0, 24.0), "months",
     "least time between two looks at whether to delegate a function"),
    ("delegation_trust", 2.0, (0.0, 20.0), (0.0, 4.0), "appraisal per trust",
     "how much trust in the others speaks for delegating",
     "assumption; HSC 2018 §279"),
    ("delegation_value", 1.0, (0.0, 20.0), (0.0, 2.0), "appraisal per value",
     "how much the worth of membership does"),
    ("delegation_control", 0.1, (0.0, INFINITY), (0.0, 0.3), "appraisal",
     "dislike of giving a function out of hand",
     "assumption; HSC 2019 §105, §117"),
    ("delegation_memory", 0.1, SHARE, (0.05, 0.3), "share",
     "least weight of the latest decision in what a body has seen"),
)
_group(
    "implement",
    ("phase_months", 24.0, (1.0, 120.0), (12.0, 36.0), "months", "over which benefits come in",
     "Morciano et al. 2020, Health Policy 124:826: effects mostly in year 3"),
    ("half_heartedness", 0.6, (0.0, 5.0), (0.0, 1.5), "effort per appraisal",
     "effort withheld from a project objected to"),
    ("pressure_effort", 0.4, SHARE, (0.0, 1.0), "share", "effort lost at full pressure",
     "assumption; HSC 2018 §91"),
    ("catalyst", 0.0, SHARE, (0.0, 0.2), "share", "effort gained at mild pressure",
     "assumption; HSC 2018 §208"),
    ("catalyst_peak", 0.25, (0.01, 0.5), (0.1, 0.4), "pressure", "pressure at which that gain is largest"),
    ("imposition", 0.6, (0.0, 5.0), (0.0, 2.0), "resentment per appraisal", "resentment of a loss imposed"),
    ("resentment_fade", 0.0378, SHARE, (0.01, 0.1), "1/month", "fading of resentment (half-life 18 months)"),
    ("integration_start", 0.20, SHARE, (0.1, 0.4), "integration", "integration of each place in month 0"),
    ("integration_decay", 0.06, SHARE, (0.0, 0.2), "1/year", "integration lost where nobody puts effort in"),
    ("delivered_share", 0.4, SHARE, (0.2, 0.7), "share", "realised share at which a project counts as "
                                                         "delivered"),
    ("confidence_start", 0.6, SHARE, (0.3, 0.9), "confidence", "public confidence in month 0"),
    ("confidence_harm", 0.1, SHARE, (0.0, 0.3), "confidence", "lost when a proposal turns out to do harm",
     "assumption; HSC 2018 §56-64"),
    ("confidence_rate", 0.02, SHARE, (0.0, 0.1), "1/month", "return of confidence to its start"),
)
_group(
    "relate",
    ("reciprocity", 0.6, SHARE, (0.0, 1.0), "slope", "how far engagement follows what others are seen to do",
     "assumption; individuals about 0.6-0.8, unverified", "cc"),
    ("engagement_base", 0.62, SHARE, (0.3, 0.9), "engagement", "engagement where membership is worth nothing",
     "assumption", "eng0"),
    ("engagement_value", 0.6, (0.0, 5.0), (0.0, 1.5), "engagement per value",
     "engagement won by membership value"),
    ("engagement_rate", 0.08, SHARE, (0.02, 0.3), "1/month", "speed of engagement"),
    ("effort_expected", 0.5, SHARE, (0.3, 0.8), "effort", "mean effort of the others at which engagement "
                                                          "neither rises nor falls"),
    ("effort_trusted", 0.4, SHARE, (0.2, 0.7), "effort", "effort above which a body gains trust, and below "
                                                         "which it loses some"),
    ("trust_start", 0.45, SHARE, (0.1, 0.8), "trust", "trust between any two bodies in month 0"),
    ("trust_up", 0.03, SHARE, (0.005, 0.08), "1/month", "gain of trust by one unit of evidence", "assumption",
     "up"),
    ("trust_down", 0.08, SHARE, (0.01, 0.2), "1/month", "loss of trust by one unit of evidence",
     "assumption; losses outweigh gains: Slovic 1993, Poortinga and Pidgeon 2004", "down"),
    ("contact", 0.10, SHARE, (0.0, 0.3), "1/month", "routine contact, shared over all partners", "assumption",
     "c"),
    ("contact_cap", 0.60, SHARE, (0.4, 0.9), "trust", "trust that routine contact alone can reach",
     "assumption", "cap"),
    ("effort_evidence", 0.6, (0.0, 5.0), (0.0, 2.0), "evidence",
     "per unit of effort above or below what is expected"),
    ("backing_evidence", 0.5, (0.0, 5.0), (0.0, 2.0), "evidence", "of backing a project at a cost"),
    ("veto_evidence", 1.0, (0.0, 5.0), (0.0, 3.0), "evidence", "of stopping what another wanted"),
    ("outvote_evidence", 0.5, (0.0, 5.0), (0.0, 3.0), "evidence", "of outvoting another"),
    ("tender_evidence", 0.15, (0.0, 5.0), (0.0, 0.5), "evidence a month", "of competing at full competition"),
    ("leave_evidence", 4.0, (0.0, 10.0), (0.0, 8.0), "evidence", "of walking away"),
    ("bystander", 0.1, SHARE, (0.0, 0.5), "share", "of a breach's evidence that the others take"),
    ("harm_evidence", 1.0, (0.0, 5.0), (0.0, 3.0), "evidence",
     "against the sponsor of a proposal that did harm"),
    ("leader_change", 0.22, SHARE, (0.05, 0.4), "1/year", "chance that a body's leader changes",
     "assumption; HSC 2018 §31, §275"),
    ("leader_reset", 0.35, SHARE, (0.0, 1.0), "share", "how far a new leader's ties start afresh"),
    ("trust_neutral", 0.40, SHARE, (0.2, 0.6), "trust", "trust between strangers"),
    ("reorganisation_reset", 0.35, SHARE, (0.0, 1.0), "share",
     "how far a reorganised body's ties start afresh",
     "assumption; NHSP 2019 commissioning"),
)
_group(
    "stay",
    ("value_rate", 0.05, SHARE, (0.01, 0.2), "1/month", "speed of membership value"),
    ("value_gain", 0.5, (0.0, 5.0), (0.0, 1.5), "value", "of gains worth 1 % of income"),
    ("value_voice", 0.6, (0.0, 5.0), (0.0, 1.5), "value", "of being heard"),
    ("value_trust", 0.5, (0.0, 5.0), (0.0, 1.5), "value", "of trusting and being among the trusted"),
    ("value_resentment", 0.5, (0.0, 5.0), (0.0, 1.5), "value", "lost by full resentment"),
    ("gain_fade", 0.02, SHARE, (0.005, 0.1), "1/month", "fading of what finished projects brought "
                                                        "(half-life about 3 years)"),
    ("meeting_burden", 0.15, (0.0, 5.0), (0.0, 0.5), "value", "lost by the meetings of 20 members"),
    ("voice_rate", 0.1, SHARE, (0.02, 0.5), "per decision", "speed at which voice follows decisions"),
    ("voice_fade", 0.01, SHARE, (0.0, 0.05), "1/month",
     "fading of voice, and of interest, between decisions"),
    ("exit_barrier", 0.42, (-INFINITY, INFINITY), (0.2, 0.8), "value",
     "membership value below minus this makes a body leave",
     "assumption; the same for every kind of body"),
    ("exit_barrier_council", 0.0, (-2.0, 2.0), (-0.2, 0.2), "value",
     "a council's exit barrier less that of trusts and commissioners"),
    ("exit_barrier_primary_care", 0.0, (-2.0, 2.0), (-0.2, 0.2), "value",
     "a primary care network's, likewise"),
    ("exit_barrier_voluntary", 0.0, (-2.0, 2.0), (-0.2, 0.2), "value", "a voluntary body's, likewise"),
    ("leaving_months", 9.0, (1.0, 120.0), (3.0, 24.0), "months",
     "that value must stay below the barrier before a body leaves"),
    ("election_spread", 0.10, (0.0, 2.0), (0.0, 0.3), "value",
     "shift of a council's tolerance at an election"),
    ("return_margin", 0.30, (0.0, 5.0), (0.1, 0.8), "value",
     "above the barrier at which a leaver comes back"),
)

_group(
    "merge",
    ("merger_rate", 0.20, (0.0, 12.0), (0.0, 1.0), "1/year",
     "chance that a distressed trust is put forward for a merger",
     "assumption, set so that mergers come near the 3 a year of NHS ODS successions 2010-2022"),
    ("merger_from", 0.35, SHARE, (0.2, 0.8), "distress", "pressure, or deficit over `merger_deficit`, that "
                                                         "makes a trust distressed"),
    ("merger_deficit", 0.05, (0.001, 1.0), (0.02, 0.1), "share of income",
     "last year's deficit that counts as full distress"),
    ("merger_overlap", 0.02, SHARE, (0.0, 0.1), "share of the smaller's work",
     "least work in shared places that makes neighbours"),
    ("merger_hope", 0.02, (-0.2, 0.2), (0.0, 0.03), "share of the smaller's turnover",
     "saving that a business case hopes for, a year",
     "assumption; Aldwych Partners for Monitor 2014-15: about 1-3 % of turnover, with a positive bias"),
    ("merger_burden", 0.2, SHARE, (0.0, 1.0), "share", "of the other's balance that a board counts as its "
                                                       "own to be"),
    ("merger_autonomy", 0.4, (0.0, 10.0), (0.0, 2.0), "appraisal",
     "dislike of ceding all of an own board's control"),
    ("ft_autonomy", 1.5, (0.0, 10.0), (1.0, 3.0), "factor", "how much more a foundation trust dislikes it",
     "assumption; HSC 2019 §117, §121"),
    ("merger_surrender", 0.5, SHARE, (0.0, 1.0), "share", "of that dislike that full pressure takes away"),
    ("merger_block", 0.1, SHARE, (0.0, 0.5), "chance", "that a competition review at full competition "
                                                       "blocks a merger",
     "assumption; one prohibited (Bournemouth and Poole, 2013) beside 41 completed, NHS ODS successions "
     "2010-2022"),
    ("merger_direction", 0.8, SHARE, (0.5, 0.95), "distress",
     "at which the national body sees a clear benefit to patients",
     "assumption; HSC 2019 §118-129"),
    ("merger_patience", 12.0, (0.0, 120.0), (6.0, 36.0), "months",
     "between a refusal and a direction as last resort",
     "assumption; HSC 2019 §118-129"),
    ("merger_cost", 0.03, (0.0, 0.5), (0.02, 0.04), "share of the smaller's turnover",
     "cost of carrying out a merger",
     "assumption; King's Fund (Collins) 2015: about GBP 2bn on 12 mergers, support included"),
    ("merger_months", 18.0, (1.0, 120.0), (12.0, 24.0), "months", "over which a merger costs and distracts",
     "Fulop et al. 2002, BMJ: developments delayed by 18 months or more"),
    ("merger_quality", 0.05, SHARE, (0.0, 0.1), "quality", "lost while a body merges",
     "assumption; Gaynor, Laudicella and Propper 2012"),
    ("merger_effort", 0.2, SHARE, (0.0, 0.4), "share", "effort in joint work lost while a body merges",
     "assumption; HSC 2019 §122"),
    ("merger_load", 0.05, (0.0, 1.0), (0.0, 0.2), "projects a month",
     "programme capacity that each merger under way takes"),
    ("synergy_mean", 0.0, (-0.2, 0.2), (-0.01, 0.01), "share of the smaller's cost",
     "mean saving a merger can bring at full effort",
     "assumption; HSC 2019 §122, Gaynor, Laudicella and Propper 2012: none"),
    ("synergy_spread", 0.02, (0.0, 0.2), (0.0, 0.04), "share of the smaller's cost",
     "standard deviation of that saving"),
    ("merger_reset", 0.35, SHARE, (0.0, 0.7), "share", "how far a merged body's ties start afresh"),
    ("merger_confidence", 0.05, SHARE, (0.0, 0.15), "confidence",
     "lost in a place all of whose care the ended body gave or bought"),
    ("commissioner_merger_rate", 0.5, SHARE, (0.0, 1.0), "1/year",
     "chance each April that a CCG seeks a merger",
     "assumption, set towards NHS ODS successions (CCGs): 209 in 2016, 191 in 2019, 106 in 2021; one pair "
     "a year falls short"),
    ("commissioner_saving", 0.2, SHARE, (0.0, 0.3), "share of running cost", "that joining CCGs saves",
     "NAO HC 1783 (2018): running costs to fall by a fifth by 2020/21"),
    ("commissioner_merger_cost", 0.2, (0.0, 5.0), (0.0, 1.0), "years of the smaller's running cost",
     "cost of joining two CCGs"),
    ("commissioner_ties", 0.1, (0.0, 10.0), (0.0, 0.5), "appraisal",
     "dislike of giving up places whose councils it trusts fully",
     "assumption; NHSP 2019 commissioning"),
    ("commissioner_voice", 0.1, SHARE, (0.0, 0.3), "voice",
     "lost by the councils of places whose CCG merges into another"),
    ("unsplit_saving", 0.1, SHARE, (0.0, 0.3), "share of running cost",
     "saved where nothing is tendered or invoiced",
     "assumption; PRP 2021 introduction (market bureaucracy) and conclusion (an end of the split), without "
     "a figure"),
)

_group(
    "measure",
    ("waiting_half", 18.0, (0.1, 520.0), (6.0, 52.0), "weeks",
     "wait at which care counts as half timely in the indices",
     "assumption; 18 weeks is the standard for planned care"),
    ("consideration_cost", 0.005, (0.0, 1.0), (0.001, 0.02), "GBP m",
     "cost of a board's consideration, in the account only"),
    ("tender_cost", 0.01, (0.0, 0.5), (0.0, 0.03), "share of contracts",
     "cost of tendering at full competition, in the account only"),
)

_group(
    "small partners",
    ("practice_load", 0.10, SHARE, (0.0, 0.3), "GBP per GBP",
     "work for a primary care network by a pound of care moved out of hospital"),
    ("practice_paid", 0.9, (0.0, 2.0), (0.5, 1.2), "share",
     "of that work that the commissioner pays the network for"),
    ("network_noise", 1.5, (0.0, 5.0), (1.0, 2.5), "factor",
     "how much wider a network's appraisals spread: the view of many practices",
     "assumption; NHSP 2019, KF 2021 question 3"),
    ("network_cycle", 1.5, (0.1, 6.0), (1.0, 3.0), "factor",
     "how much longer a network takes to hear its practices, over `longest_cycle`"),
    ("network_distance", 0.10, SHARE, (0.0, 0.2), "engagement",
     "engagement lost by being represented rather than present",
     "assumption; HSC 2018 §228"),
    ("council_grant", 0.01, (0.001, 0.2), (0.005, 0.03), "share of the council's money",
     "grant of a council to a voluntary body"),
    ("commissioner_grant", 0.002, (0.0, 0.05), (0.0, 0.005), "share of a place's NHS money",
     "grant of a commissioner to a voluntary body"),
    ("grant_cut", 0.5, SHARE, (0.0, 1.0), "share", "of a grant that a payer cuts at full pressure",
     "assumption; HSC 2018 §87"),
    ("voluntary_confidence", 0.10, SHARE, (0.0, 0.2), "confidence",
     "added to a place's confidence by a voluntary body's full effort",
     "assumption; HSC 2018 §87"),
    ("voluntary_relief", 0.10, SHARE, (0.0, 0.3), "share", "of unmet social care that a voluntary body's "
                                                           "full effort reaches"),
    ("independent_margin", 0.06, (-0.2, 0.5), (0.0, 0.1), "share of income",
     "profit of an independent provider in month 0"),
    ("independent_bids", 0.5, SHARE, (0.0, 1.0), "chance",
     "that an independent provider on the board has a reconfiguration move the largest trust's work to it",
     "assumption; HSC 2019 §97, PRP 2021"),
)
# fmt: on

PARAMETERS: dict[str, Parameter] = {parameter.name: parameter for parameter in _TABLE}
RECORD = np.dtype([(name, "f8") for name in PARAMETERS])


# Plain numbers are copied at once; NumPy copies records field by field.
DEFAULTS = np.array([parameter.default for parameter in PARAMETERS.values()])


def values(changes: dict[str, float]) -> np.ndarray:
    """Return all parameters as one record (shape (1,), dtype RECORD): defaults, with `changes` applied."""
    record = DEFAULTS.copy().view(RECORD)
    for name, value in changes.items():
        record[name] = value
    return record
