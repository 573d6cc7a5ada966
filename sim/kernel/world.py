"""The state of one future: a `World` of arrays in one block of memory (`WorldMemory`). No other state exists.

A rule that needs three or more of these arrays takes the whole `world` as its first argument; its first lines
name the arrays that it reads often. A rule that needs fewer takes only those. A rule about one entity takes
its record: `body`, `here` (a place), `item` (a proposal), `row` (the stakes of a proposal) or `mine` (one
stake). Then come `par` (parameters) and `dial` (the law in force), and `log` comes last. No rule takes more
than eight arguments.
"""

import math
from functools import lru_cache
from typing import Annotated, Any, NamedTuple, get_type_hints

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


class World(NamedTuple):
    """The state as rules take it. Each array is declared with its record type (None for plain numbers; units
    are in `sim.kernel.records`) and its shape: n bodies, p places, q slots for projects, f functions, a
    outside accounts. Shape 1 is a single record, not an array.
    """

    now: Annotated[Any, NOW, "1"]
    org: Annotated[Any, ORGANISATION, "n"]
    place: Annotated[Any, PLACE, "p"]
    board: Annotated[Any, BOARD, "1"]
    project: Annotated[Any, PROJECT, "q"]
    stake: Annotated[Any, STAKE, "qn"]
    trust: Annotated[Any, None, "nn"]  # what row i expects of column j, in [0, 1]
    kept: Annotated[Any, None, "nn"]  # row i's evidence for trust in column j this month
    broken: Annotated[Any, None, "nn"]  # row i's evidence against trust in column j this month
    seen: Annotated[Any, None, "n"]  # evidence for trust in a body, the same for all partners
    doubt: Annotated[Any, None, "n"]  # evidence against trust in a body, the same for all partners
    contact: Annotated[Any, None, "n"]  # what a body brings to routine contact
    trusted: Annotated[Any, None, "n"]  # mean trust the others have in a body
    trusting: Annotated[Any, None, "n"]  # mean trust a body has in the others
    flow: Annotated[Any, None, "pn"]  # share of a place's need in a provider's sector
    contract: Annotated[Any, None, "pn"]  # block contracts, GBP m a month
    local: Annotated[Any, None, "pn"]  # 1 where a body works in a place
    account: Annotated[Any, None, "a"]  # money held by the outside accounts, GBP m
    delegation: Annotated[Any, DELEGATION, "nf"]


# The arrays of a world in order: name, record type, shape.
LAYOUT = tuple(
    (name, *declared.__metadata__) for name, declared in get_type_hints(World, include_extras=True).items()
)


@lru_cache(maxsize=64)
def layout_of(
    bodies: int, places: int, slots: int
) -> tuple[int, tuple[tuple[str, np.dtype, tuple[int, ...], int], ...]]:
    """Return how many words a world of this size takes, and each array's name, type, shape and first byte."""
    sizes = {"n": bodies, "p": places, "q": slots, "a": len(ACCOUNTS), "f": len(FUNCTIONS), "1": 1}
    found, start = [], 0
    for name, kind, letters in LAYOUT:
        dtype, shape = np.dtype("f8") if kind is None else kind, tuple(sizes[letter] for letter in letters)
        found.append((name, dtype, shape, start))
        start += dtype.itemsize * math.prod(shape)
    return start // 8, tuple(found)


class WorldMemory:
    """All arrays of one future, laid out in one block of memory, so that a whole world is copied in one go.

    `block` (uint64) is the memory; `named` holds views on it in the order of `LAYOUT`, also reachable as
    attributes (`memory.org["cash"]`).
    """

    def __init__(self, bodies: int, places: int, slots: int, block: np.ndarray | None = None):
        self.shape = (bodies, places, slots)
        words, layout = layout_of(bodies, places, slots)
        self.block = np.zeros(words, "u8") if block is None else block
        self.named = {
            name: np.ndarray(shape, dtype, self.block, start) for name, dtype, shape, start in layout
        }

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["named"][name]
        except KeyError:
            raise AttributeError(name) from None

    def copy(self) -> "WorldMemory":
        return WorldMemory(*self.shape, block=self.block.copy())

    def like(self) -> "WorldMemory":
        """Return memory for a world of the same size, not yet filled."""
        return WorldMemory(*self.shape, block=np.empty_like(self.block))

    def views(self, compiled: bool) -> World:
        """Return the world that rules read and change. Interpreted rules get recarrays with attributes."""
        views = self.named if compiled else {name: readable(array) for name, array in self.named.items()}
        return World(**{name: views[name][0] if shape == "1" else views[name] for name, _, shape in LAYOUT})


def readable(array: np.ndarray) -> np.ndarray:
    """Return a view whose records allow `record.field`, for rules that run uncompiled."""
    return array.view(np.recarray) if array.dtype.names else array
