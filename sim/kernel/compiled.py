"""How rules become machine code, and the rounding that keeps every sum exact.

Numba's on-disk cache does not notice a change in a compiled helper of another file. So the name of the cache
folder is a hash of all source files of the rules: changed code is always compiled anew, and old folders are
deleted.
"""

import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numba
import numpy as np
import platformdirs

from sim.kernel import linking

PACKAGE = Path(__file__).parents[1]
# The rules, and the files that they import (a test checks that none is missing).
SOURCES = (
    "kernel/*.py",
    "declarations/bodies.py",
    "declarations/dials.py",
    "declarations/event_kinds.py",
    "declarations/steps.py",
    "rules/**/*.py",
)
KEPT_CACHES = 6
IN_USE = 3600  # seconds since a process last took its rules from a folder


def source_hash() -> str:
    """Return a hash of all source files of the rules, of the compiler's version, and of `linking.ON`."""
    digest = hashlib.blake2b(digest_size=8)
    compiler = f"{numba.__version__} {np.__version__} {sys.version_info[:2]}"
    digest.update(f"{compiler} {linking.ON} {PACKAGE}".encode())
    for path in sorted(path for pattern in SOURCES for path in PACKAGE.glob(pattern)):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _cache_folder() -> Path:
    base = Path(os.environ.get("SIM_CACHE_DIR") or platformdirs.user_cache_path("local-health-systems")) / (
        "numba"
    )
    folder = base / source_hash()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.touch()
    except OSError:  # a read-only home or a full disk: compile into a temporary place instead
        return Path(tempfile.mkdtemp(prefix="local-health-systems-"))
    _prune(base, folder)
    return folder


def _prune(base: Path, own: Path) -> None:
    """Remove old machine code; what was used in the last hour may be in use in another process."""
    used = {}
    for path in base.iterdir():
        with suppress(FileNotFoundError):  # another process prunes at the same time
            used[path] = path.stat().st_mtime
    older = sorted((path for path in used if path != own), key=used.__getitem__, reverse=True)
    for path in older[KEPT_CACHES:]:
        if time.time() - used[path] > IN_USE:
            shutil.rmtree(path, ignore_errors=True)


def cache_is_warm() -> bool:
    """Return whether exactly these rules have been compiled before."""
    return (CACHE / "warm").exists()


def mark_warm() -> None:
    (CACHE / "warm").touch()


CACHE = _cache_folder()
numba.config.CACHE_DIR = str(CACHE)
COMPILED = not numba.config.DISABLE_JIT

OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy"}
# Only rules call rules: without reference counts and wrappers they compile faster. Python calls an entry.
rule = numba.njit(**OPTIONS, no_cfunc_wrapper=True, no_cpython_wrapper=True, _nrt=False)


def entry(function: Callable[..., Any]) -> Any:
    """Compile a function that Python calls. LLVM optimises it together with all the rules it calls."""
    linking.mark(function)
    return numba.njit(**OPTIONS)(function)


# A function that calls many others contains all their machine code. Where only one function calls it, it is
# compiled as a part of that function.
inlined = numba.njit(**OPTIONS, inline="always")


# 1.5 * 2**28: adding and subtracting it rounds to a multiple of 2**-24, for |x| < 2**27 (GBP million).
GRID = 1.5 * 2.0**28


@rule
def snap(x):
    """Round to the grid of 2**-24. Sums of snapped numbers are exact, whatever their order."""
    return (x + GRID) - GRID


@rule
def clamp(x, low, high):
    """Return the number inside [low, high] that is nearest to x."""
    return min(high, max(low, x))
