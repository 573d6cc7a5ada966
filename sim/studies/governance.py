"""A factorial over parts of a regime, and the surface on which law breaks even. The keys are those of
`configs/experiment/governance.yaml`.
"""

from functools import partial
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import BaseModel, Field

from sim.analysis.factorial import columns, effect, mixed_up, signs
from sim.analysis.outcomes import known, short, with_unit
from sim.analysis.uncertain import OVER, by_system, paired
from sim.declarations.regimes import Share
from sim.figures.contrasts import small_print_of
from sim.figures.maps import Map, map_chart
from sim.inputs.problems import BadInput
from sim.scenario.scenario import STRICT
from sim.studies.contrast import charts, pooled, systems_note, tell
from sim.studies.experiment import Experiment
from sim.studies.stored import StoredCube
from sim.studies.study import Findings, Run
from sim.sweep.request import Request
from sim.sweep.variants import Variant

AUTHORITY = ("rule", "ratification", "exit")  # the parts that law has and consent lacks, on the surface
CONSENT = "consent"
ALONG = "enforceability: how far promises can be enforced, 0 to 1"
UP = "resentment of a loss imposed"


class Part(BaseModel):
    """A part of a regime: the dials that it turns, with a low and a high value."""

    model_config = STRICT
    label: str
    low: dict[str, Any]
    high: dict[str, Any]


class Governance(Experiment):
    """Keys of its own: see `configs/experiment/governance.yaml`."""

    experiment: ClassVar[str] = "governance"

    factors: dict[str, Part] = Field(min_length=1)
    most_cells: Annotated[int, Field(ge=2, le=4096)] = 16
    surface: bool = True
    enforceabilities: tuple[Share, ...] = (0.0, 0.25, 0.5, 0.75, 1.0)
    impositions: tuple[Annotated[float, Field(ge=0)], ...] = (0.0, 0.5, 1.0, 1.5, 2.0)
    surface_outcomes: tuple[str, ...] = ("integration_mean", "engagement_final_year", "delivered_last")

    @property
    def design(self) -> np.ndarray:
        """The signs of the cells, shape (cells, factors). Raises BadInput where there are too few cells."""
        return signs(len(self.factors), self.most_cells)

    def planned(self) -> dict[str, Request]:
        if len(self.regimes) != 1:
            raise ValueError("regimes: name one, whose dials are turned")
        try:
            cells = self.cells()
        except BadInput as problem:
            raise ValueError(str(problem)) from None
        found = {"factorial": self.over_sets(cells)}
        if self.surface:
            lacking = [name for name in AUTHORITY if name not in self.factors]
            if lacking:
                raise ValueError(f"factors.{lacking[0]}: missing; the surface needs it, or surface=false")
            found["surface"] = self.over_sets(self.surface_variants(), outcomes=known(self.surface_outcomes))
        return found

    def cells(self) -> dict[str, Variant]:
        """Returns the cells of the factorial as variants; each is named by its signs."""
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
        """Returns the variants of consent (all parts low) at every resentment, and of law (all of `AUTHORITY`
        high) at every enforceability and resentment.
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

    def read(self, folder: Path, request: Request) -> StoredCube:
        """Opens the runs one outcome at a time, because a whole factorial has millions of runs."""
        return StoredCube(folder, ["system", "variant"])

    def find(self, run: Run) -> Findings:
        """Returns the effects of parts, and the surface."""
        table = effects(self, run("factorial", self.sweeps["factorial"]))
        found = Findings({"effects": table, "mixed_up": confounded(self)})
        cells = f"{len(self.design)} of {2 ** len(self.factors)} combinations"
        note = (
            f"{systems_note(self)} Each row: one part changed, averaged over the others ({cells}); payment, "
            "duty and all else equal."
        )
        found.figures |= charts(
            table[table["order"] == 1], "effects", "Which part of a regime does what", note
        )
        if (table["order"] == 2).any():
            note = f"{systems_note(self)} How much more one part does where the other is high, halved."
            found.figures |= charts(
                table[table["order"] == 2], "interactions", "Parts that hang together", note
            )
        if self.surface:
            add_surface(self, run("surface", self.sweeps["surface"]), found)
        return found

    def summary(self, findings: Findings) -> None:
        """Print what each part does."""
        table = findings.tables["effects"]
        tell(table[table["order"] == 1])


def effects(asked: Governance, cube: StoredCube) -> pd.DataFrame:
    """Returns what each part does on average over all settings of the others: the mean at high minus the mean
    at low, within each set and future.

    One row per part, system and outcome. A whole design also gives interactions of two parts (`order` 2):
    half of how much larger one part's effect is when the other is high than when it is low. `mixed` names
    interactions that a fraction cannot tell apart from the row's effect.
    """
    names, design = list(asked.factors), asked.design
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
    """Lists the interactions of two parts that the fraction cannot tell apart."""
    names = list(asked.factors)
    rows = [
        {"interaction": " x ".join(one), "mixed_up_with": "; ".join(" x ".join(other) for other in others)}
        for one, others in mixed_up(asked.design, names).items()
    ]
    return pd.DataFrame(rows)


def surface(asked: Governance, cube: StoredCube) -> pd.DataFrame:
    """Returns the result of law minus that of consent at every enforceability and resentment, over all
    systems together and for each.
    """
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


def add_surface(asked: Governance, cube: StoredCube, found: Findings) -> None:
    """Add two maps: how much law changes, and in how many parameter sets law is better."""
    table = surface(asked, cube)
    found.tables["surface"] = table
    part, differ, better = pooled(table), {}, {}
    for outcome, rows in part.groupby("outcome", sort=False):
        words = with_unit(str(outcome))
        mean, low, high, share = (
            rows.pivot(index="imposition", columns="enforceability", values=name).to_numpy()
            for name in ("mean", "low", "high", "better")
        )
        differ[words] = Map(asked.enforceabilities, asked.impositions, mean, (low <= 0.0) & (high >= 0.0))
        better[short(str(outcome))] = Map(asked.enforceabilities, asked.impositions, share)
    what = (
        "Law: a board's majority binds, no ratification, no exit. Consent: unanimity, all own boards "
        "ratify, exit is free"
    )
    sets = f"{systems_note(asked)} {small_print_of(part)}."
    note = (
        f"{what}; its enforceability is {asked.factors['enforceability'].low['enforceability']:g}. {sets}"
        if ("enforceability" in asked.factors)
        else f"{what}. {sets}"
    )
    changes = (
        f"Law less consent; in brackets where the 95 % interval {OVER} holds 0; line: where the mean "
        f"crosses 0, if it does. {note}"
    )
    shares = (
        "Parameter sets, of 100, in which law does better than consent; line: half of them, if it comes "
        f"to that. {note}"
    )
    found.figures["break_even"] = partial(
        map_chart,
        differ,
        "Where law breaks even with consent",
        ALONG,
        UP,
        changes,
        boundary=0.0,
        signed=True,
        alike=False,
    )
    found.figures["break_even_sure"] = partial(
        map_chart,
        better,
        "How sure it is that law does better than consent",
        ALONG,
        UP,
        shares,
        boundary=0.5,
        per_cent=True,
    )
