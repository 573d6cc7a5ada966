"""The agents of the Mesa face: a class for each kind of body, with its own verbs."""

from sim.declarations.bodies import KINDS_OF_BODY
from sim.inputs.problems import BadInput, unknown
from sim.kernel.records import PROJECT_KINDS
from sim.mesa_face.organisation import Organisation


class Provider(Organisation):
    """A body that treats patients."""

    def propose_merger(self, other: "Organisation | str") -> None:
        """Put forward a merger with another provider next month. Both boards decide, and may be overruled.
        Raises BadInput.
        """
        partner = self.model.find(other)
        self._must_exist("propose a merger")
        partner._must_exist("be merged with")
        if not isinstance(partner, Provider) or partner is self:
            raise BadInput(
                f"{self.label} cannot merge with {partner.label}: a provider merges with another provider"
            )
        for body in (self, partner):
            if body._fields["merging_with"] != 0:
                raise BadInput(
                    f"{body.label} cannot merge in month {self.model.month}: another merger of "
                    "it has been decided already"
                )
        self.model.put_forward(self, partner)


class NHSTrust(Provider):
    """An NHS trust: its capital is set centrally, and it can be directed to merge."""


class FoundationTrust(Provider):
    """A foundation trust: its own board decides over capital, reserves and mergers."""


class CCG(Organisation):
    """A clinical commissioning group."""


class Council(Organisation):
    """An upper-tier council: elected, runs social care, may not run a deficit."""


class PrimaryCareNetwork(Organisation):
    """The primary care networks of a place, represented by one."""


class VoluntaryBody(Organisation):
    """A voluntary body: no statutory power."""


class IndependentProvider(Organisation):
    """An independent provider, which lives by contracts."""


class ICSBoard(Organisation):
    """The board of the integrated care system, which sets the agenda. The law decides if it is a body."""

    def table(self, kind: str, place: str | None = None, partner: "Organisation | str | None" = None) -> None:
        """Put a proposal on the table next month, besides those of its team. Its case is then made, and it is
        heard, like any other.

        `kind` is one of `sim.kernel.records.PROJECT_KINDS`. A shift, a pool or a reconfiguration is about a
        `place`; a capital scheme is that of a trust, the `partner`. The body with most of the work becomes
        the sponsor, and current finances decide what the proposal is worth to each body. If nothing is at
        stake it is dropped, and the minutes say so. Raises BadInput.
        """
        if kind not in PROJECT_KINDS:
            raise BadInput(unknown("kind", kind, PROJECT_KINDS))
        if place is not None and place not in self.model.place_names:
            raise BadInput(unknown("place", place, self.model.place_names))
        whose = None if partner is None else self.model.find(partner)
        if whose:
            whose._must_exist("have a scheme")
        self.model.happen(do="table", kind=kind, place=place, partner=whose.name if whose else None)

    def change_regime(self, name: str) -> None:
        """Change the law from the start of the next month, to the preset of this name. Raises BadInput."""
        self.model.happen(do="change_regime", regime=name)


CLASSES: dict[str, type[Organisation]] = {name: globals()[kind.agent] for name, kind in KINDS_OF_BODY.items()}
