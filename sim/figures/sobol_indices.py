"""Draws Sobol indices as dots with intervals, and a map of the total order: the share of an outcome's
variance for which each factor accounts.
"""

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.tables import rows_of
from sim.figures.canvas import COLOURS, FAINT, INK, WIDTH, caption, name_row, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW, CELL = 0.2, 0.19  # inches per factor: dots, map
PALE, GREY = "#ececec", "#bdbdbd"
LEFT_IN, RIGHT_IN = 1.42, 0.12  # inches beside rows of panels that share the names of factors


def sobol_chart(
    sobol: pd.DataFrame, chance: pd.DataFrame, labels: Mapping[str, str], small: str = ""
) -> "Figure":
    """Draws first- and total-order indices with their intervals: one column per outcome (up to six), one row
    of panels per regime (up to two).

    Filled: total order; open: first order; upright strokes: the part of the total order that is luck because
    futures are few.
    """
    regimes, outcomes, factors = list(labels), list(dict.fromkeys(sobol["outcome"])), _ranked(sobol)
    panel, gap, top, bottom = ROW * len(factors) + 0.1, 0.66, 1.12, 0.84
    height = top + bottom + len(regimes) * panel + (len(regimes) - 1) * gap
    whiskers = float(np.nanmax(sobol[["total_high", "first_high"]].to_numpy(), initial=0.0))
    dots = sobol[["total", "first"]].to_numpy()  # every dot is shown in full, even if a whisker is cut off
    reach = max(0.1, min(1.0, whiskers), float(np.nanmax(dots, initial=0.0)))
    span = (min(0.0, float(np.nanmin(dots, initial=0.0))) - 0.06 * reach, 1.04 * reach)
    shares = chance.set_index(["regime", "outcome"])["share"]
    with styled():
        figure = new_figure(height)
        width = (WIDTH - LEFT_IN - RIGHT_IN) / len(outcomes)
        for down, regime in enumerate(regimes):
            base = 1 - (top + down * (panel + gap) + panel) / height
            words = textwrap.fill(textwrap.shorten(labels[regime], 78, placeholder=" …"), 20)
            figure.text(
                0.012,
                base + (panel + 0.04) / height,
                words,
                size=7.5,
                weight="bold",
                va="bottom",
                linespacing=1.05,
            )
            for column, outcome in enumerate(outcomes):
                axes = figure.add_axes(
                    ((LEFT_IN + column * width) / WIDTH, base, (width - 0.12) / WIDTH, panel / height)
                )
                part = (
                    sobol[(sobol["regime"] == regime) & (sobol["outcome"] == outcome)]
                    .set_index("factor")
                    .loc[factors]
                )
                _dots(axes, part, span, shares.get((regime, outcome), np.nan))
                if column == 0:
                    for place, factor in enumerate(factors):
                        name_row(axes, place, part.loc[factor, "label"])
                if down == 0:
                    _head(axes, part["outcome_label"].iloc[0], width, 16)
        figure.text(
            (LEFT_IN + (WIDTH - LEFT_IN - RIGHT_IN) / 2) / WIDTH,
            0.56 / height,
            "share of the variance of the mean over futures",
            ha="center",
            size=7.5,
        )
        note = (
            f"{small}Filled: total order, with interactions; open: first order, alone; grey: a total below "
            "0.01. Lines: 95 % "
        )
        note += (
            "intervals. Upright strokes: what luck adds to a total, where more than 0.02. Chance: luck's "
            "share of a run's variance."
        )
        caption(figure, "How much of an outcome's variance each factor accounts for", note.strip())
    return figure


def _dots(axes: "Axes", part: pd.DataFrame, span: tuple[float, float], share: float) -> None:
    """Draws one regime and outcome: two dots and their intervals for each factor."""
    for place, row in enumerate(rows_of(part)):
        axes.axhline(place, color=PALE, lw=0.5, zorder=0)
        if not np.isfinite(row.total):
            continue
        blue, ink = (COLOURS[0], INK) if row.total >= 0.01 else (GREY, GREY)
        axes.plot(
            [row.total_low, row.total_high],
            [place - 0.16] * 2,
            color=blue,
            lw=1.6,
            solid_capstyle="butt",
            zorder=2,
        )
        axes.plot([row.total], [place - 0.16], "o", ms=3.6, color=blue, zorder=3)
        axes.plot([row.first_low, row.first_high], [place + 0.2] * 2, color=ink, lw=0.8, zorder=2)
        axes.plot([row.first], [place + 0.2], "o", ms=3.2, mew=0.8, color=ink, mfc="white", zorder=3)
        if row.total_chance > 0.02:
            axes.plot(
                [row.total_chance] * 2, [place - 0.4, place + 0.08], color=COLOURS[1], lw=1.2, zorder=3.5
            )
    axes.set_ylim(len(part) - 0.4, -0.6)
    axes.axvline(0.0, color=INK, lw=0.6, zorder=0.6)
    reach = span[1]
    step = 0.5 if reach > 0.5 else 0.2 if reach > 0.2 else 0.1
    ticks = [step * k for k in range(3) if step * k <= reach]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_xlim(*span)
    axes.tick_params(axis="x", labelsize=6.5, pad=2)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    words = f"chance {share:.0%}" if np.isfinite(share) else "does not vary"
    axes.annotate(
        words,
        (0, 1),
        (0, 3),
        xycoords="axes fraction",
        textcoords="offset points",
        size=6.5,
        color=FAINT,
        annotation_clip=False,
    )


def heat_map(
    sobol: pd.DataFrame, chance: pd.DataFrame, labels: Mapping[str, str], small: str = ""
) -> "Figure":
    """Draws total-order indices, factor by outcome (up to six), one map per regime (up to two), and below
    each the share of chance. The numbers stand in the fields, in grey where they are not clear of chance.
    """
    regimes, outcomes, factors = list(labels), list(dict.fromkeys(sobol["outcome"])), _ranked(sobol)
    panel, gap, top, bottom = CELL * (len(factors) + 1.4), 0.38, 1.06, 0.56
    height = top + bottom + len(regimes) * panel + (len(regimes) - 1) * gap
    shares = chance.set_index(["regime", "outcome"])["share"]
    named = sobol.drop_duplicates("factor").set_index("factor")["label"]
    with styled():
        figure = new_figure(height)
        wide = WIDTH - LEFT_IN - RIGHT_IN
        for down, regime in enumerate(regimes):
            base = 1 - (top + down * (panel + gap) + panel) / height
            axes = figure.add_axes((LEFT_IN / WIDTH, base, wide / WIDTH, panel / height))
            part = sobol[sobol["regime"] == regime].set_index(["factor", "outcome"])
            for column, outcome in enumerate(outcomes):
                for place, factor in enumerate(factors):
                    row: Any = part.loc[(factor, outcome)]
                    _field(axes, column, place, float(row["total"]), bool(row["clear"]))
                _field(
                    axes,
                    column,
                    len(factors) + 0.4,
                    float(shares.get((regime, outcome), np.nan)),
                    True,
                    per_cent=True,
                )
                if down == 0:
                    words = part.xs(outcome, level="outcome")["outcome_label"].iloc[0]
                    _head(axes, words, wide / len(outcomes), 18, column / len(outcomes))
            for place, factor in enumerate(factors):
                name_row(axes, place, named[factor])
            name_row(axes, len(factors) + 0.4, "chance in a single run", FAINT)
            axes.set(xlim=(-0.5, len(outcomes) - 0.5), ylim=(len(factors) + 0.9, -0.5), xticks=[], yticks=[])
            for spine in axes.spines.values():
                spine.set_visible(False)
            axes.annotate(
                labels[regime],
                (0, 1),
                (-LEFT_IN * 72 + 6, 4),
                xycoords="axes fraction",
                textcoords="offset points",
                size=8,
                weight="bold",
                annotation_clip=False,
            )
        note = (
            f"{small}Fields: share of the variance of the mean over futures that a factor accounts for "
            "with all interactions; these "
        )
        note += (
            "may add up to more than 1. In grey: not clear of chance. Last row: how much of a single run's "
            "variance is luck."
        )
        caption(figure, "Total-order sensitivity, by factor and outcome", note.strip())
    return figure


def _field(
    axes: "Axes", column: float, place: float, value: float, clear: bool, per_cent: bool = False
) -> None:
    """Draws one field of the map: darker for more."""
    from matplotlib import colormaps
    from matplotlib.patches import Rectangle

    shade = min(1.0, max(0.0, value)) if np.isfinite(value) else 0.0
    fill: Any = "white" if per_cent else colormaps["Blues"](0.92 * shade)
    axes.add_patch(Rectangle((column - 0.48, place - 0.46), 0.96, 0.92, fc=fill, ec=PALE, lw=0.5))
    words = "–" if not np.isfinite(value) else f"{value:.0%}" if per_cent else f"{max(0.0, value):.2f}"
    ink = "white" if shade > 0.6 and not per_cent else INK if clear else "#8c8c8c"
    axes.text(column, place, words, ha="center", va="center", size=7, color=ink)


def _ranked(sobol: pd.DataFrame) -> list[str]:
    """Returns the factors; those that account for most on average come first."""
    mean = (
        sobol["total"]
        .fillna(0.0)
        .groupby(sobol["factor"], sort=False)
        .mean()
        .sort_values(ascending=False, kind="stable")
    )
    return [str(factor) for factor in mean.index]


def _head(axes: "Axes", words: str, inches: float, above: float, across: float = 0.0) -> None:
    """Writes an outcome's words above its column, in as many lines as they need."""
    text = textwrap.fill(words, max(9, int(inches / 0.066)), break_long_words=False)
    axes.annotate(
        text,
        (across, 1),
        (0, above),
        xycoords="axes fraction",
        textcoords="offset points",
        size=7,
        va="bottom",
        linespacing=1.1,
        annotation_clip=False,
    )
