"""The folder of a sweep: one writer at a time, every file published whole, no finished chunk run again.

config.yaml             the request
cells.parquet           the cells: point, system, regime, every factor
sweep.json              what runs here: request, digests, versions; marks the sweep as begun
runs/*.parquet          a row a run
series/*.parquet        a row a run and month
failures/*.json         failed runs
run.json                written last: marks the sweep as finished
checksums.sha256        of every file
ro-crate-metadata.json  where all this comes from
"""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sim.inputs import library
from sim.inputs.problems import BadInput
from sim.results.publishing import (
    CHECKSUMS,
    MARK,
    about_run,
    digest_of,
    from_json,
    lost_files,
    sealed,
    versions,
)
from sim.sweep.plan import Chunk, Plan

BEGUN, CELLS, CONFIG, LOCK = "sweep.json", "cells.parquet", "config.yaml", ".lock"
RUNS, SERIES, FAILURES = "runs", "series", "failures"
TEMPORARY = ".tmp-"
ANEW = "To start anew, move the folder away or name another with hydra.run.dir=..."


@contextmanager
def publish(folder: Path, name: str) -> Iterator[Path]:
    """Give a temporary file to write. It becomes `folder/name` whole and survives a power cut, or vanishes if
    anything goes wrong.
    """
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _settle(folder.parent)
    handle, draft = tempfile.mkstemp(prefix=TEMPORARY, dir=folder)
    os.close(handle)
    try:
        yield Path(draft)
        with open(draft, "rb+") as file:
            os.fsync(file.fileno())
        os.chmod(draft, 0o644)
        os.replace(draft, folder / name)
        _settle(folder)
    finally:
        Path(draft).unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_json(folder: Path, name: str, data: Any) -> None:
    """Publish plain data as JSON."""
    with publish(folder, name) as path:
        path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_yaml(folder: Path, name: str, data: Any) -> None:
    """Publish plain data as YAML."""
    with publish(folder, name) as path:
        path.write_text(library.as_yaml(data), encoding="utf-8")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the only sweep that writes into a folder. The lock ends with the process. Raises BadInput if another
    sweep is at work.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if os.name != "posix":
        raise BadInput("sweeps need a POSIX system (Linux, macOS): they lock their folder with flock")
    import fcntl

    with open(folder / LOCK, "a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput(
                f"{folder}: another sweep is writing into it; wait, or name another folder with "
                "hydra.run.dir=..."
            ) from None
        yield


def begun(folder: Path) -> dict[str, Any]:
    """Return what a sweep's folder says runs in it. Raises BadInput if no sweep has begun there."""
    if not (folder / BEGUN).is_file():
        raise BadInput(f"{folder}: holds no sweep")
    return from_json(folder / BEGUN)


def held(folder: Path) -> dict[str, Any] | None:
    """Return what a folder says runs in it, or None if no sweep has begun there. Raises BadInput if it holds
    something else.
    """
    if (folder / BEGUN).is_file():
        return begun(folder)
    before = (LOCK, CELLS, CONFIG)  # these files are written before `sweep.json`
    if folder.is_dir() and any(
        path.name not in before and not path.name.startswith(TEMPORARY) for path in folder.iterdir()
    ):
        raise BadInput(f"{folder}: is not empty, and not a sweep; name another folder with hydra.run.dir=...")
    return None


def check_same(folder: Path, plan: Plan) -> bool:
    """Return whether this very sweep has begun in the folder. Raises BadInput if another has, or this one
    under another version.
    """
    found = held(folder)
    if found is None:
        return False
    if found["configuration"] != digest_of(plan.identity):
        differ = _differences(found["request"], plan.identity)
        raise BadInput(f"{folder}: holds a sweep of another design ({differ}); the two would not mix. {ANEW}")
    then, now = found["versions"], versions()
    changed = [
        f"{name} {then.get(name)}, now {now.get(name)}"
        for name in {**then, **now}
        if then.get(name) != now.get(name)
    ]
    if changed:
        raise BadInput(
            f"{folder}: holds a sweep run with another version ({'; '.join(changed)}); the two "
            f"would not mix. {ANEW}"
        )
    return True


def _differences(then: dict[str, Any], now: dict[str, Any]) -> str:
    """Say which keys differ, in a few words."""
    keys = [key for key in {**then, **now} if then.get(key) != now.get(key)]
    shown = [f"{key} = {_short(then.get(key))}, now {_short(now.get(key))}" for key in keys[:3]]
    return "; ".join(shown) + (f"; and {len(keys) - 3} more" if len(keys) > 3 else "")


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."


def state(folder: Path, plan: Plan) -> dict[str, Any] | None:
    """Return what `run.json` says of this finished sweep. Returns None if it is not finished, if a file is
    gone, or if `run.json` is damaged.

    Raises BadInput as `check_same` does.
    """
    if not check_same(folder, plan) or not (folder / MARK).is_file() or lost_files(folder):
        return None
    with suppress(BadInput):
        return from_json(folder / MARK)
    return None


def begin(folder: Path, plan: Plan) -> None:
    """Make the folder ready for this sweep, new or continued: remove what killed processes left, and let
    chunks with failed runs run again.
    """
    plain, goes_on = plan.identity, check_same(folder, plan)
    if not goes_on or not _filled(folder / CELLS):
        _write_cells(folder, plan)
    if not goes_on or not _filled(folder / CONFIG):
        write_yaml(folder, CONFIG, plain)
    if not goes_on:
        write_json(
            folder, BEGUN, {"configuration": digest_of(plain), "request": plain, "versions": versions()}
        )
    (folder / MARK).unlink(missing_ok=True)
    clear(folder)
    for path in (folder / FAILURES).glob("*.json"):
        for part in (RUNS, SERIES):
            (folder / part / f"{path.stem}.parquet").unlink(missing_ok=True)
        path.unlink()
    if (folder / FAILURES).is_dir():
        (folder / FAILURES).rmdir()


def _filled(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def clear(folder: Path) -> None:
    """Remove files that killed processes did not finish."""
    for path in folder.rglob(f"{TEMPORARY}*"):
        path.unlink(missing_ok=True)


def _write_cells(folder: Path, plan: Plan) -> None:
    import pyarrow as pa

    from sim.sweep.schema import cells_schema, writer

    schema, step = cells_schema(plan), 1_000
    with publish(folder, CELLS) as path, writer(path, schema) as file:
        for start in range(0, plan.cells, step):
            rows = [plan.row(cell) for cell in range(start, min(start + step, plan.cells))]
            columns = [pa.array([row[name] for row in rows]) for name in schema.names]
            file.write_table(
                pa.table([c.cast(f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)
            )


def missing(folder: Path, plan: Plan, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """Yield the chunks whose files are missing or not whole."""
    for chunk in chunks:
        if not _whole(folder / RUNS / f"{chunk.name}.parquet", chunk.runs):
            yield chunk


def _whole(path: Path, rows: int) -> bool:
    import pyarrow.parquet as pq

    try:
        return bool(pq.read_metadata(path).num_rows == rows)
    except (OSError, ValueError):  # pyarrow's own errors are among them
        return False


def finish(folder: Path, plan: Plan, overrides: list[str], **more: Any) -> None:
    """Mark the sweep as finished: metadata, checksums, then `run.json`."""
    seal(folder, {**about_run("sweep", plan.identity, overrides), **more}, plan.identity)


def seal(folder: Path, about: dict[str, Any], config: dict[str, Any]) -> None:
    """Publish the last files of a folder whose other files are all there."""
    (folder / CHECKSUMS).unlink(missing_ok=True)  # an earlier end, cut short, may have left it
    for name, text in sealed(folder, about, config).items():
        with publish(folder, name) as path:
            path.write_text(text, encoding="utf-8")
