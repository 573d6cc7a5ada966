"""Draws differences with their intervals, one per row: between two scenarios, or by partner that leaves."""

import math
import textwrap
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.ticker import MaxNLocator

from sim.analysis.outcomes import more_is_worse, with_unit
from sim.analysis.tables import counted, digits_for, rows_of, small_print, with_interval
from sim.figures.canvas import BOTTOM, COLOURS, FAINT, INK, TOP, caption, month_words, new_figure, styled
from sim.inputs.problems import BadInput

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 0.235  # inches per row


def difference_chart(
    table: pd.DataFrame, baseline: str = "baseline", other: str = "other", title: str | None = None
) -> "Figure":
    """Draws the table of `compare` as a forest: one row per outcome, its mean paired difference with the
    interval.

    Units differ, so the horizontal axis shows each difference as a multiple of the standard deviation between
    futures (the `spread` column: luck alone). The same difference in the outcome's own unit stands at the
    right. Outcomes that never vary, or were counted in fewer than two pairs, have no place on the axis and
    show only their numbers. Open circles: the interval includes 0. `baseline` and `other` name the two
    scenarios for people. Raises BadInput for a table without rows.
    """
    if not len(table):
        raise BadInput("table: no outcome to show")
    rows, attrs = rows_of(table), table.attrs
    with styled():
        figure, axes = _forest([with_unit(row.outcome) for row in rows], 0.37, 0.70, ROW, TOP - 0.1)
        for height, row in enumerate(reversed(rows)):
            words = with_interval(row.difference, row.low, row.high, sign=True)
            fewer = row.futures < attrs.get("futures", 0)
            _right_of(axes, height, f"{words}  ({counted(row.futures)})" if fewer else words)
            if row.spread > 0 and math.isfinite(row.low):
                ends = (row.difference / row.spread, row.low / row.spread, row.high / row.spread)
                _whisker(axes, height, *ends, filled=not row.low <= 0 <= row.high)
        _right_of(axes, len(rows) - 0.2, "in its own unit", FAINT)
        widest = max(abs(end) for end in axes.get_xlim())
        axes.set_xlim(-widest, widest)
        axes.set_xlabel("difference, in standard deviations between futures")
        for words, offset, side in ((f"← {other}: lower", -4, "right"), ("higher →", 4, "left")):
            axes.annotate(
                words,
                (0, len(rows) - 0.2),
                (offset, 0),
                textcoords="offset points",
                ha=side,
                va="center",
                size=7,
                color=FAINT,
                annotation_clip=False,
            )
        note = small_print(attrs["futures"], attrs["seed"], f"{attrs['level']:.0%} intervals")
        if any(row.low <= 0 <= row.high for row in rows):
            note += ". Open circles: intervals that include zero"
        caption(figure, title or f"{other} compared with {baseline}, future by future", f"{note}.")
    return figure


def criticality_chart(table: pd.DataFrame, title: str | None = None, most: int = 20) -> "Figure":
    """Draws the table of `criticality` as a forest: how each partner's leaving changes the outcome, most
    harmful on top.

    Shows the first `most` rows; open circles are partners that chance does not tell apart from the first.
    Raises BadInput for a table without rows.
    """
    if not len(table):
        raise BadInput("table: no partner to show")
    attrs, rows = table.attrs, rows_of(table)[:most]
    digits = max(digits_for((row.high - row.low) / 2) for row in rows)
    with styled():
        figure, axes = _forest([row.label for row in rows], 0.37, 0.83, 0.27, TOP - 0.12)
        for height, row in enumerate(reversed(rows)):
            _whisker(axes, height, row.difference, row.low, row.high, not row.tied or row is rows[0])
            _right_of(axes, height, with_interval(row.difference, row.low, row.high, True, digits))
        low, high = axes.get_xlim()
        axes.set_xlim(min(low, -0.04 * (high - low)), max(high, 0.04 * (high - low)))
        axes.xaxis.set_major_locator(MaxNLocator(5))
        worse = "right" if more_is_worse(attrs["outcome"]) else "left"
        axes.set_xlabel(f"change in {with_unit(attrs['outcome'])}")
        axes.annotate(
            "worse →" if worse == "right" else "← worse",
            (0, len(rows) - 0.2),
            (4 if worse == "right" else -4, 0),
            textcoords="offset points",
            ha="left" if worse == "right" else "right",
            va="center",
            size=7,
            color=FAINT,
            annotation_clip=False,
        )
        note = [small_print(attrs["futures"], attrs["seed"], f"{attrs['level']:.0%} intervals")]
        if sum(row.tied for row in rows) > 1:
            note.append("Open circles: chance alone does not tell them apart from the first")
        if any("CCG" in row.label for row in rows):
            note.append("CCG: clinical commissioning group")
        if len(table) > len(rows):
            note.append(f"Not shown: {len(table) - len(rows)} partners who are missed less")
        default = f"Who is missed most: what each partner's leaving changes, {month_words(attrs['month'])}"
        caption(figure, title or default, f"{attrs['regime_label']}. {'. '.join(note)}.")
    return figure


def values_chart(table: pd.DataFrame, title: str, axis: str, note: str, most: int = 20) -> "Figure":
    """Draws values with their intervals as a forest, in the order of the table: columns label, mean, low,
    high. Shows the first `most` rows; open circles: intervals that hold 0. Raises BadInput for a table
    without rows.
    """
    if not len(table):
        raise BadInput("table: nothing to show")
    rows = rows_of(table)[:most]
    with styled():
        figure, axes = _forest([row.label for row in rows], 0.37, 0.83, 0.25, TOP - 0.12)
        digits = max(digits_for((row.high - row.low) / 2) for row in rows)
        for height, row in enumerate(reversed(rows)):
            _whisker(axes, height, row.mean, row.low, row.high, filled=not row.low <= 0 <= row.high)
            _right_of(axes, height, with_interval(row.mean, row.low, row.high, True, digits))
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.set_xlabel(axis)
        left = f" Not shown: {len(table) - len(rows)} further bodies." if len(table) > len(rows) else ""
        caption(figure, title, f"{note}{left}")
    return figure


def _forest(names: list[str], left: float, right: float, row: float, top: float) -> "tuple[Figure, Axes]":
    """Makes a figure as high as its rows need, and its axes; names at the left, the first on top."""
    height = top + BOTTOM + row * len(names)
    figure = new_figure(height)
    axes = figure.add_axes((left, BOTTOM / height, right - left, 1 - (top + BOTTOM) / height))
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color=INK, lw=0.7, zorder=0.6)
    for place, name in enumerate(reversed(names)):
        axes.axhline(place, color="#e8e8e8", lw=0.5, zorder=0)
        axes.text(
            -0.03,
            place,
            textwrap.fill(name, 42),
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            size=7,
            linespacing=1.0,
        )
    return figure, axes


def _right_of(axes: "Axes", height: float, words: str, colour: str = INK) -> None:
    axes.text(1.03, height, words, transform=axes.get_yaxis_transform(), va="center", size=7, color=colour)


def _whisker(axes: "Axes", height: float, mean: float, low: float, high: float, filled: bool = True) -> None:
    axes.plot([low, high], [height, height], color=COLOURS[0], lw=1.3, solid_capstyle="butt")
    inside = COLOURS[0] if filled else "white"
    axes.plot([mean], [height], marker="o", ms=4, mew=1.0, color=COLOURS[0], mfc=inside, ls="none")
