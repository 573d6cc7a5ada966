"""A folder of results: made in a temporary place and published whole, with all it takes to make it again.

`run.json` says what ran (configuration digest, code, versions, seed) and marks the folder as finished; `checksums.sha256`
covers every file. Nothing in it names a user, a machine or a path.
"""

import hashlib
import json
import platform
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sim import library
from sim.problems import BadInput

PACKAGE = Path(__file__).resolve().parent
MARK = "run.json"
LIBRARIES = ("numpy", "numba", "pandas", "xarray", "hydra-core", "pydantic", "matplotlib", "pyarrow", "SALib")


def digest_of(data: Any) -> str:
    """Twelve hexadecimal digits that follow from plain data alone."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


@cache
def code_digest() -> str:
    """Twelve hexadecimal digits that follow from the program's own sources."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


@cache
def versions() -> dict[str, str]:
    """Versions of this program, Python and the libraries that results pass through."""
    return {
        "local-health-systems": _version("local-health-systems"),
        "code": code_digest(),
        "python": platform.python_version(),
        **{name: _version(name) for name in LIBRARIES},
    }


def finished(folder: Path, config: dict[str, Any]) -> bool:
    """Whether the folder holds this very run already. Raises BadInput if it holds something else."""
    mark = folder / MARK
    if not mark.exists():
        if folder.is_dir() and any(folder.iterdir()):
            raise BadInput(f"{folder}: is not empty, and not a finished run; name another folder with hydra.run.dir=...")
        return False
    held = json.loads(mark.read_text(encoding="utf-8"))
    if held["configuration"] != digest_of(config):
        raise BadInput(f"{folder}: holds a run of another configuration; name another folder with hydra.run.dir=...")
    if held["versions"]["code"] != code_digest():
        raise BadInput(f"{folder}: holds a run of another version of the program; move it away, or name another with hydra.run.dir=...")
    return True


def about_run(experiment: str, config: dict[str, Any], overrides: list[str]) -> dict[str, Any]:
    """What ran, for `run.json`."""
    return {
        "experiment": experiment,
        "command": shlex.join(["python", f"experiments/{experiment}.py", *overrides]),
        "seed": config.get("seed"),
        "configuration": digest_of(config),
        "versions": versions(),
        "licence": "MIT",
    }


@contextmanager
def publishing(folder: Path, experiment: str, config: dict[str, Any], overrides: list[str]) -> Iterator[Path]:
    """A temporary folder to write into; it becomes `folder` once all is written, and vanishes if anything goes wrong."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder.parent))
    try:
        yield draft
        (draft / "config.yaml").write_text(library.as_yaml(config), encoding="utf-8")
        about = about_run(experiment, config, overrides)
        (draft / MARK).write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        write_checksums(draft)
        draft.chmod(0o755)
        if folder.is_dir():
            folder.rmdir()  # empty: Hydra made it
        draft.rename(folder)
    finally:
        if draft.exists():
            shutil.rmtree(draft, ignore_errors=True)
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


def write_checksums(folder: Path) -> None:
    """`checksums.sha256`, over every file that is not hidden."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".") and path.name != "checksums.sha256"
    ]
    (folder / "checksums.sha256").write_text("\n".join(lines) + "\n", encoding="utf-8")


def say(*words: object) -> None:
    """A line for the person at the terminal."""
    print(*words, file=sys.stderr, flush=True)
