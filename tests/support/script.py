"""Runs experiment scripts as a user does: in a process of their own, or interrupted as at a terminal."""

import io
import os
import runpy
import signal
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def command_of(name: str, *words: str) -> list[str]:
    return [sys.executable, str(ROOT / "experiments" / f"{name}.py"), *words]


def run_script(name: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command_of(name, *words), cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )


def run_here(name: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs a script without a process of its own, ten times as fast. For commands that end before Hydra
    starts, because Hydra can start only once in a process.
    """
    command, given, status = command_of(name, *words), sys.argv, 0
    sys.argv = command[1:]
    try:
        with chdir(folder), redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as end:
        status = int(end.code or 0)
    finally:
        sys.argv = given
    return subprocess.CompletedProcess(command, status, out.getvalue(), err.getvalue())


def start_script(
    name: str, folder: Path, *words: str, group: bool = False, **environment: str
) -> subprocess.Popen[str]:
    """Starts a script and keeps its messages; with `group` it leads a process group, as at a terminal."""
    return subprocess.Popen(
        command_of(name, *words),
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
        start_new_session=group,
        preexec_fn=hears_ctrl_c,
    )


def hears_ctrl_c() -> None:
    """Makes Ctrl-C work in a new process, which inherits from its caller that it is ignored or blocked."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def interrupted(process: subprocess.Popen[str], group: bool = False, seconds: float = 15.0) -> str:
    """Press Ctrl-C until the process ends; returns what it printed.

    A signal that arrives in a callback of the interpreter, while machine code loads, is lost. So it is sent
    again.
    """
    for _ in range(10):
        if group:
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.send_signal(signal.SIGINT)
        try:
            return process.communicate(timeout=seconds)[1]
        except subprocess.TimeoutExpired:
            continue
    return ""
