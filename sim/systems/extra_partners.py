"""Adds to a system the kinds of partner that plans often leave out (E16): one rule for every system, without
chance.

`also: [primary_care_network, voluntary_body, independent_provider]` in a system adds, of each kind named:

- primary care networks: one body a place, which represents its many small practices (E28);
- voluntary bodies: one in each council's area;
- an independent provider: one in the system, with a small share of every place's planned hospital care
  (`INDEPENDENT_SHARE`).

A kind is not added to a system that has bodies of this kind already. Everything here is an assumption.
"""

from collections.abc import Sequence
from typing import Any

from sim.declarations.bodies import kinds_that
from sim.inputs.problems import BadInput, unknown

NETWORK, VOLUNTARY, INDEPENDENT = "primary_care_network", "voluntary_body", "independent_provider"
ADDED = kinds_that("added_by_also")
# share of acute need: treatment centres and the like for elective care, HSC 2018 §175; an assumption
INDEPENDENT_SHARE = 0.04
LISTED = 3  # places that a label names one by one


def check(also: Any) -> list[str]:
    """Return the kinds in `also`. Raises BadInput for anything but a list of known kinds, each once."""
    kinds = [also] if isinstance(also, str) else also
    if not isinstance(kinds, Sequence):
        raise BadInput(
            f"system.also = {also!r}: must be a list of kinds of partner; valid: {', '.join(ADDED)}"
        )
    problems = [unknown("system.also", kind, ADDED) for kind in kinds if kind not in ADDED]
    if len(set(map(str, kinds))) < len(kinds):
        problems.append("system.also: each kind can be named only once")
    if problems:
        raise BadInput("\n".join(problems))
    return [str(kind) for kind in kinds]


def widened(system: dict[str, Any], also: Any) -> dict[str, Any]:
    """Return the system in full, with bodies of the kinds in `also`; their order does not matter. Raises
    BadInput.
    """
    kinds = check(also)
    partners, places = system.get("partners"), system.get("places")
    if not kinds or not isinstance(partners, dict) or not isinstance(places, dict):
        return system  # the system's own check reports what is missing
    there = {partner.get("kind") for partner in partners.values() if isinstance(partner, dict)}
    added: dict[str, Any] = {}
    flows = system.get("flows", {})
    for kind in ADDED:
        if kind not in kinds or kind in there:
            continue
        if kind == NETWORK:
            added |= networks(places)
        elif kind == VOLUNTARY:
            added |= voluntary_bodies(places, partners)
        else:
            added["independent_provider"] = {
                "label": "Independent provider",
                "kind": INDEPENDENT,
                "sector": "acute",
            }
            flows = {
                **flows,
                "acute": {
                    name: give_share(row, "independent_provider")
                    for name, row in flows.get("acute", {}).items()
                },
            }
    taken = [name for name in added if name in partners]
    if taken:
        raise BadInput(
            "\n".join(f"system.also: the system has a partner named '{name}' already" for name in taken)
        )
    return {**system, "partners": {**partners, **added}, "flows": flows}


def networks(places: dict[str, Any]) -> dict[str, Any]:
    """Return one network a place."""
    return {
        f"{name}_primary_care": {
            "label": f"Primary care networks of {place.get('label', name)}",
            "kind": NETWORK,
            "places": [name],
        }
        for name, place in places.items()
    }


def voluntary_bodies(places: dict[str, Any], partners: dict[str, Any]) -> dict[str, Any]:
    """Return one body in each council's area, named after its places, or after the council if many."""
    areas: dict[str, list[str]] = {}
    for name, place in places.items():
        areas.setdefault(str(place.get("council")), []).append(name)
    found = {}
    for council, names in areas.items():
        labels = [places[name].get("label", name) for name in names]
        if len(names) > LISTED:
            whose = f"in the area of {partners.get(council, {}).get('label', council)}"
        else:
            whose = "of " + " and ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)
        found[f"{council}_voluntary_sector"] = {
            "label": f"Voluntary sector {whose}",
            "kind": VOLUNTARY,
            "places": names,
        }
    return found


def give_share(row: dict[str, float], who: str) -> dict[str, float]:
    """Return a place's row of flows after a body has taken the same part of every other share."""
    return {
        **{name: share * (1.0 - INDEPENDENT_SHARE) for name, share in row.items()},
        who: INDEPENDENT_SHARE,
    }
