"""Provenance and its check: an honest folder passes, a tampered one does not, whatever the tampering hid."""

import json
import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.results.provenance import CRATE, sha256_of
from sim.results.publishing import CHECKSUMS, MARK, checksum_text
from sim.sweep import ask, sweep
from sim.verify import main

WORDS = (
    "system=dorset",
    "months=13",
    "design=lhs",
    "design.n=2",
    "design.factors=[params.squeeze]",
    "futures=3",
    "outcomes=headline",
)
pytestmark = pytest.mark.skipif(os.name != "posix", reason="sweeps need flock")


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify") / "out"
    sweep(ask(*WORDS, "series=[waiting]"), folder)
    return folder


@pytest.fixture
def copy(honest: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(honest, tmp_path / "copy"))


def entities(folder: Path) -> dict[str, dict]:
    return {entity["@id"]: entity for entity in json.loads((folder / CRATE).read_text())["@graph"]}


def test_the_metadata_tells_inputs_outputs_seed_versions_and_licence(honest: Path) -> None:
    told = entities(honest)
    assert {
        "./",
        CRATE,
        "#run",
        "#seed",
        "#configuration",
        "#local-health-systems",
        "#numba",
        "cells.parquet",
    } <= set(told)
    assert "#configs/system/dorset.yaml" in told and "#configs/regime/option2.yaml" in told
    assert "#configs/regime/joint_committee.yaml" in told, "option2 states what differs from it"
    assert told["#seed"]["value"] == "1"
    assert told["./"]["license"]["@id"] in told
    for name, entity in told.items():
        if entity["@type"] == "File" and name != MARK:
            assert entity["sha256"] == sha256_of(honest / name), name
    listed = {part["@id"] for part in told["./"]["hasPart"]}
    there = {path.relative_to(honest).as_posix() for path in honest.rglob("*") if path.is_file()}
    assert there - {CRATE, CHECKSUMS, ".lock"} == listed


def test_the_same_run_gives_the_same_metadata(honest: Path, tmp_path: Path) -> None:
    sweep(ask(*WORDS, "series=[waiting]"), tmp_path / "again", threads=1, overrides=["another=command"])
    for name in (CRATE, CHECKSUMS):
        assert (tmp_path / "again" / name).read_bytes() == (honest / name).read_bytes()


def test_an_honest_folder_passes_and_says_what_was_run_again(
    honest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(honest), "--runs", "3", "--seed", "4"]) == 0
    said = capsys.readouterr().out
    assert said.count("the same to the last bit") == 3 and "drawn by seed 4" in said
    assert main([str(honest), "--runs", "3", "--seed", "4"]) == 0
    assert capsys.readouterr().out == said, "the same seed draws the same runs"


def test_a_tampered_file_is_named(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open(copy / "config.yaml", "a") as file:
        file.write("# a word more\n")
    (copy / "added.csv").write_text("1\n")
    (copy / "sweep.json").rename(copy / "sweep.json.bak")
    assert main([str(copy), "--runs", "0"]) == 1
    said = capsys.readouterr().out
    assert (
        "config.yaml: is not what was written" in said
        and "added.csv: was not there" in said
        and "sweep.json: is missing" in said
    )


@pytest.mark.parametrize(("table", "column"), [("runs", "waiting_final_year"), ("series", "waiting")])
def test_a_changed_number_is_found_even_under_new_checksums(
    copy: Path, table: str, column: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (path,) = (copy / table).glob("*.parquet")
    held = pq.read_table(path)
    at = held.schema.get_field_index(column)
    values = held[column].to_numpy().copy()
    values[-1] *= 1.0 + 1e-15
    pq.write_table(held.set_column(at, held.schema.field(at), pa.array(values)), path)
    (copy / CHECKSUMS).write_text(checksum_text(copy, (copy / CRATE).read_text()))
    assert main([str(copy), "--runs", "18"]) == 1
    said = capsys.readouterr().out
    assert "all as written" in said
    assert (
        f"cell 5, future 2: {column} is" in said
        and "when run again" in said
        and said.count("when run again") == 1
    )


def test_another_seed_in_run_json_is_noticed(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads((copy / MARK).read_text())
    (copy / MARK).write_text(json.dumps({**told, "seed": 2}))
    assert main([str(copy), "--runs", "0"]) == 1
    assert "says seed = 2" in capsys.readouterr().out


def test_a_file_that_cannot_be_read_is_no_traceback(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = (copy / "runs").glob("*.parquet")
    path.write_bytes(path.read_bytes()[:500])
    assert main([str(copy)]) == 1
    assert "cannot be read" in capsys.readouterr().out


def test_no_results_is_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "holds no finished results" in capsys.readouterr().err
    assert main([str(tmp_path), "--runs", "-1"]) == 2
