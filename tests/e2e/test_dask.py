"""Sweeps on Dask: the same bytes as local ones, whoever is killed; on a real Slurm where its programs are
installed.
"""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
import slurm
from script import ROOT, interrupted, start_script
from test_sweep import command, contents, published

import sim
from sim.sweep import ask, plan_of, sweep
from sim.sweep.failures import failures

distributed = pytest.importorskip("distributed", reason="needs the extra: pip install -e '.[cluster]'")
settings = pytest.importorskip("sim.sweep.clusters.settings")
dask_cluster = pytest.importorskip("sim.sweep.clusters.dask_cluster")
worker = pytest.importorskip("sim.sweep.clusters.worker")

WORDS = ["months=13", "design=lhs", "design.n=9", "design.factors=[params.squeeze,dials.block]",
         "outcomes=headline", "futures=250",
         "series=[waiting]"]  # fmt: skip  # 5,000 runs in 20 chunks
RUNS, CHUNKS = 5_000, 20
LONG, LONG_RUNS = "futures=2000", 40_000  # so long that nobody is too late to interrupt it
pytestmark = [pytest.mark.e2e, pytest.mark.skipif(os.name != "posix", reason="sweeps need flock")]


def until(
    ready: Callable[[], bool], process: subprocess.Popen[str] | None = None, seconds: float = 120
) -> None:
    deadline = time.monotonic() + seconds
    while not ready() and (process is None or process.poll() is None) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert ready(), process and process.poll()


def started(folder: Path, *words: str, **environment: str) -> subprocess.Popen[str]:
    """A sweep under way, its first files published."""
    process = start_script("sweep", folder, *WORDS, *words, "hydra.run.dir=out", group=True, **environment)
    until(lambda: len(published(folder / "out")) >= 2, process)
    return process


def stopped(process: subprocess.Popen[str]) -> None:
    """End a process and what it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the local sweep writes."""
    folder = tmp_path_factory.mktemp("whole") / "out"
    assert sweep(ask(*WORDS), folder).runs == RUNS
    assert len(published(folder)) == CHUNKS
    return contents(folder)


@pytest.fixture(scope="module")
def embedded() -> Iterator["dask_cluster.Dask"]:
    with dask_cluster.Dask(settings.Dask(workers=2)) as cluster:
        yield cluster


def documented() -> tuple[list[str], list[str], list[str]]:
    """The commands of docs/sweeps.md that start a scheduler, workers and a sweep."""
    page = (ROOT / "docs" / "sweeps.md").read_text(encoding="utf-8")
    block = re.search(r"```\n(dask scheduler .*?)```", page, re.DOTALL)
    assert block
    scheduler, worker, asked = (shlex.split(line) for line in block.group(1).strip().splitlines())
    return scheduler, worker, asked


@pytest.fixture(scope="module")
def external() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A scheduler and two workers, started as documented, on a free port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = str(found.getsockname()[1])
    scheduler, worker, _ = ([word.replace("8786", port) for word in words] for words in documented())
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    running: list[subprocess.Popen[str]] = []
    try:
        for words in (scheduler, worker):
            running.append(
                subprocess.Popen(
                    words,
                    env={**os.environ, "PATH": path},
                    stderr=subprocess.DEVNULL,
                    text=True,
                    start_new_session=True,
                )
            )
        yield f"tcp://127.0.0.1:{port}", running[0]
    finally:
        for process in reversed(running):
            stopped(process)


def test_the_same_bytes_as_local_and_a_local_sweep_goes_on_there(tmp_path, whole, embedded):
    counted: list[int] = []
    result = sweep(ask(*WORDS), tmp_path / "one", progress=counted.append, cluster=embedded)
    assert (result.runs, result.failed, sum(counted)) == (RUNS, 0, RUNS)
    assert contents(tmp_path / "one") == whole
    with pytest.raises(KeyboardInterrupt):
        sweep(ask(*WORDS, "threads=2"), tmp_path / "two", progress=interrupting(2000))
    assert 0 < len(published(tmp_path / "two")) < CHUNKS
    sweep(ask(*WORDS), tmp_path / "two", cluster=embedded)
    assert contents(tmp_path / "two") == whole


def interrupting(runs: int) -> Callable[[int], None]:
    """Progress that is interrupted after so many runs."""
    seen: list[int] = []

    def progress(number: int) -> None:
        seen.append(number)
        if sum(seen) > runs:
            raise KeyboardInterrupt

    return progress


def test_a_sweep_begun_there_goes_on_here(tmp_path, whole, embedded):
    with pytest.raises(KeyboardInterrupt):
        sweep(ask(*WORDS), tmp_path / "out", progress=interrupting(1500), cluster=embedded)
    assert 0 < len(published(tmp_path / "out")) < CHUNKS
    sweep(ask(*WORDS), tmp_path / "out")
    assert contents(tmp_path / "out") == whole


def test_failing_runs_are_recorded_as_they_are_locally(tmp_path, monkeypatch, embedded):
    monkeypatch.setattr("sim.sweep.plan.CHECKED_CELLS", 1)
    points = pd.DataFrame({"dials.officer_seats": [0.2, 0.9], "dials.lay_members": [0.3, 0.4]})
    request = ask("months=12", "regimes=[option2]", "futures=5", points=points)
    result = sweep(request, tmp_path / "out", cluster=embedded)
    assert (result.runs, result.failed) == (5, 5)
    assert [(entry["cell"], entry["runs"]) for entry in failures(tmp_path / "out")] == [(1, 5)]
    sweep(request, tmp_path / "local" / "out")
    assert contents(tmp_path / "out") == contents(tmp_path / "local" / "out")


def test_a_worker_of_another_version_is_named_and_nothing_mixes(tmp_path, monkeypatch, embedded):
    other = {**worker.versions(), "code": "changed"}
    monkeypatch.setattr(worker, "versions", lambda: other)
    said = r"worker tcp://127\.0\.0\.1:\d+: is of another version \(code \w+ there, changed here\).*Start it"
    with pytest.raises(sim.BadInput, match=said):
        sweep(ask(*WORDS), tmp_path / "out", cluster=embedded)
    assert published(tmp_path / "out") == []


def test_a_worker_that_does_not_see_the_folder_says_so(tmp_path, embedded):
    assert embedded._client is not None
    chunk = next(iter(next(plan_of(ask(*WORDS)).layers())))
    found = embedded._client.submit(
        worker.work, str(tmp_path / "no"), str(tmp_path / "no" / "plan"), chunk, pure=False
    ).result(timeout=60)
    assert re.match(
        r"worker tcp://127\.0\.0\.1:\d+: does not see .* must lie on a disk that all workers share",
        found.words,
    )


def goes_on_here(out: Path) -> None:
    """A sweep that was interrupted lost nothing, and doubles nothing when it goes on."""
    kept = len(published(out))
    assert kept >= 2 and not list(out.rglob(".tmp-*")) and not (out / "run.json").exists()
    result = sweep(ask(*WORDS, LONG), out)
    assert (result.runs, result.failed) == (LONG_RUNS, 0) and len(published(out)) > kept
    assert not sim.read(out).duplicated(["cell", "future"]).any()


def test_ctrl_c_leaves_a_sweep_that_goes_on(tmp_path):
    """As at a terminal, where every process of the group gets it."""
    process = started(tmp_path, "cluster=dask", "cluster.workers=2", LONG)
    told = interrupted(process, group=True, seconds=6)
    assert process.returncode == 130 and "the same command goes on" in told and "Traceback" not in told, told
    goes_on_here(tmp_path / "out")


def test_a_worker_is_killed_and_nothing_is_lost_or_doubled(tmp_path, external):
    address, _ = external
    with distributed.Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
        workers = client.run(os.getpid)
    assert len(workers) == 2
    process = started(tmp_path, "cluster=dask", f"cluster.address={address}", LONG)
    os.kill(min(workers.values()), signal.SIGKILL)
    assert process.poll() is None and not (tmp_path / "out" / "run.json").exists(), "it was at work"
    _, told = process.communicate(timeout=120)
    assert process.returncode == 0 and "Traceback" not in told, told
    out = tmp_path / "out"
    assert not list(out.rglob(".tmp-*"))
    frame = sim.read(out)
    assert len(frame) == LONG_RUNS and not frame.duplicated(["cell", "future"]).any()
    here = sim.read(sweep(ask(*WORDS, LONG), tmp_path / "here").folder)
    keys = ["cell", "future"]
    pd.testing.assert_frame_equal(
        frame.sort_values(keys, ignore_index=True),
        here.sort_values(keys, ignore_index=True),
        check_exact=True,
    )
    assert (
        "127.0.0.1" not in (out / "run.json").read_text()
        and json.loads((out / "run.json").read_text())["failed"] == 0
    )


def test_the_documented_command_works(external):
    address, _ = external
    _, _, asked = documented()
    assert asked[:2] == ["python", "experiments/sweep.py"]
    request = ask(*(word.replace("tcp://127.0.0.1:8786", address) for word in asked[2:]))
    assert request.cluster == settings.Dask(address=address) and plan_of(request).cells > 0


def test_the_scheduler_dies(tmp_path, external):
    """The last test that needs it."""
    address, scheduler = external
    process = started(tmp_path, "cluster=dask", f"cluster.address={address}", "cluster.timeout=2", LONG)
    os.killpg(scheduler.pid, signal.SIGKILL)
    _, told = process.communicate(timeout=60)
    assert (
        process.returncode == 1
        and f"scheduler at {address} is gone" in told
        and "the same command goes on" in told
    ), told
    assert "Traceback" not in told, told
    goes_on_here(tmp_path / "out")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["cluster.address=tcp://127.0.0.1:1", "cluster.timeout=1"],
            ["no Dask scheduler answers at tcp://127.0.0.1:1 within 1 s"],
        ),
        (
            ["cluster.scheduler_file=nowhere.json"],
            ["cluster.scheduler_file = 'nowhere.json'", "No such file"],
        ),
        (["cluster.address=127.0.0.1"], ["cluster.address = '127.0.0.1'"]),
        (["cluster.address=tcp://a:1", "cluster.workers=2"], ["give one of the two"]),
        (["cluster.worker=2"], ["cluster.worker", "did you mean 'workers'"]),
        (["cluster.workers=0"], ["cluster.workers = 0"]),
        (["cluster.queue=long"], ["cluster.queue belongs to cluster=slurm"]),
        (["cluster=dusk"], ["did you mean 'dask'"]),
    ],
)
def test_bad_input_ends_with_status_2_and_leaves_nothing(tmp_path, monkeypatch, capsys, words, said):
    from sim.studies.command import launch
    from sim.studies.sweep import before, job
    from sim.sweep import Request

    monkeypatch.chdir(tmp_path)
    assert (
        launch(
            "sweep", Request, before, job, ["cluster=dask", *words] if "cluster=dusk" not in words else words
        )
        == 2
    )
    told = capsys.readouterr().err
    for part in said:
        assert part in told, told
    assert list(tmp_path.iterdir()) == [] and "Traceback" not in told


@pytest.mark.parametrize(("name", "module"), [("dask", "distributed"), ("slurm", "dask_jobqueue")])
def test_without_the_extra_it_says_how_to_install_it(monkeypatch, name, module):
    from sim.sweep.clusters.choice import of

    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(
        sim.BadInput, match=rf"cluster={name} needs .*pip install 'local-health-systems\[cluster\]'"
    ):
        of(ask("futures=1", f"cluster={name}")).check()


def test_nothing_heavy_is_imported_before_it_is_needed():
    code = (
        "import sys; from sim.sweep import ask; from sim.sweep.clusters.choice import of; "
        "of(ask('cluster=dask'));"
    )
    done = subprocess.run(
        [sys.executable, "-c", code + "print('distributed' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


def test_on_a_real_slurm_jobs_are_submitted_and_one_that_is_cancelled_is_replaced(tmp_path, whole):
    if slurm.lacking():
        pytest.skip(f"Slurm is not installed here ({', '.join(slurm.lacking())} missing)")
    pytest.importorskip("dask_jobqueue")
    (tmp_path / "slurm").mkdir()
    with slurm.may_start(), slurm.running(tmp_path / "slurm") as environment:
        words = ["cluster=slurm", "cluster.interface=lo", "cluster.cores=2", "cluster.jobs=1"]
        refused = subprocess.run(
            command(*WORDS, *words, "cluster.queue=nowhere"),
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert refused.returncode == 2 and "invalid partition specified: nowhere" in refused.stderr, (
            refused.stderr
        )
        process = started(tmp_path, *words, **environment)
        (job,) = slurm.told(environment, "squeue", "--noheader", "--format=%A").split()
        slurm.told(environment, "scancel", job)
        _, told = process.communicate(timeout=120)
        assert process.returncode == 0 and "Traceback" not in told, told
        assert slurm.told(environment, "squeue", "--noheader", "--format=%A") == "", "its jobs are gone"
    assert contents(tmp_path / "out") == whole
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "slurm"]
