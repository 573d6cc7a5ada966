"""Experiments over parameter sets as a user runs them, tiny: every script, its tables and figures, and the
paper made of them.
"""

import os
import re
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from script import ROOT, run_here, run_script

import sim
from sim.analysis.uncertain import Cube
from sim.inputs.problems import BadInput
from sim.studies import paper
from sim.studies.calibration.study import Calibration
from sim.studies.command import what_is_run
from sim.studies.duty import Duty
from sim.studies.england import described
from sim.studies.experiment import Experiment
from sim.studies.fund import Fund
from sim.studies.governance import Governance
from sim.studies.mergers import Mergers
from sim.studies.patterns.study import Patterns
from sim.studies.pressure import Pressure
from sim.studies.run import Sweeps, carry_out, held
from sim.studies.sets import sets_from
from sim.studies.size import Size
from sim.studies.stored import StoredCube
from sim.studies.study import FIVE, Study
from sim.studies.timing import Timing
from sim.studies.walk_away.study import WalkAway
from sim.sweep.chunks import Stopped
from sim.verify import main as verify

TINY = ("system=dorset", "months=14", "sets=2", "futures=2")
MODELS: dict[str, type[Experiment]] = {
    model.experiment: model for model in (Mergers, Duty, Fund, Timing, Pressure, Size, Governance, WalkAway)
}
TWO = "outcomes=[integration_mean,trust_mean]"
EXTRA = {
    "mergers": (TWO,),
    "duty": (TWO,),
    "fund": (TWO,),
    "timing": ("months_of_law=[6]", "outcomes=[integration_mean,delivered_last]", "series=[trust]"),
    "pressure": ("squeezes=[0.0,0.05]", "trusts=[0.2,0.6]", "reciprocities=[0.2,0.8]", "regimes=[stp_2016]"),
    "size": ("partners=[6,10]", "coterminosities=[0.2,0.8]", "outcomes=[trust_mean]"),
    "governance": ("enforceabilities=[0.0,1.0]", "impositions=[0.0,2.0]", "outcomes=[integration_mean]"),
    "walk_away": (
        "month=4",
        "back_after=3",
        "consequences=true",
        "shapley=2",
        "map=true",
        "map_months=[3]",
        "map_trust=[0.3,0.6]",
        "partner=dorset_county_council",
        "regimes=[joint_committee]",
        TWO,
    ),
}
pytestmark = [pytest.mark.e2e, pytest.mark.skipif(os.name != "posix", reason="sweeps need flock")]


def small(name: str, *words: str) -> Experiment:
    own = tuple(word for word in TINY if not (name == "size" and word.startswith("system=")))
    return MODELS[name].ask(*own, *EXTRA.get(name, ()), *words)


@pytest.mark.parametrize("name", list(MODELS))
def test_tables_are_whole_and_figures_can_be_drawn(name: str, tmp_path: Path) -> None:
    asked = small(name)
    findings = asked.find(Sweeps(asked, tmp_path))
    assert findings.tables and findings.figures
    for key, table in findings.tables.items():
        assert len(table), key
    for label, figure in findings.figures.items():
        drawn = figure()
        assert drawn.get_figwidth() == pytest.approx(6.9) and drawn.get_figheight() < 9.7, (
            f"{label} fits a page"
        )


def test_read_one_outcome_at_a_time_the_runs_say_the_same(tmp_path: Path) -> None:
    """Every array of the factorial, a run that failed included; and no more than one outcome is in memory."""
    asked = small("governance", "outcomes=[integration_mean,trust_mean]")
    stored = Sweeps(asked, tmp_path)("factorial", asked.sweeps["factorial"])
    folder = tmp_path / "factorial"
    first = sorted((folder / "runs").glob("*.parquet"))[0]
    pq.write_table(pq.read_table(first).slice(1), first)  # as if the first run had failed
    whole = Cube(sim.read(folder), ["system", "variant"])
    assert isinstance(stored, StoredCube)
    assert stored.levels("variant") == whole.levels("variant") and stored.points == whole.points
    for outcome in ("integration_mean", "trust_mean"):
        for where in ({}, *({"variant": name} for name in whole.levels("variant"))):
            assert np.array_equal(
                stored.values(outcome, **where), whole.values(outcome, **where), equal_nan=True
            )
        assert stored.held is not None and stored.held[0] == outcome
    assert np.isnan(stored.values("trust_mean")).sum() == 1
    with pytest.raises(KeyError, match="no runs where"):
        stored.values("trust_mean", variant="nothing")


def test_in_a_nation_the_fund_tells_the_gaps_between_systems(tmp_path: Path) -> None:
    """Measures of three systems by hand: the mean over residents, and the highest less the lowest."""
    words = ("systems=[dorset,qe1,staffordshire_stoke]", "nation=true", TWO)
    asked = Fund.ask(*(word for word in TINY if not word.startswith("system=")), *words)
    findings = asked.find(Sweeps(asked, tmp_path))
    table = findings.tables["between_systems"]
    assert set(table["measure"]) == {
        "all residents",
        "highest fifth less lowest",
        "most deprived above least",
    }
    cells = (
        sim.read(tmp_path / "runs")
        .set_index(["regime", "variant", "system", "point", "future"])
        .sort_index()["integration_mean"]
    )
    change = (
        cells["option2", "raided_ahead"].unstack("system"),
        cells["option2", "fenced_per_head"].unstack("system"),
    )
    people = described(asked.sweeps["runs"])["people"].loc[list(change[0].columns)].to_numpy()
    found = table[
        (table["regime"] == "option2")
        & (table["variant"] == "raided_ahead")
        & (table["outcome"] == "integration_mean")
    ]
    mean = found.set_index("measure")["mean"]
    assert mean["all residents"] == pytest.approx(
        float(((change[0] - change[1]) @ people / people.sum()).mean()), abs=1e-12
    )
    apart = [frame.max(axis=1) - frame.min(axis=1) for frame in change]
    assert mean["highest fifth less lowest"] == pytest.approx(float((apart[0] - apart[1]).mean()), abs=1e-12)
    for name in ("between_systems_joint_committee", "between_systems_option2"):
        assert findings.figures[name]().get_figheight() < 9.7


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A paper of one part, made once by its script; and what was said."""
    where = tmp_path_factory.mktemp("paper")
    words = [f'"{word}"' for word in (*TINY, TWO)]
    done = run_script("paper", where, "only=[duty]", f"extra=[{','.join(words)}]")
    assert done.returncode == 0, done.stderr
    assert (
        "2 parameter sets (posterior), 2 futures each" in done.stderr
        and "1 system x 2 regimes x 6 variants, 48 runs" in done.stderr
    )
    assert "48 runs" in done.stderr and "worth caring about" in done.stdout
    assert "keeps none to compare them with" in done.stderr
    return where, f"extra=[{','.join(words)}]"


@pytest.fixture(scope="module")
def finished(made: tuple[Path, str]) -> Path:
    (folder,) = (made[0] / "results" / "figures").iterdir()
    return folder


def test_a_script_leaves_tables_figures_and_provenance(finished: Path) -> None:
    out = finished
    names = {path.name for path in out.iterdir()}
    assert {
        "differences.csv",
        "levels.csv",
        "sets.csv",
        "run.json",
        "checksums.sha256",
        "ro-crate-metadata.json",
        "config.yaml",
    } <= names
    assert {"differences.png", "differences.pdf", "differences.svg"} <= names
    table = pd.read_csv(out / "differences.csv")
    assert len(table) == 2 * 5 * 2 and {
        "mean",
        "low",
        "high",
        "probability",
        "luck",
        "worth",
        "sets",
        "futures",
    } <= set(table.columns)
    assert verify([str(out), "--runs", "3"]) == 0
    for path in (path for path in out.rglob("*") if path.is_file()):
        assert (
            str(ROOT).encode() not in path.read_bytes()
            and str(finished.parent).encode() not in path.read_bytes()
        ), path.name


def test_differences_are_those_of_single_runs(finished: Path) -> None:
    """One set and variant by hand: the sweep's pairing is that of `simulate` under the set's parameters."""
    asked = Duty.ask(*TINY, TWO)
    params = {name.removeprefix("params."): float(value) for name, value in asked.table.iloc[1].items()}
    scenario = asked.scenario("joint_committee").changed(params=params)
    dials = {"duty": "triple_aim_wellbeing", "council_role": "equal"}
    turned = scenario.regimes["joint_committee"].model_copy(update=dials)
    values = [
        sim.simulate(s, 2, 1, record="summary")["trust_mean"].values
        for s in (
            scenario.changed(
                regimes={
                    "joint_committee": scenario.regimes["joint_committee"].model_copy(
                        update={"duty": "none", "council_role": "consulted"}
                    )
                }
            ),
            scenario.changed(regimes={"joint_committee": turned}),
        )
    ]
    runs = sim.read(finished / "runs", where={"point": 1, "regime": "joint_committee"})
    for variant, expected in zip(("none_consulted", "wellbeing_equal"), values, strict=True):
        assert np.array_equal(runs[runs["variant"] == variant]["trust_mean"], expected)


def test_a_finished_one_is_known_and_another_does_not_mix(finished: Path) -> None:
    words = (*TINY, TWO)
    known = held(finished, Duty.ask(*words, "threads=1"))
    assert known is not None and known["runs"] == 48
    with pytest.raises(BadInput, match="another configuration"):
        held(finished, Duty.ask(*words, "sets_seed=2"))


def test_stopped_in_the_middle_it_goes_on_to_the_same_bytes(finished: Path, tmp_path: Path) -> None:
    def stop(runs: int) -> None:
        raise Stopped

    asked = Duty.ask(*TINY, TWO)
    with pytest.raises(Stopped):
        carry_out(Sweeps(asked, tmp_path / "out", [], stop))
    carry_out(Sweeps(asked, tmp_path / "out"))
    for name in (
        "differences.csv",
        "differences.png",
        "differences.pdf",
        "differences.svg",
        "sets.csv",
        "checksums.sha256",
    ):
        assert (tmp_path / "out" / name).read_bytes() == (finished / name).read_bytes(), name


@pytest.mark.parametrize(
    ("name", "word", "said"),
    [
        ("duty", "outcomes=[integration_men]", "did you mean 'integration_mean'"),
        ("duty", "parameter_sets=plausibel", "did you mean 'plausible'"),
        ("duty", "parameter_sets=nowhere.csv", "No such file"),
        ("duty", "variants.none_equal.dials.dutty=none", "dutty"),
        ("governance", "most_cells=8", "take at least 16 cells"),
        ("governance", "regimes=[option1,option2]", "name one"),
        ("walk_away", "partner=dorset_council", "did you mean 'dorset_county_council'"),
        ("walk_away", "map=true", "map=true needs one"),
        ("walk_away", "systems=[dorset,qhm]", "of one system"),
        ("timing", "months_of_law=[130]", "after the horizon"),
        ("timing", "law=option3", "did you mean"),
        ("size", "partners=[6,60]", "from 6 to 42"),
        ("pressure", "outcomes=[trust_mean]", "must hold engagement_final_year"),
    ],
)
def test_bad_input_names_the_key_and_what_is_allowed(name: str, word: str, said: str) -> None:
    words = [word] if name == "size" else ["system=dorset", word]
    with pytest.raises(BadInput, match=re.escape(said)):
        asked = MODELS[name].ask(*words)
        sim.sweep.plan_of(next(iter(asked.sweeps.values())))


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "experiments").glob("*.py")))
def test_a_table_of_sets_is_taken_everywhere_or_refused_with_what_to_do_instead(
    name: str, tmp_path: Path
) -> None:
    """`params=posterior` in every script there is: a plan, or words that name another way."""
    words = ["sets=2"] if name in MODELS else []
    words += ["patterns=[no_saving_at_first]", "sets=2"] if name == "patterns" else []
    words += ["plan_only=true"] if name not in ("regimes", "paper") else []
    done = run_here(name, tmp_path, "params=posterior", *words)
    refused = {
        "regimes": "one set of parameters",
        "calibrate": "it makes one: factors=...",
        "paper": "'extra=[\"parameter_sets=posterior\"]'",
    }
    if name in refused:
        assert done.returncode == 2 and refused[name] in done.stderr and "Traceback" not in done.stderr
    else:
        assert done.returncode == 0 and "Plan: " in done.stderr, done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("model", "word", "said"),
    [
        (Duty, "set_count=3", "set_count: unknown key; did you mean 'sets'?"),
        (Duty, "set_seed=3", "set_seed: unknown key; did you mean 'sets_seed'?"),
        (Patterns, "design_seed=3", "design_seed: unknown key; did you mean 'sets_seed'?"),
    ],
)
def test_a_key_of_before_is_unknown_and_the_new_one_is_named(
    model: type[Study], word: str, said: str
) -> None:
    with pytest.raises(BadInput, match=re.escape(said)):
        model.ask(word)


def test_the_parts_of_the_paper_can_be_run() -> None:
    for name, run in paper.ask([]).parts.items():
        if run.experiment in MODELS:
            assert MODELS[run.experiment].ask(*run.words, "sets=1").sweeps, name


def test_one_system_or_five() -> None:
    assert Duty.ask().sweeps["runs"].axis("system") == FIVE
    assert Duty.ask("system=dorset").sweeps["runs"].axis("system") == ("dorset",)


def test_parameter_sets_come_from_a_table_of_ones_own(tmp_path: Path) -> None:
    table = sets_from("plausible", 5, 3)
    assert len(table) == 5 and "params.squeeze" in table and table.equals(sets_from("plausible", 5, 3))
    assert "params.squeeze" not in sets_from("plausible", 5, 3, held=["squeeze"])
    table.assign(distance=1.0).to_parquet(tmp_path / "posterior.parquet")
    table.to_csv(tmp_path / "posterior.csv", index=False)
    for name in ("posterior.csv", "posterior.parquet"):
        read = sets_from(str(tmp_path / name), 3, 1, held=["squeeze"])
        assert len(read) == 3 and "distance" not in read and "params.squeeze" not in read
        assert set(read["params.reciprocity"]) < set(table["params.reciprocity"]), "to the last bit"
    asked = Duty.ask("system=dorset", f"params={tmp_path / 'posterior.csv'}")
    assert len(asked.table) == 5 and asked.params == {} and str(tmp_path) not in str(asked.identity()), (
        "no path of this machine"
    )
    assert what_is_run([f"params={tmp_path}/a.csv", "futures=2", "params.x=1"]) == [
        "params=a.csv",
        "futures=2",
        "params.x=1",
    ]
    assert Calibration.ask("systems=england").called == "england"
    assert asked.called == "dorset" and Duty.ask().called == "five_systems"
    pd.DataFrame({"params.squeeze": [9.0]}).to_csv(tmp_path / "wild.csv", index=False)
    with pytest.raises(BadInput, match=r"params.squeeze"):
        sets_from(str(tmp_path / "wild.csv"), 3, 1)


def test_the_paper_is_compared_and_kept(
    made: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(made[0])
    words = ["only=[duty]", made[1]]
    assert paper.main([*words, "update=true", "paper=kept"]) == 0
    kept = {path.relative_to("kept").as_posix() for path in Path("kept").rglob("*") if path.is_file()}
    files = ("differences.csv", "levels.csv", "differences.pdf")
    assert kept == {"checksums.sha256", *(f"duty/{name}" for name in files)}
    capsys.readouterr()
    assert paper.main([*words, "paper=kept"]) == 0
    assert "all the same bytes" in capsys.readouterr().err
    sums = Path("kept/checksums.sha256")
    sums.write_text(sums.read_text().replace("differences.svg", "other.svg"))
    Path("kept/duty/differences.pdf").write_bytes(b"")
    assert paper.main([*words, "paper=kept"]) == 1
    said = capsys.readouterr().err
    assert "duty/differences.svg: is new" in said and "duty/other.svg: is kept, and was not made" in said
    assert "differences.pdf: is not what its checksum says" in said
    assert paper.main(["only=[merger]"]) == 2 and "did you mean 'mergers'" in capsys.readouterr().err


def test_every_command_of_the_guide_is_understood() -> None:
    text = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
    lines = [
        line
        for block in re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ]
    found = [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("python experiments/")]
    assert len(found) >= len(MODELS)
    for script, *words in found:
        name = Path(script).stem
        if name == "paper":
            paper.ask(words)
        else:
            assert MODELS[name].ask(*words, "sets=2").sweeps, words


def test_the_python_of_the_guide_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(block, {})
    assert "integration_mean" in capsys.readouterr().out
    assert (tmp_path / "results" / "duty" / "mine" / "run.json").is_file()
