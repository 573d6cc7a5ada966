"""Finds where each body stands on the map, and the short words beside it."""

import re
from functools import cache
from typing import Any

from sim.app.page_state import MONTHS, system_of
from sim.declarations.bodies import KINDS_OF_BODY
from sim.engine.starting_world import base_demand, partner_names
from sim.minute_book.minutes import STATUTORY_BODY
from sim.systems.system import FLOW_OF_SECTOR, ICS_BODY, Partner, System

# a body with at least this share of its work in one place stands there; the others stand in the middle
AT_HOME = 0.5
ROLES_OF_SECTORS = {
    "acute": "Hospital",
    "specialist": "Specialist hospital",
    "mental_health": "Mental health",
    "community": "Community care",
    "ambulance": "Ambulances",
}


def role_of(partner: Partner) -> str:
    return KINDS_OF_BODY[partner.kind].role or ROLES_OF_SECTORS[partner.sector or ""]


def merges(kind: str) -> str:
    """Returns a word that kinds of bodies share if they can merge; '' for a kind that never merges."""
    declared = KINDS_OF_BODY[kind]
    return "trust" if declared.trust else "commissioner" if declared.commissions else ""


def work_by_place(system: System, name: str) -> dict[str, float]:
    """Returns how much of a body's work, or of the people it answers for, is in each place."""
    partner = system.partners[name]
    if partner.sector:
        sector = FLOW_OF_SECTOR[partner.sector]
        demand = dict(zip(system.places, base_demand(system)[sector], strict=True))
        return {place: system.flows[sector][place].get(name, 0.0) * demand[place] for place in system.places}  # type: ignore[index]
    if partner.places:
        return {place: system.places[place].population for place in partner.places}
    return {
        key: place.population
        for key, place in system.places.items()
        if name in (place.commissioner, place.council)
    }


def home_of(system: System, name: str) -> str | None:
    """Returns the place with most of a body's work, or None for the whole system."""
    work = work_by_place(system, name)
    total = sum(work.values())
    if not total or system.partners[name].sector == "ambulance":
        return None
    most = max(work, key=lambda place: work[place])
    return most if work[most] >= AT_HOME * total else None


def short_name(label: str) -> str:
    """Returns a name without the words that every name has: 'Barnsley Hospital'."""
    label = re.sub(r"\s*\([^)]*\)$", "", label)
    label = re.sub(r"\s+(University |Teaching |Healthcare )?(NHS )?(Foundation )?(Trust|CCG)$", "", label)
    label = re.sub(r"\s+(Metropolitan Borough|City|County|Borough) Council$", " Council", label)
    label = re.sub(r"\s+Ambulance Service$", " ambulances", label)
    return re.sub(r"^(The|NHS) ", "", label)


@cache
def map_of(name: str) -> dict[str, Any]:
    """Describes a system as the page draws it: its places, and its bodies in the order of the model's rows,
    the statutory body last.
    """
    system = System.model_validate(system_of(name))
    bodies = []
    for key, partner in system.partners.items():
        bodies.append(
            {
                "name": key,
                "label": partner.label,
                "short": short_name(partner.label),
                "role": role_of(partner),
                "kind": partner.kind,
                "kind_words": KINDS_OF_BODY[partner.kind].label,
                "place": home_of(system, key),
                "merges": merges(partner.kind),
            }
        )
    board = partner_names(system)[-1]
    bodies.append(
        {
            "name": board,
            "label": STATUTORY_BODY[:1].upper() + STATUTORY_BODY[1:],
            "short": "Statutory body",
            "role": KINDS_OF_BODY[ICS_BODY].role,
            "kind": ICS_BODY,
            "kind_words": KINDS_OF_BODY[ICS_BODY].label,
            "place": None,
            "merges": "",
        }
    )
    places = [{"name": key, "label": place.label} for key, place in system.places.items()]
    return {"name": name, "label": system.label, "months": MONTHS, "places": places, "bodies": bodies}
