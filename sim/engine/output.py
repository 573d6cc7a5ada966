"""The arrays that a batch of futures fills, and how to make them empty."""

from dataclasses import dataclass

import numpy as np

from sim.declarations import indicators
from sim.engine.prepared import Prepared, as_rules_take
from sim.rules.run import Batch, summarise
from sim.rules.scenario_events import PUT_ON_TABLE


@dataclass
class Output:
    """The results of a batch of f futures; arrays that are not recorded have no rows."""

    summary: np.ndarray  # (f, v, 3)
    history: np.ndarray  # (f, proposals: the team's, then those of events) PROJECT_ROW
    system: np.ndarray  # (f or 0, m) SYSTEM_ROW
    partner: np.ndarray  # (f, m, n or 0) PARTNER_ROW
    full: np.ndarray  # (f, m, n or 0) FULL_ROW
    place: np.ndarray  # (f, m, p or 0) PLACE_ROW
    ties: np.ndarray  # (f, m, n or 0, n or 0) trust


def empty_history(futures: int, proposals: int) -> np.ndarray:
    """Return dates for this number of proposals, none of them known."""
    history = np.zeros((futures, proposals), indicators.PROJECT_ROW)
    history.view("f8").fill(np.nan)
    return history


def of_the_team(months: int) -> int:
    """Return how many rows come first, for the board's team: it brings at most one proposal a month."""
    return months + 2


def by_events(happenings: np.ndarray) -> int:
    """Count the proposals that events put on the table."""
    return int((happenings["do"] == PUT_ON_TABLE).sum())


def empty_output(prepared: Prepared, futures: int, record: str) -> Output:
    n, p, _ = prepared.world.shape
    m = prepared.months
    kept, full = record != "summary", record == "full"
    return Output(
        summary=np.zeros((futures, len(indicators.SYSTEM), 3)),
        history=empty_history(futures, of_the_team(m) + by_events(prepared.happenings)),
        system=np.zeros((futures * kept, m), indicators.SYSTEM_ROW),
        partner=np.zeros((futures, m, n * kept), indicators.PARTNER_ROW),
        full=np.zeros((futures, m, n * full), indicators.FULL_ROW),
        place=np.zeros((futures, m, p * kept), indicators.PLACE_ROW),
        ties=np.zeros((futures, m, n * full, n * full)),
    )


def rows_of(output: Output, start: int, stop: int) -> Output:
    """Return futures start ... stop - 1 of a batch, always with rows for the system's monthly indicators."""
    rows = Output(**{name: array[start:stop] for name, array in vars(output).items()})
    if not len(output.system):
        rows.system = np.zeros((stop - start, output.partner.shape[1]), indicators.SYSTEM_ROW)
    return rows


def batch_of(rows: Output, ends: np.ndarray, log: np.ndarray) -> Batch:
    """Return the arrays into which `run_chunk` writes."""
    return Batch(
        system=as_rules_take(rows.system),
        history=as_rules_take(rows.history),
        partners=as_rules_take(rows.partner),
        full=as_rules_take(rows.full),
        places=as_rules_take(rows.place),
        ties=rows.ties,
        ends=ends,
        events=as_rules_take(log),
    )


def share_history(given: np.ndarray, into: np.ndarray, months: int) -> None:
    """Copy the dates of proposals so far: the team's from the first row, those of events from the last."""
    own = of_the_team(months)
    into[:, :own] = given[:, :own]
    both = min(given.shape[1], into.shape[1]) - own
    if both:
        into[:, -both:] = given[:, -both:]


def fill_summary(rows: Output) -> None:
    """Fill the summary of a batch from its monthly indicators."""
    summarise(rows.system.view("f8").reshape(*rows.system.shape, len(indicators.SYSTEM)), rows.summary)
