"""A scenario in the form the rules take: parameters, dials, switches, events, and the world of month 0."""

from dataclasses import dataclass

import numpy as np

from sim.declarations import parameters
from sim.declarations.regimes import record as regime_record
from sim.engine.starting_world import build_world, partner_names
from sim.kernel.compiled import COMPILED
from sim.kernel.records import PROJECT_KINDS
from sim.kernel.world import WorldMemory, readable
from sim.rules.month import switches
from sim.rules.run import Settings
from sim.rules.scenario_events import CHANGE_REGIME, HAPPENING, LEAVE, MERGE, PUT_ON_TABLE, RETURN
from sim.scenario.events import Event
from sim.scenario.scenario import Scenario

DO = {"leave": LEAVE, "return": RETURN, "change_regime": CHANGE_REGIME, "merge": MERGE, "table": PUT_ON_TABLE}


@dataclass
class Prepared:
    """A scenario in the form that the compiled rules take."""

    par: np.ndarray
    dials: np.ndarray
    on: np.ndarray
    happenings: np.ndarray
    world: WorldMemory
    scenario: Scenario

    @property
    def months(self) -> int:
        return self.scenario.months


def regime_names(scenario: Scenario) -> list[str]:
    """Return the regimes of a run in the order in which they come into force; the rules number them in this
    order.

    So branches of one history give the same numbers to the regimes of the months they share.
    """
    changes = sorted((event.month, event.regime) for event in scenario.events if event.regime)
    return list(dict.fromkeys([scenario.regime, *(regime for _, regime in changes)]))


def _whom(event: Event, regimes: list[str], bodies: list[str], places: list[str]) -> tuple[int, int]:
    """Return what an event is about, as numbers: (regime, body or kind of proposal; the other body, the place
    or the provider, or -1).
    """
    if event.regime:
        return regimes.index(event.regime), -1
    if event.kind:
        about = (
            places.index(event.place) if event.place else bodies.index(event.partner) if event.partner else -1
        )
        return PROJECT_KINDS.index(event.kind), about
    return bodies.index(event.partner or ""), bodies.index(event.other) if event.other else -1


def happenings_of(scenario: Scenario) -> np.ndarray:
    """Return a scenario's events as the rules take them (dtype HAPPENING); the order of the list does not
    matter.
    """
    known = regime_names(scenario), partner_names(scenario.system), list(scenario.system.places)
    happenings = np.zeros(len(scenario.events), HAPPENING)
    for row, event in zip(happenings, sorted(scenario.events, key=in_order), strict=True):
        row["month"], row["do"] = event.month, DO[event.do]
        row["which"], row["other"] = _whom(event, *known)
    return happenings


def in_order(event: Event) -> tuple[int | str, ...]:
    """Return the key by which a scenario's events are sorted."""
    return (
        event.month,
        event.do,
        event.kind or event.partner or event.regime or "",
        event.other or event.place or event.partner or (""),
    )


def dials_of(scenario: Scenario) -> np.ndarray:
    """Return the dials of every regime of a scenario, in the order of `regime_names`."""
    return regime_record([scenario.regimes[name] for name in regime_names(scenario)])


def prepare(scenario: Scenario, seed: int) -> Prepared:
    """Turn a scenario into records and the world of month 0."""
    world = build_world(scenario)
    world.now["seed_low"], world.now["seed_high"] = seed & 0xFFFFFFFF, seed >> 32
    par, on = parameters.values(scenario.params), switches(scenario.off)
    return Prepared(par, dials_of(scenario), on, happenings_of(scenario), world, scenario)


def as_rules_take(array: np.ndarray) -> np.ndarray:
    """Return an array whose records have attributes, compiled or not."""
    return array if COMPILED else readable(array)


def settings_of(prepared: Prepared) -> Settings:
    """Return the settings that `run_chunk` takes."""
    par, on = as_rules_take(prepared.par)[0], as_rules_take(prepared.on)[0]
    return Settings(par, as_rules_take(prepared.dials), on, as_rules_take(prepared.happenings))
