"""Shapley values: how much each player adds to a whole, averaged over all orders in which players may join
(Shapley 1953).

Values are exact for few players. For many, orders are drawn (Castro, Gomez and Tejada 2009), each with its
mirror image. If a draw is itself random, the values are those of the mean, and the interval over draws
includes that chance too.
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from math import factorial

import numpy as np

from sim.analysis.intervals import mean_interval

Coalition = frozenset[str]


def exact(players: Sequence[str], value: Callable[[Coalition], float]) -> dict[str, float]:
    """Returns every player's value, from the worth of all 2^n coalitions."""
    n = len(players)
    groups = [frozenset(members) for size in range(n + 1) for members in combinations(players, size)]
    worth = {members: value(members) for members in groups}
    found = dict.fromkeys(players, 0.0)
    for members, total in worth.items():
        for player in players:
            if player not in members:
                weight = factorial(len(members)) * factorial(n - len(members) - 1) / factorial(n)
                found[player] += weight * (worth[members | {player}] - total)
    return found


def orders(players: Sequence[str], draws: int, seed: int) -> list[tuple[str, ...]]:
    """Returns `draws` pairs of orders: an order and its mirror image, in which the first comes last."""
    chance = np.random.default_rng(seed)
    found = []
    for _ in range(draws):
        order = tuple(players[at] for at in chance.permutation(len(players)))
        found += [order, order[::-1]]
    return found


def coalitions(order: Sequence[str]) -> list[Coalition]:
    """Returns the coalitions that form as players join, from nobody to all."""
    return [frozenset(order[:size]) for size in range(len(order) + 1)]


def contributions(order: Sequence[str], worths: Sequence[float]) -> dict[str, float]:
    """Returns how much each player added when it joined; `worths` are those of the coalitions in order."""
    return {player: float(worths[at + 1] - worths[at]) for at, player in enumerate(order)}


def estimate(
    players: Sequence[str],
    draws: int,
    seed: int,
    value: Callable[[int, Sequence[Coalition]], Sequence[float]],
    level: float = 0.95,
) -> dict[str, tuple[float, float, float]]:
    """Returns (mean, low, high) of every player's value, from `draws` pairs of orders: a t interval over
    pairs, which are independent.

    `value(draw, coalitions)` returns the worths of some coalitions in one draw, all under the same chance;
    both orders of a pair share it.
    """
    drawn, found = orders(players, draws, seed), {player: np.zeros(draws) for player in players}
    for draw in range(draws):
        pair = drawn[2 * draw : 2 * draw + 2]
        together = list(dict.fromkeys(coalition for order in pair for coalition in coalitions(order)))
        worths = dict(zip(together, value(draw, together), strict=True))
        for order in pair:
            for player, added in contributions(
                order, [worths[coalition] for coalition in coalitions(order)]
            ).items():
                found[player][draw] += added / 2.0
    return {player: mean_interval(values, level) for player, values in found.items()}
