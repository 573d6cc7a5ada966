"""Where chunks run. A cluster takes a plan and chunks, and yields a report for each chunk as it ends.

`local` is threads of this process. They are enough for one machine, because compiled rules release Python's
lock.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path
from typing import Protocol

from sim.sweep.chunks import Report, Stopped, run_chunk
from sim.sweep.clusters import settings
from sim.sweep.plan import Chunk, Plan
from sim.sweep.request import Request

Progress = Callable[[int], None]


class Cluster(Protocol):
    """What a sweep needs of a cluster. `progress` is called, in any thread, with the number of runs just
    finished.

    A sweep enters it as a context. `check` raises BadInput if the cluster cannot be reached, or if a package
    that it needs is not installed.
    """

    def run(
        self, plan: Plan, chunks: Iterable[Chunk], folder: Path, progress: Progress
    ) -> Iterator[Report]: ...

    def check(self) -> None: ...

    def __enter__(self) -> "Cluster": ...

    def __exit__(self, *_: object) -> None: ...


class Local:
    """Threads of this process; few chunks wait in memory at any time."""

    def __init__(self, threads: int | None = None):
        self.threads = threads or os.cpu_count() or 1

    def check(self) -> None:
        pass

    def __enter__(self) -> "Local":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def run(self, plan: Plan, chunks: Iterable[Chunk], folder: Path, progress: Progress) -> Iterator[Report]:
        todo, stopping = iter(chunks), threading.Event()

        def counted(runs: int) -> None:
            if stopping.is_set():
                raise Stopped
            progress(runs)

        pool = ThreadPoolExecutor(self.threads)
        running: set[Future[Report]] = set()
        try:
            while True:
                room = 2 * self.threads - len(running)
                running |= {
                    pool.submit(run_chunk, plan, chunk, folder, counted) for chunk in islice(todo, room)
                }
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for job in done:
                    yield job.result()
        finally:
            stopping.set()
            pool.shutdown(wait=True, cancel_futures=True)


def of(request: Request, threads: int | None = None) -> Cluster:
    """Return the cluster that a request names, not connected yet."""
    place = request.cluster
    if isinstance(place, settings.Slurm):
        from sim.sweep.clusters.slurm import Slurm

        return Slurm(place)
    if isinstance(place, settings.Dask):
        from sim.sweep.clusters.dask_cluster import Dask

        return Dask(place, threads or request.threads)
    return Local(threads or request.threads)
