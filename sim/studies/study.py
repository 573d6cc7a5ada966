"""A study: one question, asked over sweeps. It says what it is asked for, which sweeps it takes, what it
finds in them, and what is told of that; `sim.studies.run` does the rest.

    study = Duty.ask("system=dorset", "sets=20")
    findings = study.find(Sweeps(study, Path("results/duty/mine")))
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar

import pandas as pd
from pydantic import Field, SerializeAsAny, ValidationError, field_validator, model_validator

from sim.engine.simulation import FUTURES_THERE_ARE
from sim.inputs import library
from sim.inputs.problems import explain
from sim.results.publishing import digest_of
from sim.scenario.composing import Composed, asked
from sim.sweep.clusters.settings import Local, Place, place_from
from sim.sweep.designs import Design, design_from
from sim.sweep.plan import Plan
from sim.sweep.reading import read
from sim.sweep.request import ENGLAND, Request

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Draw = Callable[[], "Figure"]
# (name, request) -> what `Study.read` makes of the finished sweep; in a test, a function with a known answer.
Run = Callable[[str, Request], Any]
Asked = TypeVar("Asked", bound="Study")
FIVE = (
    "south_yorkshire_bassetlaw",
    "bedfordshire_luton_milton_keynes",
    "greater_manchester",
    "dorset",
    "staffordshire_stoke",
)
# Keys of a study that its sweeps take over, beside those of a scenario.
PASSED = ("regimes", "systems", "nation", "outcomes", "series", "futures", "seed", "threads", "cluster")


@dataclass
class Findings:
    """What a study found: tables by name, and figures by name, drawn when asked for."""

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    figures: dict[str, Draw] = field(default_factory=dict)


class Study(Composed):
    """The keys that all studies share; a study adds its own in a subclass, and says `planned` and `find`.

    Raises ValidationError; `ask` and the scripts turn it into BadInput.
    """

    experiment: ClassVar[str]  # the name of its script, and of its file in configs/experiment
    checks_every_sweep: ClassVar[bool] = True  # before the first begins

    parameter_sets: str | None = None
    futures: Annotated[int, Field(ge=2, le=FUTURES_THERE_ARE)] = 10
    seed: Annotated[int, Field(ge=0, lt=2**64)] = 1
    threads: Annotated[int, Field(ge=1, le=1024)] | None = None
    cluster: SerializeAsAny[Place] = Local()
    plan_only: bool = False

    @field_validator("cluster", mode="before")
    @classmethod
    def _cluster_of_its_kind(cls, value: Any) -> Place:
        return place_from(value)

    @model_validator(mode="after")
    def _can_be_run(self: Asked) -> Asked:
        for name, sweep in self.sweeps.items():
            if not sweep.outcomes:
                raise ValueError(f"outcomes: none for {name}")
        return self

    # What a study says of itself.

    def planned(self) -> dict[str, Request]:
        """The sweeps that are known before the first has run, by name. Raises ValueError that names what is
        wrong.
        """
        raise NotImplementedError

    def find(self, run: Run) -> Findings:
        """The answer. `run(name, request)` runs a sweep, as often as is needed. Raises what `run` raises."""
        raise NotImplementedError

    def summary(self, findings: Findings) -> None:
        """Print what matters most."""

    def read(self, folder: Path, request: Request) -> Any:
        """What `run` gives of a finished sweep: its runs, a row each."""
        keys = ["cell", "point", "future", "system", "regime", *(["variant"] if request.variants else [])]
        return read(folder, columns=[*keys, *request.outcomes])

    def inputs(self) -> dict[str, pd.DataFrame]:
        """Tables written beside the findings, such as the parameter sets."""
        return {}

    def stages(self) -> tuple[str, ...]:
        """Names of all sweeps that may be run, and so of the folders that may be there."""
        return tuple(self.sweeps)

    # What the plan tells.

    def plan_words(self) -> list[str]:
        """Lines that begin the plan."""
        raise NotImplementedError

    def sweep_words(self, name: str, plan: Plan) -> str:
        """A planned sweep in a few words, without its runs."""
        return f"{len(plan.points):,} points"

    def later(self) -> tuple[str, int]:
        """Sweeps that follow from what the planned ones give: in words, and how many runs at most."""
        return "", 0

    # What follows from the keys.

    @classmethod
    def completed(cls, words: list[str]) -> list[str]:
        """The words of a command as this study means them."""
        return words

    @classmethod
    def ask(cls: type[Asked], *overrides: str) -> Asked:
        """The study asked for from Python, in the words of the command line. Raises BadInput that names every
        key at fault.
        """
        return asked(cls, cls.experiment, *cls.completed(list(overrides)))

    @property
    def called(self) -> str:
        systems = getattr(self, "systems", None)
        whole = {None: self.system_name, FIVE: "five_systems", ENGLAND: ENGLAND}
        return whole.get(tuple(systems) if isinstance(systems, list) else systems, "several_systems")

    @cached_property
    def sweeps(self) -> dict[str, Request]:
        """The planned sweeps, made once."""
        return self.planned()

    def identity(self) -> dict[str, Any]:
        """All that results follow from, as plain data; not how they are computed. A table of sets is named
        without its folder: what it holds belongs to the sweeps.
        """
        plain = self.model_dump(mode="json", exclude={"threads", "cluster", "plan_only"})
        if self.parameter_sets is not None:
            plain["parameter_sets"] = Path(self.parameter_sets).name
        sweeps = {name: digest_of(request.identity()) for name, request in self.sweeps.items()}
        return {**plain, "sweeps": sweeps}

    def sweep(self, **given: Any) -> Request:
        """One sweep, with this study's keys where they are not `given`. Raises ValueError naming what is
        wrong.
        """
        mine = [name for name in (*Composed.model_fields, *PASSED) if name in type(self).model_fields]
        keys = {name: getattr(self, name) for name in mine} | {
            "rules": self.rules.model_dump(),
            "cluster": self.cluster.model_dump(),
        }
        try:
            return Request.model_validate({**keys, **given})
        except ValidationError as error:
            raise ValueError(explain(error, Request)) from None

    def labels_of(self, regimes: Sequence[str]) -> dict[str, str]:
        """What people call regimes."""
        return {name: str(library.read("regime", name)["label"]) for name in regimes}


def design_called(given: Any, names: Mapping[str, str]) -> Design:
    """A design from plain data, whose keys a study calls otherwise: {the design's name: the study's}. Raises
    ValueError in the study's names.
    """
    try:
        return design_from(given)
    except ValueError as error:
        words = str(error)
        for theirs, ours in names.items():
            words = words.replace(f"design.{theirs}", ours)
        raise ValueError(words) from None
