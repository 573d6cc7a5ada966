"""Calibration as a user runs it: waves, tables, figures, a finished folder, interruption, bad input; known
parameters found again.
"""

import os
import subprocess
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from script import ROOT, run_script

import sim
from sim.inputs.problems import BadInput
from sim.studies.calibration.counterparts import COUNTERPARTS
from sim.studies.calibration.keys import stage
from sim.studies.calibration.matching import allowed, measure
from sim.studies.calibration.study import Calibration
from sim.studies.calibration.waves import lived_in, match
from sim.studies.run import Sweeps, carry_out
from sim.sweep.chunks import Stopped
from sim.sweep.run import sweep

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(os.name != "posix", reason="sweeps need flock")]
run, ask = partial(run_script, "calibrate"), Calibration.ask

SMALL = ["systems=[qgh,qj2,qhm]", "months=37", "points=50", "waves=2"]
VARIED = [
    "params.start_margin",
    "params.start_margin_spread",
    "params.commissioner_merger_rate",
    "params.merger_autonomy",
    "params.spill",
]
TRUTH = {
    "params.start_margin": 0.01,
    "params.start_margin_spread": 0.02,
    "params.commissioner_merger_rate": 0.6,
    "params.merger_autonomy": 0.5,
    "params.spill": 0.2,
}
SEEN = ("trusts_in_deficit", "totals_too_hard_2016", "ccgs_left_2019")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Targets that the model itself makes at known parameters, from histories of another seed; no
    discrepancy.
    """
    folder = tmp_path_factory.mktemp("truth")
    path = folder / "made.yaml"
    plain = {
        name: {
            "label": name,
            "unit": "share",
            "value": 0.5,
            "observed_sd": 0.05,
            "discrepancy_sd": 0.0,
            "counterpart": name,
            "source": "made here",
        }
        for name in SEEN
    }
    path.write_text(yaml.safe_dump(plain), encoding="utf-8")
    asked = ask(*SMALL, f"factors=[{','.join(VARIED)}]", f"targets_file={path}", "seed=77", "futures=30")
    request = asked.wave(asked.in_unit(pd.DataFrame([TRUTH])))
    sweep(request, folder / "sweep")
    found = measure(asked.targets, lived_in(folder / "sweep", request))
    for target, value in zip(asked.targets, found.mean[0], strict=True):
        plain[target.name]["value"] = float(value)
    path.write_text(yaml.safe_dump(plain), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def words(made: Path) -> list[str]:
    return [*SMALL, f"factors=[{','.join(VARIED)}]", f"targets_file={made}"]


@pytest.fixture(scope="module")
def finished(
    words: list[str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("calibrate")
    return folder, run(folder, *words, "hydra.run.dir=out")


def test_a_plan_is_told_and_waves_tables_and_figures_are_there(finished, made):
    folder, done = finished
    assert done.returncode == 0, done.stderr
    for said in (
        "Plan: 3 targets, 5 parameters, 3 systems",
        "2 waves of 50 points, 2 histories of each",
        "wave-1: 51 points, 306 runs",
        "later waves, 300 runs",
    ):
        assert said in done.stderr, done.stderr
    out = folder / "out"
    tables = {
        name: pd.read_csv(out / f"{name}.csv")
        for name in ("waves", "targets", "parameters", "profiles", "emulators", "set")
    }
    assert [len(tables[name]) for name in ("waves", "targets", "parameters", "profiles", "emulators")] == [
        2,
        3,
        5,
        50,
        6,
    ]
    assert (
        list(tables["set"].columns) == VARIED and tables["waves"]["members"].sum() == len(tables["set"]) > 0
    )
    assert (tables["profiles"].groupby("parameter")["members"].sum() == len(tables["set"])).all()
    assert (
        tables["targets"]["place"].between(0.0, 1.0).all()
        and (tables["targets"]["source"] == "made here").all()
    )
    for name in ("targets", "parameters", "profiles"):
        assert {path.suffix for path in out.glob(f"{name}.*")} - {".csv"} == {".png", ".svg", ".pdf"}
    assert len(sim.read(out / stage(2))) == 300
    for path in (path for path in out.rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert (
            str(ROOT).encode() not in content
            and str(folder).encode() not in content
            and str(made).encode() not in content
        ), path.name


def test_every_member_of_the_set_was_simulated_as_it_stands_in_the_table(finished):
    out = finished[0] / "out"
    cells = pd.concat([sim.read(out / stage(number), table="cells") for number in (1, 2)])
    known = {tuple(row) for row in cells[VARIED].to_numpy()}
    assert all(tuple(row) in known for row in pd.read_csv(out / "set.csv").to_numpy())


def test_parameters_the_model_was_given_are_found_again(words, tmp_path):
    asked = ask(*words)
    matched = match(asked, Sweeps(asked, tmp_path / "out"))
    truth = asked.in_unit(pd.DataFrame([TRUTH]))
    assert allowed([wave.judged for wave in matched.waves], truth, asked.cutoff).all(), (
        "the truth is not ruled out"
    )
    members = np.concatenate(
        [
            wave.params[wave.allowed(asked.cutoff)]["params.start_margin"].to_numpy(float)
            for wave in matched.waves
        ]
    )
    assert members.min() <= TRUTH["params.start_margin"] <= members.max()
    everywhere = matched.waves[0].params["params.start_margin"].to_numpy(float)
    far = np.abs(everywhere - TRUTH["params.start_margin"]).mean()
    assert np.abs(members - TRUTH["params.start_margin"]).mean() < 0.75 * far, (
        "the set is nearer to the truth than the whole range is"
    )
    assert matched.waves[1].space < 0.7


def test_a_finished_folder_is_said_to_be_finished_and_another_calibration_does_not_mix(finished, words):
    folder, _ = finished
    again = run(folder, *words, "hydra.run.dir=out", "threads=1")
    assert again.returncode == 0 and "Finished already" in again.stderr
    refused = run(folder, *words, "hydra.run.dir=out", "cutoff=2.5")
    assert refused.returncode == 2 and "another configuration" in refused.stderr


def test_stopped_in_the_second_wave_it_goes_on_to_the_same_tables(finished, words, tmp_path):
    lived: list[int] = []

    def stop(runs: int) -> None:
        lived.append(runs)
        if sum(lived) > 400:
            raise Stopped

    with pytest.raises(Stopped):
        ask(*words).find(Sweeps(ask(*words), tmp_path / "out", words, stop))
    assert (tmp_path / "out" / stage(1) / "run.json").exists() and not (
        tmp_path / "out" / stage(2) / "run.json"
    ).exists()
    again = Sweeps(ask(*words), tmp_path / "out", words)
    carry_out(again)
    assert again.results[stage(1)].before and not again.results[stage(2)].before and again.failed == 0
    for name in ("waves", "targets", "parameters", "profiles", "emulators", "set"):
        assert (tmp_path / "out" / f"{name}.csv").read_bytes() == (
            finished[0] / "out" / f"{name}.csv"
        ).read_bytes(), name


def test_bad_input_ends_with_status_2_and_leaves_nothing(tmp_path):
    refused = run(
        tmp_path, "targets.deficit_share.source=''", "targets.trust_mergers.counterpart=trust_merged"
    )
    assert refused.returncode == 2 and "Traceback" not in refused.stderr, refused.stderr
    assert (
        "targets.deficit_share.source" in refused.stderr and "did you mean 'trusts_merged'?" in refused.stderr
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("targets.deficit_share.observed_sd=-0.1", "targets.deficit_share.observed_sd"),
        ("targets_file=none.yaml", "targets_file = 'none.yaml': No such file or directory"),
        ("fixed=[squeez]", "did you mean 'squeeze'?"),
        ("systems=[dorsett]", "did you mean 'dorset'?"),
        ("months=36", "at least 72"),
        ("factors=[dials.exit]", "only numbers"),
        ("point=3", "did you mean 'points'?"),
        (
            "params=posterior",
            "parameter_sets = 'posterior': calibration takes no table of sets, it makes one",
        ),
    ],
)
def test_each_key_at_fault_is_named(given, said):
    with pytest.raises(BadInput) as refused:
        ask(given)
    assert said in str(refused.value)


def test_counterparts_say_what_they_are():
    assert all(
        known.words and known.unit and (known.needs or known.outcomes) for known in COUNTERPARTS.values()
    )
