"""Ranks partners by how much the system needs them: each in turn walks away, over the same futures."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.analysis.compare import compare
from sim.analysis.intervals import checked_level, mean_interval
from sim.analysis.outcomes import describe, known, more_is_worse
from sim.analysis.tables import NotedTable, noted, small_print
from sim.engine.dataset import simulate
from sim.inputs.problems import BadInput
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import xarray as xr

COLUMNS = ["partner", "label", "kind", "difference", "low", "high", "worse", "member", "tied", "futures"]
Progress = Callable[[int], None]
FEW = 10  # futures that show which bodies exist
BATCH = 500  # futures whose monthly values are held at once


def candidates(scenario: Scenario, month: int = 24) -> tuple[str, ...]:
    """Returns the partners that exist under the scenario's regime when `month` has begun, in the system's
    order.

    Bodies that the law has abolished by then are left out, and so is a statutory body, which cannot leave
    itself. A few short runs show which exist: a body that has merged away in only some of them counts. Raises
    BadInput if the month lies beyond the horizon.
    """
    if not isinstance(month, int) or isinstance(month, bool) or not 0 <= month < scenario.months:
        raise BadInput(f"month = {month!r}: must be a whole number from 0 to {scenario.months - 1}")
    events = [event.model_dump() for event in scenario.events if event.month <= month]
    data = simulate(scenario.changed(months=month + 1, events=events), futures=FEW, threads=1)
    there = data["exists"].isel(month=month).any("future")
    return tuple(name for name in scenario.system.partners if bool(there.sel(partner=name)))


def runs_needed(scenario: Scenario, month: int = 24, futures: int = 100) -> int:
    """Returns how many futures `criticality` simulates in all, for a progress bar."""
    return futures * (1 + len(candidates(scenario, month)))


def criticality(
    scenario: Scenario,
    month: int = 24,
    futures: int = 100,
    seed: int = 1,
    outcome: str = "integration_mean",
    progress: Progress | None = None,
    level: float = 0.95,
    threads: int | None = None,
) -> NotedTable:
    """Returns what happens to `outcome` when a partner walks away at `month` (leave-one-out): most harmful
    first, ties by name.

    One row per partner that exists then (`candidates`), simulated with and without its leaving over the same
    futures. Columns: partner, label, kind; `difference`, `low`, `high` (mean paired difference, with its
    leaving minus without, and its Student t interval, in the outcome's unit); `worse` (share of futures that
    its leaving made worse, ties half); `member` (share of futures in which it was still a member at the end
    of that month without the event; where it had already left, the event only keeps it away); `tied` (chance
    does not tell the partner apart from the worst: the interval of their paired difference includes 0);
    `futures` (number of pairs). `sim.declarations.indicators` says whether more or less is worse. `attrs`:
    note, outcome, month, regime, level, seed, futures. `progress` is called with the number of futures just
    finished, `runs_needed` in all. The interval shows chance alone, at one parameter set, and is not widened
    for picking the worst of many. Raises BadInput for a month beyond the horizon or an unknown outcome.
    """
    (name,), level = known(outcome), checked_level(level)
    able = candidates(scenario, month)
    without, members = _without_event(scenario, futures, seed, threads, name, month, progress)
    rows, left = [], {}
    for partner in able:
        event = {"month": month, "do": "leave", "partner": partner}
        gone = simulate(scenario.with_events(event), futures, seed, threads, "summary", progress=progress)
        change = compare(without, gone, [name], level).iloc[0]
        left[partner] = gone[name].values
        rows.append(_row(scenario, partner, change, name, float(members.sel(partner=partner))))
    direction = -1.0 if more_is_worse(name) else 1.0
    # Unknown values (NaN) come last.
    rows.sort(key=lambda row: (row["futures"] == 0, direction * row["difference"], row["partner"]))
    for row in rows:
        _, low, high = mean_interval(left[row["partner"]] - left[rows[0]["partner"]], level)
        row["tied"] = bool(low <= 0.0 <= high)
    note = f"{small_print(futures, seed, f'{level:.0%} intervals')}. A partner leaves in month {month}."
    return noted(
        rows,
        COLUMNS,
        note,
        outcome=name,
        unit=describe(name).unit,
        month=month,
        regime=scenario.regime,
        regime_label=scenario.regimes[scenario.regime].label,
        level=level,
        seed=str(seed),
        futures=futures,
    )


def _without_event(
    scenario: Scenario,
    futures: int,
    seed: int,
    threads: int | None,
    outcome: str,
    month: int,
    progress: Progress | None,
) -> "tuple[xr.Dataset, xr.DataArray]":
    """Returns the outcome when nobody is made to leave, and for each partner the share of futures in which it
    is a member at the end of the month. Works in batches, because monthly values of many futures would fill
    the memory.
    """
    import xarray as xr

    outcomes, members = [], []
    for first in range(0, futures, BATCH):
        data = simulate(scenario, min(BATCH, futures - first), seed, threads, "series", first, progress)
        outcomes.append(
            data[[outcome]].drop_vars(["month", "date", "partner", "place"], errors="ignore").copy(deep=True)
        )
        members.append((data["membership"].isel(month=month) > 0).sum("future"))
    return xr.concat(outcomes, "future", combine_attrs="override"), sum(
        members[1:], start=members[0]
    ) / futures


def _row(scenario: Scenario, partner: str, change: Any, outcome: str, member: float) -> dict[str, Any]:
    body, rise = scenario.system.partners[partner], float(change["probability"])
    return {
        "partner": partner,
        "label": body.label,
        "kind": body.kind,
        "difference": float(change["difference"]),
        "low": float(change["low"]),
        "high": float(change["high"]),
        "worse": rise if more_is_worse(outcome) else 1.0 - rise,
        "member": member,
        "futures": int(change["futures"]),
    }
