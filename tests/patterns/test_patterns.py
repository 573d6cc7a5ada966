"""The stylised facts, over a small sample of parameter sets: what docs/patterns.md says of them still holds,
and so do their ablations.
"""

import re
import shlex
from typing import Any

import numpy as np
import pandas as pd
import pytest
from script import run_script

from sim.studies.patterns import page
from sim.studies.patterns.catalogue import PATTERNS
from sim.studies.patterns.judgement import COMES_OUT, NOT, OPPOSITE, VANISHES
from sim.studies.patterns.page import DOCUMENT, claims
from sim.studies.patterns.study import Patterns
from sim.studies.run import Sweeps

pytestmark = [pytest.mark.patterns, pytest.mark.slow]
SETS, FUTURES = 12, 4
NAMES = [pattern.name for pattern in PATTERNS]


def recorded() -> tuple[list[str], dict[str, dict[str, str]]]:
    """The words of the command behind the page, and its table: {pattern: {column: text}}."""
    text = DOCUMENT.read_text(encoding="utf-8")
    command = re.search(r"`(python experiments/patterns\.py[^`]*)` found", text)
    assert command, "the page says how it was made"
    header, _, *rows = [line for line in text.splitlines() if line.startswith("| ")]
    names = [cell.strip() for cell in header.strip("|").split("|")]
    table = [
        dict(zip(names, (cell.strip() for cell in row.strip("|").split("|")), strict=True)) for row in rows
    ]
    return shlex.split(command[1])[2:], {row["pattern"].strip("`"): row for row in table}


def test_the_page_records_every_pattern_and_its_evidence():
    _, table = recorded()
    assert list(table) == NAMES
    said = claims()
    for pattern in PATTERNS:
        assert table[pattern.name]["tag"] == pattern.tag and set(pattern.claims) <= set(said)
    text = DOCUMENT.read_text(encoding="utf-8")
    for name, row in table.items():
        assert (row["verdict"] in (NOT, OPPOSITE)) == (f"(`{name}`)" in text), (
            "what does not come out stays on the page as such"
        )


def test_what_the_page_says_holds_in_a_few_sets(tmp_path):
    """One test, so that the sample is lived once: verdicts, ablations, and what holds exactly."""
    command, table = recorded()
    same = [
        word
        for word in command
        if not word.startswith(("sets=", "futures=", "patterns=", "threads=", "hydra."))
    ]
    words = [*same, f"sets={SETS}", f"futures={FUTURES}"]
    asked = Patterns.ask(*words)
    findings = asked.find(Sweeps(asked, tmp_path, words)).tables
    problems = []
    for name, row in table.items():
        whole, *others = findings["patterns"][findings["patterns"]["pattern"] == name].to_dict("records")
        problems += [
            f"{name}: {wrong}"
            for wrong in [*against(row["verdict"], whole), *unlike(row["without the rule"], whole, others)]
        ]
    effects = findings["effects"][findings["effects"]["without"] != ""]
    for name in ("ratification_slows", "support_ahead_widens_gaps"):  # a rule alone makes the difference
        if (effects.loc[effects["pattern"] == name, "effect"].dropna() != 0.0).any():
            problems.append(f"{name}: without the rule both sides should be the same to the last bit")
    assert not problems, "\n".join(problems)


def against(verdict: str, whole: dict[str, Any]) -> list[str]:
    """What in a small sample speaks against a recorded verdict."""
    if whole["sets"] < 3 or not np.isfinite(whole["effect"]):
        return ["nothing to see"]
    wrong = (
        whole["probability"] <= 0.5
        if verdict == COMES_OUT
        else verdict in (NOT, OPPOSITE) and whole["probability"] >= 0.5
    )
    return (
        [f"recorded: {verdict}; here in {whole['probability']:.2f} of {whole['sets']} sets"] if wrong else []
    )


def unlike(recorded_words: str, whole: dict[str, Any], others: list[dict[str, Any]]) -> list[str]:
    """Ablations that change nothing, or do not do away with what they are recorded to."""
    found_wrong = []
    for word, other in zip(recorded_words.split(", "), others, strict=True):
        if other["effect"] == whole["effect"]:
            found_wrong.append(f"taking away {other['without']} changes nothing at all")
        if word == VANISHES and other["effect"] >= 0.5 * whole["effect"]:
            found_wrong.append(
                f"should vanish without {other['without']}: {whole['effect']:.3g}, then {other['effect']:.3g}"
            )
    return found_wrong


@pytest.mark.e2e
def test_the_script_runs_is_finished_and_gives_a_page(tmp_path):
    words = [
        "patterns=[support_ahead_widens_gaps]",
        "params=null",
        "sets=2",
        "futures=2",
        "systems=[dorset]",
        "hydra.run.dir=out",
    ]
    told = run_script("patterns", tmp_path, *words, "plan_only=true")
    assert told.returncode == 0 and "Plan: 1 patterns, 18 settings in 1 sweeps" in told.stderr, told.stderr
    done = run_script("patterns", tmp_path, *words)
    assert done.returncode == 0 and "72 runs" in done.stderr, done.stderr
    out = tmp_path / "out"
    assert len(pd.read_csv(out / "patterns.csv")) == 2 and len(pd.read_csv(out / "effects.csv")) == 4
    assert {path.suffix for path in out.glob("patterns.*")} == {".csv", ".png", ".svg", ".pdf"}
    again = run_script("patterns", tmp_path, *words, "threads=1")
    assert again.returncode == 0 and "Finished already" in again.stderr
    assert page.main([str(out), "--to", str(tmp_path / "page.md")]) == 0
    text = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert (
        "2 parameter sets (a Latin hypercube" in text and "| `support_ahead_widens_gaps` | emergent |" in text
    )
    assert str(tmp_path) not in text
    assert (tmp_path / "generated" / "patterns.svg").read_bytes() == (out / "patterns.svg").read_bytes()
    assert (
        page.main([str(tmp_path), "--to", str(tmp_path / "none.md")]) == 2
        and not (tmp_path / "none.md").exists()
    )
