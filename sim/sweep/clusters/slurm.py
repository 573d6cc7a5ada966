"""Workers in jobs of Slurm, through dask-jobqueue."""

import shlex
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from sim.inputs.problems import BadInput
from sim.sweep.clusters import settings
from sim.sweep.clusters.dask_cluster import OURS, Dask

if TYPE_CHECKING:
    from distributed import Client

ASK = 10.0  # seconds between questions to Slurm while workers are missing


class Slurm(Dask):
    """Workers in jobs of Slurm. The scheduler runs in this process, and the jobs end with it."""

    place: settings.Slurm  # type: ignore[assignment]

    def __init__(self, place: settings.Slurm | None = None):
        self.place = place or settings.Slurm()
        self.workers = 0
        self._opened, self._stack, self._client = 0, ExitStack(), None
        self._cluster: Any = None
        self._asked, self._in_vain = 0.0, 0

    def _job(self) -> dict[str, Any]:
        """Return what dask-jobqueue needs to know of a job."""
        place = self.place
        given = {
            "queue": place.queue,
            "account": place.account,
            "cores": place.cores,
            "processes": place.processes or place.cores,
            "memory": place.memory,
            "walltime": place.walltime,
            "interface": place.interface,
            "local_directory": place.scratch,
            "job_extra_directives": [*place.directives, *([] if place.logs else ["--output=/dev/null"])],
            "job_script_prologue": list(place.prologue),
            "python": shlex.quote(place.python or sys.executable),
            "log_directory": place.logs,
            "worker_extra_args": ["--no-dashboard"],
            "job_name": "sweep",
        }
        return {key: value for key, value in given.items() if value is not None}

    def check(self) -> None:
        """Check that dask-jobqueue is installed, and that Slurm would take such a job. Raises BadInput."""
        self._installed("dask_jobqueue", "dask-jobqueue")
        if not shutil.which("sbatch"):
            raise BadInput(
                "cluster=slurm: there is no sbatch here; run it on a machine from which jobs are submitted"
            )
        from dask_jobqueue.slurm import SLURMJob

        script = SLURMJob("tcp://127.0.0.1:1", name="trial", **self._job()).job_script()
        try:
            tried = subprocess.run(
                ["sbatch", "--test-only"],
                input=script,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise BadInput("cluster=slurm: sbatch did not answer within a minute") from None
        if tried.returncode:
            raise BadInput(
                "cluster=slurm: sbatch would not take such a job: "
                f"{tried.stderr.strip() or tried.stdout.strip()}"
            )

    def _open(self, stack: ExitStack) -> "Client":
        self.check()
        import dask
        from dask_jobqueue import SLURMCluster

        stack.enter_context(dask.config.set(OURS))
        options = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
        self._cluster = stack.enter_context(
            SLURMCluster(**self._job(), scheduler_options=options, silence_logs="critical")
        )
        self._cluster.scale(jobs=self.place.jobs)
        return self._client_of(self._cluster, stack)

    def tend(self, connected: int) -> None:
        """Replace every job that has ended: cancelled, failed, or at the end of its time. Raises
        ConnectionError.
        """
        if connected:
            self._in_vain = 0
        if (
            connected >= self.place.jobs * (self.place.processes or self.place.cores)
            or time.monotonic() - self._asked < ASK
        ):
            return
        self._asked = time.monotonic()
        told = subprocess.run(
            ["squeue", "--me", "--noheader", "--format=%A"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if told.returncode:
            return  # Slurm is busy; ask later
        ended = [
            name
            for name, job in list(self._cluster.workers.items())
            if job.job_id and job.job_id not in told.stdout.split()
        ]
        if not ended:
            return
        self._in_vain += len(ended)
        if self._in_vain > 3 * self.place.jobs:
            raise ConnectionError(
                "Jobs of Slurm end before their workers connect; cluster.logs=FOLDER keeps what they say."
            )
        for name in ended:
            self._cluster.workers.pop(name, None)
        self._cluster.scale(jobs=self.place.jobs)  # starts the jobs that are missing

    @property
    def waits(self) -> str:
        return (
            "No worker has connected yet (squeue --me shows the jobs). Waiting; Ctrl-C stops, and takes "
            "the jobs back."
        )
