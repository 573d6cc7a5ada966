"""What happened in one future, in words: a table of events with the numbers and the reason behind each."""

from typing import Any

import numpy as np
import pandas as pd

from sim.declarations.event_kinds import EVENT_KINDS, EVENT_NAMES, LAW, PLACE, PROJECT, TWO_BODIES
from sim.engine import simulation
from sim.engine.dataset import START
from sim.engine.prepared import regime_names
from sim.inputs.problems import BadInput, not_whole
from sim.minute_book.sentences import SENTENCES
from sim.minute_book.wording import Happened, aim_of, sentence
from sim.scenario.scenario import Scenario, not_a_scenario

# the last row of the world's organisations; it has no label in a system's file
STATUTORY_BODY = "the statutory body"
FIGURES = ("first", "second", "third", "fourth", "fifth")
FIELDS = ("amount", "second", "third", "fourth", "fifth")  # the same in the log
COLUMNS = ("month", "date", "kind", "who", "other", "place", "project", *FIGURES, "reason", "sentence")


def minutes(scenario: Scenario, seed: int = 1, future: int = 0) -> pd.DataFrame:
    """Run one future again and describe its events in order.

    Columns: month (from 0, April 2016), date ('2018-04'), kind (`event_kinds.EVENT_NAMES`), who, other and
    place (labels, None where there is none; `other` is the body that the reason names), project (serial
    number or NaN), first to fifth (NaN where unused; `frame.attrs["figures"]` gives their meaning and units
    by kind), reason, and the sentence. The seed and the future are those of `simulate`. Raises BadInput (a
    ValueError).
    """
    problems = (
        not_a_scenario(scenario)
        + not_whole("seed", seed, 0, 2**64 - 1)
        + not_whole("future", future, 0, 2**32 - 1)
    )
    if problems:
        raise BadInput("\n".join(problems))
    return tell(scenario, simulation.run_with_log(scenario, seed, future)[1])


def tell(scenario: Scenario, events: np.ndarray) -> pd.DataFrame:
    """Put a log of events (dtype EVENT, in order) into words; columns as those of `minutes`."""
    names = _Names(scenario)
    frame = pd.DataFrame([names.row(event) for event in events], columns=list(COLUMNS))
    frame = frame.astype({"project": "float64", **dict.fromkeys(FIGURES, "float64")})
    frame.attrs["figures"] = {
        kind.name: dict(zip(FIGURES, kind.figures, strict=False)) for kind in EVENT_KINDS.values()
    }
    return frame


class _Names:
    """Turns rows of the log into labels and words; remembers what each project was about."""

    def __init__(self, scenario: Scenario):
        self.bodies = [partner.label for partner in scenario.system.partners.values()] + [STATUTORY_BODY]
        self.places = [place.label for place in scenario.system.places.values()]
        self.regimes = [scenario.regimes[name].label for name in regime_names(scenario)]
        self.projects: dict[int, tuple[int, str | None, str | None]] = {}
        self.last_vote: dict[int, tuple[Any, ...]] = {}

    def _body(self, row: int) -> str | None:
        return self.bodies[row] if row >= 0 else None

    def _happened(self, kind: str, event: np.void) -> Happened:
        figures = tuple(float(event[name]) for name in FIELDS)
        named = self._body(int(event["partner"]))
        other, place, project, aim = named, None, None, ""
        about = EVENT_KINDS[kind].about
        if about == TWO_BODIES:
            other = self._body(int(event["other"]))
            if kind == "merged":
                self._rename(self._body(int(event["who"])), other)
        elif about == LAW:
            other = self.regimes[int(figures[3])]
        elif about == PLACE:
            place = self.places[event["other"]] if event["other"] >= 0 else None
        elif about == PROJECT:
            project = int(event["subject"])
            place = self.places[event["other"]] if event["other"] >= 0 else None
            if kind in ("tabled", "nothing_at_stake"):
                self.projects[project] = int(figures[1]), place, self._body(int(event["who"]))
            if project in self.projects:
                aim = aim_of(*self.projects[project])
        again = kind == "not_agreed" and self._as_last_time(project, (*figures[1:3], other, figures[3] > 0.0))
        return Happened(self._body(int(event["who"])), other, place, project, aim, figures, named, again)  # type: ignore[arg-type]

    def _rename(self, old: str | None, new: str | None) -> None:
        """Give what one trust asked for to its successor after a merger."""
        for number, (kind, place, who) in self.projects.items():
            if who == old:
                self.projects[number] = kind, place, new

    def _as_last_time(self, project: int | None, vote: tuple[Any, ...]) -> bool:
        """Return whether a proposal is stuck exactly as last time. It is not if a body asks a price, which
        changes every month.
        """
        before, self.last_vote[project or 0] = self.last_vote.get(project or 0), vote
        return before == vote and not vote[-1]

    def row(self, event: np.void) -> tuple[Any, ...]:
        kind = EVENT_NAMES[event["event_kind"]]
        happened = self._happened(kind, event)
        what, reason = SENTENCES[kind](happened)
        used = len(EVENT_KINDS[kind].figures)
        figures = [figure if n < used else np.nan for n, figure in enumerate(happened.figures)]
        month = int(event["event_month"])
        # A regime's name is neither a body nor a place.
        other = None if EVENT_KINDS[kind].about == LAW else happened.other
        project = np.nan if happened.project is None else float(happened.project)
        text = sentence(what, reason)
        return (
            month,
            str(START + np.timedelta64(month, "M")),
            kind,
            happened.who,
            other,
            happened.place,
            project,
            *figures,
            reason,
            text,
        )
