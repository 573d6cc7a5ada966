"""Designs: which points of the factors' space a sweep visits. A design gives a table, one row a point, one
column a factor.

An empty cell of the table (NaN, None) keeps the configured value. `baseline` puts a point with all values as
configured before the others.
"""

import io
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, Field, field_validator, model_validator

from sim.inputs.problems import BadInput, of_its_kind
from sim.inputs.strict import STRICT
from sim.sweep.factors import Factor, declared, meant
from sim.sweep.points import AXES, checked, framed

MOST_POINTS = 10_000_000


class Design(BaseModel):
    """What all designs share: the factors, and whether the configured point comes first."""

    model_config = STRICT
    factors: Any = None
    baseline: bool = True

    @field_validator("factors")
    @classmethod
    def _exist(cls, given: Any) -> Any:
        found, problems = meant("design.factors", {} if given is None else given)
        if problems:
            raise ValueError("\n".join(problems))
        return given if given == "params" else found

    def chosen(self) -> dict[str, Any]:
        """The factors, each with the bounds or levels given for it."""
        return meant("design.factors", self.factors or {})[0]

    def points(self) -> pd.DataFrame:
        """Return the table of points. Raises BadInput."""
        table = self.sampled()
        if not self.baseline:
            return table
        columns = {str(name): table[name].to_numpy() for name in table.columns}
        missing = {
            name: np.array([None if column.dtype == object else np.nan], column.dtype)
            for name, column in columns.items()
        }
        return framed(
            {name: np.concatenate([missing[name], column]) for name, column in columns.items()},
            len(table) + 1,
        )

    def sampled(self) -> pd.DataFrame:
        raise NotImplementedError


class Grid(Design):
    """Every combination of levels. Levels are listed, or their number is given: then they lie evenly between
    the factor's bounds, or are all its words.

    The first level of every factor is the baseline.
    """

    kind: Literal["grid"]
    levels: Annotated[int, Field(ge=2, le=1000)] = 3
    baseline: bool = False

    @model_validator(mode="after")
    def _levels_are_allowed(self) -> "Grid":
        problems = [
            wrong for key, given in self.chosen().items() if (wrong := self._problem(declared()[key], given))
        ]
        if problems:
            raise ValueError("\n".join(problems))
        count = int(np.prod([float(len(levels)) for levels in self._levels().values()]))
        if count > MOST_POINTS:
            raise ValueError(f"design.factors: {count:,} combinations; at most {MOST_POINTS:,}")
        return self

    def _problem(self, factor: Factor, given: Any) -> str:
        if given is None:
            return ""
        if isinstance(given, int) and not isinstance(given, bool):
            return (
                ""
                if given >= 2
                else (f"design.factors.{factor.key} = {given}: at least 2 levels, or a list of them")
            )
        wrong = factor.problem_with(given)
        if not wrong and len(set(given)) < len(given):
            wrong = f"{factor.key}: each level can be named only once"
        return f"design.factors.{wrong}" if wrong else ""

    def _levels(self) -> dict[str, list[Any]]:
        found = {}
        for key, given in self.chosen().items():
            factor = declared()[key]
            if isinstance(given, list):
                found[key] = [factor.plain(value) for value in given]
            elif factor.choices:
                found[key] = list(factor.choices)
            else:
                found[key] = list(
                    dict.fromkeys(factor.at(np.linspace(0.0, 1.0, given or self.levels)).tolist())
                )
        return found

    def sampled(self) -> pd.DataFrame:
        levels = self._levels()
        if not levels:
            return framed({}, 1)
        places = np.indices([len(values) for values in levels.values()]).reshape(len(levels), -1)
        columns = {key: declared()[key].column(values) for key, values in levels.items()}
        found = {key: column[place] for (key, column), place in zip(columns.items(), places, strict=True)}
        return framed(found, places.shape[1])


class Sampled(Design):
    """Points that SALib draws in the unit cube, stretched to each factor's bounds: those given, or else the
    declared plausible ones.
    """

    factors: Any = "params"
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 1

    @model_validator(mode="after")
    def _bounds_are_allowed(self) -> "Sampled":
        problems = []
        for key, given in self.chosen().items():
            try:
                self._bounded(key, given)
            except ValueError as error:
                problems.append(f"design.factors.{error}")
        if not self.chosen():
            problems.append(
                "design.factors: name at least one, e.g. design.factors=[params.squeeze]; or "
                "params for all parameters"
            )
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _bounded(self, key: str, given: Any) -> Factor:
        return declared()[key] if given is None else declared()[key].bounded(given)

    def varied(self) -> list[Factor]:
        """Return the factors, in order, with the bounds to explore."""
        return [self._bounded(key, given) for key, given in self.chosen().items()]

    def problem(self) -> dict[str, Any]:
        """Return the problem in SALib's form, over the unit cube, for sampling and for analysis."""
        names = [factor.key for factor in self.varied()]
        return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}

    def unit_points(self) -> np.ndarray:
        """Return points in the unit cube, shape (points, factors), without the baseline."""
        raise NotImplementedError

    def sampled(self) -> pd.DataFrame:
        shares = self.unit_points()
        return framed(
            {factor.key: factor.at(shares[:, at]) for at, factor in enumerate(self.varied())}, len(shares)
        )


class Lhs(Sampled):
    """Latin hypercube: `n` points, one in each of n equal slices of every factor."""

    kind: Literal["lhs"]
    n: Annotated[int, Field(ge=1, le=MOST_POINTS)] = 100

    def unit_points(self) -> np.ndarray:
        from SALib.sample import latin

        return latin.sample(self.problem(), self.n, seed=self.seed)


class Sobol(Sampled):
    """Saltelli's sample for Sobol indices: n (k + 2) points of k factors, or n (2k + 2) with `second_order`;
    n a power of two.
    """

    kind: Literal["sobol"]
    n: Annotated[int, Field(ge=2, le=2**20)] = 64
    second_order: bool = False

    @field_validator("n")
    @classmethod
    def _power_of_two(cls, n: int) -> int:
        if n & (n - 1):
            low = 1 << (n.bit_length() - 1)
            raise ValueError(f"must be a power of two, such as {low} or {2 * low}")
        return n

    def unit_points(self) -> np.ndarray:
        from SALib.sample import sobol

        return sobol.sample(self.problem(), self.n, calc_second_order=self.second_order, seed=self.seed)


class Morris(Sampled):
    """Morris' elementary effects: `n` trajectories of k + 1 points each, on a grid of `levels` (an even
    number).
    """

    kind: Literal["morris"]
    n: Annotated[int, Field(ge=2, le=100_000)] = 10
    levels: Annotated[int, Field(ge=2, le=100, multiple_of=2)] = 4

    def unit_points(self) -> np.ndarray:
        from SALib.sample import morris

        return morris.sample(self.problem(), self.n, num_levels=self.levels, seed=self.seed)


class Table(Design):
    """Points from a CSV: a column a factor (`params.squeeze`, `dials.block`), and `system`, `regime`, `event`
    where they vary.

    The first row is the baseline. An empty field keeps the configured value.
    """

    kind: Literal["table"]
    file: str = ""
    text: str = ""  # content of the file, read only once, so that results depend on the request alone
    baseline: bool = False

    @model_validator(mode="before")
    @classmethod
    def _read_once(cls, given: Any) -> Any:
        if not isinstance(given, dict) or given.get("text"):
            return given
        if not given.get("file"):
            raise ValueError("design.file: name a CSV, e.g. design=table design.file=cells.csv")
        try:
            text = Path(str(given["file"])).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not a UTF-8 text"
            raise ValueError(f"design.file = '{given['file']}': {reason}") from None
        return {**given, "file": Path(str(given["file"])).name, "text": text}

    @model_validator(mode="after")
    def _rows_are_allowed(self) -> "Table":
        self.points()
        return self

    @property
    def content(self) -> str:
        """Everything that its points depend on."""
        return self.text

    @property
    def axes(self) -> list[str]:
        """Which of system, regime and event the table itself names."""
        return [name for name in AXES if name in self.rows.columns]

    def sampled(self) -> pd.DataFrame:
        return self.rows

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Return the table, checked."""
        try:
            table = pd.read_csv(
                io.StringIO(self.text),
                skipinitialspace=True,
                dtype=str,
                keep_default_na=False,
                na_values=[""],
            )
        except ValueError as error:
            raise BadInput(f"design.file = '{self.file}': {error}") from None
        table.columns = [str(name).strip() for name in table.columns]
        table = table.astype(object)
        for name in table.columns.intersection(list(declared())):
            table[name] = declared()[name].from_texts(table[name])
        return checked(table, f"design.file = '{self.file}'")


KINDS: dict[str, type[Design]] = {"grid": Grid, "lhs": Lhs, "sobol": Sobol, "morris": Morris, "table": Table}


def design_from(given: Any) -> Design:
    """Build a design from plain data: `kind` and its fields. Raises ValueError naming every key at fault."""
    return of_its_kind(given, KINDS, "design")
