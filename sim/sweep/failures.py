"""Failed runs: each chunk records its own, and one table lists all with the commands that repeat them."""

import csv
import json
from pathlib import Path
from typing import Any

from sim.sweep.store import FAILURES, publish


def failures(folder: Path) -> list[dict[str, Any]]:
    """Return every failed run on record, by cell and future."""
    found = [
        entry
        for path in sorted((folder / FAILURES).glob("*.json"))
        for entry in json.loads(path.read_text(encoding="utf-8"))
    ]
    return sorted(found, key=lambda entry: (entry["cell"], entry["future"]))


def command(shown: Path, entry: dict[str, Any]) -> str:
    """Return the command that repeats a failed run."""
    return f"python -m sim.sweep.replay {shown} {entry['cell']} {entry['future']}"


def write_failures(folder: Path) -> None:
    """Write `failures.csv`: every failed run, its configuration, what went wrong, and the command that
    repeats it.
    """
    found = failures(folder)
    if not found:
        (folder / "failures.csv").unlink(missing_ok=True)
        return
    with publish(folder, "failures.csv") as path, open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [*found[0], "replay"])
        table.writeheader()
        for entry in found:
            told = {
                key: json.dumps(value) if isinstance(value, dict) else value for key, value in entry.items()
            }
            table.writerow({**told, "replay": command(_written_down(folder), entry)})


def _written_down(folder: Path) -> Path:
    """Return a folder as results may name it: relative to the working directory if it lies below, else its
    name alone; never a path of this machine.
    """
    whole, here = folder.resolve(), Path.cwd()
    return whole.relative_to(here) if whole.is_relative_to(here) else Path(whole.name)
