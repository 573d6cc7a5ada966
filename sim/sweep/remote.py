"""Clusters reached through Dask: processes of this machine, a scheduler that runs already, jobs of Slurm.

A task runs one chunk, writes its file and returns a small report, so a worker that dies takes nothing with it: Dask gives its
chunks to others. The plan lies in a file of the sweep's folder as long as the sweep is at work. Workers load it once, and stop when
it is gone. They must see that folder under the same path, and be of the same version as the program that drives them.
"""

import json
import logging
import os
import pickle
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from sim.problems import BadInput
from sim.results import say, versions
from sim.sweep import places
from sim.sweep.chunks import Report, Stopped, run_chunk
from sim.sweep.plan import Chunk, Plan
from sim.sweep.store import TEMPORARY, clear

if TYPE_CHECKING:
    from collections.abc import Callable

    from distributed import Client, Future

WAITING = 3  # chunks handed out for each thread of the workers: one at work, the others so that it need not wait
RETRIES = 2  # of a chunk that could not be written
# Where the scheduler is our own: so many workers may die over one chunk before it is given up, as jobs of a cluster do end; and lost
# jobs are looked after here.
OURS = {"distributed.scheduler.allowed-failures": 10, "distributed.deploy.lost-worker-timeout": "1000 days"}
LOOK = 2.0  # seconds between looks at the workers
ASK = 10.0  # seconds between questions to Slurm, where workers are lacking
PATIENCE = 15.0  # seconds without any worker before that is said
INSTALL = "cluster={kind} needs {what}: pip install 'local-health-systems[cluster]', or in the repository: pip install -e '.[cluster]'"


@dataclass(frozen=True)
class Refusal:
    """Why a worker cannot take part. Returned, not raised: Dask would try again elsewhere, and nobody would be told."""

    words: str


class _Unfit(Exception):
    """Raised inside a worker that cannot take part."""


def work(folder: str, plan_file: str, chunk: Chunk) -> Report | Refusal:
    """What a worker does with a chunk. OSError if it cannot write."""

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
    """The plan that lies in a file, if this worker is fit for it."""
    try:
        with open(path, "rb") as file:
            theirs, mine = pickle.load(file), versions()
            differ = [f"{name} {mine.get(name)} there, {theirs[name]} here" for name in theirs if mine.get(name) != theirs[name]]
            if differ:
                raise _Unfit(f"is of another version ({'; '.join(differ)}); the two would not mix. "
                             "Start it again from the same environment and the same sources")  # fmt: skip
            found = pickle.load(file)
    except FileNotFoundError:
        raise _Unfit("does not see the sweep's folder; it must lie on a disk that all workers share, under the same path") from None
    assert isinstance(found, Plan)
    return found


def _own_address() -> str:
    from distributed import get_worker

    return str(get_worker().address)


@contextmanager
def laid_out(plan: Plan, folder: Path) -> Iterator[str]:
    """The file from which workers take the plan; with it, whatever workers that died had begun to write is swept away."""
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


class Dask:
    """A cluster of Dask: processes of this machine, or with `address` or `scheduler_file` the workers of a scheduler that runs.

    As a context it stays connected from one sweep to the next.
    """

    def __init__(self, place: places.Dask | None = None, threads: int | None = None):
        self.place = place or places.Dask()
        self.workers = self.place.workers or threads or os.cpu_count() or 1
        self._opened, self._stack = 0, ExitStack()
        self._client: Client | None = None

    # ---- opening and closing

    def check(self) -> None:
        """Raises BadInput if there is nothing to run on."""
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
        """A client of the scheduler; closed with the stack. Raises BadInput."""
        if self.place.address or self.place.scheduler_file:
            return self._reached(stack)
        import dask
        from distributed import LocalCluster

        address = f"127.0.0.1:{self.place.dashboard or 0}"
        stack.enter_context(dask.config.set(OURS))
        cluster = LocalCluster(
            n_workers=self.workers, threads_per_worker=1, host="127.0.0.1", memory_limit=0, silence_logs=logging.CRITICAL,
            scheduler_kwargs={"dashboard": bool(self.place.dashboard), "dashboard_address": address},
            preload=["sim.sweep.deaf"],
        )  # fmt: skip
        stack.enter_context(cluster)
        return self._client_of(cluster, stack)

    def _client_of(self, scheduler: Any, stack: ExitStack) -> "Client":
        from distributed import Client

        return stack.enter_context(Client(scheduler, timeout=self.place.timeout, set_as_default=False))

    def _reached(self, stack: ExitStack) -> "Client":
        """A client of a scheduler that runs already."""
        assert isinstance(self.place, places.Dask)
        key, address = "address", str(self.place.address)
        if self.place.scheduler_file:
            key, name = "scheduler_file", self.place.scheduler_file
            try:
                address = str(json.loads(Path(name).read_text(encoding="utf-8"))["address"])
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise BadInput(f"cluster.scheduler_file = {name!r}: is not the file of a Dask scheduler ({error})") from None
        try:
            return self._client_of(address, stack)
        except (OSError, ValueError, RuntimeError) as error:
            said = str(error).strip().splitlines()
            raise BadInput(
                f"cluster.{key} = {getattr(self.place, key)!r}: no Dask scheduler answers at {address} within {self.place.timeout:g} s"
                f"{f' ({said[0]})' if said else ''}. Start one, see docs/sweeps.md, or leave {key} out for processes of this machine"
            ) from None

    def _installed(self, module: str, what: str) -> None:
        try:
            __import__(module)
        except ImportError:
            raise BadInput(INSTALL.format(kind=self.place.kind, what=what)) from None

    # ---- running

    def run(self, plan: Plan, chunks: Iterable[Chunk], folder: Path, progress: "Callable[[int], None]") -> Iterator[Report]:
        """Hand out chunks, not many more than there are threads, and yield reports as they come.

        Raises ConnectionError if the scheduler is lost, OSError if a file cannot be written, BadInput if a worker is not fit for it.
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
        """Look after the workers, of whom so many are connected."""

    @property
    def waits(self) -> str:
        """What to say while there is no worker."""
        return "No worker is connected to the scheduler; start some, see docs/sweeps.md. Waiting; Ctrl-C stops."


class Slurm(Dask):
    """Workers in jobs of Slurm. The scheduler runs in this process, and the jobs end with it."""

    place: places.Slurm  # type: ignore[assignment]

    def __init__(self, place: places.Slurm | None = None):
        self.place = place or places.Slurm()
        self.workers = 0
        self._opened, self._stack, self._client = 0, ExitStack(), None
        self._cluster: Any = None
        self._asked, self._in_vain = 0.0, 0

    def _job(self) -> dict[str, Any]:
        """What dask-jobqueue is told of a job."""
        place = self.place
        given = {
            "queue": place.queue, "account": place.account, "cores": place.cores, "processes": place.processes or place.cores,
            "memory": place.memory, "walltime": place.walltime, "interface": place.interface, "local_directory": place.scratch,
            "job_extra_directives": [*place.directives, *([] if place.logs else ["--output=/dev/null"])],
            "job_script_prologue": list(place.prologue), "python": shlex.quote(place.python or sys.executable),
            "log_directory": place.logs, "worker_extra_args": ["--no-dashboard"], "job_name": "sweep",
        }  # fmt: skip
        return {key: value for key, value in given.items() if value is not None}

    def check(self) -> None:
        """Raises BadInput if dask-jobqueue is not installed, or Slurm would not take such a job."""
        self._installed("dask_jobqueue", "dask-jobqueue")
        if not shutil.which("sbatch"):
            raise BadInput("cluster=slurm: there is no sbatch here; run it on a machine from which jobs are submitted")
        from dask_jobqueue.slurm import SLURMJob

        script = SLURMJob("tcp://127.0.0.1:1", name="trial", **self._job()).job_script()
        try:
            tried = subprocess.run(["sbatch", "--test-only"], input=script, capture_output=True, text=True, timeout=60, check=False)
        except subprocess.TimeoutExpired:
            raise BadInput("cluster=slurm: sbatch did not answer within a minute") from None
        if tried.returncode:
            raise BadInput(f"cluster=slurm: sbatch would not take such a job: {tried.stderr.strip() or tried.stdout.strip()}")

    def _open(self, stack: ExitStack) -> "Client":
        self.check()
        import dask
        from dask_jobqueue import SLURMCluster

        stack.enter_context(dask.config.set(OURS))
        options = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
        self._cluster = stack.enter_context(SLURMCluster(**self._job(), scheduler_options=options, silence_logs="critical"))
        self._cluster.scale(jobs=self.place.jobs)
        return self._client_of(self._cluster, stack)

    def tend(self, connected: int) -> None:
        """Put a new job in the place of each that has ended: cancelled, failed, or at the end of its time. Raises ConnectionError."""
        if connected:
            self._in_vain = 0
        if connected >= self.place.jobs * (self.place.processes or self.place.cores) or time.monotonic() - self._asked < ASK:
            return
        self._asked = time.monotonic()
        told = subprocess.run(["squeue", "--me", "--noheader", "--format=%A"], capture_output=True, text=True, timeout=60, check=False)
        if told.returncode:
            return  # Slurm is busy; ask later
        ended = [name for name, job in list(self._cluster.workers.items()) if job.job_id and job.job_id not in told.stdout.split()]
        if not ended:
            return
        self._in_vain += len(ended)
        if self._in_vain > 3 * self.place.jobs:
            raise ConnectionError("Jobs of Slurm end before their workers connect; cluster.logs=FOLDER keeps what they say.")
        for name in ended:
            self._cluster.workers.pop(name, None)
        self._cluster.scale(jobs=self.place.jobs)  # starts those that are wanted and not there

    @property
    def waits(self) -> str:
        return "No worker has connected yet (squeue --me shows the jobs). Waiting; Ctrl-C stops, and takes the jobs back."


class Handing:
    """The chunks that are handed out, and what comes back."""

    def __init__(self, cluster: Dask, client: "Client", folder: str, plan_file: str):
        self.cluster, self.client, self.folder, self.plan_file = cluster, client, folder, plan_file
        self.out: dict[Any, Future] = {}
        self.back: SimpleQueue[Future] = SimpleQueue()
        self.threads, self.looked, self.alone_since, self.told = 1, 0.0, time.monotonic(), False

    def reports(self, todo: Iterator[Chunk]) -> Iterator[Report]:
        from distributed.comm import CommClosedError

        try:
            yield from self._reports(todo)
        except CommClosedError:  # an OSError, but not of a disk
            raise self._lost() from None

    def _reports(self, todo: Iterator[Chunk]) -> Iterator[Report]:
        while True:
            self._look()
            for chunk in islice(todo, max(0, WAITING * self.threads - len(self.out))):
                future = self.client.submit(work, self.folder, self.plan_file, chunk, pure=False, retries=RETRIES)
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
            raise ConnectionError(f"Every worker that ran one of the chunks died over it; did they run out of memory? {error}")
        if isinstance(error, (ImportError, AttributeError)) or (isinstance(error, RuntimeError) and "deserializ" in str(error)):
            raise BadInput(f"the scheduler or a worker at {self._where()} cannot import this very program ({_first_line(error)}). "
                           "Start them again from the same environment and the same sources") from None  # fmt: skip
        if error is not None:
            raise error
        found = future.result()
        future.release()
        if isinstance(found, Refusal):
            raise BadInput(found.words)
        assert isinstance(found, Report)
        return found

    def _look(self) -> None:
        """Now and then: how many threads there are, whether the scheduler is still there, whether anybody works."""
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
        """Take back what is handed out."""
        if self.out:
            with suppress(Exception):
                self.client.cancel(list(self.out.values()), force=True)
        self.out.clear()


def _first_line(error: BaseException) -> str:
    cause = error.__cause__ or error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]


@contextmanager
def _quiet() -> Iterator[None]:
    """Dask's own messages are kept back; what matters is said in this program's words."""
    __import__("distributed")  # so that its loggers are there

    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in ("distributed", "tornado")]
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
