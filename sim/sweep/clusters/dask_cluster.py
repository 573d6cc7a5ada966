"""Clusters reached through Dask: processes of this machine, or a scheduler that runs already. Jobs of Slurm
(`slurm.py`) build on this.

A task runs one chunk, writes its file and returns a small report (`worker.py`), so nothing is lost with a
worker that dies: Dask gives its chunks to others.
"""

import json
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.inputs.problems import BadInput
from sim.sweep.chunks import Report
from sim.sweep.clusters import settings
from sim.sweep.clusters.handing_out import Handing
from sim.sweep.clusters.worker import laid_out
from sim.sweep.plan import Chunk, Plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from distributed import Client

# For our own scheduler. Jobs of a cluster do end, so a chunk is given up only after so many workers died over
# it; and this program, not Dask, replaces lost jobs.
OURS = {"distributed.scheduler.allowed-failures": 10, "distributed.deploy.lost-worker-timeout": "1000 days"}
INSTALL = (
    "cluster={kind} needs {what}: pip install 'local-health-systems[cluster]', or in the repository: pip "
    "install -e '.[cluster]'"
)


class Dask:
    """A cluster of Dask: processes of this machine, or the workers of a scheduler that runs already
    (`address` or `scheduler_file`).

    As a context it stays connected from one sweep to the next.
    """

    def __init__(self, place: settings.Dask | None = None, threads: int | None = None):
        self.place = place or settings.Dask()
        self.workers = self.place.workers or threads or os.cpu_count() or 1
        self._opened, self._stack = 0, ExitStack()
        self._client: Client | None = None

    # ---- opening and closing

    def check(self) -> None:
        """Check that there is something to run on. Raises BadInput."""
        self._installed("distributed", "Dask")
        if self.place.address or self.place.scheduler_file:
            with self:
                pass

    def __enter__(self) -> "Dask":
        if not self._opened:
            self._installed("distributed", "Dask")
            with ExitStack() as stack:
                stack.enter_context(_quiet())
                self._client = self._open(stack)
                self._stack = stack.pop_all()
        self._opened += 1
        return self

    def __exit__(self, *_: object) -> None:
        self._opened -= 1
        if not self._opened:
            self._client = None
            self._stack.close()

    def _open(self, stack: ExitStack) -> "Client":
        """Return a client of the scheduler, closed with the stack. Raises BadInput."""
        if self.place.address or self.place.scheduler_file:
            return self._reached(stack)
        import dask
        from distributed import LocalCluster

        address = f"127.0.0.1:{self.place.dashboard or 0}"
        stack.enter_context(dask.config.set(OURS))
        cluster = LocalCluster(
            n_workers=self.workers,
            threads_per_worker=1,
            host="127.0.0.1",
            memory_limit=0,
            silence_logs=logging.CRITICAL,
            scheduler_kwargs={"dashboard": bool(self.place.dashboard), "dashboard_address": address},
            preload=["sim.sweep.clusters.ignore_interrupts"],
        )
        stack.enter_context(cluster)
        return self._client_of(cluster, stack)

    def _client_of(self, scheduler: Any, stack: ExitStack) -> "Client":
        from distributed import Client

        return stack.enter_context(Client(scheduler, timeout=self.place.timeout, set_as_default=False))

    def _reached(self, stack: ExitStack) -> "Client":
        """Return a client of a scheduler that runs already."""
        assert isinstance(self.place, settings.Dask)
        key, address = "address", str(self.place.address)
        if self.place.scheduler_file:
            key, name = "scheduler_file", self.place.scheduler_file
            try:
                address = str(json.loads(Path(name).read_text(encoding="utf-8"))["address"])
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise BadInput(
                    f"cluster.scheduler_file = {name!r}: is not the file of a Dask scheduler ({error})"
                ) from None
        try:
            return self._client_of(address, stack)
        except (OSError, ValueError, RuntimeError) as error:
            said = str(error).strip().splitlines()
            raise BadInput(
                f"cluster.{key} = {getattr(self.place, key)!r}: no Dask scheduler answers at {address} "
                f"within {self.place.timeout:g} s"
                f"{f' ({said[0]})' if said else ''}. Start one, see docs/sweeps.md, or leave {key} out for "
                "processes of this machine"
            ) from None

    def _installed(self, module: str, what: str) -> None:
        try:
            __import__(module)
        except ImportError:
            raise BadInput(INSTALL.format(kind=self.place.kind, what=what)) from None

    # ---- running

    def run(
        self, plan: Plan, chunks: Iterable[Chunk], folder: Path, progress: "Callable[[int], None]"
    ) -> Iterator[Report]:
        """Hand out chunks, not many more than there are threads, and yield reports as they come.

        Raises ConnectionError if the scheduler is lost, OSError if a file cannot be written, BadInput if a
        worker cannot take part.
        """
        with self, laid_out(plan, folder.absolute()) as plan_file:
            assert self._client is not None
            handing = Handing(self, self._client, str(folder.absolute()), plan_file)
            try:
                for report in handing.reports(iter(chunks)):
                    progress(report.chunk.runs)
                    yield report
            finally:
                handing.give_up()

    def tend(self, connected: int) -> None:
        """Look after the workers; `connected` of them are there."""

    @property
    def waits(self) -> str:
        """The message while there is no worker."""
        return (
            "No worker is connected to the scheduler; start some, see docs/sweeps.md. Waiting; Ctrl-C stops."
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Hold back Dask's own messages; this program says what matters in its own words."""
    __import__("distributed")  # so that its loggers exist

    names = [
        name
        for name in logging.root.manager.loggerDict
        if name.partition(".")[0] in ("distributed", "tornado")
    ]
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
