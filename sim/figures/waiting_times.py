"""Draws the fate of proposals, by months on the table, from tables of `sim.analysis.survival.waiting`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.tables import small_print
from sim.figures.canvas import (
    COLOURS,
    INK,
    MOST_PANELS,
    PANELS_HEIGHT,
    TOP,
    caption,
    head_room,
    label_ends,
    name_panel,
    name_shared_axis,
    new_figure,
    panels,
    styled,
)
from sim.inputs.problems import BadInput

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def waiting_chart(tables: Mapping[str, pd.DataFrame], title: str | None = None) -> "Figure":
    """Draws the fate of proposals by months since they came to the table: one panel per regime (the keys, up
    to six).

    `tables` are those of `survival.waiting`. The share agreed grows from below, the share that died from
    above; between them is the share still undecided, labelled at one year. The dashed line is the share whose
    phase has ended. Thin ribbons are the bands over futures. Raises BadInput for no or too many tables.
    """
    if not 1 <= len(tables) <= MOST_PANELS:
        raise BadInput(f"tables: {len(tables)} given; a figure shows from 1 to {MOST_PANELS}")
    longest = max(_settled(table) for table in tables.values())
    when = 12 if longest >= 24 else longest // 2
    belows = [_undecided(table, when) for table in tables.values()]
    title = title or "How long proposals wait, and what becomes of them"
    with styled():
        room = head_room(title, tables, belows, len(tables))
        figure = new_figure(PANELS_HEIGHT - TOP + room)
        all_axes = panels(figure, len(tables), room)
        all_axes[0].set_ylabel("share of proposals tabled")
        all_axes[0].set_ylim(0, 1)
        all_axes[0].set_xlim(0, longest)
        year = 12 if len(tables) < 3 else 24
        # in narrow panels the last label would run into the next panel's 0
        last = longest + 1 if len(tables) < 4 else longest
        all_axes[0].set_xticks(range(0, last, year if longest > year else 3))
        for axes, below, (name, table) in zip(all_axes, belows, tables.items(), strict=True):
            name_panel(axes, name, below, len(tables))
            if table.attrs["proposals"]:
                _fates(axes, table, when, narrow=len(tables) > 3)
        if list(tables.values())[-1].attrs["proposals"]:
            final = {
                state: values[min(longest, len(values) - 1)]
                for state, values in _shares(list(tables.values())[-1]).items()
            }
            ends = [(1 - final["died"] / 2, "died", INK), (final["agreed"] / 2, "agreed", COLOURS[0])]
            label_ends(all_axes[-1], longest, [end for end in ends if 0.01 < end[0] < 0.99], 8)
        name_shared_axis(figure, "months since the proposal came to the table")
        attrs = next(iter(tables.values())).attrs
        note = small_print(attrs["futures"], attrs["seed"], f"{attrs['level']:.0%} bands")
        open_ = ", ".join(
            f"{table.attrs['undecided']:.0%}" if table.attrs["proposals"] else "–"
            for table in tables.values()
        )
        note += f". Undecided when the run ended, and counted up to then: {open_} of proposals"
        caption(figure, title, f"{note}{' (panels from the left)' if len(tables) > 1 else ''}.")
    return figure


def _undecided(table: pd.DataFrame, when: int) -> str:
    if not table.attrs["proposals"]:
        return "no proposal reached the table"
    return f"{_shares(table)['undecided'][when]:.0%} still undecided at {when} months"


def _shares(table: pd.DataFrame) -> dict[str, np.ndarray]:
    return {str(state): rows["share"].to_numpy() for state, rows in table.groupby("state")}


def _settled(table: pd.DataFrame) -> int:
    """Returns the end of the year after which almost nothing happens."""
    shares = _shares(table)
    months = len(shares["agreed"]) - 1
    moving = [
        month for values in shares.values() for month in np.nonzero(abs(values - values[-1]) > 0.002)[0]
    ]
    return max(1, min(months, 12 * (int(max(moving, default=0)) // 12 + 1)))


def _fates(axes: "Axes", table: pd.DataFrame, when: int, narrow: bool) -> None:
    part = {state: rows.sort_values("month") for state, rows in table.groupby("state")}
    months = part["agreed"]["month"].to_numpy()
    agreed, died = part["agreed"]["share"].to_numpy(), part["died"]["share"].to_numpy()
    completed = part["completed"]["share"].to_numpy()
    axes.fill_between(months, 0, agreed, color=COLOURS[0], alpha=0.25, step="post", lw=0)
    axes.fill_between(months, 1 - died, 1, color="#999999", alpha=0.55, step="post", lw=0)
    for state, colour, upside_down, pattern in (
        ("died", INK, True, "-"),
        ("agreed", COLOURS[0], False, "-"),
        ("completed", INK, False, (0, (4, 1.5))),
    ):
        rows = part[state][["share", "low", "high"]].to_numpy()
        rows = 1 - rows if upside_down else rows
        axes.fill_between(months, rows[:, 1], rows[:, 2], color=colour, alpha=0.35, step="post", lw=0)
        axes.plot(months, rows[:, 0], color=colour, ls=pattern, lw=1.2, drawstyle="steps-post")
    _measure(axes, when, float(agreed[when]), float(1 - died[when]))
    if completed[-1] > 0.15:
        axes.annotate(
            "completed",
            (months[np.argmax(completed > completed[-1] / 2)], completed[-1] / 2),
            (-5, 0),
            textcoords="offset points",
            size=7,
            va="center",
            ha="right",
            rotation=90 if narrow else 0,
        )


def _measure(axes: "Axes", when: int, low: float, high: float) -> None:
    """Draws a bracket over the share still undecided at a month."""
    if high - low > 0.005:
        axes.plot([when, when], [low, high], color=INK, lw=0.9, marker="_", ms=5, mew=0.9)
