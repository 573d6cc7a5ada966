"""Indicators and outcomes: each is declared in full, and what experiments report of it has words and a
reason.
"""

import pytest

from sim.declarations import indicators
from sim.declarations.indicators import (
    DOWN,
    HEADLINE,
    NOT_JUDGED,
    OUTCOMES,
    UP,
    WHOLE,
    WORTH_BY_UNIT,
    Indicator,
)

TABLES = (
    indicators.SYSTEM,
    indicators.PARTNER,
    indicators.PARTNER_FULL,
    indicators.PLACE,
    indicators.PROJECT,
    indicators.PROJECT_OUTCOMES,
)
ALL = [row for table in TABLES for row in table.values()]


@pytest.mark.parametrize("indicator", ALL, ids=lambda row: row.name)
def test_an_indicator_is_declared_in_full(indicator: Indicator) -> None:
    assert indicator.unit and indicator.label
    assert indicator.better in (UP, DOWN, NOT_JUDGED)
    for reported in indicator.reported.values():
        assert reported.short
        assert reported.worth is None or (reported.worth > 0.0 and reported.why)


def test_names_are_declared_once() -> None:
    assert len({row.name for row in ALL}) == len(ALL)


def test_what_is_reported_is_an_outcome() -> None:
    """A line under an indicator that gives no such outcome would say nothing to anybody."""
    for table in TABLES:
        for row in table.values():
            names = {row.name if suffix == WHOLE else f"{row.name}_{suffix}" for suffix in row.reported}
            assert names <= set(OUTCOMES), row.name


def test_headline_outcomes_exist_have_words_and_are_worth_something() -> None:
    assert len(set(HEADLINE)) == len(HEADLINE)
    assert all(OUTCOMES[name].reported and OUTCOMES[name].worth > 0.0 for name in HEADLINE)


def test_worth_falls_back_on_the_unit() -> None:
    assert OUTCOMES["integration_final_year"].worth == 0.015
    assert OUTCOMES["confidence_mean"].worth == WORTH_BY_UNIT["share"]
    assert OUTCOMES["ledger_last"].worth == 0.0
    assert OUTCOMES["confidence_mean"].short == OUTCOMES["confidence_mean"].label
