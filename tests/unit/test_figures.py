"""Figures: the words they must carry, the same bytes on every rebuild, and no trace in matplotlib's
settings.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy as np
import pytest
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.analysis.compare import compare
from sim.analysis.summary import summarise
from sim.analysis.survival import waiting
from sim.analysis.tables import noted
from sim.declarations import indicators
from sim.declarations.indicators import HEADLINE
from sim.figures.canvas import month_words, save, spread, unit_words
from sim.figures.fan_charts import fan_chart
from sim.figures.forests import criticality_chart, difference_chart
from sim.figures.many_regimes import COLUMNS, grid_chart, rows_chart
from sim.figures.waiting_times import waiting_chart
from sim.inputs.problems import BadInput

FUTURES, MONTHS = 40, 60


def runs(lift: float = 0.0, bodies: int = 6) -> xr.Dataset:
    """Made-up data in the form of `simulate`."""
    generator = np.random.default_rng(7)
    walk = 0.3 + lift + np.cumsum(generator.normal(0, 0.01, (FUTURES, MONTHS)), axis=1)
    data = xr.Dataset(
        {name: (("future", "month"), walk) for name in indicators.SYSTEM},
        {"future": np.arange(FUTURES), "month": np.arange(MONTHS)},
        {"seed": "1", "regime": "toy", "title": "Toy"},
    )
    for name in indicators.OUTCOMES:
        data[name] = ("future", walk[:, -1] + lift)
    data["members"] = (("future", "month"), bodies - (walk > 0.35 + lift).astype(float))
    data["exists"] = (
        ("future", "month", "partner"),
        np.arange(8)[None, None, :] < np.full((FUTURES, MONTHS, 1), bodies),
    )
    tabled = np.tile([0.0, 10.0, 20.0, 50.0], (FUTURES, 1))
    outcome = np.where(generator.random((FUTURES, 4)) < 0.6, 1.0, 2.0)
    decided = tabled + generator.integers(2, 15, (FUTURES, 4))
    decided[decided >= MONTHS] = np.nan
    outcome[np.isnan(decided)] = 0.0
    delivered = np.where((outcome == 1) & (decided + 23 < MONTHS), decided + 23, np.nan)
    for name, values in (
        ("tabled", tabled),
        ("decided", decided),
        ("outcome", outcome),
        ("delivered", delivered),
    ):
        data[f"project_{name}"] = (("future", "project"), values)
    return data


TWO = {"Voluntary committee": runs(), "Statutory body": runs(0.02, 5)}


def critical() -> Figure:
    rows = [
        {
            "partner": f"p{k}",
            "label": f"NHS Town {k} CCG",
            "kind": "ccg",
            "difference": -0.01 / k,
            "low": -0.012 / k,
            "high": -0.008 / k,
            "worse": 1.0,
            "member": 1.0,
            "tied": k < 3,
            "futures": 40,
        }
        for k in range(1, 5)
    ]
    facts = {"outcome": "integration_mean", "month": 24, "regime_label": "Voluntary committee"}
    return criticality_chart(noted(rows, list(rows[0]), "", **facts, level=0.95, seed="1", futures=40))


LONG = "A regime whose name is so long that nobody could ever read it to the end"
MANY = {**TWO, **{f"Regime number {k}": runs(0.01 * k) for k in range(6)}, LONG: runs(0.3)}


CHARTS: dict[str, Callable[[], Figure]] = {
    "fan": lambda: fan_chart(TWO, "integration", events={24: "a partner leaves"}),
    "difference": lambda: difference_chart(compare(*TWO.values()), *TWO),
    "waiting": lambda: waiting_chart({name: waiting(data) for name, data in TWO.items()}),
    "criticality": critical,
    "rows": lambda: rows_chart(summarise(MANY), HEADLINE[:COLUMNS]),
    "grid": lambda: grid_chart(MANY, "integration"),
}


def words(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(Text))  # type: ignore[attr-defined]


@pytest.mark.parametrize("chart", CHARTS)
def test_same_bytes_again(chart: str, tmp_path: Path) -> None:
    kinds = ("png", "pdf", "svg")
    figure = CHARTS[chart]()
    first = [path.read_bytes() for path in save(figure, tmp_path, "first", kinds)]
    assert [path.read_bytes() for path in save(figure, tmp_path, "again", kinds)] == first
    assert [
        path.read_bytes() for path in save(CHARTS[chart](), tmp_path / "new" / "folder", "anew", kinds)
    ] == first


@pytest.mark.parametrize("chart", CHARTS)
def test_small_print_and_nothing_outside_the_page(chart: str, tmp_path: Path) -> None:
    figure = CHARTS[chart]()
    text = words(figure).replace("\n", " ")
    assert "40 futures, seed 1" in text
    assert "chance only, one parameter set" in text
    save(figure, tmp_path, "figure")
    page = figure.bbox
    for item in figure.findobj(Text):
        if item.get_text() and item.get_visible():
            box = item.get_window_extent()
            assert page.x0 - 1 <= box.x0 <= box.x1 <= page.x1 + 1, item.get_text()
            assert page.y0 - 1 <= box.y0 <= box.y1 <= page.y1 + 1, item.get_text()


@pytest.mark.parametrize("chart", CHARTS)
def test_settings_are_left_alone(chart: str, tmp_path: Path) -> None:
    before = dict(matplotlib.rcParams)
    save(CHARTS[chart](), tmp_path, "figure")
    assert dict(matplotlib.rcParams) == before


def test_other_settings_and_another_process_give_the_same_bytes(tmp_path: Path) -> None:
    here = save(CHARTS["fan"](), tmp_path, "here")
    with matplotlib.rc_context({"font.size": 20, "axes.grid": True, "savefig.bbox": "tight"}):
        there = save(CHARTS["fan"](), tmp_path, "there")
    code = (
        "import sys; sys.path[:0] = ['.', 'tests/support']\nfrom tests.unit.test_figures import "
        f"*\nsave(CHARTS['fan'](), {str(tmp_path)!r}, 'elsewhere')"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "77"},
        cwd=Path(__file__).parents[2],
    )
    for path, other in zip(here, there, strict=True):
        assert path.read_bytes() == other.read_bytes() == (tmp_path / f"elsewhere{path.suffix}").read_bytes()


def test_figures_do_not_import_pyplot() -> None:
    code = "import sys, sim.figures.fan_charts; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_fan_chart_says_what_it_shows() -> None:
    text = words(CHARTS["fan"]())
    for part in (
        "Voluntary committee",
        "Statutory body",
        "a partner leaves",
        "share, 0 to 1",
        "calendar year",
        "median of\nfirst panel",
    ):
        assert part in text
    assert "dark band: half of the futures" in text.replace("\n", " ")


def test_members_name_the_bodies_that_exist() -> None:
    text = words(fan_chart(TWO, "members"))
    assert "6 bodies exist" in text
    assert "5 bodies exist" in text
    assert "first panel" not in text


def test_counts_stay_whole() -> None:
    axes = fan_chart(TWO, "members").axes[0]
    heights = axes.lines[0].get_ydata()
    assert np.array_equal(heights, np.floor(heights))


def test_fan_chart_draws_the_median() -> None:
    figure = fan_chart({"One": TWO["Voluntary committee"]}, "integration")
    line = figure.axes[0].lines[0]
    assert line.get_ydata() == pytest.approx(
        np.median(TWO["Voluntary committee"]["integration"].values, axis=0)
    )
    assert line.get_xdata()[0] == 2016.25


def test_money_is_averaged_over_a_year() -> None:
    data = TWO["Voluntary committee"]
    figure = fan_chart({"One": data}, "balance")
    values = data["balance"].values
    assert figure.axes[0].lines[0].get_ydata()[0] == pytest.approx(np.median(values[:, :12].mean(axis=1)))
    assert figure.axes[0].lines[0].get_xdata()[0] == pytest.approx(2016.25 + 11 / 12)
    assert "mean of the 12 months up to it" in words(figure).replace("\n", " ")
    assert "GBP million a month" in words(figure)
    assert len(fan_chart({"One": data}, "balance", window=1).axes[0].lines[0].get_ydata()) == MONTHS


def test_difference_chart_shows_own_units_and_scaled_places() -> None:
    table = compare(*TWO.values(), ["waiting_final_year"])
    figure = difference_chart(table, "committee", "body")
    dot = figure.axes[0].lines[-1]
    assert dot.get_xdata()[0] == pytest.approx(table["difference"].iloc[0] / table["spread"].iloc[0])
    text = words(figure)
    assert "mean wait, last year (weeks)" in text
    assert "← body: lower" in text
    assert "+0.04" in text


def test_waiting_chart_names_the_undecided() -> None:
    tables = {name: waiting(data) for name, data in TWO.items()}
    text = words(waiting_chart(tables))
    share = tables["Statutory body"].set_index(["month", "state"]).loc[(12, "undecided"), "share"]
    assert f"{share:.0%} still undecided at 12 months" in text
    for part in ("agreed", "died", "completed", "months since the proposal came to the table"):
        assert part in text


def test_criticality_chart_explains_itself() -> None:
    text = words(critical()).replace("\n", " ")
    for part in (
        "April 2018",
        "← worse",
        "clinical commissioning group",
        "Open circles",
        "NHS Town 1 CCG",
        "Voluntary committee",
    ):
        assert part in text


def test_many_regimes_each_have_a_row_and_the_first_is_the_yardstick() -> None:
    table = summarise(MANY, ["integration_mean", "trust_mean"])
    figure = rows_chart(table, ["trust_mean", "integration_mean"])
    text = words(figure)
    assert (
        all(name in text for name in MANY if name != LONG) and "A regime whose name" in text and " …" in text
    )
    first = table[(table["outcome"] == "trust_mean") & (table["regime"] == "Voluntary committee")].iloc[0]
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert len(dots) == len(MANY)
    assert dots[0].get_xdata()[0] == pytest.approx(first["mean"]) and dots[0].get_ydata()[0] == 0
    for dot, row in zip(dots[1:], table[table["outcome"] == "trust_mean"].iloc[1:].itertuples(), strict=True):
        assert (dot.get_markerfacecolor() == "white") == (row.low <= first["mean"] <= row.high), row.regime


def test_small_panels_show_one_regime_over_all_others() -> None:
    figure = grid_chart(MANY, "integration")
    assert len(figure.axes) == len(MANY)
    for number, axes in enumerate(figure.axes):
        assert len(axes.lines) == len(MANY) + (number > 0), (
            "all others in grey, the first dashed, its own on top"
        )
        own = list(MANY.values())[number]
        assert axes.lines[-1].get_ydata() == pytest.approx(np.median(own["integration"].values, axis=0))
    assert len({axes.get_ylim() for axes in figure.axes}) == 1


def test_many_refuse_bad_input() -> None:
    table = summarise(MANY, ["integration_mean"])
    one = "integration_mean"
    for outcomes, said in (
        (["integration_maen"], f"did you mean '{one}'"),
        ([], "0 given"),
        ([one] * 7, "7 given"),
    ):
        with pytest.raises(BadInput, match=said):
            rows_chart(table, outcomes)
    with pytest.raises(BadInput, match="did you mean 'trust'"):
        grid_chart(MANY, "trsut")
    with pytest.raises(BadInput, match="nothing to show"):
        grid_chart({}, "trust")
    with pytest.raises(BadInput, match='record="series"'):
        grid_chart({"One": runs().drop_vars("trust")}, "trust")
    with pytest.raises(BadInput, match="same futures"):
        grid_chart({"One": runs(), "Two": runs().isel(future=slice(3))}, "trust")
    with pytest.raises(BadInput, match="window = 99"):
        grid_chart(MANY, "trust", window=99)


def test_nothing_tabled_can_still_be_drawn(tmp_path: Path) -> None:
    empty = runs()
    for name in ("tabled", "decided", "delivered", "outcome"):
        empty[f"project_{name}"] = empty[f"project_{name}"] * np.nan
    figure = waiting_chart({"Nobody": waiting(empty), "Somebody": waiting(runs())})
    assert "no proposal reached the table" in words(figure)
    save(figure, tmp_path, "figure")


@pytest.mark.parametrize("months", [1, 2, 11, 30])
def test_short_runs_can_be_drawn(months: int, tmp_path: Path) -> None:
    short = {name: data.isel(month=slice(months)) for name, data in TWO.items()}
    for name in ("balance", "members", "integration"):
        save(fan_chart(short, name), tmp_path, name)


def test_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="did you mean 'integration'"):
        fan_chart(TWO, "integratoin")
    with pytest.raises(BadInput, match="0 given"):
        fan_chart({}, "integration")
    with pytest.raises(BadInput, match="7 given"):
        fan_chart({str(k): TWO["Statutory body"] for k in range(7)}, "integration")
    with pytest.raises(BadInput, match='record="series"'):
        fan_chart({"One": TWO["Statutory body"].drop_vars("integration")}, "integration")
    with pytest.raises(BadInput, match="same futures"):
        fan_chart({"One": runs(), "Two": runs().isel(future=slice(3))}, "integration")
    with pytest.raises(BadInput, match="window = 99"):
        fan_chart(TWO, "balance", window=99)
    with pytest.raises(BadInput, match="0 given"):
        waiting_chart({})
    with pytest.raises(BadInput, match="no outcome"):
        difference_chart(compare(*TWO.values()).iloc[:0])
    with pytest.raises(BadInput, match="did you mean 'png'"):
        save(critical(), tmp_path, "figure", ("pngg",))


def test_labels_move_apart_and_stay_inside() -> None:
    assert spread([0.5, 0.5], 0.2, 0.0, 1.0) == pytest.approx([0.4, 0.6])
    assert spread([0.1, 0.9], 0.2, 0.0, 1.0) == pytest.approx([0.1, 0.9])
    assert spread([0.95, 0.99, 0.2], 0.2, 0.0, 1.0) == pytest.approx([0.8, 1.0, 0.2])
    placed = spread([0.3, 0.31, 0.32, 0.9], 0.1, 0.0, 1.0)
    assert min(np.diff(placed)) >= 0.1 - 1e-12


def test_words_of_months_and_units() -> None:
    assert [month_words(m) for m in (0, 8, 9, 24)] == [
        "April 2016",
        "December 2016",
        "January 2017",
        "April 2018",
    ]
    assert unit_words("share") == "share, 0 to 1"
    assert unit_words("GBP m a month") == "GBP million a month"
