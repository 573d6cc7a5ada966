"""Figures for more regimes than a fan chart can hold: one row per regime, or one small panel per regime with
all others in grey.

    figure = rows_chart(summarise({"Voluntary joint committee": a, ...}), ["integration_mean", "trust_mean"])
    figure = grid_chart({"Voluntary joint committee": a, ...}, "integration")
"""

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.outcomes import describe, short
from sim.analysis.tables import rows_of, same_futures, small_print
from sim.declarations import indicators
from sim.figures.canvas import COLOURS, FAINT, INK, WIDTH, caption, new_figure, styled, unit_words
from sim.figures.fan_charts import APRIL_2016, BY_YEAR, series
from sim.inputs.problems import BadInput, unknown

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 6  # outcomes side by side
ACROSS = 5  # small panels side by side
ROW = 0.23  # inches per regime
GREY = "#c4c4c4"
ABOVE, BELOW = 1.12, 0.62  # inches above and below rows of dots
PANEL, GAP = 0.82, 0.5  # inches: height of a small panel, and of its title and the space above it
HALF = (0.25, 0.75)


def rows_chart(table: pd.DataFrame, outcomes: Sequence[str], title: str | None = None) -> "Figure":
    """Draws up to six outcomes side by side, one row per regime: the mean, its interval, and the range that
    holds eight futures in ten.

    `table` is that of `summarise`, with labels of regimes for people. The first regime is the baseline; its
    mean runs down each column as a dashed line. Open circles: the interval holds that mean. Raises BadInput
    for an outcome that the table does not hold, no outcome, or more than six.
    """
    held = list(dict.fromkeys(table["outcome"]))
    problems = [unknown("outcome", name, held) for name in outcomes if name not in held]
    if problems or not 1 <= len(outcomes) <= COLUMNS:
        raise BadInput(
            "\n".join(problems) or f"outcomes: {len(outcomes)} given; a figure shows from 1 to {COLUMNS}"
        )
    regimes = list(dict.fromkeys(table["regime"]))
    with styled():
        height = ABOVE + BELOW + ROW * len(regimes)
        figure = new_figure(height)
        left, right = 0.3, 0.97
        grid = figure.add_gridspec(
            1,
            len(outcomes),
            left=left,
            right=right,
            top=1 - ABOVE / height,
            bottom=BELOW / height,
            wspace=0.16,
        )
        for column, outcome in enumerate(outcomes):
            axes = figure.add_subplot(grid[0, column])
            _dots(axes, table[table["outcome"] == outcome], regimes)
            head_column(axes, outcome)
            if column == 0:
                for row, regime in enumerate(regimes):
                    words = textwrap.fill(textwrap.shorten(regime, 70, placeholder=" …"), 39)
                    axes.annotate(
                        words,
                        (0, row),
                        (-6, 0),
                        xycoords=("axes fraction", "data"),
                        textcoords="offset points",
                        ha="right",
                        va="center",
                        size=6.5,
                        weight="bold" if row == 0 else "normal",
                        color=COLOURS[0] if row == 0 else INK,
                        annotation_clip=False,
                        linespacing=0.95,
                    )
        attrs = table.attrs
        note = small_print(
            attrs["futures"], attrs["seed"], f"thick lines ({attrs['level']:.0%} intervals of the mean)"
        )
        note += (
            ". Thin lines: eight futures in ten. Dashed: the first row's mean; open circles: intervals "
            "that hold it"
        )
        caption(figure, title or f"{len(regimes)} regimes over the same futures", f"{note}.")
    return figure


def _dots(axes: "Axes", part: pd.DataFrame, regimes: list[str]) -> None:
    """Draws one outcome: a dot and its lines for each regime."""
    rows = {row.regime: row for row in rows_of(part)}
    first = rows[regimes[0]].mean
    axes.set_ylim(len(regimes) - 0.5, -0.5)
    for height, regime in enumerate(regimes):
        row = rows[regime]
        axes.axhline(height, color="#ececec", lw=0.5, zorder=0)
        if not np.isfinite(row.mean):
            continue
        colour = COLOURS[0] if height == 0 else INK
        differs = height == 0 or not row.low <= first <= row.high
        axes.plot([row.p10, row.p90], [height, height], color=GREY, lw=1.0, zorder=1)
        if np.isfinite(row.low):
            axes.plot(
                [row.low, row.high], [height, height], color=colour, lw=2.4, solid_capstyle="butt", zorder=2
            )
        axes.plot(
            [row.mean],
            [height],
            "o",
            ms=3.8,
            mew=0.9,
            color=colour,
            mfc=colour if differs else "white",
            zorder=3,
        )
    if np.isfinite(first):
        axes.axvline(first, color=COLOURS[0], lw=0.7, ls=(0, (3, 2)), zorder=0.8)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    low, high = axes.get_xlim()
    axes.set_xticks(round_ticks(low, high, axes.get_position().width * WIDTH))
    axes.set_xlim(low, high)
    axes.tick_params(axis="x", labelsize=6.5)


def round_ticks(low: float, high: float, inches: float) -> list[float]:
    """Returns two or three round numbers, if there is room; their labels overlap neither each other nor those
    of the next column.
    """
    from matplotlib.ticker import MaxNLocator

    kept: list[float] = []
    for most in (3, 2, 4, 5, 6):
        ticks = [
            float(tick)
            for tick in MaxNLocator(most, min_n_ticks=2).tick_values(low, high)
            if low <= tick <= high
        ]
        wide = 0.055 * max((len(f"{tick:.6g}") for tick in ticks), default=1)
        at = {tick: (tick - low) / (high - low) * inches for tick in ticks}
        kept = [tick for tick in ticks if wide / 2 - 0.06 <= at[tick] <= inches - wide / 2 + 0.06]
        for chosen in (kept, kept[:: max(1, len(kept) - 1)]):
            if 2 <= len(chosen) <= 3 and at[chosen[1]] - at[chosen[0]] > wide + 0.04:
                return chosen
    return kept[:1]


def head_column(axes: "Axes", outcome: str) -> None:
    """Writes the outcome's words and its unit above its column."""
    words, unit = short(outcome), describe(outcome).unit
    inches = axes.get_position().width * WIDTH
    text = textwrap.fill(words, max(9, int(inches / 0.064)), break_long_words=False)
    axes.annotate(
        text + ("" if unit in words else f"\n{unit}"),
        (0, 1),
        (0, 4),
        xycoords="axes fraction",
        textcoords="offset points",
        size=7,
        ha="left",
        va="bottom",
        linespacing=1.1,
        annotation_clip=False,
    )


def grid_chart(
    datasets: "Mapping[str, xr.Dataset]", indicator: str, title: str | None = None, window: int | None = None
) -> "Figure":
    """Draws one indicator over the years, one small panel per regime (the keys): its median and the band of
    half the futures, over the medians of all other regimes in grey; the first regime's median is dashed in
    each. All panels share both axes.

    `window`: how many months up to each are averaged, as in `fan_chart`. Raises BadInput for an unknown
    indicator, no dataset, one without months or shorter than the window, or datasets of different futures.
    """
    if indicator not in indicators.SYSTEM:
        raise BadInput(unknown("indicator", indicator, indicators.SYSTEM))
    if not datasets:
        raise BadInput("datasets: nothing to show; give at least one, by name")
    for name, data in datasets.items():
        if indicator not in data:
            raise BadInput(f'datasets: {name} has no {indicator} by month; simulate with record="series"')
    problem = same_futures(dict(datasets))
    if problem:
        raise BadInput(f"{problem}: regimes stand side by side only over the same futures and seed")
    months = min(int(data.sizes["month"]) for data in datasets.values())
    if window is None:
        window = min(12, months) if indicator in BY_YEAR else 1
    if not 1 <= window <= months:
        raise BadInput(f"window = {window}: must be from 1 to {months}")
    found = {name: series(data, indicator, window) for name, data in datasets.items()}
    medians = {name: (years, np.median(values, axis=0)) for name, (years, values) in found.items()}
    with styled():
        figure = _panels_of(found, medians, months, unit_words(indicators.SYSTEM[indicator].unit))
        first = next(iter(datasets.values()))
        note = small_print(
            int(first.sizes["future"]), str(first.attrs.get("seed", "")), "bands (half of the futures)"
        )
        note += ". Blue line: the regime's median; grey: all others'; dashed: the first regime's"
        if window > 1:
            note += f". Each point is the mean of the {window} months up to it"
        label = indicators.SYSTEM[indicator].label
        caption(figure, title or f"{label[:1].upper()}{label[1:]}", f"{note}.")
    return figure


def _panels_of(found: dict, medians: dict, months: int, unit: str) -> "Figure":
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    down = -(-len(found) // ACROSS)
    top, bottom = 0.78, 0.72
    height = top + bottom + down * PANEL + (down - 1) * GAP
    figure = new_figure(height)
    across = min(ACROSS, len(found))
    grid = figure.add_gridspec(
        down,
        across,
        left=0.085,
        right=0.98,
        top=1 - top / height,
        bottom=bottom / height,
        wspace=0.1,
        hspace=GAP / PANEL,
    )
    baseline = next(iter(found))
    axes = shared = None
    for number, (name, (years, values)) in enumerate(found.items()):
        row, column = divmod(number, across)
        axes = figure.add_subplot(grid[row, column], sharex=shared, sharey=shared)
        shared = shared or axes
        for other, line in medians.items():
            if other != name:
                axes.plot(*line, color=GREY, lw=0.6, zorder=1)
        if name != baseline:
            axes.plot(*medians[baseline], color=INK, lw=0.9, ls=(0, (4, 2)), zorder=2)
        axes.fill_between(
            years, *np.quantile(values, HALF, axis=0), color=COLOURS[0], alpha=0.25, lw=0, zorder=1.5
        )
        axes.plot(*medians[name], color=COLOURS[0], lw=1.5, zorder=3)
        axes.set_title(
            textwrap.fill(textwrap.shorten(name, 46, placeholder=" …"), 22),
            size=6.2,
            loc="left",
            pad=3,
            linespacing=1.05,
        )
        axes.tick_params(labelsize=6.5, labelleft=column == 0, labelbottom=number + across >= len(found))
        axes.grid(axis="y")
    if shared is not None:
        left, right = APRIL_2016, APRIL_2016 + max(1, months - 1) / 12.0
        low, high = shared.get_ylim()
        years = MaxNLocator(3, steps=[1, 2, 4, 5, 10], integer=right - left > 2.0).tick_values(left, right)
        shared.set_xticks([year for year in years if left <= year <= right])
        shared.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:g}"))
        shared.set_yticks([tick for tick in MaxNLocator(3).tick_values(low, high) if low <= tick <= high])
        shared.set_xlim(left, right)
        shared.set_ylim(low, high)
    figure.text(0.012, 1 - 0.36 / height, unit, size=7, color=FAINT, va="top")
    return figure
