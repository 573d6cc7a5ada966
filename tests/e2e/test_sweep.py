"""Sweeps as a user runs them: from the command line and from Python, interrupted, killed, refused, on a full
disk.
"""

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from script import ROOT, command_of, interrupted, run_here, run_script, start_script

import sim
from sim.declarations.indicators import OUTCOMES
from sim.engine import england
from sim.sweep import ask, pieces, plan_of, scenario_in, sweep
from sim.sweep.failures import failures
from sim.sweep.replay import lived_again
from sim.sweep.replay import main as replay
from sim.verify import main as verify

SMALL = [
    "months=13",
    "design=lhs",
    "design.n=6",
    "design.factors=[params.squeeze,dials.block]",
    "outcomes=headline",
]
LONG = [*SMALL, "design.n=49", "futures=200", "series=[waiting]", "threads=2"]  # some seconds, in 64 chunks
pytestmark = [pytest.mark.e2e, pytest.mark.skipif(os.name != "posix", reason="sweeps need flock")]


command, run = partial(command_of, "sweep"), partial(run_script, "sweep")


def contents(folder: Path) -> dict[str, str]:
    """A digest of every file of a folder; the lock and the words of the command left out."""
    left_out = (".lock", "run.json")
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name not in left_out]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
    }


def published(folder: Path) -> list[Path]:
    return sorted((folder / "runs").glob("*.parquet"))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("sweep")
    return folder, run(folder, *SMALL, "futures=20", "series=[integration,waiting]", "hydra.run.dir=out")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The long sweep, never interrupted."""
    folder = tmp_path_factory.mktemp("whole") / "out"
    sweep(ask(*LONG), folder)
    return folder


def test_a_plan_is_told_then_every_run_is_there_with_cell_future_factors_and_outcomes(finished):
    folder, done = finished
    assert done.returncode == 0, done.stderr
    for words in ("Plan: 14 cells (7 points x 2 regimes)", "20 futures; 280 runs", "MB in", "runs a second"):
        assert words in done.stderr, done.stderr
    frame = sim.read(folder / "out")
    assert len(frame) == 14 * 20 and not frame.duplicated(["cell", "future"]).any()
    assert list(frame.columns[:7]) == [
        "cell",
        "future",
        "point",
        "system",
        "regime",
        "params.squeeze",
        "dials.block",
    ]
    assert (
        frame.attrs["finished"]
        and frame.attrs["seed"] == "1"
        and frame.attrs["units"]["waiting_final_year"] == ("weeks")
    )
    assert [path.name for path in folder.iterdir()] == ["out"], "nothing else is left in the folder"


def test_a_run_is_the_run_that_simulate_gives(finished):
    out = finished[0] / "out"
    frame, series = sim.read(out), sim.read(out, table="series")
    for cell in (0, 1, 9):
        data = sim.simulate(scenario_in(out, cell), futures=20, seed=1)
        mine = frame[frame["cell"] == cell]
        for name in (name for name in OUTCOMES if name in frame.columns):
            assert np.array_equal(mine[name].to_numpy(), data[name].values, equal_nan=True), name
        monthly = series[series["cell"] == cell]["waiting"].to_numpy().reshape(20, 13)
        assert np.array_equal(monthly, data["waiting"].values)


def test_columns_and_rows_are_picked_and_what_is_unknown_is_named(finished):
    out = finished[0] / "out"
    some = sim.read(
        out,
        columns=["cell", "future", "integration_mean"],
        where={"regime": "option2", "future": (3, 5), "cell": [1, 2, 3]},
    )
    assert list(some.columns) == ["cell", "future", "integration_mean"]
    assert some[["cell", "future"]].to_numpy().tolist() == [[1, 3], [1, 4], [1, 5], [3, 3], [3, 4], [3, 5]]
    assert len(sim.read(out, where={"params.squeeze": (0.0, 0.02)}, table="cells")) < 14
    with pytest.raises(sim.BadInput, match=r"(?s)did you mean 'integration_mean'.*did you mean 'regime'"):
        sim.read(out, columns=["integration_men"], where={"regme": "option2"})
    with pytest.raises(sim.BadInput, match="holds no sweep"):
        sim.read(finished[0])


def test_ranges_may_be_open_and_must_be_the_right_way_round(finished):
    folder = finished[0] / "out"
    runs = sim.read(folder)
    middle = float(runs["params.squeeze"].median())
    above = sim.read(folder, where={"params.squeeze": (middle, None)})
    below = sim.read(folder, where={"params.squeeze": (None, middle)})
    assert 0 < len(above) < len(runs) and len(above) + len(below) == len(runs) + int(
        (runs["params.squeeze"] == middle).sum()
    )
    assert len(sim.read(folder, where={"params.squeeze": (None, None)})) == len(runs)
    with pytest.raises(sim.BadInput, match="the lowest stands first"):
        sim.read(folder, where={"params.squeeze": (0.02, 0.0)})
    with pytest.raises(sim.BadInput, match="where: a value is of another kind than its column"):
        sim.read(folder, where={"cell": "a"})


def test_duckdb_reads_it_in_one_line(finished):
    duckdb = pytest.importorskip("duckdb")
    found = duckdb.sql(
        f"SELECT regime, avg(integration_mean) FROM '{finished[0]}/out/runs/*.parquet' GROUP BY regime"
    ).fetchall()
    expected = sim.read(finished[0] / "out").groupby("regime", observed=True)["integration_mean"].mean()
    assert dict(found) == pytest.approx(expected.to_dict())


def test_cells_are_compared_in_pairs(finished):
    frame = sim.read(finished[0] / "out")
    table = sim.compare(frame, outcomes=["waiting_final_year"])
    assert table["cell"].tolist() == list(range(1, 14)) and set(table["baseline_cell"]) == {0}
    change = (
        frame[frame["cell"] == 5]["waiting_final_year"].to_numpy()
        - frame[frame["cell"] == 0]["waiting_final_year"].to_numpy()
    )
    assert table.set_index("cell").loc[5, "difference"] == pytest.approx(change.mean())
    between = sim.compare(frame, between="regime", outcomes="waiting_final_year")
    assert (
        (between["cell"] - between["baseline_cell"] == 1).all()
        and set(between["regime"]) == {"option2"}
        and len(between) == 7
    )
    fewer = sim.compare(frame[(frame["cell"] != 3) | (frame["future"] > 4)], outcomes=["waiting_final_year"])
    assert fewer.set_index("cell").loc[3, "futures"] == 15, "a run that failed is left out of its pair"
    with pytest.raises(sim.BadInput, match="lack point"):
        sim.compare(frame.drop(columns="point"), between="regime")


def test_checksums_hold_and_nothing_names_this_machine(finished):
    out = finished[0] / "out"
    lines = (out / "checksums.sha256").read_text().splitlines()
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    assert len(lines) >= 5
    for path in (path for path in out.rglob("*") if path.is_file()):
        for hidden in (str(ROOT), str(out), str(Path.home())):
            assert hidden.encode() not in path.read_bytes(), path.name


def test_a_finished_folder_is_said_to_be_finished_and_another_design_does_not_mix(finished):
    folder, _ = finished
    before = contents(folder / "out")
    words = [*SMALL, "series=[integration,waiting]", "hydra.run.dir=out"]
    again = run_here("sweep", folder, *words, "futures=20")
    assert again.returncode == 0 and "Finished already" in again.stderr
    refused = run_here("sweep", folder, *words, "futures=21")
    assert (
        refused.returncode == 2
        and "futures = 20, now 21" in refused.stderr
        and "To start anew" in refused.stderr
    )
    assert contents(folder / "out") == before


def test_another_version_of_the_program_does_not_mix(tmp_path, finished, monkeypatch):
    request = ask(*SMALL, "futures=20", "series=[integration,waiting]")
    begun = json.loads((finished[0] / "out" / "sweep.json").read_text())
    assert begun["configuration"] and begun["versions"]["code"]
    monkeypatch.setattr("sim.sweep.store.versions", lambda: {**begun["versions"], "code": "changed"})
    with pytest.raises(sim.BadInput, match=r"another version \(code .* now changed\).*To start anew"):
        sweep(request, finished[0] / "out")


def test_killed_and_resumed_equals_never_killed(tmp_path, whole):
    out, killed = tmp_path / "out", 0
    for wanted in (3, 12):
        process = subprocess.Popen(
            command(*LONG, "hydra.run.dir=out"), cwd=tmp_path, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 120
        while len(published(out)) < wanted and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        killed += process.poll() is None
        process.kill()
        process.wait()
        assert not (out / "run.json").exists()
    assert killed == 2 and len(published(out)) < len(published(whole))
    (out / "runs" / ".tmp-left").write_bytes(b"half a file")
    torn = published(out)[0]
    torn.write_bytes(torn.read_bytes()[:-100])  # as a disk without fsync may leave it
    done = run(tmp_path, *LONG, "hydra.run.dir=out")
    assert done.returncode == 0 and "are there already" in done.stderr
    assert contents(out) == contents(whole), "byte for byte, not only after sorting"


@pytest.mark.parametrize("lost", ["runs", "cells.parquet", "config.yaml", "checksums.sha256", "run.json"])
@pytest.mark.parametrize("emptied", [False, True])
def test_what_a_finished_folder_has_lost_is_told_and_made_again(tmp_path, finished, lost, emptied):
    """By the same command, to the same bytes; a damaged `run.json` too."""
    shutil.copytree(finished[0] / "out", tmp_path / "out")
    path = published(tmp_path / "out")[0] if lost == "runs" else tmp_path / "out" / lost
    if emptied:
        path.write_bytes(b"")
    else:
        path.unlink()
    if lost != "run.json":
        with pytest.raises(
            sim.BadInput,
            match=r"has lost 1 of its files, such as .*; the command that made it makes them again",
        ):
            sim.read(tmp_path / "out")
    sweep(ask(*SMALL, "futures=20", "series=[integration,waiting]"), tmp_path / "out")
    assert contents(tmp_path / "out") == contents(finished[0] / "out")


@pytest.mark.parametrize("name", ["sweep.json", "run.json", "ro-crate-metadata.json"])
def test_a_damaged_file_is_named(tmp_path, finished, capsys, name):
    shutil.copytree(finished[0] / "out", tmp_path / "out")
    path = tmp_path / "out" / name
    path.write_bytes(path.read_bytes()[:100])
    assert verify([str(tmp_path / "out")]) == 1
    told = capsys.readouterr()
    assert f"{name}: is" in told.out + told.err
    if name == "sweep.json":
        with pytest.raises(sim.BadInput, match=r"sweep\.json: is damaged; move its folder away"):
            sim.read(tmp_path / "out")


def test_two_sweeps_in_one_folder_the_second_is_refused_and_ctrl_c_leaves_a_sweep_that_goes_on(
    tmp_path, whole
):
    out = tmp_path / "out"
    process = start_script("sweep", tmp_path, *LONG, "hydra.run.dir=out")
    deadline = time.monotonic() + 120
    while len(published(out)) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    with pytest.raises(sim.BadInput, match="another sweep is writing"):
        sweep(ask(*LONG), out)
    stderr = interrupted(process)
    assert process.returncode == 130 and "the same command goes on" in stderr and "Traceback" not in stderr, (
        stderr
    )
    assert not list(out.rglob(".tmp-*")) and not (out / "run.json").exists()
    assert sweep(ask(*LONG), out, threads=1).runs == 50 * 2 * 200
    assert contents(out) == contents(whole)


def test_a_failing_run_is_recorded_the_others_go_on_and_a_retry_mends_it(tmp_path, monkeypatch, capsys):
    """A run function that fails stands in for the engine; 2 of 14 cells fail in one future."""
    request, out = ask(*SMALL, "futures=30"), tmp_path / "out"
    ill = plan_of(request).scenario(6).params["squeeze"]
    real = pieces.simulate

    def sometimes(prepared, output, future, start, stop):
        if prepared.par["squeeze"][0] == ill and future <= 7 < future + stop - start:
            raise ZeroDivisionError("seven")
        real(prepared, output, future, start, stop)

    monkeypatch.setattr(pieces, "simulate", sometimes)
    result = sweep(request, out)
    assert (result.runs, result.failed) == (14 * 30 - 2, 2)
    listed = pd.read_csv(out / "failures.csv")
    assert (
        listed[["cell", "future"]].to_numpy().tolist() == [[6, 7], [7, 7]]
        and "ZeroDivisionError: seven" in listed["error"][0]
    )
    assert json.loads(listed["changes"][0])["params.squeeze"] == ill
    assert listed["replay"][0].endswith("sim.sweep.replay out 6 7")
    assert failures(out)[0]["regime"] == "joint_committee"
    frame = sim.read(out)
    assert len(frame[frame["cell"] == 6]) == 29 and 7 not in set(frame[frame["cell"] == 6]["future"])
    assert replay([str(out), "6", "7"]) == 0 and "integration_mean" in capsys.readouterr().out
    assert replay([str(out), "99", "7"]) == 2
    monkeypatch.undo()
    again = sweep(request, out)
    assert (again.runs, again.failed) == (14 * 30, 0) and not (out / "failures.csv").exists()


NATION = (
    "months=26",
    "systems=[dorset,qe1,staffordshire_stoke]",
    "nation=true",
    "futures=21",
    "dials={support: ahead}",
    "regimes=[joint_committee]",
    "outcomes=headline",
)


def test_a_nation_is_swept_and_replayed_like_other_systems(tmp_path, capsys):
    """The same bytes on one thread and two, and when a run is lived again with the systems it shares a fund
    with; alone it differs.
    """
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, threads in ((one, 1), (two, 2)):
        assert sweep(ask(*NATION, "series=[waiting]"), folder, threads=threads).runs == 63
    assert contents(one) == contents(two)
    frame = sim.read(one)
    assert (
        frame.groupby("system", observed=True)["future"].agg(list).map(sorted).tolist()
        == [list(range(21))] * 3
    )
    held = frame[(frame["cell"] == 1) & (frame["future"] == 17)].iloc[0]
    again = lived_again(one, 1, 17)
    assert all(
        float(again[name][0]) == held[name]
        for name in ("integration_mean", "waiting_final_year", "delivered_last")
    )
    alone = sim.simulate(scenario_in(one, 1), 1, 1, first=17, record="summary")
    assert float(alone["waiting_final_year"][0]) != held["waiting_final_year"]
    assert replay([str(one), "1", "17"]) == 0 and f"{held['integration_mean']:.6g}" in capsys.readouterr().out
    assert verify([str(one), "--runs", "2"]) == 0


def test_where_one_system_of_a_nation_fails_so_do_the_others_in_that_future_alone(tmp_path, monkeypatch):
    real = england.live_together

    def sometimes(systems, outputs, first, start, stop):
        if first + start <= 7 < first + stop:
            raise ZeroDivisionError("seven")
        real(systems, outputs, first, start, stop)

    monkeypatch.setattr(england, "live_together", sometimes)
    result = sweep(ask(*NATION), tmp_path / "out")
    assert (result.runs, result.failed) == (60, 3)
    assert sorted((row["cell"], row["future"]) for row in failures(tmp_path / "out")) == [
        (0, 7),
        (1, 7),
        (2, 7),
    ]
    monkeypatch.undo()
    assert sweep(ask(*NATION), tmp_path / "out").failed == 0
    sweep(ask(*NATION), tmp_path / "whole")
    assert contents(tmp_path / "out" / "runs") == contents(tmp_path / "whole" / "runs")


def test_failures_end_with_status_1_and_a_count(tmp_path, monkeypatch, capsys):
    from sim.studies.sweep import job

    monkeypatch.setattr(pieces, "simulate", lambda *_: 1 / 0)
    assert job(ask(*SMALL, "regimes=[option2]", "design.n=1", "futures=3"), tmp_path / "out", []) == 1
    told = capsys.readouterr().err
    assert "6 runs failed" in told and "python -m sim.sweep.replay" in told and "Traceback" not in told


def test_a_cell_that_cannot_be_built_fails_alone(tmp_path, monkeypatch):
    """As cells beyond those checked beforehand may."""
    monkeypatch.setattr("sim.sweep.plan.CHECKED_CELLS", 1)
    points = pd.DataFrame({"dials.officer_seats": [0.2, 0.9], "dials.lay_members": [0.3, 0.4]})
    result = sweep(ask("months=12", "regimes=[option2]", "futures=5", points=points), tmp_path / "out")
    assert (result.runs, result.failed) == (5, 5)
    (entry,) = failures(tmp_path / "out")
    assert (entry["cell"], entry["future"], entry["runs"]) == (1, 0, 5) and "no more than all seats" in entry[
        "error"
    ]


def test_a_full_disk_is_a_clear_error_and_the_sweep_goes_on_later(tmp_path):
    limited = "import resource, runpy, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    limited += "resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000));"
    words = [*SMALL, "futures=90", "outcomes=all", "hydra.run.dir=out"]
    limited += (
        f"sys.argv = ['sweep.py', *{words!r}]; runpy.run_path({str(ROOT / 'experiments' / 'sweep.py')!r}, "
        "run_name='__main__')"
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
    assert (
        "Could not write" in done.stderr
        and "the same command goes on" in done.stderr
        and "Traceback" not in done.stderr
    )
    assert not list(tmp_path.rglob(".tmp-*"))
    again = run(tmp_path, *words)
    assert again.returncode == 0 and len(sim.read(tmp_path / "out")) == 14 * 90, again.stderr


def test_futures_are_added_until_the_outcome_is_as_precise_as_asked_for(tmp_path):
    outcome = "walk_aways_last"
    words = [
        "months=24",
        "regimes=[joint_committee]",
        "futures=auto",
        f"outcome={outcome}",
        f"outcomes=[{outcome}]",
        "design.factors={params.exit_barrier: [0.2, 0.25]}",
    ]
    result = sweep(ask(*words, "precision=0.06"), tmp_path / "out")
    frame = sim.read(tmp_path / "out")
    assert result.futures > 50 and len(frame) == 2 * result.futures, "the same futures in every cell"

    def widest(runs: pd.DataFrame) -> float:
        cells = runs.groupby("cell")[outcome]
        return float((1.96 * cells.std() / cells.size() ** 0.5 / cells.mean()).max())

    assert result.precision is not None and result.precision <= 0.06
    assert widest(frame) == pytest.approx(result.precision, rel=0.05)
    assert widest(frame[frame["future"] < result.futures // 2]) > 0.06, "half as many were not enough"
    limited = ask(*words, "precision=0.0001", "futures_limit=60")
    assert sweep(limited, tmp_path / "other").futures == 60 and not sweep(
        limited, tmp_path / "other"
    ).reached(limited)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["design=lsh"], ["lsh", "did you mean 'lhs'"]),
        (["design=lhs", "design.nn=3"], ["design.nn", "unknown key"]),
        (["design.factors=[squeeze]"], ["did you mean 'params.squeeze'"]),
        (["cluster=locl"], ["locl", "did you mean 'local'"]),
        (["systems=[dorse]"], ["did you mean 'dorset'"]),
        (["regimes=[option3]"], ["did you mean 'option"]),
        (["events=[nne]"], ["did you mean 'none'"]),
        (["events=[luton_leaves_2018]"], ["luton_council"]),
        (["outcomes=[integration_men]"], ["did you mean 'integration_mean'"]),
        (["series=[waitin]"], ["did you mean 'waiting'"]),
        (["futures=auto"], ["needs a precision"]),
        (["precision=0.1"], ["only with futures=auto"]),
        (["futures=0"], ["futures = 0", "whole number", "or auto"]),
        (["futurs=3"], ["futurs", "did you mean 'futures'"]),
        (["params.squeez=0.01"], ["did you mean 'squeeze'"]),
        (["design=table", "design.file=nowhere.csv"], ["nowhere.csv", "No such file"]),
    ],
)
def test_bad_input_ends_with_status_2_and_one_clear_message(tmp_path, words, said):
    done = run_here("sweep", tmp_path, *words)
    assert done.returncode == 2, (done.returncode, done.stderr)
    for part in said:
        assert part in done.stderr, done.stderr
    assert list(tmp_path.iterdir()) == [], "nothing is left behind"


def test_a_plan_alone_writes_nothing(tmp_path):
    done = run_here(
        "sweep", tmp_path, *SMALL, "futures=auto", "precision=0.02", "outcomes=all", "plan_only=true"
    )
    assert done.returncode == 0 and "14 cells" in done.stderr and "to begin with" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_number_of_runs(tmp_path):
    """The peak of a sweep of eight times as many runs lies within a tenth."""
    code = (
        "import resource, sys; from sim.sweep import ask, sweep;"
        "sweep(ask('months=2', 'regimes=[option2]', 'design=lhs', 'design.factors=[params.squeeze]', "
        "'design.n=' + sys.argv[1],"
        "'futures=1000', 'threads=2'), sys.argv[2]); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peaks = []
    for n in ("5", "40"):
        done = subprocess.run(
            [sys.executable, "-c", code, n, str(tmp_path / n)], capture_output=True, text=True, check=True
        )
        peaks.append(int(done.stdout))
    assert peaks[1] < 1.1 * peaks[0], peaks


def _blocks(language: str) -> list[str]:
    text = (ROOT / "docs" / "sweeps.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_every_command_of_the_guide_is_understood():
    lines = [
        line
        for block in _blocks("")
        for line in block.splitlines()
        if line.startswith("python experiments/sweep.py")
    ]
    assert len(lines) >= 6
    for line in lines:
        assert plan_of(ask(*shlex.split(line, comments=True)[2:])).cells > 0, line


def test_the_python_of_the_guide_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    pytest.importorskip("duckdb")
    *reading, making = _blocks("python")
    for block in (making, *reading):
        exec(block, {})
    assert "baseline_cell" in capsys.readouterr().out
