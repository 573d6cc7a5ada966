"""A plan: every cell of a sweep, its scenario, and the chunks in which it runs. The request decides all.

Cells are not stored one by one. Arithmetic finds cell c: a point of the design, a system, a regime, a file of
events and a variant.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import product
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
from pydantic import ValidationError

from sim.declarations.parameters import PARAMETERS
from sim.declarations.regimes import Regime
from sim.inputs.problems import BadInput, explain
from sim.results.publishing import digest_of
from sim.scenario.scenario import Scenario
from sim.sweep.factors import declared
from sim.sweep.request import AUTO, FIRST_FUTURES, Request
from sim.systems.system import System

# A small sweep is cut into CHUNKS chunks, to keep the threads of a large machine busy, but none has fewer
# than FEWEST runs. A large sweep is cut into chunks of MOST runs.
CHUNKS, FEWEST, MOST = 64, 250, 10_000
MOST_SERIES_VALUES = 20_000_000  # the most monthly values in one file
CHECKED_CELLS = 5_000  # this number of cells is validated before anything runs


@dataclass(frozen=True)
class Chunk:
    """The content of a file: cells first_cell ... stop_cell - 1, futures first_future ... stop_future - 1."""

    first_cell: int
    stop_cell: int
    first_future: int
    stop_future: int

    @property
    def runs(self) -> int:
        return (self.stop_cell - self.first_cell) * (self.stop_future - self.first_future)

    @property
    def name(self) -> str:
        """The name of the chunk's file. Sorted names are in the order of cells, then futures."""
        cells = f"cells-{self.first_cell:08}-{self.stop_cell - 1:08}"
        return f"{cells}_futures-{self.first_future:010}-{self.stop_future - 1:010}"


@dataclass(frozen=True)
class Layout:
    """All cells over futures `first` ... `stop - 1`, in chunks of about `size` runs; `together` cells share a
    chunk.
    """

    cells: int
    first: int
    stop: int
    size: int
    together: int = 1

    @property
    def runs(self) -> int:
        return self.cells * (self.stop - self.first)

    @property
    def blocks(self) -> int:
        """The number of blocks into which the futures of a cell, or of cells that run together, are cut."""
        return max(1, ceil(self.together * (self.stop - self.first) / self.size))

    def __len__(self) -> int:
        return self.blocks * ceil(self.cells / self._cells_a_chunk)

    @property
    def _cells_a_chunk(self) -> int:
        return self.together * max(1, self.size // (self.together * (self.stop - self.first)))

    def __iter__(self) -> Iterator[Chunk]:
        length = ceil((self.stop - self.first) / self.blocks)
        for cell in range(0, self.cells, self._cells_a_chunk):
            for start in range(self.first, self.stop, length):
                yield Chunk(
                    cell, min(cell + self._cells_a_chunk, self.cells), start, min(start + length, self.stop)
                )


@dataclass
class Plan:
    """A request with its table of points; see `plan_of`."""

    request: Request
    points: pd.DataFrame
    columns: dict[str, np.ndarray] = field(init=False)
    schemas: dict[str, Any] = field(default_factory=dict)  # of its files, made once (`schema.py`)

    def __post_init__(self) -> None:
        self.columns = {str(name): self.points[name].to_numpy() for name in self.points.columns}

    @cached_property
    def axes(self) -> list[dict[str, str]]:
        """The combinations that each point is crossed with, as {axis: name}; the last axis varies fastest."""
        names = [self.request.axis(axis) for axis in self.request.crossed]
        return [dict(zip(self.request.crossed, combination, strict=True)) for combination in product(*names)]

    @cached_property
    def bases(self) -> dict[tuple[str, str, str, str], Scenario]:
        """The configured scenarios built so far, by system, regime, file of events and variant."""
        return {}

    @property
    def cells(self) -> int:
        return len(self.points) * len(self.axes)

    @property
    def factors(self) -> list[str]:
        """Keys of what the design varies, in its order, without system, regime and event."""
        return [name for name in self.columns if name in declared()]

    @property
    def names_event(self) -> bool:
        return self.request.crosses_events or "event" in self.columns

    def point_of(self, cell: int) -> int:
        return cell // len(self.axes)

    def where(self, cell: int) -> tuple[str, str, str, str]:
        """Return system, regime, event and variant of a cell."""
        crossed, point = self.axes[cell % len(self.axes)], self.point_of(cell)
        system, regime, event = (
            str(crossed.get(axis) or self.columns[axis][point]) for axis in ("system", "regime", "event")
        )
        variant = crossed["variant"]
        if self.request.names_regimes:
            regime = str(self.request.variants[variant].regime)
        return system, regime, event, variant

    def changes(self, cell: int) -> dict[str, Any]:
        """Return what a cell changes from the configured scenario, {factor: value}, except what its variant
        fixes.
        """
        point, found = self.point_of(cell), {}
        variant = self.request.variants.get(self.where(cell)[3])
        fixed = variant.sets() if variant else set()
        for key in (name for name in self.factors if name not in fixed):
            value = self.columns[key][point]
            if value is not None and value == value:
                found[key] = declared()[key].plain(value)
        return found

    def base(self, cell: int) -> Scenario:
        """Return the configured scenario of a cell's system, regime, event and variant. Raises BadInput."""
        where = self.where(cell)
        if where not in self.bases:
            base = self.request.base(*where)
            self.bases[where] = base.model_copy(update={"system": _first_alike(base.system)})
        return self.bases[where]

    def scenario(self, cell: int) -> Scenario:
        """Return the scenario of a cell. Raises BadInput."""
        return changed(self.base(cell), self.changes(cell))

    def values(self, cell: int) -> dict[str, Any]:
        """Return every factor's value in a cell, set by the design or else as configured. Raises BadInput."""
        base, changes = self.base(cell), self.changes(cell)
        regime = base.regimes[base.regime]
        found = {}
        for key in self.factors:
            group, name = key.split(".", 1)
            configured = (
                base.params.get(name, PARAMETERS[name].default)
                if group == "params"
                else getattr(regime, name)
            )
            found[key] = changes.get(key, configured)
        return found

    def row(self, cell: int) -> dict[str, Any]:
        """Return a cell's row of the table of cells. Raises BadInput."""
        system, regime, event, variant = self.where(cell)
        named = {"system": system, "regime": regime, "event": event, "variant": variant}
        return {"cell": cell, "point": self.point_of(cell), **named, **self.values(cell)}

    def layers(self) -> Iterator[Layout]:
        """Yield the sweep in layers of futures: one, or with futures=auto as many as may be needed."""
        request = self.request
        if request.futures != AUTO:
            yield self.layout(0, int(request.futures))
            return
        start, stop = 0, min(FIRST_FUTURES, request.futures_limit)
        while start < stop:
            yield self.layout(start, stop)
            start, stop = stop, min(2 * stop, request.futures_limit)

    def layout(self, first: int, stop: int) -> Layout:
        """Return chunks for all cells over some futures. They depend on nothing but the request."""
        most = MOST
        if self.request.series:
            most = min(
                most, max(1, MOST_SERIES_VALUES // (len(self.request.months_kept) * len(self.request.series)))
            )
        total = self.cells * (stop - first)
        return Layout(
            self.cells, first, stop, min(most, max(FEWEST, ceil(total / CHUNKS))), self.request.together
        )

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Everything that decides the results: the request, and the exact points of the design."""
        sums = (
            pd.util.hash_pandas_object(self.points, index=True).to_numpy()
            if len(self.columns)
            else np.zeros(len(self.points), "u8")
        )
        digest = blake2b(sums.tobytes(), digest_size=6).hexdigest()
        return {**self.request.identity(), "points": {"number": len(self.points), "digest": digest}}

    def check(self) -> None:
        """Build the scenarios of the first cells, to report what cannot be run before anything runs. Raises
        BadInput.
        """
        varied = len(self.factors) < len(self.columns) or any(
            key.startswith("dials.") for key in self.factors
        )
        for cell in range(min(self.cells, CHECKED_CELLS if varied else len(self.axes))):
            try:
                self.scenario(cell)
            except BadInput as problem:
                system, regime, event, variant = self.where(cell)
                shown = ", ".join(f"{key} = {value}" for key, value in self.changes(cell).items())
                named = [event] * self.names_event + [variant] * bool(self.request.variants)
                about = ", ".join([system, regime, *named])
                raise BadInput(f"cell {cell} ({about}{'; ' if shown else ''}{shown}): {problem}") from None


@lru_cache(maxsize=64)
def _first_alike(system: System) -> System:
    """Return the first system that was equal to this one, for `starting_world.described` to find at once."""
    return system


def changed(base: Scenario, changes: dict[str, Any]) -> Scenario:
    """Return a scenario with some factors, {key: value}, set. Raises BadInput."""
    if not changes:
        return base
    params = {
        key.removeprefix("params."): value for key, value in changes.items() if key.startswith("params.")
    }
    dials = {key.removeprefix("dials."): value for key, value in changes.items() if key.startswith("dials.")}
    regimes = (
        {name: _turned(regime, dials) for name, regime in base.regimes.items()} if dials else base.regimes
    )
    return base.with_numbers({**base.params, **params}, regimes)


def _turned(regime: Regime, dials: dict[str, Any]) -> Regime:
    """Return a regime with some dials turned. Raises BadInput."""
    try:
        return Regime.model_validate({**vars(regime), **dials})
    except ValidationError as error:
        raise BadInput(explain(error, Regime, "dials.")) from None


_KEPT: dict[str, Plan] = {}


def plan_of(request: Request) -> Plan:
    """Return the checked plan of a request; the same one if called again. Raises BadInput."""
    key = digest_of(request.identity())
    if key not in _KEPT:
        plan = Plan(request, request.design.points())
        plan.check()
        _KEPT.clear()
        _KEPT[key] = plan
    kept = _KEPT[key]
    return kept if kept.request is request else Plan(request, kept.points)
