"""Plans: which cells there are, how they are cut into chunks, and what makes two sweeps the same."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.compare import compare
from sim.declarations.regimes import Regime
from sim.engine import simulation
from sim.inputs.problems import BadInput
from sim.sweep import ask, plan_of, read, scenario_in, sweep
from sim.sweep.plan import FEWEST, MOST, Layout, changed
from sim.sweep.precision import Tally

SMALL = ("months=12", "futures=4")


def test_cells_are_points_crossed_with_systems_regimes_and_events():
    plan = plan_of(
        ask(
            *SMALL,
            "design.factors={params.squeeze: [0.01,0.02]}",
            "systems=[dorset,bedfordshire_luton_milton_keynes]",
            "regimes=[option2,stp_2016]",
        )
    )
    assert plan.cells == 2 * 2 * 2
    assert [plan.where(cell)[:2] for cell in range(3)] == [
        ("dorset", "option2"),
        ("dorset", "stp_2016"),
        ("bedfordshire_luton_milton_keynes", "option2"),
    ]
    assert [plan.point_of(cell) for cell in range(8)] == [0] * 4 + [1] * 4
    assert plan.scenario(7).params == {"squeeze": 0.02} and plan.scenario(7).regime == "stp_2016"


def test_events_cross_too():
    plan = plan_of(
        ask(
            "months=40",
            "futures=4",
            "system=bedfordshire_luton_milton_keynes",
            "events=[none,luton_leaves_2018]",
        )
    )
    assert plan.cells == 2 * 2
    assert [len(plan.scenario(cell).events) for cell in range(4)] == [0, 1, 0, 1]
    assert plan.row(1)["event"] == "luton_leaves_2018"


def test_systems_of_one_nation_lie_side_by_side_and_stay_in_one_chunk():
    """So that what is lived together is one piece of work, whatever the number of points and futures."""
    three = "systems=[dorset,qe1,staffordshire_stoke]"
    plan = plan_of(
        ask("months=12", "futures=300", three, "nation=true", "design.factors={params.squeeze: [0.01,0.02]}")
    )
    assert plan.cells == 2 * 2 * 3 and plan.request.together == 3
    assert [plan.where(cell)[:2] for cell in range(4)] == [
        ("dorset", "joint_committee"),
        ("qe1", "joint_committee"),
        ("staffordshire_stoke", "joint_committee"),
        ("dorset", "option2"),
    ]
    for layout in (
        plan.layout(0, 300),
        plan.layout(0, 1),
        Layout(12, 0, 300, 250, 3),
        Layout(12, 0, 3, 20, 3),
    ):
        assert all(chunk.first_cell % 3 == 0 and chunk.stop_cell % 3 == 0 for chunk in layout)
        runs = {
            (cell, future)
            for chunk in layout
            for cell in range(chunk.first_cell, chunk.stop_cell)
            for future in range(chunk.first_future, chunk.stop_future)
        }
        assert len(runs) == layout.runs == sum(chunk.runs for chunk in layout) and len(list(layout)) == len(
            layout
        )


def test_england_is_42_systems_under_one_national_body_unless_told_otherwise():
    assert (lambda one: (len(one.axis("system")), one.nation))(ask(*SMALL, "systems=england")) == (42, True)
    assert not ask(*SMALL, "systems=england", "nation=false").nation and not ask(*SMALL).nation
    with pytest.raises(BadInput, match="nation = True: needs several systems"):
        ask(*SMALL, "nation=true")
    with pytest.raises(BadInput, match="names systems cannot be lived by all of them together"):
        ask(*SMALL, "nation=true", points=pd.DataFrame({"system": ["dorset", "qe1"]}))


def test_events_given_in_full_hold_for_every_cell():
    plan = plan_of(ask(*SMALL, "events=[{month: 3, partner: rotherham_council, do: leave}]"))
    assert plan.cells == 2 and len(plan.scenario(1).events) == 1 and not plan.names_event


def test_cell_0_is_the_baseline_and_rows_tell_what_is_configured():
    plan = plan_of(
        ask(
            *SMALL,
            "design=lhs",
            "design.n=3",
            "design.factors=[params.squeeze,dials.block,dials.exit]",
            "params.squeeze=0.015",
            "params.spill=0.2",
        )
    )
    first = plan.scenario(0)
    assert plan.cells == 8 and first.params == {"squeeze": 0.015, "spill": 0.2}
    assert (
        plan.row(0)["params.squeeze"] == 0.015
        and plan.row(0)["dials.block"] == first.regimes["joint_committee"].block
    )
    assert (
        plan.scenario(2).params["spill"] == 0.2
        and plan.scenario(2).params["squeeze"] == plan.row(2)["params.squeeze"]
    )
    assert plan.scenario(2).regimes["joint_committee"].exit == plan.row(2)["dials.exit"]


def test_a_table_of_ones_own():
    table = pd.DataFrame({"params.squeeze": [None, 0.02], "regime": ["option2", "option1"]})
    plan = plan_of(ask(*SMALL, points=table))
    assert plan.cells == 2 and plan.where(1)[1] == "option1" and plan.scenario(0).params == {}


@pytest.mark.parametrize(
    ("cells", "futures", "size"), [(1, 7, 3), (5, 7, 100), (13, 10, 25), (1, 1, 1), (3, 1000, 250), (7, 3, 2)]
)
def test_chunks_hold_every_run_once(cells, futures, size):
    layout = Layout(cells, 5, 5 + futures, size)
    chunks = list(layout)
    runs = [
        (cell, future)
        for chunk in chunks
        for cell in range(chunk.first_cell, chunk.stop_cell)
        for future in range(chunk.first_future, chunk.stop_future)
    ]
    assert sorted(runs) == [(c, f) for c in range(cells) for f in range(5, 5 + futures)]
    assert len(layout) == len(chunks) and sorted(chunk.name for chunk in chunks) == [
        chunk.name for chunk in chunks
    ]
    assert (
        max(chunk.runs for chunk in chunks) <= max(size, 1)
        or max(chunk.stop_cell - chunk.first_cell for chunk in chunks) == 1
    )


def test_files_are_few_and_of_a_good_size_whatever_the_size_of_the_sweep():
    plan = plan_of(ask(*SMALL, "design=lhs", "design.n=9", "design.factors=[params.squeeze]"))
    for futures in (1, 10, 100, 10_000, 1_000_000):
        layout = plan.layout(0, futures)
        largest = max(chunk.runs for chunk in layout)
        assert largest <= MOST and (len(layout) <= 80 or largest > MOST / 2)
        assert largest >= min(FEWEST, plan.cells * futures) / 2


def test_bad_cells_are_named_before_anything_runs():
    with pytest.raises(BadInput, match=r"cell 1 .*lay_members"):
        plan_of(
            ask(
                *SMALL,
                "regimes=[option2]",
                "design.factors={dials.lay_members: [0.0,1.0], dials.officer_seats: [0.5]}",
            )
        )


def test_threads_and_cluster_are_no_part_of_what_a_sweep_is_but_all_else_is():
    identity = plan_of(ask(*SMALL)).identity
    assert plan_of(ask(*SMALL, "threads=7", "plan_only=true")).identity == identity
    for other in (
        "seed=2",
        "months=13",
        "futures=5",
        "design.factors={params.squeeze: 2}",
        "params.spill=0.2",
        "outcomes=headline",
        "regimes=[option2,joint_committee]",
        "dials.block=0.1",
        "system=dorset",
        "series=[waiting]",
    ):
        assert plan_of(ask(*SMALL, other)).identity != identity, other


def test_worlds_of_one_system_do_not_touch_each_other():
    """What follows from the system alone is worked out once, for all of its worlds."""
    plan, other = plan_of(ask(*SMALL)), plan_of(ask(*SMALL, "params.trust_start=0.3"))
    first, second = plan.scenario(0), other.scenario(1)
    before = simulation.prepare(first, 1).world.block.tobytes()
    assert (
        simulation.prepare(second, 2).world.block.tobytes()
        != before
        == simulation.prepare(first, 1).world.block.tobytes()
    )


def test_a_cell_is_the_scenario_validated_whole_and_refuses_what_that_refuses():
    base = sim.load("months=12", "regime=option2", "params.spill=0.2")
    dials = {"option2": Regime.model_validate({**base.regimes["option2"].model_dump(), "block": 0.25})}
    found = changed(base, {"params.squeeze": 0.02, "dials.block": 0.25})
    assert found == base.changed(params={"spill": 0.2, "squeeze": 0.02}, regimes=dials)
    for key, wrong in (("squeeze", 9.0), ("squeeze", float("nan")), ("squeeze", True), ("sqeeze", 0.1)):
        with pytest.raises(BadInput) as whole:
            base.changed(params={**base.params, key: wrong})
        with pytest.raises(BadInput) as short:
            changed(base, {f"params.{key}": wrong})
        assert str(whole.value) == str(short.value)


def test_the_tally_of_a_stream_is_that_of_all_its_values():
    chance = np.random.default_rng(1)
    cells, values = chance.integers(0, 3, 500), chance.normal(5.0, 1.0, 500)
    values[::7] = np.nan
    tally = Tally("any", 4)
    for part in np.array_split(np.arange(500), 6):
        tally.count_in(cells[part], values[part])
    for cell in range(3):
        kept = values[(cells == cell) & np.isfinite(values)]
        assert tally.count[cell] == kept.size and tally.mean[cell] == pytest.approx(kept.mean())
        assert tally.squares[cell] / (kept.size - 1) == pytest.approx(kept.var(ddof=1))
    assert tally.widest() == (np.inf, 3), "a cell without a value is not known at all"


def test_variants_cross_every_point_and_what_they_set_stands() -> None:
    words = (
        "design.kind=grid",
        "design.factors={params.squeeze: [0.0, 0.02]}",
        "months=20",
        "futures=3",
        "params.austerity=0.01",
        "variants={plain: {}, hard: {params: {squeeze: 0.05}, dials: {exit: barred}, off: [bargain]}, "
        "gone: {events: [{month: 3, partner: sheffield_council, do: leave}]}}",
    )
    plan = plan_of(ask(*words))
    assert plan.cells == 2 * 2 * 3 and [plan.where(cell)[3] for cell in range(4)] == [
        "plain",
        "hard",
        "gone",
        "plain",
    ]
    plain, hard, gone = (plan.scenario(cell + 6) for cell in range(3))
    assert (plain.params["squeeze"], hard.params["squeeze"], gone.params["squeeze"]) == (0.02, 0.05, 0.02)
    assert hard.regimes["joint_committee"].exit == "barred" and hard.off == ("bargain",) and plain.off == ()
    assert len(gone.events) == 1 and hard.params["austerity"] == 0.01
    assert plan.row(7)["variant"] == "hard" and plan.row(7)["params.squeeze"] == 0.05


def test_variants_may_name_regimes_and_describe_systems() -> None:
    words = (
        "variants={a: {regime: option1}, b: {regime: stp_2016, system: {generated: true, partners: 8}}}",
        "regimes=all",
    )
    plan = plan_of(ask(*words))
    assert [plan.where(cell)[1] for cell in range(plan.cells)] == ["option1", "stp_2016"]
    assert len(plan.scenario(1).system.partners) == 8 and plan.scenario(0).regime == "option1"
    with pytest.raises(BadInput, match=r"variants\.b\.regime: missing"):
        ask("variants={a: {regime: option1}, b: {}}")


def test_runs_of_variants_are_read_compared_and_run_again(tmp_path: Path) -> None:
    asked = ask(
        "regimes=[stp_2016]",
        "months=13",
        "futures=4",
        "outcomes=[members_last]",
        "variants={stays: {}, gone: {events: [{month: 3, partner: sheffield_council, do: leave}]}}",
    )
    sweep(asked, tmp_path / "out")
    frame = read(tmp_path / "out")
    assert list(frame["variant"]) == ["stays"] * 4 + ["gone"] * 4
    table = compare(frame, outcomes=["members_last"])
    assert list(table["variant"]) == ["gone"]
    assert scenario_in(tmp_path / "out", 1).events[0].partner == "sheffield_council"
