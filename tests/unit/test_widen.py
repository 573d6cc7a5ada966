"""`system.also`: any system may be widened, what is asked for is checked, and a system so widened still hangs
together.
"""

import numpy as np
import pytest
from toy import toy_system

import sim
from sim.engine.starting_world import build_world
from sim.inputs.problems import BadInput
from sim.scenario.composing import compose
from sim.scenario.scenario import make_scenario
from sim.systems.extra_partners import ADDED, INDEPENDENT_SHARE
from sim.systems.made_up import spelt_out

ALSO = f"system.also=[{','.join(ADDED)}]"


@pytest.mark.parametrize(
    "name", ["south_yorkshire_bassetlaw", "dorset", "greater_manchester", "QHM", "generated"]
)
def test_every_kind_of_system_can_be_widened(name: str) -> None:
    plain, wide = sim.load(f"system={name}", "months=2").system, sim.load(f"system={name}", ALSO, "months=2")
    partners, places = wide.system.partners, wide.system.places
    assert list(partners)[: len(plain.partners)] == list(plain.partners)
    assert len(wide.system.of_kind(ADDED[0])) == len(places)
    assert len(wide.system.of_kind(ADDED[1])) == len({place.council for place in places.values()})
    assert wide.system.of_kind(ADDED[2]) == ["independent_provider"]
    labels = [partner.label for partner in partners.values()]
    assert len(set(labels)) == len(labels)
    world = build_world(wide)
    assert (world.org["scale"][:-1] > 0.0).all()
    assert np.allclose(world.flow[:, list(partners).index("independent_provider")], INDEPENDENT_SHARE)
    assert (world.place["network"] >= 0).all() and (world.place["voluntary"] >= 0).all()


def test_the_default_is_not_widened_and_the_order_of_kinds_does_not_matter() -> None:
    assert len(sim.load().system.partners) == 20
    assert sim.load("system.also=[]") == sim.load()
    one, other = (spelt_out({**toy_system(), "also": list(kinds)}) for kinds in (ADDED, ADDED[::-1]))
    assert one == other and "also" not in one
    assert spelt_out({**one, "also": list(ADDED)}) == one  # what is there already is not added to


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("[primary_care_networks]", "did you mean 'primary_care_network'"),
        ("[volontary_body]", "did you mean 'voluntary_body'"),
        ("[council]", "'council' is not known"),
        ("7", "must be a list"),
        ("[voluntary_body,voluntary_body]", "only once"),
    ],
)
def test_what_cannot_be_added_is_refused_in_words(asked: str, said: str) -> None:
    with pytest.raises(BadInput, match="also") as caught:
        sim.load(f"system.also={asked}")
    assert said in str(caught.value)


def test_a_misspelt_key_names_the_nearest() -> None:
    with pytest.raises(BadInput, match=r"did you mean 'also'"):
        sim.load("system.alsoo=[voluntary_body]")


def test_the_regimes_script_takes_it() -> None:
    composed, _ = compose("experiment/regimes", ["system=dorset", ALSO])
    assert "independent_provider" in composed["system"]["partners"] and "also" not in composed["system"]
    composed, _ = compose("experiment/regimes", ["system=generated", "system.partners=12", ALSO])
    assert len(composed["system"]["partners"]) == 12 + 5 + 3 + 1


@pytest.mark.parametrize(
    ("partner", "said"),
    [
        ({"label": "N", "kind": "primary_care_network"}, "needs places"),
        ({"label": "N", "kind": "primary_care_network", "places": ["place_9"]}, "place_9"),
        ({"label": "N", "kind": "voluntary_body", "places": ["place_0"], "sector": "acute"}, "sector"),
        ({"label": "N", "kind": "independent_provider"}, "needs a sector"),
        ({"label": "N", "kind": "independent_provider", "sector": "acute"}, "no patients flow to it"),
        ({"label": "N", "kind": "council", "places": ["place_0"]}, "no other body has them"),
        (
            {"label": "N", "kind": "primary_care_netwrk", "places": ["place_0"]},
            "did you mean 'primary_care_network'",
        ),
    ],
)
def test_a_partner_written_by_hand_is_checked(partner: dict, said: str) -> None:
    system = toy_system()
    system["partners"]["new"] = partner
    regime = sim.load().regimes["joint_committee"].model_dump()
    with pytest.raises(BadInput, match=said):
        make_scenario(system_name="toy", system=system, regime="r", regimes={"r": regime}, months=3)


def test_two_networks_for_one_place_are_refused() -> None:
    system = toy_system()
    for name in ("one", "two"):
        system["partners"][name] = {"label": name, "kind": "primary_care_network", "places": ["place_0"]}
    regime = sim.load().regimes["joint_committee"].model_dump()
    with pytest.raises(BadInput, match="has a primary_care_network already, 'one'"):
        make_scenario(system_name="toy", system=system, regime="r", regimes={"r": regime}, months=3)
