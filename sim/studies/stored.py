"""Reads the runs of a sweep from disk with one outcome in memory at a time, for factorials that are too large
to be read whole.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.uncertain import Cube
from sim.sweep.reading import read
from sim.sweep.store import RUNS


class StoredCube(Cube):
    """A `Cube` over the folder of a sweep. It holds values[cell, future] of the last outcome only, so ask for
    one outcome after the other.
    """

    def __init__(self, folder: Path, by: Sequence[str]):
        cells = read(folder, table="cells", columns=["cell", "point", *by])
        self.by, self.folder = tuple(by), folder
        self.points = {point: at for at, point in enumerate(sorted(cells["point"].unique()))}
        self.point_of = cells["point"].map(self.points).to_numpy()  # of every cell; cells are numbered from 0
        grouped = cells.groupby(list(by), sort=False, observed=True).indices
        self.rows = {key if isinstance(key, tuple) else (key,): rows for key, rows in grouped.items()}
        self.held: tuple[str, np.ndarray] | None = None

    def values(self, outcome: str, **where: Any) -> np.ndarray:
        """Returns values[set, future] of an outcome, as the mean over everything that `where` ({column of
        `by`: value}) leaves open; NaN where a run failed.
        """
        wanted = self.wanted(where)
        if self.held is None or self.held[0] != outcome:
            self.held = None  # freed before the next is read
            self.held = (outcome, self._read(outcome))
        of_cells = self.held[1]
        total = np.zeros((len(self.points), of_cells.shape[1]))
        for key in wanted:
            layer, cells = np.full(total.shape, np.nan), self.rows[key]
            layer[self.point_of[cells]] = of_cells[cells]
            total += layer
        return total / len(wanted)

    def _read(self, outcome: str) -> np.ndarray:
        """Reads values[cell, future] batch by batch; NaN where a run failed."""
        import pyarrow.dataset as ds

        data = ds.dataset(sorted((self.folder / RUNS).glob("*.parquet")), format="parquet")
        last = max(
            int(batch.column("future").to_numpy().max())
            for batch in data.to_batches(columns=["future"])
            if len(batch)
        )
        found = np.full((len(self.point_of), last + 1), np.nan)
        for batch in data.to_batches(columns=["cell", "future", outcome]):
            cells, futures, values = (
                batch.column(name).to_numpy(zero_copy_only=False) for name in ("cell", "future", outcome)
            )
            found[cells, futures] = values
        return found
