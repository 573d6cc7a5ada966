"""Checks whether the files of a folder of results are those that were written."""

from pathlib import Path
from typing import Any

from sim.inputs.problems import BadInput
from sim.results.provenance import CRATE, files_of, sha256_of
from sim.results.publishing import CHECKSUMS, MARK, from_json


def wrong_checksums(folder: Path) -> list[str]:
    """List what in a folder does not match its checksums, one line each. Raises BadInput if it has none."""
    sums = written_checksums(folder)
    there = {path.relative_to(folder).as_posix(): path for path in files_of(folder)}
    found = [f"{name}: is missing" for name in sums if name not in there]
    changed = [name for name in sums if name in there and sha256_of(there[name]) != sums[name]]
    found += [f"{name}: is not what was written; its checksum differs" for name in changed]
    added = [name for name, path in there.items() if name not in (*sums, CHECKSUMS) and path.name != MARK]
    found += [f"{name}: was not there when the results were written" for name in added]
    return found + _other_story(folder) if CRATE in there else [*found, f"{CRATE}: is missing"]


def _other_story(folder: Path) -> list[str]:
    """List where `run.json`, which has no checksum, contradicts the metadata."""
    try:
        told, crate = from_json(folder / MARK), from_json(folder / CRATE)
    except BadInput as damaged:
        return [str(damaged)]
    entities = {entity["@id"]: entity for entity in crate.get("@graph", [])}
    pairs: dict[str, tuple[Any, Any]] = {
        "experiment": (told.get("experiment"), entities.get("#run", {}).get("name"))
    }
    pairs |= {
        key: (str(told.get(key)), entities.get(f"#{key}", {}).get("value"))
        for key in ("seed", "configuration")
    }
    return [
        f"{MARK}: says {key} = {one}, and {CRATE} {other}"
        for key, (one, other) in pairs.items()
        if one != other
    ]


def written_checksums(folder: Path) -> dict[str, str]:
    """Return the checksums of a finished folder, by file. Raises BadInput if it has none."""
    if not (folder / MARK).is_file() or not (folder / CHECKSUMS).is_file():
        raise BadInput(
            f"{folder}: holds no finished results; name a folder with {MARK} and {CHECKSUMS}, "
            "such as results/regimes/dorset"
        )
    lines = (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    sums = {line[66:]: line[:64] for line in lines}
    if any(len(line) < 67 or line[64:66] != "  " for line in lines):
        raise BadInput(f"{folder / CHECKSUMS}: is no list of checksums")
    return sums
