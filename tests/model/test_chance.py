"""Chance is keyed: the published generator, draws of mean 0 and variance 1, and nothing that shifts when
something is added.
"""

import numpy as np
import pytest
from drive import Bench, begin_future, ring, scramble, toy_scenario
from scenarios import preset
from toy import toy_system

from sim.engine import simulation
from sim.engine.starting_world import partner_names
from sim.kernel import chance
from sim.kernel.event_log import LEADER_CHANGED
from sim.kernel.records import PROJECT_KINDS

ONES = 0xFFFFFFFF
# Known-answer vectors of Random123 (Salmon, Moraes, Dror and Shaw 2011), philox4x32 with ten rounds.
VECTORS = [
    ([0, 0, 0, 0], [0, 0], [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    ([ONES] * 4, [ONES] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    (
        [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
        [0xA4093822, 0x299F31D0],
        [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
    ),
]
NAMES = {
    name: int(value) for name, value in vars(chance).items() if name.isupper() and isinstance(value, np.int64)
}


@pytest.mark.limiting
@pytest.mark.parametrize(("counter", "key", "expected"), VECTORS)
def test_the_generator_gives_the_published_numbers(counter, key, expected):
    assert scramble(counter, key) == expected


@pytest.mark.limiting
def test_bell_has_mean_0_and_variance_1():
    """Four uniforms: variance exactly 1, fourth moment 3 - 6/20; draws of other names, bodies and months are
    independent.
    """
    bench = Bench(toy_scenario(preset("stp_2016")))
    draws = ring(bench, chance.DEMAND_SHOCK, 400, 500)
    count = draws.size
    assert abs(draws.mean()) <= 4.0 / np.sqrt(count)
    assert abs(draws.var() - 1.0) <= 4.0 * np.sqrt((2.7 - 1.0) / count)
    assert np.abs(draws).max() <= 2.0 * np.sqrt(3.0)
    for one, two in (
        (draws[:, 1:], draws[:, :-1]),
        (draws[1:], draws[:-1]),
        (draws, ring(bench, chance.COST_SHOCK, 400, 500)),
    ):
        assert abs(np.mean(one * two)) <= 4.0 / np.sqrt(one.size)


@pytest.mark.limiting
def test_every_name_of_a_draw_is_its_own():
    """Two draws with one number would be one draw; a number fits beside the month in one word of the
    counter.
    """
    assert len(NAMES) >= 14
    assert len(set(NAMES.values())) == len(NAMES)
    assert all(0 < value < 2**16 for value in NAMES.values())


@pytest.mark.limiting
def test_a_draw_depends_on_nothing_but_its_name_entity_and_month():
    """More bodies, more months and draws of other names in between leave it as it was."""
    bench = Bench(toy_scenario(preset("stp_2016")))
    few = ring(bench, chance.LEADER, 3, 5)
    ring(bench, chance.ELECTION, 10, 10)
    many = ring(bench, chance.LEADER, 30, 50)
    assert np.array_equal(few, many[:3, :5])


@pytest.mark.limiting
def test_another_body_changes_no_other_bodys_luck():
    """With a hospital and a place more, the others' boards meet, start and change leaders just as before."""
    # a CCG that merges away has no more leaders
    params = {"start_margin_spread": 0.03, "commissioner_merger_rate": 0.0}
    small, large = (
        toy_scenario(preset("stp_2016"), params, places=p, hospitals=h) for p, h in ((2, 2), (3, 3))
    )
    luck = []
    for scenario in (small, large):
        rows = {name: i for i, name in enumerate(partner_names(scenario.system))}
        bench = Bench(scenario)
        bodies = begin_future(bench, 4)
        _, log = simulation.run_with_log(scenario, 1, 4)
        changed = log[log["event_kind"] == LEADER_CHANGED]
        luck.append(
            {
                name: (
                    bodies[i]["cycle"],
                    bodies[i]["phase"],
                    bodies[i]["margin_last"],
                    *changed["event_month"][changed["who"] == i],
                )
                for name, i in rows.items()
            }
        )
    assert set(luck[0]) < set(luck[1])
    for name, mine in luck[0].items():
        assert mine == luck[1][name], name
    assert any(len(mine) > 3 for mine in luck[0].values())


@pytest.mark.limiting
def test_another_place_takes_over_some_proposals_and_leaves_the_rest():
    """The k-th proposal is the same idea in the same place, unless the new place has it."""
    places = []
    only_shifts = {f"weight_{kind}": 0.0 for kind in PROJECT_KINDS if kind != "shift"}
    for extra in (0, 1):
        scenario = toy_scenario(preset("stp_2016"), only_shifts, places=3 + extra, hospitals=1)
        history = simulation.run(scenario, 40, threads=1).history
        places.append(history["project_place"][:, 1:40])
    both = np.isfinite(places[0]) & np.isfinite(places[1])
    assert both.sum() > 500
    moved = both & (places[0] != places[1])
    assert (places[1][moved] == 3).all()
    share = moved.sum() / both.sum()
    assert abs(share - 0.25) <= 4.0 * np.sqrt(0.25 * 0.75 / both.sum())
    assert list(toy_system(4)["places"])[:3] == list(toy_system(3)["places"])
