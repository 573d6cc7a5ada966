"""What a worker of a cluster does: it takes the plan from a file, runs a chunk, and writes the chunk's file
itself.

The plan's file is in the sweep's folder while the sweep is at work. Workers load it once, and stop when it is
gone. They must see that folder under the same path, and have the same version as the program that drives
them.
"""

import os
import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sim.results.publishing import versions
from sim.sweep.chunks import Report, Stopped, run_chunk
from sim.sweep.plan import Chunk, Plan
from sim.sweep.store import TEMPORARY, clear


@dataclass(frozen=True)
class Refusal:
    """Why a worker cannot take part. It is returned, not raised: Dask would retry elsewhere, and nobody would
    know.
    """

    words: str


class _Unfit(Exception):
    """Raised inside a worker that cannot take part."""


def work(folder: str, plan_file: str, chunk: Chunk) -> Report | Refusal:
    """Run a chunk in a worker. Raises OSError if the file cannot be written."""

    def watched(_: int) -> None:
        if not os.path.exists(plan_file):
            raise Stopped

    try:
        return run_chunk(_plan(plan_file), chunk, Path(folder), watched)
    except _Unfit as unfit:
        return Refusal(f"worker {_own_address()}: {unfit}")
    except Stopped:
        return Refusal(f"worker {_own_address()}: the sweep has ended")


@lru_cache(maxsize=1)
def _plan(path: str) -> Plan:
    """Load the plan from a file, if this worker is fit for it."""
    try:
        with open(path, "rb") as file:
            theirs, mine = pickle.load(file), versions()
            differ = [
                f"{name} {mine.get(name)} there, {theirs[name]} here"
                for name in theirs
                if mine.get(name) != theirs[name]
            ]
            if differ:
                raise _Unfit(
                    f"is of another version ({'; '.join(differ)}); the two would not mix. "
                    "Start it again from the same environment and the same sources"
                )
            found = pickle.load(file)
    except FileNotFoundError:
        raise _Unfit(
            "does not see the sweep's folder; it must lie on a disk that all workers share, under "
            "the same path"
        ) from None
    assert isinstance(found, Plan)
    return found


def _own_address() -> str:
    from distributed import get_worker

    return str(get_worker().address)


@contextmanager
def laid_out(plan: Plan, folder: Path) -> Iterator[str]:
    """Write the plan to a file for the workers. At the end, remove it and the files that dead workers left
    unfinished.
    """
    handle, path = tempfile.mkstemp(prefix=f"{TEMPORARY}plan-", dir=folder)
    try:
        with open(handle, "wb") as file:
            pickle.dump(versions(), file)
            pickle.dump(plan, file)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(path, 0o644)
        yield path
    finally:
        clear(folder)
