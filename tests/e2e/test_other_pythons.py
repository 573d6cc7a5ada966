"""The project installs under a Python with another Mesa, where one is found here, and the Mesa face is docked
there too.

Mesa is 3.3 on Python 3.11, 3.5 on 3.12 and 3.13: this Python has one of the two, and the newest of the others
is tried. Compilation is off, which is far quicker than compiling all rules for few months; so this is also
the face without compilation.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree, which

import pytest

ROOT = Path(__file__).resolve().parents[2]
MESA = {"3.3.": ("3.11",), "3.5.": ("3.13", "3.12")}
DOCKING = (
    "test_verbs_are_events",
    "test_agents_are_views_and_mesas_tools_work_on_them",
    "test_mesas_own_batch_run_takes_it_unchanged",
)


def candidates(version: str) -> Iterator[Path]:
    """Where a Python of this version may be: on the path, and behind a folder of shims that stands on it."""
    for folder in map(Path, os.get_exec_path()):
        yield folder / f"python{version}"
        if folder.name == "shims":
            yield from sorted((folder.parent / "versions").glob(f"{version}.*/bin/python{version}"))


def interpreter(version: str) -> Path | None:
    """The first of them that runs and is what its name says."""
    for path in candidates(version):
        if path.is_file():
            done = run(path, "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
            if done.returncode == 0 and done.stdout.strip() == version:
                return path
    return None


def run(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in the project's folder, free of this process's own environment of Python."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    }
    command = [str(word) for word in words]
    return subprocess.run(
        command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, timeout=540, check=False
    )


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder for half a gigabyte of packages, gone when the test ends."""
    yield tmp_path
    rmtree(tmp_path, ignore_errors=True)


@pytest.mark.e2e
@pytest.mark.parametrize("line", sorted(MESA))
def test_docked_under_the_other_mesa(line, place):
    if "{}.{}".format(*sys.version_info) in MESA[line]:
        pytest.skip(f"Mesa {line}x is what all other tests run on")
    version, base = next(
        ((version, found) for version in MESA[line] if (found := interpreter(version))), ("", None)
    )
    if base is None:
        pytest.skip(f"there is no Python {' or '.join(MESA[line])} here")
    uv = which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), *os.get_exec_path()]))
    if uv is None:
        pytest.skip("there is no uv here to install with")
    python = place / "venv" / "bin" / "python"
    made = run(uv, "venv", "-q", "--python", base, place / "venv", UV_PYTHON_DOWNLOADS="never")
    assert made.returncode == 0, made.stderr
    installed = run(
        uv,
        "pip",
        "install",
        "-q",
        "--python",
        python,
        "-c",
        "constraints.txt",
        "-e",
        ".",
        "pytest",
        "hypothesis",
    )
    assert "No solution found" not in installed.stderr, (
        f"constraints.txt does not fit Python {version}:\n{installed.stderr}"
    )
    if installed.returncode:
        pytest.skip(f"cannot install under Python {version}: {installed.stderr.strip()[-300:]}")
    mesa = run(python, "-c", "from importlib.metadata import version; print(version('mesa'))").stdout
    assert mesa.startswith(line), mesa
    tests = [f"tests/model/test_local_system.py::{name}" for name in DOCKING]
    done = run(
        python,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        *tests,
        SIM_CACHE_DIR=str(place / "cache"),
        NUMBA_DISABLE_JIT="1",
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert f"{len(DOCKING)} passed" in done.stdout, "all of these tests ran, and none was skipped"
