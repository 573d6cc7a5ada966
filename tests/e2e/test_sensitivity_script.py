"""Sensitivity as a user runs it: both stages, tables and figures, finished folders, interruption, bad
input.
"""

import os
import re
import shlex
import subprocess
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from script import ROOT, run_here, run_script

import sim
from sim.studies.run import Sweeps, carry_out
from sim.studies.sensitivity.keys import OF_KIND, SCREENING
from sim.studies.sensitivity.study import Sensitivity
from sim.sweep import plan_of
from sim.sweep.chunks import Stopped

TINY = [
    "months=24",
    "trajectories=4",
    "samples=8",
    "futures=4",
    "survivors=2",
    "differences=false",
    "outcomes=[integration_mean,balance_mean]",
    "factors=[params.integration_start,params.squeeze,params.waiting_half,params.austerity]",
]
pytestmark = [pytest.mark.e2e, pytest.mark.skipif(os.name != "posix", reason="sweeps need flock")]


run, ask = partial(run_script, "sensitivity"), Sensitivity.ask


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("sensitivity")
    return folder, run(folder, *TINY, "hydra.run.dir=out")


def test_a_plan_is_told_and_both_stages_tables_and_figures_are_there(finished):
    folder, done = finished
    assert done.returncode == 0, done.stderr
    for words in (
        "Plan: 4 factors under 2 regimes",
        "21 points, 168 runs",
        "2 survivors, 8 samples, 264 runs",
        "runs a second",
    ):
        assert words in done.stderr, done.stderr
    out = folder / "out"
    morris, sobol, chance, survivors = (
        pd.read_csv(out / f"{name}.csv") for name in ("morris", "sobol", "chance", "survivors")
    )
    assert (
        len(morris) == 2 * 2 * 4
        and len(sobol) == 2 * 2 * 2
        and len(chance) == 2 * 2 * 2
        and survivors["kept"].sum() == 2
    )
    assert {"regime", "outcome", "factor", "mu_star", "low", "high", "sigma"} <= set(morris.columns)
    assert {"first", "first_low", "first_high", "total", "total_low", "total_high", "total_chance"} <= set(
        sobol.columns
    )
    assert "params.integration_start" in set(survivors[survivors["kept"]]["factor"])
    silent = morris[(morris["factor"] == "params.waiting_half") & (morris["outcome"] == "integration_mean")]
    assert (silent["mu_star"] == 0.0).all() and (silent["moved"] == 0.0).all(), (
        "it only scales an index of waits"
    )
    assert chance["share"].between(0.0, 1.0).all()
    for name in ("morris", "sobol", "total_order"):
        assert {path.suffix for path in out.glob(f"{name}.*")} - {".csv"} == {".png", ".svg", ".pdf"}
    frame = sim.read(out / SCREENING)
    assert len(frame) == 168 and frame.attrs["finished"]
    for path in (path for path in out.rglob("*") if path.is_file()):
        assert (
            str(ROOT).encode() not in path.read_bytes() and str(folder).encode() not in path.read_bytes()
        ), path.name


def test_a_finished_folder_is_said_to_be_finished_and_another_analysis_does_not_mix(finished):
    folder, _ = finished
    again = run_here("sensitivity", folder, *TINY, "hydra.run.dir=out", "threads=1")
    assert again.returncode == 0 and "Finished already" in again.stderr
    refused = run_here("sensitivity", folder, *TINY, "hydra.run.dir=out", "samples=16")
    assert refused.returncode == 2 and "another configuration" in refused.stderr


def test_misspelt_names_end_with_status_2_and_leave_nothing(tmp_path):
    refused = run_here("sensitivity", tmp_path, "outcomes=[integration_men]")
    assert (
        refused.returncode == 2
        and "did you mean 'integration_mean'" in refused.stderr
        and "Traceback" not in refused.stderr
    )
    assert not list(tmp_path.iterdir())


def test_stopped_in_the_middle_it_goes_on_to_the_same_tables(finished, tmp_path):
    def stop(runs: int) -> None:
        raise Stopped

    words = [*TINY, "seed=1"]
    with pytest.raises(Stopped):
        ask(*words).find(Sweeps(ask(*words), tmp_path / "out", words, stop))
    assert not (tmp_path / "out" / SCREENING / "run.json").exists()
    done = Sweeps(ask(*words), tmp_path / "out", words)
    carry_out(done)
    assert done.results[SCREENING].runs == 168 and not done.results[SCREENING].before and done.failed == 0
    again = Sweeps(ask(*words), tmp_path / "out", words)
    ask(*words).find(again)
    assert all(result.before for result in again.results.values()), "what is finished is not run again"
    for name in ("morris", "sobol", "chance", "survivors"):
        assert (tmp_path / "out" / f"{name}.csv").read_bytes() == (
            finished[0] / "out" / f"{name}.csv"
        ).read_bytes()


def test_parameters_of_kinds_that_are_not_there_do_nothing():
    plain, turned = (
        sim.load("regime=option2", "months=36", *words)
        for words in (
            (),
            [
                f"params.{name}={sim.declarations.parameters.PARAMETERS[name].plausible[1]}"
                for name in OF_KIND
            ],
        )
    )
    before, after = (
        sim.simulate(scenario, futures=4, seed=1, record="summary") for scenario in (plain, turned)
    )
    assert all(
        np.array_equal(before[name].values, after[name].values, equal_nan=True) for name in before.data_vars
    )


def _blocks(language: str) -> list[str]:
    text = (ROOT / "docs" / "sensitivity.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_every_command_of_the_guide_is_understood():
    lines = [
        line
        for block in _blocks("")
        for line in block.splitlines()
        if line.startswith("python experiments/sensitivity.py")
    ]
    assert len(lines) == 2
    for line in lines:
        assert plan_of(ask(*shlex.split(line)[2:]).screening()).cells > 0, line


def test_the_python_of_the_guide_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (block,) = _blocks("python")
    exec(block, {})
    assert "total_high" in capsys.readouterr().out
