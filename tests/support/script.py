"""Experiment scripts as a user runs them: in a process of their own, and interrupted as at a terminal."""

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
    """The same without a process of its own, ten times as fast: for commands that end before Hydra starts,
    which it can only once.
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
    """A script under way, whose messages are kept; `group`: with all that it starts, as a terminal has it."""
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
    """What starts the tests may have it ignored or blocked, and a new process would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def interrupted(process: subprocess.Popen[str], group: bool = False, seconds: float = 15.0) -> str:
    """Ctrl-C is pressed until the process ends; what it said.

    A signal that lands in a callback of the interpreter, while machine code loads, is lost: one presses
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
