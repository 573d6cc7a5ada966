"""Folders of results appear whole or not at all, and what a killed process left is cleared away."""

import os
import time

import pytest

from sim.results.publishing import ABANDONED, DRAFT, MARK, publishing


def test_a_folder_appears_only_when_all_is_written(tmp_path):
    folder = tmp_path / "results"
    with publishing(folder, "regimes", {"seed": 1}, []) as draft:
        (draft / "table.csv").write_text("a\n1\n", encoding="utf-8")
        assert not folder.exists()
    assert (folder / "table.csv").exists() and (folder / MARK).exists() and len(list(tmp_path.iterdir())) == 1


def test_nothing_is_left_of_what_fails(tmp_path):
    with (
        pytest.raises(OSError, match="No space left"),
        publishing(tmp_path / "results", "regimes", {}, []) as draft,
    ):
        (draft / "table.csv").write_text("a\n1\n", encoding="utf-8")
        raise OSError("No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_drafts_of_killed_processes_are_cleared_away_and_young_ones_kept(tmp_path):
    killed, working, other = tmp_path / f"{DRAFT}killed", tmp_path / f"{DRAFT}working", tmp_path / "mine"
    for folder in (killed, working, other):
        folder.mkdir()
        (folder / "table.csv").write_text("a\n1\n", encoding="utf-8")
    long_ago = time.time() - 2 * ABANDONED
    for folder in (killed, other):
        os.utime(folder, (long_ago, long_ago))
    with publishing(tmp_path / "results", "regimes", {}, []):
        pass
    assert not killed.exists() and working.exists() and other.exists()
