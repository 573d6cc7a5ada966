"""The main job as a user runs it: small, from the command line, with good and bad input."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
import yaml
from script import ROOT, command_of, interrupted, run_here, run_script, start_script

from sim.results.publishing import checksum_text
from sim.scenario import composing
from sim.studies.command import request_from
from sim.studies.regimes.request import ORDER, Regimes, all_regimes
from sim.verify import main as verify

SMALL = ["futures=12", "criticality_futures=4", "months=36", "walk_away_month=12"]
pytestmark = pytest.mark.e2e


command, run = partial(command_of, "regimes"), partial(run_script, "regimes")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("main_job")
    return folder, run(folder, *SMALL, "hydra.run.dir=out")


def test_writes_everything_it_promises(finished):
    folder, done = finished
    assert done.returncode == 0, done.stderr
    out = folder / "out"
    names = {path.relative_to(out).as_posix() for path in out.rglob("*")}
    assert {"config.yaml", "run.json", "checksums.sha256", "ro-crate-metadata.json"} <= names
    assert {"summary.csv", "differences.csv", "decisions.csv", "criticality.csv"} <= names
    for regime in ("joint_committee", "option2"):
        assert {f"minutes_{regime}.csv", f"minutes_{regime}.txt"} <= names
    for figure in (
        "integration",
        "balance",
        "members",
        "trust",
        "waiting",
        "decisions",
        "differences_option2",
        "integration_departure",
    ):
        assert {f"{figure}.png", f"{figure}.pdf"} <= names, figure
    assert [path.name for path in folder.iterdir()] == ["out"], "nothing else is left in the folder"
    assert "integration" in done.stdout, "the summary is printed"


def test_all_means_every_preset_and_the_committee_is_the_baseline():
    names = {path.stem for path in (ROOT / "configs" / "regime").glob("*.yaml")}
    assert set(all_regimes()) == names and len(all_regimes()) == len(names) == len(ORDER)
    assert all_regimes()[0] == "joint_committee"
    composed, choices = composing.compose("experiment/regimes", ["regimes=all"])
    assert request_from(Regimes, composed, choices).regimes == tuple(all_regimes())


def test_many_regimes_are_drawn_so_that_they_can_be_told_apart(tmp_path):
    """Rows of dots and small panels instead of pages of fans, from seven regimes on."""
    many = f"regimes=[{','.join(ORDER[:7])}]"
    done = run(
        tmp_path,
        many,
        "futures=2",
        "months=14",
        "walk_away_month=null",
        "payment=preset",
        "hydra.run.dir=out",
    )
    assert done.returncode == 0, done.stderr
    drawn = {path.name for path in (tmp_path / "out").glob("*.png")}
    assert {"overview_1.png", "overview_2.png", "overview_3.png", "integration.png", "members.png"} <= drawn


def test_checksums_hold_and_no_path_of_this_machine_is_written(finished):
    out = finished[0] / "out"
    for line in (out / "checksums.sha256").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    for path in out.iterdir():
        assert str(ROOT).encode() not in path.read_bytes(), path.name
        assert str(out).encode() not in path.read_bytes(), path.name


def test_the_folder_verifies_until_a_number_is_changed(finished, tmp_path, capsys):
    out = Path(shutil.copytree(finished[0] / "out", tmp_path / "out"))
    assert verify([str(out), "--runs", "4"]) == 0
    assert capsys.readouterr().out.count("the same to the last bit") == 4, (
        "summary and minutes of both regimes"
    )
    summary = (out / "summary.csv").read_text()
    (out / "summary.csv").write_text(summary.replace("1,", "2,", 1))
    (out / "checksums.sha256").write_text(checksum_text(out, (out / "ro-crate-metadata.json").read_text()))
    assert verify([str(out), "--runs", "4"]) == 1
    assert "in the folder" in capsys.readouterr().out


def test_the_written_configuration_rebuilds_the_same_tables(finished, tmp_path):
    again = run(tmp_path, *SMALL, "hydra.run.dir=again", "threads=1")
    assert again.returncode == 0, again.stderr
    for name in (
        "summary.csv",
        "differences.csv",
        "criticality.csv",
        "minutes_option2.csv",
        "integration.png",
        "integration.pdf",
    ):
        assert (tmp_path / "again" / name).read_bytes() == (finished[0] / "out" / name).read_bytes(), name


def test_the_departing_partner_is_the_one_that_matters_most(finished):
    out = finished[0] / "out"
    ranking = pd.read_csv(out / "criticality.csv")
    chosen = next(
        c for c in pd.read_csv(out / "differences.csv")["comparison"].unique() if c.endswith(" leaves")
    ).removesuffix(" leaves")
    everywhere = set.intersection(*(set(part["partner"]) for _, part in ranking.groupby("regime")))
    first = ranking[(ranking["regime"] == "joint_committee") & ranking["partner"].isin(everywhere)]
    assert chosen == first.loc[first["difference"].idxmin(), "label"]


def test_a_finished_folder_is_said_to_be_finished(finished):
    folder, _ = finished
    before = (folder / "out" / "run.json").read_bytes()
    again = run_here("regimes", folder, *SMALL, "hydra.run.dir=out")
    assert again.returncode == 0 and "Finished already" in again.stderr
    assert (folder / "out" / "run.json").read_bytes() == before


def test_another_run_into_a_finished_folder_is_refused(finished):
    refused = run_here("regimes", finished[0], *SMALL, "seed=2", "hydra.run.dir=out")
    assert refused.returncode == 2 and "another configuration" in refused.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["params.squeez=0.01"], ["params", "squeez", "did you mean 'squeeze'"]),
        (["params.squeeze=7"], ["params.squeeze = 7", "from -0.1 to 0.2"]),
        (["futures=many"], ["futures", "many"]),
        (["futures=-5"], ["futures = -5"]),
        (["regimes=[option3]"], ["option3", "did you mean 'option"]),
        (["system=south_yorkshire"], ["south_yorkshire_bassetlaw"]),
        (["dials.exit=maybe"], ["exit", "maybe", "barred"]),
        (["dials.exist=free"], ["exist", "did you mean 'exit'"]),
        (["rules.off=[bargan]"], ["bargan", "did you mean 'bargain'"]),
        (
            ["events=[{month: 24, partner: rotherham_concil, do: leave}]"],
            ["rotherham_concil", "did you mean 'rotherham_council'"],
        ),
        (["events=[{month: 400, partner: rotherham_council, do: leave}]"], ["400", "0 to 119"]),
        (["walk_away_month=400"], ["walk_away_month = 400", "0 to 119"]),
        (["system.places.sheffield.population=-3"], ["system.places.sheffield.population = -3"]),
        (["~system.places.sheffield.population"], ["system.places.sheffield.population", "missing"]),
        (["system.flows.acute.sheffield.outside=0.9"], ["flows.acute.sheffield", "must add up to 1"]),
        (["+fututres=3"], ["fututres", "did you mean 'futures'"]),
        (["futures"], ["futures"]),
    ],
)
def test_bad_input_ends_with_status_2_and_one_clear_message(tmp_path, words, said):
    done = run_here("regimes", tmp_path, *words)
    assert done.returncode == 2, (done.returncode, done.stderr)
    for part in said:
        assert part in done.stderr, done.stderr
    assert list(tmp_path.iterdir()) == [], "nothing is left behind"


def test_the_script_hands_on_that_status_and_nothing_but_the_message(tmp_path):
    done = run(tmp_path, "params.squeez=0.01")
    assert done.returncode == 2 and not done.stdout
    assert "did you mean 'squeeze'" in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == [], "nothing is left behind"


def test_ctrl_c_ends_with_130_and_leaves_nothing(tmp_path):
    process = start_script("regimes", tmp_path, "futures=100000")
    deadline = time.monotonic() + 60
    while not list(tmp_path.rglob(".unfinished-*")) and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(0.5)
    stderr = interrupted(process)
    assert process.returncode == 130, stderr
    assert "Traceback" not in stderr
    assert not [path for path in tmp_path.rglob("*") if path.is_file() or path.name.startswith(".unfinished")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a POSIX system")
def test_a_file_where_the_folder_should_be_is_a_clear_error(tmp_path):
    (tmp_path / "taken").write_text("mine")
    found = run_here("regimes", tmp_path, "futures=2", "hydra.run.dir=taken")
    assert found.returncode == 2
    assert found.stderr.startswith("taken: cannot be a folder of results (File exists)")
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_full_disk_is_a_clear_error_and_leaves_nothing(tmp_path):
    limited = "import resource, runpy, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    limited += "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000));"
    limited += (
        f"sys.argv = ['regimes.py', *{SMALL!r}]; "
        f"runpy.run_path({str(ROOT / 'experiments' / 'regimes.py')!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "Could not write" in done.stderr and "Traceback" not in done.stderr
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_configuration_holds_all_that_was_run(finished):
    config = yaml.safe_load((finished[0] / "out" / "config.yaml").read_text())
    assert (
        config["futures"] == 12 and config["payment"] == "equal" and len(config["system"]["partners"]) == 20
    )
