"""Asks how many partners a system can have, and what it costs when borders do not fit: collective choice with
6 to 42 partners.
"""

from functools import partial
from typing import Annotated, Any, ClassVar

import pandas as pd
from pydantic import Field

from sim.analysis.outcomes import with_unit
from sim.analysis.tables import noted, rows_of, show, with_interval
from sim.analysis.uncertain import OVER, Cube, crossed_interval, paired
from sim.figures.contrasts import over
from sim.figures.curves import curves_chart
from sim.inputs.problems import BadInput
from sim.studies.experiment import Experiment
from sim.studies.study import Findings, Run
from sim.sweep.request import Request
from sim.sweep.variants import Variant
from sim.systems.made_up import check as check_system

ALONG = {
    "partners": "partners of the system",
    "borders": "coterminosity: share of patients who stay inside the system",
}


class Size(Experiment):
    """The keys of `configs/experiment/size.yaml`."""

    experiment: ClassVar[str] = "size"

    partners: Annotated[tuple[int, ...], Field(min_length=2)]
    coterminosities: Annotated[tuple[float, ...], Field(min_length=2)]
    places: int = 5
    population: float = 1.5
    partners_of_borders: int = 20
    rules_compared: Annotated[dict[str, Variant], Field(min_length=1)]

    @property
    def called(self) -> str:
        return "made_up_systems"

    def planned(self) -> dict[str, Request]:
        if self.systems is not None:
            raise ValueError(
                "systems: the systems are made up here; turn partners, coterminosities, places and population"
            )
        return {
            "partners": self.over_sets(self.crossed("partners")),
            "borders": self.over_sets(self.crossed("borders")),
        }

    def levels(self, name: str) -> tuple[float, ...]:
        return self.partners if name == "partners" else self.coterminosities

    def crossed(self, name: str) -> dict[str, Variant]:
        """Returns the variants: every rule in a system of every size, or of every fit of borders. Raises
        ValueError for a system that cannot be made.
        """
        found = {}
        for level in self.levels(name):
            varied: dict[str, Any] = (
                {"partners": level}
                if name == "partners"
                else {"coterminosity": level, "partners": self.partners_of_borders}
            )
            made = {"places": self.places, "population": self.population, **varied}
            try:
                check_system(made)
            except BadInput as problem:
                raise ValueError(str(problem)) from None
            for rule, variant in self.rules_compared.items():
                found[f"{rule}:{level:g}"] = variant.model_copy(
                    update={"system": {"generated": True, **made}}
                )
        return found

    def find(self, run: Run) -> Findings:
        """Returns outcomes by number of partners and by fit of borders, one line per rule; and how much the
        largest system differs from the smallest.
        """
        found, slopes = Findings(), []
        for name, along in ALONG.items():
            cube, rows = Cube(run(name, self.sweeps[name]), ["variant"]), []
            for outcome in self.sweeps[name].outcomes:
                for rule, variant in self.rules_compared.items():
                    values = {
                        level: cube.values(outcome, variant=f"{rule}:{level:g}")
                        for level in self.levels(name)
                    }
                    first, *_, last = values.values()
                    slopes.append(
                        {
                            "along": name,
                            "rule": rule,
                            "row": variant.label,
                            "from": self.levels(name)[0],
                            "to": self.levels(name)[-1],
                            **paired(outcome, last - first),
                        }
                    )
                    for level, found_here in values.items():
                        mean, (change, low, high) = (
                            crossed_interval(found_here)[0],
                            crossed_interval(found_here - first),
                        )
                        rows.append(
                            {
                                "outcome": outcome,
                                "case": variant.label,
                                "x": level,
                                "mean": mean,
                                "low": mean - (change - low),
                                "high": mean + (high - change),
                                "change": change,
                                "change_low": low,
                                "change_high": high,
                            }
                        )
            found.tables[name] = pd.DataFrame(rows)
            title = (
                "How many partners can decide together"
                if name == "partners"
                else ("What it does that borders do not fit")
            )
            note = f"Made-up systems of {self.population:g} million people in {self.places} places"
            note += f", {self.partners_of_borders} partners." if name == "borders" else "."
            note += (
                " All own boards ratify, except under a board alone. "
                f"{over(len(self.table), self.futures).capitalize()}. "
            )
            note += "Bands: 95 % intervals of the change from the first point of a line."
            found.figures[name] = partial(curves_chart, found.tables[name], title, along, note)
        found.tables["slopes"] = pd.DataFrame(slopes)
        return found

    def summary(self, findings: Findings) -> None:
        """Print, for each rule, how the largest system differs from the smallest."""
        part = findings.tables["slopes"][findings.tables["slopes"]["along"] == "partners"]
        rows = [
            {
                "": with_unit(row.outcome),
                "rule": row.row,
                "change": with_interval(row.mean, row.low, row.high, True),
                "higher in": f"{row.probability:.0%} of sets",
            }
            for row in rows_of(part)
        ]
        words = f"{part['to'].iloc[0]} partners against {part['from'].iloc[0]}"
        show(noted(rows, list(rows[0]), f"± half the 95 % interval of the mean {OVER}."), words)
