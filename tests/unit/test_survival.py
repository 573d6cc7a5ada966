"""Waiting times against answers worked out by hand."""

import math

import numpy as np
import pytest
import xarray as xr

from sim.analysis.survival import incidence, waiting, waits
from sim.inputs.problems import BadInput

NAN = math.nan


def test_kaplan_meier_by_hand() -> None:
    """Ends at 1 and 3, censored at 2 and 3: still open 3/4 after month 1, then 3/4 x 1/2 after month 3."""
    found = incidence(np.array([1, 2, 3, 3]), np.array([1, 0, 1, 0]))
    assert found["open"] == pytest.approx([1.0, 0.75, 0.75, 0.375])
    assert found["at_risk"].tolist() == [4, 4, 3, 2]


def test_a_published_kaplan_meier_curve() -> None:
    """Leukaemia remission on 6-mercaptopurine (Freireich and others 1963), as in Kalbfleisch and Prentice."""
    months = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    found = incidence(np.array(months), np.array([1] * 9 + [0] * 12))
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    for month, share in published.items():
        assert found["open"][month] == pytest.approx(share, abs=6e-4)


def test_competing_outcomes_by_hand() -> None:
    """Aalen and Johansen: 5 cases; 1 agreed (month 1), 2 died (month 2), 3 censored (month 2), 4 agreed
    (month 4), 5 open.
    """
    found = incidence(np.array([1, 2, 2, 4, 5]), np.array([1, 2, 0, 1, 0]))
    agreed, died = found["ended"]
    assert agreed == pytest.approx([0, 0.2, 0.2, 0.2, 0.2 + 0.6 * 0.5, 0.5])
    assert died == pytest.approx([0, 0, 0.2, 0.2, 0.2, 0.2])
    assert found["open"] + agreed + died == pytest.approx(np.ones(6))


def test_without_censoring_incidence_is_the_plain_share() -> None:
    generator = np.random.default_rng(3)
    time, cause = generator.integers(0, 20, 300), generator.integers(1, 3, 300)
    found = incidence(time, cause)
    for month in range(20):
        for which in (1, 2):
            share = np.mean((time <= month) & (cause == which))
            assert found["ended"][which - 1][month] == pytest.approx(share)


def test_standard_error_of_a_share_without_censoring() -> None:
    """Each case its own group: the jackknife of a mean is its usual standard error."""
    time = np.array([1] * 3 + [5] * 7)
    error = incidence(time, np.ones(10, int))["open_error"][1]
    assert error == pytest.approx(math.sqrt(0.3 * 0.7 / 9))


def test_what_shares_a_future_is_not_independent() -> None:
    """Ten copies of each case in one future leave the error as it was; taken for independent cases it would
    shrink.
    """
    time, cause = np.array([1, 3, 2, 5, 4, 1]), np.array([1, 1, 0, 1, 0, 1])
    once = incidence(time, cause)["open_error"]
    copies, group = np.repeat(time, 10), np.repeat(np.arange(6), 10)
    assert incidence(copies, np.repeat(cause, 10), group)["open_error"] == pytest.approx(once)
    assert incidence(copies, np.repeat(cause, 10))["open_error"][1] < once[1]


def test_one_future_gives_no_error() -> None:
    assert np.isnan(incidence(np.array([1, 2]), np.array([1, 1]), np.array([0, 0]))["open_error"]).all()


def test_an_end_after_the_last_month_is_not_drawn_forward() -> None:
    found = incidence(np.array([1, 9]), np.array([1, 1]), last=3)
    assert found["open"] == pytest.approx([1.0, 0.5, 0.5, 0.5])
    assert found["at_risk"].tolist() == [2, 2, 1, 1]


@pytest.mark.parametrize(
    ("time", "cause", "words"),
    [([1.5], [1], "time"), ([-1], [1], "time"), ([1], [-1], "cause"), ([1, 2], [1], "must be alike")],
)
def test_bad_times(time: list[float], cause: list[int], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        incidence(np.array(time), np.array(cause))


def projects(rows: list[list[tuple[float, float, float, float]]], months: int = 24) -> xr.Dataset:
    """A dataset of (tabled, decided, outcome, delivered) by future and project."""
    values = np.array(rows, float)
    names = ("tabled", "decided", "outcome", "delivered")
    data = {f"project_{name}": (("future", "project"), values[:, :, k]) for k, name in enumerate(names)}
    coords = {"future": np.arange(len(rows)), "month": np.arange(months)}
    return xr.Dataset(data, coords, {"seed": "1", "regime": "toy", "title": "Toy"})


NEVER = (NAN, NAN, NAN, NAN)
TWO_FUTURES = projects(
    [
        [(0, 2, 1, 12), (3, 6, 2, NAN), (20, NAN, 0, NAN)],  # agreed and completed; died; open at month 23
        [(5, 9, 1, NAN), NEVER, NEVER],  # agreed, phase not over
    ]
)


def test_waits_of_projects() -> None:
    found = waits(TWO_FUTURES)
    assert found["future"].tolist() == [0, 0, 0, 1]
    assert found["decision"].tolist() == [2, 3, 3, 4]
    assert found["decided"].tolist() == [1, 2, 0, 1]
    assert found["completion"].tolist() == [12, 3, 3, 18]
    assert found["ended"].tolist() == [1, 2, 0, 0]


def test_waiting_table() -> None:
    table = waiting(TWO_FUTURES)
    assert table.attrs["proposals"] == 4
    assert table.attrs["undecided"] == 0.25
    at = table.set_index(["month", "state"])["share"]
    assert at[2, "agreed"] == pytest.approx(0.25)
    assert at[3, "died"] == pytest.approx(0.25)
    assert at[3, "undecided"] == pytest.approx(0.5)
    assert at[4, "agreed"] == pytest.approx(0.75)
    assert at[12, "completed"] == pytest.approx(0.75 * 0.5)
    sums = table[table["state"] != "completed"].groupby("month")["share"].sum()
    assert sums.to_numpy() == pytest.approx(np.ones(24))
    assert (table["low"] <= table["share"]).all()
    assert (table["share"] <= table["high"]).all()
    assert "from the variation between futures" in repr(table)


def test_nobody_died() -> None:
    table = waiting(projects([[(0, 2, 1, NAN)], [(0, 3, 1, NAN)]]))
    assert (table.loc[table["state"] == "died", "share"] == 0).all()


def test_nothing_was_tabled() -> None:
    table = waiting(projects([[NEVER], [NEVER]]))
    assert table.attrs["proposals"] == 0
    assert table["share"].isna().all()


def test_a_dataset_without_projects() -> None:
    with pytest.raises(BadInput, match='record="series"'):
        waiting(xr.Dataset(coords={"future": [0]}))
