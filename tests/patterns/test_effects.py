"""Effects of patterns and their verdicts, on tiny cases whose answer is known."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis.intervals import share_interval
from sim.analysis.verdicts import EMERGENT, TAGS
from sim.declarations.steps import CAN_BE_OFF
from sim.inputs.problems import BadInput
from sim.studies.patterns import effects, judgement
from sim.studies.patterns.catalogue import PATTERNS
from sim.studies.patterns.pattern import Ablation, Pattern, Seen, Setting
from sim.studies.patterns.study import Patterns
from sim.sweep import plan_of
from sim.sweep.parameter_sets import parameter_sets

NONE = np.zeros(0)
ask = Patterns.ask


def seen(**values):
    return Seen({tuple(name.split("__")): np.asarray(value, float) for name, value in values.items()}, NONE)


def test_a_difference_is_paired_and_leaves_out_what_is_not_known():
    nan = np.nan
    one = seen(a__x=[[1.0, 5.0], [2.0, 2.0]], b__x=[[0.0, nan], [2.0, 3.0]], c__x=[[nan, nan], [1.0, 1.0]])
    assert effects.more(one, "x", [("a", "b")]).tolist() == [1.0, -0.5]
    assert effects.more(one, "x", [("a", "b"), ("a", "c")]).tolist() == [1.0, 0.25], (
        "a pair without any future is left out"
    )
    assert np.isnan(effects.more(one, "x", [("a", "c")])[0])


def test_departures_are_counted_by_the_hundred_years_of_bodies():
    left, bodies = (
        np.array([[1.0, 2.0], [0.0, np.nan], [1.0, 1.0]]),
        np.array([[5.0, 10.0], [4.0, 4.0], [0.0, 0.0]]),
    )
    found = effects.departures_a_hundred_years(left, bodies, 10.0)
    assert found[:2].tolist() == [2.0, 0.0] and np.isnan(found[2])


def test_what_is_still_to_come_is_a_share_of_the_largest_gain():
    gains = np.array([[0.1, 0.0, -0.1, 0.4], [0.4, 0.0, -0.2, 0.1], [0.3, 0.0, -0.3, 0.0]])
    found = effects.still_to_come(gains)
    assert found[[0, 3]].tolist() == pytest.approx([0.75, 0.0]) and np.isnan(found[1:3]).all()


def test_collapse_is_less_than_half_of_what_there_is_without():
    assert effects.collapsed(
        np.array([[1.0, 1.0, 0.4, np.nan]]), np.array([[0.51, 0.49, 0.1, 0.0]])
    ).tolist() == pytest.approx([2 / 3])


@pytest.mark.parametrize(
    ("levels", "most"),
    [
        ([1.0, 0.9, 0.8, 0.7, 0.6, 0.5], 0.0),  # a straight line
        ([1.0, 1.0, 1.0, 0.2, 0.2, 0.2], 0.8),  # a cliff
        ([1.0, 0.4, 0.3, 0.25, 0.22, 0.2], -0.175),  # at once, and ever less
        ([0.5, 0.5, 0.5, 0.5, 0.5, 0.5], 0.0),
    ],
)
def test_a_cliff_is_one_step_that_does_more_than_those_before(levels, most):
    assert effects.acceleration(np.array([levels]).T)[0] == pytest.approx(most)


def test_explained_variance_is_all_of_a_line_and_next_to_none_of_noise():
    chance = np.random.default_rng(1)
    x, noise = chance.normal(size=(2, 500))
    assert effects.explained(3.0 * x + 1.0, x[:, None]) == pytest.approx(1.0)
    assert abs(effects.explained(noise, x[:, None])) < 0.02
    r = np.corrcoef(x + noise, x)[0, 1]
    assert effects.explained(x + noise, x[:, None]) == pytest.approx(1.0 - (1.0 - r * r) * 499 / 498)
    assert (
        effects.explained(x, np.ones((500, 2))) == 0.0 and effects.explained(np.ones(500), x[:, None]) == 0.0
    )


def test_relationships_and_form_are_told_apart():
    chance = np.random.default_rng(2)
    ties, noise = chance.normal(size=(2, 3, 4, 50))  # regimes, sets, futures
    form = np.arange(3.0)[:, None, None] + 0.0 * ties
    assert (effects.within_sets(ties + 0.1 * noise, [ties, noise]) > 0.9).all()
    assert (effects.within_sets(form + 0.1 * noise, [ties]) < -0.9).all()
    assert effects.across_sets(form + ties, [ties])[0] == pytest.approx(
        1.0 / (1.0 + 2 / 3) - (2 / 3) / (1.0 + 2 / 3), abs=0.1
    )
    assert np.isnan(effects.within_sets(np.ones((3, 4, 50)), [ties])).all(), (
        "where nothing varies there is nothing to explain"
    )


def test_binomial_intervals_are_the_published_ones():
    # Newcombe 1998, Stat. Med. 17:857, table I, method 3 (Wilson)
    for count, number, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert share_interval(count, number)[1:] == pytest.approx((low, high), abs=5e-5)
    assert np.isnan(share_interval(0, 0)).all()


def pattern(effect, least=0.0, ablations=(), pooled=False):
    return Pattern(
        "p",
        "It does.",
        ("E1",),
        EMERGENT,
        "no rule says so",
        {"a": Setting("option2")},
        ("x",),
        effect,
        "size",
        "share",
        least,
        ablations,
        pooled,
    )


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ([1.0] * 40, judgement.COMES_OUT),
        ([1.0] * 30 + [-1.0] * 10, judgement.SOME),
        ([0.0] * 40, judgement.NOT),
        ([-1.0] * 40, judgement.OPPOSITE),
        ([1.0] * 5, judgement.SOME),
    ],
)
def test_verdicts_need_enough_sets(values, verdict):
    _, found = judgement.summed(
        pattern(lambda one: np.array(values)), seen(a__x=np.zeros((len(values), 2))), 1
    )
    assert found["verdict"] == verdict and found["sets"] == len(values)


def test_what_an_ablation_leaves_is_said_in_a_word():
    assert judgement.left_of(1.0, 0.05) == judgement.left_of(1.0, -3.0) == judgement.VANISHES
    assert judgement.left_of(1.0, 0.5) == judgement.WEAKENS and judgement.left_of(1.0, 0.9) == judgement.STAYS
    assert judgement.left_of(-1.0, 0.5) == judgement.left_of(np.nan, 0.5) == "–"


def test_sets_without_an_answer_are_not_counted_and_an_ablation_is_judged_against_the_whole():
    tried = pattern(lambda one: one["a", "x"].mean(axis=1), ablations=(Ablation("it", off=("bargain",)),))
    whole, cut = (tried.settings_of(variant)["a"] for variant in tried.variants())
    lived = {whole.key: {"x": np.full((20, 3), 2.0)}, cut.key: {"x": np.full((20, 3), 1.0)}}
    lived[whole.key]["x"][0] = np.nan
    table = judgement.judged([tried], lived, ["dorset"] * 20, np.ones(20), 1)["patterns"]
    assert table["sets"].tolist() == [19, 20] and table["verdict"].tolist() == [
        judgement.COMES_OUT,
        judgement.WEAKENS,
    ]


def test_a_pooled_effect_is_judged_by_resampling_the_sets():
    chance = np.random.default_rng(3)
    values = chance.normal(1.0, 1.0, (50, 2))
    tried = pattern(lambda one: np.array([one["a", "x"].mean()]), pooled=True)
    found = judgement.judged(
        [tried], {tried.settings["a"].key: {"x": values}}, ["dorset"] * 50, np.ones(50), 1
    )["patterns"].iloc[0]
    assert (
        found["effect"] == pytest.approx(values.mean())
        and found["effect_low"] < values.mean() < found["effect_high"]
    )
    half = 1.96 * values.mean(axis=1).std(ddof=1) / np.sqrt(50)
    assert (found["effect_high"] - found["effect_low"]) / 2 == pytest.approx(half, rel=0.15) and found[
        "verdict"
    ] == judgement.COMES_OUT


def test_every_pattern_is_declared_whole_and_has_a_rule_to_hang_on():
    assert len({tried.name for tried in PATTERNS}) == len(PATTERNS)
    for tried in PATTERNS:
        assert (
            tried.sentence.endswith(".")
            and tried.tag in TAGS
            and tried.why
            and tried.least >= 0.0
            and tried.ablations
        )
        for ablation in tried.ablations:
            assert set(ablation.off) <= set(CAN_BE_OFF) and (ablation.off or ablation.params)
            cut = tried.settings_of(ablation)
            assert all(cut[name].key != setting.key for name, setting in tried.settings.items())


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("patterns=[councils_leave]", "did you mean 'councils_leave_more'"),
        ("systems=[dorse]", "did you mean 'dorset'"),
        ("system=dorset", "systems=[dorset]"),
        ("sets=1", "sets = 1"),
        ("params=posteriour", "parameter_sets: 'posteriour' is not known"),
        ("sets=5000", "sets = 5000: posterior has"),
        ("months=60", "months = 60"),
        ("params.squeze=0.1", "did you mean 'squeeze'"),
        ("patterns=[]", "name at least one"),
    ],
)
def test_what_cannot_be_asked_for_is_named(word, says):
    with pytest.raises(BadInput) as error:
        asked = ask(
            word, "patterns=[support_ahead_widens_gaps]" if not word.startswith("patterns") else "sets=4"
        )
        plan_of(asked.sweeps["as_configured"])
    assert says in str(error.value)


def test_settings_are_laid_over_every_parameter_set_and_what_the_command_sets_is_held():
    asked = ask(
        "patterns=[pressure_breaks_promises]",
        "sets=5",
        "futures=2",
        "params.spill=0.2",
        "systems=[dorset,staffordshire_stoke]",
    )
    (whole, cut) = (
        pattern_.settings_of(variant) for pattern_ in asked.chosen() for variant in pattern_.variants()
    )
    (batch,) = asked.batches
    assert set(batch.settings) == {setting.key for setting in (*whole.values(), *cut.values())}
    points = asked.sweeps[batch.name].design.points()
    assert len(points) == len(batch.settings) * 5 and "params.spill" not in points
    at = list(batch.settings).index(whole["option2 0.05"].key)
    rows = points.iloc[at * 5 : (at + 1) * 5]
    assert (
        (rows["params.squeeze"] == 0.05).all()
        and (rows["params.squeeze_later"] == 0.05).all()
        and (rows["regime"] == "option2").all()
    )
    assert rows["system"].tolist() == ["dorset", "staffordshire_stoke"] * 2 + ["dorset"]
    pd.testing.assert_series_equal(rows["params.breach"].reset_index(drop=True), asked.table["params.breach"])
    assert (points[[name for name in points if name.startswith("params.exit_barrier_")]] == 0.0).all(
        axis=None
    )


def test_sets_are_drawn_from_the_table_of_members_and_fewer_are_the_first_of_more():
    asked, fewer = (ask("patterns=[no_saving_at_first]", "futures=2", f"sets={sets}") for sets in (9, 4))
    members = parameter_sets("posterior")
    assert len(asked.table.drop_duplicates()) == 9
    shared = [name for name in asked.table if not name.startswith("params.exit_barrier_")]
    assert len(asked.table.merge(members, on=shared)) == 9, "each is a member, as a whole"
    pd.testing.assert_frame_equal(asked.table.iloc[:4], fewer.table)
    hypercube = ask("patterns=[no_saving_at_first]", "futures=2", "sets=4", "params=null").table
    assert len(hypercube.merge(members, on=shared)) == 0
