"""The table of what each dial changes: every dial is turned, what cannot matter changes nothing, and the page
says how it was made.
"""

import numpy as np
import pytest
from toy import toy_system

from sim import dials
from sim.declarations.regimes import Regime
from sim.inputs import library
from sim.scenario.scenario import make_scenario


def toy(**changes):
    law = {**library.read("regime", "joint_committee"), **changes}
    return make_scenario(
        system_name="toy", system=toy_system(1, 2), regime="law", regimes={"law": law}, months=30
    )


@pytest.mark.limiting
@pytest.mark.parametrize("name", library.names("regime"))
def test_every_dial_is_turned_and_every_turn_is_valid(name):
    regime = Regime.model_validate(library.read("regime", name))
    found = dials.turns(regime)
    assert {turn.dial for turn in found} == set(Regime.model_fields) - {"label", "sources"}
    assert all(turn.value != turn.before for turn in found)
    for turn in found:
        if turn.dial == "voters":
            assert len(set(turn.value) ^ set(turn.before)) == 1
        Regime.model_validate({**regime.model_dump(), turn.dial: turn.value})


def test_the_table_and_its_page(monkeypatch):
    """What cannot matter changes no future; what must does. A few turns only: each takes a run of its own."""
    scenario = toy(decision_rule="majority")
    few = [
        turn
        for turn in dials.turns(scenario.regimes["law"])
        if turn.dial in ("threshold", "exit_notice", "ratification", "block")
    ]
    monkeypatch.setattr(dials, "turns", lambda regime: few)
    table = dials.dial_effects(
        scenario, futures=6, seed=3, outcomes=("agreed_share", "trust_mean"), threads=1
    )
    assert list(table.columns) == dials.COLUMNS
    changed = table.groupby(["dial", "value"])["changed"].first()
    assert (changed[[("threshold", "1"), ("exit_notice", "12")]] == [0.0, 0.0]).all(), (
        "a majority has no threshold; nobody leaves so soon"
    )
    assert changed[("ratification", "all")] > 0.0 and changed[("block", "1")] == 1.0
    assert np.isfinite(table["difference"][table["dial"] == "block"]).all()
    page = dials.page([table], "Toy", "python -m sim.dials")
    assert "6 futures, seed 3" in page and "## From `law`" in page and "`block`" in page
    assert "`threshold` 1" in page.split("Nothing changes:")[1]
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert len({line.count("|") for line in rows}) == 1


def test_the_program_writes_one_page(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(dials, "load", lambda *words: toy(label=words[1]))
    monkeypatch.setattr(dials, "turns", lambda regime: [dials.Turn("block", regime.block, 1.0)])
    assert dials.main(["--futures", "3", "--to", str(tmp_path / "dials.md")]) == 0
    text = (tmp_path / "dials.md").read_text(encoding="utf-8")
    assert "`python -m sim.dials --futures 3`" in text and str(tmp_path) not in text
    assert "dials.md written" in capsys.readouterr().out
