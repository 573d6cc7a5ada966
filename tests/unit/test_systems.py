"""Every system that ships: the 42 built from the public tables, the five described by hand, and the made-up
one.
"""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import sim
from sim.engine.starting_world import build_world, reconcile
from sim.inputs import library
from sim.scenario.composing import Composed, compose
from sim.scenario.scenario import Scenario
from sim.systems import public_tables
from sim.systems.footprints import read_footprint, slug, trust_slug
from sim.systems.made_up import BOUNDS, generated_system
from sim.systems.system import OUTSIDE, PROVIDERS

NAMED = (
    "south_yorkshire_bassetlaw",
    "bedfordshire_luton_milton_keynes",
    "greater_manchester",
    "dorset",
    "staffordshire_stoke",
)
CODES = tuple(code.lower() for code in public_tables.codes())
EVERY = (*NAMED, *CODES, "generated")


@cache
def loaded(name: str) -> Scenario:
    return sim.load(f"system={name}", "months=24")


def test_all_systems_of_the_library_are_tested() -> None:
    assert set(EVERY) == set(library.names("system"))
    assert len(CODES) == 42


@pytest.mark.parametrize("name", EVERY)
def test_it_loads_and_builds_a_world_with_money_in_every_body(name: str) -> None:
    world = build_world(loaded(name))
    bodies = world.org[:-1]
    assert np.all(bodies["exists"] == 1)
    assert np.all(bodies["scale"] > 0)
    assert world.local.sum(axis=1).min() >= 2  # at least its commissioner and its council


@pytest.mark.parametrize("name", EVERY)
def test_flows_add_up_and_every_body_has_a_place_or_patients(name: str) -> None:
    system = loaded(name).system
    for rows in system.flows.values():
        assert set(rows) == set(system.places)
        for row in rows.values():
            assert sum(row.values()) == pytest.approx(1.0, abs=1e-9)
    serving = {who for rows in system.flows.values() for row in rows.values() for who in row} - {OUTSIDE}
    assert serving <= {who for who, partner in system.partners.items() if partner.kind in PROVIDERS}
    assert {place.commissioner for place in system.places.values()} == set(system.of_kind("ccg"))
    assert {place.council for place in system.places.values()} == set(system.of_kind("council"))


@pytest.mark.parametrize("name", (*NAMED, *CODES))
def test_people_add_up_to_the_public_figure(name: str) -> None:
    system = loaded(name).system
    assert (
        sum(place.population for place in system.places.values())
        == public_tables.read(system.code).population
    )


def test_every_body_of_the_tables_appears_exactly_once() -> None:
    """Councils once in each system that holds at least 1 % of their people, which is how the table itself
    counts them.
    """
    found: dict[str, Counter[str]] = {"ccg": Counter(), "council": Counter(), "trust": Counter()}
    for code in public_tables.codes():
        for name, partner in read_footprint(code)["partners"].items():
            kind = "trust" if partner["kind"] in PROVIDERS else partner["kind"]
            found[kind][f"{code} {name}" if kind == "council" else name] += 1
    trusts = [trust_slug(row["name"]) for row in public_tables.table("trusts_2022")]
    ccgs = [slug(row["name"].removeprefix("NHS ")) for row in public_tables.table("ccgs_2016")]
    assert (len(trusts), len(ccgs), found["council"].total()) == (213, 209, 165)
    assert found["trust"] == Counter(trusts) and max(found["trust"].values()) == 1
    assert found["ccg"] == Counter(ccgs) and max(found["ccg"].values()) == 1
    assert max(found["council"].values()) == 1


def test_the_tables_agree_with_each_other() -> None:
    for row in public_tables.table("systems_42"):
        system = public_tables.read(row["code"])
        assert len(system.trusts) == int(row["trusts_2022"])
        assert len(system.ccgs) == int(row["ccgs_2016"])
        inside = [r for r in public_tables.table("councils_2021") if r["system"] == row["code"]]
        assert sum(int(r["population"]) for r in inside) == system.population
        named = {council for ccg in system.ccgs for council in ccg.councils}
        assert named == {council.name for council in system.councils}
    shares: Counter[str] = Counter()
    for row in public_tables.table("councils_2021"):
        shares[row["council"]] += float(row["share"])  # type: ignore[assignment]
    assert all(share == pytest.approx(1.0, abs=0.001) for share in shares.values())


def values_of(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from values_of(value, (*path, key))
    else:
        yield path


def source_of(path: tuple[str, ...], sources: Any) -> str | None:
    """The source at the path, or at the nearest heading above it."""
    for key in path:
        if isinstance(sources, str):
            return sources
        sources = sources.get(key) if isinstance(sources, dict) else None
    return sources if isinstance(sources, str) else None


@pytest.mark.parametrize("name", EVERY)
def test_every_value_has_a_source(name: str) -> None:
    described = {
        k: v for k, v in loaded(name).system.model_dump(exclude_unset=True).items() if k != "sources"
    }
    without = [
        ".".join(path) for path in values_of(described) if not source_of(path, loaded(name).system.sources)
    ]
    assert not without


@pytest.mark.parametrize("name", (*NAMED, *CODES))
def test_sources_are_named_in_the_readme_or_say_assumption(name: str) -> None:
    readme = (library.folder() / "data" / "README.md").read_text(encoding="utf-8")
    known = [line.split("|")[1].strip() for line in readme.splitlines() if line.startswith("| ")]

    def all_strings(data: Any) -> Iterator[str]:
        for value in data.values():
            yield from all_strings(value) if isinstance(value, dict) else [value]

    for source in all_strings(loaded(name).system.sources):
        assert source.startswith("assumption") or any(source.startswith(short) for short in known), source


@pytest.mark.parametrize("name", (*NAMED, *CODES))
def test_incomes_reconcile_with_published_ones(name: str) -> None:
    """Within 3 % where a figure exists. They are fitted through `outside_income`: this guards the files, it
    tests no theory.
    """
    gaps = reconcile(loaded(name)).difference.dropna()
    assert (gaps.abs() <= 0.03).all()


@pytest.mark.parametrize("name", CODES)
def test_a_trusts_income_is_within_reason(name: str) -> None:
    table = reconcile(loaded(name))
    incomes = table.derived[table.kind.isin(PROVIDERS)]
    assert incomes.min() > 30.0  # GBP million a year
    assert incomes.max() < 1600.0


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_two_years_run_and_start_from_plausible_margins(name: str) -> None:
    scenario = loaded(name)
    summary = sim.simulate(scenario, futures=3, seed=1, record="summary")
    for outcome in ("margin_mean", "integration_mean", "trust_mean", "waiting_mean"):
        assert np.isfinite(summary[outcome]).all()
    assert abs(float(summary["ledger_last"].max())) == 0.0
    first = sim.simulate(scenario.changed(months=1, events=()), futures=3, seed=1, record="full").isel(
        month=0
    )
    trusts = [who for who, partner in scenario.system.partners.items() if partner.kind in PROVIDERS]
    margin = first["partner_balance"].sel(partner=trusts) / first["partner_income"].sel(partner=trusts)
    assert float(abs(margin).max()) <= 0.20


def test_a_larger_made_up_system_keeps_what_the_smaller_one_had() -> None:
    small, large = generated_system(partners=20), generated_system(partners=32)
    assert small["places"] == large["places"]
    assert set(small["partners"]) <= set(large["partners"])
    assert (len(small["partners"]), len(large["partners"])) == (20, 32)


@pytest.mark.parametrize("change", [{"coterminosity": 0.3}, {"population": 0.7}])
def test_other_arguments_leave_the_bodies_as_they_are(change: dict[str, float]) -> None:
    before, after = generated_system(), generated_system(**change)  # type: ignore[arg-type]
    assert [(k, v["kind"]) for k, v in before["partners"].items()] == [
        (k, v["kind"]) for k, v in after["partners"].items()
    ]
    assert [p["deprivation"] for p in before["places"].values()] == [
        p["deprivation"] for p in after["places"].values()
    ]


def test_places_vary_without_changing_people_or_number_of_bodies() -> None:
    for places in (1, 3, 8, 20):
        system = generated_system(places=places)
        assert len(system["places"]) == places and len(system["partners"]) == 20
        assert sum(place["population"] for place in system["places"].values()) == 1_500_000


def test_coterminosity_moves_patients_not_incomes() -> None:
    incomes = [
        reconcile(sim.load("system=generated", f"system.coterminosity={c}")).derived for c in (0.0, 0.5, 1.0)
    ]
    assert all(np.allclose(a, b, atol=0.01) for a, b in pairwise(incomes))
    inside = generated_system(coterminosity=0.5)["flows"]["acute"]["place_1"]
    assert inside[OUTSIDE] == pytest.approx(0.5)
    assert OUTSIDE not in generated_system(coterminosity=1.0)["flows"]["acute"]["place_1"]


@pytest.mark.parametrize("partners", (6, 7, 11, 42))
@pytest.mark.parametrize("places", (1, 20))
def test_the_ends_of_the_bounds_are_valid(partners: int, places: int) -> None:
    build_world(sim.load("system=generated", f"system.partners={partners}", f"system.places={places}"))


@pytest.mark.parametrize("name", BOUNDS)
def test_out_of_bounds_says_what_is_allowed(name: str) -> None:
    with pytest.raises(
        sim.BadInput, match=rf"system\.{name} = 99.*from {BOUNDS[name].low:g} to {BOUNDS[name].high:g}"
    ):
        sim.load("system=generated", f"system.{name}=99")


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (("system=qhmm",), "system: 'qhmm' is not known; did you mean 'qmm'"),
        (("system=greater_manchestr",), "did you mean 'greater_manchester'"),
        (("system=generated", "system.partner=20"), "system.partner: unknown key; did you mean 'partners'"),
        (("system=qhm", "system.footprint=QHX"), "system.footprint: 'QHX' is not known"),
        (("system=generated", "system.partners=many"), "must be a whole number from 6 to 42"),
    ],
)
def test_bad_names_are_answered_with_good_ones(overrides: tuple[str, ...], words: str) -> None:
    with pytest.raises(sim.BadInput) as caught:
        sim.load(*overrides)
    assert words in str(caught.value)


def test_a_code_may_be_written_in_capitals() -> None:
    scenario = sim.load("system=QHM")
    assert scenario.system_name == "qhm"
    assert scenario.system == sim.load("system=qhm").system


def test_luton_leaves_in_november_2018() -> None:
    scenario = sim.load("system=bedfordshire_luton_milton_keynes", "events=luton_leaves_2018", "months=40")
    assert len(scenario.system.of_kind("council")) == 4
    assert [(event.month, event.partner) for event in scenario.events] == [(31, "luton_council")]
    members = sim.simulate(scenario, futures=2, seed=1)["members"].values
    assert np.all(members[:, 31] < members[:, 30])


def test_a_request_holds_the_whole_description_whoever_composed_it() -> None:
    """Hydra composes once more by itself when a script runs; the stub must be spelt out there too."""
    request = Composed.model_validate({"system": {"footprint": "QVV"}, "system_name": "qvv"})
    assert request.system == read_footprint("QVV")


def test_an_unknown_system_is_named_in_an_experiment_too() -> None:
    with pytest.raises(sim.BadInput, match="system: 'dorst' is not known; did you mean 'dorset'"):
        compose("experiment/regimes", ["system=dorst"])
