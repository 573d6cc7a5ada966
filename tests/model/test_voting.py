"""4.7 A decision rule carries exactly the votes it should, and chance support gives the binomial tail."""

from fractions import Fraction
from math import comb, sqrt

import numpy as np
import pytest
from drive import Bench, is_carried, poll, toy_scenario, view
from scenarios import preset

from sim.declarations.regimes import record
from sim.kernel.records import IN_FORCE

PERCENT = range(30, 101)
RULES = {
    "unanimity": {"decision_rule": "unanimity", "threshold": 1.0},
    "three quarters": {"decision_rule": "supermajority", "threshold": 0.75},
    "two thirds": {"decision_rule": "supermajority", "threshold": 0.67},
    "majority": {"decision_rule": "majority", "threshold": 0.5},
    "board": {"decision_rule": "board", "threshold": 0.5, "officer_seats": 0.3},
    "board without officers": {"decision_rule": "board", "threshold": 0.5, "officer_seats": 0.0},
}


def should_carry(rule: str, threshold: Fraction, officers: Fraction, yes: int, no: int) -> bool:
    """The rule in whole numbers and fractions, as a standing order would put it."""
    if rule == "board":
        partners = Fraction(yes, yes + no) if yes + no else Fraction(0)
        seats = officers + (1 - officers) * partners
        return seats > threshold or seats == 1  # nothing can ask for more than all seats
    if yes == 0:
        return False
    if rule == "unanimity":
        return no == 0
    if rule == "supermajority":
        return yes >= threshold * (yes + no)
    return 2 * yes > yes + no


@pytest.mark.limiting
@pytest.mark.parametrize("rule", ["unanimity", "supermajority", "majority", "board"])
def test_every_split_of_votes_is_carried_or_not_as_the_rule_says(rule):
    """All splits of up to 25 votes, thresholds in whole per cent: an exact tie with the threshold is never
    lost to rounding.
    """
    for percent in PERCENT:
        for seats in (0, 10, 20, 30, 50) if rule == "board" else (0,):
            dials = view(
                record(
                    [
                        preset(
                            "option2", decision_rule=rule, threshold=percent / 100, officer_seats=seats / 100
                        )
                    ]
                )
            )
            for yes in range(26):
                for no in range(26 - yes):
                    expected = should_carry(rule, Fraction(percent, 100), Fraction(seats, 100), yes, no)
                    assert bool(is_carried(dials, float(yes), float(no), 0)) == expected, (
                        percent,
                        seats,
                        yes,
                        no,
                    )


@pytest.mark.limiting
@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize(("voters", "chance"), [(1, 0.6), (3, 0.9), (5, 0.7), (8, 0.75)])
def test_independent_support_passes_with_the_binomial_tail(name, voters, chance):
    """Each voter for it with probability p, else against: unanimity passes with p^n, other rules with the
    binomial tail.
    """
    rule = RULES[name]
    bench = Bench(
        toy_scenario(
            preset("option2", ratification="none", **rule), {"consent_band": 0.0, "willing_months": 60.0}
        )
    )
    draws = 40_000
    chance_of = np.random.default_rng(5)
    size = chance_of.uniform(0.01, 2.0, (draws, voters))
    supports = np.where(chance_of.random((draws, voters)) < chance, size, -size)
    passed = float(np.mean(poll(bench, supports) == IN_FORCE))

    threshold, officers = Fraction(rule["threshold"]), Fraction(rule.get("officer_seats", 0.0))
    expected = sum(
        comb(voters, yes) * chance**yes * (1 - chance) ** (voters - yes)
        for yes in range(voters + 1)
        if should_carry(rule["decision_rule"], threshold, officers, yes, voters - yes)
    )
    if name == "unanimity":
        assert expected == pytest.approx(chance**voters)
    assert abs(passed - expected) <= 4.0 * sqrt(expected * (1.0 - expected) / draws)


@pytest.mark.limiting
def test_the_indifferent_abstain():
    """Dislike inside the consent band does not object, and does not count as support either."""
    bench = Bench(
        toy_scenario(preset("option2", ratification="none", **RULES["unanimity"]), {"consent_band": 0.1})
    )
    cases = {
        (0.5, -0.09): True,
        (0.5, -0.11): False,
        (0.5, 0.0): True,
        (-0.05, -0.09): False,
        (0.0, 0.0): False,
    }
    stages = poll(bench, np.array(list(cases)))
    assert [bool(stage == IN_FORCE) for stage in stages] == list(cases.values())
