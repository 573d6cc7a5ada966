"""The factors that a design may vary: every parameter (`params.squeeze`) and every dial (`dials.block`),
within their declared bounds.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from sim.declarations.dials import DIALS
from sim.declarations.parameters import PARAMETERS
from sim.inputs.problems import nearest


@dataclass(frozen=True)
class Factor:
    """One thing that varies. A number is explored in [low, high] and allowed in [lowest, highest]; a factor
    of words or switches has `choices` instead.
    """

    key: str
    low: float
    high: float
    lowest: float
    highest: float
    unit: str
    label: str
    whole: bool = False
    choices: tuple[Any, ...] = ()

    def at(self, share: np.ndarray) -> np.ndarray:
        """Return values at shares in [0, 1] of the way from `low` to `high`; words get equal parts."""
        if self.choices:
            places = np.minimum((share * len(self.choices)).astype(int), len(self.choices) - 1)
            return np.array(self.choices, object)[places]
        values = self.low + share * (self.high - self.low)
        return np.clip(np.rint(values), self.low, self.high) if self.whole else values

    def bounded(self, bounds: Any) -> "Factor":
        """Return the factor with other bounds to explore (a pair) or words (a list). Raises ValueError."""
        wrong = self.problem_with(bounds)
        if self.choices:
            if wrong:
                raise ValueError(wrong)
            return self._with(choices=tuple(bounds))
        if wrong or len(bounds) != 2 or not bounds[0] < bounds[1]:
            raise ValueError(wrong or f"{self.key} = {bounds!r}: must be a pair, lowest and highest")
        return self._with(low=float(bounds[0]), high=float(bounds[1]))

    def _with(self, **changes: Any) -> "Factor":
        return Factor(**{**vars(self), **changes})

    def problem_with(self, values: Any) -> str:
        """Say what is wrong with a list of values of this factor, or return ''."""
        if isinstance(values, str) or not isinstance(values, Iterable) or not (values := list(values)):
            return f"{self.key} = {values!r}: must be a list of {self._allowed()}"
        bad = [value for value in values if not self._takes(value)]
        if not bad:
            return ""
        guess = nearest(str(bad[0]), self.choices) if self.choices and isinstance(bad[0], str) else ""
        return f"{self.key} = {bad[0]!r}: must be {self._allowed()}{guess if 'did you mean' in guess else ''}"

    def _takes(self, value: Any) -> bool:
        if self.choices:
            return value in self.choices and isinstance(value, (bool, np.bool_)) == isinstance(
                self.choices[0], bool
            )
        if isinstance(value, (bool, np.bool_)) or not isinstance(
            value, (int, float, np.integer, np.floating)
        ):
            return False
        return bool(self.lowest <= value <= self.highest) and (not self.whole or float(value).is_integer())

    def _allowed(self) -> str:
        if self.choices:
            return "one of " + ", ".join(str(choice).lower() for choice in self.choices)
        return f"{'whole ' * self.whole}numbers from {self.lowest:g} to {self.highest:g} ({self.unit})"

    def plain(self, value: Any) -> Any:
        """Return a value as a scenario takes it: a plain Python number, word or switch."""
        if self.choices:
            return bool(value) if isinstance(self.choices[0], bool) else str(value)
        return int(value) if self.whole else float(value)

    def from_text(self, text: Any) -> Any:
        """Return the value of a CSV field: the text itself if it is no valid value, None if it is empty."""
        if not isinstance(text, str):
            return None
        if self.choices:
            return (
                {"true": True, "false": False}.get(text.lower(), text)
                if isinstance(self.choices[0], bool)
                else text
            )
        try:
            return float(text)
        except ValueError:
            return text

    def from_texts(self, texts: pd.Series) -> pd.Series:
        """Do the same for a whole column; a column of numbers alone is converted at once."""
        if not self.choices:
            try:
                return texts.astype(float)
            except ValueError:
                pass
        return pd.Series([self.from_text(value) for value in texts], dtype=object)

    def takes_all(self, values: pd.Series) -> bool:
        """Return whether a column holds only allowed or missing numbers; False if values must be looked at
        one by one.
        """
        if self.choices or values.dtype != float:
            return False
        numbers = values.to_numpy()
        numbers = numbers[~np.isnan(numbers)]
        whole = not self.whole or bool((numbers == np.rint(numbers)).all())
        return whole and bool(((numbers >= self.lowest) & (numbers <= self.highest)).all())

    def column(self, values: Iterable[Any]) -> np.ndarray:
        """Return a column of values: numbers as float64, others as objects. NaN or None keeps the configured
        value.
        """
        if self.choices:
            return np.array(
                [None if value is None or value != value else self.plain(value) for value in values], object
            )
        return np.asarray(list(values) if not isinstance(values, (np.ndarray, pd.Series)) else values, float)


@cache
def declared() -> dict[str, Factor]:
    """Return every factor by its key, parameters first."""
    found = {}
    for name, parameter in PARAMETERS.items():
        key = f"params.{name}"
        found[key] = Factor(key, *parameter.plausible, *parameter.allowed, parameter.unit, parameter.meaning)
    for name, dial in DIALS.items():
        if dial.sort == "kinds of body":
            continue  # neither numbers nor words to choose from
        key, label = f"dials.{name}", name.replace("_", " ")
        words = (False, True) if dial.sort == "switch" else tuple(dial.words)
        unit = "word" if words else dial.unit
        low, high = (0.0, 0.0) if words else dial.bounds
        found[key] = Factor(key, low, high, low, high, unit, label, dial.sort == "whole", words)
    return found


def unknown_factor(where: str, key: object) -> str:
    """Return the message for an unknown factor, with the nearest one: `squeeze` means `params.squeeze`."""
    keys = list(declared())
    near = [k for k in keys if k.split(".", 1)[1] == key] or difflib.get_close_matches(
        str(key), keys, n=1, cutoff=0.5
    )
    return f"{where}: '{key}' is not known" + (
        f"; did you mean '{near[0]}'?" if near else "; valid: params.<name> or dials.<name>"
    )


def meant(where: str, given: Any) -> tuple[dict[str, Any], list[str]]:
    """Return the factors that were named, {key: the bounds or levels given, or None}, and what is wrong with
    them.

    `given` is `params` (every parameter), a key, a list of keys, or {key: bounds or levels}.
    """
    if given == "params":
        return {key: None for key in declared() if key.startswith("params.")}, []
    if isinstance(given, str):
        given = [given]
    if isinstance(given, (list, tuple)):
        if len({str(key) for key in given}) < len(given):
            return {}, [f"{where}: each factor can be named only once"]
        given = {key if isinstance(key, str) else str(key): None for key in given}
    if not isinstance(given, dict):
        return {}, [
            f"{where} = {given!r}: must be params, a list of factors, or a mapping from factor to bounds"
        ]
    return {str(key): value for key, value in given.items()}, [
        unknown_factor(where, key) for key in given if key not in declared()
    ]
