"""The figures of the paper and of every experiment, each with one message, its units and its small print.

    figure = fan_chart({"Voluntary joint committee": a, "Statutory body": b}, "integration")
    save(figure, folder, "integration")

Datasets come from `simulate(..., record="series")`, tables from `compare`, `waiting` and `criticality`.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.tables import same_futures, small_print
from sim.declarations import indicators
from sim.figures.canvas import (
    COLOURS,
    FAINT,
    INK,
    LEFT,
    RIGHT,
    TOP,
    caption,
    head_room,
    label_ends,
    month_words,
    name_panel,
    new_figure,
    panels,
    save,
    styled,
    unit_words,
)
from sim.figures.forests import criticality_chart, difference_chart
from sim.inputs.problems import BadInput, unknown

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["criticality_chart", "difference_chart", "fan_chart", "save", "waiting_chart"]
APRIL_2016 = 2016.25  # month 0
BANDS = ((0.05, 0.95, 0.18), (0.25, 0.75, 0.38))  # from, to, opacity
MOST = 6  # panels side by side
FEW = 36  # months: a shorter run has its months named
HEIGHT = 3.3  # inches
# Money that comes once a year or swings with the seasons is shown as the mean of twelve months.
BY_YEAR = (
    "balance",
    "nhs_balance",
    "compensation",
    "fund_earned",
    "contracts_paid",
    "contracts_received",
    "activity",
)


def fan_chart(
    datasets: "Mapping[str, xr.Dataset]",
    indicator: str,
    title: str | None = None,
    events: Mapping[int, str] | None = None,
    window: int | None = None,
) -> "Figure":
    """An indicator over the years in all futures: a panel a regime (the keys, up to six), sharing both axes.

    Median, the band that holds half of the futures at each month, and the one that holds nine in ten; in
    every panel but the first also the first one's median, dashed. `events` maps months to a few words, each a
    thin labelled line. `window` is the number of months up to each that are averaged: 12 (or all there are)
    by default for flows of money, else 1. The panels of `members` name how many bodies exist, since a regime
    that absorbs commissioners has fewer; `member_share` compares. Bands are month by month: no single future
    need follow their edge. Raises BadInput for an unknown indicator, no or too many datasets, a dataset
    without months or shorter than the window, or datasets of different futures.
    """
    if indicator not in indicators.SYSTEM:
        raise BadInput(unknown("indicator", indicator, indicators.SYSTEM))
    if window is None:
        shortest = min((data.sizes.get("month", 1) for data in datasets.values()), default=1)
        window = min(12, shortest) if indicator in BY_YEAR else 1
    _check(dict(datasets), indicator, window)
    declared, first = indicators.SYSTEM[indicator], next(iter(datasets.values()))
    compared = len(datasets) > 1 and indicator != "members"
    belows = [_bodies(data) if indicator == "members" else "" for data in datasets.values()]
    title = title or _sentence(declared.label)
    with styled():
        room = head_room(title, datasets, belows, len(datasets))
        figure = new_figure(HEIGHT - TOP + room)
        all_axes = panels(figure, len(datasets), room)
        years, values = series(first, indicator, window)
        reference = np.median(values, axis=0)
        for number, (axes, (name, data)) in enumerate(zip(all_axes, datasets.items(), strict=True)):
            _fan(axes, *series(data, indicator, window), COLOURS[number])
            name_panel(axes, name, belows[number], len(datasets))
            if number and compared:
                axes.plot(years, reference, color=INK, lw=0.9, ls=(0, (4, 2)))
        _years(all_axes, max(int(data.sizes["month"]) for data in datasets.values()))
        _mark(all_axes, events or {})
        final = series(list(datasets.values())[-1], indicator, window)[1][:, -1]
        _name_bands(
            all_axes[-1], final, COLOURS[len(datasets) - 1], float(reference[-1]) if compared else None
        )
        all_axes[0].set_ylabel(unit_words(declared.unit))
        _below(figure, "calendar year" if int(first.sizes["month"]) >= FEW else "")
        note = (
            f"{small_print(*_runs(first), 'bands')}. Line: median; dark band: half of the futures; light: "
            "nine in ten."
        )
        if window > 1:
            note += f" Each point is the mean of the {window} months up to it."
        caption(figure, title, note)
    return figure


def _check(datasets: "dict[str, xr.Dataset]", variable: str, window: int) -> None:
    if not 1 <= len(datasets) <= MOST:
        raise BadInput(f"datasets: {len(datasets)} given; a figure shows from 1 to {MOST}")
    for name, data in datasets.items():
        if variable not in data:
            raise BadInput(f'datasets: {name} has no {variable} by month; simulate with record="series"')
        if not 1 <= window <= data.sizes["month"]:
            raise BadInput(
                f"window = {window}: must be from 1 to the months of {name}, {data.sizes['month']}"
            )
    problem = same_futures(datasets)
    if problem:
        raise BadInput(f"{problem}: regimes stand side by side only over the same futures and seed")


def _runs(data: "xr.Dataset") -> tuple[int, str]:
    return int(data.sizes["future"]), str(data.attrs.get("seed", ""))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def series(data: "xr.Dataset", indicator: str, window: int) -> tuple[np.ndarray, np.ndarray]:
    """Years (m,) and values (futures, m), each the mean of the `window` months up to it."""
    years, values = APRIL_2016 + data["month"].values / 12.0, data[indicator].values
    if window > 1:
        values = np.lib.stride_tricks.sliding_window_view(values, window, axis=1).mean(axis=-1)
    return years[window - 1 :], values


def _bodies(data: "xr.Dataset") -> str:
    """How many bodies exist: '20 bodies exist', or '20, later 16 bodies exist' where that changes."""
    there = np.median(data["exists"].sum("partner").values, axis=0)
    first, last = int(there[0]), int(there[-1])
    return f"{first} bodies exist" if first == last else f"{first}, later {last} bodies exist"


def _fan(axes: "Axes", years: np.ndarray, values: np.ndarray, colour: str) -> None:
    """Median and bands; counts are drawn as steps, and their quantiles are counts too."""
    from matplotlib.ticker import MaxNLocator

    counts = bool(np.all(values == np.floor(values)))
    method: Any = "inverted_cdf" if counts else "linear"
    step: Any = "post" if counts else None
    for low, high, opacity in BANDS:
        below, above = np.quantile(values, [low, high], axis=0, method=method)
        axes.fill_between(years, below, above, color=colour, alpha=opacity, lw=0, step=step)
    middle = np.quantile(values, 0.5, axis=0, method=method)
    dot = "o" if years.size == 1 else None
    axes.plot(
        years,
        middle,
        color=colour,
        marker=dot,
        clip_on=dot is None,
        drawstyle="steps-post" if counts else "default",
    )
    if counts:
        axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))


def _years(all_axes: "list[Axes]", months: int) -> None:
    """The horizontal axis: calendar years, or months by name where there are but few."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, MultipleLocator

    few = months < FEW
    crowd = {1: 6, 2: 5}.get(len(all_axes), 2)
    for axes in all_axes:
        axes.set_xlim(APRIL_2016, APRIL_2016 + max(1, months - 1) / 12.0)
        if few:
            step = -(-months // crowd)
            axes.xaxis.set_major_locator(
                FixedLocator([APRIL_2016 + month / 12.0 for month in range(0, months, step)])
            )
            axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _: _month_and_year(year)))
        else:
            axes.xaxis.set_major_locator(MaxNLocator(crowd, steps=[1, 2, 3, 5, 10], integer=True))
            axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))
            if months <= 240:
                axes.xaxis.set_minor_locator(MultipleLocator(1))
        axes.grid(axis="y")
        low, high = axes.get_ylim()
        if low < 0 < high:
            axes.axhline(0, color=FAINT, lw=0.7, zorder=0.6)


def _month_and_year(year: float) -> str:
    name, number = month_words(round((year - APRIL_2016) * 12)).split()
    return f"{name[:3]}\n{number}"


def _mark(all_axes: "list[Axes]", events: Mapping[int, str]) -> None:
    """A thin line at each event, its words at the top, where room is made for them."""
    if not events:
        return
    low, high = all_axes[0].get_ylim()
    all_axes[0].set_ylim(low, high + 0.09 * len(events) * (high - low))
    for axes in all_axes:
        left, right = axes.get_xlim()
        for row, (month, words) in enumerate(sorted(events.items())):
            year = APRIL_2016 + month / 12.0
            late = year > left + 0.6 * (right - left)
            axes.axvline(year, color=INK, lw=0.7, zorder=0.7)
            axes.annotate(
                words,
                (year, 0.99 - 0.08 * row),
                (-3 if late else 3, 0),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                va="top",
                ha="right" if late else "left",
                size=7,
            )


def _name_bands(axes: "Axes", final: np.ndarray, colour: str, reference: float | None) -> None:
    """Names of lines and bands right of the last panel, where its futures end."""
    low, lower, middle, half, upper, most = (
        float(q) for q in np.quantile(final, [0.05, 0.25, 0.5, 0.68, 0.87, 0.95])
    )
    labels = [(middle, "median", colour)]
    if half > lower:
        labels.append((half, "half of the\nfutures", FAINT))
    if most > low:
        labels.append((upper, "nine in ten\nfutures", FAINT))
    if reference is not None:
        labels.append((reference, "median of\nfirst panel", INK))
    label_ends(axes, axes.get_xlim()[1], labels, 7)


def _below(figure: "Figure", words: str) -> None:
    """The name of the horizontal axis that all panels share."""
    figure.text((LEFT + RIGHT) / 2, 0.4 / figure.get_figheight(), words, ha="center", va="center", size=8)


def waiting_chart(tables: Mapping[str, pd.DataFrame], title: str | None = None) -> "Figure":
    """What has become of proposals, by months since they came to the table: a panel a regime (the keys, up to
    six).

    `tables` are those of `survival.waiting`. From below the share agreed, from above the share that died,
    between them the share still undecided, which is labelled at a year; the dashed line is the share whose
    phase has ended. Thin ribbons are the bands over futures. Raises BadInput for no or too many tables.
    """
    if not 1 <= len(tables) <= MOST:
        raise BadInput(f"tables: {len(tables)} given; a figure shows from 1 to {MOST}")
    longest = max(_settled(table) for table in tables.values())
    when = 12 if longest >= 24 else longest // 2
    belows = [_undecided(table, when) for table in tables.values()]
    title = title or "How long proposals wait, and what becomes of them"
    with styled():
        room = head_room(title, tables, belows, len(tables))
        figure = new_figure(HEIGHT - TOP + room)
        all_axes = panels(figure, len(tables), room)
        all_axes[0].set_ylabel("share of proposals tabled")
        all_axes[0].set_ylim(0, 1)
        all_axes[0].set_xlim(0, longest)
        year = 12 if len(tables) < 3 else 24
        # in narrow panels the last would run into the next one's 0
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
        _below(figure, "months since the proposal came to the table")
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
    """The end of the year by which next to nothing happens any more."""
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
    """A bracket over the share still undecided at a month."""
    if high - low > 0.005:
        axes.plot([when, when], [low, high], color=INK, lw=0.9, marker="_", ms=5, mew=0.9)
