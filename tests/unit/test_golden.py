"""Golden hashes fail when they should, and are renewed by the flag alone."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from golden import PATH, Golden, digest

ROOT = Path(__file__).parents[2]
FAILS = pytest.fail.Exception


def test_a_missing_or_different_hash_fails_and_says_how_to_renew_it(tmp_path):
    path = tmp_path / "hashes.json"
    path.write_text('{"kept": "1234"}')
    compared = Golden(path, update=False)
    compared.check("kept", "1234")
    for name, was in (("kept", "1234 is kept"), ("new", "none is kept")):
        with pytest.raises(FAILS, match=f"'{name}': found 5678, {was}.*--update-golden.*leave the file"):
            compared.check(name, "5678")
    assert json.loads(path.read_text()) == {"kept": "1234"}


def test_the_flag_writes_what_differs_and_keeps_the_rest(tmp_path):
    path = tmp_path / "hashes.json"
    renewed = Golden(path, update=True)
    renewed.check("a", "1")
    renewed.check("b", "2")
    renewed.check("a", "3")
    assert json.loads(path.read_text()) == {"a": "3", "b": "2"}
    Golden(path, update=False).check("a", "3")


def test_one_bit_changes_the_digest():
    array = np.arange(6.0)
    other = array.copy()
    other[3] = np.nextafter(other[3], 9.0)
    assert digest([array]) == digest([array[:2], array[2:]]) != digest([other])


def test_the_file_is_laid_out_as_the_flag_writes_it():
    kept = json.loads(PATH.read_text())
    assert PATH.read_text() == json.dumps(kept, indent=2, sort_keys=True) + "\n"


def test_the_flag_refuses_to_run_in_parallel():
    words = [sys.executable, "-m", "pytest", "--update-golden", "-n", "2", "--collect-only", __file__]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "--update-golden: must run in one process" in done.stdout + done.stderr
