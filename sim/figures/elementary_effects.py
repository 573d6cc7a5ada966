"""Draws Morris' elementary effects as bars: which factors move an outcome at all."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.tables import rows_of
from sim.figures.canvas import COLOURS, FAINT, INK, WIDTH, caption, name_row, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 10  # factors in a panel
FILLS = ("#4f9bcb", "#d3e6f3")  # dark and light tell regimes apart in grey
BAR = 0.19  # inches per factor
LEFT_IN, RIGHT_IN = 1.42, 0.12  # inches beside the panels, for the names of factors


def morris_chart(morris: pd.DataFrame, labels: Mapping[str, str], small: str = "") -> "Figure":
    """Draws the mean size of elementary effects: one panel per outcome (up to six), each with its ten largest
    factors, and one bar per regime (up to two).

    Lines are intervals; an upright stroke shows what chance alone would give; a name in grey is nowhere clear
    of chance. `labels` name the regimes for people; `small` begins the small print.
    """
    from matplotlib.patches import Patch

    regimes, outcomes = list(labels), list(dict.fromkeys(morris["outcome"]))
    across = min(2, len(outcomes))
    down = -(-len(outcomes) // across)
    shown = min(MOST, morris["factor"].nunique())
    panel, gap, top, bottom = BAR * shown + 0.08, 0.62, 0.9, 0.84
    height = top + bottom + down * panel + (down - 1) * gap
    with styled():
        figure = new_figure(height)
        room = (WIDTH - RIGHT_IN) / across
        for at, outcome in enumerate(outcomes):
            row, column = divmod(at, across)
            axes = figure.add_axes(
                (
                    (column * room + LEFT_IN) / WIDTH,
                    1 - (top + row * (panel + gap) + panel) / height,
                    (room - LEFT_IN - 0.12) / WIDTH,
                    panel / height,
                )
            )
            _bars(axes, morris[morris["outcome"] == outcome], regimes, shown)
        handles = [
            Patch(fc=fill, ec=INK, lw=0.5, label=words)
            for fill, words in zip(FILLS, labels.values(), strict=False)
        ]
        figure.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(0.004, 1 - 0.36 / height),
            ncol=2,
            frameon=False,
            fontsize=7.5,
            handlelength=1.4,
            columnspacing=1.5,
        )
        paths = morris["trajectories"].max()
        note = (
            f"{small}Morris' mu*: mean size of the change as a factor goes through its whole range, over "
            f"{paths} "
        )
        note += (
            "trajectories through the ranges of all others. Lines: 95 % intervals. Upright strokes: what "
            "chance alone would "
        )
        note += f"give; names in grey: not clear of it. {_of(shown, morris['factor'].nunique())}"
        caption(figure, "Which factors move an outcome at all", note.strip())
    return figure


def _bars(axes: "Axes", part: pd.DataFrame, regimes: Sequence[str], shown: int) -> None:
    """Draws one outcome: the largest factors, each with one bar per regime."""
    from matplotlib.ticker import MaxNLocator

    size = (
        part["mu_star"]
        .fillna(0.0)
        .groupby(part["factor"], sort=False)
        .max()
        .sort_values(ascending=False, kind="stable")
    )
    order = list(size.index[:shown])
    clear = part.groupby("factor")["clear"].any()
    thick = 0.78 / len(regimes)
    named = part.drop_duplicates("factor").set_index("factor")["label"]
    for place, factor in enumerate(order):
        name_row(axes, place, named[factor], INK if clear[factor] else FAINT)
        for row in rows_of(part[part["factor"] == factor]):
            at = place - 0.39 + thick * (regimes.index(row.regime) + 0.5)
            axes.barh(
                at, row.mu_star, thick, color=FILLS[regimes.index(row.regime)], ec=INK, lw=0.4, zorder=1
            )
            axes.plot([row.low, row.high], [at, at], color=INK, lw=0.8, zorder=2)
            if row.chance > 0.01 * part["mu_star"].max():
                axes.plot(
                    [row.chance] * 2, [at - thick / 2, at + thick / 2], color=COLOURS[1], lw=1.4, zorder=3
                )
    axes.set_ylim(len(order) - 0.45, -0.55)
    axes.set_xlim(left=0.0)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.tick_params(axis="x", labelsize=6.5, pad=2)
    axes.set_yticks([])
    axes.spines["left"].set_position(("data", 0.0))
    first = part.iloc[0]
    axes.set_xlabel(f"change in {first['outcome_unit']}", size=6.5, labelpad=1.5)
    axes.annotate(
        first["outcome_label"],
        (0, 1),
        (-LEFT_IN * 72 + 10, 5),
        xycoords="axes fraction",
        textcoords="offset points",
        size=8,
        weight="bold",
        annotation_clip=False,
    )


def _of(shown: int, there: int) -> str:
    return f"Shown: the {shown} largest of {there} factors." if shown < there else ""
