"""Calls single rules from Python. Compiled rules have no Python wrapper, so small compiled functions call
them.

`Bench` holds a small world whose arrays a test may set; each function after it calls one rule, often many
times.
"""

from typing import Any

import numpy as np
from toy import toy_system

from sim.engine import simulation
from sim.kernel.chance import bell, philox
from sim.kernel.compiled import COMPILED, entry
from sim.kernel.records import RATIFYING, STAKE, TABLE, VOTE
from sim.kernel.world import World, WorldMemory, readable
from sim.rules.beginning import begin
from sim.rules.decisions.appraisal import appraise
from sim.rules.decisions.decision import decide
from sim.rules.decisions.liability import share_liability
from sim.rules.decisions.promises import keep_promises
from sim.rules.decisions.ratification import intend_ratification, ratify
from sim.rules.decisions.tally import carried
from sim.rules.decisions.votes import intend_votes
from sim.rules.decisions.voting_rights import give_say
from sim.rules.law.change_of_law import change_law
from sim.rules.partnership.leaders import reset_ties
from sim.rules.partnership.trust import relate, take_stock
from sim.scenario.scenario import Scenario, make_scenario


def view(array: np.ndarray) -> np.ndarray:
    """Returns an array in the form that rules take, compiled or not."""
    return array if COMPILED else readable(array)


class Bench:
    """The world of month 0 of a toy system under one regime; `state` is that world in the form rules take."""

    def __init__(self, scenario: Scenario, seed: int = 1):
        self.prepared = simulation.prepare(scenario, seed)
        self.world = self.prepared.world
        self.par, self.dials = view(self.prepared.par), view(self.prepared.dials)
        self.log = view(simulation.silent_log())

    @property
    def state(self) -> World:
        return self.world.views(COMPILED)


def end_of(prepared: simulation.Prepared, future: int = 0) -> WorldMemory:
    """Returns the world at the end of one future that starts from `prepared.world` (a test may change it)."""
    ends = prepared.world.block.reshape(1, -1).copy()
    fresh, log = prepared.world.block.reshape(1, -1), simulation.silent_log()
    rows = simulation.empty_output(prepared, 1, "series")
    simulation.live(prepared, fresh, (0, prepared.months), ends, future, rows, log)
    return WorldMemory(*prepared.world.shape, block=ends[0])


def toy_scenario(
    regime: Any, params: dict[str, float] | None = None, places: int = 2, hospitals: int = 2, **more: Any
) -> Scenario:
    """Makes a scenario of a toy system under one regime."""
    return make_scenario(
        system_name="toy",
        system=toy_system(places, hospitals),
        regime="law",
        regimes={"law": regime},
        params=params or {},
        **more,
    )


@entry
def is_carried(dials, yes, no, lay):
    return carried(dials[0], yes, no, lay)


@entry
def _poll(world, par, dials, log, supports, stages):
    item, stake = world.project[0], world.stake
    for d in range(supports.shape[0]):
        item.stage = TABLE
        item.heard = 1
        for i in range(supports.shape[1]):
            stake[0, i].say = VOTE
            stake[0, i].part = 1.0 / supports.shape[1]
            stake[0, i].support = supports[d, i]
        intend_votes(par[0], world.project, stake)
        decide(world, par[0], dials[0], log)
        stages[d] = item.stage


def poll(bench: Bench, supports: np.ndarray) -> np.ndarray:
    """Returns the project's stage after its first vote, for each row of `supports` (votes, voters)."""
    stages = np.zeros(len(supports), "i8")
    _poll(bench.state, bench.par, bench.dials, bench.log, supports, stages)
    return stages


@entry
def _convene(world, par, log, cycles, phases, starts, waits):
    now, item, stake = world.now, world.project[0], world.stake
    for d in range(cycles.shape[0]):
        item.stage = RATIFYING
        for i in range(cycles.shape[1]):
            world.org[i].cycle = cycles[d, i]
            world.org[i].phase = phases[d, i]
            stake[0, i].joins = 1
            stake[0, i].ratified = 0
            stake[0, i].support = 1.0
        now.month = starts[d]
        while True:
            intend_ratification(world, par[0])
            ratify(world, par[0], log)
            if item.stage != RATIFYING or now.month > starts[d] + 1000:
                break
            now.month += 1
        waits[d] = now.month - starts[d]


def convene(bench: Bench, cycles: np.ndarray, phases: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Returns the months until the boards of each row (cases, boards) have all approved a project that was
    carried in month `starts`.
    """
    waits = np.zeros(len(cycles), "i8")
    _convene(bench.state, bench.par, bench.log, cycles, phases, starts, waits)
    return waits


@entry
def _live_together(world, par, dials, good, bad, keep, path):
    n = world.org.size
    for m in range(path.shape[0]):
        for i in range(n):
            for j in range(n):
                world.kept[i, j] = good[m, i, j]
                world.broken[i, j] = bad[m, i, j]
        relate(world, par[0], dials[0])
        take_stock(world)
        reset_ties(par[0], world.trust, keep)
        for i in range(n):
            for j in range(n):
                path[m, i, j] = world.trust[i, j]


def live_together(bench: Bench, good: np.ndarray, bad: np.ndarray, reset: float = 0.0) -> np.ndarray:
    """Returns trust after each month (months, bodies, bodies), given evidence for and against of that shape;
    ties lose a share `reset`.
    """
    path = np.zeros(good.shape)
    keep = np.full(good.shape[1], np.sqrt(1.0 - reset))
    _live_together(bench.state, bench.par, bench.dials, good, bad, keep, path)
    return path


@entry
def _change(world, par, dials, which, log):
    change_law(world, par[0], dials[which], log)


def change(bench: Bench, which: int) -> None:
    """Change the law to regime number `which`."""
    _change(bench.state, bench.par, bench.dials, which, bench.log)


@entry
def _keep(world, par, dials, log):
    keep_promises(world, par[0], dials[0], log)


def keep(bench: Bench) -> None:
    """Keep or break one month's promises."""
    _keep(bench.state, bench.par, bench.dials, bench.log)


@entry
def _begin(world, par):
    begin(world.now, par[0], world.org)


def begin_future(bench: Bench, future: int) -> np.ndarray:
    """Begin a future; returns its bodies."""
    bench.world.now["future"] = future
    _begin(bench.state, bench.par)
    return bench.world.org


@entry
def _scramble(counter, key, out):
    out[0], out[1], out[2], out[3] = philox(counter[0], counter[1], counter[2], counter[3], key[0], key[1])


def scramble(counter: list[int], key: list[int]) -> list[int]:
    """Returns Philox 4x32-10 of one counter."""
    out = np.zeros(4, "u8")
    _scramble(np.array(counter, "u8"), np.array(key, "u8"), out)
    return [int(word) for word in out]


@entry
def _ring(now, name, entities, months, out):
    for e in range(entities.size):
        for m in range(months):
            out[e, m] = bell(now, name, entities[e], entities[e], m)


def ring(bench: Bench, name: np.int64, entities: int, months: int) -> np.ndarray:
    """Returns normal draws of one name (entities, months)."""
    out = np.zeros((entities, months))
    _ring(bench.state.now, name, np.arange(entities, dtype="u8"), months, out)
    return out


@entry
def _appraise(world, par, dials):
    appraise(world, par[0], dials[0])


def appraise_one(bench: Bench) -> None:
    """Appraise the proposals that are heard, and find each body's say in them."""
    _appraise(bench.state, bench.par, bench.dials)


@entry
def _hold(world, par, dials, log, supports, parts, gains, stages, rows):
    org, project, stake = world.org, world.project, world.stake
    item = project[0]
    for d in range(supports.shape[0]):
        item.stage, item.heard, item.partial, item.taking_part = TABLE, 1, 0, 0.0
        for i in range(org.size):
            stake[0, i].part = parts[d, i]
            stake[0, i].gain = gains[d, i]
        give_say(world, par[0], dials[0], item, stake[0])
        share_liability(dials[0], org, item, stake[0])
        for i in range(org.size):
            stake[0, i].support = supports[d, i]
        intend_votes(par[0], project, stake)
        decide(world, par[0], dials[0], log)
        stages[d] = item.stage
        for i in range(org.size):
            rows[d, i] = stake[0, i]


def hold(
    bench: Bench, supports: np.ndarray, parts: np.ndarray, gains: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Votes anew on one proposal for each row of `supports`; returns the stage after each vote (votes,), and
    the row of stakes (votes, bodies).
    """
    stages, rows = np.zeros(len(supports), "i8"), np.zeros(supports.shape, STAKE)
    _hold(bench.state, bench.par, bench.dials, bench.log, supports, parts, gains, stages, view(rows))
    return stages, rows
