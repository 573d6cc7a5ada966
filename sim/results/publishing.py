"""A folder of results: made in a temporary place and published whole, with all it takes to make it again.

`run.json` says what ran (configuration digest, code, versions, seed) and marks the folder as finished;
`checksums.sha256` covers every file, and `ro-crate-metadata.json` says where each comes from. Nothing in it
names a user, a machine or a path.
"""

import errno
import hashlib
import json
import platform
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sim.inputs import library
from sim.inputs.problems import BadInput
from sim.results.provenance import CRATE, crate_text, files_of, sha256_of

PACKAGE = Path(__file__).resolve().parents[1]
MARK, CHECKSUMS = "run.json", "checksums.sha256"
DRAFT, ABANDONED = ".unfinished-", 7 * 86_400  # seconds after the last write to a draft
LIBRARIES = (
    "numpy",
    "numba",
    "pandas",
    "xarray",
    "hydra-core",
    "pydantic",
    "matplotlib",
    "pyarrow",
    "SALib",
    "scipy",
    "rocrate",
)


def digest_of(data: Any) -> str:
    """Return twelve hexadecimal digits that depend on plain data alone."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


@cache
def code_digest() -> str:
    """Return twelve hexadecimal digits that depend on the program's own sources."""
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
    """Return the versions of this program, Python and the libraries that results pass through."""
    return {
        "local-health-systems": _version("local-health-systems"),
        "code": code_digest(),
        "python": platform.python_version(),
        **{name: _version(name) for name in LIBRARIES},
    }


def from_json(path: Path) -> dict[str, Any]:
    """Read a JSON file of a folder of results. Raises BadInput that names the file if it is damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:  # not JSON, or not text
        found = None
    if not isinstance(found, dict):
        raise BadInput(f"{path}: is damaged; move its folder away and run the command again")
    return found


def lost_files(folder: Path) -> list[str]:
    """List files that a finished folder should hold by its checksums, but that are gone or empty."""
    listed = (
        [line[66:] for line in (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines()]
        if (folder / CHECKSUMS).is_file()
        else []
    )
    return [
        name
        for name in listed or [CHECKSUMS]
        if not (folder / name).is_file() or not (folder / name).stat().st_size
    ]


def finished(folder: Path, config: dict[str, Any]) -> bool:
    """Return whether the folder already holds this very run. Raises BadInput if it holds something else."""
    mark = folder / MARK
    if not mark.exists():
        if folder.is_dir() and any(folder.iterdir()):
            raise BadInput(
                f"{folder}: is not empty, and not a finished run; name another folder with hydra.run.dir=..."
            )
        return False
    held = from_json(mark)
    if held["configuration"] != digest_of(config):
        raise BadInput(
            f"{folder}: holds a run of another configuration; name another folder with hydra.run.dir=..."
        )
    if held["versions"]["code"] != code_digest():
        raise BadInput(
            f"{folder}: holds a run of another version of the program; move it away, or name "
            "another with hydra.run.dir=..."
        )
    lost = lost_files(folder)
    if lost:
        raise BadInput(
            f"{folder}: has lost {', '.join(lost[:3])}; move it away, and the same command makes it again"
        )
    return True


def about_run(experiment: str, config: dict[str, Any], overrides: list[str]) -> dict[str, Any]:
    """Describe what ran, for `run.json`."""
    return {
        "experiment": experiment,
        "command": shlex.join(["python", f"experiments/{experiment}.py", *overrides]),
        "seed": config.get("seed"),
        "configuration": digest_of(config),
        "versions": versions(),
        "licence": "MIT",
    }


def sealed(folder: Path, about: dict[str, Any], config: dict[str, Any]) -> dict[str, str]:
    """Return the last files of a folder by name, in the order to write them: metadata, checksums, and
    `run.json`, which marks the folder as finished and alone holds the words of the command.
    """
    crate = crate_text(folder, about, config, MARK)
    mark = json.dumps(about, indent=2, ensure_ascii=False) + "\n"
    return {CRATE: crate, CHECKSUMS: checksum_text(folder, crate), MARK: mark}


def clear_away(parent: Path) -> None:
    """Remove what killed processes left here. Younger drafts stay: somebody may still be at work on them."""
    for draft in parent.glob(f"{DRAFT}*"):
        with suppress(FileNotFoundError):  # another process clears away, or is done, at the same time
            if time.time() - draft.stat().st_mtime > ABANDONED:
                shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def publishing(folder: Path, experiment: str, config: dict[str, Any], overrides: list[str]) -> Iterator[Path]:
    """Give a temporary folder to write. It becomes `folder` once all is written; on failure it vanishes."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    clear_away(folder.parent)
    draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=folder.parent))
    try:
        yield draft
        (draft / "config.yaml").write_text(library.as_yaml(config), encoding="utf-8")
        for name, text in sealed(draft, about_run(experiment, config, overrides), config).items():
            (draft / name).write_text(text, encoding="utf-8")
        draft.chmod(0o755)
        try:
            if folder.is_dir():
                folder.rmdir()  # empty: Hydra made it
            draft.rename(folder)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            raise BadInput(f"{folder}: another command has put its results there meanwhile") from None
    finally:
        if draft.exists():
            shutil.rmtree(draft, ignore_errors=True)
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


def checksum_text(folder: Path, crate: str) -> str:
    """Return `checksums.sha256`, over every visible file and the metadata that is about to be written. It
    leaves out each `run.json`, here or below, which two commands for the same results may write in other
    words.
    """
    paths = {path.relative_to(folder).as_posix(): path for path in files_of(folder)}
    sums = {name: sha256_of(path) for name, path in paths.items() if path.name != MARK and name != CHECKSUMS}
    sums[CRATE] = hashlib.sha256(crate.encode()).hexdigest()
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))


def say(*words: object) -> None:
    """Print a line for the person at the terminal."""
    print(*words, file=sys.stderr, flush=True)
