"""Asks whether stylised facts come out: the keys of `configs/experiment/patterns.yaml`, and the sweeps that
follow from them.

Settings that differ only in regime, parameters and dials form one sweep, with one point per setting and
parameter set.
"""

from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field, field_validator

from sim.analysis.tables import counted, show
from sim.declarations.bodies import KINDS_OF_BODY
from sim.figures.patterns import pattern_chart
from sim.inputs import library
from sim.inputs.problems import unknown
from sim.studies.experiment import OverSets
from sim.studies.patterns.catalogue import PATTERNS
from sim.studies.patterns.design import Crossed
from sim.studies.patterns.judgement import in_words, judged
from sim.studies.patterns.pattern import Pattern, Setting
from sim.studies.study import Findings, Run
from sim.sweep.designs import Lhs
from sim.sweep.factors import declared
from sim.sweep.parameter_sets import parameter_sets
from sim.sweep.plan import Plan
from sim.sweep.reading import read
from sim.sweep.request import Request
from sim.systems.extra_partners import ADDED
from sim.systems.made_up import generated_system, spelt_out

HOME = "south_yorkshire_bassetlaw"  # the system if the command names none
# leaving is equally hard for every kind of body
HELD = {f"params.{kind.exit_barrier}": 0.0 for kind in KINDS_OF_BODY.values() if kind.exit_barrier}


@dataclass(frozen=True)
class Batch:
    """Settings that run as one sweep: the fields they share, and the settings themselves by key."""

    name: str
    shared: Setting
    settings: dict[str, Setting]
    outcomes: tuple[str, ...]


class Patterns(OverSets):
    """The keys of `configs/experiment/patterns.yaml`."""

    experiment: ClassVar[str] = "patterns"
    checks_every_sweep: ClassVar[bool] = False  # each has tens of thousands of cells

    sets: Annotated[int, Field(ge=2, le=100_000)] = 100
    patterns: Any = "all"
    systems: tuple[str, ...] | None = None
    months: Literal[120] = 120

    @field_validator("patterns")
    @classmethod
    def _known(cls, value: Any) -> tuple[str, ...]:
        names = [pattern.name for pattern in PATTERNS]
        asked = names if value == "all" else [value] if isinstance(value, str) else list(value)
        problems = [unknown("patterns", name, [*names, "all"]) for name in asked if name not in names]
        if problems or not asked:
            raise ValueError("\n".join(problems) or "name at least one pattern, or: all")
        return tuple(name for name in names if name in asked)

    @field_validator("systems")
    @classmethod
    def _systems_known(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        problems = [
            unknown("systems", name, library.names("system"))
            for name in value or ()
            if name not in library.names("system")
        ]
        if problems or value == ():
            raise ValueError(
                "\n".join(problems) or "name at least one system, or null for the one that `system` names"
            )
        return value

    def planned(self) -> dict[str, Request]:
        if self.systems and self.system_name != HOME:
            raise ValueError(
                f"system = '{self.system_name}': systems says where; give 'systems=[{self.system_name}]'"
            )
        if {partner.get("kind") for partner in self.system.get("partners", {}).values()} & set(ADDED):
            raise ValueError(
                "system: NHS bodies and councils are compared; leave small partners (system.also) out"
            )
        return {batch.name: self._sweep(batch) for batch in self.batches}

    def read(self, folder: Path, request: Request) -> pd.DataFrame:
        return read(folder, columns=["point", "future", *request.outcomes])

    def find(self, run: Run) -> Findings:
        """Run every setting and judge the patterns. Tables: patterns (one row per pattern, then one per
        ablation) and effects (one row per pattern, ablation and parameter set).
        """
        lived: dict[str, dict[str, np.ndarray]] = {}
        for batch in self.batches:
            lived |= self.outcomes_of(batch, run(batch.name, self.sweeps[batch.name]))
        systems = [self.system_of(number) for number in range(self.sets)]
        councils = np.array([self.councils_in(name) for name in systems])
        tables = judged(self.chosen(), lived, systems, councils, self.sets_seed)
        small = f"{self.sets:,} parameter sets, {counted(self.futures)} each, seed {self.seed}. "
        return Findings(tables, {"patterns": partial(pattern_chart, tables["patterns"], small)})

    def outcomes_of(self, batch: Batch, runs: pd.DataFrame) -> dict[str, dict[str, np.ndarray]]:
        """Returns {setting: {outcome: (sets, futures)}} of a batch's runs, NaN where a run has no value."""
        point, future = runs["point"].to_numpy(), runs["future"].to_numpy()
        shape = (len(batch.settings), self.sets, self.futures)
        values = {}
        for outcome in batch.outcomes:
            array = np.full((shape[0] * shape[1], shape[2]), np.nan)
            array[point, future] = runs[outcome].to_numpy()
            values[outcome] = array.reshape(shape)
        return {
            key: {outcome: array[at] for outcome, array in values.items()}
            for at, key in enumerate(batch.settings)
        }

    def summary(self, findings: Findings) -> None:
        show(in_words(findings.tables["patterns"]), "Stylised facts")

    def plan_words(self) -> list[str]:
        settings = sum(len(batch.settings) for batch in self.batches)
        return [
            f"{len(self.patterns)} patterns, {settings} settings in {len(self.batches)} sweeps, "
            f"{self.sets:,} parameter sets, {self.futures:,} futures each"
        ]

    def sweep_words(self, name: str, plan: Plan) -> str:
        settings = len(plan.points) // self.sets
        return f"{settings} setting{'s' * (settings != 1)}"

    def chosen(self) -> list[Pattern]:
        return [pattern for pattern in PATTERNS if pattern.name in self.patterns]

    @cached_property
    def table(self) -> pd.DataFrame:
        """The parameter sets, one row each: sampled from a table of sets, or a Latin hypercube over the
        plausible ranges. Raises BadInput.
        """
        if self.parameter_sets is None:
            varied = [key for key in declared() if key.startswith("params.") and key not in HELD]
            drawn = Lhs(kind="lhs", n=self.sets, factors=varied, seed=self.sets_seed).sampled()
        else:
            members = parameter_sets(self.parameter_sets)
            if len(members) < self.sets:
                raise ValueError(f"sets = {self.sets}: {self.parameter_sets} has {len(members)}")
            order = np.random.default_rng(self.sets_seed).permutation(len(members))
            drawn = members.iloc[order[: self.sets]].reset_index(drop=True)
        drawn = drawn.assign(**HELD)
        return drawn.drop(
            columns=[f"params.{name}" for name in self.params if f"params.{name}" in drawn.columns]
        ).copy()

    def system_of(self, number: int) -> str:
        """Returns the system in which a parameter set runs: the systems take turns."""
        return self.systems[number % len(self.systems)] if self.systems else self.system_name

    def councils_in(self, system: str) -> int:
        """Returns how many councils a system has."""
        described = self.system if system == self.system_name else spelt_out(library.read("system", system))
        return sum(partner["kind"] == "council" for partner in described["partners"].values())

    @cached_property
    def batches(self) -> list[Batch]:
        """Returns all settings of the chosen patterns and their ablations, each once, grouped into sweeps."""
        found: dict[str, tuple[Setting, dict[str, Setting], dict[str, None]]] = {}
        for pattern in self.chosen():
            for variant in pattern.variants():
                for setting in pattern.settings_of(variant).values():
                    shared = Setting(
                        "",
                        off=setting.off,
                        months=setting.months,
                        bodies=setting.bodies,
                        events=setting.events,
                    )
                    _, settings, outcomes = found.setdefault(shared.key, (shared, {}, {}))
                    settings[setting.key] = setting
                    outcomes |= dict.fromkeys(pattern.outcomes)
        return [
            Batch(_named(shared), shared, settings, tuple(outcomes))
            for shared, settings, outcomes in found.values()
        ]

    def _sweep(self, batch: Batch) -> Request:
        shared = batch.shared
        given: dict[str, Any] = {}
        if shared.bodies:
            given = {"system_name": "generated", "system": generated_system(partners=shared.bodies)}
        return self.sweep(
            **given,
            systems=None,
            events=[*self.events, *map(dict, shared.events)],
            rules={"off": tuple(sorted({*self.rules.off, *shared.off}))},
            months=shared.months or self.months,
            outcomes=batch.outcomes,
            regimes=[next(iter(batch.settings.values())).regime],
            design=self._design(batch),
        )

    def _design(self, batch: Batch) -> Crossed:
        """Returns the design, in which point s x sets + k is the batch's setting s in parameter set k."""
        sets = (
            self.table
            if batch.shared.bodies
            else self.table.assign(system=[self.system_of(k) for k in range(self.sets)])
        )
        settings = [
            {
                "regime": setting.regime,
                **{f"params.{name}": value for name, value in setting.params.items()},
                **{f"dials.{name}": value for name, value in setting.dials.items()},
            }
            for setting in batch.settings.values()
        ]
        return Crossed(kind="table", file="sets", text=sets.to_csv(index=False), settings=tuple(settings))


def _named(shared: Setting) -> str:
    """Returns a folder's name for the fields that settings share."""
    parts = [f"{shared.bodies}_bodies"] if shared.bodies else []
    parts += [f"{len(shared.events)}_proposals"] if shared.events else []
    parts += [f"{shared.months}_months"] if shared.months else []
    parts += [f"without_{'_'.join(shared.off)}"] if shared.off else []
    return "-".join(parts) or "as_configured"
