"""Writes the files of a comparison of regimes: the summary, minutes, and figures by regime."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.outcomes import HEADLINE
from sim.analysis.summary import summarise, wide
from sim.analysis.survival import waiting
from sim.analysis.tables import show
from sim.declarations import indicators
from sim.figures.canvas import save
from sim.figures.fan_charts import fan_chart
from sim.figures.many_regimes import COLUMNS, grid_chart, rows_chart
from sim.figures.waiting_times import waiting_chart
from sim.minute_book.minutes import minutes
from sim.scenario.scenario import Scenario
from sim.studies.regimes.request import Regimes

if TYPE_CHECKING:
    import xarray as xr

FANS = ("integration", "balance", "members", "trust", "waiting")
# fan charts side by side; more regimes appear as small panels, or on several pages that each begin with the
# baseline
PANELS = 6


def write_minutes(request: Regimes, scenarios: dict[str, Scenario], folder: Path) -> None:
    """Write the minutes of one future under each regime, as a table and as text."""
    for name, scenario in scenarios.items():
        table = minutes(scenario, request.seed, request.minutes_future)
        table.to_csv(folder / f"minutes_{name}.csv", index=False)
        title = (
            f"{scenario.system.label}: {scenario.regimes[name].label}. Minutes of future "
            f"{request.minutes_future}, seed {request.seed}."
        )
        lines = [f"{row.date}  {row.sentence}" for row in table.itertuples()]
        (folder / f"minutes_{name}.txt").write_text("\n".join([title, "", *lines]) + "\n", encoding="utf-8")


def pages(by_regime: dict[str, Any]) -> list[dict[str, Any]]:
    """Split regimes into pages with as many panels as a figure has; each page begins with the baseline."""
    (first, baseline), *others = by_regime.items()
    step = PANELS - 1
    return [{first: baseline, **dict(others[at : at + step])} for at in range(0, max(1, len(others)), step)]


def draw(by_regime: dict[str, Any], chart: Any, folder: Path, name: str) -> None:
    """Draw one figure, or several pages of it."""
    drawn = pages(by_regime)
    for number, page in enumerate(drawn, 1):
        save(chart(page), folder, name if len(drawn) == 1 else f"{name}_{number}")


def write_tables(
    request: Regimes, datasets: "dict[str, xr.Dataset]", labels: dict[str, str], folder: Path
) -> None:
    """Write and print the summary by regime, and write what became of proposals."""
    table = summarise(datasets)
    table.to_csv(folder / "summary.csv", index=False)
    if len(datasets) > PANELS:
        named = table.assign(regime=table["regime"].map(labels))
        # about as many on each page
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
    """Draw fan charts by regime, or small panels if there are many; `leaver` is the partner that walks away
    at `month`, if any.
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
