"""6 England: systems side by side under one national body, which shares out one fund among them each April.

Each system is simulated as if alone, a year at a time. Between two years the national body looks at all of
them in the same future. National share of system s = 1 - e + e x claim / mean claim, where claim = max(0, 1 +
support_strength x (score / mean score - 1)), e = `earmarked_share`, and means are over residents. Support
goes to places within a system by the same rule (4.13). The share holds for transformation money and for the
capital pot (E30): what one system gets more a head, others get less.

Patients cross borders. In month 0 a part of what providers earn from elsewhere pays for patients of the other
systems: all the care that these patients need outside their own system. From then on that part follows what
all systems' patients need outside; each provider keeps its share of it. That is an assumption: no table says
who goes where.
"""

from dataclasses import dataclass

import numpy as np

from sim.engine import simulation
from sim.engine.output import Output
from sim.engine.prepared import Prepared, as_rules_take
from sim.engine.starting_world import snapped
from sim.kernel.compiled import COMPILED
from sim.kernel.records import AMBULANCE
from sim.rules.oversight import england as rules
from sim.rules.oversight.england import SCORE, SEEN
from sim.rules.run import MONTHS_A_YEAR

FUTURES_AT_ONCE = 16  # futures that run together; the world of a system takes some 200 kB in each
SECTORS = slice(SCORE + 1, AMBULANCE + 1)  # columns of what the national body sees: need outside, by sector


@dataclass
class Nation:
    """Systems under one national body, with two figures of month 0: residents, and care across borders."""

    systems: list[Prepared]

    def __post_init__(self) -> None:
        self.people = np.array([prepared.world.place["population"].sum() for prepared in self.systems])
        # for each system, an array (worlds, words): one world before month 0, then one for each future
        self.worlds = [prepared.world.block.reshape(1, -1).copy() for prepared in self.systems]
        self.crossed = self.look()[0, :, SECTORS].sum(axis=0)
        earned = np.zeros(len(self.crossed))
        for prepared in self.systems:
            org = prepared.world.org
            earned += [
                org["outside_demand"][org["sector"] == sector].sum()
                for sector in range(SECTORS.start, SECTORS.stop)
            ]
        # the part of what providers earn from elsewhere that pays for patients of the other systems
        self.part = np.minimum(1.0, self.crossed / np.maximum(earned, 1e-9))

    def look(self) -> np.ndarray:
        """Return what the national body sees of each system and future, (futures, systems, SEEN), on the
        money grid.
        """
        seen = np.zeros((len(self.systems), len(self.worlds[0]), SEEN))
        for at, (prepared, worlds) in enumerate(zip(self.systems, self.worlds, strict=True)):
            memory = prepared.world.like()
            par, dials = as_rules_take(prepared.par)[0], as_rules_take(prepared.dials)
            rules.look_at(par, dials, worlds, memory.block, memory.views(COMPILED), seen[at])
        return snapped(seen.transpose(1, 0, 2))

    def shares(self, seen: np.ndarray) -> np.ndarray:
        """Return each system's national share, (futures, systems); its mean over residents is 1."""
        par = self.systems[0].par[0]
        mean = snapped(self.people * seen[:, :, SCORE]).sum(axis=1, keepdims=True) / self.people.sum()
        stands_out = np.divide(seen[:, :, SCORE], mean, out=np.ones(seen.shape[:2]), where=mean > 0.0) - 1.0
        claim = np.maximum(0.0, 1.0 + par["support_strength"] * stands_out)
        average = snapped(self.people * claim).sum(axis=1, keepdims=True) / self.people.sum()
        return 1.0 - par["earmarked_share"] + par["earmarked_share"] * claim / average

    def crossing(self, seen: np.ndarray, grown: float) -> np.ndarray:
        """Return what providers earn from elsewhere, over what they would earn if all need outside had grown
        by the factor `grown`; shape (futures, sectors).
        """
        needed = seen[:, :, SECTORS].sum(axis=1)
        trend = np.divide(needed, self.crossed * grown, out=np.ones(needed.shape), where=self.crossed > 0.0)
        return 1.0 - self.part + self.part * trend

    def give(self, shares: np.ndarray, change: np.ndarray) -> None:
        """Give each system its national share, and change what its providers earn from elsewhere by the
        factors `change`, (futures, sectors).
        """
        by_sector = np.hstack([np.ones((len(change), 1)), change])
        for at, (prepared, worlds) in enumerate(zip(self.systems, self.worlds, strict=True)):
            memory, share = prepared.world.like(), np.ascontiguousarray(shares[:, at])
            rules.grant(worlds, memory.block, memory.views(COMPILED), share, by_sector)


def live_together(systems: list[Prepared], outputs: list[Output], first: int, start: int, stop: int) -> None:
    """Run all systems' futures first + start ... first + stop - 1 into rows start ... stop - 1 of outputs."""
    nation, months = Nation(systems), systems[0].months
    rows = [simulation.rows_of(output, start, stop) for output in outputs]
    growth = 1.0 + float(systems[0].par[0]["demand_growth"]) / MONTHS_A_YEAR
    before, grown = np.ones((1, len(nation.crossed))), 1.0
    for month in range(0, months, MONTHS_A_YEAR):
        seen = nation.look()
        now = nation.crossing(seen, grown)
        nation.give(nation.shares(seen), now / before)
        end, futures = min(month + MONTHS_A_YEAR, months), stop - start
        for at, (prepared, own) in enumerate(zip(systems, rows, strict=True)):
            worlds = nation.worlds[at]
            ends = np.zeros((futures, worlds.shape[1]), "u8") if month == 0 else worlds
            simulation.live(prepared, worlds, (month, end), ends, first + start, own, simulation.silent_log())
            nation.worlds[at] = ends
        for _ in range(max(1, month), end):
            grown *= growth
        before = now
    for own in rows:
        simulation.fill_summary(own)
