"""How precisely each cell's mean of an outcome is known, and how many futures are enough (futures=auto)."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.analysis.intervals import t_quantile
from sim.sweep.plan import Chunk
from sim.sweep.store import RUNS

LEVEL = 0.95


@dataclass
class Tally:
    """Count, mean and sum of squared deviations of one outcome in every cell, shape (cells,). Memory does not
    grow with runs.
    """

    outcome: str
    cells: int

    def __post_init__(self) -> None:
        self.count, self.mean, self.squares = np.zeros((3, self.cells))

    def add(self, folder: Path, chunks: Iterable[Chunk]) -> None:
        """Count the runs of some published chunks."""
        import pyarrow.parquet as pq

        for chunk in chunks:
            table = pq.read_table(folder / RUNS / f"{chunk.name}.parquet", columns=["cell", self.outcome])
            self.count_in(table["cell"].to_numpy(), table[self.outcome].to_numpy())

    def count_in(self, cells: np.ndarray, values: np.ndarray) -> None:
        """Merge values, shape (runs,), into their cells (Chan, Golub and LeVeque 1979); NaN is left out."""
        known = np.isfinite(values)
        cells, values = cells[known], values[known]
        where, at = np.unique(cells, return_inverse=True)
        count = np.bincount(at, minlength=len(where)).astype(float)
        mean = np.bincount(at, values, len(where)) / np.maximum(count, 1.0)
        squares = np.bincount(at, (values - mean[at]) ** 2, len(where))
        before, away = self.count[where], mean - self.mean[where]
        total = before + count
        self.squares[where] += squares + away**2 * before * count / total
        self.mean[where] += away * count / total
        self.count[where] = total

    def half_widths(self) -> np.ndarray:
        """Return half the 95 % interval (Student t) of every cell's mean, as a share of the mean; infinite if
        unknown.
        """
        quantile = {int(n): t_quantile(LEVEL, int(n) - 1) if n > 1 else np.inf for n in np.unique(self.count)}
        t = np.array([quantile[int(n)] for n in self.count])
        with np.errstate(divide="ignore", invalid="ignore"):
            half = t * np.sqrt(self.squares / (self.count - 1.0) / self.count)
            share = np.where(half == 0.0, 0.0, half / np.abs(self.mean))
        return np.where(np.isnan(share) | (self.count < 2), np.inf, share)

    def widest(self) -> tuple[float, int]:
        """Return the widest half interval, and its cell."""
        widths = self.half_widths()
        return float(widths.max()), int(widths.argmax())
