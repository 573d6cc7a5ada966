"""Differences over parameter sets and futures: known answers, coverage, and missing values."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis.uncertain import COLUMNS, Cube, crossed_interval, differences, paired, wilson
from sim.declarations.indicators import OUTCOMES


def test_the_interval_covers_where_sets_and_futures_are_crossed() -> None:
    chance = np.random.default_rng(5)
    covered = 0
    for _ in range(400):
        values = (
            chance.normal(size=(30, 1)) + 0.8 * chance.normal(size=(1, 8)) + 0.5 * chance.normal(size=(30, 8))
        )
        mean, low, high = crossed_interval(values)
        covered += low <= 0.0 <= high
        assert low < mean < high
    assert 0.925 <= covered / 400 <= 0.985


def test_what_counts_twice_is_taken_off() -> None:
    values = np.random.default_rng(1).normal(size=(50, 50))
    _, low, high = crossed_interval(values)
    assert high - low == pytest.approx(2 * 1.96 / 50, rel=0.25), (
        "without effects of set or future it is a plain sample of 2,500"
    )


def test_one_set_leaves_chance_alone_and_nothing_varying_nothing() -> None:
    _, low, high = crossed_interval(np.array([[1.0, 2.0, 3.0]]))
    assert low == pytest.approx(2.0 - 4.303 / 3**0.5, abs=1e-3) and high > 4.0
    assert crossed_interval(np.full((3, 4), 2.0)) == (2.0, 2.0, 2.0)


def test_probability_luck_and_what_is_worth_caring_about() -> None:
    change = np.array([[0.03, 0.03], [0.012, 0.012], [-0.002, 0.002], [-0.05, -0.05]])
    row = paired("integration_mean", change)
    assert row["probability"] == pytest.approx(2.5 / 4) == row["better"] and (row["above"], row["below"]) == (
        0.5,
        0.25,
    )
    assert row["luck"] == pytest.approx(0.125), "of four signs one is a coin's"
    assert (
        row["worth"] == OUTCOMES["integration_mean"].worth == 0.01
        and row["sets"] == 4
        and row["futures"] == 2
    )
    assert paired("waiting_final_year", change)["better"] == pytest.approx(1.5 / 4), "a longer wait is worse"
    assert wilson(0.5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)


def test_missing_values_are_left_out_and_nothing_at_all_is_said_to_be_nothing() -> None:
    row = paired("months_to_decision", np.array([[1.0, np.nan], [3.0, 3.0], [np.nan, np.nan]]))
    assert row["mean"] == 2.0 and row["sets"] == 2
    nothing = paired("months_to_decision", np.full((2, 2), np.nan))
    assert nothing["sets"] == 0 and np.isnan(nothing["mean"]) and set(COLUMNS) <= set(nothing)


def test_pairs_are_matched_by_set_future_and_system() -> None:
    rows = [
        (p, f, s, v, 10.0 * p + f + (v == "b") * (1 + (s == "y")))
        for v in "ab"
        for s in "xy"
        for p in (0, 1, 2)
        for f in (0, 1)
    ]
    runs = pd.DataFrame(rows, columns=["point", "future", "system", "variant", "delivered_last"]).sample(
        frac=1.0, random_state=1
    )
    runs = runs.reset_index(drop=True).sort_values("system", kind="stable", ignore_index=True)
    cube = Cube(runs, ["system", "variant"])
    table = differences(
        cube, [({"variant": "b"}, {"variant": "a"}, {"variant": "b"})], ["delivered_last"]
    ).set_index("system")
    assert table["mean"].to_dict() == pytest.approx({"all systems": 1.5, "x": 1.0, "y": 2.0})
    assert (table["probability"] == 1.0).all() and (table["low"] == table["high"]).all()
