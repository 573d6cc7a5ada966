"""The arrays of one future, in one block of memory. Rules take the arrays they need; nothing else holds
state.
"""

import math
from functools import lru_cache
from typing import Any

import numpy as np

from sim.kernel.records import (
    ACCOUNTS,
    BOARD,
    DELEGATION,
    FUNCTIONS,
    NOW,
    ORGANISATION,
    PLACE,
    PROJECT,
    STAKE,
)

# The arrays of a world in order: name, record type (None for plain numbers), shape in terms of n bodies, p
# places, q slots, f functions.
LAYOUT = (
    ("now", NOW, "1"),
    ("org", ORGANISATION, "n"),
    ("place", PLACE, "p"),
    ("board", BOARD, "1"),
    ("project", PROJECT, "q"),
    ("stake", STAKE, "qn"),
    ("trust", None, "nn"),  # what row i expects of column j, in [0, 1]
    ("kept", None, "nn"),  # row i's evidence for trust in column j this month
    ("broken", None, "nn"),  # and against
    ("seen", None, "n"),  # evidence for trust in a body that all partners take
    ("doubt", None, "n"),  # and against
    ("contact", None, "n"),  # what a body brings to routine contact
    ("trusted", None, "n"),  # mean trust the others have in a body
    ("trusting", None, "n"),  # and it in the others
    ("flow", None, "pn"),  # share of a place's need in a provider's sector
    ("contract", None, "pn"),  # block contracts, GBP m a month
    ("local", None, "pn"),  # 1 where a body works in a place
    ("account", None, "a"),  # money held by the outside accounts, GBP m
    ("delegation", DELEGATION, "nf"),
)


@lru_cache(maxsize=64)
def layout_of(
    bodies: int, places: int, slots: int
) -> tuple[int, tuple[tuple[str, np.dtype, tuple[int, ...], int], ...]]:
    """How many words a world of this size takes; and of each array its name, type, shape, and the byte at
    which it begins.
    """
    sizes = {"n": bodies, "p": places, "q": slots, "a": len(ACCOUNTS), "f": len(FUNCTIONS), "1": 1}
    found, start = [], 0
    for name, kind, letters in LAYOUT:
        dtype, shape = np.dtype("f8") if kind is None else kind, tuple(sizes[letter] for letter in letters)
        found.append((name, dtype, shape, start))
        start += dtype.itemsize * math.prod(shape)
    return start // 8, tuple(found)


class World:
    """All arrays of one future, laid out in one block of memory, so that a whole world is copied in one go.

    `block` (uint64) is the memory; `arrays` are views on it in the order of `LAYOUT`, also reachable by name
    (`world.org["cash"]`).
    """

    def __init__(self, bodies: int, places: int, slots: int, block: np.ndarray | None = None):
        self.shape = (bodies, places, slots)
        words, layout = layout_of(bodies, places, slots)
        self.block = np.zeros(words, "u8") if block is None else block
        self.named = {
            name: np.ndarray(shape, dtype, self.block, start) for name, dtype, shape, start in layout
        }
        self.arrays = tuple(self.named.values())

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["named"][name]
        except KeyError:
            raise AttributeError(name) from None

    def copy(self) -> "World":
        return World(*self.shape, block=self.block.copy())

    def like(self) -> "World":
        """A world of the same size, its memory not yet filled."""
        return World(*self.shape, block=np.empty_like(self.block))

    def views(self, compiled: bool) -> tuple[Any, ...]:
        """The arrays as rules take them; interpreted rules need attribute access, which only recarrays
        give.
        """
        if compiled:
            return self.arrays
        return tuple(readable(array) for array in self.arrays)


def readable(array: np.ndarray) -> np.ndarray:
    """A view whose records allow `record.field`, for rules that run uncompiled."""
    return array.view(np.recarray) if array.dtype.names else array
