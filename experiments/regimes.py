"""How a local system fares under several governance regimes, over the same futures, and when its most critical partner leaves.

    python experiments/regimes.py
    python experiments/regimes.py system=dorset 'regimes=[stp_2016,option2]' futures=2000 params.squeeze=0.015 seed=1
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import pandas as pd
from pydantic import Field, field_validator, model_validator

import sim
from sim import library
from sim.analysis.compare import compare
from sim.analysis.criticality import criticality
from sim.experiment import Bar, main
from sim.loading import Composed
from sim.problems import unknown
from sim.scenario import Scenario

if TYPE_CHECKING:
    import xarray as xr

FANS = ("integration", "balance", "member_share", "trust", "waiting")


class Request(Composed):
    """The keys of `configs/experiment/regimes.yaml`."""

    regimes: tuple[str, ...] = Field(min_length=1)
    futures: Annotated[int, Field(ge=2, le=1_000_000)] = 1000
    seed: Annotated[int, Field(ge=0, lt=2**64)] = 1
    threads: Annotated[int, Field(ge=1, le=1024)] | None = None
    walk_away_month: Annotated[int, Field(ge=0)] | None = 24
    criticality_futures: Annotated[int, Field(ge=2, le=100_000)] = 100
    minutes_future: Annotated[int, Field(ge=0)] = 0

    @field_validator("regimes", mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        names = library.names("regime") if value == "all" else [value] if isinstance(value, str) else value
        if not isinstance(names, (list, tuple)):
            return names
        problems = [unknown("regimes", name, [*library.names("regime"), "all"]) for name in names if name not in library.names("regime")]
        if len(set(map(str, names))) < len(names):
            problems.append("regimes: each can be named only once")
        if problems:
            raise ValueError("\n".join(problems))
        return tuple(names)

    @model_validator(mode="after")
    def _runs(self) -> "Request":
        for name in self.regimes:
            self.scenario(name)
        if self.walk_away_month is not None and self.walk_away_month >= self.months:
            raise ValueError(f"walk_away_month = {self.walk_away_month}: after the horizon; allowed from 0 to {self.months - 1}, or null")
        return self

    def scenarios(self, **changes: Any) -> dict[str, Scenario]:
        """The scenario of every regime, in the order asked for."""
        request = self.model_copy(update=changes)
        return {name: request.scenario(name) for name in self.regimes}


def runs(request: Request) -> int:
    """How many runs the request needs."""
    batches = 1 + (request.payment == "equal") + (request.walk_away_month is not None)
    left_out = len(request.regimes) * len(request.system["partners"]) * request.criticality_futures
    return len(request.regimes) * batches * request.futures + (left_out if request.walk_away_month is not None else 0)


def simulate_all(request: Request, scenarios: dict[str, Scenario], bar: Bar) -> "dict[str, xr.Dataset]":
    """One dataset a regime; of the monthly variables only those of the whole system are kept, which saves memory."""
    kept = {}
    for name, scenario in scenarios.items():
        data = sim.simulate(scenario, request.futures, request.seed, request.threads, progress=bar.advance)
        small = [str(v) for v in data.data_vars if not {"partner", "place"} & set(data[v].dims)]
        kept[name] = data[small].copy(deep=True)
    return kept


def most_critical(request: Request, scenarios: dict[str, Scenario], bar: Bar) -> tuple[str, pd.DataFrame]:
    """The partner whose leaving lowers mean integration most in the first regime, of those that exist in every regime."""
    tables = []
    for name, scenario in scenarios.items():
        table = criticality(scenario, request.walk_away_month or 0, request.criticality_futures, request.seed, progress=bar.advance)
        tables.append(table.assign(regime=name))
    ranking = pd.concat(tables, ignore_index=True)
    common = set.intersection(*(set(table["partner"]) for table in tables))
    first = tables[0]
    return str(first[first["partner"].isin(common)].iloc[0]["partner"]), ranking


def write_minutes(request: Request, scenarios: dict[str, Scenario], folder: Path) -> None:
    """The minutes of one future under each regime, as a table and as a text to read."""
    for name, scenario in scenarios.items():
        table = sim.minutes(scenario, request.seed, request.minutes_future)
        table.to_csv(folder / f"minutes_{name}.csv", index=False)
        title = f"{scenario.system.label}: {scenario.regimes[name].label}. Minutes of future {request.minutes_future}, seed {request.seed}."
        lines = [f"{row.date}  {row.sentence}" for row in table.itertuples()]
        (folder / f"minutes_{name}.txt").write_text("\n".join([title, "", *lines]) + "\n", encoding="utf-8")


def compare_all(datasets: "dict[str, xr.Dataset]", comparison: str) -> pd.DataFrame:
    """Paired differences of every regime from the first."""
    (first, baseline), *others = datasets.items()
    tables = [compare(baseline, other).assign(comparison=comparison, baseline_regime=first, regime=name) for name, other in others]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def work(request: Request, folder: Path, bar: Bar) -> None:
    """Simulate, then write tables, figures and minutes into `folder`."""
    scenarios = request.scenarios()
    labels = {name: scenario.regimes[name].label for name, scenario in scenarios.items()}
    bar.stage("Regimes, payment " + ("equal" if request.payment == "equal" else "as each has it"))
    datasets = simulate_all(request, scenarios, bar)
    differences = [compare_all(datasets, f"payment {request.payment}")]
    if request.payment == "equal":
        bar.stage("Regimes, payment as each has it")
        differences.append(compare_all(simulate_all(request, request.scenarios(payment="preset"), bar), "payment preset"))
    if request.walk_away_month is not None:
        bar.stage("Which partner matters most")
        partner, ranking = most_critical(request, scenarios, bar)
        ranking.to_csv(folder / "criticality.csv", index=False)
        event = {"month": request.walk_away_month, "partner": partner, "do": "leave"}
        bar.stage("The same, and it walks away")
        without = simulate_all(request, {name: s.with_events(event) for name, s in scenarios.items()}, bar)
        for name in scenarios:
            table = compare(datasets[name], without[name])
            differences.append(table.assign(comparison=f"{partner} leaves", baseline_regime=name, regime=name))
    bar.stage("Tables, figures, minutes")
    tables(request, datasets, labels, pd.concat(differences, ignore_index=True), folder)
    draw(request, datasets, labels, folder)
    if request.walk_away_month is not None:
        draw_departure(request, without, labels, ranking, partner, folder)
    write_minutes(request, scenarios, folder)


if __name__ == "__main__":
    sys.exit(main("regimes", Request, runs, work))
