"""Sensitivity with known answers: Ishigami's function stands in for the simulation, all else is the code that
runs on it.
"""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.analysis.outcomes import short
from sim.analysis.sensitivity import chance_shares, morris_effects, relative_effects, sobol_indices, surviving
from sim.declarations.indicators import HEADLINE
from sim.declarations.parameters import PARAMETERS
from sim.figures.canvas import save
from sim.figures.sensitivity import charts, pages
from sim.figures.sobol_indices import heat_map
from sim.inputs.problems import BadInput
from sim.studies.sensitivity.keys import INDICES, OF_KIND, SCREENING
from sim.studies.sensitivity.study import Sensitivity
from sim.sweep import plan_of

# they lend Ishigami their names
ONE, TWO, THREE, DUMMY = "params.squeeze", "params.spill", "params.trust_start", "params.season"
BOUNDS = {ONE: (0.0, 0.05), TWO: (0.1, 0.4), THREE: (0.2, 0.8), DUMMY: (0.0, 0.08)}
FACTORS = "factors={" + ", ".join(f"{key}: [{low}, {high}]" for key, (low, high) in BOUNDS.items()) + "}"
A, B = 7.0, 0.1
ask = Sensitivity.ask


def known() -> tuple[np.ndarray, np.ndarray]:
    """First- and total-order indices of Ishigami's function (Ishigami and Homma 1990)."""
    variance = A**2 / 8 + B * np.pi**4 / 5 + B**2 * np.pi**8 / 18 + 0.5
    one, two, together = 0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8, B**2 * np.pi**8 * 8 / 225
    return np.array([one, two, 0.0]) / variance, np.array([one + together, two, together]) / variance


def ishigami(noise: float = 0.0, outcomes: int = 1):
    """Ishigami's function as what gives responses, each future with a luck of its own."""
    stages = []

    def respond(stage, request):
        stages.append(stage)
        points = plan_of(request).points
        x = [
            2
            * np.pi
            * ((points.get(key, pd.Series(0.5 * sum(BOUNDS[key]), points.index)) - low) / (high - low) - 0.5)
            for key, (low, high) in list(BOUNDS.items())[:3]
        ]
        y = np.sin(x[0]) + A * np.sin(x[1]) ** 2 + B * x[2] ** 4 * np.sin(x[0])
        chance = np.random.default_rng(5)
        frames = []
        for future in range(request.futures):
            luck = noise * chance.normal(size=len(points)) if noise else 0.0
            about = {"point": points.index, "future": future, "regime": request.regimes[0]}
            frames.append(pd.DataFrame({**about, request.outcomes[0]: y + luck}))
        return pd.concat(frames, ignore_index=True)

    return respond, stages


def analysed(*words: str, noise: float = 0.0) -> tuple[SimpleNamespace, list[str]]:
    """The tables by name, and the sweeps that were asked for."""
    respond, stages = ishigami(noise)
    asked = ask(FACTORS, "regimes=[option2]", "outcomes=[trust_mean]", "futures=2", "trajectories=40", *words)
    return SimpleNamespace(**asked.find(respond).tables), stages


def test_ishigami_has_the_indices_it_is_known_to_have_and_morris_drops_the_dummy():
    found, stages = analysed("samples=2048")
    assert stages == [SCREENING, INDICES]
    survivors = found.survivors[found.survivors["kept"]]["factor"].tolist()
    assert set(survivors) == {ONE, TWO, THREE}, "the dummy goes no further"
    dummy = found.morris.set_index("factor").loc[DUMMY]
    assert dummy["mu_star"] == 0.0 and dummy["moved"] == 0.0 and not dummy["clear"]
    table = found.sobol.set_index("factor").loc[[ONE, TWO, THREE]]
    first, total = known()
    assert table["first"].to_numpy() == pytest.approx(first, abs=0.03) and table[
        "total"
    ].to_numpy() == pytest.approx(total, abs=0.03)
    for name, truth in (("first", first), ("total", total)):
        assert (table[f"{name}_low"] - 0.01 <= truth).all() and (truth <= table[f"{name}_high"] + 0.01).all()
    assert found.chance["share"].max() < 1e-12


def test_a_dummy_among_the_survivors_has_an_index_of_nought():
    found, _ = analysed("samples=256", "trajectories=10", "survivors=4", noise=0.2)
    dummy = found.survivors.set_index("factor").loc[DUMMY]
    assert not dummy["kept"] or abs(found.sobol.set_index("factor").loc[DUMMY, "total"]) < 0.01


def test_chance_is_told_apart_from_the_function():
    found, _ = analysed("samples=1024", "futures=10", noise=3.0)
    luck = found.chance.set_index("stage").loc[INDICES]
    variance = A**2 / 8 + B * np.pi**4 / 5 + B**2 * np.pi**8 / 18 + 0.5
    assert luck["within"] == pytest.approx(9.0, rel=0.1) and luck["between"] == pytest.approx(
        variance, rel=0.1
    )
    assert luck["share"] == pytest.approx(9.0 / (9.0 + variance), rel=0.1)
    assert luck["left"] == pytest.approx(0.9 / (0.9 + variance), rel=0.2)
    table = found.sobol.set_index("factor")
    assert table["total_chance"].to_numpy() == pytest.approx(0.9 / (0.9 + variance), rel=0.2)
    morris = found.morris.set_index("factor")
    assert (
        morris.loc[DUMMY, "mu_star"] == pytest.approx(morris.loc[DUMMY, "chance"], rel=0.4)
        and not morris.loc[DUMMY, "clear"]
    )


def test_luck_that_all_points_share_leaves_the_means_alone():
    points = np.random.default_rng(1).normal(0.0, 1.0, 4000)
    luck = np.array([-2.0, 0.0, 1.0, 1.0])
    found = chance_shares(points[:, None] + luck[None, :])
    assert found["left"] == pytest.approx(0.0, abs=1e-12) and found["within"] == pytest.approx(
        np.var(luck, ddof=1)
    )
    assert found["between"] == pytest.approx(1.0, rel=0.1)
    assert np.isnan(chance_shares(points[:, None])["share"])


def test_the_difference_between_two_regimes_has_indices_of_its_own():
    """One regime is moved by the first factor alone, the other by the first and the second: their difference
    by the second alone.
    """

    def respond(stage, request):
        points = plan_of(request).points
        one, two = (
            points[key].fillna(0.0).to_numpy() if key in points else np.zeros(len(points))
            for key in (ONE, TWO)
        )
        both = {"option2": 40.0 * one + two, "option1": 40.0 * one}
        frames = [
            pd.DataFrame(
                {"point": points.index, "future": future, "regime": regime, "trust_mean": values + future}
            )
            for future in (0, 1)
            for regime, values in both.items()
        ]
        return pd.concat(frames, ignore_index=True)

    asked = ask(
        FACTORS,
        "regimes=[option1,option2]",
        "outcomes=[trust_mean]",
        "futures=2",
        "trajectories=6",
        "samples=128",
    )
    table = asked.find(respond).tables["sobol"].set_index(["regime", "factor"])["total"]
    assert table["option1", ONE] == pytest.approx(1.0, abs=0.1) and table["option1", TWO] == pytest.approx(
        0.0, abs=1e-9
    )
    assert table["option2 - option1", TWO] == pytest.approx(1.0, abs=0.1)
    assert table["option2 - option1", ONE] == pytest.approx(0.0, abs=1e-9)
    plain = ask("regimes=[option1,option2]", "differences=false")
    assert not plain.pairs() and plain.identity() != ask("regimes=[option1,option2]").identity()


def test_what_has_no_value_takes_its_trajectory_or_its_row_with_it_and_a_constant_has_no_indices():
    asked = ask(FACTORS, "trajectories=6", "samples=8", "futures=2", "regimes=[option2]")
    morris, sobol = asked.screening().design, asked.indices([ONE, TWO]).design
    unit = morris.unit_points()
    values = np.repeat((3.0 * unit[:, :1] - unit[:, 1:2]), 2, axis=1)
    values[7, :] = np.nan  # in the second trajectory
    values[0, 0] = np.nan  # the other future knows
    table = morris_effects(morris.problem(), unit, values, 4, 1).set_index("factor")
    assert table["trajectories"].tolist() == [5] * 4
    assert table.loc[[ONE, TWO, THREE], "mu"].to_numpy() == pytest.approx([3.0, -1.0, 0.0])
    assert table.loc[[ONE, TWO], "mu_star"].to_numpy() == pytest.approx([3.0, 1.0])
    assert table.loc[ONE, "sigma"] == pytest.approx(0.0, abs=1e-9)
    points = sobol.unit_points()
    lived = np.repeat(points[:, :1], 2, axis=1)
    lived[5] = np.nan
    assert sobol_indices(sobol.problem(), lived, 1)["samples"].tolist() == [7, 7]
    flat = sobol_indices(sobol.problem(), np.full((len(points), 2), 3.3), 1)
    assert flat["total"].isna().all() and not flat["clear"].any()


def test_survivors_are_so_many_or_all_that_do_a_share_of_what_the_largest_does():
    morris = pd.DataFrame(
        [
            ("a", "r", "x", 9.0, True),
            ("b", "r", "x", 3.0, True),
            ("c", "r", "x", 8.0, False),
            ("d", "r", "x", 1.0, True),
            ("a", "r", "y", 0.01, True),
            ("b", "r", "y", 0.02, True),
            ("c", "r", "y", 0.0, False),
            ("d", "r", "y", 0.0, False),
        ],
        columns=["factor", "regime", "outcome", "mu_star", "clear"],
    )
    relative = relative_effects(morris)
    assert relative["factor"].tolist() == ["a", "b", "d", "c"] and relative[
        "relative"
    ].tolist() == pytest.approx([1.0, 1.0, 1 / 9, 0.0])
    assert (
        surviving(relative, 1) == ["a"]
        and surviving(relative, 9) == ["a", "b", "d"]
        and surviving(relative, 0.5) == ["a", "b"]
    )


def test_nothing_but_chance_is_said_to_be_that():
    asked = ask(FACTORS, "regimes=[option2]", "outcomes=[trust_mean]", "futures=2")

    def flat(stage, request):
        points = range(len(plan_of(request).points))
        return pd.DataFrame(
            [(p, f, "option2", 1.0) for p in points for f in (0, 1)],
            columns=["point", "future", "regime", "trust_mean"],
        )

    with pytest.raises(BadInput, match="more than chance"):
        asked.find(flat)


def test_parameters_that_are_set_or_act_on_nobody_are_not_varied():
    asked = ask("params.squeeze=0.01")
    varied = asked.screening().design.problem()["names"]
    assert "params.squeeze" not in varied and "params.squeeze_later" in varied
    assert not {f"params.{name}" for name in OF_KIND} & set(varied)


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("outcomes=[integration_men]", "did you mean 'integration_mean'"),
        ("factors=[params.squeze]", "factors: 'params.squeze' is not known; did you mean 'params.squeeze'"),
        ("factors={params.squeeze: [0.5, 0.1]}", "factors.params.squeeze"),
        ("regimes=[option3]", "did you mean 'option"),
        ("samples=100", "such as 64 or 128"),
        ("survivors=0", "survivors = 0: must be how many"),
        ("survivors=1.5", "share of the largest"),
        ("futures=1", "futures = 1"),
        ("trajectories=1", "trajectories = 1"),
        ("params.squeze=0.01", "did you mean 'squeeze'"),
        ("trajectorys=3", "did you mean 'trajectories'"),
        ("factors=[]", "name at least one"),
    ],
)
def test_what_cannot_be_asked_for_is_named(word, says):
    with pytest.raises(BadInput) as error:
        plan_of(ask(word).screening())
    assert says in str(error.value)


def test_many_outcomes_and_regimes_are_drawn_on_pages_of_the_same_bytes(tmp_path):
    outcomes = list(HEADLINE[:2])
    rows = [
        (regime, name, short(name), "share", factor, factor)
        for regime in "abc"
        for name in outcomes
        for factor in "xy"
    ]
    table = pd.DataFrame(
        rows, columns=["regime", "outcome", "outcome_label", "outcome_unit", "factor", "label"]
    )
    known = {
        "first": 0.2,
        "first_low": -0.1,
        "first_high": 0.3,
        "total": 0.4,
        "total_low": 0.2,
        "total_high": 1.3,
        "total_chance": 0.1,
        "clear": True,
        "mu_star": 2.0,
        "low": 1.0,
        "high": 3.0,
        "chance": np.nan,
        "trajectories": 4,
    }
    table = table.assign(**known)
    table.loc[table["outcome"] == outcomes[1], ["mu_star", "low", "high", "total", "first"]] = np.nan
    luck = table.drop_duplicates(["regime", "outcome"]).assign(stage=INDICES, share=0.3)
    tables = {"morris": table, "sobol": table, "chance": luck}
    labels = {"a": "One", "b": "Another", "c": "A regime with a rather long name that goes on"}
    drawn = charts(tables, labels, 5, 1)
    assert list(drawn) == [f"{name}_{page}" for name in ("morris", "sobol", "total_order") for page in (1, 2)]
    figure = heat_map(
        table[table["regime"] == "c"], luck, {"c": labels["c"]}, "5 futures at every point, seed 1. "
    )
    again = save(figure, tmp_path, "again", ["svg"])
    (one,) = save(drawn["total_order_2"](), tmp_path / "one", "total_order_2", ["svg"])
    assert again[0].read_bytes() == one.read_bytes()
    assert [len(outcomes) for outcomes, _ in pages(list(HEADLINE[:7]), ["a", "b"])] == [6, 1]


@pytest.fixture
def sets(tmp_path, monkeypatch):
    """A table of 200 parameter sets: one parameter narrowed, one not, one with a single value."""
    share = np.linspace(0.0, 1.0, 200)
    low, high = PARAMETERS["squeeze"].plausible
    table = pd.DataFrame(
        {
            "params.squeeze": 0.01 + 0.01 * share,
            "params.squeeze_later": PARAMETERS["squeeze_later"].plausible[1] * share,
            "params.exit_barrier_council": 0.0,
        }
    )
    (tmp_path / "params").mkdir()
    table.to_csv(tmp_path / "params" / "mine.csv", index=False)
    monkeypatch.setattr("sim.sweep.parameter_sets.library", SimpleNamespace(folder=lambda: tmp_path))
    assert high - low > 0.02
    return table


def test_ranges_come_from_a_table_of_sets_where_it_narrows_them(sets):
    asked = ask("params=mine", "params.spill=0.1")
    varied = {factor.key: factor for factor in asked.screening().design.varied()}
    assert (varied["params.squeeze"].low, varied["params.squeeze"].high) == pytest.approx((0.0105, 0.0195))
    assert (varied["params.squeeze_later"].low, varied["params.squeeze_later"].high) == PARAMETERS[
        "squeeze_later"
    ].plausible
    assert set(varied) == {"params.squeeze", "params.squeeze_later"}
    assert asked.screening().params == {"exit_barrier_council": 0.0, "spill": 0.1}
    second = {factor.key: factor for factor in asked.indices(["params.squeeze"]).design.varied()}
    assert second["params.squeeze"] == varied["params.squeeze"], "both stages have the same ranges"
    own = ask(
        "parameter_sets=mine",
        "factors={params.squeeze: [0.0, 0.04], params.squeeze_later: null, dials.block: null}",
    )
    given = {factor.key: (factor.low, factor.high) for factor in own.screening().design.varied()}
    assert given["params.squeeze"] == (0.0, 0.04) and given["dials.block"] == (0.0, 1.0)
    assert (
        own.identity()
        != ask(
            "factors={params.squeeze: [0.0, 0.04], params.squeeze_later: null, dials.block: null}"
        ).identity()
    )


def test_a_table_of_sets_that_cannot_be_used_is_refused_by_name(sets, tmp_path):
    with pytest.raises(BadInput, match="parameter_sets: 'mien' is not known; did you mean 'mine'"):
        ask("params=mien")
    sets.assign(**{"params.sqeeze": 1.0}).to_csv(tmp_path / "params" / "mine.csv", index=False)
    with pytest.raises(
        BadInput,
        match=r"parameter_sets = 'mine': 'params.sqeeze' is not known; did you mean 'params.squeeze'",
    ):
        ask("params=mine")
    sets.assign(**{"params.squeeze": 7.0}).to_csv(tmp_path / "params" / "mine.csv", index=False)
    with pytest.raises(BadInput, match=r"parameter_sets = 'mine', row 1: params.squeeze = 7"):
        ask("params=mine")
