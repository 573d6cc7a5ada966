"""A real Slurm of one machine for a test: starts munged, slurmctld and slurmd by hand in a folder of their
own. Needs no root.

Its programs come with most distributions; Debian: apt-get install --no-install-recommends slurmctld slurmd
slurm-client munge
"""

import getpass
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "sinfo")
CONFIGURATION = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
SlurmctldPort={controller}
SlurmdPort={daemon}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SwitchType=switch/none
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
KillWait=2
SlurmdParameters=config_overrides
MailProg=/bin/true
NodeName={host} NodeAddr=127.0.0.1 CPUs=4 RealMemory=8000 State=UNKNOWN
PartitionName=test Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


class NotStarted(Exception):
    """Slurm is installed and does not start; the message holds the last words of its daemons."""


def program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin:/sbin")


def lacking() -> list[str]:
    """Returns the programs that are not installed."""
    return [name for name in PROGRAMS if program(name) is None]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def may_start() -> Iterator[None]:
    """Skip the test where Slurm is installed and does not start."""
    try:
        yield
    except NotStarted as problem:
        pytest.skip(str(problem))


@contextmanager
def running(folder: Path) -> Iterator[dict[str, str]]:
    """Runs a Slurm; yields the environment that its commands need. Raises NotStarted."""
    folder = folder.resolve()
    folder.chmod(0o755)
    for name in ("state", "spool"):
        (folder / name).mkdir()
    host = socket.gethostname().split(".")[0]
    filled = {
        "host": host,
        "user": getpass.getuser(),
        "folder": folder,
        "controller": _free_port(),
        "daemon": _free_port(),
    }
    (folder / "slurm.conf").write_text(CONFIGURATION.format(**filled), encoding="utf-8")
    release = re.search(r"(\d+)\.", told(dict(os.environ), "slurmd", "-V"))
    # older versions need this
    control = "disabled" if release and int(release.group(1)) >= 23 else "autodetect"
    (folder / "cgroup.conf").write_text(f"CgroupPlugin={control}\n", encoding="utf-8")
    key = folder / "munge.key"
    key.write_bytes(secrets.token_bytes(1024))
    key.chmod(0o400)
    environment = {**os.environ, "SLURM_CONF": str(folder / "slurm.conf")}
    files = {"key-file": "key", "socket": "socket", "pid-file": "pid", "log-file": "log", "seed-file": "seed"}
    munge = [f"--{option}={folder / f'munge.{end}'}" for option, end in files.items()]
    daemons = [["munged", "-F", "--force", *munge], ["slurmctld", "-D"], ["slurmd", "-D", "-N", host]]
    started: list[subprocess.Popen[bytes]] = []
    try:
        for name, *words in daemons:
            with open(folder / f"{name}.txt", "wb") as log:
                command = [str(program(name)), *words]
                started.append(
                    subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
                )
            if name == "munged":
                _wait((folder / "munge.socket").exists, started, folder)
        _wait(lambda: told(environment, "sinfo", "--noheader", "--format=%T") == "idle", started, folder)
        yield environment
    finally:
        told(environment, "scancel", f"--user={getpass.getuser()}")
        for process in reversed(started):
            process.send_signal(signal.SIGTERM)
        for process in reversed(started):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def told(environment: dict[str, str], name: str, *words: str) -> str:
    """Returns what a command of Slurm prints."""
    done = subprocess.run(
        [str(program(name)), *words], env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    return done.stdout.strip()


def _wait(
    ready: Callable[[], bool], started: list[subprocess.Popen[bytes]], folder: Path, seconds: float = 30
) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        dead = [process for process in started if process.poll() is not None]
        if dead or time.monotonic() > deadline:
            told = [
                line
                for path in sorted(folder.glob("*.txt"))
                for line in path.read_text(errors="replace").splitlines()[-5:]
            ]
            raise NotStarted("Slurm did not start here: " + "; ".join(told[-8:]))
        time.sleep(0.1)
