"""Folders of machine code: old ones go, those that another process may be using stay."""

import os
import time

from sim.kernel import compiled


def test_only_old_folders_beyond_those_kept_are_removed(tmp_path):
    hour = compiled.IN_USE
    ages = {f"used_{n}": 10.0 * n for n in range(compiled.KEPT_CACHES + 2)}
    ages |= {f"old_{n}": hour + 10.0 * n for n in range(1, 4)}
    for name, age in ages.items():
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    own = tmp_path / "own"
    own.mkdir()
    compiled._prune(tmp_path, own)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"own"} | {name for name in ages if name.startswith("used")}


def test_a_few_old_folders_are_kept(tmp_path):
    for n in range(compiled.KEPT_CACHES):
        (tmp_path / str(n)).mkdir()
        os.utime(tmp_path / str(n), (time.time() - 10 * compiled.IN_USE - n,) * 2)
    compiled._prune(tmp_path, tmp_path / "own")
    assert len(list(tmp_path.iterdir())) == compiled.KEPT_CACHES
