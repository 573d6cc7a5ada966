"""Draws differences over parameter sets and futures as rows of dots: one column per outcome, with its own
axis.

    outcomes = ["integration_mean", "trust_mean"]
    figure = contrast_chart(table, "Which part of a regime does what", outcomes, note)

The table is that of `uncertain.differences` with a column `row` (the words at the left) and, if rows form
groups, `group`.
"""

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.tables import counted, rows_of
from sim.analysis.uncertain import OVER
from sim.figures.canvas import COLOURS, FAINT, INK, WIDTH, caption, new_figure, styled
from sim.figures.many_regimes import head_column, round_ticks
from sim.inputs.problems import BadInput

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACROSS = 6  # outcomes side by side
ROW, HEADING = 0.25, 0.24  # inches
ABOVE, BELOW = 1.02, 0.82
LEFT, RIGHT = 0.27, 0.985
RANGE, BAND = "#b5b5b5", "#efefef"


def pages(outcomes: Sequence[str]) -> list[list[str]]:
    """Splits outcomes over as few figures as possible, about as many in each."""
    count = max(1, math.ceil(len(outcomes) / ACROSS))
    step = math.ceil(len(outcomes) / count)
    return [list(outcomes[at : at + step]) for at in range(0, len(outcomes), step)]


def small_print_of(table: pd.DataFrame) -> str:
    """Returns the small print of figures over parameter sets: how many sets and futures."""
    return over(int(table["sets"].max()), int(table["futures"].max()))


def over(sets: int, futures: int) -> str:
    """Returns '60 parameter sets, 6 futures of each; intervals over parameter sets and futures'."""
    if sets == 1:
        return f"one parameter set, {counted(futures)}; intervals show chance alone"
    return f"{sets:,} parameter sets, {counted(futures)} of each; intervals {OVER}"


def contrast_chart(table: pd.DataFrame, title: str, outcomes: Sequence[str], note: str = "") -> "Figure":
    """Draws up to six outcomes side by side, one row per difference: the mean, its interval, and the range
    that holds nine parameter sets in ten.

    The number at each dot is the share of sets, out of 100, in which the outcome is higher. The grey band
    marks differences too small to care about; open circles mark intervals that hold 0. Raises BadInput for
    too many outcomes, or none that the table holds.
    """
    held = list(dict.fromkeys(table["outcome"]))
    if not 1 <= len(outcomes) <= ACROSS or any(name not in held for name in outcomes):
        raise BadInput(f"outcomes = {list(outcomes)}: a figure shows from 1 to {ACROSS} of {', '.join(held)}")
    lines = _lines(table)
    with styled():
        height = ABOVE + BELOW + sum(ROW if row else HEADING for _, row in lines)
        figure = new_figure(height)
        grid = figure.add_gridspec(
            1,
            len(outcomes),
            left=LEFT,
            right=RIGHT,
            top=1 - ABOVE / height,
            bottom=BELOW / height,
            wspace=0.14,
        )
        for column, outcome in enumerate(outcomes):
            axes = figure.add_subplot(grid[0, column])
            _column(axes, table[table["outcome"] == outcome], lines)
            head_column(axes, outcome)
            if column == 0:
                _names(axes, lines)
        below = (
            f"{small_print_of(table)}. Thick lines: 95 % intervals of the mean; thin: nine sets in ten; "
            "open circles: intervals that "
        )
        below += (
            "hold 0. Numbers: in how many sets of 100 it is higher (=: the same in all). Grey band: less "
            "than is worth caring about "
        )
        below += "(an assumption)."
        caption(figure, title, f"{note} {below}".strip())
    return figure


def _lines(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Returns the words at the left, from the top: (group, '') for a heading, (group, row) for a row."""
    groups = table["group"] if "group" in table else pd.Series("", index=table.index)
    pairs = list(dict.fromkeys(zip(groups, table["row"], strict=True)))
    found: list[tuple[str, str]] = []
    for group, row in pairs:
        if group and (group, "") not in found:
            found.append((group, ""))
        found.append((group, row))
    return found


def _heights(lines: Sequence[tuple[str, str]]) -> list[float]:
    """Returns the middle of each line, in inches from the top."""
    sizes = [ROW if row else HEADING for _, row in lines]
    return [sum(sizes[:at]) + size / 2 for at, size in enumerate(sizes)]


def _names(axes: "Axes", lines: Sequence[tuple[str, str]]) -> None:
    from matplotlib.transforms import blended_transform_factory

    across = blended_transform_factory(axes.figure.transFigure, axes.transData)
    for (group, row), at in zip(lines, _heights(lines), strict=True):
        words = textwrap.fill(textwrap.shorten(row or group, 68, placeholder=" …"), 34 if row else 60)
        axes.text(
            0.012 if not row else LEFT - 0.012,
            at,
            words,
            transform=across,
            ha="right" if row else "left",
            va="center",
            size=6.4 if row else 7.2,
            weight="normal" if row else "bold",
            linespacing=0.95,
        )


def _column(axes: "Axes", part: pd.DataFrame, lines: Sequence[tuple[str, str]]) -> None:
    """Draws one outcome: a dot, its interval and its range for each line."""
    groups = part["group"] if "group" in part else pd.Series("", index=part.index)
    rows = {(group, row.row): row for group, row in zip(groups, rows_of(part), strict=True)}
    heights = _heights(lines)
    axes.set_ylim(sum(ROW if row else HEADING for _, row in lines), -0.04)
    size = float(part["worth"].iloc[0])
    low, high = _reach(part, size)
    axes.set_xlim(low, high)
    if size:
        axes.axvspan(-size, size, color=BAND, lw=0, zorder=0)
    axes.axvline(0, color=INK, lw=0.6, zorder=0.6)
    for line, at in zip(lines, heights, strict=True):
        if line in rows:
            _dot(axes, rows[line], at)
    if not np.isfinite(part["mean"]).any():
        axes.text(0, 0.02, " nothing to count", size=6, color=FAINT, transform=axes.get_xaxis_transform())
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    ticks = round_ticks(low, high, axes.get_position().width * WIDTH)
    axes.set_xticks(ticks, [f"{tick:g}".replace("-", "−") for tick in ticks])
    axes.set_xlim(low, high)
    axes.tick_params(axis="x", labelsize=6.3)


def _reach(part: pd.DataFrame, size: float) -> tuple[float, float]:
    """Returns the ends of an axis. It covers everything drawn and the band of differences too small to care
    about, so that small differences look small.
    """
    drawn = part[["low", "high", "p05", "p95", "mean"]].to_numpy(float)
    ends = np.append(drawn[np.isfinite(drawn)], [-size, size])
    low, high = float(ends.min()), float(ends.max())
    pad = 0.06 * (high - low) or 1.0
    return low - pad, high + pad


def _dot(axes: "Axes", row: object, at: float) -> None:
    from matplotlib.patheffects import withStroke

    mean, low, high = row.mean, row.low, row.high  # type: ignore[attr-defined]
    axes.axhline(at, color="#f0f0f0", lw=0.4, zorder=0.1)
    if not math.isfinite(mean):
        return
    place = at + 0.03
    axes.plot([row.p05, row.p95], [place, place], color=RANGE, lw=1.0, zorder=1)  # type: ignore[attr-defined]
    holds = not math.isfinite(low) or low <= 0.0 <= high
    if math.isfinite(low):
        axes.plot([low, high], [place, place], color=COLOURS[0], lw=2.4, solid_capstyle="butt", zorder=2)
    axes.plot(
        [mean],
        [place],
        "o",
        ms=3.4,
        mew=0.9,
        color=COLOURS[0],
        mfc="white" if holds else COLOURS[0],
        zorder=3,
    )
    share = row.probability  # type: ignore[attr-defined]
    left, right = axes.get_xlim()
    inside = min(max(mean, left + 0.08 * (right - left)), right - 0.08 * (right - left))
    words = "=" if row.p05 == row.p95 == mean == 0.0 else f"{100 * share:.0f}"  # type: ignore[attr-defined]
    axes.text(
        inside,
        at - 0.045,
        words,
        size=5,
        color=FAINT,
        ha="center",
        va="bottom",
        zorder=4,
        path_effects=[withStroke(linewidth=1.4, foreground="white")],
    )
