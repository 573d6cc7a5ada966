"""Hypothesis strategies for valid scenarios: small systems, regimes, dials, plausible parameters, events."""

from typing import Any, get_args

import numpy as np
from hypothesis import strategies as st
from toy import toy_system

from sim.declarations.bodies import KINDS
from sim.declarations.parameters import PARAMETERS
from sim.declarations.regimes import Regime
from sim.inputs import library
from sim.kernel.records import PROJECT_KINDS
from sim.scenario.scenario import Scenario, make_scenario
from sim.systems.extra_partners import ADDED
from sim.systems.made_up import spelt_out

PRESETS = tuple(library.names("regime"))
# `voters` has its own strategy; labels and sources have no effect.
DIALS = tuple(name for name in Regime.model_fields if name not in ("label", "sources", "voters"))


def preset(name: str, **dials: Any) -> Regime:
    """Returns a regime of the library with some dials turned."""
    return Regime.model_validate({**library.read("regime", name), **dials})


def dial_values(name: str) -> st.SearchStrategy[Any]:
    """Draws any value that a dial may take."""
    kind = Regime.model_fields[name].annotation
    if get_args(kind):
        return st.sampled_from(get_args(kind))
    if kind is bool:
        return st.booleans()
    return st.integers(0, 12) if kind is int else st.floats(0.0, 1.0)


@st.composite
def regimes(draw: st.DrawFn, **dials: Any) -> Regime:
    """Draws one of the presets, often with a few dials turned at random; the given `dials` are fixed."""
    turned = draw(st.lists(st.sampled_from(DIALS), max_size=6, unique=True))
    changes = {name: draw(dial_values(name)) for name in turned}
    if draw(st.booleans()):
        changes["voters"] = draw(st.lists(st.sampled_from(KINDS), min_size=1, unique=True))
    base = draw(st.sampled_from(PRESETS))
    turned_dials = {**changes, **dials}
    seats = {**library.read("regime", base), **turned_dials}
    if seats["officer_seats"] + seats["lay_members"] > 1.0:  # together they cannot exceed all seats
        turned_dials["lay_members"] = 1.0 - seats["officer_seats"]
    return preset(base, **turned_dials)


@st.composite
def parameters(draw: st.DrawFn) -> dict[str, float]:
    """Draws a few parameters anywhere in their plausible range, or all of them at once."""
    if draw(st.booleans()):
        chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        return {name: float(chance.uniform(*parameter.plausible)) for name, parameter in PARAMETERS.items()}
    names = draw(st.lists(st.sampled_from(sorted(PARAMETERS)), max_size=5, unique=True))
    return {name: draw(st.floats(*PARAMETERS[name].plausible)) for name in names}


@st.composite
def systems(draw: st.DrawFn) -> dict[str, Any]:
    """Draws one to four places and hospitals with uneven flows; neighbours may share a commissioner or a
    council; sometimes with more kinds.
    """
    places = draw(st.integers(1, 4))
    hospitals = draw(st.integers(1, 4))
    system = toy_system(places, hospitals)
    for number, (name, place) in enumerate(system["places"].items()):
        place["population"] = float(draw(st.integers(100_000, 900_000)))
        place["acute_need"] = draw(st.floats(0.7, 1.4))
        place["deprivation"] = draw(st.floats(0.0, 1.0))
        weights = draw(st.lists(st.integers(0, 5), min_size=hospitals + 1, max_size=hospitals + 1))
        weights[number % hospitals] += 1  # every place needs a hospital that treats its patients
        row = {f"hospital_{h}": weights[h] / sum(weights) for h in range(hospitals)}
        system["flows"]["acute"][name] = {**row, "outside": max(0.0, 1.0 - sum(row.values()))}
    for role in ("commissioner", "council"):
        for number in range(draw(st.integers(0, places - 1))):
            unused = system["places"][f"place_{number + 1}"][role]
            system["places"][f"place_{number + 1}"][role] = system["places"]["place_0"][role]
            del system["partners"][unused]
    also = draw(st.lists(st.sampled_from(ADDED), unique=True)) if draw(st.booleans()) else []
    return spelt_out({**system, "also": also})


@st.composite
def event_lists(draw: st.DrawFn, partners: list[str], names: list[str], months: int) -> list[dict[str, Any]]:
    """Draws departures, returns, a merger and changes of law, several of them perhaps in one month."""
    month = st.integers(0, months - 1)
    events: list[dict[str, Any]] = []
    for do in draw(st.lists(st.sampled_from(["leave", "leave", "return"]), max_size=4)):
        events.append({"month": draw(month), "do": do, "partner": draw(st.sampled_from(partners))})
    hospitals = [name for name in partners if name.startswith("hospital_")]
    if len(hospitals) > 1 and draw(st.booleans()):
        one, other = draw(st.lists(st.sampled_from(hospitals), min_size=2, max_size=2, unique=True))
        events.append({"month": draw(month), "do": "merge", "partner": one, "other": other})
    ccgs = [name for name in partners if name.endswith("_ccg")]
    if len(ccgs) > 1 and draw(st.booleans()):
        one, other = draw(st.lists(st.sampled_from(ccgs), min_size=2, max_size=2, unique=True))
        events.append({"month": draw(month), "do": "merge", "partner": one, "other": other})
    for when in draw(st.lists(month, max_size=3, unique=True)):
        events.append({"month": when, "do": "change_regime", "regime": draw(st.sampled_from(names))})
    for kind in draw(st.lists(st.sampled_from(PROJECT_KINDS), max_size=3)):
        about = {} if kind in ("risk_share", "workforce") else {"place": "place_0"}
        about = {"partner": draw(st.sampled_from(hospitals))} if kind == "capital" else about
        events.append({"month": draw(month), "do": "table", "kind": kind, **about})
    return events


@st.composite
def scenarios(
    draw: st.DrawFn,
    events: bool = True,
    most_months: int = 60,
    params: dict[str, float] | None = None,
    dials: dict[str, Any] | None = None,
    few_params: bool = True,
) -> Scenario:
    """Draws a valid scenario. The given `params` and `dials` are fixed; without `few_params` all other
    parameters are defaults.
    """
    system = draw(systems())
    known = {f"law_{number}": draw(regimes(**(dials or {}))) for number in range(3 if events else 1)}
    months = draw(st.integers(1, most_months))
    drawn = draw(parameters()) if few_params else {}
    return make_scenario(
        system_name="toy",
        system=system,
        regime="law_0",
        regimes=known,
        months=months,
        params={**drawn, **(params or {})},
        events=draw(event_lists(list(system["partners"]), list(known), months)) if events else (),
    )


seeds = st.integers(0, 2**64 - 1)
