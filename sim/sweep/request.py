"""The request of a sweep: the keys of `configs/experiment/sweep.yaml`, validated, and `ask` to make one from
Python.
"""

from collections.abc import Sequence
from typing import Annotated, Any

import pandas as pd
from pydantic import Field, SerializeAsAny, ValidationInfo, field_validator, model_validator

from sim.declarations import indicators
from sim.engine.simulation import FUTURES_THERE_ARE
from sim.inputs import library
from sim.inputs.problems import BadInput, not_whole, unknown
from sim.results.publishing import digest_of
from sim.scenario.composing import Composed, check, compose
from sim.scenario.scenario import Scenario
from sim.sweep.clusters.settings import Local, Place, place_from
from sim.sweep.designs import Design, Table, design_from
from sim.sweep.parameter_sets import parameter_sets
from sim.sweep.points import AXES
from sim.sweep.variants import AS_CONFIGURED, Variant, problems_with
from sim.systems import public_tables
from sim.systems.made_up import spelt_out

AUTO = "auto"
NO_EVENT = "none"
ENGLAND = "england"  # as `systems`: the 42 systems of the public tables, under one national body
FIRST_FUTURES = 50  # with futures=auto: the size of the first layer; each further layer doubles the number


class Request(Composed):
    """The keys of `configs/experiment/sweep.yaml`. Raises ValidationError; `ask` and the script turn it into
    BadInput.
    """

    regimes: tuple[str, ...] = Field(min_length=1)
    systems: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    nation: bool = False
    events: Any = Field(default_factory=list)
    variants: dict[str, Variant] = Field(default_factory=dict)
    design: SerializeAsAny[Design]
    futures: Any = 100
    precision: Annotated[float, Field(gt=0, lt=10)] | None = None
    outcome: str = "integration_mean"
    futures_limit: Annotated[int, Field(ge=FIRST_FUTURES, le=FUTURES_THERE_ARE)] = 10_000
    outcomes: Any = "all"
    series: Any = ()
    series_months: tuple[Annotated[int, Field(ge=0)], ...] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**64)] = 1
    threads: Annotated[int, Field(ge=1, le=1024)] | None = None
    cluster: SerializeAsAny[Place] = Local()
    plan_only: bool = False

    def identity(self) -> dict[str, Any]:
        """Everything that decides the results, as plain data, with digests of what is only named here; not
        how they are computed.
        """
        plain = self.model_dump(mode="json", exclude={"threads", "cluster", "plan_only"})
        if isinstance(self.design, Table):
            plain["design"] = {
                "kind": "table",
                "baseline": self.design.baseline,
                "digest": digest_of(self.design.content),
            }
        laws = dict.fromkeys(
            [*self.axis("regime"), *(variant.regime for variant in self.variants.values() if variant.regime)]
        )
        named = [("regime", name) for name in laws] + [
            ("event", name) for name in self.axis("event") if name != NO_EVENT
        ]
        plain["contents"] = {f"{group}/{name}": digest_of(library.read(group, name)) for group, name in named}
        others = [name for name in self.axis("system") if name != self.system_name]
        plain["contents"] |= {f"system/{name}": digest_of(self.system_called(name)) for name in others}
        return plain

    def _table_axes(self) -> list[str]:
        return self.design.axes if isinstance(self.design, Table) else []

    @model_validator(mode="before")
    @classmethod
    def _sets_are_points(cls, given: Any) -> Any:
        """Turn `parameter_sets=posterior` into a design: each set of the table is a point."""
        if not isinstance(given, dict) or "parameter_sets" not in given:
            return given
        rest = {key: value for key, value in given.items() if key != "parameter_sets"}
        if given["parameter_sets"] is None:
            return rest
        design = given.get("design")
        if not isinstance(design, dict) or design.get("kind") != "grid" or design.get("factors"):
            raise ValueError(
                f"parameter_sets = '{given['parameter_sets']}': its sets are the points, so "
                "there can be no other design"
            )
        text = parameter_sets(given["parameter_sets"]).to_csv(index=False)
        return {**rest, "design": {"kind": "table", "file": given["parameter_sets"], "text": text}}

    @model_validator(mode="before")
    @classmethod
    def _england_is_a_nation(cls, given: Any) -> Any:
        """Make `systems=england` name all 42. They form one nation, which shares one fund, unless `nation`
        says no.
        """
        if not isinstance(given, dict):
            return given
        england, nation = given.get("systems") == ENGLAND, given.get("nation")
        systems = [code.lower() for code in public_tables.codes()] if england else given.get("systems")
        return {**given, "systems": systems, "nation": england if nation is None else nation}

    @field_validator("design", mode="before")
    @classmethod
    def _design_of_its_kind(cls, value: Any) -> Design:
        return design_from(value)

    @field_validator("cluster", mode="before")
    @classmethod
    def _cluster_of_its_kind(cls, value: Any) -> Place:
        return place_from(value)

    @field_validator("futures")
    @classmethod
    def _whole_or_auto(cls, value: Any) -> Any:
        wrong = [] if value == AUTO else not_whole("futures", value, 1, FUTURES_THERE_ARE)
        if wrong:
            raise ValueError(f"{wrong[0]}, or auto")
        return value

    @field_validator("regimes", "systems", mode="before")
    @classmethod
    def _named(cls, value: Any, info: ValidationInfo) -> Any:
        key = str(info.field_name)
        if value is None and key == "systems":
            return None
        known = library.names(key.removesuffix("s"))
        names = known if value == "all" else [value] if isinstance(value, str) else value
        if key == "regimes" and value == "all":
            names = sorted(known, key=lambda name: name != "joint_committee")  # the baseline first
        return _once_each(key, names, [*known, "all", *([ENGLAND] if key == "systems" else [])])

    @field_validator("events")
    @classmethod
    def _events_named(cls, value: Any) -> Any:
        names = [value] if isinstance(value, str) else value
        if isinstance(names, (list, tuple)) and any(isinstance(name, str) for name in names):
            return _once_each("events", names, [*library.names("event"), NO_EVENT])
        if not isinstance(names, (list, tuple)):
            raise ValueError("must be a list of events, or names of files in configs/event")
        return list(names)

    @field_validator("outcomes")
    @classmethod
    def _outcomes_named(cls, value: Any) -> tuple[str, ...]:
        whole = {"all": indicators.OUTCOMES, "headline": indicators.HEADLINE}
        if isinstance(value, str) and value in whole:
            return tuple(whole[value])
        names = _once_each(
            "outcomes", [value] if isinstance(value, str) else value, [*indicators.OUTCOMES, *whole]
        )
        if not names:
            raise ValueError("name at least one outcome, or: all, headline")
        return names

    @field_validator("series")
    @classmethod
    def _series_named(cls, value: Any) -> tuple[str, ...]:
        if isinstance(value, str) and value == "all":
            return tuple(indicators.SYSTEM)
        return _once_each("series", [value] if isinstance(value, str) else value, [*indicators.SYSTEM, "all"])

    @field_validator("outcome")
    @classmethod
    def _outcome_named(cls, value: str) -> str:
        return _once_each("outcome", [value], [*indicators.OUTCOMES])[0]

    @model_validator(mode="after")
    def _hangs_together(self) -> "Request":
        if self.futures == AUTO and self.precision is None:
            raise ValueError("futures = 'auto': needs a precision, e.g. precision=0.02")
        if self.futures != AUTO and self.precision is not None:
            raise ValueError(f"precision = {self.precision:g}: only with futures=auto")
        late = [month for month in self.series_months or () if month >= self.months]
        if late:
            raise ValueError(f"series_months = {late[0]}: must be below months, {self.months}")
        if self.series_months == () or len(set(self.series_months or ())) < len(self.series_months or ()):
            raise ValueError("series_months: name at least one month, and each only once; null keeps all")
        if self.nation and "system" in self._table_axes():
            raise ValueError(
                "nation: a design's table that names systems cannot be lived by all of them "
                "together; use systems=[...]"
            )
        if self.nation and len(self.axis("system")) < 2:
            raise ValueError("nation = True: needs several systems to share a fund, e.g. systems=england")
        if wrong := problems_with(self.variants):
            raise ValueError("\n".join(wrong))
        if self.futures == AUTO and self.outcome not in self.outcomes:
            raise ValueError(f"outcome = {self.outcome!r}: must be among the outcomes that are kept")
        return self

    @property
    def months_kept(self) -> tuple[int, ...]:
        """The months whose series are kept, in order."""
        return (
            tuple(sorted(self.series_months)) if self.series_months is not None else tuple(range(self.months))
        )

    def axis(self, name: str) -> tuple[str, ...]:
        """Return the names along `system`, `regime`, `event` or `variant`: those that cells are crossed with,
        or those in the design's table.
        """
        if name in self._table_axes():
            return tuple(dict.fromkeys(self.design.sampled()[name]))
        if name == "event":
            return tuple(self.events) if self.crosses_events else (NO_EVENT,)
        if name == "variant":
            return tuple(self.variants) or (AS_CONFIGURED,)
        if name == "regime":
            return self.regimes[:1] if self.names_regimes else self.regimes
        return self.systems or (self.system_name,)

    @property
    def names_regimes(self) -> bool:
        """Whether the variants name regimes, which then replace those that points are crossed with."""
        return any(variant.regime for variant in self.variants.values())

    @property
    def crossed(self) -> tuple[str, ...]:
        """The axes with which every point of the design is crossed, the slowest first; systems of one nation
        are neighbours.
        """
        axes = (*(name for name in AXES if name not in self._table_axes()), "variant")
        return (*axes[1:], "system") if self.nation else axes

    @property
    def together(self) -> int:
        """How many neighbouring cells run together: all systems of one nation, or a single cell."""
        return len(self.axis("system")) if self.nation else 1

    @property
    def crosses_events(self) -> bool:
        """Whether events are named files that vary, rather than the same for all cells."""
        return any(isinstance(event, str) for event in self.events)

    def system_called(self, name: str) -> dict[str, Any]:
        """Return a system's description in full; that of `system` includes the changes of the request."""
        return self.system if name == self.system_name else spelt_out(library.read("system", name))

    def base(self, system: str, regime: str, event: str, variant: str = AS_CONFIGURED) -> Scenario:
        """Return the scenario as configured, for one system, regime, file of events and variant. Raises
        BadInput.
        """
        own = [] if self.crosses_events else self.events
        events = library.read("event", event) if event != NO_EVENT else own
        where = {"system": self.system_called(system), "system_name": system, "events": events}
        found = self.model_copy(update=where)
        return found.model_copy(update=self.variants.get(variant, Variant()).over(found)).scenario(regime)


def _once_each(key: str, names: Any, known: Sequence[str]) -> tuple[str, ...]:
    """Return names as a tuple. Raises ValueError that names every unknown one, or one given twice."""
    if not isinstance(names, (list, tuple)):
        raise ValueError(f"must be a list of names, not {names!r}")
    problems = [
        unknown(key, name, known) for name in names if name not in known or name in ("all", "headline")
    ]
    if len(set(map(str, names))) < len(names):
        problems.append(f"{key}: each can be named only once")
    if problems:
        raise ValueError("\n".join(problems))
    return tuple(names)


def ask(*overrides: str, points: pd.DataFrame | None = None) -> Request:
    """Make a request from Python, in the words of the command line: ask("design=lhs", "design.n=20",
    "futures=50").

    `points` is a design of your own, a DataFrame with a row a point and a column a factor (`params.squeeze`,
    `dials.block`; also `system`, `regime`, `event`). Its first row is the baseline. Raises BadInput that
    names every key at fault.
    """
    own = any(word.partition("=")[0].startswith("design") for word in overrides)
    if points is not None and own:
        raise BadInput("points and design=...: give one of the two")
    composed, choices = compose("experiment/sweep", overrides)
    if points is not None:
        composed["design"] = {"kind": "table", "file": "points", "text": points.to_csv(index=False)}
    found = check(Request, {**composed, "system_name": choices["system"]})
    assert isinstance(found, Request)
    return found
