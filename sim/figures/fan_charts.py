"""Draws an indicator over the years in all futures, as fans: the median and the bands of half and nine tenths
of them.

    figure = fan_chart({"Voluntary joint committee": a, "Statutory body": b}, "integration")
    save(figure, folder, "integration")

Datasets come from `simulate(..., record="series")`.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.tables import same_futures, small_print
from sim.declarations import indicators
from sim.figures.canvas import (
    COLOURS,
    FAINT,
    INK,
    MOST_PANELS,
    PANELS_HEIGHT,
    TOP,
    caption,
    head_room,
    label_ends,
    month_words,
    name_panel,
    name_shared_axis,
    new_figure,
    panels,
    styled,
    unit_words,
)
from sim.inputs.problems import BadInput, unknown

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

APRIL_2016 = 2016.25  # month 0
BANDS = ((0.05, 0.95, 0.18), (0.25, 0.75, 0.38))  # from, to, opacity
FEW = 36  # months; in a shorter run the months are named
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
    """Draws an indicator over the years in all futures: one panel per regime (the keys, up to six); panels
    share both axes.

    Each panel has the median, the band that holds half of the futures at each month, and the band that holds
    nine in ten. Every panel but the first also has the first one's median, dashed. `events` maps months to a
    few words; each becomes a thin labelled line. `window` is the number of months up to each that are
    averaged: by default 12 (or all there are) for flows of money, else 1. The panels of `members` say how
    many bodies exist, because a regime that absorbs commissioners has fewer; `member_share` compares. Bands
    are made month by month: no single future need follow their edge. Raises BadInput for an unknown
    indicator, no or too many datasets, a dataset without months or shorter than the window, or datasets of
    different futures.
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
        figure = new_figure(PANELS_HEIGHT - TOP + room)
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
        name_shared_axis(figure, "calendar year" if int(first.sizes["month"]) >= FEW else "")
        note = (
            f"{small_print(*_runs(first), 'bands')}. Line: median; dark band: half of the futures; light: "
            "nine in ten."
        )
        if window > 1:
            note += f" Each point is the mean of the {window} months up to it."
        caption(figure, title, note)
    return figure


def _check(datasets: "dict[str, xr.Dataset]", variable: str, window: int) -> None:
    if not 1 <= len(datasets) <= MOST_PANELS:
        raise BadInput(f"datasets: {len(datasets)} given; a figure shows from 1 to {MOST_PANELS}")
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
    """Returns years (m,) and values (futures, m), each the mean of the `window` months up to it."""
    years, values = APRIL_2016 + data["month"].values / 12.0, data[indicator].values
    if window > 1:
        values = np.lib.stride_tricks.sliding_window_view(values, window, axis=1).mean(axis=-1)
    return years[window - 1 :], values


def _bodies(data: "xr.Dataset") -> str:
    """Says how many bodies exist: '20 bodies exist', or '20, later 16 bodies exist' if that changes."""
    there = np.median(data["exists"].sum("partner").values, axis=0)
    first, last = int(there[0]), int(there[-1])
    return f"{first} bodies exist" if first == last else f"{first}, later {last} bodies exist"


def _fan(axes: "Axes", years: np.ndarray, values: np.ndarray, colour: str) -> None:
    """Draws the median and bands; counts are drawn as steps, and their quantiles are counts too."""
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
    """Labels the horizontal axis: calendar years, or months by name if there are few."""
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
    """Draws a thin line at each event, with its words at the top, where they have room."""
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
    """Names lines and bands right of the last panel, at the heights where its futures end."""
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
