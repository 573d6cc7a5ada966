"""Makes up a system by a fixed rule, without chance. Its size, places, population and coterminosity can vary
one at a time.

Everything in it is an assumption. Each kind of body keeps its order, so a larger system holds the bodies of
the smaller one.
"""

from typing import Any, NamedTuple

from sim.inputs import library
from sim.inputs.problems import BadInput, unknown
from sim.systems.extra_partners import widened
from sim.systems.footprints import BUDGET, NEED_SLOPE, TEMPLATE, read_footprint
from sim.systems.patient_flows import whole_numbers, with_outside

GOLDEN = 0.6180339887498949
HOME = 0.7  # share of the care inside the system that goes to the trusts at home in the place
OTHER_INCOME = 0.15  # as a share of income from patients: teaching, specialised care, council contracts
SECTORS = (
    "acute",
    "mental_health",
    "acute",
    "community",
    "acute",
    "ambulance",
    "acute",
    "mental_health",
    "specialist",
    "acute",
)


class Bound(NamedTuple):
    low: float
    high: float
    unit: str


BOUNDS = {
    "partners": Bound(6, 42, "bodies"),
    "places": Bound(1, 20, "places"),
    "population": Bound(0.3, 2.8, "million people"),
    "coterminosity": Bound(0.0, 1.0, "share of patients who stay inside the system"),
}
WHOLE = ("partners", "places")


def spelt_out(given: dict[str, Any]) -> dict[str, Any]:
    """Return a description in full. `{footprint: QHM}` is built from the public tables, `{generated: true,
    partners: 30}` by the rule here.

    Any other description stays as it is. Keys beside `footprint` replace what was built. `also` adds kinds of
    partner (`systems/extra_partners.py`) and is removed. Raises BadInput.
    """
    if "also" in given:
        return widened(
            spelt_out({key: value for key, value in given.items() if key != "also"}), given["also"]
        )
    if "footprint" in given:
        return {
            **read_footprint(given["footprint"]),
            **{key: value for key, value in given.items() if key != "footprint"},
        }
    if given.get("generated"):
        return generated_system(**{key: value for key, value in given.items() if key != "generated"})
    return given


def check(given: dict[str, Any]) -> None:
    """Check the arguments. Raises BadInput for one that is unknown, no number, or out of bounds."""
    problems = []
    for name, value in given.items():
        if name not in BOUNDS:
            problems.append(unknown("system", name, BOUNDS))
            continue
        low, high, unit = BOUNDS[name]
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not low <= value <= high or (name in WHOLE and value != int(value)):
            kind = "a whole number" if name in WHOLE else "a number"
            problems.append(f"system.{name} = {value!r}: must be {kind} from {low:g} to {high:g} ({unit})")
    if problems:
        raise BadInput("\n".join(problems))


def generated_system(
    partners: int = 20,
    places: int = 5,
    population: float = 1.5,
    coterminosity: float = 0.8,
    **unknown_keys: Any,
) -> dict[str, Any]:
    """Return a made-up system as plain data, in the form of `configs/system`.

    `partners` bodies: up to a quarter are CCGs, as many are councils (never more than places), the rest
    trusts. `population` is in million; `coterminosity` is the share of patients who stay inside. A trust's
    income does not depend on it: a trust loses patients of its own system and gains as much from others.
    Bounds: `BOUNDS`. Raises BadInput.
    """
    given = {"partners": partners, "places": places, "population": population, "coterminosity": coterminosity}
    check({**given, **unknown_keys})
    partners, places = int(partners), int(places)
    groups = min(places, partners // 4)
    budgets = library.read("system", TEMPLATE)["budgets"]
    towns = _towns(places, population, groups)
    bodies: dict[str, Any] = {}
    for number in range(1, groups + 1):
        bodies[f"ccg_{number}"] = {"label": f"CCG {number}", "kind": "ccg"}
    for number in range(1, groups + 1):
        bodies[f"council_{number}"] = {"label": f"Council {number}", "kind": "council"}
    trusts = [SECTORS[i % len(SECTORS)] for i in range(partners - 2 * groups)]
    flows: dict[str, dict[str, dict[str, float]]] = {}
    for block in ("acute", "community", "ambulance"):
        members = [i for i, sector in enumerate(trusts) if BUDGET[sector] == block]
        names = {i: f"{trusts[i]}_trust_{trusts[: i + 1].count(trusts[i])}" for i in members}
        flows[block] = _flows(list(towns), [names[i] for i in members], coterminosity)
        whole = _flows(list(towns), [names[i] for i in members], 1.0)
        for i in members:
            need = {
                name: town["population"] / 1e6 * budgets[block] * town["acute_need"]
                for name, town in towns.items()
            }
            inside, everything = (
                sum(rows[name].get(names[i], 0.0) * need[name] for name in towns)
                for rows in (flows[block], whole)
            )
            bodies[names[i]] = {
                "label": f"{trusts[i].replace('_', ' ').capitalize()} Trust {names[i].rsplit('_', 1)[1]}",
                "kind": "nhs_trust" if i % 3 == 2 else "foundation_trust",
                "sector": trusts[i],
                "outside_income": round(everything * (1.0 + OTHER_INCOME) - inside, 3),
            }
    return {
        "label": f"A made-up system of {partners} bodies",
        "budgets": budgets,
        "places": towns,
        "partners": bodies,
        "flows": {
            block: {name: with_outside(row) for name, row in rows.items()} for block, rows in flows.items()
        },
        "sources": {
            key: "assumption: made up by the rule in sim/systems/made_up.py"
            for key in ("label", "places", "partners", "flows")
        }
        | {"budgets": library.read("system", TEMPLATE)["sources"]["budgets"]},
    }


def _towns(places: int, population: float, groups: int) -> dict[str, Any]:
    """Return places of different size (0.6 to 1.4 of the mean) and deprivation, spread evenly by multiples of
    the golden ratio.
    """
    sizes = whole_numbers(
        [0.6 + 0.8 * ((0.5 + i * GOLDEN) % 1.0) for i in range(places)], round(population * 1e6)
    )
    found = {}
    for i, size in enumerate(sizes):
        deprivation = round((0.5 + i * GOLDEN * GOLDEN) % 1.0, 2)
        need = round(1.0 + NEED_SLOPE * (deprivation - 0.5), 3)
        found[f"place_{i + 1}"] = {
            "label": f"Place {i + 1}",
            "population": size,
            "acute_need": need,
            "community_need": need,
            "social_need": need,
            "deprivation": deprivation,
            "commissioner": f"ccg_{i % groups + 1}",
            "council": f"council_{i % groups + 1}",
        }
    return found


def _flows(places: list[str], trusts: list[str], inside: float) -> dict[str, dict[str, float]]:
    """Return the flows. Trust j is at home in place j mod places. The trusts at home share HOME of the care
    inside the system equally, and the others share the rest equally.
    """
    rows: dict[str, dict[str, float]] = {}
    for p, place in enumerate(places):
        home = [name for j, name in enumerate(trusts) if j % len(places) == p]
        away = [name for name in trusts if name not in home]
        weight = HOME if home and away else float(bool(home))
        shares = {name: inside * weight / len(home) for name in home}
        shares |= {name: inside * (1.0 - weight) / len(away) for name in away}
        rows[place] = {name: round(shares[name], 6) for name in trusts}
        if trusts:  # the first also takes what rounding leaves over
            rows[place][trusts[0]] = round(rows[place][trusts[0]] + inside - sum(rows[place].values()), 6)
    return rows
