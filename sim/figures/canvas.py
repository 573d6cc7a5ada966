"""The basis of all figures: size, style, title, small print, direct labels, and files whose bytes are the
same on every rebuild.

Figures are made without pyplot, and matplotlib's settings are restored after use, so there is no global
state.
"""

import calendar
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sim.inputs.problems import BadInput, unknown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STYLE = Path(__file__).with_name("style.mplstyle")
WIDTH = 6.9  # inches: two columns of a journal page
# Okabe and Ito (2008); each has a line pattern too, so that lines differ in grey print.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
PATTERNS: tuple[str, ...] = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (1, 1)))  # type: ignore[assignment]
INK, FAINT = "#222222", "#666666"
# Left empty, because dates and versions would change the bytes.
METADATA = {
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "svg": {"Date": None, "Creator": None},
}
MOST_PANELS = 6  # side by side
PANELS_HEIGHT = 3.3  # inches: the height of a figure of panels side by side, unless its title needs more
LEFT, RIGHT, TOP, BOTTOM = 0.09, 0.86, 0.68, 0.74  # shares of the width; inches above and below the axes


@contextmanager
def styled() -> Iterator[None]:
    """Applies `style.mplstyle` over matplotlib's own defaults, whatever the user's settings; restores the
    settings afterwards.
    """
    import matplotlib

    with matplotlib.rc_context(fname=STYLE):
        yield


def new_figure(height: float) -> "Figure":
    """An empty figure of the journal's width; height in inches. Call inside `styled`."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH, height))


def _gap(count: int) -> float:
    """Returns the gap between panels, as a share of a panel's width."""
    return 0.08 if count < 3 else 0.15


def _heading(name: str, below: str, count: int) -> tuple[str, str, float]:
    """Breaks a panel's title and the line below it to fit its width; returns both, and the title's size."""
    inches = (RIGHT - LEFT) * WIDTH / (count + (count - 1) * _gap(count))
    size = 8.5 if inches > 1.0 else 7.0
    title = textwrap.fill(name, max(12, int(inches / (size * 0.0089))), break_long_words=False)
    return title, textwrap.fill(below, max(12, int(inches / 0.055))), size


def head_room(title: str, names: Iterable[str], belows: Iterable[str], count: int) -> float:
    """Returns the inches that the figure's title and the panels' titles take above the panels."""
    needed = [TOP]
    for name, below in zip(names, belows, strict=True):
        heading, line, size = _heading(name, below, count)
        lines = line.count("\n") + 1 if line else 0
        needed.append(
            0.2
            + 0.16 * (_title(title).count("\n") + 1)
            + (heading.count("\n") + 1) * size * 0.0155
            + lines * 0.13
        )
    return max(needed)


def _title(words: str) -> str:
    """Breaks a figure's title into lines that fit its width."""
    return "\n".join(textwrap.fill(line, 80) for line in words.splitlines())


def panels(figure: "Figure", count: int, top: float = TOP) -> "list[Axes]":
    """Makes panels side by side with common axes; only the first shows the vertical one. `top`: in inches."""
    height = figure.get_figheight()
    grid = figure.add_gridspec(
        1, count, left=LEFT, right=RIGHT, top=1 - top / height, bottom=BOTTOM / height, wspace=_gap(count)
    )
    first = figure.add_subplot(grid[0, 0])
    rest = [figure.add_subplot(grid[0, k], sharex=first, sharey=first) for k in range(1, count)]
    for axes in rest:
        axes.tick_params(labelleft=False, left=False)
        axes.spines["left"].set_visible(False)
    return [first, *rest]


def name_panel(axes: "Axes", name: str, below: str = "", count: int = 1) -> None:
    """Writes a panel's title, broken into lines that fit its width when `count` panels stand side by side,
    and a plain text below it.
    """
    title, line, size = _heading(name, below, count)
    lines = line.count("\n") + 1 if line else 0
    axes.set_title(title, linespacing=1.05, pad=5 + 2 * (lines > 0) + 7.8 * lines, size=size)
    if line:
        axes.annotate(
            line,
            (0, 1),
            (0, 5),
            xycoords="axes fraction",
            textcoords="offset points",
            size=7,
            va="bottom",
            linespacing=1.05,
            annotation_clip=False,
        )


def name_row(axes: "Axes", place: float, words: str, colour: str = INK) -> None:
    """Writes the name of a row at the left of a panel."""
    axes.annotate(
        words,
        (0, place),
        (-4, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        ha="right",
        va="center",
        size=6.8,
        color=colour,
        annotation_clip=False,
    )


def name_shared_axis(figure: "Figure", words: str) -> None:
    """Writes the name of the horizontal axis that all panels share."""
    figure.text((LEFT + RIGHT) / 2, 0.4 / figure.get_figheight(), words, ha="center", va="center", size=8)


def unit_words(unit: str) -> str:
    """Returns a unit as an axis shows it."""
    return f"{unit}, 0 to 1" if unit in ("share", "index") else unit.replace("GBP m ", "GBP million ")


def month_words(month: int) -> str:
    """Returns the month's name and year: 'April 2018' for 24."""
    return f"{calendar.month_name[(month + 3) % 12 + 1]} {2016 + (month + 3) // 12}"


def caption(figure: "Figure", title: str, note: str) -> None:
    """Writes the title above and the small print below, each in at most two lines."""
    height = figure.get_figheight()
    figure.text(
        0.012, 1 - 0.09 / height, _title(title), va="top", ha="left", weight="bold", size=10, linespacing=1.15
    )
    lines = textwrap.fill(note, 134)
    figure.text(0.012, 0.06 / height, lines, va="bottom", ha="left", size=6.5, color=FAINT, linespacing=1.25)


def spread(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Moves positions as little as needed to lie `gap` apart within [low, high]; keeps their order."""
    order = sorted(range(len(positions)), key=lambda k: (positions[k], k))
    blocks: list[list[float]] = []  # [sum of wanted starts, how many]; a block is packed around its mean
    for rank, k in enumerate(order):
        blocks.append([positions[k] - rank * gap, 1.0])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, number = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += number
    starts = [total / number for total, number in blocks for _ in range(int(number))]
    placed = [0.0] * len(positions)
    for rank, k in enumerate(order):
        room = high - (len(positions) - 1) * gap
        placed[k] = min(max(starts[rank], low), max(low, room)) + rank * gap
    return placed


def label_ends(axes: "Axes", x: float, labels: Iterable[tuple[float, str, str]], size: float = 7.5) -> None:
    """Writes labels right of the axes at (height, text, colour), moved apart if they would overlap."""
    entries = list(labels)
    low, high = axes.get_ylim()
    inches = axes.get_position().height * axes.figure.get_figheight()  # type: ignore[union-attr]
    lines = max((text.count("\n") + 1 for _, text, _ in entries), default=1)
    gap = (high - low) * lines * size * 1.3 / 72.0 / inches
    heights = spread([height for height, _, _ in entries], gap, low + gap / 3, high - gap / 3)
    for place, (height, text, colour) in zip(heights, entries, strict=True):
        axes.annotate(
            text,
            (x, height),
            (x + 0.02 * (axes.get_xlim()[1] - axes.get_xlim()[0]), place),
            va="center",
            size=size,
            color=colour,
            annotation_clip=False,
            linespacing=1.1,
        )


def save(
    figure: "Figure", folder: Path | str, name: str, formats: Sequence[str] = ("png", "pdf")
) -> list[Path]:
    """Write `folder/name.<format>` for each format (png at 300 dots an inch, pdf, svg) and return the paths.

    The same data give the same bytes with the same matplotlib and platform. The folder is made if it is
    missing. Raises BadInput for an unknown format.
    """
    problems = [unknown("format", kind, METADATA) for kind in formats if kind not in METADATA]
    if problems:
        raise BadInput("\n".join(problems))
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    with styled():
        for kind in formats:
            paths.append(folder / f"{name}.{kind}")
            figure.savefig(paths[-1], format=kind, metadata=METADATA[kind])
    return paths
