"""When to legislate: never, at once, or later. Runs share every month before the law, so what differs is the
law alone.

    python experiments/timing.py
    python experiments/timing.py law=option2_guarded 'months_of_law=[12,36,60]' system=dorset
"""

import sys
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field

from sim.analysis.uncertain import crossed_interval
from sim.declarations.indicators import SYSTEM
from sim.figures.canvas import month_words
from sim.figures.contrasts import small_print_of
from sim.figures.curves import curves_chart
from sim.inputs import library
from sim.inputs.problems import unknown
from sim.studies.contrast import against_first, charts, levels, summary, systems_note
from sim.studies.request import Study
from sim.studies.run import Findings, series_of
from sim.studies.script import main
from sim.sweep.request import Request
from sim.sweep.variants import Variant

NEVER = "never"
STEP = 3  # months between the points of a curve


class Timing(Study):
    """The keys of `configs/experiment/timing.yaml`."""

    law: str = "option2"
    months_of_law: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1)]

    def planned(self) -> dict[str, Request]:
        problems = (
            [unknown("law", self.law, library.names("regime"))]
            if self.law not in library.names("regime")
            else []
        )
        problems += [
            f"months_of_law: {month} is after the horizon; allowed from 0 to {self.months - 1}"
            for month in self.months_of_law
            if month >= self.months
        ]
        if problems:
            raise ValueError("\n".join(problems))
        return {"runs": self.sweep(self.whens())}

    def whens(self) -> dict[str, Variant]:
        """Never, and each month in which the law may come."""
        found = {NEVER: Variant(label="Never")}
        for month in self.months_of_law:
            comes = {"month": month, "do": "change_regime", "regime": self.law}
            found[f"month_{month}"] = Variant(label=f"From {month_words(month)}", events=(comes,))
        return found


def find(asked: Timing, runs: dict[str, pd.DataFrame], folder: Path) -> Findings:
    """Each month of the law against never, and the course of what is kept by month."""
    named = asked.model_copy(update={"variants": asked.whens()})
    table = against_first(named, runs["runs"])
    law = library.read("regime", asked.law)["label"]
    found = Findings({"differences": table, "levels": levels(asked, runs["runs"], ("regime", "variant"))})
    note = f"{systems_note(asked)} Differences from the same history without the law."
    found.figures |= charts(table, "differences", f"When the law comes: {law}", note)
    curves = courses(asked, named, folder)
    if len(curves):
        found.tables["months"] = curves
        heads = {name: f"{SYSTEM[name].label} ({SYSTEM[name].unit})" for name in asked.sweeps["runs"].series}
        small = f"{note} {small_print_of(table)}. Bands: 95 %."
        title = f"What the law changes, month by month: {law}"
        found.figures["months"] = lambda: curves_chart(
            curves, title, "calendar year", small, heads, zero=True
        )
    return found


def courses(asked: Timing, named: Study, folder: Path) -> pd.DataFrame:
    """Mean difference from never, month by month, over all systems, under the first regime."""
    rows = []
    systems, where = asked.sweeps["runs"].axis("system"), {"regime": asked.regimes[0]}
    for indicator in asked.sweeps["runs"].series:
        never = [
            series_of(folder, "runs", indicator, system=system, variant=NEVER, **where) for system in systems
        ]
        for when, variant in named.variants.items():
            if when != NEVER:
                then = [
                    series_of(folder, "runs", indicator, system=system, variant=when, **where)
                    for system in systems
                ]
                change = np.mean([one - other for one, other in zip(then, never, strict=True)], axis=0)
                rows += [
                    {
                        "outcome": indicator,
                        "case": variant.label,
                        "x": 2016.25 + month / 12.0,
                        **dict(
                            zip(("mean", "low", "high"), crossed_interval(change[:, :, month]), strict=True)
                        ),
                    }
                    for month in range(0, asked.months, STEP)
                ]
    return pd.DataFrame(rows)


if __name__ == "__main__":
    sys.exit(main("timing", Timing, find, summary))
