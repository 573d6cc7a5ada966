"""The figures of the paper and of every experiment, each with one message, its units and its small print.

    figure = fan_chart({"Voluntary joint committee": a, "Statutory body": b}, "integration")
    save(figure, folder, "integration")

Datasets come from `simulate(..., record="series")`, tables from `compare`, `waiting` and `criticality`.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim import indicators
from sim.analysis.canvas import (
    COLOURS,
    FAINT,
    INK,
    PATTERNS,
    caption,
    label_ends,
    new_figure,
    panels,
    save,
    styled,
)
from sim.analysis.forests import criticality_chart, difference_chart
from sim.analysis.tables import same_futures, small_print
from sim.problems import BadInput, unknown

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["criticality_chart", "difference_chart", "fan_chart", "save", "waiting_chart"]
APRIL_2016 = 2016.25  # month 0
BANDS = ((0.05, 0.95, 0.18), (0.25, 0.75, 0.38))  # from, to, opacity
MOST = 6  # panels side by side


def fan_chart(
    datasets: "Mapping[str, xr.Dataset]",
    indicator: str,
    title: str | None = None,
    events: Mapping[int, str] | None = None,
) -> "Figure":
    """An indicator over the years in all futures: a panel a regime (the keys, up to six), sharing both axes.

    Median, the band that holds half of the futures at each month, and the one that holds nine in ten; in
    every panel but the first also the first one's median, dashed. `events` maps months to a few words, each a
    thin labelled line. The panels of `members` also show how many bodies exist: a regime that absorbs
    commissioners has fewer. Bands are month by month: no single future need follow their edge. Raises
    BadInput for an unknown indicator, no or too many datasets, a dataset without months, or datasets of
    different futures.
    """
    if indicator not in indicators.SYSTEM:
        raise BadInput(unknown("indicator", indicator, indicators.SYSTEM))
    _check(dict(datasets), indicator)
    declared = indicators.SYSTEM[indicator]
    first = next(iter(datasets.values()))
    with styled():
        figure = new_figure(3.2)
        all_axes = panels(figure, len(datasets))
        reference = first[indicator].median("future").values
        for number, (axes, (name, data)) in enumerate(zip(all_axes, datasets.items(), strict=True)):
            _fan(axes, data, indicator, COLOURS[number % len(COLOURS)])
            axes.set_title(name)
            if number:
                years = APRIL_2016 + first["month"].values / 12.0
                axes.plot(years, reference, color=INK, lw=0.9, ls=(0, (4, 2)))
            for month, words in (events or {}).items():
                _mark(axes, APRIL_2016 + month / 12.0, words)
        _finish_fan(all_axes, datasets, indicator, reference)
        all_axes[0].set_ylabel(declared.unit)
        figure.supxlabel("calendar year", x=(0.09 + 0.86) / 2, y=0.42 / 3.2, size=8)
        caption(figure, title or _sentence(declared.label), small_print(*_runs(first), "bands"))
    return figure


def _check(datasets: "dict[str, xr.Dataset]", variable: str) -> None:
    if not 1 <= len(datasets) <= MOST:
        raise BadInput(f"datasets: {len(datasets)} given; a figure shows from 1 to {MOST}")
    for name, data in datasets.items():
        if variable not in data:
            raise BadInput(f'datasets: {name} has no {variable} by month; simulate with record="series"')
    problem = same_futures(datasets)
    if problem:
        raise BadInput(f"{problem}: regimes stand side by side only over the same futures and seed")


def _runs(data: "xr.Dataset") -> tuple[int, str]:
    return int(data.sizes["future"]), str(data.attrs.get("seed", ""))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _fan(axes: "Axes", data: "xr.Dataset", indicator: str, colour: str) -> None:
    years = APRIL_2016 + data["month"].values / 12.0
    values = data[indicator].values
    for low, high, opacity in BANDS:
        below, above = np.quantile(values, [low, high], axis=0)
        axes.fill_between(years, below, above, color=colour, alpha=opacity, lw=0)
    axes.plot(years, np.median(values, axis=0), color=colour)
    if indicator == "members":
        there = np.median(data["exists"].sum("partner").values, axis=0)
        axes.plot(years, there, color=FAINT, lw=0.9, ls=":", drawstyle="steps-post")
        axes.annotate("bodies that exist", (years[0], there[-1]), (2, 3), textcoords="offset points", size=6.5, color=FAINT)


def _mark(axes: "Axes", year: float, words: str) -> None:
    """A thin line at an event, its words along it."""
    axes.axvline(year, color=FAINT, lw=0.7, zorder=0.5)
    axes.annotate(
        words, (year, 0.02), (2, 0), xycoords=("data", "axes fraction"), textcoords="offset points", rotation=90,
        va="bottom", ha="left", size=6.5, color=FAINT,
    )  # fmt: skip


def _finish_fan(all_axes: "list[Axes]", datasets: "Mapping[str, xr.Dataset]", indicator: str, reference: np.ndarray) -> None:
    """Axes, and the names of bands and lines right of the last panel."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    last = max(int(data.sizes["month"]) for data in datasets.values())
    end = APRIL_2016 + (last - 1) / 12.0
    for axes in all_axes:
        axes.set_xlim(APRIL_2016, end)
        axes.xaxis.set_major_locator(MaxNLocator(5 if len(all_axes) < 4 else 3, integer=True))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))
        axes.grid(axis="y")
    data = list(datasets.values())[-1]
    final = data[indicator].isel(month=-1).values
    colour = COLOURS[(len(datasets) - 1) % len(COLOURS)]
    low, middle, high, most = np.quantile(final, [0.05, 0.5, 0.75, 0.95])
    labels = [(float(middle), "median", colour)]
    if high > middle:
        labels.append((float(high), "half of\nfutures", FAINT))
    if most > low:
        labels.append((float(most), "nine in ten\nfutures", FAINT))
    if len(all_axes) > 1:
        labels.append((float(reference[-1]), "median of\nfirst panel", INK))
    label_ends(all_axes[-1], end, labels, 7)


def waiting_chart(tables: Mapping[str, pd.DataFrame], title: str | None = None) -> "Figure":
    """What has become of proposals, by months since they came to the table: a panel a regime (the keys, up to six).

    `tables` are those of `survival.waiting`. From below the share agreed, from above the share that died,
    between them the share still undecided, which is labelled at a year; the line inside the agreed is the
    share whose phase has ended. Thin ribbons are the 95 % bands over futures. Raises BadInput for no or too
    many tables.
    """
    if not 1 <= len(tables) <= MOST:
        raise BadInput(f"tables: {len(tables)} given; a figure shows from 1 to {MOST}")
    with styled():
        figure = new_figure(3.2)
        all_axes = panels(figure, len(tables))
        for axes, (name, table) in zip(all_axes, tables.items(), strict=True):
            axes.set_title(name)
            _fates(axes, table)
        first = all_axes[0]
        first.set_ylabel("share of proposals tabled")
        first.set_ylim(0, 1)
        first.set_xticks([0, 12, 24, 36, 48, 60])
        first.set_xlim(0, min(48, int(next(iter(tables.values()))["month"].max())))
        final = {state: float(part["share"].iloc[-1]) for state, part in list(tables.values())[-1].groupby("state")}
        label_ends(
            all_axes[-1], first.get_xlim()[1],
            [(1 - final["died"] / 2, "died", INK), (final["agreed"], "agreed", COLOURS[0]),
             (final["completed"] - 0.1, "completed", INK)], 7.5,
        )  # fmt: skip
        figure.supxlabel("months since the proposal came to the table", x=(0.09 + 0.86) / 2, y=0.42 / 3.2, size=8)
        attrs = next(iter(tables.values())).attrs
        note = small_print(attrs["futures"], attrs["seed"], f"{attrs['level']:.0%} bands")
        caption(figure, title or "How long proposals wait, and what becomes of them", f"{note}. {_open_at_end(tables)}")
    return figure


def _open_at_end(tables: Mapping[str, pd.DataFrame]) -> str:
    shares = ", ".join(f"{table.attrs['undecided']:.0%}" for table in tables.values())
    return f"Still undecided at the end of the last month, and counted up to then: {shares} of proposals, panel by panel."


def _fates(axes: "Axes", table: pd.DataFrame) -> None:
    part = {state: rows.sort_values("month") for state, rows in table.groupby("state")}
    months = part["agreed"]["month"].to_numpy()
    agreed, died = part["agreed"]["share"].to_numpy(), part["died"]["share"].to_numpy()
    step = {"step": "post", "lw": 0}
    axes.fill_between(months, 0, agreed, color=COLOURS[0], alpha=0.25, **step)  # type: ignore[arg-type]
    axes.fill_between(months, 1 - died, 1, color="#999999", alpha=0.55, **step)  # type: ignore[arg-type]
    for state, colour, upside_down, pattern in (
        ("agreed", COLOURS[0], False, PATTERNS[0]),
        ("died", INK, True, PATTERNS[0]),
        ("completed", INK, False, PATTERNS[1]),
    ):
        rows = part[state][["share", "low", "high"]].to_numpy()
        rows = 1 - rows if upside_down else rows
        axes.fill_between(months, rows[:, 1], rows[:, 2], color=colour, alpha=0.35, **step)  # type: ignore[arg-type]
        axes.plot(months, rows[:, 0], color=colour, ls=pattern, lw=1.2, drawstyle="steps-post")
    when = 12 if months.max() >= 12 else int(months.max()) // 2
    still = 1 - agreed[when] - died[when]
    axes.annotate(
        f"{still:.0%} undecided\nafter {when} months", (when + 0.5, agreed[when] + still / 2), (24, 0.3), size=7,
        va="center", ha="left", arrowprops={"arrowstyle": "-", "lw": 0.6, "color": INK, "shrinkB": 0},
    )  # fmt: skip
