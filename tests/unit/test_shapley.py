"""Shapley values: games whose values are known, and sampling against exact values on the real rules of a
small generated system.
"""

import numpy as np
import pytest

import sim
from sim.analysis.shapley import coalitions, estimate, exact, orders


def test_known_games() -> None:
    assert exact("abc", lambda who: 1.0 * (len(who) >= 2)) == pytest.approx(
        {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}
    ), "majority of three"
    gloves = exact("lmr", lambda who: 1.0 * ("r" in who and len(who) > 1))
    assert gloves == pytest.approx({"l": 1 / 6, "m": 1 / 6, "r": 2 / 3}), "one right glove, two left ones"
    assert exact("ab", lambda who: 2.0 * ("a" in who)) == pytest.approx({"a": 2.0, "b": 0.0}), (
        "who adds nothing is worth nothing"
    )


def test_drawn_orders_have_mirror_images() -> None:
    drawn = orders("abcd", 3, 1)
    assert len(drawn) == 6 and drawn[0] == drawn[1][::-1] and sorted(drawn[2]) == list("abcd")
    assert coalitions("ab") == [frozenset(), frozenset("a"), frozenset("ab")]


def test_an_additive_game_is_found_exactly_and_chance_is_in_the_interval() -> None:
    worth, chance = {"a": 1.0, "b": -2.0, "c": 0.5}, np.random.default_rng(3).normal(size=(200, 3))

    def value(draw: int, groups: list) -> list[float]:
        return [sum(worth[who] + chance[draw, "abc".index(who)] for who in group) for group in groups]

    found = estimate("abc", 200, 1, value)
    for who, (mean, low, high) in found.items():
        assert low < worth[who] < high and 0.2 < high - low < 0.4 and low < mean < high
    assert sum(mean for mean, _, _ in found.values()) == pytest.approx(-0.5 + chance.sum(axis=1).mean())


def test_sampling_agrees_with_exact_values_on_a_small_generated_system() -> None:
    """Six partners leave in all 64 combinations over the same four futures; orders drawn from these
    combinations find the same values.
    """
    scenario = sim.load(
        "system=generated", "system.partners=6", "system.places=2", "months=30", "regime=stp_2016"
    )
    players, worth = list(scenario.system.partners), {}

    def run(stay: frozenset[str]) -> float:
        if stay not in worth:
            gone = [{"month": 3, "do": "leave", "partner": name} for name in players if name not in stay]
            data = sim.simulate(scenario.with_events(*gone), 4, seed=1, record="summary")
            worth[stay] = float(data["engagement_final_year"].values.mean())
        return worth[stay]

    truth = exact(players, run)
    assert len(worth) == 64 and sum(truth.values()) == pytest.approx(
        run(frozenset(players)) - run(frozenset())
    )
    found = estimate(players, 60, 2, lambda draw, groups: [run(group) for group in groups], level=0.999)
    for name, (_, low, high) in found.items():
        assert low - 1e-12 <= truth[name] <= high + 1e-12, name
    assert max(truth.values()) - min(truth.values()) > 0.0, (
        "partners differ, so that there was something to find"
    )
