"""Compares how a local system fares under several governance regimes, over the same futures, also when its
most critical partner leaves.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.compare import compare
from sim.analysis.criticality import criticality
from sim.engine.dataset import simulate
from sim.figures.canvas import save
from sim.figures.forests import criticality_chart, difference_chart
from sim.scenario.scenario import Scenario
from sim.studies import command
from sim.studies.command import Bar
from sim.studies.regimes.files import draw_fans, write_minutes, write_tables
from sim.studies.regimes.request import Regimes

if TYPE_CHECKING:
    import xarray as xr


def main(argv: Sequence[str] | None = None) -> int:
    """Run the comparison; returns the exit status."""
    return command.main("regimes", Regimes, Regimes.runs, work, argv)


def simulate_all(request: Regimes, scenarios: dict[str, Scenario], bar: Bar) -> "dict[str, xr.Dataset]":
    """Returns one dataset per regime; of the monthly variables only those of the whole system are kept."""
    kept = {}
    for name, scenario in scenarios.items():
        data = simulate(scenario, request.futures, request.seed, request.threads, progress=bar.advance)
        small = [
            str(v) for v in data.data_vars if v == "exists" or not {"partner", "place"} & set(data[v].dims)
        ]
        kept[name] = data[small].copy(deep=True)
    return kept


def rank(request: Regimes, scenarios: dict[str, Scenario], bar: Bar) -> dict[str, pd.DataFrame]:
    """Returns, for each regime, how each partner's leaving changes mean integration (leave-one-out)."""
    month, futures = request.walk_away_month or 0, request.criticality_futures
    return {
        name: criticality(
            scenario, month, futures, request.seed, progress=bar.advance, threads=request.threads
        )
        for name, scenario in scenarios.items()
    }


def most_critical(rankings: dict[str, pd.DataFrame]) -> str:
    """Returns the partner whose leaving lowers mean integration most under the first regime, among those that
    exist under every regime.
    """
    common = set.intersection(*(set(table["partner"]) for table in rankings.values()))
    first = next(iter(rankings.values()))
    return str(first[first["partner"].isin(common)].iloc[0]["partner"])


def compare_all(datasets: "dict[str, xr.Dataset]") -> dict[str, pd.DataFrame]:
    """Returns the paired differences of every regime from the first."""
    (_, baseline), *others = datasets.items()
    return {name: compare(baseline, other) for name, other in others}


def work(request: Regimes, folder: Path, bar: Bar) -> None:
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
        if before != after:
            title = f"{labels[after]}, against {labels[before]}; {comparison}"
            chart = difference_chart(table, labels[before], labels[after], title)
        else:
            title = f"{labels[after]}: {comparison}"
            chart = difference_chart(table, "partner stays", "partner leaves", title)
        save(chart, folder, figure)

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
