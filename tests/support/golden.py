"""Golden hashes: the model's results when its rules were last changed on purpose, in one file."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

PATH = Path(__file__).parents[1] / "golden" / "hashes.json"
LAWS = ("joint_committee", "option2", "stp_2016")  # the regimes whose hashes are kept
HOW = (
    "If a rule was changed on purpose, run `pytest --update-golden` on this test (without -n), commit "
    "tests/golden/hashes.json together with the rule, and say in docs/decisions.md why. If no rule was to "
    "change, this is a mistake in the code: leave the file as it is."
)


def digest(arrays: Iterable[np.ndarray]) -> str:
    """Returns sixteen hexadecimal digits for the bytes of arrays, one after the other."""
    found = hashlib.blake2b(digest_size=8)
    for array in arrays:
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


class Golden:
    """The hashes in a file, by name; with `update`, new hashes are written there instead of compared.

    Nothing else may write to the file at the same time: `pytest --update-golden` refuses to run in parallel.
    """

    def __init__(self, path: Path, update: bool):
        self.path, self.update = path, update

    def check(self, name: str, found: str) -> None:
        """Fail the test if the hash of this name is missing or different."""
        kept = json.loads(self.path.read_text()) if self.path.exists() else {}
        if kept.get(name) == found:
            return
        if not self.update:
            was = f"{kept[name]} is kept" if name in kept else "none is kept"
            pytest.fail(f"golden hash '{name}': found {found}, {was}. {HOW}", pytrace=False)
        self.path.write_text(json.dumps(kept | {name: found}, indent=2, sort_keys=True) + "\n")
