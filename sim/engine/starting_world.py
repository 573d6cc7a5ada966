"""Builds the world of month 0 from a system description. Sums over places or bodies use `math.fsum`, which
gives the same result in any order.

Incomes are derived, not set: people x budget per head x need x flow + outside income. `reconcile` compares
them with the published ones.
"""

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.declarations import parameters
from sim.declarations.bodies import CCG, COUNCIL, ICS_BODY, KINDS, PRIMARY_CARE, VOLUNTARY_BODY
from sim.inputs.problems import BadInput
from sim.kernel.chance import key_of
from sim.kernel.records import ACUTE, AMBULANCE, COMMUNITY, MEMBER, TREASURY
from sim.kernel.world import WorldMemory
from sim.scenario.scenario import Scenario
from sim.systems.system import FLOW_OF_SECTOR, OUTSIDE, System
from sim.systems.system import ICS_BODY as ICS_BODY_NAME

if TYPE_CHECKING:
    import pandas as pd

SECTORS = {"acute": ACUTE, "community": COMMUNITY, "ambulance": AMBULANCE}
LOCAL_SHARE = 0.05  # a provider with at least this share of a place's patients counts as one of its partners
GRID = 2.0**24


def snapped(amount: Any) -> Any:
    """Round an amount, or an array of amounts, to the money grid of 2**-24 GBP million."""
    return np.rint(amount * GRID) / GRID


def partner_names(system: System) -> list[str]:
    """Return the names of the world's organisations by row: the partners in order, then the ICS body."""
    return [*system.partners, ICS_BODY_NAME]


def base_demand(system: System) -> dict[str, np.ndarray]:
    """Return demand in month 0 by sector and place, GBP m a month, shape (places,)."""
    budgets = system.budgets
    rows: dict[str, list[float]] = {
        "acute": [],
        "community": [],
        "ambulance": [],
        "social": [],
        "primary": [],
        "running": [],
    }
    for place in system.places.values():
        people = place.population / 12e6
        rows["acute"].append(people * budgets.acute * place.acute_need)
        rows["community"].append(people * budgets.community * place.community_need)
        rows["ambulance"].append(people * budgets.ambulance * place.acute_need)
        rows["social"].append(people * budgets.social_care * place.social_need)
        rows["primary"].append(people * budgets.primary * place.community_need)
        rows["running"].append(people * budgets.running)
    return {name: np.array(values) for name, values in rows.items()}


def build_world(scenario: Scenario) -> WorldMemory:
    """Build the world before anything has happened, without what differs between futures. Raises BadInput."""
    world, par = described(scenario.system, scenario.table_size).copy(), parameters.values(scenario.params)[0]
    _start_places(world, par)
    _start_bodies(world, par)
    _start_providers(world, par)
    world.board["demands"] = par["national_demands"]
    world.trust[:] = par["trust_start"]
    np.fill_diagonal(world.trust, 1.0)
    world.trusted[:] = world.trusting[:] = par["trust_start"]
    for name, scale in zip(scenario.system.partners, world.org["scale"].tolist(), strict=False):
        if scale <= 0:
            raise BadInput(f"partners.{name}: no place and no patients; it would have no income")
    return world


@lru_cache(maxsize=64)
def described(system: System, slots: int) -> WorldMemory:
    """Build what the system's description alone decides of the world of month 0. The result is shared: do not
    change it. Raises BadInput.
    """
    world = WorldMemory(len(system.partners) + 1, len(system.places), slots)
    demand = base_demand(system)
    names = partner_names(system)
    keys = [key_of(name) for name in (*names, *system.places)]
    if len(set(keys)) < len(keys):
        raise BadInput("two bodies or places have names with the same key; rename one of them")
    _fill_places(world, system, demand, names)
    _fill_flows(world, system, demand, names)
    for i, name in enumerate(names):
        _fill_body(world, system, i, name)
    board = world.board[0]
    board["price"] = board["national_share"] = 1.0
    board["body"] = len(names) - 1
    board["candidate"] = board["neighbour"] = -1
    return world


def _fill_places(world: WorldMemory, system: System, demand: dict[str, np.ndarray], names: list[str]) -> None:
    """Set needs to the demand of month 0 and allocations to spending; `_start_places` corrects both."""
    for p, (name, place) in enumerate(system.places.items()):
        row = world.place[p]
        row["key"] = key_of(name)
        row["commissioner"] = row["first_commissioner"] = names.index(place.commissioner)
        row["council"] = names.index(place.council)
        row["population"] = place.population
        row["deprivation"] = place.deprivation
        for sector in (*SECTORS, "social"):
            row[f"need_{sector}"] = demand[sector][p]
        row["primary"], row["running"] = demand["primary"][p], demand["running"][p]
        of_council = [
            demand["social"][i]
            for i, other in enumerate(system.places.values())
            if other.council == place.council
        ]
        row["council_part"] = demand["social"][p] / math.fsum(of_council)
        row["network"] = body_of(system, "primary_care_network", name, names)
        row["voluntary"] = body_of(system, "voluntary_body", name, names)
        row["allocation"] = (
            sum(demand[sector][p] for sector in SECTORS) + demand["primary"][p] + demand["running"][p]
        )
        for sector in SECTORS:
            row[f"outside_{sector}"] = system.flows[sector][name].get(OUTSIDE, 0.0)  # type: ignore[index]
            row["outside_contract"] += row[f"outside_{sector}"] * demand[sector][p]


def body_of(system: System, kind: str, place: str, names: list[str]) -> int:
    """Return the row of the body of this kind that stands for a place, or -1."""
    found = [name for name in system.of_kind(kind) if place in system.partners[name].places]
    return names.index(found[0]) if found else -1


def _fill_flows(world: WorldMemory, system: System, demand: dict[str, np.ndarray], names: list[str]) -> None:
    for sector in SECTORS:
        for p, name in enumerate(system.places):
            for who, share in system.flows[sector][name].items():  # type: ignore[index]
                if who != OUTSIDE:
                    world.flow[p, names.index(who)] = share
                    world.contract[p, names.index(who)] = share * demand[sector][p]
                    world.local[p, names.index(who)] = float(share >= LOCAL_SHARE)
    for p in range(len(system.places)):
        world.local[p, world.place[p]["commissioner"]] = 1.0
        world.local[p, world.place[p]["council"]] = 1.0
        for role in ("network", "voluntary"):
            if world.place[p][role] >= 0:
                world.local[p, world.place[p][role]] = 1.0


def _fill_body(world: WorldMemory, system: System, i: int, name: str) -> None:
    body = world.org[i]
    body["key"] = key_of(name)
    body["kind"] = ICS_BODY
    if name == ICS_BODY_NAME:
        return
    partner = system.partners[name]
    body["kind"] = KINDS.index(partner.kind)
    body["exists"], body["membership"] = 1, MEMBER
    body["cost_index"] = 1.0
    body["election_year"] = int(body["key"]) % 4
    if partner.sector is not None:
        body["sector"] = SECTORS[FLOW_OF_SECTOR[partner.sector]]
        body["outside_demand"] = body["outside_contract"] = partner.outside_income / 12.0
        body["base_activity"] = body["activity"] = body["demand"] = (
            math.fsum(world.contract[:, i]) + body["outside_demand"]
        )
        body["scale"] = 0.12 * body["activity"]
    elif body["kind"] == COUNCIL:
        body["allocation"] = math.fsum(world.place["need_social"][world.place["council"] == i])
        body["scale"] = 0.12 * body["allocation"]
    elif body["kind"] == PRIMARY_CARE:
        body["scale"] = 0.12 * math.fsum(world.place["primary"][world.place["network"] == i])


def _start_places(world: WorldMemory, par: np.void) -> None:
    place, start = world.place, par["integration_start"]
    avoided, uncovered = 1.0 - par["hospital_effect"] * start, 1.0 + par["uncovered_need"] * start
    place["need_acute"] /= avoided
    place["need_ambulance"] /= avoided
    place["need_community"] /= uncovered
    place["allocation"] /= 1.0 - par["commissioner_margin"]
    place["integration"] = start
    place["confidence"] = par["confidence_start"]


def _start_bodies(world: WorldMemory, par: np.void) -> None:
    """Set the engagement of all, councils' reserves, and two sizes: a commissioner's is its places' money, a
    voluntary body's its grants.
    """
    org, place = world.org, world.place
    kind, distant = org["kind"], max(0.0, par["engagement_base"] - par["network_distance"])
    org["engagement"] = np.where(
        org["exists"] == 0, 0.0, np.where(kind == PRIMARY_CARE, distant, par["engagement_base"])
    )
    # so far only councils have an allocation
    org["cash"] = snapped(par["council_reserve"] * 12.0 * org["allocation"])
    world.account[TREASURY] -= org["cash"].sum()  # exact: all lie on the grid
    for i in np.flatnonzero(kind == CCG):
        org["scale"][i] = 0.12 * math.fsum(place["allocation"][place["commissioner"] == i])
    for i in np.flatnonzero(kind == VOLUNTARY_BODY):
        grants = par["council_grant"] * place["council_part"] * org["allocation"][place["council"]]
        grants += par["commissioner_grant"] * place["allocation"]
        org["scale"][i] = 0.12 * math.fsum(grants[place["voluntary"] == i])


def _start_providers(world: WorldMemory, par: np.void) -> None:
    org = world.org
    provides, activity = org["base_activity"] > 0, org["base_activity"]
    capacity = activity * (1.0 + par["headroom"])
    planned = capacity / (1.0 - par["staff_shortage"] * (1.0 - par["agency_fill"]))
    strain = max(0.0, 1.0 / (1.0 + par["headroom"]) - par["comfortable"])
    org["base_capacity"] = org["capacity"] = capacity
    org["planned"] = planned
    org["base_agency"] = par["agency_premium"] * par["staff_shortage"] * par["agency_fill"] * planned
    org["waiting"] = np.where(provides, par["start_waiting"], 0.0)
    org["backlog"] = par["start_waiting"] * activity * 12.0 / 52.0
    org["quality"] = np.where(provides, max(0.0, 1.0 - par["quality_loss"] * strain), 0.0)
    world.board["staff_pool"] = math.fsum(planned) * (1.0 - par["staff_shortage"])


def reconcile(scenario: Scenario) -> "pd.DataFrame":
    """Compare derived yearly incomes with published ones, GBP million: partner, kind, derived, published,
    difference (share).
    """
    import pandas as pd

    world = build_world(scenario)
    rows = []
    for name, body in zip(scenario.system.partners, world.org, strict=False):
        partner = scenario.system.partners[name]
        derived = 100.0 * float(body["scale"])
        published = partner.published_income
        gap = derived / published - 1.0 if published else np.nan
        rows.append((partner.label, partner.kind, derived, published if published else np.nan, gap))
    return pd.DataFrame(rows, columns=["partner", "kind", "derived", "published", "difference"])
