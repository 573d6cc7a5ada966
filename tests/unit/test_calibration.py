"""Calibration's parts on cases where the right answer is known: targets, counterparts, emulators,
implausibility, waves.
"""

import numpy as np
import pandas as pd
import pytest

from sim.declarations.indicators import OUTCOMES, SYSTEM
from sim.inputs import library
from sim.inputs.problems import BadInput
from sim.studies.calibration.counterparts import COUNTERPARTS, Counterpart, Lived, needed
from sim.studies.calibration.emulator import fit
from sim.studies.calibration.matching import Judge, Measured, allowed, drawn, implausibility, judge
from sim.studies.calibration.study import Calibration
from sim.studies.calibration.targets import Target, targets_from, targets_in
from sim.studies.calibration.waves import match
from sim.sweep.request import Request

GOOD = {
    "label": "trusts in deficit",
    "unit": "share",
    "value": 0.4,
    "observed_sd": 0.02,
    "discrepancy_sd": 0.0,
    "counterpart": "trusts_in_deficit",
    "source": "somebody 2017",
}


def lived(above: np.ndarray, below: np.ndarray, params: pd.DataFrame | None = None) -> Lived:
    """What a counterpart needs: CCGs left in April 2017, of those of April 2016."""
    series = {("commissioners", 12): above, ("commissioners", 0): below}
    return Lived(
        series,
        {},
        pd.DataFrame(index=range(len(above))) if params is None else params,
        np.ones(above.shape[2]),
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"source": " "}, "a target needs a source"),
        ({"source": "from general knowledge, unverified"}, "is no source"),
        ({"observed_sd": 0.0}, "a target needs a variance"),
        ({"observed_sd": -1.0}, "targets.mine.observed_sd = -1.0"),
        ({"counterpart": "trusts_in_defict"}, "did you mean 'trusts_in_deficit'?"),
        ({"unit": "GBP m"}, "its counterpart is in share"),
        ({"valeu": 1.0}, "targets.mine.valeu: unknown key; did you mean 'value'?"),
    ],
)
def test_a_target_without_source_variance_or_counterpart_is_refused_by_name(changes, words):
    with pytest.raises(ValueError) as refused:
        targets_from({"good": GOOD, "mine": {**GOOD, **changes}})
    assert (
        words in str(refused.value)
        and "targets.mine" in str(refused.value)
        and "targets.good" not in str(refused.value)
    )


def test_targets_that_ship_are_whole_and_never_unverified():
    targets = targets_from(library.read("targets", "england"))
    assert len(targets) == len({target.counterpart for target in targets}) >= 10
    series, months, outcomes = needed(target.counterpart for target in targets)
    assert (
        set(series) <= set(SYSTEM)
        and set(outcomes) <= set(OUTCOMES)
        and max(months) < Calibration.ask().months
    )


def test_a_file_of_targets_that_cannot_be_read_is_said_so(tmp_path):
    with pytest.raises(BadInput, match="targets_file"):
        targets_in(tmp_path / "none.yaml")
    (tmp_path / "bad.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(BadInput, match="not a YAML file"):
        targets_in(tmp_path / "bad.yaml")


def test_the_variance_that_luck_gives_a_ratio_is_that_of_many_histories():
    """Systems draw their luck apart from each other: the estimator from few futures, averaged, is the
    variance of England's ratio.
    """
    generator = np.random.default_rng(1)
    sizes = generator.uniform(5.0, 20.0, 30)
    below = np.broadcast_to(sizes, (4000, 2, 30))
    above = 0.8 * below + generator.standard_normal((4000, 2, 30)) * np.sqrt(sizes)
    ratio, luck, own = COUNTERPARTS["ccgs_left_2017"].measure(lived(above, below))
    history = above[:, 0].sum(axis=1) / sizes.sum()
    assert history.var() == pytest.approx(1.0 / sizes.sum(), rel=0.1)
    assert luck.mean() == pytest.approx(history.var(), rel=0.1) and own.mean() == pytest.approx(
        luck.mean() / 2.0
    )
    assert ratio.mean() == pytest.approx(0.8, abs=0.001)


def test_failed_runs_are_left_out_of_a_ratio():
    above, below = np.full((1, 2, 2), 3.0), np.full((1, 2, 2), 4.0)
    above[0, 0, 1] = np.nan
    ratio, luck, _ = COUNTERPARTS["ccgs_left_2017"].measure(lived(above, below))
    assert ratio[0] == pytest.approx(0.75) and luck[0] == pytest.approx(0.0)


def test_the_effect_of_a_shift_counts_parameters_that_vary_and_those_that_do_not():
    params = pd.DataFrame({"params.hospital_effect": [0.1, 0.2]})
    realised = {"realised_share": np.full((2, 2, 3), 0.5)}
    for others, rise in (({}, 0.2), ({"shift_rise": 0.4}, 0.4)):
        found, _, _ = COUNTERPARTS["effect_of_a_shift"].measure(
            Lived({}, realised, params, np.ones(3), others)
        )
        assert found == pytest.approx([0.1 * rise * 0.5, 0.2 * rise * 0.5])


def test_growth_is_a_year():
    counterpart = Counterpart("x", "share a year", "x", COUNTERPARTS["ccgs_left_2017"].parts, years=2.0)
    ratio, _, _ = counterpart.measure(lived(np.full((1, 2, 3), 1.21), np.ones((1, 2, 3))))
    assert ratio[0] == pytest.approx(0.1)


def test_an_emulator_finds_the_few_terms_there_are():
    generator = np.random.default_rng(2)
    unit = generator.uniform(-1.0, 1.0, (300, 60))
    values = (
        2.0
        + 3.0 * unit[:, 4]
        - unit[:, 9]
        + 1.5 * unit[:, 4] * unit[:, 9]
        + 0.1 * generator.standard_normal(300)
    )
    found = fit(unit, values)
    assert (
        found.active == [4, 9] and found.variance == pytest.approx(0.01, rel=0.3) and found.explained > 0.99
    )
    fresh = generator.uniform(-1.0, 1.0, (50, 60))
    assert np.allclose(
        found.mean(fresh), 2.0 + 3.0 * fresh[:, 4] - fresh[:, 9] + 1.5 * fresh[:, 4] * fresh[:, 9], atol=0.1
    )


def test_an_emulator_of_luck_alone_has_no_terms():
    generator = np.random.default_rng(3)
    found = fit(generator.uniform(-1.0, 1.0, (200, 100)), generator.standard_normal(200))
    assert found.active == [] and found.variance == pytest.approx(1.0, rel=0.3)
    assert fit(generator.uniform(-1.0, 1.0, (30, 5)), np.full(30, 2.5)).mean(np.zeros((1, 5)))[
        0
    ] == pytest.approx(2.5)


def test_implausibility_counts_every_uncertainty():
    target = Target(name="x", **{**GOOD, "observed_sd": 0.3, "discrepancy_sd": 0.4})
    measured = Measured(np.array([[1.4], [np.nan]]), np.array([[0.5], [0.5]]), np.array([[0.25], [0.25]]))
    found = implausibility([target], measured)
    assert found[0, 0] == pytest.approx(1.0) and found[1, 0] == np.inf


def test_points_are_drawn_evenly_from_what_is_left():
    target = Target(name="x", **{**GOOD, "value": 0.5, "observed_sd": 0.05})
    unit = np.random.default_rng(4).uniform(-1.0, 1.0, (400, 3))
    # the counterpart is the parameter
    one: Judge = judge([target], unit, Measured(unit[:, :1], np.zeros((400, 1)), np.zeros((400, 1))))
    points, share = drawn([one], 3, 2000, 2.0, 5)
    assert share == pytest.approx(0.1, abs=0.01) and allowed([one], points, 2.0).all()
    assert points[:, 0].min() >= 0.4 - 1e-6 and points[:, 0].max() <= 0.6 + 1e-6
    assert abs(points[:, 1].mean()) < 0.05 and points[:, 1].std() == pytest.approx(1 / np.sqrt(3), rel=0.05)


TRUTH = {"params.squeeze": 0.03, "params.stretch": 0.005}


def small(**targets: float) -> Calibration:
    """Four parameters, two targets (CCGs left in two Aprils) that stand for two of them."""
    found = Calibration.ask(
        "points=60",
        "waves=3",
        "systems=[dorset]",
        "factors=[params.squeeze,params.stretch,params.luck,params.spill]",
    )
    made = {
        name: {
            **GOOD,
            "unit": "share",
            "counterpart": name,
            "value": value,
            "observed_sd": 0.02,
            "source": "made here",
        }
        for name, value in targets.items()
    }
    return found.model_copy(update={"targets": targets_from(made)})


def test_known_parameters_are_found_again_and_the_others_stay_free():
    """A model whose answer is known: one target follows squeeze, the other squeeze and stretch together; luck
    is small.
    """
    generator = np.random.default_rng(6)

    def answers(params: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        first = 20.0 * params["params.squeeze"].to_numpy(float)
        return first, first * (1.0 - 40.0 * params["params.stretch"].to_numpy(float)) + 0.2

    value_2017, value_2018 = (float(value[0]) for value in answers(pd.DataFrame([TRUTH])))
    asked = small(ccgs_left_2017=value_2017, ccgs_left_2018=value_2018)

    def respond(stage: str, request: Request) -> Lived:
        params = request.design.points().fillna(0.01)
        shape = (len(params), 2, 5)
        series = {("commissioners", 0): np.ones(shape)}
        for month, values in zip((12, 24), answers(params), strict=True):
            series["commissioners", month] = values[:, None, None] + 0.01 * generator.standard_normal(shape)
        return Lived(series, {}, params, np.ones(5))

    found = asked.find(respond).tables
    matched = match(asked, respond)
    truth = asked.in_unit(pd.DataFrame([{**TRUTH, "params.luck": 0.5, "params.spill": 0.2}]))
    assert allowed([wave.judged for wave in matched.waves], truth, asked.cutoff).all(), (
        "no wave rules the truth out"
    )
    spaces = [wave.space for wave in matched.waves]
    assert spaces[0] == 1.0 and spaces[-1] < 0.2
    table = found["parameters"].set_index("parameter")
    for name, value in TRUTH.items():
        row = table.loc[name]
        assert row["identified"] and row["narrowed"] > 0.4 and row["set_p05"] <= value <= row["set_p95"], name
    assert not table.loc["params.luck", "identified"] and not table.loc["params.spill", "identified"]


def test_where_nothing_is_left_the_target_farthest_off_is_named():
    asked = small(ccgs_left_2017=0.9)

    def respond(stage: str, request: Request) -> Lived:
        shape = (len(request.design.points()), 2, 5)
        return Lived(
            {("commissioners", 0): np.ones(shape), ("commissioners", 12): np.zeros(shape)},
            {},
            request.design.points().fillna(0.01),
            np.ones(5),
        )

    with pytest.raises(BadInput, match=r"next to nothing.*ccgs_left_2017"):
        asked.find(respond)
