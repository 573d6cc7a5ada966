"""A study asks one question over sweeps. It declares its keys, plans its sweeps, draws its findings from
them, and prints a summary; `sim.studies.run` does the rest.

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
# (name, request) -> the result of `Study.read` for the finished sweep; in a test, a function with a known
# answer.
Run = Callable[[str, Request], Any]
Asked = TypeVar("Asked", bound="Study")
FIVE = (
    "south_yorkshire_bassetlaw",
    "bedfordshire_luton_milton_keynes",
    "greater_manchester",
    "dorset",
    "staffordshire_stoke",
)
# Keys of a study that its sweeps inherit, beside those of a scenario.
PASSED = ("regimes", "systems", "nation", "outcomes", "series", "futures", "seed", "threads", "cluster")


@dataclass
class Findings:
    """The results of a study: tables by name, and figures by name; figures are drawn only when needed."""

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    figures: dict[str, Draw] = field(default_factory=dict)


class Study(Composed):
    """The keys that all studies share. A study adds its own in a subclass, and defines `planned` and `find`.

    Raises ValidationError; `ask` and the scripts turn it into BadInput.
    """

    experiment: ClassVar[str]  # the name of its script, and of its file in configs/experiment
    checks_every_sweep: ClassVar[bool] = True  # before the first one starts

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

    # What a study defines.

    def planned(self) -> dict[str, Request]:
        """Returns the sweeps that are known from the start, by name. Raises ValueError if a key is wrong."""
        raise NotImplementedError

    def find(self, run: Run) -> Findings:
        """Returns the answer. Calls `run(name, request)` for each sweep, and raises what that raises."""
        raise NotImplementedError

    def summary(self, findings: Findings) -> None:
        """Print what matters most."""

    def read(self, folder: Path, request: Request) -> Any:
        """Returns what `run` gives for a finished sweep: its runs, one row each."""
        keys = ["cell", "point", "future", "system", "regime", *(["variant"] if request.variants else [])]
        return read(folder, columns=[*keys, *request.outcomes])

    def inputs(self) -> dict[str, pd.DataFrame]:
        """Returns tables that are written beside the findings, such as the parameter sets."""
        return {}

    def stages(self) -> tuple[str, ...]:
        """Returns the names of all sweeps that may run, and so of the folders that may exist."""
        return tuple(self.sweeps)

    # The words of the plan.

    def plan_words(self) -> list[str]:
        """Returns the first lines of the plan."""
        raise NotImplementedError

    def sweep_words(self, name: str, plan: Plan) -> str:
        """Describes a planned sweep in a few words, without its number of runs."""
        return f"{len(plan.points):,} points"

    def later(self) -> tuple[str, int]:
        """Describes the sweeps that depend on the planned ones: in words, and how many runs at most."""
        return "", 0

    # What follows from the keys.

    @classmethod
    def completed(cls, words: list[str]) -> list[str]:
        """Returns the words of a command as this study understands them."""
        return words

    @classmethod
    def ask(cls: type[Asked], *overrides: str) -> Asked:
        """Makes a study from words as on the command line. Raises BadInput that names every faulty key."""
        return asked(cls, cls.experiment, *cls.completed(list(overrides)))

    @property
    def called(self) -> str:
        systems = getattr(self, "systems", None)
        whole = {None: self.system_name, FIVE: "five_systems", ENGLAND: ENGLAND}
        return whole.get(tuple(systems) if isinstance(systems, list) else systems, "several_systems")

    @cached_property
    def sweeps(self) -> dict[str, Request]:
        """The planned sweeps, built once."""
        return self.planned()

    def identity(self) -> dict[str, Any]:
        """Returns everything that decides the results, as plain data; not how they are computed. A table of
        sets is named without its folder, because its content belongs to the sweeps.
        """
        plain = self.model_dump(mode="json", exclude={"threads", "cluster", "plan_only"})
        if self.parameter_sets is not None:
            plain["parameter_sets"] = Path(self.parameter_sets).name
        sweeps = {name: digest_of(request.identity()) for name, request in self.sweeps.items()}
        return {**plain, "sweeps": sweeps}

    def sweep(self, **given: Any) -> Request:
        """Returns one sweep; keys that are not `given` come from this study. Raises ValueError."""
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
        """Returns the labels of regimes."""
        return {name: str(library.read("regime", name)["label"]) for name in regimes}


def design_called(given: Any, names: Mapping[str, str]) -> Design:
    """Makes a design from plain data, where the study has its own names for the keys: {the design's name: the
    study's}. Raises ValueError with the study's names.
    """
    try:
        return design_from(given)
    except ValueError as error:
        words = str(error)
        for theirs, ours in names.items():
            words = words.replace(f"design.{theirs}", ours)
        raise ValueError(words) from None
