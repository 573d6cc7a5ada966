"""Calls single rules from Python: compiled rules have no Python wrapper, so small entries stand between.

`Bench` holds a small world whose arrays a test may set; each function below it drives one rule many times
over.
"""

from typing import Any

import numpy as np
from toy import toy_system

from sim.engine import simulation
from sim.kernel.chance import bell, philox
from sim.kernel.compiled import COMPILED, entry
from sim.kernel.records import RATIFYING, STAKE, TABLE, VOTE
from sim.kernel.world import World, readable
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
from sim.rules.run import run_chunk
from sim.scenario.scenario import Scenario, make_scenario


def view(array: np.ndarray) -> np.ndarray:
    """An array as rules take it, compiled or not."""
    return array if COMPILED else readable(array)


class Bench:
    """The world of month 0 of a toy system under one regime; `arrays` by name, as rules take them."""

    def __init__(self, scenario: Scenario, seed: int = 1):
        self.prepared = simulation.prepare(scenario, seed)
        self.world = self.prepared.world
        self.par, self.dials = view(self.prepared.par), view(self.prepared.dials)
        self.log = view(simulation.silent_log())

    def take(self, *names: str) -> tuple[Any, ...]:
        return tuple(view(self.world.named[name]) for name in names)


def end_of(prepared: simulation.Prepared, future: int = 0) -> World:
    """The world at the end of one future that starts from `prepared.world`, which a test may have changed."""
    world = prepared.world.copy()
    out = simulation.empty_output(prepared, 1, "series")
    fresh = prepared.world.block.reshape(1, -1)
    run_chunk(
        view(prepared.par),
        view(prepared.dials),
        view(prepared.on),
        view(prepared.happenings),
        fresh,
        world.block,
        world.views(COMPILED),
        True,
        0,
        prepared.months,
        fresh[:0],
        np.uint64(future),
        view(out.system),
        view(out.history),
        view(out.partner),
        view(out.full),
        view(out.place),
        view(out.ties),
        view(simulation.silent_log()),
    )
    return world


def toy_scenario(
    regime: Any, params: dict[str, float] | None = None, places: int = 2, hospitals: int = 2, **more: Any
) -> Scenario:
    """A toy system under one regime."""
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
def _poll(now, par, dials, org, place, project, stake, board, trust, broken, log, supports, stages):
    item = project[0]
    for d in range(supports.shape[0]):
        item.stage = TABLE
        item.heard = 1
        for i in range(supports.shape[1]):
            stake[0, i].say = VOTE
            stake[0, i].part = 1.0 / supports.shape[1]
            stake[0, i].support = supports[d, i]
        intend_votes(par[0], project, stake)
        decide(now[0], par[0], dials[0], org, place, project, stake, board[0], trust, broken, log)
        stages[d] = item.stage


def poll(bench: Bench, supports: np.ndarray) -> np.ndarray:
    """The project's stage after its first vote, for each row of `supports` (votes, voters)."""
    stages = np.zeros(len(supports), "i8")
    arrays = bench.take("org", "place", "project", "stake", "board", "trust", "broken")
    _poll(*bench.take("now"), bench.par, bench.dials, *arrays, bench.log, supports, stages)
    return stages


@entry
def _convene(now, par, org, place, project, stake, board, trust, broken, log, cycles, phases, starts, waits):
    item = project[0]
    for d in range(cycles.shape[0]):
        item.stage = RATIFYING
        for i in range(cycles.shape[1]):
            org[i].cycle = cycles[d, i]
            org[i].phase = phases[d, i]
            stake[0, i].joins = 1
            stake[0, i].ratified = 0
            stake[0, i].support = 1.0
        now[0].month = starts[d]
        while True:
            intend_ratification(now[0], par[0], org, project, stake, board[0])
            ratify(now[0], par[0], org, place, project, stake, board[0], trust, broken, log)
            if item.stage != RATIFYING or now[0].month > starts[d] + 1000:
                break
            now[0].month += 1
        waits[d] = now[0].month - starts[d]


def convene(bench: Bench, cycles: np.ndarray, phases: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Months until the boards of each row (cases, boards) have all approved a project carried in month
    `starts`.
    """
    waits = np.zeros(len(cycles), "i8")
    arrays = bench.take("org", "place", "project", "stake", "board", "trust", "broken")
    _convene(*bench.take("now"), bench.par, *arrays, bench.log, cycles, phases, starts, waits)
    return waits


@entry
def _live_together(
    par, dials, org, trust, kept, broken, seen, doubt, contact, trusted, trusting, good, bad, keep, path
):
    for m in range(path.shape[0]):
        for i in range(org.size):
            for j in range(org.size):
                kept[i, j] = good[m, i, j]
                broken[i, j] = bad[m, i, j]
        relate(par[0], dials[0], org, trust, kept, broken, seen, doubt, contact)
        take_stock(org, trust, doubt, trusted, trusting)
        reset_ties(par[0], trust, keep)
        for i in range(org.size):
            for j in range(org.size):
                path[m, i, j] = trust[i, j]


def live_together(bench: Bench, good: np.ndarray, bad: np.ndarray, reset: float = 0.0) -> np.ndarray:
    """Trust after each month (months, bodies, bodies) under evidence for and against of that shape; ties lose
    a share `reset`.
    """
    path = np.zeros(good.shape)
    keep = np.full(good.shape[1], np.sqrt(1.0 - reset))
    arrays = bench.take("org", "trust", "kept", "broken", "seen", "doubt", "contact", "trusted", "trusting")
    _live_together(bench.par, bench.dials, *arrays, good, bad, keep, path)
    return path


@entry
def _change(
    now, par, dials, which, org, place, flow, contract, board, account, project, stake, trust, local, log
):
    change_law(
        now[0],
        par[0],
        dials[which],
        org,
        place,
        flow,
        contract,
        board[0],
        account,
        project,
        stake,
        trust,
        local,
        log,
    )


def change(bench: Bench, which: int) -> None:
    """The law changes to regime number `which`."""
    arrays = bench.take(
        "org", "place", "flow", "contract", "board", "account", "project", "stake", "trust", "local"
    )
    _change(*bench.take("now"), bench.par, bench.dials, which, *arrays, bench.log)


@entry
def _keep(now, par, dials, org, account, project, stake, kept, broken, doubt, board, log):
    keep_promises(now[0], par[0], dials[0], org, account, project, stake, kept, broken, doubt, board[0], log)


def keep(bench: Bench) -> None:
    """One month's promises are kept or broken."""
    arrays = bench.take("org", "account", "project", "stake", "kept", "broken", "doubt", "board")
    _keep(*bench.take("now"), bench.par, bench.dials, *arrays, bench.log)


@entry
def _begin(now, par, org):
    begin(now[0], par[0], org)


def begin_future(bench: Bench, future: int) -> np.ndarray:
    """The bodies once a future has begun."""
    bench.world.now["future"] = future
    now, org = bench.take("now", "org")
    _begin(now, bench.par, org)
    return bench.world.org


@entry
def _scramble(counter, key, out):
    out[0], out[1], out[2], out[3] = philox(counter[0], counter[1], counter[2], counter[3], key[0], key[1])


def scramble(counter: list[int], key: list[int]) -> list[int]:
    """Philox 4x32-10 of one counter."""
    out = np.zeros(4, "u8")
    _scramble(np.array(counter, "u8"), np.array(key, "u8"), out)
    return [int(word) for word in out]


@entry
def _ring(now, name, entities, months, out):
    for e in range(entities.size):
        for m in range(months):
            out[e, m] = bell(now[0], name, entities[e], entities[e], m)


def ring(bench: Bench, name: np.int64, entities: int, months: int) -> np.ndarray:
    """Bell draws of one name (entities, months)."""
    out = np.zeros((entities, months))
    _ring(*bench.take("now"), name, np.arange(entities, dtype="u8"), months, out)
    return out


@entry
def _appraise(now, par, dials, org, place, local, project, stake):
    appraise(now[0], par[0], dials[0], org, place, local, project, stake)


def appraise_one(bench: Bench) -> None:
    """What is heard is appraised, and each body's say in it found."""
    _appraise(
        *bench.take("now"), bench.par, bench.dials, *bench.take("org", "place", "local", "project", "stake")
    )


@entry
def _hold(
    now,
    par,
    dials,
    org,
    place,
    local,
    project,
    stake,
    board,
    trust,
    broken,
    log,
    supports,
    parts,
    gains,
    stages,
    rows,
):
    item = project[0]
    for d in range(supports.shape[0]):
        item.stage, item.heard, item.partial, item.taking_part = TABLE, 1, 0, 0.0
        for i in range(org.size):
            stake[0, i].part = parts[d, i]
            stake[0, i].gain = gains[d, i]
        give_say(par[0], dials[0], org, place, local, item, stake[0])
        share_liability(dials[0], org, item, stake[0])
        for i in range(org.size):
            stake[0, i].support = supports[d, i]
        intend_votes(par[0], project, stake)
        decide(now[0], par[0], dials[0], org, place, project, stake, board[0], trust, broken, log)
        stages[d] = item.stage
        for i in range(org.size):
            rows[d, i] = stake[0, i]


def hold(
    bench: Bench, supports: np.ndarray, parts: np.ndarray, gains: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Votes on one proposal, each afresh: its stage after each (votes,), and the row of stakes it leaves
    (votes, bodies).
    """
    stages, rows = np.zeros(len(supports), "i8"), np.zeros(supports.shape, STAKE)
    arrays = bench.take("org", "place", "local", "project", "stake", "board", "trust", "broken")
    _hold(
        *bench.take("now"),
        bench.par,
        bench.dials,
        *arrays,
        bench.log,
        supports,
        parts,
        gains,
        stages,
        view(rows),
    )
    return stages, rows
