"""The factorial over parts of a regime, and the surface on which law breaks even: keys of
`configs/experiment/governance.yaml`.
"""

from itertools import chain
from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import BaseModel, Field

from sim.analysis.factorial import columns, effect, mixed_up, signs
from sim.analysis.outcomes import known
from sim.analysis.uncertain import by_system, paired
from sim.declarations.regimes import Share
from sim.inputs.problems import BadInput
from sim.scenario.scenario import STRICT
from sim.studies.request import Study
from sim.studies.stored import StoredCube
from sim.sweep.request import Request
from sim.sweep.variants import Variant

AUTHORITY = ("rule", "ratification", "exit")  # what law has that consent lacks, on the surface
CONSENT = "consent"


class Part(BaseModel):
    """A part of a regime: the dials it turns, low and high."""

    model_config = STRICT
    label: str
    low: dict[str, Any]
    high: dict[str, Any]


class Governance(Study):
    """Keys of its own: see the file."""

    read_by_outcome: ClassVar[bool] = True  # the whole factorial is millions of runs

    factors: dict[str, Part] = Field(min_length=1)
    most_cells: Annotated[int, Field(ge=2, le=4096)] = 16
    surface: bool = True
    enforceabilities: tuple[Share, ...] = (0.0, 0.25, 0.5, 0.75, 1.0)
    impositions: tuple[Annotated[float, Field(ge=0)], ...] = (0.0, 0.5, 1.0, 1.5, 2.0)
    surface_outcomes: tuple[str, ...] = ("integration_mean", "engagement_final_year", "delivered_last")

    @property
    def design(self) -> np.ndarray:
        """Signs of the cells, shape (cells, factors). Raises BadInput where there are too few cells."""
        return signs(len(self.factors), self.most_cells)

    def planned(self) -> dict[str, Request]:
        if len(self.regimes) != 1:
            raise ValueError("regimes: name one, whose dials are turned")
        try:
            cells = self.cells()
        except BadInput as problem:
            raise ValueError(str(problem)) from None
        found = {"factorial": self.sweep(cells)}
        if self.surface:
            lacking = [name for name in AUTHORITY if name not in self.factors]
            if lacking:
                raise ValueError(f"factors.{lacking[0]}: missing; the surface needs it, or surface=false")
            found["surface"] = self.sweep(self.surface_variants(), outcomes=known(self.surface_outcomes))
        return found

    def cells(self) -> dict[str, Variant]:
        """The cells of the factorial as variants, each named by its signs."""
        found = {}
        for row in self.design:
            parts = [
                part.high if sign > 0 else part.low
                for sign, part in zip(row, self.factors.values(), strict=True)
            ]
            dials = {dial: value for part in parts for dial, value in part.items()}
            found["".join("+" if sign > 0 else "-" for sign in row)] = Variant(dials=dials)
        return found

    def surface_variants(self) -> dict[str, Variant]:
        """Consent, all parts low, and law, all of `AUTHORITY` high at every enforceability; both at every
        resentment.
        """
        low = {dial: value for part in self.factors.values() for dial, value in part.low.items()}
        high = {dial: value for name in AUTHORITY for dial, value in self.factors[name].high.items()}
        found = {}
        for imposition in self.impositions:
            found[f"{CONSENT}:{imposition:g}"] = Variant(dials=low, params={"imposition": imposition})
            for enforceability in self.enforceabilities:
                dials = {**low, **high, "enforceability": enforceability}
                found[f"{enforceability:g}:{imposition:g}"] = Variant(
                    dials=dials, params={"imposition": imposition}
                )
        return found


def effects(asked: Governance, runs: Path) -> pd.DataFrame:
    """What each part does on average over all settings of the others: mean at high less mean at low, set by
    set and future by future.

    A row a part, system and outcome; where the design is whole, interactions of two parts too (`order` 2):
    how much more the one does with the other high than low, halved. `mixed` names interactions that a
    fraction cannot tell from it.
    """
    cube, names, design = StoredCube(runs, ["system", "variant"]), list(asked.factors), asked.design
    whole = len(design) == 2 ** len(names)
    rows: dict[str, list[dict[str, Any]]] = {system: [] for system, _ in by_system(cube)}
    for outcome in asked.sweeps["factorial"].outcomes:
        for system, where in by_system(cube):
            values = np.array([cube.values(outcome, variant=cell, **where) for cell in asked.cells()])
            for parts, column in columns(design, names, whole).items():
                label = (
                    " x ".join(asked.factors[name].label.split(":")[0] for name in parts)
                    if len(parts) > 1
                    else ("")
                )
                about = {
                    "factor": " x ".join(parts),
                    "order": len(parts),
                    "row": label or asked.factors[parts[0]].label,
                }
                rows[system].append({**about, "system": system, **paired(outcome, effect(values, column))})
    return pd.DataFrame(list(chain.from_iterable(rows.values())))


def confounded(asked: Governance) -> pd.DataFrame:
    """Which interactions of two parts the fraction cannot tell from each other."""
    names = list(asked.factors)
    rows = [
        {"interaction": " x ".join(one), "mixed_up_with": "; ".join(" x ".join(other) for other in others)}
        for one, others in mixed_up(asked.design, names).items()
    ]
    return pd.DataFrame(rows)


def surface(asked: Governance, runs: Path) -> pd.DataFrame:
    """Law less consent, at every enforceability and resentment, on all systems together and each."""
    cube = StoredCube(runs, ["system", "variant"])
    rows: dict[str, list[dict[str, Any]]] = {system: [] for system, _ in by_system(cube)}
    for outcome in asked.sweeps["surface"].outcomes:
        for system, where in by_system(cube):
            for imposition in asked.impositions:
                consent = cube.values(outcome, variant=f"{CONSENT}:{imposition:g}", **where)
                for enforceability in asked.enforceabilities:
                    law = cube.values(outcome, variant=f"{enforceability:g}:{imposition:g}", **where)
                    about = {"enforceability": enforceability, "imposition": imposition, "system": system}
                    rows[system].append({**about, **paired(outcome, law - consent)})
    return pd.DataFrame(list(chain.from_iterable(rows.values())))
