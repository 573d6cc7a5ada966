"""Estimates where patients go when only totals are known: shares by place and trust that add up both ways.

The footprints use this. All of it is assumption: there is no table of patients by place and trust.
"""

from collections.abc import Sequence
from typing import NamedTuple

SWEEPS = 500
LEAST_FLOW = 0.005  # a smaller share of a place's patients counts as `outside`


class Provider(NamedTuple):
    """A trust as its sector's patients see it. Incomes in GBP million a year."""

    name: str
    size: float  # income, published or typical for its class
    # the size is typical, not published: it is scaled to the people of the trust's home places, and to the
    # system's demand
    fitted: bool
    local: float  # share of its income that its own system's commissioners would pay
    home: frozenset[str]  # places whose people use it first


class Flows(NamedTuple):
    """Shares of each place's patients by trust, and each trust's whole income in GBP million a year."""

    rows: dict[str, dict[str, float]]
    size: dict[str, float]


def balance(
    seed: Sequence[Sequence[float]], rows: Sequence[float], columns: Sequence[float]
) -> list[list[float]]:
    """Return a matrix in the pattern of `seed` whose rows and columns have the given totals (iterative
    proportional fitting).

    Where both cannot be met, the columns are. Plain sums in a fixed order give the same result on every
    machine.
    """
    cells = [list(map(float, row)) for row in seed]
    for _ in range(SWEEPS):
        for i, total in enumerate(rows):
            have = sum(cells[i])
            cells[i] = [cell * total / have if have > 0 else 0.0 for cell in cells[i]]
        for j, total in enumerate(columns):
            have = sum(row[j] for row in cells)
            for row in cells:
                row[j] = row[j] * total / have if have > 0 else 0.0
    return cells


def spread(
    demand: dict[str, float],
    providers: Sequence[Provider],
    inside: float,
    home: float,
    scale: tuple[float, float],
) -> Flows:
    """Share out each place's demand (GBP million a year) over a system's providers.

    At most the share `inside` stays in the system; less if its trusts are too small. A trust without a
    published income gets its size from its home places: trusts at home in a place share its care in
    proportion to their typical sizes. Without a home place it has the typical size of its class. All such
    trusts are then scaled together, within `scale`, to take what is left. What a trust takes is proportional
    to size x local; people of its home places are `home` times as likely to go there as others. Shares are
    rounded to three decimals.
    """
    places = list(demand)
    if not providers:
        return Flows({place: {} for place in places}, {})
    at_home = {place: sum(p.size for p in providers if place in p.home) for place in places}
    providers = [
        p._replace(
            size=sum(inside * demand[q] * p.size / at_home[q] for q in places if q in p.home) / p.local
        )
        if p.fitted and p.home
        else p
        for p in providers
    ]
    wanted = inside * sum(demand.values())
    known = sum(p.size * p.local for p in providers if not p.fitted)
    open_ = sum(p.size * p.local for p in providers if p.fitted)
    factor = min(max((wanted - known) / open_, scale[0]), scale[1]) if open_ else 1.0
    size = {p.name: p.size * (factor if p.fitted else 1.0) for p in providers}
    local = [size[p.name] * p.local for p in providers]
    kept = min(wanted, sum(local))
    columns = [kept * part / sum(local) for part in local]
    rows = [kept * demand[place] / sum(demand.values()) for place in places]
    seed = [[home if place in p.home else 1.0 for p in providers] for place in places]
    cells = balance(seed, rows, columns)
    flows: dict[str, dict[str, float]] = {}
    for i, place in enumerate(places):
        shares = {p.name: round(cells[i][j] / demand[place], 3) for j, p in enumerate(providers)}
        flows[place] = {name: share for name, share in shares.items() if share >= LEAST_FLOW}
        over = sum(flows[place].values())
        if over > 1.0:  # the columns were met, but not this row
            flows[place] = {name: int(1000 * share / over) / 1000 for name, share in flows[place].items()}
    return Flows(flows, size)


def with_outside(row: dict[str, float]) -> dict[str, float]:
    """Return a row of flows with the share that leaves the system added, so that it adds up to 1."""
    rest = round(1.0 - sum(row.values()), 6)
    return {**row, "outside": rest} if rest > 0 else row


def whole_numbers(amounts: Sequence[float], total: int) -> list[int]:
    """Return whole numbers in proportion to `amounts` that add up to `total` (largest remainders)."""
    scaled = [amount * total / sum(amounts) for amount in amounts]
    found = [int(amount) for amount in scaled]
    order = sorted(range(len(scaled)), key=lambda i: (found[i] - scaled[i], i))
    for i in order[: total - sum(found)]:
        found[i] += 1
    return found
