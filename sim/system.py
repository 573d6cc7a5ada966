"""Builds the world of month 0 from a system description. Sums over places or bodies are `math.fsum`: the same in any order.

Incomes are derived, not set: people x budget per head x need x flow + outside income. `reconcile` compares them with what
was published.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from sim import parameters
from sim.future import key_of
from sim.problems import BadInput
from sim.regime import CCG, COUNCIL, ICS_BODY, KINDS, PRIMARY_CARE
from sim.scenario import FLOW_OF_SECTOR, OF_PLACES, OUTSIDE, TREATING, Scenario, System
from sim.scenario import ICS_BODY as ICS_BODY_NAME
from sim.world import ACUTE, AMBULANCE, COMMUNITY, MEMBER, TREASURY, World

if TYPE_CHECKING:
    import pandas as pd

SECTORS = {"acute": ACUTE, "community": COMMUNITY, "ambulance": AMBULANCE}
LOCAL_SHARE = 0.05  # a provider with at least this share of a place's patients counts as one of its partners
GRID = 2.0**24


def snapped(amount: float) -> float:
    """To the money grid of 2**-24 GBP million."""
    return round(amount * GRID) / GRID


def partner_names(system: System) -> list[str]:
    """Rows of the world's organisations: the partners in their order, then the ICS body."""
    return [*system.partners, ICS_BODY_NAME]


def base_demand(system: System) -> dict[str, np.ndarray]:
    """Demand in month 0 by sector and place, GBP m a month, shape (places,)."""
    budgets = system.budgets
    rows: dict[str, list[float]] = {"acute": [], "community": [], "ambulance": [], "social": [], "primary": [], "running": []}
    for place in system.places.values():
        people = place.population / 12e6
        rows["acute"].append(people * budgets.acute * place.acute_need)
        rows["community"].append(people * budgets.community * place.community_need)
        rows["ambulance"].append(people * budgets.ambulance * place.acute_need)
        rows["social"].append(people * budgets.social_care * place.social_need)
        rows["primary"].append(people * budgets.primary * place.community_need)
        rows["running"].append(people * budgets.running)
    return {name: np.array(values) for name, values in rows.items()}


def build_world(scenario: Scenario) -> World:
    """The world before anything has happened; only what differs between futures is still missing."""
    system, par = scenario.system, parameters.values(scenario.params)[0]
    world = World(len(system.partners) + 1, len(system.places), scenario.table_size)
    demand = base_demand(system)
    names = partner_names(system)
    keys = [key_of(name) for name in (*names, *system.places)]
    if len(set(keys)) < len(keys):
        raise BadInput("two bodies or places have names with the same key; rename one of them")
    _fill_places(world, system, par, demand, names)
    _fill_flows(world, system, demand, names)
    for i, name in enumerate(names):
        _fill_body(world, system, par, i, name)
    board = world.board[0]
    board["price"] = 1.0
    board["demands"] = par["national_demands"]
    board["body"] = len(names) - 1
    board["candidate"] = board["neighbour"] = -1
    providers = world.org["base_activity"] > 0
    board["staff_pool"] = math.fsum(world.org["planned"][providers]) * (1.0 - par["staff_shortage"])
    world.trust[:] = par["trust_start"]
    np.fill_diagonal(world.trust, 1.0)
    world.trusted[:] = world.trusting[:] = par["trust_start"]
    return world


def _fill_places(world: World, system: System, par: np.void, demand: dict[str, np.ndarray], names: list[str]) -> None:
    start = par["integration_start"]
    for p, (name, place) in enumerate(system.places.items()):
        row = world.place[p]
        row["key"] = key_of(name)
        row["commissioner"] = row["first_commissioner"] = names.index(place.commissioner)
        row["council"] = names.index(place.council)
        row["population"] = place.population
        row["deprivation"] = place.deprivation
        avoided, uncovered = 1.0 - par["hospital_effect"] * start, 1.0 + par["uncovered_need"] * start
        row["need_acute"] = demand["acute"][p] / avoided
        row["need_ambulance"] = demand["ambulance"][p] / avoided
        row["need_community"] = demand["community"][p] / uncovered
        row["need_social"] = demand["social"][p]
        row["primary"], row["running"] = demand["primary"][p], demand["running"][p]
        of_council = [demand["social"][i] for i, other in enumerate(system.places.values()) if other.council == place.council]
        row["council_part"] = demand["social"][p] / math.fsum(of_council)
        row["network"] = body_of(system, "primary_care_network", name, names)
        row["voluntary"] = body_of(system, "voluntary_body", name, names)
        care = sum(demand[sector][p] for sector in SECTORS)
        row["allocation"] = (care + demand["primary"][p] + demand["running"][p]) / (1.0 - par["commissioner_margin"])
        row["integration"] = start
        row["confidence"] = par["confidence_start"]
        for sector in SECTORS:
            row[f"outside_{sector}"] = system.flows[sector][name].get(OUTSIDE, 0.0)  # type: ignore[index]
            row["outside_contract"] += row[f"outside_{sector}"] * demand[sector][p]


def body_of(system: System, kind: str, place: str, names: list[str]) -> int:
    """The row of the body of this kind that stands for a place, or -1."""
    found = [name for name in system.of_kind(kind) if place in system.partners[name].places]
    return names.index(found[0]) if found else -1


def _fill_flows(world: World, system: System, demand: dict[str, np.ndarray], names: list[str]) -> None:
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


def _fill_body(world: World, system: System, par: np.void, i: int, name: str) -> None:
    body = world.org[i]
    body["key"] = key_of(name)
    body["kind"] = ICS_BODY
    if name == ICS_BODY_NAME:
        return
    partner = system.partners[name]
    body["kind"] = KINDS.index(partner.kind)
    body["exists"], body["membership"] = 1, MEMBER
    body["engagement"] = par["engagement_base"]
    body["cost_index"] = 1.0
    body["election_year"] = int(body["key"]) % 4
    if partner.kind in TREATING:
        body["sector"] = SECTORS[FLOW_OF_SECTOR[partner.sector or ""]]
        _fill_provider(world, par, i, partner.outside_income / 12.0)
    elif body["kind"] == CCG:
        body["scale"] = 0.12 * math.fsum(row["allocation"] for row in world.place if row["commissioner"] == i)
    elif body["kind"] == COUNCIL:
        body["allocation"] = math.fsum(row["need_social"] for row in world.place if row["council"] == i)
        body["scale"] = 0.12 * body["allocation"]
        body["cash"] = snapped(par["council_reserve"] * 12.0 * body["allocation"])
        world.account[TREASURY] -= body["cash"]
    elif partner.kind in OF_PLACES:
        _fill_small_body(world, par, i)
    if body["scale"] <= 0:
        raise BadInput(f"partners.{name}: no place and no patients; it would have no income")


def _fill_small_body(world: World, par: np.void, i: int) -> None:
    """A primary care network's size is what its places spend on primary care, a voluntary body's the grants it lives on."""
    body = world.org[i]
    if body["kind"] == PRIMARY_CARE:
        body["engagement"] = max(0.0, par["engagement_base"] - par["network_distance"])
        body["scale"] = 0.12 * math.fsum(row["primary"] for row in world.place if row["network"] == i)
        return
    needs = [math.fsum(other["need_social"] for other in world.place if other["council"] == row["council"]) for row in world.place]
    body["scale"] = 0.12 * math.fsum(
        par["council_grant"] * row["council_part"] * need + par["commissioner_grant"] * row["allocation"]
        for row, need in zip(world.place, needs, strict=True)
        if row["voluntary"] == i
    )


def _fill_provider(world: World, par: np.void, i: int, outside: float) -> None:
    body = world.org[i]
    activity = math.fsum(world.contract[:, i]) + outside
    staffed = 1.0 - par["staff_shortage"] * (1.0 - par["agency_fill"])
    body["outside_demand"] = body["outside_contract"] = outside
    body["base_activity"] = body["activity"] = body["demand"] = activity
    body["base_capacity"] = body["capacity"] = activity * (1.0 + par["headroom"])
    body["planned"] = body["base_capacity"] / staffed
    body["base_agency"] = par["agency_premium"] * par["staff_shortage"] * par["agency_fill"] * body["planned"]
    body["scale"] = 0.12 * activity
    body["waiting"] = par["start_waiting"]
    body["backlog"] = par["start_waiting"] * activity * 12.0 / 52.0
    strain = max(0.0, 1.0 / (1.0 + par["headroom"]) - par["comfortable"])
    body["quality"] = max(0.0, 1.0 - par["quality_loss"] * strain)


def reconcile(scenario: Scenario) -> "pd.DataFrame":
    """Derived yearly incomes against published ones, GBP million: partner, kind, derived, published, difference (share)."""
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


