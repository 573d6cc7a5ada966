"""The events of a scenario, which happen whatever the rules say: a departure, a return, a merger, a change of
law, a proposal put on the table.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from sim.inputs.problems import unknown
from sim.inputs.strict import STRICT
from sim.systems.system import PROVIDERS, System

OF_A_PLACE = ("shift", "pool", "reconfigure")
# The fields that each happening must name. The kind of a proposal decides what else it names.
NAMES = {
    "leave": ("partner",),
    "return": ("partner",),
    "change_regime": ("regime",),
    "merge": ("partner", "other"),
    "table": ("kind",),
}
WORDS = {
    "partner": "a partner",
    "regime": "a regime",
    "kind": "a kind of proposal",
    "place": "a place",
    "other": "an other, the provider or CCG that merges into the partner",
}


class Event(BaseModel):
    """One event of a scenario. Nothing depends on the order in which events are listed.

    `do: table` puts a proposal of a `kind` on the table, besides those of the board's team. It names the
    `place` of a shift, a pool or a reconfiguration. Of a capital scheme it names the trust, as `partner`.
    """

    model_config = STRICT
    month: Annotated[int, Field(ge=0)]
    do: Literal["leave", "return", "change_regime", "merge", "table"]
    partner: str | None = None
    other: str | None = None
    regime: str | None = None
    kind: Literal["shift", "risk_share", "pool", "reconfigure", "capital", "workforce"] | None = None
    place: str | None = None

    @model_validator(mode="after")
    def _names_what_it_must(self) -> "Event":
        needed = [
            *NAMES[self.do],
            *(["place"] if self.kind in OF_A_PLACE else ["partner"] if self.kind == "capital" else []),
        ]
        what = f"table {self.kind}" if self.do == "table" and self.kind else self.do
        for name, words in WORDS.items():
            if name in needed and getattr(self, name) is None:
                raise ValueError(f"{what} needs {words}")
            if name not in needed and getattr(self, name) is not None:
                raise ValueError(f"{what} takes no {name}")
        return self


def before(one: Event, other: Event) -> bool:
    """Return whether one merger happens before another: by month, then by name, as the run orders them."""
    return (one.month, one.partner or "", one.other or "") < (
        other.month,
        other.partner or "",
        other.other or "",
    )


def problems_of(
    number: int, event: Event, events: Sequence[Event], system: System, months: int, off: Sequence[str]
) -> list[str]:
    """List what keeps event `number` from happening in this system within these months, one line each."""
    problems = []
    if event.month >= months:
        problems.append(
            f"events.{number}.month = {event.month}: after the horizon; allowed from 0 to {months - 1}"
        )
    if event.partner is not None and event.partner not in system.partners:
        problems.append(unknown(f"events.{number}.partner", event.partner, system.partners))
    if event.place is not None and event.place not in system.places:
        problems.append(unknown(f"events.{number}.place", event.place, system.places))
    if event.do == "merge":
        problems += _merger_problems(number, event, events, system)
    if (
        event.do == "table"
        and event.partner in system.partners
        and event.partner not in system.of_kind(*PROVIDERS)
    ):
        kind = system.partners[event.partner].kind
        problems.append(
            f"events.{number}.partner = '{event.partner}': only trusts have capital schemes, "
            f"and it is a {kind}"
        )
    if event.do == "table" and "table" in off:
        problems.append(
            f"events.{number}.do = 'table': nothing comes to the table where the step 'table' "
            "is off (rules.off)"
        )
    return problems


def _merger_problems(number: int, event: Event, events: Sequence[Event], system: System) -> list[str]:
    """List what is wrong with a merger: it needs two different providers or CCGs, not merged away earlier."""
    problems = []
    partners, merging = system.partners, system.of_kind(*PROVIDERS, "ccg")
    if event.other not in partners:
        problems.append(unknown(f"events.{number}.other", event.other or "", merging))
    for key, who in (("partner", event.partner), ("other", event.other)):
        if who in partners and who not in merging:
            problems.append(
                f"events.{number}.{key} = '{who}': only providers and CCGs merge, and it is a "
                f"{partners[who].kind}"
            )
    kinds = [partners[who].kind == "ccg" for who in (event.partner, event.other) if who in merging]
    if len(set(kinds)) > 1:
        problems.append(
            f"events.{number}.other = '{event.other}': a provider merges with a provider, a CCG with a CCG"
        )
    if event.partner == event.other:
        problems.append(f"events.{number}.other = '{event.other}': a body cannot merge into itself")
    gone = {e.other: e for e in events if e.do == "merge" and e is not event and before(e, event)}
    for key, who in (("partner", event.partner), ("other", event.other)):
        if who in gone:
            taker = gone[who].partner
            problems.append(
                f"events.{number}.{key} = '{who}': no longer exists; it merges into '{taker}' "
                f"in month {gone[who].month}"
            )
    return problems
