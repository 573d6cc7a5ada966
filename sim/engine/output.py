"""What a batch of futures gives, and room for it before it is lived."""

from dataclasses import dataclass

import numpy as np

from sim.declarations import indicators
from sim.engine.prepared import Prepared, as_rules_take
from sim.rules.run import Batch, summarise
from sim.rules.scenario_events import PUT_ON_TABLE


@dataclass
class Output:
    """What a batch of f futures gave; arrays not asked for have no rows."""

    summary: np.ndarray  # (f, v, 3)
    history: np.ndarray  # (f, proposals: those of the team, then by events) PROJECT_ROW
    system: np.ndarray  # (f or 0, m) SYSTEM_ROW
    partner: np.ndarray  # (f, m, n or 0) PARTNER_ROW
    full: np.ndarray  # (f, m, n or 0) FULL_ROW
    place: np.ndarray  # (f, m, p or 0) PLACE_ROW
    ties: np.ndarray  # (f, m, n or 0, n or 0) trust


def empty_history(futures: int, proposals: int) -> np.ndarray:
    """Dates of so many proposals, none of them known."""
    history = np.zeros((futures, proposals), indicators.PROJECT_ROW)
    history.view("f8").fill(np.nan)
    return history


def of_the_team(months: int) -> int:
    """How many rows of dates stand first, for what the board's team brings: it brings no more than one
    proposal a month.
    """
    return months + 2


def by_events(happenings: np.ndarray) -> int:
    """How many proposals events put on the table."""
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
    """Futures start ... stop - 1 of a batch; with rows for the monthly indicators of the system even if
    nobody asked for them.
    """
    rows = Output(**{name: array[start:stop] for name, array in vars(output).items()})
    if not len(output.system):
        rows.system = np.zeros((stop - start, output.partner.shape[1]), indicators.SYSTEM_ROW)
    return rows


def batch_of(rows: Output, ends: np.ndarray, log: np.ndarray) -> Batch:
    """Where `run_chunk` leaves what it finds."""
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
    """What is known of proposals so far: those of the team stand first, those that events brought stand last,
    backwards.
    """
    own = of_the_team(months)
    into[:, :own] = given[:, :own]
    both = min(given.shape[1], into.shape[1]) - own
    if both:
        into[:, -both:] = given[:, -both:]


def fill_summary(rows: Output) -> None:
    """Fill the summary of a batch from its monthly indicators."""
    summarise(rows.system.view("f8").reshape(*rows.system.shape, len(indicators.SYSTEM)), rows.summary)
