"""A folder that holds several sweeps, each in a folder of its own, and what was made of them beside. `run.json` marks it as finished."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sim.problems import BadInput
from sim.provenance import CRATE
from sim.results import CHECKSUMS, MARK, code_digest, digest_of
from sim.sweep.store import ANEW, CONFIG, LOCK, TEMPORARY

ENDINGS = (".csv", ".png", ".svg", ".pdf")


def held(folder: Path, identity: dict[str, Any], sweeps: Iterable[str], what: str) -> dict[str, Any] | None:
    """What `run.json` says if the folder holds this very run, finished, or None. Raises BadInput if it holds something else."""
    if not (folder / MARK).is_file():
        own = (*sweeps, CONFIG, LOCK, CHECKSUMS, CRATE)
        there = folder.iterdir() if folder.is_dir() else ()
        if any(path.name not in own and path.suffix not in ENDINGS and not path.name.startswith(TEMPORARY) for path in there):
            raise BadInput(f"{folder}: is not empty, and not {what}; name another folder with hydra.run.dir=...")
        return None
    found = json.loads((folder / MARK).read_text(encoding="utf-8"))
    if found["configuration"] != digest_of(identity):
        raise BadInput(f"{folder}: holds a run of another configuration. {ANEW}")
    if found["versions"]["code"] != code_digest():
        raise BadInput(f"{folder}: holds a run of another version of the program. {ANEW}")
    assert isinstance(found, dict)
    return found
