"""Hands chunks out to the workers of a Dask scheduler, not many more than there are threads, and takes their
reports back.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

from sim.inputs.problems import BadInput
from sim.results.publishing import say
from sim.sweep.chunks import Report
from sim.sweep.clusters.worker import Refusal, work
from sim.sweep.plan import Chunk

if TYPE_CHECKING:
    from distributed import Client, Future

# chunks handed out for each thread of the workers: one at work, the others so that the thread need not wait
WAITING = 3
RETRIES = 2  # further attempts to write a chunk
LOOK = 2.0  # seconds between looks at the workers
PATIENCE = 15.0  # seconds without any worker before a message says so


class Tending(Protocol):
    """Looks after the workers while chunks are handed out."""

    def tend(self, connected: int) -> None: ...

    @property
    def waits(self) -> str: ...


class Handing:
    """The chunks that are handed out, and what comes back."""

    def __init__(self, cluster: Tending, client: "Client", folder: str, plan_file: str):
        self.cluster, self.client, self.folder, self.plan_file = cluster, client, folder, plan_file
        self.out: dict[Any, Future] = {}
        self.back: SimpleQueue[Future] = SimpleQueue()
        self.threads, self.looked, self.alone_since, self.told = 1, 0.0, time.monotonic(), False

    def reports(self, todo: Iterator[Chunk]) -> Iterator[Report]:
        from distributed.comm import CommClosedError

        try:
            yield from self._reports(todo)
        except CommClosedError:  # an OSError, but not from a disk
            raise self._lost() from None

    def _reports(self, todo: Iterator[Chunk]) -> Iterator[Report]:
        while True:
            self._look()
            for chunk in islice(todo, max(0, WAITING * self.threads - len(self.out))):
                future = self.client.submit(
                    work, self.folder, self.plan_file, chunk, pure=False, retries=RETRIES
                )
                self.out[future.key] = future
                future.add_done_callback(self.back.put)
            if not self.out:
                return
            try:
                future = self.back.get(timeout=LOOK)
            except Empty:
                continue
            yield self._report(future)

    def _report(self, future: "Future") -> Report:
        from distributed.scheduler import KilledWorker

        del self.out[future.key]
        if future.status in ("cancelled", "lost"):
            raise self._lost()
        error = future.exception()
        if isinstance(error, KilledWorker):
            raise ConnectionError(
                f"Every worker that ran one of the chunks died over it; did they run out of memory? {error}"
            )
        if isinstance(error, (ImportError, AttributeError)) or (
            isinstance(error, RuntimeError) and "deserializ" in str(error)
        ):
            raise BadInput(
                f"the scheduler or a worker at {self._where()} cannot import this very program "
                f"({_first_line(error)}). "
                "Start them again from the same environment and the same sources"
            ) from None
        if error is not None:
            raise error
        found = future.result()
        future.release()
        if isinstance(found, Refusal):
            raise BadInput(found.words)
        assert isinstance(found, Report)
        return found

    def _look(self) -> None:
        """Check, now and then, how many threads there are, that the scheduler is still there, and that there
        are workers.
        """
        now = time.monotonic()
        if now - self.looked < LOOK:
            return
        self.looked = now
        if self.client.status not in ("running", "connecting"):
            raise self._lost()
        if self.client.status == "connecting":
            return
        try:
            workers = self.client.scheduler_info()["workers"]
        except (OSError, RuntimeError):
            raise self._lost() from None
        self.threads = max(1, sum(worker["nthreads"] for worker in workers.values()))
        self.cluster.tend(len(workers))
        if workers:
            self.alone_since, self.told = now, False
        elif now - self.alone_since > PATIENCE and not self.told:
            self.told = True
            say(self.cluster.waits)

    def _where(self) -> str:
        return str(self.client.scheduler.address) if self.client.scheduler else "an unknown address"

    def _lost(self) -> ConnectionError:
        return ConnectionError(f"The Dask scheduler at {self._where()} is gone.")

    def give_up(self) -> None:
        """Take back the chunks that are handed out."""
        if self.out:
            with suppress(Exception):
                self.client.cancel(list(self.out.values()), force=True)
        self.out.clear()


def _first_line(error: BaseException) -> str:
    cause = error.__cause__ or error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]
