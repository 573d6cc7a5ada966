"""The national body as an agent of the Mesa face: a live view of what it holds over the system. It is no
partner of the system.
"""

import mesa

from sim.declarations.bodies import KINDS_OF_BODY
from sim.kernel.records import CAPITAL_POT, FUND, TRANSFORMATION
from sim.mesa_face.organisation import LivedSystem, Organisation
from sim.rules.oversight.status import GRANTED, NEVER, WITHDRAWN

STATUSES = {NEVER: "never granted", GRANTED: "granted", WITHDRAWN: "withdrawn"}


class NationalBody(mesa.Agent):
    """NHS England, NHS Improvement and the Treasury as one. Apart from its verb, the rules decide what it
    does (docs/model.md 4.3, 4.9, 4.13).
    """

    model: LivedSystem
    name, label, kind, exists = "national_body", "the national body", "national_body", True

    @property
    def status(self) -> str:
        """Whether the system is an ICS: 'never granted', 'granted' or 'withdrawn'."""
        return STATUSES[int(self.model.world.board[0]["status"])]

    @property
    def demands(self) -> float:
        """The share of the programme team's capacity that its demands take."""
        return float(self.model.world.board[0]["demands"])

    @property
    def fund_left(self) -> float:
        """What the sustainability fund holds, GBP million."""
        return float(self.model.world.account[FUND])

    @property
    def transformation_left(self) -> float:
        """What the transformation fund holds, GBP million, grants of places included."""
        return float(self.model.world.account[TRANSFORMATION])

    @property
    def capital_left(self) -> float:
        """What the year's capital pot still holds, GBP million, including schemes that boards have yet to
        decide.
        """
        return float(self.model.world.account[CAPITAL_POT])

    def grants(self) -> dict[str, float]:
        """Transformation money set aside for each place, GBP million, by the place's name."""
        return dict(zip(self.model.place_names, self.model.world.place["grant"].tolist(), strict=True))

    def control_totals(self) -> dict[str, float]:
        """The balance required of each NHS body that exists, GBP million a year, by its name."""
        rows = self.model.world.org
        bodies = [body for body in self.model.bodies if body.exists and KINDS_OF_BODY[body.kind].nhs]
        return {body.name: float(rows[body.row]["control_total"]) for body in bodies}

    def in_special_measures(self) -> list[Organisation]:
        """The trusts in special measures."""
        return [
            body
            for body in self.model.bodies
            if body.exists and self.model.world.org[body.row]["special"] == 1
        ]

    def direct_merger(self, into: "Organisation | str", other: "Organisation | str") -> None:
        """Merge `other` into `into` at the start of the next month, whatever their boards and the law say.

        Acts like an event `merge`. Both are trusts, or both are CCGs. Raises BadInput.
        """
        taker, taken = self.model.find(into), self.model.find(other)
        for body in (taker, taken):
            body._must_exist("be merged")
        self.model.happen(do="merge", partner=taker.name, other=taken.name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
