"""How a local system fares under several governance regimes, over the same futures, and when its most
critical partner leaves.

    python experiments/regimes.py
    python experiments/regimes.py system=dorset 'regimes=[stp_2016,option2]' futures=2000 params.squeeze=0.015
"""

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import pandas as pd
from pydantic import Field, field_validator, model_validator

import sim
from sim.analysis.compare import compare
from sim.analysis.criticality import criticality, runs_needed
from sim.analysis.outcomes import HEADLINE
from sim.analysis.summary import summarise, wide
from sim.analysis.survival import waiting
from sim.analysis.tables import show
from sim.declarations import indicators
from sim.figures.canvas import save
from sim.figures.fan_charts import fan_chart
from sim.figures.forests import criticality_chart, difference_chart
from sim.figures.many_regimes import COLUMNS, grid_chart, rows_chart
from sim.figures.waiting_times import waiting_chart
from sim.inputs import library
from sim.inputs.problems import unknown
from sim.scenario.composing import Composed
from sim.scenario.scenario import Scenario
from sim.studies.command import Bar, main

if TYPE_CHECKING:
    import xarray as xr

FANS = ("integration", "balance", "members", "trust", "waiting")
# fan charts side by side; more regimes are drawn as small panels, or over pages that each begin with the
# baseline
PANELS = 6
# In which `regimes=all` shows them: what the cures are measured against first, then as the debate went on.
ORDER = (
    "joint_committee",
    "market_2012",
    "stp_2016",
    "ics_2018",
    "alliance",
    "devolved_city",
    "joint_committee_equal",
    "hwb_committee",
    "optional_form",
    "option1",
    "option2",
    "option2_guarded",
    "aco_contract",
    "health_boards",
)


def all_regimes() -> list[str]:
    """Every regime shipped, in `ORDER`; those not in it come last."""
    names = library.names("regime")
    return [name for name in ORDER if name in names] + [name for name in names if name not in ORDER]


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
        names = all_regimes() if value == "all" else [value] if isinstance(value, str) else value
        if not isinstance(names, (list, tuple)):
            return names
        problems = [
            unknown("regimes", name, [*library.names("regime"), "all"])
            for name in names
            if name not in library.names("regime")
        ]
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
            raise ValueError(
                f"walk_away_month = {self.walk_away_month}: after the horizon; allowed from 0 "
                f"to {self.months - 1}, or null"
            )
        return self

    def scenarios(self, **changes: Any) -> dict[str, Scenario]:
        """The scenario of every regime, in the order asked for."""
        request = self.model_copy(update=changes)
        return {name: request.scenario(name) for name in self.regimes}


def runs(request: Request) -> int:
    """How many runs the request needs."""
    departs = request.walk_away_month is not None
    batches = 1 + (request.payment == "equal") + departs
    total = len(request.regimes) * batches * request.futures
    if departs:
        month, futures = request.walk_away_month or 0, request.criticality_futures
        total += sum(runs_needed(scenario, month, futures) for scenario in request.scenarios().values())
    return total


def simulate_all(request: Request, scenarios: dict[str, Scenario], bar: Bar) -> "dict[str, xr.Dataset]":
    """One dataset a regime; of the monthly variables only those of the whole system are kept, which saves
    memory.
    """
    kept = {}
    for name, scenario in scenarios.items():
        data = sim.simulate(scenario, request.futures, request.seed, request.threads, progress=bar.advance)
        small = [
            str(v) for v in data.data_vars if v == "exists" or not {"partner", "place"} & set(data[v].dims)
        ]
        kept[name] = data[small].copy(deep=True)
    return kept


def rank(request: Request, scenarios: dict[str, Scenario], bar: Bar) -> dict[str, pd.DataFrame]:
    """Under each regime, what each partner's leaving does to mean integration: leave-one-out."""
    month, futures = request.walk_away_month or 0, request.criticality_futures
    return {
        name: criticality(
            scenario, month, futures, request.seed, progress=bar.advance, threads=request.threads
        )
        for name, scenario in scenarios.items()
    }


def most_critical(rankings: dict[str, pd.DataFrame]) -> str:
    """The partner whose leaving lowers mean integration most under the first regime, of those that exist
    under every regime.
    """
    common = set.intersection(*(set(table["partner"]) for table in rankings.values()))
    first = next(iter(rankings.values()))
    return str(first[first["partner"].isin(common)].iloc[0]["partner"])


def write_minutes(request: Request, scenarios: dict[str, Scenario], folder: Path) -> None:
    """The minutes of one future under each regime, as a table and as a text to read."""
    for name, scenario in scenarios.items():
        table = sim.minutes(scenario, request.seed, request.minutes_future)
        table.to_csv(folder / f"minutes_{name}.csv", index=False)
        title = (
            f"{scenario.system.label}: {scenario.regimes[name].label}. Minutes of future "
            f"{request.minutes_future}, seed {request.seed}."
        )
        lines = [f"{row.date}  {row.sentence}" for row in table.itertuples()]
        (folder / f"minutes_{name}.txt").write_text("\n".join([title, "", *lines]) + "\n", encoding="utf-8")


def compare_all(datasets: "dict[str, xr.Dataset]") -> dict[str, pd.DataFrame]:
    """Paired differences of every regime from the first."""
    (_, baseline), *others = datasets.items()
    return {name: compare(baseline, other) for name, other in others}


def pages(by_regime: dict[str, Any]) -> list[dict[str, Any]]:
    """As many regimes as a figure has panels; each further page begins with the baseline again."""
    (first, baseline), *others = by_regime.items()
    step = PANELS - 1
    return [{first: baseline, **dict(others[at : at + step])} for at in range(0, max(1, len(others)), step)]


def draw(by_regime: dict[str, Any], chart: Any, folder: Path, name: str) -> None:
    """One figure, or several pages of it."""
    drawn = pages(by_regime)
    for number, page in enumerate(drawn, 1):
        save(chart(page), folder, name if len(drawn) == 1 else f"{name}_{number}")


def write_tables(
    request: Request, datasets: "dict[str, xr.Dataset]", labels: dict[str, str], folder: Path
) -> None:
    """The summary by regime, printed too, and what became of proposals."""
    table = summarise(datasets)
    table.to_csv(folder / "summary.csv", index=False)
    if len(datasets) > PANELS:
        named = table.assign(regime=table["regime"].map(labels))
        # as many on each page, or nearly so
        across = math.ceil(len(HEADLINE) / math.ceil(len(HEADLINE) / COLUMNS))
        for number, at in enumerate(range(0, len(HEADLINE), across), 1):
            save(rows_chart(named, HEADLINE[at : at + across]), folder, f"overview_{number}")
        print(
            f"{len(datasets)} regimes do not fit a terminal: see summary.csv and overview_1.png to "
            f"overview_{number}.png."
        )
    else:
        show(
            wide(table.assign(regime=table["regime"].map(labels))),
            f"{request.system['label']}: {request.months} months, payment {request.payment}",
        )
    curves = {name: waiting(data) for name, data in datasets.items()}
    pd.concat([curve.assign(regime=name) for name, curve in curves.items()]).to_csv(
        folder / "decisions.csv", index=False
    )
    draw({labels[name]: curve for name, curve in curves.items()}, waiting_chart, folder, "decisions")


def draw_fans(datasets: "dict[str, xr.Dataset]", folder: Path, leaver: str = "", month: int = 0) -> None:
    """Fan charts by regime, or small panels where there are many; `leaver` is who walks away at `month`, if
    anybody.
    """
    events = {month: "departure"} if leaver else None
    for name in FANS:
        label = indicators.SYSTEM[name].label
        title = f"{label[:1].upper()}{label[1:]}" + (f"\nwhen {leaver} leaves" if leaver else "")
        many = len(datasets) > PANELS
        figure = (
            grid_chart(datasets, name, title)
            if many
            else fan_chart(datasets, name, title=title, events=events)
        )
        save(figure, folder, f"{name}_departure" if leaver else name)


def work(request: Request, folder: Path, bar: Bar) -> None:
    """Simulate, then write tables, figures and minutes into `folder`."""
    scenarios = request.scenarios()
    labels = {name: scenario.regimes[name].label for name, scenario in scenarios.items()}
    payment = "payment equal" if request.payment == "equal" else "payment as each has it"
    bar.stage(f"Regimes, {payment}")
    datasets = simulate_all(request, scenarios, bar)
    named = {labels[name]: data for name, data in datasets.items()}
    baseline = next(iter(scenarios))
    differences = []

    def keep(table: pd.DataFrame, comparison: str, before: str, after: str, figure: str) -> None:
        differences.append(table.assign(comparison=comparison, baseline_regime=before, regime=after))
        title = (
            f"{labels[after]}, against {labels[before]}; {comparison}"
            if before != after
            else (f"{labels[after]}: {comparison}")
        )
        words = (labels[before], labels[after]) if before != after else ("partner stays", "partner leaves")
        save(difference_chart(table, *words, title=title), folder, figure)

    for name, table in compare_all(datasets).items():
        keep(table, payment, baseline, name, f"differences_{name}")
    if request.payment == "equal":
        bar.stage("Regimes, payment as each has it")
        for name, table in compare_all(
            simulate_all(request, request.scenarios(payment="preset"), bar)
        ).items():
            keep(table, "payment as each has it", baseline, name, f"differences_{name}_payment_preset")
    if request.walk_away_month is not None:
        bar.stage("Which partner matters most")
        rankings = rank(request, scenarios, bar)
        pd.concat([table.assign(regime=name) for name, table in rankings.items()]).to_csv(
            folder / "criticality.csv", index=False
        )
        for name, table in rankings.items():
            save(
                criticality_chart(table, title=f"{labels[name]}: who is missed most"),
                folder,
                f"criticality_{name}",
            )
        partner = most_critical(rankings)
        leaver = request.system["partners"][partner]["label"]
        event = {"month": request.walk_away_month, "partner": partner, "do": "leave"}
        bar.stage("The same, and it walks away")
        without = simulate_all(request, {name: s.with_events(event) for name, s in scenarios.items()}, bar)
        for name in scenarios:
            keep(
                compare(datasets[name], without[name]),
                f"{leaver} leaves",
                name,
                name,
                f"differences_{name}_departure",
            )
        draw_fans(
            {labels[name]: data for name, data in without.items()}, folder, leaver, request.walk_away_month
        )
    bar.stage("Tables, figures, minutes")
    if differences:
        pd.concat(differences, ignore_index=True).to_csv(folder / "differences.csv", index=False)
    draw_fans(named, folder)
    write_minutes(request, scenarios, folder)
    write_tables(request, datasets, labels, folder)


if __name__ == "__main__":
    sys.exit(main("regimes", Request, runs, work))
