"""Draws all patterns in one figure: in how many parameter sets each comes out, with every rule and without
the one that it should depend on.
"""

import math
import textwrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.tables import with_interval
from sim.analysis.verdicts import BUILT_IN, EMERGENT, FEW, FITTED, MOST, TAGS, as_they_are, without
from sim.figures.canvas import COLOURS, FAINT, INK, WIDTH, caption, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINE, GAP, HEAD = 0.125, 0.11, 0.27  # inches: a line of text, between rows, above a group of rows
TOP, BOTTOM = 0.34, 0.98
# inches from the left: start of the axes, their width, place of the numbers
LEFT, PLOT, RIGHT = 2.42, 1.62, 4.22
WORDS, NUMBERS = 42, 47  # letters per line, left and right
GREY = "#8c8c8c"
MARKERS = ("o", "s", "^")


def pattern_chart(patterns: pd.DataFrame, small: str = "") -> "Figure":
    """Draws the table of patterns: one row each, grouped by tag. Filled dots: all rules in force; open ones:
    one rule taken away. Lines are 95 % intervals; the size of the effect stands at the right. `small` begins
    the small print.
    """
    groups = {
        tag: [row for row in as_they_are(patterns) if row.tag == tag] for tag in (EMERGENT, FITTED, BUILT_IN)
    }
    groups = {tag: rows for tag, rows in groups.items() if rows}
    entries = {row.pattern: _entry(patterns, row) for rows in groups.values() for row in rows}
    height = (
        TOP + BOTTOM + len(groups) * HEAD + sum(GAP + LINE * entry["lines"] for entry in entries.values())
    )
    with styled():
        figure = new_figure(height)
        axes = figure.add_axes((LEFT / WIDTH, BOTTOM / height, PLOT / WIDTH, 1 - (TOP + BOTTOM) / height))
        _frame(axes, height - TOP - BOTTOM)
        at = 0.0
        for tag, rows in groups.items():
            at += HEAD
            _beside(axes, -LEFT + 0.08, at - 0.1, f"{tag.capitalize()}: {TAGS[tag]}", size=7.5, weight="bold")
            for row in rows:
                _row(axes, at + GAP / 2, entries[row.pattern])
                at += GAP + LINE * entries[row.pattern]["lines"]
                axes.axhline(at, color="#e8e8e8", lw=0.5, zorder=0)
        note = (
            f"{small}Filled: all rules in force; open: one rule taken away. Lines: 95 % intervals over "
            "parameter sets. Dotted: verdicts "
        )
        note += (
            f"need an interval above {MOST:g} or below {FEW:g}. Right: mean effect over sets, ± half its "
            "interval; what is left of it."
        )
        caption(figure, "Does the pattern come out, and does it hang on the rule?", note.strip())
    return figure


def _entry(patterns: pd.DataFrame, row: Any) -> dict[str, Any]:
    """Returns the content of a row: the sentence, the dots, the numbers."""
    others = without(patterns, row.pattern)
    sentence = textwrap.wrap(row.sentence, WORDS)
    numbers = [(_size(row, row.unit), INK)]
    for other in others:
        words = textwrap.wrap(f"{_size(other)} without {other.without}", NUMBERS, subsequent_indent="   ")
        numbers += [(line, FAINT) for line in words]
    return {
        "sentence": sentence,
        "verdict": row.verdict,
        "dots": [row, *others],
        "numbers": numbers,
        "lines": max(len(sentence) + 1, len(numbers), len(others) + 1),
    }


def _size(row: Any, unit: str = "") -> str:
    words = {"share": "", "share of futures": " of futures", "share of variance": " of variance"}.get(
        unit, f" {unit}" if unit else ""
    )
    return with_interval(row.effect, row.effect_low, row.effect_high, sign=True) + words


def _frame(axes: "Axes", inches: float) -> None:
    axes.set(xlim=(-0.03, 1.03), ylim=(inches, 0.0), yticks=[], xticks=[0.0, 0.25, 0.5, 0.75, 1.0])
    axes.set_xticklabels(["0", "", "½", "", "1"])
    axes.set_xlabel("share of parameter sets\nin which it comes out", size=7.5)
    axes.spines["left"].set_visible(False)
    for bound in (FEW, MOST):
        axes.axvline(bound, color=GREY, lw=0.6, ls=":", zorder=0.5)


def _row(axes: "Axes", top: float, entry: dict[str, Any]) -> None:
    for k, line in enumerate(entry["sentence"]):
        _beside(axes, -LEFT + 0.08, top + LINE * (k + 0.5), line)
    _beside(
        axes,
        -LEFT + 0.08,
        top + LINE * (len(entry["sentence"]) + 0.5),
        entry["verdict"],
        FAINT,
        style="italic",
    )
    for k, (line, colour) in enumerate(entry["numbers"]):
        _beside(axes, RIGHT - LEFT, top + LINE * (k + 0.5), line, colour)
    step = LINE * entry["lines"] / len(entry["dots"])
    for k, row in enumerate(entry["dots"]):
        height = top + step * (k + 0.5)
        colour = COLOURS[0] if k == 0 else GREY
        if math.isfinite(row.low):
            axes.plot(
                [row.low, row.high],
                [height] * 2,
                color=colour,
                lw=1.3 if k == 0 else 0.9,
                solid_capstyle="butt",
                zorder=2,
            )
        axes.plot(
            [row.probability],
            [height],
            MARKERS[k],
            ms=4.4,
            mew=1.0,
            color=colour,
            mfc=colour if k == 0 else "white",
            zorder=3,
            clip_on=False,
        )


def _beside(
    axes: "Axes", inches: float, height: float, words: str, colour: str = INK, size: float = 6.8, **how: Any
) -> None:
    """Writes text beside the axes, `inches` from their left edge."""
    axes.text(
        inches / PLOT,
        height,
        words,
        transform=axes.get_yaxis_transform(),
        size=size,
        color=colour,
        va="center",
        **how,
    )
