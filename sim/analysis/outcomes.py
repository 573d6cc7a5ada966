"""Which outcomes are shown first, and which way each is worse."""

from collections.abc import Iterable, Sequence

from sim.declarations import indicators
from sim.declarations.indicators import Indicator
from sim.inputs.problems import BadInput, unknown

# One line an outcome, in the order in which tables and figures show them: what partners do, then what comes
# of it. The words are the short ones of figures; the full label and the unit stand in
# `sim.declarations.indicators`.
_HEADLINE = """
member_share_last: members among existing bodies
walk_aways_last: departures
trust_mean: trust between partners
engagement_final_year: engagement, last year
months_to_decision: months from table to decision
months_to_delivery: months from table to completion
agreed_share: agreed among decided projects
delivered_last: projects delivered
bad_passed_last: harmful projects agreed
good_blocked_last: good projects stopped
promises_kept_share: promises kept
integration_mean: integration of care
integration_final_year: integration of care, last year
waiting_final_year: mean wait, last year
quality_final_year: quality of care, last year
wellbeing_final_year: wellbeing, last year
unmet_final_year: unmet social care, last year
balance_mean: balance of all bodies
in_the_red_final_year: trusts in deficit, last year
"""
# Not in the headline list, but shown by some experiments.
_OTHERS = """
effort_final_year: effort in joint work, last year
resentment_final_year: resentment, last year
mergers_last: mergers
raided_last: fund raided for deficits
trust_nhs_council_mean: trust between NHS and councils
integration_gap_final_year: gap in integration between places, last year
waiting_gap_final_year: longer wait in deprived places, last year
unmet_gap_final_year: more unmet social care in deprived places, last year
"""


def _words(text: str) -> dict[str, str]:
    return {name: words.strip() for name, words in (line.split(":", 1) for line in text.strip().splitlines())}


HEADLINE: tuple[str, ...] = tuple(_words(_HEADLINE))
SHORT: dict[str, str] = _words(_HEADLINE) | _words(_OTHERS)

# Indicators and outcomes of which more is worse; for all others less is worse.
MORE_IS_WORSE = frozenset(
    {
        *(
            "integration_gap",
            "in_the_red",
            "resentment",
            "waiting",
            "unmet",
            "pressure",
            "imposed",
            "fell_short",
        ),
        *("died", "bad_passed", "good_blocked", "refused_table", "walk_aways", "meetings", "undecided_share"),
        *(
            "waiting_gap",
            "unmet_gap",
            "board_cost",
            "tender_cost",
            "months_to_decision_place",
            "months_to_decision_system",
        ),
        *("months_to_decision", "months_to_agreement", "months_to_delivery"),
    }
)


def known(names: Iterable[str] | None) -> tuple[str, ...]:
    """The outcomes asked for, or the headline list. Raises BadInput naming what is no outcome."""
    if names is None:
        return HEADLINE
    asked: Sequence[str] = (names,) if isinstance(names, str) else tuple(names)
    problems = [
        unknown("outcome", name, indicators.OUTCOMES) for name in asked if name not in indicators.OUTCOMES
    ]
    if problems:
        raise BadInput("\n".join(problems))
    return tuple(asked)


def more_is_worse(name: str) -> bool:
    """Whether a higher value of the outcome is the worse one."""
    bases = {name, *(name.removesuffix(f"_{suffix}") for suffix in indicators.REDUCERS)}
    return not bases.isdisjoint(MORE_IS_WORSE)


def describe(name: str) -> Indicator:
    """The outcome's unit and full label."""
    return indicators.outcome(name)


def short(name: str) -> str:
    """The words a figure shows for an outcome."""
    return SHORT.get(name, describe(name).label)


def with_unit(name: str) -> str:
    """The short words and, unless they name it already, the unit: 'mean wait, last year (weeks)'."""
    words, unit = short(name), describe(name).unit
    return words if unit in words else f"{words} ({unit})"
