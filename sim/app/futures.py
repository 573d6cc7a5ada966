"""Simulates the futures of one scenario chunk by chunk, and keeps only what the page shows.

Futures are numbered: the first hundred of a thousand are the same whether or not the others are ever
simulated.
"""

import threading
from dataclasses import dataclass

import numpy as np

from sim.declarations import indicators
from sim.engine import simulation
from sim.engine.dataset import outcomes
from sim.engine.starting_world import partner_names
from sim.results.publishing import digest_of
from sim.scenario.scenario import Scenario

CHUNK = 25
SERIES = ("integration", "balance", "waiting", "trust", "members")
# Differences, headlines and lessons are computed from these: one number per future. COMPARED are the rows in
# a table of differences.
COMPARED = (
    "integration_final_year",
    "balance_final_year",
    "waiting_final_year",
    "trust_final_year",
    "members_last",
    "walk_aways_last",
    "unmet_final_year",
    "delivered_last",
    "months_to_decision",
    "promises_kept_share",
)
OUTCOMES = (
    *COMPARED,
    "mergers_directed_last",
    "mergers_last",
    "engagement_final_year",
    "quality_final_year",
    "in_the_red_final_year",
    "bad_passed_last",
    "good_blocked_last",
    "resentment_mean",
    "agreed_share",
)
STAYS = -1


def key_of(scenario: Scenario) -> str:
    """Returns a digest that is the same for scenarios that run alike. (Systems have one description each.)"""
    return digest_of(scenario.model_dump(mode="json", exclude={"system"}))


def over_twelve_months(monthly: np.ndarray) -> np.ndarray:
    """Sums the last twelve months, shape (..., months); in the first year, scales up the sum so far."""
    total = np.cumsum(monthly, axis=-1)
    total[..., 12:] -= total[..., :-12].copy()
    total[..., :12] *= 12.0 / np.arange(1, 1 + min(12, monthly.shape[-1]))
    return total


@dataclass(frozen=True)
class Part:
    """The results of one chunk, to be put into the arrays of `Lived`."""

    start: int
    series: np.ndarray
    outcomes: np.ndarray
    gone: np.ndarray


class Lived:
    """The results of futures 0 ... done - 1 of a scenario: `series` (series, futures, months), `outcomes`
    (outcomes, futures), `gone` (futures, bodies). `gone` is the first month in which a body exists but is not
    a member, or STAYS.
    """

    def __init__(self, scenario: Scenario, seed: int, most: int):
        self.scenario, self.seed, self.most = scenario, seed, most
        self.key = key_of(scenario)
        self.bodies = partner_names(scenario.system)
        self.series = np.empty((len(SERIES), most, scenario.months), "f4")
        self.outcomes = np.empty((len(OUTCOMES), most))
        self.gone = np.empty((most, len(self.bodies)), "i2")
        self.given = 0  # futures that were handed out to be simulated
        self.done = 0  # futures simulated so far, counted from 0 without a gap
        self._finished: set[int] = set()
        self._lock = threading.Lock()
        self._prepared: simulation.Prepared | None = None
        self.kept: dict[object, object] = {}  # results computed from the first so many futures

    def prepared(self) -> simulation.Prepared:
        with self._lock:
            if self._prepared is None:
                self._prepared = simulation.prepare(self.scenario, self.seed)
            return self._prepared

    def next_chunk(self) -> tuple[int, int]:
        """Returns the next futures to simulate, and counts them as handed out."""
        start = self.given
        self.given = min(start + CHUNK, self.most)
        return start, self.given

    def live(self, start: int, stop: int) -> Part:
        """Simulates futures start ... stop - 1; any thread may call this."""
        prepared = self.prepared()
        output = simulation.empty_output(prepared, stop - start, "series")
        simulation.run_into(prepared, output, start, 0, stop - start, simulation.silent_log())
        series = np.stack([output.system[name] for name in SERIES])
        balance = SERIES.index("balance")
        series[balance] = over_twelve_months(series[balance])
        named = outcomes(output)
        left = (output.partner["membership"] == 0) & (output.partner["exists"] == 1)
        gone = np.where(left.any(axis=1), left.argmax(axis=1), STAYS)
        return Part(start, series, np.stack([named[name] for name in OUTCOMES]), gone)

    def keep(self, part: Part) -> None:
        """Put a chunk into its place; the caller makes sure that only one thread does so at a time."""
        stop = part.start + part.series.shape[1]
        self.series[:, part.start : stop] = part.series
        self.outcomes[:, part.start : stop] = part.outcomes
        self.gone[part.start : stop] = part.gone
        self._finished.add(part.start)
        while self.done in self._finished:
            self._finished.remove(self.done)
            self.done = min(self.done + CHUNK, self.most)

    def outcome(self, name: str, futures: int) -> np.ndarray:
        """Returns an outcome of each of the first futures; NaN where there was nothing to count."""
        return self.outcomes[OUTCOMES.index(name), :futures]


def unit_of(series: str) -> str:
    return "GBP m a year" if series == "balance" else indicators.SYSTEM[series].unit
