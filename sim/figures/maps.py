"""Draws maps of an outcome over two things that vary: one field per pair of levels, with its number written
in it, so that grey print is enough.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.tables import number
from sim.figures.canvas import INK, WIDTH, caption, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEFT, RIGHT, GAP = 0.62, 0.12, 0.24  # inches
FIELD, TOP, BOTTOM = 0.3, 0.74, 0.9
ACROSS = 3


@dataclass(frozen=True)
class Map:
    """values[y, x] at the levels of x and y; `unsure`[y, x] marks fields whose true value may lie on the
    other side of the boundary.
    """

    x: Sequence[float]
    y: Sequence[float]
    values: np.ndarray
    unsure: np.ndarray | None = None


def map_chart(
    maps: Mapping[str, Map],
    title: str,
    across: str,
    up: str,
    note: str,
    boundary: float | None = None,
    signed: bool = False,
    per_cent: bool = False,
    alike: bool = True,
) -> "Figure":
    """Draws maps side by side (the keys are their titles), three in a row. All share one scale of shades;
    without `alike` each has its own.

    `boundary`: a line is drawn where the values cross it. `signed`: shades differ below and above 0, and
    numbers show their sign. Numbers in brackets are unsure.
    """
    first = next(iter(maps.values()))
    columns = min(ACROSS, len(maps))
    down = -(-len(maps) // columns)
    wide = (WIDTH - LEFT - RIGHT - GAP * (columns - 1)) / columns
    tall = FIELD * len(first.y)
    gap = 0.62
    height = TOP + BOTTOM + down * tall + (down - 1) * gap
    most = {name: float(np.nanmax(np.abs(field.values), initial=0.0)) for name, field in maps.items()}
    if alike:
        most = dict.fromkeys(maps, max(most.values()))
    with styled():
        figure = new_figure(height)
        for place, (name, field) in enumerate(maps.items()):
            row, column = divmod(place, columns)
            axes = figure.add_axes(
                (
                    (LEFT + column * (wide + GAP)) / WIDTH,
                    1 - (TOP + row * (tall + gap) + tall) / height,
                    wide / WIDTH,
                    tall / height,
                )
            )
            _draw(axes, field, 1.0 if per_cent else most[name] or 1.0, signed, per_cent)
            if boundary is not None:
                _border(axes, field.values, boundary)
            axes.set_title(
                textwrap.fill(textwrap.shorten(name, 90, placeholder=" …"), max(14, int(wide / 0.07))),
                size=7.5,
                pad=4,
            )
            axes.set_xticks(range(len(field.x)), [f"{x:g}" for x in field.x])
            axes.set_yticks(
                range(len(field.y)), [f"{y:g}" for y in field.y] if column == 0 else [""] * len(field.y)
            )
            axes.tick_params(length=0, labelsize=6.8, pad=2)
        bottom = 1 - (TOP + down * tall + (down - 1) * gap) / height
        figure.text(0.5, bottom - 0.36 / height, across, ha="center", va="center", size=8)
        figure.text(0.02, (bottom + 1 - TOP / height) / 2, up, rotation=90, ha="center", va="center", size=8)
        caption(figure, title, note)
    return figure


def _draw(axes: "Axes", field: Map, reach: float, signed: bool, per_cent: bool) -> None:
    from matplotlib import colormaps
    from matplotlib.patches import Rectangle

    spread = field.values[np.isfinite(field.values)]
    digits = 0 if per_cent else _digits(float(np.abs(spread).max()) if spread.size else 1.0)
    for (y, x), value in np.ndenumerate(field.values):
        share = value / reach if np.isfinite(value) else 0.0
        fill: Any = (
            colormaps["PuOr"](0.5 + 0.42 * share) if signed else colormaps["Blues"](0.85 * max(0.0, share))
        )
        axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, fc=fill, ec="white", lw=0.6, zorder=1))
        words = (
            f"{100 * value:.0f}" if per_cent and np.isfinite(value) else number(float(value), digits, signed)
        )
        if field.unsure is not None and field.unsure[y, x]:
            words = f"({words})"
        dark = 0.299 * fill[0] + 0.587 * fill[1] + 0.114 * fill[2] < 0.5
        wide = axes.get_position().width * WIDTH / len(field.x)
        size = min(6.2, 0.9 * wide / (0.0092 * len(words)))
        axes.text(x, y, words, ha="center", va="center", size=size, color="white" if dark else INK, zorder=3)
    axes.set_xlim(-0.5, len(field.x) - 0.5)
    axes.set_ylim(-0.5, len(field.y) - 0.5)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _digits(largest: float) -> int:
    return 0 if largest >= 100 else 1 if largest >= 5 else 2 if largest >= 0.5 else 3


def _border(axes: "Axes", values: np.ndarray, level: float) -> None:
    """Draws a line along the sides of fields, between those below the level and those that reach it."""
    above = values >= level
    for (y, x), here in np.ndenumerate(above):
        if x + 1 < above.shape[1] and above[y, x + 1] != here:
            axes.plot(
                [x + 0.5] * 2, [y - 0.5, y + 0.5], color=INK, lw=1.8, solid_capstyle="projecting", zorder=2
            )
        if y + 1 < above.shape[0] and above[y + 1, x] != here:
            axes.plot(
                [x - 0.5, x + 0.5], [y + 0.5] * 2, color=INK, lw=1.8, solid_capstyle="projecting", zorder=2
            )
