"""The base of all bodies in the Mesa face: live views of rows in the model's arrays, with verbs, questions
and decisions.

A body holds no state: every attribute is read from its row. A subclass may override a decision (`DECISIONS`).
The model asks only about overridden decisions; the compiled rules decide everything else.
"""

from typing import Any, Protocol

import mesa

from sim.declarations.bodies import KINDS
from sim.inputs.problems import BadInput
from sim.kernel.records import GIVING_NOTICE, LEFT, MEMBER, ORGANISATION, PROJECT, PROJECT_KINDS, STAKE
from sim.kernel.world import WorldMemory

MEMBERSHIPS = {LEFT: "left", GIVING_NOTICE: "giving notice", MEMBER: "member"}
STAGES = ("empty", "case", "on the table", "with the boards", "in consultation", "in force", "delivered")
DECISIONS = ("offers", "votes_for", "ratifies", "accepts_merger", "wants_to_leave", "wants_to_return")
NOT_PLAIN = ("key", "kind", "exists", "membership", "sector")  # shown in words below


class LivedSystem(Protocol):
    """What bodies need of the system that they are part of; `LocalSystem` is its only implementation."""

    world: WorldMemory
    par: Any
    month: int
    place_names: list[str]
    bodies: "list[Organisation]"

    def find(self, body: "Organisation | str") -> "Organisation": ...
    def body(self, row: int) -> "Organisation | None": ...
    def leaves_below(self, body: "Organisation") -> float: ...
    def happen(self, **event: Any) -> None: ...
    def put_forward(self, one: "Organisation", other: "Organisation") -> None: ...


class Project:
    """A proposal or project as it stands, by its slot in the model's arrays. Fields of
    `sim.kernel.records.PROJECT` are attributes.
    """

    def __init__(self, model: LivedSystem, slot: int):
        self._model, self._slot = model, slot
        self.serial = int(model.world.project[slot]["serial"])

    def _row(self) -> Any:
        row = self._model.world.project[self._slot]
        if int(row["serial"]) != self.serial or row["stage"] == 0:
            raise BadInput(f"project {self.serial} is over (month {self._model.month})")
        return row

    @property
    def kind(self) -> str:
        """What sort of project it is, one of `sim.kernel.records.PROJECT_KINDS`."""
        return PROJECT_KINDS[self._row()["kind"]]

    @property
    def place(self) -> str | None:
        """The place it is about, or None if it is about the whole system."""
        where = int(self._row()["place"])
        return self._model.place_names[where] if where >= 0 else None

    @property
    def stage(self) -> str:
        """How far it has come, in words."""
        return STAGES[self._row()["stage"]]

    @property
    def sponsor(self) -> "Organisation | None":
        """The body that brings it, or None."""
        return self._model.body(int(self._row()["sponsor"]))

    def stake_of(self, body: "Organisation") -> dict[str, float]:
        """Return what one body has at stake: every field of `sim.kernel.records.STAKE`, money in GBP million
        a year.
        """
        self._row()
        row = self._model.world.stake[self._slot, body.row]
        return {name: row[name].item() for name in STAKE.names or ()}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in (PROJECT.names or ()):
            raise AttributeError(f"a project has no attribute '{name}'")
        return self._row()[name].item()

    def __repr__(self) -> str:
        return (
            f"<project {self.serial}: {self.kind}{' in ' + self.place if self.place else ''}, {self.stage}>"
        )


class Organisation(mesa.Agent):
    """A body of the local system. The fields of `sim.kernel.records.ORGANISATION` are attributes, read anew
    each time.
    """

    model: LivedSystem

    def __init__(self, model: LivedSystem, row: int, name: str, label: str):
        super().__init__(model)
        self.row, self.name, self.label = row, name, label
        self._fields = model.world.org[row]  # a view: reads what is there now

    @property
    def kind(self) -> str:
        """One of `sim.declarations.bodies.KINDS`."""
        return KINDS[self._fields["kind"]]

    @property
    def exists(self) -> bool:
        """Whether the body exists: not merged into another, abolished or not yet founded."""
        return bool(self._fields["exists"])

    @property
    def is_member(self) -> bool:
        """Whether it is a member of the partnership, even if it has given notice."""
        return self.exists and self._fields["membership"] != LEFT

    # Verbs: what a scenario event would do, at the start of the month to come.

    def leave(self) -> None:
        """Leave at the start of the next month, whatever bars it, until `rejoin`. Raises BadInput."""
        self._must_exist("leave")
        if not self.is_member:
            raise BadInput(f"{self.label} cannot leave in month {self.model.month}: it has left already")
        self.model.happen(do="leave", partner=self.name)

    def rejoin(self) -> None:
        """Come back at the start of the next month. Raises BadInput."""
        self._must_exist("rejoin")
        if self.is_member:
            raise BadInput(f"{self.label} cannot rejoin in month {self.model.month}: it is a member")
        self.model.happen(do="return", partner=self.name)

    # Questions.

    def membership(self) -> dict[str, Any]:
        """Return how the body stands to the partnership: status, membership value, the barrier below which it
        wishes to leave, months below.
        """
        row, par = self._fields, self.model.par
        return {
            "status": MEMBERSHIPS[int(row["membership"])] if self.exists else "does not exist",
            "value": float(row["value"]),
            "leaves_below": self.model.leaves_below(self),
            "months_of_wishing": int(row["months_low"]),
            "months_it_takes": int(par["leaving_months"]),
            "notice_left": int(row["notice_left"]),
        }

    def trusts(self, other: "Organisation | str") -> float:
        """Return what this body expects of another, in [0, 1]. Raises BadInput for an unknown body."""
        return float(self.model.world.trust[self.row, self.model.find(other).row])

    def why(self, project: Project) -> dict[str, float]:
        """Explain its view of a proposal: the terms of its last appraisal, which add up to its `support`.

        `own_gain`, `system_benefit`, `autonomy_ceded`, `public_loss`, `liability`, `noise`, `standing` (an
        earlier refusal), `persuasion` (by partners) and `bargain` (what it pays, or what it is promised, as
        far as it believes that), as in docs/model.md 4.5 and 4.6: above 0 for, below 0 against. All are 0
        before the proposal is first heard, and for a body that has no say in it. After a merger the lower of
        two appraisals holds. Raises BadInput for a project that is over.
        """
        return {
            name.removeprefix("term_"): value
            for name, value in project.stake_of(self).items()
            if name.startswith("term_")
        }

    # Decisions: what the rules intend, unless a subclass overrides them.

    def offers(self, project: Project) -> float:
        """Return what it offers the others for their support, GBP million a year; it pays only what wins them
        over.
        """
        return project.stake_of(self)["offers"]

    def votes_for(self, project: Project) -> bool | None:
        """Return how it votes on a proposal: True for, False against, None if it abstains."""
        vote = project.stake_of(self)["vote"]
        return None if vote == 0 else vote > 0

    def ratifies(self, project: Project) -> bool:
        """Whether its own board, which meets this month, approves what the joint body has agreed."""
        return project.stake_of(self)["ratifies"] > 0

    def accepts_merger(self, other: "Organisation") -> bool:
        """Whether its board wants the merger with `other` that has been put forward this month."""
        return bool(self._fields["merger_wish"] > 0)

    def wants_to_leave(self) -> bool:
        """Whether it wishes to leave now; the regime says whether it may, and after what notice."""
        return self._wish_is_ripe()

    def wants_to_return(self) -> bool:
        """Whether a body that has left wishes to come back now."""
        return self._wish_is_ripe()

    def _wish_is_ripe(self) -> bool:
        """Whether it has wished to leave (a leaver: to return) for as long as the rules ask."""
        return bool(self._fields["months_low"] >= self.model.par["leaving_months"])

    def _must_exist(self, verb: str) -> None:
        if not self.exists:
            raise BadInput(
                f"{self.label} cannot {verb} in month {self.model.month}: it does not exist (any more)"
            )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.label}>"


def _live(name: str) -> property:
    return property(
        lambda self: self._fields[name].item(),
        doc=f"`{name}` of `sim.kernel.records.ORGANISATION`, as it is now.",
    )


for _name in ORGANISATION.names or ():
    if _name not in NOT_PLAIN:
        setattr(Organisation, _name, _live(_name))
