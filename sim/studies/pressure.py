"""Asks where money trouble breaks a partnership: collapse by squeeze, starting trust, reciprocity, regime."""

from functools import partial
from typing import Annotated, ClassVar

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from sim.analysis.tables import noted, show
from sim.analysis.uncertain import Cube, crossed_interval
from sim.declarations.parameters import PARAMETERS
from sim.figures.contrasts import over
from sim.figures.maps import Map, map_chart
from sim.studies.contrast import systems_note
from sim.studies.experiment import Experiment
from sim.studies.study import Findings, Run
from sim.sweep.request import Request
from sim.sweep.variants import Variant

Levels = Annotated[tuple[float, ...], Field(min_length=2)]
COLLAPSED, ENGAGEMENT = "collapsed", "engagement_final_year"
TITLE = "Where money trouble breaks a partnership"
ACROSS = "squeeze: rise of cost over price, per cent a year"
SIDES = {
    "trust": ("trust_start", "trust to begin with"),
    "reciprocity": ("reciprocity", "reciprocity, 0 to 1"),
}


class Pressure(Experiment):
    """The keys of `configs/experiment/pressure.yaml`."""

    experiment: ClassVar[str] = "pressure"

    squeezes: Levels
    trusts: Levels
    reciprocities: Levels
    collapse_below: Annotated[float, Field(gt=0, lt=1)] = 0.5

    def sides(self, name: str) -> tuple[float, ...]:
        return self.trusts if name == "trust" else self.reciprocities

    def planned(self) -> dict[str, Request]:
        return {
            name: self.over_sets(
                {
                    f"{squeeze:g}:{side:g}": Variant(params={"squeeze": squeeze, parameter: side})
                    for side in self.sides(name)
                    for squeeze in self.squeezes
                }
            )
            for name, (parameter, _) in SIDES.items()
        }

    @model_validator(mode="after")
    def _engagement_is_kept(self) -> "Pressure":
        if any(ENGAGEMENT not in sweep.outcomes for sweep in self.sweeps.values()):
            raise ValueError(f"outcomes: must hold {ENGAGEMENT}, by which collapse is judged")
        return self

    def find(self, run: Run) -> Findings:
        """Returns how often partnerships collapse in each field of the maps, and the maps."""
        found, labels = Findings(), self.regime_labels()
        for name, (parameter, words) in SIDES.items():
            runs = run(name, self.sweeps[name])
            cube, rows, maps = Cube(collapsed(self, runs), ["system", "regime", "variant"]), [], {}
            for regime, label in labels.items():
                share, unsure = np.zeros((2, len(self.sides(name)), len(self.squeezes)))
                for (y, side), (x, squeeze) in (
                    (s, q) for s in enumerate(self.sides(name)) for q in enumerate(self.squeezes)
                ):
                    values = cube.values(COLLAPSED, regime=regime, variant=f"{squeeze:g}:{side:g}")
                    mean, low, high = crossed_interval(values)
                    share[y, x], unsure[y, x] = mean, low < 0.5 <= high
                    rows.append(
                        {
                            "regime": regime,
                            "squeeze": squeeze,
                            parameter: side,
                            "collapsed": mean,
                            "low": low,
                            "high": high,
                            "sets_over_half": float((values.mean(axis=1) >= 0.5).mean()),
                            "sets": len(values),
                            "futures": values.shape[1],
                        }
                    )
                per_cent = [100 * squeeze for squeeze in self.squeezes]
                maps[label] = Map(per_cent, self.sides(name), share, unsure > 0)
            found.tables[f"collapse_{name}"] = pd.DataFrame(rows)
            note = (
                f"Runs, of 100, in which engagement in the last year is below {self.collapse_below:.0%} of "
                "what it began with; line: "
            )
            note += f"half of them; in brackets where the 95 % interval holds that. {systems_note(self)} "
            note += f"{over(len(self.table), self.futures).capitalize()}."
            if parameter == "reciprocity":
                note += " Reciprocity: how far engagement follows what others are seen to do."
            found.figures[f"collapse_{name}"] = partial(
                map_chart, maps, TITLE, ACROSS, words, note, boundary=0.5, per_cent=True
            )
        return found

    def summary(self, findings: Findings) -> None:
        """Print, for each regime, the least squeeze at which half of the partnerships collapse."""
        table = findings.tables["collapse_trust"]
        rows = []
        for (regime, trust), part in table.groupby(["regime", "trust_start"], sort=False):
            over = part[part["collapsed"] >= 0.5]["squeeze"]
            words = f"{over.min():.1%} a year" if len(over) else f"none up to {part['squeeze'].max():.1%}"
            rows.append(
                {
                    "regime": regime,
                    "trust to begin with": f"{trust:g}",
                    "squeeze at which half collapse": words,
                    "without squeeze": f"{part['collapsed'].iloc[0]:.0%}",
                }
            )
        show(noted(rows, list(rows[0]), ""))


def collapsed(asked: Pressure, runs: pd.DataFrame) -> pd.DataFrame:
    """Returns the runs with a column that says whether the partnership collapsed, compared with the
    engagement that it starts with in each parameter set.
    """
    default = asked.params.get("engagement_base", PARAMETERS["engagement_base"].default)
    begins = asked.table.get("params.engagement_base", pd.Series(default, index=asked.table.index)).to_numpy()
    return runs.assign(
        **{COLLAPSED: (runs[ENGAGEMENT] < asked.collapse_below * begins[runs["point"]]).astype(float)}
    )
