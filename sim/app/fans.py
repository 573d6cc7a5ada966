"""Computes what a picture shows of many futures, as plain numbers: bands by month, paired differences."""

import math
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np

from sim.analysis.intervals import CHANCE_ONLY
from sim.analysis.paired_differences import paired_row
from sim.app.futures import COMPARED, SERIES, Lived, unit_of
from sim.declarations.indicators import OUTCOMES

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
MEDIAN = LEVELS.index(0.5)
DIGITS = 4
# Words that are plainer than those of figures.
WORDS = {
    "integration_final_year": "care joined up, last year",
    "balance_final_year": "money: balance of all bodies, last year",
    "trust_final_year": "trust between partners, last year",
    "members_last": "members at the end",
    "walk_aways_last": "departures in ten years",
    "unmet_final_year": "unmet social care need, last year",
    "months_to_decision": "wait for a decision",
}
TITLES = {
    "integration": "How far care is joined up",
    "balance": "Money: surplus or deficit",
    "waiting": "Waiting: the mean wait for care",
    "trust": "Trust between partners",
    "members": "Members of the partnership",
}
Value = TypeVar("Value")


def number(value: float) -> float | None:
    """Returns a number as JSON holds it: a few digits, and None if it is not finite."""
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


def numbers(values: np.ndarray) -> list[float | None]:
    return [number(value) for value in values.tolist()]


def once(run: Lived, name: object, make: Callable[[], Value]) -> Value:
    """Returns what `make` gives for this scenario; calls it only the first time."""
    if name not in run.kept:
        run.kept[name] = make()
    return run.kept[name]  # type: ignore[return-value]


def bands(run: Lived, futures: int) -> dict[str, list[list[float | None]]]:
    """Returns quantiles by month of each series over the first futures: {series: [levels][months]}."""

    def make() -> dict[str, list[list[float | None]]]:
        levels = np.quantile(run.series[:, :futures], LEVELS, axis=1)  # (levels, series, months)
        return {name: [numbers(row) for row in levels[:, number]] for number, name in enumerate(SERIES)}

    return once(run, ("bands", futures), make)


def medians(run: Lived, futures: int) -> dict[str, list[float | None]]:
    return {name: levels[MEDIAN] for name, levels in bands(run, futures).items()}


def yearly(unit: str) -> tuple[str, float]:
    """Turns money a month into money a year, which people know better: (unit, factor)."""
    return (unit.replace("a month", "a year"), 12.0) if unit.endswith("a month") else (unit, 1.0)


def words_of(outcome: str) -> str:
    return WORDS.get(outcome, OUTCOMES[outcome].short)


def difference(name: str, before: Lived, after: Lived, futures: int) -> dict[str, Any]:
    """Compares an outcome future by future, `after` minus `before`; the 95 % interval shows chance alone."""
    row = paired_row(name, before.outcome(name, futures), after.outcome(name, futures), 0.95)
    unit, factor = yearly(row["unit"])
    scaled = {key: number(row[key] * factor) for key in ("baseline", "other", "difference", "low", "high")}
    return {
        "outcome": name,
        "label": words_of(name),
        "unit": unit,
        **scaled,
        "probability": number(row["probability"]),
    }


def differences(
    before: Lived, after: Lived, futures: int, names: Iterable[str] = COMPARED
) -> list[dict[str, Any]]:
    return [difference(name, before, after, futures) for name in names]


def series_declared() -> list[dict[str, str]]:
    """Returns name, title and unit of each series that the page shows."""
    return [{"name": name, "title": TITLES[name], "unit": unit_of(name)} for name in SERIES]


NOTE = f"95 % intervals: {CHANCE_ONLY}. They say nothing about how sure the numbers in the model are."
