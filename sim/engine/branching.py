"""4.14 One history that branches: the months that the branches share are simulated once for each future; then
each branch goes on under its own law or events.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from sim.engine import simulation
from sim.engine.dataset import check_run, to_dataset
from sim.inputs.problems import BadInput
from sim.scenario.scenario import Event, Scenario, not_a_scenario

if TYPE_CHECKING:
    import xarray as xr

ACT_FROM_THE_START = ("system_name", "regime", "off", "months", "table_size")


def branch(
    scenario: Scenario,
    month: int,
    branches: str | Sequence[str] | Mapping[str, Scenario],
    futures: int = 1000,
    seed: int = 1,
    threads: int | None = None,
    record: str = "series",
    first: int = 0,
    progress: Callable[[int], None] | None = None,
) -> "dict[str, xr.Dataset]":
    """Run `scenario` until `month`, then each branch from the same state. Returns a dataset for each branch,
    by name, as `simulate` gives it.

    `branches` are a regime or several (each starts in `month`, as in `scenario.after(month, regime)`), or
    scenarios by name. These may differ from `scenario` only in what happens from `month` on. The series
    include the shared months, and every byte is that of `simulate(branch)`. The other arguments are those of
    `simulate`. Raises BadInput (a ValueError) that names what differs before `month`.
    """
    check_run(scenario, futures, seed, threads, record, first)
    if not isinstance(month, int) or isinstance(month, bool) or not 1 <= month < scenario.months:
        raise BadInput(f"month = {month!r}: must be a whole number from 1 to {scenario.months - 1}")
    regimes = [branches] if isinstance(branches, str) else branches
    named = (
        dict(regimes)
        if isinstance(regimes, Mapping)
        else {regime: scenario.after(month, regime) for regime in regimes}
    )
    if not named:
        raise BadInput("branches: name at least one regime or scenario")
    problems = [
        f"branches.{name}: {problem}" for name, other in named.items() for problem in not_a_scenario(other)
    ]
    problems = problems or [
        problem for name, other in named.items() for problem in differences(scenario, other, month, name)
    ]
    if problems:
        raise BadInput("\n".join(problems))
    outputs = simulation.run_branches(
        list(named.values()), month, futures, seed, first, threads, record, progress
    )
    return {
        name: to_dataset(other, output, seed, first)
        for (name, other), output in zip(named.items(), outputs, strict=True)
    }


def differences(scenario: Scenario, other: Scenario, month: int, name: str) -> list[str]:
    """List what keeps two scenarios from sharing all months before `month`, one line each."""
    where = f"branches.{name}"
    found = []
    for field in ACT_FROM_THE_START:
        one, two = getattr(scenario, field), getattr(other, field)
        if one != two:
            found.append(
                f"{where}.{field} = {two!r}: acts from month 0, where the shared months have {one!r}"
            )
    if scenario.system != other.system:
        found.append(f"{where}.system: not the system of the shared months")
    for parameter in sorted({*scenario.params, *other.params}):
        one, two = scenario.params.get(parameter), other.params.get(parameter)
        if one != two:
            found.append(
                f"{where}.params.{parameter} = {_given(two)}: acts from month 0, where the shared "
                f"months have {_given(one)}"
            )
    if _early(scenario, month) != _early(other, month):
        found.append(
            f"{where}.events: not those of the shared months before month {month}: "
            f"{_told(_early(other, month))} "
            f"instead of {_told(_early(scenario, month))}"
        )
    for law in sorted(
        {scenario.regime, *(event.regime for event in _early(scenario, month) if event.regime)}
    ):
        if law in other.regimes and scenario.regimes[law] != other.regimes[law]:
            dials = {
                dial for dial, value in scenario.regimes[law] if value != getattr(other.regimes[law], dial)
            }
            found.append(
                f"{where}.regimes.{law}: in force before month {month}, and differs in "
                f"{', '.join(sorted(dials))}"
            )
    return found


def _early(scenario: Scenario, month: int) -> list[Event]:
    """Return the events before a month, sorted so that two scenarios can be compared."""
    return sorted((event for event in scenario.events if event.month < month), key=str)


def _told(events: list[Event]) -> str:
    shown = [
        " ".join(str(value) for value in event.model_dump(exclude_none=True).values()) for event in events
    ]
    return f"[{', '.join(shown)}]"


def _given(value: float | None) -> str:
    return "the default" if value is None else f"{value:g}"
