"""The Mesa face: one future, a month at a time, by the same rules and over the same arrays as `simulate`.

    model = LocalSystem("system=dorset", "regime=option2", rng=1, future=7)
    model.step()
    model.agents_by_type[Council].select(lambda council: council.engagement < 0.4)

Without overrides a month is one call of the compiled rules. Where a subclass overrides a decision, the month
runs in parts: the rules fill in their intentions, the model asks the agents concerned, and the rules go on
with the answers.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from sim.declarations import indicators
from sim.declarations.bodies import KINDS
from sim.engine import simulation
from sim.engine.dataset import to_dataset
from sim.engine.output import batch_of, by_events, empty_history, of_the_team
from sim.engine.prepared import as_rules_take, dials_of, happenings_of, settings_of
from sim.engine.starting_world import partner_names
from sim.inputs.problems import BadInput, not_whole, unknown
from sim.kernel.compiled import COMPILED
from sim.kernel.records import EMPTY, EVENT
from sim.mesa_face.agents import CLASSES
from sim.mesa_face.national_body import NationalBody
from sim.mesa_face.organisation import Organisation, Project
from sim.mesa_face.overrides import ASKED, overriding
from sim.rules.month import parts
from sim.rules.partnership.leave_and_return import level_of_leaving
from sim.rules.run import run_chunk
from sim.scenario.composing import load
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

COLLECTED = ("integration", "trust", "members", "engagement", "pressure", "balance", "waiting", "agreed")
LOG = 65536


@lru_cache(maxsize=64)
def _loaded(overrides: tuple[str, ...]) -> Scenario:
    return load(*overrides)


def _imported(path: str) -> type[Organisation]:
    """Return a class by its name, 'module.Class'. Raises BadInput."""
    module, _, name = str(path).rpartition(".")
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise BadInput(f"agents: '{path}' cannot be imported: {error}") from None


class LocalSystem(mesa.Model):
    """One local system in one future.

    `overrides` are those of `sim.load` ("regime=option2"), or one Scenario; named arguments mean the same
    (`regime="option2"`), so that `mesa.batch_run` can vary them. `rng` is the seed (1 if not given) and
    `future` the future of `simulate`. `agents` maps kinds of body to subclasses (or their import paths; also
    "agents.council=my_module.Stubborn"). `collect` names the indicators that `datacollector` records each
    month; each indicator is also an attribute (`model.integration`). Raises BadInput.
    """

    def __init__(
        self,
        *overrides: "Scenario | str",
        rng: int | None = None,
        future: int = 0,
        scenario: Scenario | None = None,
        agents: Mapping[str, "type[Organisation] | str"] | None = None,
        collect: tuple[str, ...] = COLLECTED,
        **named: Any,
    ):
        rng = 1 if rng is None else rng  # Mesa 3.5's batch_run passes None where no seed was given
        problems = not_whole("rng", rng, 0, 2**64 - 1) + not_whole("future", future, 0, 2**32 - 1)
        if problems:
            raise BadInput("\n".join(problems))
        super().__init__(rng=np.random.default_rng([int(rng), int(future)]))
        words = [word for word in overrides if isinstance(word, str)] + [
            f"{key}={value}" for key, value in named.items()
        ]
        chosen = dict(agents or {}) | {
            w[7:].split("=", 1)[0]: w.split("=", 1)[1] for w in words if w.startswith("agents.") and "=" in w
        }
        given = [each for each in overrides if isinstance(each, Scenario)] + ([scenario] if scenario else [])
        words = [word for word in words if not word.startswith("agents.")]
        if len(given) > 1 or (given and words):
            raise BadInput("give one scenario, or the words that make one, not both")
        # Not `scenario`: Mesa 3.5 keeps something of its own under that name.
        self.lived_scenario = given[0] if given else _loaded(tuple(words))
        self.seed, self.future, self.month = int(rng), int(future), 0
        self.place_names = list(self.lived_scenario.system.places)
        self._begin()
        self._meet(chosen)
        self.datacollector = mesa.DataCollector(model_reporters=self._reporters(collect))

    # Setting up.

    def _begin(self) -> None:
        """Set up the world of month 0, this future's luck, and room for the records."""
        prepared = simulation.prepare(self.lived_scenario, self.seed)
        self.world, self._on, self.par = prepared.world, prepared.on, prepared.par[0]
        self._state = self.world.views(COMPILED)
        self._settings = settings_of(prepared)
        self._output = simulation.empty_output(prepared, 1, "full")
        self._log = np.zeros(LOG, EVENT)
        self._record_into_output()
        self._put_forward: tuple[Organisation, Organisation] | None = None
        self._live(self._settings.on, 0, fresh=True)

    def _record_into_output(self) -> None:
        self._batch = batch_of(self._output, self.world.block.reshape(1, -1)[:0], self._log)

    def _live(self, on: Any, months: int, fresh: bool = False) -> None:
        """Run so many months, or the part of a month that `on` names; `fresh` first draws the luck of this
        future.
        """
        settings, block = self._settings._replace(on=on), self.world.block
        span, future = (self.month, self.month + months), np.uint64(self.future)
        run_chunk(settings, block.reshape(1, -1), block, self._state, fresh, span, future, self._batch)

    def _meet(self, chosen: Mapping[str, "type[Organisation] | str"]) -> None:
        """Make one agent for each body, of the class registered for its kind."""
        for kind, given in chosen.items():
            if kind not in KINDS:
                raise BadInput(unknown("agents", kind, KINDS))
            found = _imported(given) if isinstance(given, str) else given
            if not (isinstance(found, type) and issubclass(found, CLASSES[kind])):
                raise BadInput(f"agents.{kind} = {given!r}: must be a subclass of {CLASSES[kind].__name__}")
        classes = {
            kind: _imported(c) if isinstance(c, str) else c for kind, c in {**CLASSES, **chosen}.items()
        }
        labels = [*(partner.label for partner in self.lived_scenario.system.partners.values()), "ICS board"]
        names = partner_names(self.lived_scenario.system)
        kinds = [KINDS[row["kind"]] for row in self.world.org]
        listed = enumerate(zip(kinds, names, labels, strict=True))
        self.bodies = [classes[kind](self, row, name, label) for row, (kind, name, label) in listed]
        self.board = self.bodies[-1]
        self._by_name = {body.name: body for body in self.bodies}
        self._here = np.ones(len(self.bodies), bool)
        self.national_body = NationalBody(self)
        self._asked = overriding(self.bodies)
        self._plan: dict[bool, list[tuple[Any, list[Callable[[], None]]]]] = {}
        self._come_and_go()

    def _reporters(self, names: tuple[str, ...]) -> dict[str, str]:
        problems = [
            unknown("collect", name, indicators.SYSTEM) for name in names if name not in indicators.SYSTEM
        ]
        if problems:
            raise BadInput("\n".join(problems))
        return {name: name for name in names}

    # Running.

    def step(self) -> None:
        """Run one month. Raises BadInput after the last one, or for an answer of an override that is not
        allowed.
        """
        if self.month >= self.lived_scenario.months:
            raise BadInput(f"the scenario ends after {self.lived_scenario.months} months")
        for part, asks in self._parts():
            self._live(part, 1)
            for ask in asks:
                ask()
        self.month += 1
        self.running = self.month < self.lived_scenario.months
        self._come_and_go()
        self.datacollector.collect(self)

    def _parts(self) -> list[tuple[Any, list[Callable[[], None]]]]:
        """Return the parts of the month: the switches of each, and the questions to ask after it."""
        proposing = self._put_forward is not None
        if proposing not in self._plan:
            asks: dict[str, list[Callable[[], None]]] = (
                {"propose_merger": [self._propose]} if proposing else {}
            )
            for decision, asked in self._asked.items():
                step, ask = ASKED[decision]
                asks.setdefault(step, []).append(partial(ask, self, asked))
            cut = tuple(name for name in self._on.dtype.names or () if name in asks)
            switched = [as_rules_take(part)[0] for part in parts(self._on, cut)]
            self._plan[proposing] = list(zip(switched, [*(asks[name] for name in cut), []], strict=True))
        return self._plan[proposing]

    def _come_and_go(self) -> None:
        """Take bodies that ended out of the set of agents, and add those that came (back). The boards are
        always in it.
        """
        here = self.world.org["exists"] == 1
        here[-1] = True
        for row in np.flatnonzero(here != self._here):
            if here[row]:
                self.register_agent(self.bodies[row])
            else:
                self.deregister_agent(self.bodies[row])
        self._here = here

    def _propose(self) -> None:
        assert self._put_forward
        one, other = self._put_forward
        self._put_forward = None
        if one.exists and other.exists:
            self.world.board[0]["candidate"], self.world.board[0]["neighbour"] = one.row, other.row

    # What agents' verbs do.

    def happen(self, **event: Any) -> None:
        """Make something happen at the start of the next month, like a scenario's event. Raises BadInput."""
        self._must_go_on()
        if "regime" in event:
            self.lived_scenario = self.lived_scenario.changed(
                regimes=self.lived_scenario.regimes_with(event["regime"])
            )
        self.lived_scenario = self.lived_scenario.with_events({"month": self.month, **event})
        happenings = as_rules_take(happenings_of(self.lived_scenario))
        dials = as_rules_take(dials_of(self.lived_scenario))
        self._settings = self._settings._replace(dials=dials, happenings=happenings)
        self._make_room()

    def _must_go_on(self) -> None:
        if self.month >= self.lived_scenario.months:
            raise BadInput(f"nothing can happen after the last of {self.lived_scenario.months} months")

    def _make_room(self) -> None:
        """Add a row of dates for each new proposal that events put on the table; the latest comes first among
        them.
        """
        history, own = self._output.history, of_the_team(self.lived_scenario.months)
        more = by_events(self._settings.happenings) - (history.shape[1] - own)
        if more > 0:
            room = empty_history(1, more)
            self._output.history = np.concatenate([history[:, :own], room, history[:, own:]], axis=1)
            self._record_into_output()

    def leaves_below(self, body: Organisation) -> float:
        """Return the membership value below which a body wishes to leave."""
        return float(level_of_leaving(self._settings.par, self._state.org, body.row))

    def put_forward(self, one: Organisation, other: Organisation) -> None:
        """Put a merger forward for next month. Raises BadInput."""
        self._must_go_on()
        self._put_forward = (one, other)

    # Looking.

    def find(self, body: "Organisation | str") -> Organisation:
        """Find a body by itself or by its name. Raises BadInput."""
        if isinstance(body, Organisation):
            return body
        if body not in self._by_name:
            raise BadInput(unknown("partner", body, self._by_name))
        return self._by_name[body]

    def body(self, row: int) -> "Organisation | None":
        """Return the body in a row of the world's organisations, None for -1."""
        return self.bodies[row] if row >= 0 else None

    @property
    def partners(self) -> "mesa.agent.AgentSet[Organisation]":
        """The bodies that exist: a joint board only if the law makes it a body, never the national body."""
        return self.agents.select(lambda body: body.exists, agent_type=Organisation)  # type: ignore[return-value]

    def projects(self) -> list[Project]:
        """Return proposals and projects under way, oldest first."""
        slots = np.flatnonzero(self.world.project["stage"] != EMPTY)
        return [
            Project(self, int(slot))
            for slot in sorted(slots, key=lambda slot: self.world.project[slot]["serial"])
        ]

    def frame(self, *names: str) -> "pd.DataFrame":
        """Return the bodies that exist as a table: label, kind and the named fields, or all numeric ones."""
        import pandas as pd

        fields = names or tuple(
            name for name in self.world.org.dtype.names or () if name not in ("key", "kind", "exists")
        )
        problems = [
            unknown("frame", name, self.world.org.dtype.names or ())
            for name in fields
            if name not in self.world.org.dtype.names
        ]
        if problems:
            raise BadInput("\n".join(problems))
        here = [body for body in self.bodies if body.exists]
        rows = self.world.org[[body.row for body in here]]
        columns = {"label": [body.label for body in here], "kind": [body.kind for body in here]} | {
            n: rows[n].copy() for n in fields
        }
        return pd.DataFrame(columns, index=pd.Index([body.name for body in here], name="partner"))

    def dataset(self) -> "xr.Dataset":
        """Return the months so far, as `simulate(..., record="full")` gives them for one future."""
        lived, whole = self.month, self._output
        if lived == 0:
            raise BadInput("no month has been lived yet: call step() first")
        brought_by_events = whole.history[:, of_the_team(self.lived_scenario.months) :]
        history = np.concatenate([whole.history[:, : of_the_team(lived)], brought_by_events], axis=1)
        output = simulation.Output(
            np.zeros_like(whole.summary),
            history,
            whole.system[:, :lived],
            whole.partner[:, :lived],
            whole.full[:, :lived],
            whole.place[:, :lived],
            whole.ties[:, :lived],
        )
        simulation.fill_summary(output)
        return to_dataset(
            self.lived_scenario.model_copy(update={"months": lived}), output, self.seed, self.future
        )

    def minutes(self) -> "pd.DataFrame":
        """Return what has happened so far, in words; columns as those of `sim.minutes`."""
        from sim.minute_book.minutes import tell

        written = int(self._log[0]["event_month"])
        return tell(self.lived_scenario, self._log[1 : min(written, LOG - 1) + 1])

    def __getattr__(self, name: str) -> Any:
        """Return an indicator of the last month by its name; NaN before the first month."""
        if name.startswith("_") or name not in indicators.SYSTEM:
            raise AttributeError(f"'{type(self).__name__}' has no attribute '{name}'")
        return float(self._output.system[0, self.month - 1][name]) if self.month else float("nan")
