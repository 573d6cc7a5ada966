"""Draws an outcome along something that varies: one line per case, one panel and axis per outcome."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.outcomes import with_unit
from sim.figures.canvas import COLOURS, FAINT, PATTERNS, WIDTH, caption, label_ends, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEFT, RIGHT, GAP = 0.5, 1.05, 0.62  # inches
TOP, PANEL, BOTTOM, BETWEEN = 0.86, 1.45, 0.95, 0.62
ACROSS = 3


def curves_chart(
    table: pd.DataFrame,
    title: str,
    along: str,
    note: str,
    heads: Mapping[str, str] | None = None,
    zero: bool = False,
) -> "Figure":
    """Draws one panel per outcome and one line per case, with the interval of its mean as a band; lines are
    named at their ends in the last panel of a row.

    `table` has columns outcome, case, x, mean, low, high. `heads`: titles of panels by outcome, instead of
    the outcome's own words. `zero`: the table holds differences, so a line marks 0.
    """
    outcomes, cases = list(dict.fromkeys(table["outcome"])), list(dict.fromkeys(table["case"]))
    columns = 2 if len(outcomes) == 4 else min(ACROSS, len(outcomes))
    down = -(-len(outcomes) // columns)
    wide = (WIDTH - LEFT - RIGHT - GAP * (columns - 1)) / columns
    height = TOP + BOTTOM + down * PANEL + (down - 1) * BETWEEN
    with styled():
        figure = new_figure(height)
        for place, outcome in enumerate(outcomes):
            row, column = divmod(place, columns)
            axes = figure.add_axes(
                (
                    (LEFT + column * (wide + GAP)) / WIDTH,
                    1 - (TOP + row * (PANEL + BETWEEN) + PANEL) / height,
                    wide / WIDTH,
                    PANEL / height,
                )
            )
            _lines(axes, table[table["outcome"] == outcome], cases, zero)
            words = (heads or {}).get(outcome) or with_unit(outcome)
            axes.set_title(textwrap.fill(words, max(16, int(wide / 0.068))), size=7.5, pad=4)
            if column == columns - 1 or place == len(outcomes) - 1:
                _name(axes, table[table["outcome"] == outcome], cases)
        middle = (LEFT + (WIDTH - RIGHT)) / 2 / WIDTH
        figure.text(middle, 0.58 / height, along, ha="center", va="center", size=8)
        caption(figure, title, note)
    return figure


def _lines(axes: "Axes", part: pd.DataFrame, cases: Sequence[str], zero: bool) -> None:
    from matplotlib.ticker import MaxNLocator

    for at, case in enumerate(cases):
        line = part[part["case"] == case].sort_values("x")
        x = line["x"].to_numpy(float)
        axes.fill_between(
            x,
            line["low"].to_numpy(float),
            line["high"].to_numpy(float),
            color=COLOURS[at % len(COLOURS)],
            alpha=0.13,
            lw=0,
        )
        axes.plot(
            x,
            line["mean"],
            color=COLOURS[at % len(COLOURS)],
            ls=PATTERNS[at % len(PATTERNS)],
            lw=1.3,
            marker="o" if len(x) <= 12 else None,
            ms=2.6,
        )
    if zero:
        axes.axhline(0, color=FAINT, lw=0.7, zorder=0.5)
    axes.grid(axis="y")
    axes.yaxis.set_major_locator(MaxNLocator(4))
    levels = sorted(part["x"].unique())
    if len(levels) <= 8:
        axes.set_xticks(levels, [f"{level:g}" for level in levels])
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.tick_params(labelsize=6.8)


def _name(axes: "Axes", part: pd.DataFrame, cases: Sequence[str]) -> None:
    last = {case: part[part["case"] == case].sort_values("x")["mean"].to_numpy(float) for case in cases}
    ends = [
        (float(values[-1]), textwrap.fill(case, 19), COLOURS[at % len(COLOURS)])
        for at, (case, values) in enumerate(last.items())
        if values.size and np.isfinite(values[-1])
    ]
    label_ends(axes, axes.get_xlim()[1], ends, 6.5)
