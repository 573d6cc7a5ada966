"""Repeats one run of a sweep: `python -m sim.sweep.replay FOLDER CELL FUTURE` prints its outcomes, or shows
how it fails.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from sim.inputs.problems import BadInput
from sim.results.publishing import say
from sim.scenario.composing import check
from sim.scenario.scenario import Scenario
from sim.sweep.factors import declared
from sim.sweep.plan import changed
from sim.sweep.request import NO_EVENT, Request
from sim.sweep.store import CELLS, CONFIG, begun
from sim.sweep.variants import AS_CONFIGURED

if TYPE_CHECKING:
    import xarray as xr


def request_in(folder: str | Path) -> Request:
    """Return a folder's request, but for its design: the table of cells holds the points. Raises BadInput."""
    begun(Path(folder))
    plain = yaml.safe_load((Path(folder) / CONFIG).read_text(encoding="utf-8"))
    if not isinstance(plain, dict):
        raise BadInput(f"{Path(folder) / CONFIG}: is damaged")
    kept = {key: value for key, value in plain.items() if key not in ("contents", "points", "design")}
    found = check(Request, {**kept, "design": {"kind": "grid"}})
    assert isinstance(found, Request)
    return found


def scenario_in(folder: str | Path, cell: int) -> Scenario:
    """Return the scenario of one cell of a sweep, as it was run. Raises BadInput."""
    import pyarrow.parquet as pq

    request = request_in(folder)
    rows = pq.read_table(Path(folder) / CELLS, filters=[("cell", "=", cell)]).to_pylist()
    if not rows:
        last = pq.read_metadata(Path(folder) / CELLS).num_rows - 1
        raise BadInput(f"cell = {cell}: must be a whole number from 0 to {last}")
    row = rows[0]
    base = request.base(
        row["system"], row["regime"], row.get("event", NO_EVENT), row.get("variant", AS_CONFIGURED)
    )
    return changed(base, {key: value for key, value in row.items() if key in declared()})


def lived_again(folder: str | Path, cell: int, future: int, record: str = "summary") -> "xr.Dataset":
    """Repeat one run of a sweep, with the cells that ran together with it. Returns it as `simulate` does.
    Raises BadInput.
    """
    from sim.engine.dataset import check_run, simulate, to_dataset
    from sim.engine.england import live_together
    from sim.engine.simulation import empty_output, prepare

    request, scenario = request_in(folder), scenario_in(folder, cell)
    if not request.nation:
        return simulate(scenario, 1, request.seed, 1, record, future)
    check_run(scenario, 1, request.seed, 1, record, future)
    first = cell - cell % request.together
    systems = [prepare(scenario_in(folder, first + at), request.seed) for at in range(request.together)]
    outputs = [empty_output(prepared, 1, record) for prepared in systems]
    live_together(systems, outputs, future, 0, 1)
    return to_dataset(scenario, outputs[cell - first], request.seed, future)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m sim.sweep.replay", description="Runs one run of a sweep again."
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("cell", type=int)
    parser.add_argument("future", type=int)
    given = parser.parse_args(words)
    try:
        request, scenario = request_in(given.folder), scenario_in(given.folder, given.cell)
        data = lived_again(given.folder, given.cell, given.future)
    except BadInput as problem:
        say(problem)
        return 2
    print(
        f"{scenario.system.label}: {scenario.regimes[scenario.regime].label}; future {given.future}, "
        f"seed {request.seed}"
    )
    for name in request.outcomes:
        print(f"{name:34}{float(data[name].values[0]):16.6g} {data[name].attrs['units']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
