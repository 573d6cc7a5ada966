"""The stylised facts that validation looks at (section 9 of the brief), each declared once.

The settings, the effect, `least` and the ablation of each were written down before any of them was run. (One
change since: `least` of both patterns of relationships rose from 0 to 0.05, because chance alone exceeded 0
in half of the sets. Both became harder to show.)
"""

from itertools import product

import numpy as np

from sim.analysis.verdicts import BUILT_IN, EMERGENT
from sim.declarations.parameters import PARAMETERS
from sim.studies.patterns.effects import (
    acceleration,
    across_sets,
    collapsed,
    departures_a_hundred_years,
    more,
    still_to_come,
    within_sets,
)
from sim.studies.patterns.pattern import Ablation, Pattern, Seen, Setting

# One regime of each kind: nobody can be bound; some have bound themselves; the law binds.
THREE = ("stp_2016", "joint_committee", "option2")
VOLUNTARY = ("stp_2016", "ics_2018", "joint_committee")  # any partner may leave these
BINDING = ("option2", "option2_guarded", "health_boards")  # a board decides
SIX = (*VOLUNTARY, "joint_committee_equal", "option2", "option2_guarded")
SMALL, LARGE = 10, 40  # how many bodies the made-up systems have
# the plausible range of cost over price per year, for as long as a run lasts
PRESSURES = (0.0, 0.01, 0.02, 0.03, 0.04, 0.05)
DATES = (24, 36, 48, 60, 84, 120)  # months after proposals were tabled
EARLY = 36  # the months in which relationships are measured
YEARS = 10.0  # the length of a whole run
PLACES = 5  # places of the made-up system
# In month 0 each place has one proposal to move care out of hospital; no other proposal ever comes.
ONE_WAVE = tuple(
    {"month": 0, "do": "table", "kind": "shift", "place": f"place_{place + 1}"} for place in range(PLACES)
)
BODIES = 20
QUIET = {"programme_rate": 0.0}
TWO = ("joint_committee", "option2")


def _squeezed(regime: str, level: float) -> Setting:
    return Setting(regime, {"squeeze": level, "squeeze_later": level})


def _pressed(*levels: float) -> dict[str, Setting]:
    return {f"{regime} {level:g}": _squeezed(regime, level) for regime in THREE for level in levels}


def _relieved(seen: Seen, outcome: str) -> np.ndarray:
    """Returns how much more of an outcome there is without squeeze than under the heaviest squeeze."""
    return more(
        seen, outcome, [(f"{regime} {PRESSURES[0]:g}", f"{regime} {PRESSURES[-1]:g}") for regime in THREE]
    )


def _turned(
    regimes: tuple[str, ...], dial: str, *values: str, bodies: int | None = None
) -> dict[str, Setting]:
    return {
        f"{regime} {value}": Setting(regime, dials={dial: value}, bodies=bodies)
        for regime in regimes
        for value in values
    }


def _strength(seen: Seen, regime: str, level: float) -> np.ndarray:
    """Returns the strength of a partnership in the last year, engagement x share of bodies that are members;
    shape (sets, futures).
    """
    name = f"{regime} {level:g}"
    return seen[name, "engagement_final_year"] * seen[name, "member_share_final_year"]


def _ratification(seen: Seen) -> np.ndarray:
    return more(seen, "months_to_decision", [(f"{regime} all", f"{regime} none") for regime in THREE])


def _ratification_by_size(seen: Seen) -> np.ndarray:
    def wait(bodies: int) -> np.ndarray:
        return more(seen, "months_to_decision", [(f"{bodies} all", f"{bodies} none")])

    return wait(LARGE) - wait(SMALL)


def _collapse(seen: Seen) -> np.ndarray:
    ends = [(_strength(seen, r, PRESSURES[0]), _strength(seen, r, PRESSURES[-1])) for r in THREE]
    return np.mean([collapsed(*pair) for pair in ends], axis=0)


def _cliff(seen: Seen) -> np.ndarray:
    """Returns the largest `acceleration` among the three regimes, shape (sets,)."""
    found = [
        acceleration(np.nanmean([_strength(seen, r, level) for level in PRESSURES], axis=2)) for r in THREE
    ]
    return np.max(found, axis=0)


def _councils(seen: Seen) -> np.ndarray:
    """Returns a council's departures per hundred years, minus those of a trust or commissioner."""

    def runs(outcome: str) -> np.ndarray:
        return np.concatenate([seen[regime, outcome] for regime in VOLUNTARY], axis=1)

    councils, nhs = (
        seen.councils[:, None] * np.ones(runs("walk_aways_last").shape),
        runs("trusts_mean") + runs("commissioners_mean"),
    )
    left, others = runs("walk_aways_council_last"), runs("walk_aways_last") - runs("walk_aways_council_last")
    return departures_a_hundred_years(left, councils, YEARS) - departures_a_hundred_years(others, nhs, YEARS)


def _wave(*dates: int, **params: float) -> dict[str, Setting]:
    shared = {"params": {**QUIET, **params}, "bodies": BODIES}
    return {
        f"{regime} {words} {date}": Setting(regime, months=date, events=events, **shared)  # type: ignore[arg-type]
        for regime in TWO
        for date in dates
        for words, events in (("with", ONE_WAVE), ("without", ()))
    }


def _gained(seen: Seen, outcome: str, date: int) -> np.ndarray:
    return more(seen, outcome, [(f"{regime} with {date}", f"{regime} without {date}") for regime in TWO])


def _benefits_to_come(seen: Seen) -> np.ndarray:
    return still_to_come(np.array([_gained(seen, "integration_last", date) for date in DATES]))


def _cost_at_first(seen: Seen) -> np.ndarray:
    """Returns the wave's cost to all bodies, GBP million a year; NaN in sets where none was carried out."""
    saved = 12.0 * _gained(seen, "balance_mean", EARLY)
    return np.where(saved == 0.0, np.nan, -saved)


def _gap_by_support(seen: Seen) -> np.ndarray:
    pairs = [(f"{regime} ahead", f"{regime} {other}") for regime in THREE for other in ("need", "per_head")]
    return more(seen, "integration_gap_final_year", pairs)


def _relations(seen: Seen, names: tuple[str, ...]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Returns integration in the last year, and trust and engagement in the first three years; each has shape
    (regimes, sets, futures).
    """
    early = [
        np.array([seen[f"{name} early", outcome] for name in names])
        for outcome in ("trust_mean", "engagement_mean")
    ]
    return np.array([seen[name, "integration_final_year"] for name in names]), early


def _relations_within(seen: Seen) -> np.ndarray:
    return within_sets(*_relations(seen, SIX))


def _relations_across(seen: Seen) -> np.ndarray:
    return across_sets(*_relations(seen, SIX))


_LIVED = {name: Setting(name) for name in SIX} | {
    f"{name} early": Setting(name, months=EARLY) for name in SIX
}
_MOVES = ("engage", "relate", "change_leaders")
_STILL = Ablation("engagement and trust that move", off=_MOVES)
_ALIKE = Ablation("engagement and trust that move or differ between sets",
                  {name: PARAMETERS[name].default for name in ("trust_start", "engagement_base")},
                      _MOVES)  # fmt: skip

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        "ratification_slows", "Where every body's own board has to approve, decisions take longer.", ("E1",
        "E12"), BUILT_IN,
        "a rule makes a decision wait for the last board's next meeting; left to be found are refusals and "
        "what they cost in time",
        _turned(THREE, "ratification", "all", "none"), ("months_to_decision",), _ratification,
        "months from table to decision, all boards approving less none", "months", 0.25,
        (Ablation("own boards' approval", off=("ratify",)),),
    ),
    Pattern(
        "ratification_slows_large", "It slows decisions the more, the more partners there are.", ("E1",
        "E12"), EMERGENT,
        "no rule looks at size; that the last of more boards is later is arithmetic, but how many boards a "
        "proposal needs, and what they "
        "refuse, is not",
        {f"{bodies} {value}": Setting("stp_2016", dials={"ratification": value}, bodies=bodies)
         for bodies in (SMALL, LARGE) for value in ("all", "none")}, ("months_to_decision",),
             _ratification_by_size,
        f"the same difference among {LARGE} bodies less that among {SMALL}", "months", 0.25,
        (Ablation("a wait for the next meeting (boards meet monthly)", params={"longest_cycle": 1.0}),),
    ),
    Pattern(
        "pressure_breaks_promises", "Under heavy financial pressure more promises are broken.", ("E4",),
        BUILT_IN,
        "the chance of a breach rises with pressure by rule",
        _pressed(PRESSURES[0], PRESSURES[-1]), ("promises_kept_share",),
        lambda seen: _relieved(seen, "promises_kept_share"),
        "share of promises kept, no squeeze less the heaviest", "share", 0.01, (Ablation("breaches by choice",
        params={"breach": 0.0}),),
    ),
    Pattern(
        "pressure_lowers_integration", "Under heavy financial pressure care is less joined up.", ("E4",),
        BUILT_IN,
        "pressure eats effort and programme capacity by rule, and integration grows by both; mild pressure "
        "may also help",
        _pressed(PRESSURES[0], PRESSURES[-1]), ("integration_final_year",),
        lambda seen: _relieved(seen, "integration_final_year"),
        "integration in the last year, no squeeze less the heaviest", "share", 0.01,
        (Ablation("pressure being felt", off=("feel_pressure",)),),
    ),
    Pattern(
        "pressure_collapses", "The heaviest financial pressure collapses the partnership.", ("E4",), EMERGENT,
        "no rule ends a partnership; engagement, effort and membership feed on each other",
        _pressed(PRESSURES[0], PRESSURES[-1]), ("engagement_final_year", "member_share_final_year"),
            _collapse,
        "share of futures in which less than half of engagement x membership is left", "share of futures",
        0.5,
        (Ablation("conditional cooperation", params={"reciprocity": 0.0}),),
    ),
    Pattern(
        "pressure_cliff", "It does so past a point: one step more does much more than those before.", ("E4",),
        EMERGENT,
        "pressure acts by straight lines between two ends; a cliff can only come from feedback",
        _pressed(*PRESSURES), ("engagement_final_year", "member_share_final_year"), _cliff,
        "engagement x membership that the steepest 1 % of squeeze takes, beyond the mean of the steps "
        "before it", "share", 0.1,
        (Ablation("conditional cooperation", params={"reciprocity": 0.0}),),
    ),
    Pattern(
        "councils_leave_more", "Councils leave more often than NHS bodies, though it is as hard for both.",
        ("E17",), EMERGENT,
        "the barrier is the same; but elections shift councils' tolerance alone, by rule, and regimes give "
        "councils less say (how often "
        "councils leave is a figure that sets may be matched to; how often NHS bodies do is not)",
        {name: Setting(name) for name in VOLUNTARY},
        ("walk_aways_last", "walk_aways_council_last", "trusts_mean", "commissioners_mean"), _councils,
        "departures in a hundred years of a council, less those of a trust or commissioner", "departures",
        0.1,
        (Ablation("elections", off=("elect",)), Ablation("being heard or not counting", off=("hear",))),
    ),
    Pattern(
        "benefits_take_years", "Benefits of joining up care take years.", ("E2", "E3"), BUILT_IN,
        "casework, and a phase of one to three years, stand in the rules (sets may be matched to the "
        "delay, too); left to be found is what "
        "deciding adds",
        _wave(*DATES), ("integration_last",), _benefits_to_come,
        "share of the largest gain in integration still to come two years after tabling", "share", 0.5,
        (Ablation("the years of phasing in", params={"phase_months": 1.0}),),
    ),
    Pattern(
        "no_saving_at_first", "They do not save money at first.", ("E2", "E3"), BUILT_IN,
        "double running is paid before benefits come in; left to be found is whether less hospital care "
        "pays for it within three years",
        _wave(EARLY, transformation_fund=0.0), ("balance_mean",), _cost_at_first,
        "what one wave of shifts costs all bodies of a system of 1.5 million people, first three years",
        "GBP m a year", 0.0,
        (Ablation("double running", params={"double_running": 0.0}), Ablation("need that comes to light",
            params={"uncovered_need": 0.0})),
    ),
    Pattern(
        "support_ahead_widens_gaps", "Support for those furthest ahead widens gaps between places.", ("E30",),
        EMERGENT,
        "only the grant is built in; places start level, and what a grant does goes through appraisal, "
        "votes and effort",
        _turned(THREE, "support", "ahead", "need", "per_head"), ("integration_gap_final_year",),
            _gap_by_support,
        "gap in integration between best and worst place, last year: support for those ahead less by need "
        "or a head", "share", 0.005,
        (Ablation("grants that differ", params={"support_strength": 0.0}),),
    ),
    Pattern(
        "binding_is_faster", "Decisions come faster where a board binds.", ("E1", "E21"), BUILT_IN,
        "fewer have to agree and fewer own boards to approve, by the rules of decision; casework and "
        "bargaining are the same",
        {name: Setting(name, dials={"competition": 0.2}) for name in (*BINDING, *VOLUNTARY)},
            ("months_to_decision",),
        lambda seen: more(seen, "months_to_decision", product(VOLUNTARY, BINDING)),
        "months from table to decision, three voluntary regimes less three in which a board decides",
        "months", 0.5,
        (Ablation("own boards' approval", off=("ratify",)),),
    ),
    Pattern(
        "relationships_within", "Yet outcomes follow relationships more than form: between futures.", ("E21",
        ), EMERGENT,
        "effort follows engagement by rule; that this outweighs what six regimes differ in is not in any "
        "rule",
        _LIVED, ("trust_mean", "engagement_mean", "integration_final_year"), _relations_within,
        "variance of last year's integration explained by trust and engagement in the first three years, "
        "less that by the regime, "
        "at the same parameters", "share of variance", 0.05, (_STILL,),
    ),
    Pattern(
        "relationships_across", "Yet outcomes follow relationships more than form: between futures and "
                                "parameter sets.", ("E21",), EMERGENT,
        "as before, and parameters differ: how far relationships vary between sets is an assumption",
        _LIVED, ("trust_mean", "engagement_mean", "integration_final_year"), _relations_across,
        "the same over all parameter sets together", "share of variance", 0.05, (_ALIKE,), pooled=True,
    ),
)  # fmt: skip
