"""Tables that say what their intervals mean, and a way to print them."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.intervals import CHANCE_ONLY

if TYPE_CHECKING:
    import xarray as xr
    from rich.console import Console


class NotedTable(pd.DataFrame):
    """A pandas DataFrame that prints `attrs["note"]` below itself. Files hold the columns alone."""

    @property
    def _constructor(self) -> Any:
        return NotedTable

    def __repr__(self) -> str:
        note = self.attrs.get("note")
        text = super().__repr__()
        return f"{text}\n{note}" if note else text

    def _repr_html_(self) -> str | None:
        note = self.attrs.get("note")
        text = super()._repr_html_()  # type: ignore[misc]
        return f"{text}<p><small>{note}</small></p>" if note and text else text


def noted(rows: list[dict[str, Any]], columns: list[str], note: str, **attrs: Any) -> NotedTable:
    """Makes a table of rows, with its note and facts about the runs in `attrs`."""
    table = NotedTable(pd.DataFrame(rows, columns=pd.Index(columns)))
    table.attrs.update(attrs, note=note)
    return table


def small_print(futures: int, seed: str | int, what: str) -> str:
    """Returns the line below all tables and figures: '1,000 futures, seed 1; bands show ...'."""
    return f"{counted(futures)}, seed {seed}; {what} show {CHANCE_ONLY}"


def counted(futures: int) -> str:
    return f"{futures:,} future{'s' * (futures != 1)}"


def same_futures(datasets: "dict[str, xr.Dataset]") -> str:
    """Says how the futures of some datasets differ, or '' if they are the same."""
    (first_name, first), *others = datasets.items()
    for name, data in others:
        if data.attrs.get("seed") != first.attrs.get("seed"):
            return f"seed = {data.attrs.get('seed')} in {name}, {first.attrs.get('seed')} in {first_name}"
        if not np.array_equal(data["future"].values, first["future"].values):
            return f"{name} has {_span(data)}, {first_name} {_span(first)}"
    return ""


def _span(data: "xr.Dataset") -> str:
    numbers = data["future"].values
    return f"{numbers.size} futures ({numbers.min()} to {numbers.max()})" if numbers.size else "no futures"


def digits_for(size: float) -> int:
    """Returns the decimals for one significant digit of a size, or two if the first is a 1; at most five."""
    if not (size > 0 and math.isfinite(size)):
        return 2
    power = math.floor(math.log10(size))
    return min(5, max(0, (size < 2 * 10.0**power) - power))


def number(value: float, digits: int | None = None, sign: bool = False) -> str:
    """Writes a number without exponent and with a true minus; by default three significant digits."""
    if not math.isfinite(value):
        return "–"
    if digits is None:
        digits = 2 if value == 0 else min(5, max(0, 2 - math.floor(math.log10(abs(value)))))
    text = f"{value:+,.{digits}f}" if sign else f"{value:,.{digits}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else text.lstrip("+-")


def with_interval(mean: float, low: float, high: float, sign: bool = False, digits: int | None = None) -> str:
    """Writes a mean and half its interval: '+0.021 ± 0.003'."""
    half = (high - low) / 2.0
    if not math.isfinite(half):
        return number(mean, digits, sign)
    if digits is None and half > 0:
        digits = digits_for(half)
    if abs(mean) + half < 5e-6:  # only rounding error
        return "0"
    return f"{number(mean, digits, sign)} ± {number(half, digits)}"


def span(low: float, high: float) -> str:
    """Writes a range: '4.7 to 6.5'."""
    whole = float(low).is_integer() and float(high).is_integer()
    digits = 0 if whole else min(5, digits_for(high - low) + 1)
    return f"{number(low, digits)} to {number(high, digits)}"


def rows_of(table: pd.DataFrame) -> list[Any]:
    """Returns the rows of a table, with their cells as attributes."""
    return list(table.itertuples(index=False))


def show(table: pd.DataFrame, title: str = "", console: "Console | None" = None) -> None:
    """Print a table for people, its note below. Numbers are rounded; the table itself keeps all digits."""
    from rich.console import Console
    from rich.table import Table

    console = console or Console()
    grid = Table(
        title=title or None, caption=table.attrs.get("note"), title_justify="left", caption_justify="left"
    )
    for column in table.columns:
        right = all(
            isinstance(value, (int, float, np.number)) or _looks_numeric(value) for value in table[column]
        )
        grid.add_column(str(column), justify="right" if right else "left", overflow="fold")
    for row in rows_of(table):
        grid.add_row(*(_cell(value) for value in row))
    console.print(grid)


def _looks_numeric(value: object) -> bool:
    return isinstance(value, str) and value[:1] in set("+−–0123456789")


def _cell(value: object) -> str:
    if isinstance(value, (int, np.integer)):
        return f"{value:,}"
    return number(float(value)) if isinstance(value, (float, np.floating)) else str(value)
