"""Asks when to legislate: never, at once, or later. Runs share every month before the law, so only the law
makes the difference.
"""

from functools import partial
from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np
import pandas as pd
from pydantic import Field

from sim.analysis.uncertain import by_month
from sim.declarations.indicators import SYSTEM
from sim.figures.canvas import month_words
from sim.figures.contrasts import small_print_of
from sim.figures.curves import curves_chart
from sim.inputs import library
from sim.inputs.problems import unknown
from sim.studies.contrast import against_first, charts, levels, systems_note, tell
from sim.studies.experiment import Experiment
from sim.studies.run import WithSeries
from sim.studies.study import Findings, Run
from sim.sweep.request import Request
from sim.sweep.variants import Variant

NEVER = "never"


class Timing(Experiment):
    """The keys of `configs/experiment/timing.yaml`."""

    experiment: ClassVar[str] = "timing"

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
        return {"runs": self.over_sets(self.whens())}

    def whens(self) -> dict[str, Variant]:
        """Returns the variants: never, and each month in which the law may come."""
        found = {NEVER: Variant(label="Never")}
        for month in self.months_of_law:
            comes = {"month": month, "do": "change_regime", "regime": self.law}
            found[f"month_{month}"] = Variant(label=f"From {month_words(month)}", events=(comes,))
        return found

    def read(self, folder: Path, request: Request) -> WithSeries:
        return WithSeries(folder, request)

    def find(self, run: Run) -> Findings:
        """Compares each month of the law with never, and follows the series that are kept month by month."""
        lived: WithSeries = run("runs", self.sweeps["runs"])
        table = against_first(self.model_copy(update={"variants": self.whens()}), lived.runs)
        law = library.read("regime", self.law)["label"]
        found = Findings({"differences": table, "levels": levels(self, lived.runs, ("regime", "variant"))})
        note = f"{systems_note(self)} Differences from the same history without the law."
        found.figures |= charts(table, "differences", f"When the law comes: {law}", note)
        curves = courses(self, lived)
        if len(curves):
            found.tables["months"] = curves
            found.figures["months"] = partial(
                curves_chart,
                curves,
                f"What the law changes, month by month: {law}",
                "calendar year",
                f"{note} {small_print_of(table)}. Bands: 95 %.",
                {name: f"{SYSTEM[name].label} ({SYSTEM[name].unit})" for name in lived.request.series},
                zero=True,
            )
        return found

    def summary(self, findings: Findings) -> None:
        tell(findings.tables["differences"])


def courses(asked: Timing, lived: WithSeries) -> pd.DataFrame:
    """Returns the mean difference from never, month by month, over all systems, under the first regime."""
    rows = []
    for indicator in lived.request.series:

        def of(variant: str, indicator: str = indicator) -> list[np.ndarray]:
            where = {"regime": asked.regimes[0], "variant": variant}
            return [
                lived.series(indicator, system=system, **where) for system in lived.request.axis("system")
            ]

        never = of(NEVER)
        for when, variant in asked.whens().items():
            if when != NEVER:
                change = np.mean([one - other for one, other in zip(of(when), never, strict=True)], axis=0)
                rows += [{"outcome": indicator, "case": variant.label, **point} for point in by_month(change)]
    return pd.DataFrame(rows)
