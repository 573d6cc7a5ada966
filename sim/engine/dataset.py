"""Runs as labelled data: an xarray Dataset with a unit and a long name on every variable."""

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.declarations import indicators
from sim.declarations.indicators import Indicator, Outcome
from sim.engine import simulation
from sim.engine.starting_world import partner_names
from sim.inputs.problems import BadInput, not_whole, unknown
from sim.scenario.scenario import Scenario, not_a_scenario

if TYPE_CHECKING:
    import xarray as xr

START = np.datetime64("2016-04")


def simulate(
    scenario: Scenario,
    futures: int = 1000,
    seed: int = 1,
    threads: int | None = None,
    record: str = "series",
    first: int = 0,
    progress: Callable[[int], None] | None = None,
) -> "xr.Dataset":
    """Simulate a scenario over futures `first` to `first + futures - 1`.

    Dimensions: future, month, partner, place, project (in order of tabling; proposals that events bring come
    last, in reverse order). `record` is "series" (monthly indicators and the outcomes), "summary" (outcomes
    only, one number a future) or "full" (also every partner's accounts, and `trust_in` between each pair).
    While a body does not exist, its values are NaN and `exists` is False. `progress` is called with the
    number of futures just finished; `threads` defaults to one a core. Raises BadInput (a ValueError).
    """
    check_run(scenario, futures, seed, threads, record, first)
    output = simulation.run(scenario, futures, seed, first, threads, record, progress)
    return to_dataset(scenario, output, seed, first)


def check_run(
    scenario: Scenario, futures: int, seed: int, threads: int | None, record: str, first: int
) -> None:
    """Check the arguments. Raises BadInput that names every one out of bounds."""
    problems = not_a_scenario(scenario)
    if record not in simulation.RECORDS:
        problems.append(unknown("record", record, simulation.RECORDS))
    for name, value, low, high in (
        ("futures", futures, 1, 10**8),
        ("seed", seed, 0, 2**64 - 1),
        ("first", first, 0, 2**32 - 1),
        ("threads", threads, 1, 1024),
    ):
        problems += not_whole(name, value, low, high) if value is not None or name != "threads" else []
    if not problems:
        problems += simulation.too_far(first, futures)
    if problems:
        raise BadInput("\n".join(problems))


def to_dataset(scenario: Scenario, output: simulation.Output, seed: int, first: int) -> "xr.Dataset":
    """Label the arrays of a batch. (Adding variables to a Dataset one by one takes quadratic time.)"""
    import xarray as xr

    futures = len(output.summary)
    coords: dict[str, Any] = {
        "future": ("future", np.arange(first, first + futures), {"long_name": "future", "units": "number"})
    }
    variables: dict[str, Any] = {}

    def add(indicator: Indicator | Outcome, dims: tuple[str, ...], values: np.ndarray) -> None:
        variables[indicator.name] = (
            dims,
            np.ascontiguousarray(values),
            {"units": indicator.unit, "long_name": indicator.label},
        )

    for name, values in outcomes(output).items():
        add(indicators.OUTCOMES[name], ("future",), values)
    if len(output.system):
        coords |= _coordinates(scenario)
        for indicator in indicators.SYSTEM.values():
            add(indicator, ("future", "month"), output.system[indicator.name])
        for table, array in ((indicators.PARTNER, output.partner), (indicators.PARTNER_FULL, output.full)):
            if array.shape[2]:
                for indicator in table.values():
                    values = array[indicator.name]
                    add(
                        indicator,
                        ("future", "month", "partner"),
                        values.astype(bool) if indicator.name == "exists" else values,
                    )
        for indicator in indicators.PLACE.values():
            add(indicator, ("future", "month", "place"), output.place[indicator.name])
        for indicator in indicators.PROJECT.values():
            add(indicator, ("future", "project"), output.history[indicator.name][:, 1:])
        if output.ties.shape[2]:
            coords["other"] = ("other", coords["partner"][1], {"long_name": "other partner"})
            add(
                Indicator("trust_in", "share", "trust of the partner in the other partner"),
                ("future", "month", "partner", "other"),
                output.ties,
            )
    attributes = {
        "title": f"{scenario.system.label}: {scenario.regimes[scenario.regime].label}",
        "system": scenario.system_name,
        "regime": scenario.regime,
        "seed": str(seed),
        "version": program_version(),
        "licence": "MIT",
    }
    return xr.Dataset(variables, coords, attributes)


def _coordinates(scenario: Scenario) -> dict[str, Any]:
    """Return the coordinates: months, their dates, partners and places."""
    months = np.arange(scenario.months)
    dates = (START + months.astype("timedelta64[M]")).astype("datetime64[ns]")
    return {
        "month": ("month", months, {"long_name": "months since April 2016", "units": "months"}),
        "date": ("month", dates, {"long_name": "date"}),
        "partner": ("partner", np.array(partner_names(scenario.system)), {"long_name": "partner"}),
        "place": ("place", np.array(list(scenario.system.places)), {"long_name": "place"}),
    }


def outcomes(output: simulation.Output) -> dict[str, np.ndarray]:
    """Return one number a future for each name in `indicators.OUTCOMES`; NaN if there is nothing to count."""
    values = {}
    for column, name in enumerate(indicators.SYSTEM):
        for part, suffix in enumerate(indicators.REDUCERS):
            values[f"{name}_{suffix}"] = output.summary[:, column, part]
    history = output.history[:, 1:]
    tabled, decided, delivered = (
        history["project_tabled"],
        history["project_decided"],
        history["project_delivered"],
    )
    agreed = history["project_outcome"] == 1
    waits = decided - tabled
    values["months_to_decision"] = _mean(waits)
    local = history["project_local"] == 1
    values["months_to_decision_place"] = _mean(np.where(local, waits, np.nan))
    values["months_to_decision_system"] = _mean(np.where(local, np.nan, waits))
    values["months_to_agreement"] = _mean(np.where(agreed, waits, np.nan))
    values["months_to_delivery"] = _mean(delivered - tabled)
    values["realised_share"] = _mean(np.where(np.isfinite(delivered), history["project_realised"], np.nan))
    brought = np.isfinite(tabled).sum(axis=1)
    known = np.isfinite(decided).sum(axis=1)
    values["undecided_share"] = _ratio(brought - known, brought)
    values["agreed_share"] = _ratio(agreed.sum(axis=1), known)
    values["promises_kept_share"] = _ratio(values["promises_kept_last"], values["promises_due_last"])
    return values


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


def _mean(values: np.ndarray) -> np.ndarray:
    """Return the mean of the finite values of each row, NaN where there are none. It is a plain sum, so its
    bytes do not depend on the batch.
    """
    finite = np.isfinite(values)
    return _ratio(np.where(finite, values, 0.0).sum(axis=1), finite.sum(axis=1))


def program_version() -> str:
    try:
        return version("local-health-systems")
    except PackageNotFoundError:
        return "not installed"
