"""Factorial designs: known designs, known effects."""

import numpy as np
import pytest

from sim.analysis.factorial import columns, effect, mixed_up, signs
from sim.inputs.problems import BadInput

NAMES = ["a", "b", "c", "d", "e", "f"]


def test_six_factors_in_sixteen_cells_are_the_design_of_the_books() -> None:
    design = signs(6, 16)
    assert design.shape == (16, 6) and (abs(design) == 1).all()
    assert np.array_equal(design.T @ design, 16 * np.eye(6)), "main effects are told apart"
    assert np.array_equal(design[:, 4], design[:, 0] * design[:, 1] * design[:, 2])
    assert np.array_equal(design[:, 5], design[:, 1] * design[:, 2] * design[:, 3])
    for name, column in columns(design, NAMES, True).items():
        if len(name) == 2:
            assert (design.T @ column == 0).all(), f"{name} is mixed up with a main effect"
    assert mixed_up(design, NAMES)["a", "b"] == [("c", "e")]


def test_the_whole_where_there_is_room() -> None:
    assert len(np.unique(signs(6, 64), axis=0)) == 64 and signs(3, 100).shape == (8, 3)
    assert all(not others for others in mixed_up(signs(4, 16), NAMES[:4]).values())


def test_too_few_cells_are_refused() -> None:
    with pytest.raises(BadInput, match="6 factors take at least 16 cells"):
        signs(6, 8)


@pytest.mark.parametrize("most", [16, 64])
def test_effects_of_a_known_function_are_found(most: int) -> None:
    design = signs(6, most)
    truth = np.array([3.0, -1.0, 0.5, 0.0, 2.0, -4.0])
    noise = np.random.default_rng(1).normal(size=(1, 5, 7))  # of sets and futures, the same in every cell
    values = (design @ truth / 2.0 + 0.7 * design[:, 0] * design[:, 1])[:, None, None] + noise
    found = columns(design, NAMES, most == 64)
    for at, name in enumerate(NAMES):
        assert effect(values, found[name,]) == pytest.approx(truth[at])
    if most == 64:
        assert effect(values, found["a", "b"]) == pytest.approx(1.4) and effect(
            values, found["a", "c"]
        ) == pytest.approx(0.0)
