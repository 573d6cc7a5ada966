"""Differences with their intervals, one row each: between two scenarios, and when each partner in turn walks away."""

import math
import textwrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.canvas import BOTTOM, COLOURS, FAINT, INK, TOP, caption, new_figure, styled
from sim.analysis.outcomes import more_is_worse, with_unit
from sim.analysis.tables import rows_of, small_print, with_interval
from sim.problems import BadInput

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 0.235  # inches a row


def difference_chart(table: pd.DataFrame, baseline: str = "baseline", other: str = "other", title: str | None = None) -> "Figure":
    """The table of `compare` as a forest: a row an outcome, its mean paired difference with the interval.

    Units differ, so the horizontal axis shows each difference as a multiple of the standard deviation between
    futures (the `spread` column: luck alone); the same difference in the outcome's own unit stands at the
    right. Outcomes that never vary, or were counted in fewer than two pairs, have no place on the axis and
    show their numbers only. `baseline` and `other` are what people call the two scenarios. Raises BadInput
    for a table without rows.
    """
    if not len(table):
        raise BadInput("table: no outcome to show")
    rows = rows_of(table)
    with styled():
        figure, axes = _forest(len(rows), left=0.37, right=0.70)
        for height, row in enumerate(reversed(rows)):
            axes.text(-0.03, height, with_unit(row.outcome), transform=_across(axes), ha="right", va="center", size=7.5)
            words = with_interval(row.difference, row.low, row.high, sign=True)
            fewer = row.futures < table.attrs.get("futures", 0)
            axes.text(
                1.04, height, f"{words}  ({row.futures:,} futures)" if fewer else words, transform=_across(axes),
                ha="left", va="center", size=7.5,
            )  # fmt: skip
            if row.spread > 0 and math.isfinite(row.low):
                _whisker(axes, height, row.difference / row.spread, row.low / row.spread, row.high / row.spread)
        axes.text(1.04, len(rows) - 0.1, "in its own unit", transform=_across(axes), size=7, color=FAINT, va="center")
        _symmetric(axes)
        axes.set_xlabel("difference, in standard deviations between futures")
        axes.annotate(
            f"← lower under {other}", (0, len(rows) - 0.1), (-4, 0), textcoords="offset points", ha="right", va="center",
            size=7, color=FAINT, annotation_clip=False,
        )  # fmt: skip
        axes.annotate(
            "higher →", (0, len(rows) - 0.1), (4, 0), textcoords="offset points", ha="left", va="center", size=7,
            color=FAINT, annotation_clip=False,
        )  # fmt: skip
        note = small_print(table.attrs["futures"], table.attrs["seed"], f"{table.attrs['level']:.0%} intervals")
        caption(figure, title or f"{other} against {baseline}, the same futures", f"{note}. Paired by future.")
    return figure


def criticality_chart(table: pd.DataFrame, title: str | None = None, most: int = 20) -> "Figure":
    """The table of `criticality` as a forest: what each partner's leaving does to the outcome, most harmful on top.

    Shows the `most` first rows; open circles are those that chance does not tell apart from the first. Raises
    BadInput for a table without rows.
    """
    if not len(table):
        raise BadInput("table: no partner to show")
    attrs, rows = table.attrs, rows_of(table)[:most]
    with styled():
        figure, axes = _forest(len(rows), left=0.37, right=0.84, row=0.27)
        for height, row in enumerate(reversed(rows)):
            axes.text(
                -0.02, height, textwrap.fill(row.label, 40), transform=_across(axes), ha="right", va="center", size=7,
                linespacing=1.0,
            )  # fmt: skip
            _whisker(axes, height, row.difference, row.low, row.high, filled=not row.tied or row.partner == rows[0].partner)
            words = with_interval(row.difference, row.low, row.high, sign=True)
            axes.text(1.02, height, words, transform=_across(axes), ha="left", va="center", size=7)
        _with_zero(axes)
        name = attrs["outcome"]
        axes.set_xlabel(f"change in {with_unit(name)} when the partner leaves; {'right' if more_is_worse(name) else 'left'} is worse")
        note = small_print(attrs["futures"], attrs["seed"], f"{attrs['level']:.0%} intervals")
        extra = "Open circles: not told apart from the first by chance alone. " if sum(r.tied for r in rows) > 1 else ""
        extra += "CCG: clinical commissioning group. " if any("CCG" in row.label for row in rows) else ""
        left_out = len(table) - len(rows)
        extra += f"{left_out} less critical partners are not shown." if left_out > 0 else ""
        default = f"Who is missed most: each partner leaves in month {attrs['month']} ({attrs['regime_label'].lower()})"
        caption(figure, title or default, f"{note}. {extra}".strip())
    return figure


def _forest(rows: int, left: float, right: float, row: float = ROW) -> "tuple[Figure, Axes]":
    """A figure as high as its rows need, and its axes."""
    height = TOP + BOTTOM + row * rows
    figure = new_figure(height)
    axes = figure.add_axes((left, BOTTOM / height, right - left, 1 - (TOP + BOTTOM) / height))
    axes.set_ylim(-0.6, rows - 0.4)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    for height_ in range(rows):
        axes.axhline(height_, color="#eeeeee", lw=0.5, zorder=0)
    axes.axvline(0, color=INK, lw=0.7, zorder=0.6)
    return figure, axes


def _across(axes: "Axes") -> Any:
    """Horizontal shares of the axes, vertical data."""
    return axes.get_yaxis_transform()


def _whisker(axes: "Axes", height: float, mean: float, low: float, high: float, filled: bool = True) -> None:
    axes.plot([low, high], [height, height], color=COLOURS[0], lw=1.3, solid_capstyle="butt")
    axes.plot([mean], [height], marker="o", ms=4, mew=1.0, color=COLOURS[0], mfc=COLOURS[0] if filled else "white", ls="none")


def _symmetric(axes: "Axes") -> None:
    widest = max(abs(end) for end in axes.get_xlim())
    axes.set_xlim(-widest, widest)


def _with_zero(axes: "Axes") -> None:
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, -0.04 * (high - low)), max(high, 0.04 * (high - low)))
