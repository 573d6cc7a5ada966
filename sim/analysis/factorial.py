"""Two-level factorial designs and their effects: whole designs, or fractions that tell main effects apart.

A fraction of k factors in 2^b runs: the first b factors form a whole factorial. Each further factor is the
product of at least three of them, so that no main effect is confounded with another or with an interaction of
two (resolution IV; Box, Hunter and Hunter 2005, chapter 6).
"""

from collections.abc import Sequence
from itertools import combinations, product

import numpy as np

from sim.inputs.problems import BadInput


def signs(factors: int, most: int) -> np.ndarray:
    """Returns the design, shape (cells, factors), of -1 and +1: whole if 2^factors <= most, else the largest
    fraction of at most `most` cells.

    The first cell has -1 for all factors of the whole part. Raises BadInput if `most` cells cannot tell the
    factors apart.
    """
    base = min(factors, int(np.floor(np.log2(most))) if most >= 1 else 0)
    words = [word for size in range(3, base + 1) for word in combinations(range(base), size)]
    # Among the shortest words, those that begin early and end late come first: ABC, BCD before ABD, as in
    # textbooks.
    words.sort(key=lambda word: (len(word), max(word) - min(word), word))
    if factors - base > len(words):
        least = next(b for b in range(base, factors + 1) if factors - b <= 2**b - 1 - b - b * (b - 1) // 2)
        raise BadInput(
            f"most_cells = {most}: {factors} factors take at least {2**least} cells, so that "
            "main effects are told apart"
        )
    whole = np.array(list(product((-1, 1), repeat=base)), int).reshape(-1, base)
    further = [whole[:, list(word)].prod(axis=1) for word in words[: factors - base]]
    return np.column_stack([whole, *further])


def effect(values: np.ndarray, column: np.ndarray) -> np.ndarray:
    """Returns the mean at +1 minus the mean at -1 of values[cell, ...] for one column of signs: an array of
    the remaining shape.
    """
    return values[column > 0].mean(axis=0) - values[column < 0].mean(axis=0)


def columns(design: np.ndarray, names: Sequence[str], pairs: bool) -> dict[tuple[str, ...], np.ndarray]:
    """Returns the columns of main effects (keys of one name) and, with `pairs`, interactions (two names)."""
    found: dict[tuple[str, ...], np.ndarray] = {(name,): design[:, at] for at, name in enumerate(names)}
    if pairs:
        found |= {
            (names[i], names[j]): design[:, i] * design[:, j] for i, j in combinations(range(len(names)), 2)
        }
    return found


def mixed_up(design: np.ndarray, names: Sequence[str]) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    """Returns, for every interaction of two factors, the others that this design confounds with it."""
    found = {name: column for name, column in columns(design, names, True).items() if len(name) == 2}
    return {
        one: [
            other
            for other, column in found.items()
            if other != one and abs(int(column @ found[one])) == len(design)
        ]
        for one in found
    }
