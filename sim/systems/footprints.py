"""Builds any of the 42 systems from the public tables by its ODS code, in the form of the files in
`configs/system`.

A value that no table gives follows a stated rule. The `sources` block, which is made here too, marks it with
the word "assumption".
"""

import re
from functools import cache
from statistics import median
from typing import Any

from sim.inputs import library
from sim.systems import public_tables
from sim.systems.patient_flows import Flows, Provider, balance, spread, whole_numbers, with_outside
from sim.systems.public_tables import Ccg, Council, Footprint, Trust

NEED_SLOPE = 0.2  # rise of need per head from the least to the most deprived district, around England's mean
# largest share of a place's patients that stays inside the system
INSIDE = {"acute": 0.94, "community": 0.90, "ambulance": 0.96}
# pull of a trust on its home places, against 1 elsewhere
HOME = {"acute": 25.0, "community": 60.0, "ambulance": 1.0}
SCALE = (0.5, 2.5)  # bounds of the factor that scales trusts without a published income
LOCAL = {
    "teaching": 0.70,
    "acute": 0.85,
    "specialist": 0.35,
    "mental_health": 0.85,
    "community": 0.88,
    "ambulance": 0.93,
}
LEAST_OUTSIDE = 0.02  # least share of a trust's income that does not come from its system's commissioners
BUDGET = {
    "acute": "acute",
    "specialist": "acute",
    "mental_health": "community",
    "community": "community",
    "ambulance": "ambulance",
}
TEMPLATE = "south_yorkshire_bassetlaw"  # its per-head budgets are England's means; every system uses them

FROM_ODS = "ODS 2022, as of March 2022: later mergers are in, see trust_mergers"
FROM_NEED = f"assumption: 1 + {NEED_SLOPE} x (deprivation - England's mean deprivation)"
OUTSIDE_INCOME = (
    "assumption: what its size leaves beyond its flows; specialised care, teaching, neighbours' patients, "
    "council contracts"
)
TYPICAL = (
    "assumption: no published income; as large as its home places' need, or the median of its class (BBC "
    "2019), scaled with the"
    " system's other such trusts to its demand"
)


def slug(name: str) -> str:
    """Turn a name into a key: lower case, words joined by underscores."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower().replace("'", "")).strip("_")


def short(council: str) -> str:
    """Return a council's everyday name: 'Bristol' for 'Bristol, City of'."""
    return re.sub(r", (City|County) of$", "", council)


def trust_label(name: str) -> str:
    """Turn an official name in capitals into ordinary words: 'Sheffield Children's NHS Foundation Trust'."""
    words = (
        name.replace("&", "and")
        .replace("NATIONAL HEALTH SERVICE", "NHS")
        .title()
        .replace("'S ", "'s ")
        .replace("Nhs", "NHS")
    )
    return re.sub(r"(?<=\s)(And|Of|Upon|For|The)\b", lambda found: found.group(0).lower(), words)


def trust_slug(name: str) -> str:
    """Return a trust's key: its name without 'the' and 'NHS Foundation Trust', but with 'trust' if it would
    otherwise read like a place.
    """
    key = re.sub(
        r"^the_|_nhs(_foundation)?_trust$|_nhs_and_social_care_partnership_trust$",
        "",
        slug(trust_label(name)),
    )
    return (
        key
        if re.search(r"hospital|health|care|service|university|partnership|teaching", key)
        else (f"{key}_trust")
    )


def median_income(kind: str) -> float:
    """Return the median published income of a class of trusts, GBP million (BBC 2019: only trusts that had
    emergency loans).
    """
    return _medians()[kind]


@cache
def _medians() -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for code in public_tables.codes():
        for trust in public_tables.read(code).trusts:
            if trust.income is not None:
                found.setdefault(class_of(trust), []).append(trust.income)
    return {kind: median(values) for kind, values in found.items()}


def class_of(trust: Trust) -> str:
    """Return a trust's class: its sector, but "teaching" for an acute university or teaching hospital."""
    teaching = trust.sector == "acute" and re.search(r"UNIVERSITY|TEACHING", trust.name)
    return "teaching" if teaching else trust.sector


def read_footprint(code: str) -> dict[str, Any]:
    """Return the system with this ODS code ('QHM', any case) as plain data, as in `configs/system`. Raises
    BadInput.
    """
    found = public_tables.read(str(code).upper())
    template = library.read("system", TEMPLATE)
    places, homes, place_sources = _places(found)
    sectors = {
        sector: _sector(found, sector, places, homes, template["budgets"][sector]) for sector in INSIDE
    }
    partners, partner_sources = _partners(found, places, sectors, template["budgets"])
    return {
        "label": found.name,
        "code": found.code,
        "budgets": template["budgets"],
        "places": places,
        "partners": partners,
        "flows": {
            s: {name: with_outside(row) for name, row in flows.rows.items()} for s, flows in sectors.items()
        },
        "sources": {
            "label": "ODS 2022; ONS 2021" + (f" ({found.note})" if found.note else ""),
            "code": "ODS 2022",
            "budgets": template["sources"]["budgets"],
            "places": place_sources,
            "partners": partner_sources,
            "flows": {sector: _flow_source(found, sector) for sector in INSIDE},
        },
    }


def _parts(found: Footprint) -> list[tuple[Ccg, Council, float]]:
    """Return every CCG in every council it covers, with people in proportion; councils in table order."""
    total = {council.name: float(council.population) for council in found.councils}
    seed = [
        [1.0 if council.name in ccg.councils else 0.0 for council in found.councils] for ccg in found.ccgs
    ]
    rows = [ccg.population or sum(total[name] for name in ccg.councils) for ccg in found.ccgs]
    cells = balance(seed, rows, list(total.values()))
    return [
        (ccg, council, cells[i][j])
        for j, council in enumerate(found.councils)
        for i, ccg in enumerate(found.ccgs)
        if seed[i][j]
    ]


def _places(found: Footprint) -> tuple[dict[str, Any], dict[str, tuple[str, str]], dict[str, Any]]:
    """Return the places, the (CCG code, council) of each, and their sources. Each CCG's part of each council
    is one place.
    """
    parts = _parts(found)
    people = whole_numbers([amount for *_, amount in parts], found.population)
    mean = public_tables.deprivation_mean()
    places: dict[str, Any] = {}
    homes: dict[str, tuple[str, str]] = {}
    sources: dict[str, Any] = {}
    for (ccg, council, _), population in zip(parts, people, strict=True):
        area = re.sub(r"^NHS | CCG$", "", ccg.name)
        shared = sum(other.name == council.name for _, other, _ in parts) > 1
        label = short(council.name)
        if shared or council.share < 0.5:
            spans = sum(other.code == ccg.code for other, _, _ in parts) > 1
            label = f"{area} ({label})" if spans else area
        need = round(1.0 + NEED_SLOPE * (council.deprivation - mean), 3)
        name = slug(label)
        homes[name] = (ccg.code, council.name)
        places[name] = {
            "label": label,
            "population": population,
            "acute_need": need,
            "community_need": need,
            "social_need": need,
            "deprivation": council.deprivation,
            "commissioner": slug(ccg.name.removeprefix("NHS ")),
            "council": f"{slug(short(council.name))}_council",
        }
        split = (
            ""
            if not shared
            else (
                "; assumption: split by the CCGs' people "
                f"({'ONS 2019' if ccg.known else 'general knowledge'})"
            )
        )
        sources[name] = {
            "label": "assumption: one place for each CCG's part of each upper-tier council",
            "population": "ONS 2021, people of mid-2020, used for every year from 2016; parts of councils "
            "under 1 % spread over all" + split,
            "acute_need": FROM_NEED,
            "community_need": FROM_NEED,
            "social_need": FROM_NEED,
            "deprivation": "IMD 2015, rank by extent among 309 districts"
            + ("; mean extent of its districts" if council.averaged else "")
            + ("; assumption: as the whole council" if shared else ""),
            "commissioner": "ODS 2022; assumption: which councils a CCG covers is general knowledge",
            "council": "ONS 2021",
        }
    return places, homes, sources


def _sector(
    found: Footprint, sector: str, places: dict[str, Any], homes: dict[str, tuple[str, str]], budget: float
) -> Flows:
    need = "community_need" if sector == "community" else "acute_need"
    demand = {name: place["population"] / 1e6 * budget * place[need] for name, place in places.items()}
    providers = [
        Provider(
            trust_slug(trust.name),
            trust.income if trust.income is not None else median_income(class_of(trust)),
            trust.income is None,
            LOCAL[class_of(trust)],
            frozenset(name for name, where in homes.items() if set(where) & set(trust.home)),
        )
        for trust in found.trusts
        if BUDGET[trust.sector] == sector
    ]
    return spread(demand, providers, INSIDE[sector], HOME[sector], SCALE)


def _partners(
    found: Footprint, places: dict[str, Any], sectors: dict[str, Flows], budgets: dict[str, float]
) -> tuple[dict[str, Any], dict[str, Any]]:
    partners: dict[str, Any] = {}
    sources: dict[str, Any] = {}
    for ccg in found.ccgs:
        name = slug(ccg.name.removeprefix("NHS "))
        partners[name] = {"label": ccg.name, "kind": "ccg"}
        sources[name] = "ODS 2022, CCGs of April 2016; names from NHS Digital 2021 and general knowledge"
    for council in found.councils:
        name = f"{slug(short(council.name))}_council"
        inside = f" (for the {council.share:.0%} of its people here)" if council.share < 0.995 else ""
        partners[name] = {
            "label": f"{short(council.name)} Council{inside}",
            "kind": "council",
            "spans_border": bool(inside),
        }
        sources[name] = "ONS 2021" + ("; only its part inside the system is described" if inside else "")
    for trust in found.trusts:
        name = trust_slug(trust.name)
        flows = sectors[BUDGET[trust.sector]]
        need = "community_need" if BUDGET[trust.sector] == "community" else "acute_need"
        earned = sum(
            row.get(name, 0.0)
            * places[place]["population"]
            / 1e6
            * budgets[BUDGET[trust.sector]]
            * places[place][need]
            for place, row in flows.rows.items()
        )
        partners[name] = {
            "label": trust_label(trust.name),
            "kind": "foundation_trust" if trust.foundation else "nhs_trust",
            "sector": trust.sector,
            "outside_income": round(max(flows.size[name] - earned, LEAST_OUTSIDE * flows.size[name]), 1),
            "spans_border": trust.sector in ("specialist", "ambulance"),
        }
        known = FROM_ODS if trust.known else "assumption: general knowledge, the trust missing from ODS 2022"
        sources[name] = {
            "label": known,
            "kind": known,
            "sector": known + "; type coded from the name",
            "outside_income": OUTSIDE_INCOME + ("" if trust.income is not None else ". " + TYPICAL),
            "spans_border": "assumption: specialised hospitals and ambulances serve several systems",
        }
        if trust.income is not None:
            partners[name]["published_income"] = trust.income
            sources[name]["published_income"] = (
                "BBC 2019, 2018/19; the sum of its predecessors where they were separate"
            )
    return partners, sources


def _flow_source(found: Footprint, sector: str) -> str:
    if not any(BUDGET[trust.sector] == sector for trust in found.trusts):
        return (
            f"assumption: no trust of this sector is filed under the system in ODS 2022, so all {sector} "
            "care comes from outside"
        )
    return (
        f"assumption: in proportion to the trusts' size, {HOME[sector]:g} times as likely to a trust at "
        "home in the place (general"
        f" knowledge); at most {INSIDE[sector]:.0%} stays inside"
    )
