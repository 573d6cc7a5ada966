"""Figures of experiments: what they refuse, what they draw, and the same bytes again."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.analysis.uncertain import paired
from sim.figures.canvas import save
from sim.figures.contrasts import contrast_chart, pages
from sim.figures.curves import curves_chart
from sim.figures.maps import Map, map_chart
from sim.inputs.problems import BadInput


def table() -> pd.DataFrame:
    chance = np.random.default_rng(1)
    rows = []
    for outcome, scale in (
        ("integration_mean", 0.02),
        ("balance_mean", 50.0),
        ("promises_kept_share", np.nan),
    ):
        for group, row in (("Law", "one"), ("Law", "another"), ("Consent", "one")):
            rows.append(
                {"group": group, "row": row, **paired(outcome, scale * chance.normal(1.0, 1.0, (12, 5)))}
            )
    return pd.DataFrame(rows)


def test_each_outcome_has_an_axis_of_its_own_that_shows_what_is_worth_caring_about() -> None:
    figure = contrast_chart(table(), "Title", ["integration_mean", "balance_mean", "promises_kept_share"])
    first, second, empty = figure.axes
    assert first.get_xlim()[1] < 1.0 < second.get_xlim()[1], "balances do not squash shares"
    assert first.get_xlim()[0] <= -0.01 and second.get_xlim()[0] <= -1.0, (
        "the band of what is too small to matter is within the axis"
    )
    assert any("nothing to count" in text.get_text() for text in empty.texts)
    words = {text.get_text() for text in first.texts}
    assert {"Law", "Consent", "one", "another"} <= words
    assert "an assumption" in " ".join(text.get_text() for text in figure.texts).replace("\n", " ")


def test_too_many_outcomes_take_pages() -> None:
    assert [len(page) for page in pages([str(n) for n in range(14)])] == [5, 5, 4] and pages(["a"]) == [["a"]]
    with pytest.raises(BadInput, match="from 1 to 6"):
        contrast_chart(table(), "Title", ["trust_mean"])


def test_a_map_writes_its_numbers_marks_what_is_unsure_and_draws_the_boundary() -> None:
    values = np.array([[0.2, 0.4], [0.6, 0.9]])
    figure = map_chart(
        {"A": Map((0, 1), (0, 1), values, values == 0.4)},
        "Title",
        "x",
        "y",
        "note",
        boundary=0.5,
        per_cent=True,
    )
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.texts] == ["20", "(40)", "60", "90"]
    assert len(axes.lines) == 2, "the boundary runs between the two rows"
    unlike = {"small": Map((0, 1), (0, 1), values / 100), "large": Map((0, 1), (0, 1), 100 * values)}
    small, _ = map_chart(unlike, "Title", "x", "y", "note", signed=True, alike=False).axes
    assert small.texts[-1].get_text() == "+0.009"
    assert small.patches[-1].get_facecolor() != small.patches[0].get_facecolor()


def test_curves_and_the_rest_are_the_same_bytes_again(tmp_path: Path) -> None:
    curves = pd.DataFrame(
        [
            {"outcome": outcome, "case": case, "x": x, "mean": x, "low": x - 1, "high": x + 1}
            for outcome in ("trust_mean", "delivered_last")
            for case in ("one", "two")
            for x in (1, 2, 3)
        ]
    )
    for folder in ("a", "b"):
        save(curves_chart(curves, "Title", "x", "note"), tmp_path / folder, "curves", ("png", "pdf", "svg"))
        save(
            contrast_chart(table(), "Title", ["integration_mean"]),
            tmp_path / folder,
            "contrasts",
            ("png", "pdf", "svg"),
        )
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name
