"""Paired differences and summaries against answers worked out by hand."""

import io
import math

import numpy as np
import pytest
import xarray as xr
from rich.console import Console

from sim.analysis.compare import compare, readable
from sim.analysis.intervals import mean_interval, t_quantile
from sim.analysis.outcomes import known, more_is_worse
from sim.analysis.summary import summarise, wide
from sim.analysis.tables import number, show, with_interval
from sim.declarations import indicators
from sim.declarations.indicators import HEADLINE
from sim.inputs.problems import BadInput


def runs(seed: str = "1", first: int = 0, **outcomes: list[float]) -> xr.Dataset:
    """A dataset of outcomes as `simulate(..., record="summary")` gives it; those not named are zero."""
    futures = len(next(iter(outcomes.values())))
    values = {name: ("future", np.array(outcomes.get(name, [0.0] * futures))) for name in indicators.OUTCOMES}
    return xr.Dataset(values, {"future": np.arange(first, first + futures)}, {"seed": seed, "regime": "toy"})


def test_differences_by_hand() -> None:
    """1, 2, 3, 4 against 2, 2, 5, 7: differences 1, 0, 2, 3; mean 1.5, deviation 1.291, t(3) = 3.182."""
    table = compare(runs(waiting_mean=[1, 2, 3, 4]), runs(waiting_mean=[2, 2, 5, 7]), ["waiting_mean"])
    row = table.iloc[0]
    assert (row["baseline"], row["other"], row["difference"], row["futures"]) == (2.5, 4.0, 1.5, 4)
    assert row["probability"] == 3.5 / 4
    half = 3.182446 * math.sqrt(5 / 3) / 2
    assert row["low"] == pytest.approx(1.5 - half, abs=1e-5)
    assert row["high"] == pytest.approx(1.5 + half, abs=1e-5)
    assert row["spread"] == pytest.approx(math.sqrt((5 / 3 + 6) / 2))
    assert row["unit"] == "weeks"
    assert row["label"].startswith("mean wait")


def test_pairs_with_nothing_to_count_are_dropped() -> None:
    before, after = (
        runs(months_to_decision=[4.0, math.nan, 6.0]),
        runs(months_to_decision=[5.0, 9.0, math.nan]),
    )
    row = compare(before, after, ["months_to_decision"]).iloc[0]
    assert (row["futures"], row["baseline"], row["other"], row["difference"]) == (1, 4.0, 5.0, 1.0)
    assert math.isnan(row["low"])
    assert math.isnan(row["spread"])


def test_nothing_to_count_at_all() -> None:
    empty = runs(promises_kept_share=[math.nan, math.nan])
    row = compare(empty, empty, ["promises_kept_share"]).iloc[0]
    assert row["futures"] == 0
    assert math.isnan(row["difference"])
    assert math.isnan(row["probability"])


def test_a_run_against_itself() -> None:
    data = runs(waiting_mean=[1.0, 2.0, 4.0])
    table = compare(data, data)
    assert (table["difference"] == 0).all()
    assert (table["low"] == 0).all()
    assert (table["probability"] == 0.5).all()
    assert tuple(table["outcome"]) == HEADLINE


def test_which_way_is_worse() -> None:
    assert more_is_worse("waiting_final_year")
    assert more_is_worse("months_to_decision")
    assert not more_is_worse("integration_mean")
    assert more_is_worse("integration_gap_mean")


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (runs(waiting_mean=[1.0, 2.0]), "other has 2 futures"),
        (runs(first=5, waiting_mean=[1.0, 2.0, 3.0]), "5 to 7"),
        (runs(seed="2", waiting_mean=[1.0, 2.0, 3.0]), "seed = 2"),
    ],
)
def test_other_futures_are_refused(other: xr.Dataset, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        compare(runs(waiting_mean=[1.0, 2.0, 3.0]), other)


def test_other_months_are_refused() -> None:
    short, long = (runs(waiting_mean=[1.0]).assign_coords(month=np.arange(m)) for m in (12, 24))
    with pytest.raises(BadInput, match="12 months"):
        compare(long, short)


def test_unknown_outcome_and_level() -> None:
    data = runs(waiting_mean=[1.0])
    with pytest.raises(BadInput, match="'waitin_mean' is not known; did you mean 'waiting_mean'"):
        compare(data, data, ["waitin_mean"])
    with pytest.raises(BadInput, match="level = 95"):
        compare(data, data, level=95)
    assert known("waiting_mean") == ("waiting_mean",)


@pytest.mark.parametrize(
    ("level", "freedom", "published"),
    [
        (0.95, 1, 12.706),
        (0.95, 2, 4.303),
        (0.95, 4, 2.776),
        (0.95, 9, 2.262),
        (0.95, 120, 1.980),
        (0.99, 10, 3.169),
        (0.9, 5, 2.015),
    ],
)
def test_t_quantiles_as_published(level: float, freedom: int, published: float) -> None:
    assert t_quantile(level, freedom) == pytest.approx(published, abs=6e-4)


def test_t_quantile_meets_the_normal() -> None:
    assert t_quantile(0.95, 1999) == pytest.approx(t_quantile(0.95, 2000), rel=1e-3)
    assert math.isnan(t_quantile(0.95, 0))


def test_interval_of_constant_values_has_no_width() -> None:
    assert mean_interval(np.array([2.0, 2.0, 2.0])) == (2.0, 2.0, 2.0)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    draws = np.random.default_rng(1).normal(3.0, 2.0, (4000, 6))
    held = [low <= 3.0 <= high for _, low, high in map(mean_interval, draws)]
    assert np.mean(held) == pytest.approx(0.95, abs=0.012)


def test_the_note_is_printed_and_not_a_column() -> None:
    table = compare(runs(waiting_mean=[1.0, 2.0]), runs(waiting_mean=[2.0, 4.0]), ["waiting_mean"])
    assert "2 futures, seed 1; 95% intervals show chance only, one parameter set" in repr(table)
    assert "chance only" in table._repr_html_()
    assert "chance" not in table.to_csv()
    assert repr(table[["outcome"]]).count("chance only") == 1


def test_readable_tables() -> None:
    a, b = runs(waiting_mean=[1.0, 2.0, 3.0]), runs(waiting_mean=[2.0, 4.0, 3.0])
    text = io.StringIO()
    console = Console(file=text, width=120)
    show(readable(compare(a, b, ["waiting_mean"]), "committee", "body"), "A title", console)
    show(wide(summarise({"committee": a, "body": b}, ["waiting_mean", "trust_mean"])), console=console)
    printed = text.getvalue()
    for words in (
        "A title",
        "committee",
        "(weeks)",
        "83% of 3",
        "chance only",
        "trust between partners (share)",
        "±",
    ):
        assert words in printed


def test_summary_by_hand() -> None:
    data = runs(waiting_mean=[float(k) for k in range(11)])
    row = summarise({"a": data}, ["waiting_mean"]).iloc[0]
    assert (row["mean"], row["p10"], row["p90"], row["futures"]) == (5.0, 1.0, 9.0, 11)
    assert row["high"] - row["mean"] == pytest.approx(2.228139 * math.sqrt(11) / math.sqrt(11), abs=1e-4)


def test_summary_is_tidy_and_in_order() -> None:
    data = runs(waiting_mean=[1.0, 2.0])
    table = summarise({"b": data, "a": data}, ["trust_mean", "waiting_mean"])
    assert list(zip(table["outcome"], table["regime"], strict=True)) == [
        ("trust_mean", "b"),
        ("trust_mean", "a"),
        ("waiting_mean", "b"),
        ("waiting_mean", "a"),
    ]


def test_summary_refuses_what_cannot_stand_side_by_side() -> None:
    with pytest.raises(BadInput, match="nothing to summarise"):
        summarise({})
    with pytest.raises(BadInput, match="seed = 2 in b, 1 in a"):
        summarise({"a": runs(waiting_mean=[1.0]), "b": runs(seed="2", waiting_mean=[1.0])})


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.02134, "0.0213"),
        (4.98, "4.98"),
        (1234.4, "1,234"),
        (-0.5, "−0.500"),
        (math.nan, "–"),
        (0.0, "0.00"),
    ],
)
def test_numbers_for_people(value: float, words: str) -> None:
    assert number(value) == words


def test_intervals_for_people() -> None:
    assert with_interval(0.0213, 0.0183, 0.0243, sign=True) == "+0.021 ± 0.003"
    assert with_interval(-0.637, -0.752, -0.521) == "−0.64 ± 0.12"
    assert with_interval(-0.0001, -0.4, 0.4, sign=True) == "0.0 ± 0.4"
    assert with_interval(1.0, math.nan, math.nan) == "1.00"
