"""Figures of a calibration: targets beside predictions, parameters before and after, and their profiles.

Each takes tables of `sim.studies.calibration.tables`.
"""

import textwrap
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.tables import number, rows_of
from sim.figures.canvas import COLOURS, FAINT, INK, WIDTH, caption, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

REACH = 6.0  # standard deviations shown on either side
ROW = 0.34  # inches per target
ACROSS, MOST = 4, 20  # panels of parameters side by side, and in all
PANEL, GAP = 0.78, 0.62  # inches: a panel's height, and between rows
PALE, GREY = "#ececec", "#9a9a9a"


def targets_chart(targets: pd.DataFrame, cutoff: float) -> "Figure":
    """Draws one row per target: how far predicted histories of England lie from the record, in standard
    deviations of all uncertainty. Predictions are those of the whole range, of the set, and of the configured
    parameters.
    """
    top, bottom = 0.86, 0.86
    height = top + bottom + ROW * len(targets)
    with styled():
        figure = new_figure(height)
        left, right = 2.72 / WIDTH, 1 - 0.92 / WIDTH
        axes = figure.add_axes((left, bottom / height, right - left, 1 - (top + bottom) / height))
        axes.axvspan(-cutoff, cutoff, color=PALE, zorder=0)
        axes.axvline(0.0, color=INK, lw=0.8, zorder=1)
        for place, row in enumerate(rows_of(targets)):
            scale = float(
                np.sqrt(row.observed_sd**2 + row.discrepancy_sd**2 + np.nan_to_num(row.luck_sd) ** 2)
            )
            _line(axes, place - 0.17, (row.range_p05, row.range_p95), row.value, scale, GREY, 1.0)
            _line(axes, place + 0.13, (row.set_p05, row.set_p95), row.value, scale, COLOURS[0], 3.2)
            axes.plot(
                _at(row.set_p50, row.value, scale),
                place + 0.13,
                "o",
                ms=4,
                color=COLOURS[0],
                mec="white",
                mew=0.7,
                zorder=4,
            )
            axes.plot(
                _at(row.configured, row.value, scale),
                place - 0.17,
                "D",
                ms=3.6,
                mfc="white",
                mec=COLOURS[1],
                mew=1.1,
                zorder=4,
            )
            words = textwrap.fill(row.label[:1].upper() + row.label[1:], 46)
            axes.annotate(
                words,
                (0, place),
                (-5, 0),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                ha="right",
                va="center",
                size=6.8,
                linespacing=1.05,
                annotation_clip=False,
            )
            axes.annotate(
                f"{number(row.value)} {_short(row.unit)}",
                (1, place),
                (5, 0),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                va="center",
                size=6.8,
                annotation_clip=False,
            )
        axes.set(xlim=(-REACH, REACH), ylim=(len(targets) - 0.5, -0.5), yticks=[])
        axes.set_xlabel("standard deviations below and above the record", labelpad=2)
        axes.spines["left"].set_visible(False)
        for x, words, where in (
            (0.0, "record", "center"),
            (-REACH, "model below", "left"),
            (REACH, "model above", "right"),
        ):
            axes.annotate(
                words,
                (x, 1),
                (0, 4),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                ha=where,
                size=7,
                color=INK if where == "center" else FAINT,
                annotation_clip=False,
            )
        _legend(figure)
        note = (
            "Lines hold nine histories of England in ten, over parameters and luck; arrows: farther than "
            "shown. A standard deviation "
        )
        note += (
            "holds observation, luck, and the discrepancy that this model is granted (an assumption). "
            f"Grey field: up to {cutoff:g}, "
        )
        note += (
            "within which nothing is ruled out. Of CCG mergers the model knows those of its own rules, not "
            "the policy of 2019."
        )
        caption(figure, "England's record, and what the model says of it", note)
    return figure


def _short(unit: str) -> str:
    return {
        "share of acute care": "share",
        "share of trusts": "share",
        "share a council and year": "a year",
        "share a year": "a year",
        "GBP m": "GBP million",
    }.get(unit, unit)


def _at(value: float, record: float, scale: float) -> float:
    return float(np.clip((value - record) / scale, -REACH + 0.12, REACH - 0.12))


def _line(
    axes: "Axes",
    place: float,
    ends: tuple[float, float],
    record: float,
    scale: float,
    colour: str,
    width: float,
) -> None:
    """Draws an interval, with an arrow head if it goes beyond the edge of the panel."""
    low, high = ((end - record) / scale for end in ends)
    shown = np.clip([low, high], -REACH, REACH)
    axes.plot(shown, [place, place], color=colour, lw=width, solid_capstyle="butt", zorder=2)
    for value, edge, mark in ((low, -REACH, "<"), (high, REACH, ">")):
        if abs(value) > REACH and np.sign(value) == np.sign(edge):
            axes.plot([edge], [place], mark, ms=4, color=colour, clip_on=False, zorder=3)


def _legend(figure: "Figure") -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=GREY, lw=1.0, label="whole plausible range"),
        Line2D(
            [],
            [],
            color=COLOURS[0],
            lw=3.2,
            marker="o",
            mec="white",
            mew=0.7,
            ms=5,
            label="the set that is left",
        ),
        Line2D([], [], ls="", marker="D", ms=4, mfc="white", mec=COLOURS[1], mew=1.1, label="as configured"),
    ]
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0.004, 1 - 0.32 / figure.get_figheight()),
        ncol=3,
        frameon=False,
        fontsize=7.5,
        handlelength=2.0,
        columnspacing=1.5,
    )


def parameters_chart(parameters: pd.DataFrame, profiles: pd.DataFrame) -> "Figure":
    """Draws the parameters that the record narrows most (up to twenty): how the set lies over the plausible
    range, over which it was flat before.
    """
    shown = parameters.head(MOST)
    known = int(parameters["identified"].sum())
    with styled():
        figure, boxes = _grid(len(shown))
        for axes, row in zip(boxes, rows_of(shown), strict=True):
            part = profiles[profiles["parameter"] == row.parameter]
            step = (row.high - row.low) / len(part)
            density = part["members"] / max(1, part["members"].sum()) * len(part)
            fill, edge = ("#8fbfdd", COLOURS[0]) if row.identified else (PALE, GREY)
            axes.bar(part["middle"], density, step * 0.94, color=fill, ec=edge, lw=0.4)
            axes.axhline(1.0, color=INK, lw=0.8, ls="--", zorder=3)
            axes.plot(
                [row.configured],
                [0.0],
                "^",
                ms=5,
                mfc=COLOURS[1],
                mec="white",
                mew=0.6,
                clip_on=False,
                zorder=4,
            )
            axes.set_ylim(0.0, 3.0)
            axes.set_yticks([0, 1, 2, 3])
            _panel(axes, row)
        note = (
            "Bars: how many members of the set lie in each tenth of the plausible range, where all tenths "
            "had as many before (dashed: "
        )
        note += (
            f"1). Triangle: as configured. Of {len(parameters)} parameters {known} are clearly not as "
            "before (blue)."
        )
        caption(figure, "What the record says of the parameters, and of which it says nothing", note)
    return figure


def profiles_chart(parameters: pd.DataFrame, profiles: pd.DataFrame, cutoff: float) -> "Figure":
    """Draws, for the same parameters, the least implausibility at each value, whatever the others are."""
    shown = parameters.head(MOST)
    with styled():
        figure, boxes = _grid(len(shown))
        for axes, row in zip(boxes, rows_of(shown), strict=True):
            part = profiles[profiles["parameter"] == row.parameter]
            axes.plot(part["middle"], part["least_implausibility"], "o-", ms=2.6, lw=1.1, color=COLOURS[0])
            axes.axhline(cutoff, color=INK, lw=0.8, ls="--")
            axes.set_ylim(0.0, 2 * cutoff)
            axes.set_yticks([0, cutoff, 2 * cutoff])
            axes.set_xlim(row.low, row.high)
            _panel(axes, row)
        note = (
            "Dots: the least implausible point simulated in each tenth of the range, all other parameters "
            "free; above the dashed line "
        )
        note += (
            "the record rules the value out, whatever the others are. A flat low profile: the others can "
            "make up for any value."
        )
        caption(figure, "Profiles: can any other parameters make a value plausible?", note)
    return figure


def _grid(count: int) -> "tuple[Figure, list[Axes]]":
    """Makes a figure with `count` small panels, row by row."""
    down = -(-count // ACROSS)
    top, bottom, left, right = 0.62, 0.66, 0.34, 0.1
    height = top + bottom + down * PANEL + (down - 1) * GAP
    figure = new_figure(height)
    room = (WIDTH - left - right) / ACROSS
    boxes = []
    for at in range(count):
        row, column = divmod(at, ACROSS)
        base = 1 - (top + row * (PANEL + GAP) + PANEL) / height
        boxes.append(
            figure.add_axes(((left + column * room) / WIDTH, base, (room - 0.22) / WIDTH, PANEL / height))
        )
    return figure, boxes


def _panel(axes: "Axes", row: object) -> None:
    """Names a panel: the parameter above, its unit below, few ticks."""
    from matplotlib.ticker import MaxNLocator

    label, unit = getattr(row, "label"), getattr(row, "unit")  # noqa: B009
    axes.set_title(textwrap.fill(label, 26), size=7.2, pad=3, linespacing=1.0)
    axes.set_xlabel(textwrap.shorten(unit, 34, placeholder=" …"), size=6.2, labelpad=1)
    axes.tick_params(labelsize=6, pad=1.5, length=2)
    axes.xaxis.set_major_locator(MaxNLocator(3, prune="upper"))


def charts(tables: Mapping[str, pd.DataFrame], cutoff: float) -> dict[str, "Callable[[], Figure]"]:
    """Returns all figures by name, as functions that draw them."""
    return {
        "targets": partial(targets_chart, tables["targets"], cutoff),
        "parameters": partial(parameters_chart, tables["parameters"], tables["profiles"]),
        "profiles": partial(profiles_chart, tables["parameters"], tables["profiles"], cutoff),
    }
