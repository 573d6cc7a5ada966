"""Walks through months step by step, without compilation, with and without each step that can be switched
off; prints what differs.

Run as a program under NUMBA_DISABLE_JIT=1 (only then can the steps be watched from Python). In each month,
from one and the same state, the month is lived once whole and once without the step; the first month in which
that makes a difference is the first in which two whole runs would differ. Output, as JSON: for each step what
was found, or null if it never made a difference.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from drive import toy_scenario, view
from scenarios import preset

from sim.declarations.steps import CAN_BE_OFF, NAMES
from sim.engine import simulation
from sim.engine.prepared import settings_of
from sim.kernel.compiled import COMPILED
from sim.kernel.world import LAYOUT, WorldMemory
from sim.rules import month as month_module
from sim.rules.beginning import begin
from sim.rules.month import switches
from sim.rules.run import Outputs
from sim.scenario.scenario import Scenario

MONTHS = 40
# So much goes on that every step has something to do. A new step that has not: add what it needs here, or a
# scenario below.
BUSY = {
    "programme_rate": 3.0,
    "case_months": 0.0,
    "procurement_months": 0.0,
    "harmful": 0.4,
    "noise": 0.6,
    "breach": 1.0,
    "breach_from": 0.0,
    "squeeze": 0.04,
    "leader_change": 0.5,
    "phase_months": 6.0,
    "promise_months": 9.0,
    "merger_rate": 6.0,
    "merger_from": 0.05,
    "start_margin": 0.0,
    "start_margin_spread": 0.05,
    "sustainability_fund": 0.015,
    "austerity": 0.05,
    "exit_barrier": 0.05,
    "leaving_months": 2.0,
    "consultation_months": 1.0,
    "special_chance": 12.0,
    "special_months": 2.0,
    "special_deficit": 0.01,
    "removal_chance": 6.0,
    "status_engagement": 0.2,
    "status_deficit": 0.3,
    "status_integration": 0.1,
}
# Surplus beside deficit, and nothing but risk shares.
RISKY = {
    "programme_rate": 3.0,
    "case_months": 0.0,
    "harmful": 0.0,
    "merger_rate": 0.0,
    "weight_risk_share": 1.0,
    "squeeze": 0.0,
    "control_pull": 0.0,
    **{f"weight_{kind}": 0.0 for kind in ("shift", "pool", "reconfigure", "capital", "workforce")},
}


def busy_scenarios() -> list[Scenario]:
    """Tried one after the other, until each step has made a difference."""
    events = [
        {"month": 16, "do": "leave", "partner": "place_0_council"},
        {"month": 30, "do": "return", "partner": "place_0_council"},
    ]
    shared: dict[str, Any] = {"hospitals": 3, "months": MONTHS, "table_size": 16, "events": events}
    return [
        toy_scenario(
            preset("joint_committee", ratification="all", exit="free", ring_fence=0.3), BUSY, **shared
        ),
        toy_scenario(
            preset("option2", pot="organisational"),
            {**RISKY, "start_margin_spread": 0.08, "phase_months": 6.0},
            **shared,
        ),
    ]


class Watched:
    """One future of a scenario that can be lived month by month, watching the state before each step."""

    def __init__(self, scenario: Scenario, seed: int = 81):
        self.prepared = simulation.prepare(scenario, seed)
        self.settings = settings_of(self.prepared)
        self.world = self.prepared.world
        begin(view(self.world.now)[0], view(self.prepared.par)[0], view(self.world.org))
        self.bodies, self.places, _ = self.world.shape

    def outputs(self) -> Outputs:
        """Room for what one month measures."""
        rows = simulation.empty_output(self.prepared, 1, "full")
        history, system = view(rows.history)[0], view(rows.system)[0, 0]
        partners, full, places = view(rows.partner)[0, 0], view(rows.full)[0, 0], view(rows.place)[0, 0]
        return Outputs(system, history, partners, full, places)

    def live(
        self, world: WorldMemory, month: int, off: tuple[str, ...] = ()
    ) -> list[tuple[str, WorldMemory]]:
        """Live a month in `world`; returns the steps taken, each with a copy of the world before it, and at
        last the end.
        """
        before: list[tuple[str, WorldMemory]] = []

        def watched(name: str, step: Any) -> Any:
            def taken(*given: Any) -> Any:
                before.append((name, world.copy()))
                return step(*given)

            return taken

        world.now["month"], world.now["calendar"] = month, month % 12
        settings = self.settings._replace(on=view(switches(off))[0])
        outputs, log = self.outputs(), view(simulation.silent_log())
        steps = {name: getattr(month_module, name) for name in NAMES}
        try:
            for name, step in steps.items():
                setattr(month_module, name, watched(name, step))
            month_module.month(world.views(COMPILED), settings, outputs, log)
        finally:
            for name, step in steps.items():
                setattr(month_module, name, step)
        return [*before, ("", world)]


def differing(one: WorldMemory, other: WorldMemory) -> set[str]:
    """Fields ('org.cash', 'trust') in which two worlds differ, to the last bit."""
    found = set()
    for name, dtype, _ in LAYOUT:
        a, b = one.named[name], other.named[name]
        for field in dtype.names if dtype is not None else (None,):
            if (a if field is None else a[field]).tobytes() != (b if field is None else b[field]).tobytes():
                found.add(name if field is None else f"{name}.{field}")
    return found


def after(trace: list[tuple[str, WorldMemory]], step: str) -> WorldMemory:
    """The world as it was before the first step taken that comes after this one."""
    later = NAMES[NAMES.index(step) + 1 :]
    return next(world for name, world in trace if name == "" or name in later)


def explore() -> dict[str, Any]:
    """For each step: what its absence changes by the end of the first month it matters in, and what it itself
    ever changes.
    """
    found: dict[str, Any] = dict.fromkeys(CAN_BE_OFF)
    itself: dict[str, set[str]] = {name: set() for name in CAN_BE_OFF}
    for number, scenario in enumerate(busy_scenarios()):
        watched = Watched(scenario)
        for month in range(scenario.months):
            start = watched.world.copy()
            whole = watched.live(watched.world, month)
            end = watched.world.copy()
            at = dict(whole)
            for step in CAN_BE_OFF:
                itself[step] |= differing(at[step], after(whole, step))
                if found[step] is None:
                    other = start.copy()
                    without = watched.live(other, month, (step,))
                    changed = differing(end, other)
                    if changed:
                        before = differing(at[step], after(without, step))
                        found[step] = {
                            "scenario": number,
                            "month": month,
                            "before": sorted(before),
                            "changed": sorted(changed),
                        }
    for step in CAN_BE_OFF:
        if found[step] is not None:
            found[step]["itself"] = sorted(itself[step])
    return found


if __name__ == "__main__":
    assert not COMPILED, "set NUMBA_DISABLE_JIT=1"
    with np.errstate(all="ignore"):
        print(json.dumps(explore()))
