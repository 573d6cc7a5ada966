"""Designs against what is known of them: how many points, where they lie, which bounds they keep."""

import numpy as np
import pandas as pd
import pytest

from sim.declarations.dials import DIALS
from sim.declarations.parameters import PARAMETERS
from sim.inputs.problems import BadInput
from sim.sweep.designs import design_from
from sim.sweep.factors import declared

TWO = ["params.squeeze", "dials.block"]


def points(**design) -> pd.DataFrame:
    return design_from(design).points()


def test_every_parameter_and_dial_is_a_factor_and_explored_where_it_is_plausible():
    dials = [name for name, dial in DIALS.items() if dial.sort != "kinds of body"]
    assert set(declared()) == {f"params.{name}" for name in PARAMETERS} | {f"dials.{name}" for name in dials}
    for name, parameter in PARAMETERS.items():
        factor = declared()[f"params.{name}"]
        assert (factor.low, factor.high) == parameter.plausible and (
            factor.lowest,
            factor.highest,
        ) == parameter.allowed


def test_a_grid_holds_every_combination_once_and_begins_with_the_first_levels():
    table = points(
        kind="grid",
        factors={
            "params.squeeze": [0.01, 0.0, 0.02],
            "dials.exit": ["free", "barred"],
            "dials.recusal": None,
        },
    )
    assert len(table) == 3 * 2 * 2 and not table.duplicated().any()
    assert table.iloc[0].tolist() == [0.01, "free", False]


def test_levels_that_are_counted_lie_evenly_between_the_plausible_bounds():
    low, high = PARAMETERS["squeeze"].plausible
    assert points(kind="grid", factors={"params.squeeze": 5})["params.squeeze"].tolist() == pytest.approx(
        np.linspace(low, high, 5)
    )
    assert points(kind="grid", factors={"dials.exit_notice": 4})["dials.exit_notice"].tolist() == [
        0,
        20,
        40,
        60,
    ]


def test_without_factors_a_grid_is_one_point():
    assert len(points(kind="grid")) == 1


def test_a_latin_hypercube_has_one_point_in_every_slice_of_every_factor():
    n = 40
    table = points(kind="lhs", n=n, factors="params", baseline=False)
    assert list(table.columns) == [f"params.{name}" for name in PARAMETERS]
    for name, parameter in PARAMETERS.items():
        low, high = parameter.plausible
        share = (table[f"params.{name}"].to_numpy() - low) / (high - low)
        assert sorted(np.floor(share * n).clip(0, n - 1).astype(int)) == list(range(n)), name


def test_words_and_whole_numbers_come_in_equal_parts():
    table = points(
        kind="lhs",
        n=60,
        factors=["dials.decision_rule", "dials.recusal", "dials.exit_notice"],
        baseline=False,
    )
    assert set(table["dials.decision_rule"].value_counts()) == {12}
    assert table["dials.recusal"].sum() == 30
    assert (table["dials.exit_notice"] % 1 == 0).all()


@pytest.mark.parametrize(
    ("design", "expected"),
    [
        ({"kind": "sobol", "n": 16, "second_order": False}, 16 * (2 + 2)),
        ({"kind": "sobol", "n": 16, "second_order": True}, 16 * (2 * 2 + 2)),
        ({"kind": "morris", "n": 7}, 7 * (2 + 1)),
        ({"kind": "lhs", "n": 9}, 9),
    ],
)
def test_samples_have_the_sizes_of_the_literature_stay_in_bounds_and_repeat(design, expected):
    given = {**design, "factors": {"params.squeeze": [0.01, 0.02], "dials.block": None}}
    table = points(**given, baseline=False)
    assert len(table) == expected
    assert table["params.squeeze"].between(0.01, 0.02).all() and table["dials.block"].between(0.0, 1.0).all()
    pd.testing.assert_frame_equal(table, points(**given, baseline=False))
    with_baseline = points(**given)
    assert len(with_baseline) == expected + 1 and with_baseline.iloc[0].isna().all()
    pd.testing.assert_frame_equal(with_baseline.iloc[1:].reset_index(drop=True), table, check_dtype=False)


def test_another_seed_is_another_sample():
    assert not points(kind="lhs", n=5, factors=TWO).equals(points(kind="lhs", n=5, factors=TWO, seed=2))


def test_a_morris_step_changes_one_factor():
    table = points(kind="morris", n=5, factors=TWO, baseline=False)
    for start in range(0, len(table), 3):
        steps = np.diff(table.to_numpy(float)[start : start + 3], axis=0) != 0
        assert (steps.sum(axis=1) == 1).all()


def test_a_table_keeps_its_rows_and_numbers_exactly(tmp_path):
    file = tmp_path / "cells.csv"
    rows = [
        "params.squeeze,dials.exit,regime,dials.recusal",
        "0.1,,option2,",
        "0.015000000000000001,barred,option1,True",
    ]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    table = points(kind="table", file=str(file))
    assert table["params.squeeze"].tolist() == [0.1, 0.015000000000000001]
    assert table["dials.recusal"].tolist() == [None, True]
    assert table["dials.exit"].tolist() == [None, "barred"] and table["regime"].tolist() == [
        "option2",
        "option1",
    ]


@pytest.mark.parametrize(
    ("design", "said"),
    [
        ({"kind": "lhs", "factors": ["params.squeez"]}, ["params.squeez", "did you mean 'params.squeeze'"]),
        ({"kind": "lhs", "factors": ["squeeze"]}, ["did you mean 'params.squeeze'"]),
        ({"kind": "lhs", "factors": ["exit"]}, ["did you mean 'dials.exit'"]),
        ({"kind": "lhs", "factors": []}, ["name at least one"]),
        (
            {"kind": "lhs", "factors": {"params.squeeze": [0.0, 3.0]}},
            ["params.squeeze = 3.0", "from -0.1 to 0.2"],
        ),
        (
            {"kind": "lhs", "factors": {"params.squeeze": [0.02, 0.01]}},
            ["params.squeeze", "lowest and highest"],
        ),
        ({"kind": "lhs", "factors": {"params.squeeze": [0.02]}}, ["a pair"]),
        ({"kind": "lhs", "n": 0}, ["design.n = 0"]),
        ({"kind": "lhs", "nn": 3}, ["design.nn", "unknown key"]),
        ({"kind": "sobol", "n": 12}, ["power of two", "8 or 16"]),
        ({"kind": "morris", "levels": 3}, ["design.levels = 3"]),
        ({"kind": "grid", "factors": {"dials.exit": ["fre"]}}, ["dials.exit = 'fre'", "did you mean 'free'"]),
        ({"kind": "grid", "factors": {"params.squeeze": [0.01, 0.01]}}, ["only once"]),
        ({"kind": "grid", "factors": {"params.squeeze": 1}}, ["at least 2"]),
        ({"kind": "grid", "factors": {"dials.recusal": [1]}}, ["dials.recusal = 1", "false, true"]),
        (
            {"kind": "grid", "factors": {f"params.{name}": 10 for name in list(PARAMETERS)[:9]}},
            ["combinations", "at most"],
        ),
        ({"kind": "table"}, ["design.file", "name a CSV"]),
        ({"kind": "table", "file": "nowhere.csv"}, ["nowhere.csv", "No such file"]),
        ({"kind": "table", "text": "params.squeeze\n"}, ["no rows"]),
        (
            {"kind": "table", "text": "params.squeeze,regime\n0.01,option2\n0.9,option2\n"},
            ["row 2", "params.squeeze = 0.9"],
        ),
        ({"kind": "table", "text": "regime\noptin2\n"}, ["row 1", "did you mean 'option2'"]),
        ({"kind": "table", "text": "squeeze\n1\n"}, ["did you mean 'params.squeeze'"]),
        ({"kind": "lsh"}, ["did you mean 'lhs'"]),
    ],
)
def test_a_bad_design_is_refused_in_words(design, said):
    with pytest.raises((ValueError, BadInput)) as caught:
        design_from(design)
    for part in said:
        assert part in str(caught.value)
