"""6 England: systems under one national body, which shares out one fund and one capital pot; patients cross
borders.
"""

import numpy as np
import pytest

import sim
from sim.engine import simulation
from sim.engine.england import Nation, live_together
from sim.engine.simulation import Output, Prepared
from sim.kernel.records import CAPITAL_POT, TRANSFORMATION, TREASURY
from sim.rules.oversight.england import SCORE

THREE = ("dorset", "staffordshire_stoke", "qe1")
# Need that grows alike in all sectors and hangs on nothing else: then nothing distinguishes a border from
# what a system assumes of it.
ALIKE = {
    "hospital_effect": 0.0,
    "uncovered_need": 0.0,
    "spill": 0.0,
    "demand_growth": 0.02,
    "community_growth": 0.02,
}


def prepared(
    names: tuple[str, ...] = THREE, months: int = 36, params: dict[str, float] | None = None, **dials: object
) -> list[Prepared]:
    """Systems under the joint committee, with dials turned and some parameters set."""
    given = [f"params.{name}={value}" for name, value in (params or {}).items()]
    given += [f"dials.{name}={value}" for name, value in dials.items()]
    return [
        simulation.prepare(
            sim.load(f"system={name}", "regime=joint_committee", f"months={months}", *given), 1
        )
        for name in names
    ]


def lived(systems: list[Prepared], futures: int = 4, first: int = 0) -> list[Output]:
    outputs = [simulation.empty_output(system, futures, "full") for system in systems]
    live_together(systems, outputs, first, 0, futures)
    return outputs


def same(one: Output, other: Output) -> bool:
    return all(
        np.array_equal(a.view("u1"), b.view("u1"))
        for a, b in zip(vars(one).values(), vars(other).values(), strict=True)
        if a.size
    )


def part(output: Output, future: int) -> Output:
    return Output(
        **{name: np.ascontiguousarray(array[future : future + 1]) for name, array in vars(output).items()}
    )


@pytest.mark.limiting
def test_with_equal_shares_and_nothing_to_tell_borders_apart_each_system_lives_as_if_alone():
    systems = prepared(params=ALIKE, support="per_head")
    for system, together in zip(systems, lived(systems), strict=True):
        alone = simulation.run(system.scenario, 4, record="series", threads=1)
        for name in ("integration", "trust", "activity", "waiting", "balance", "delivered"):
            # the grid of what is seen
            assert np.allclose(together.system[name], alone.system[name], rtol=1e-6, atol=1e-6), name


def test_neither_order_nor_company_in_a_batch_changes_a_byte():
    systems = prepared(support="ahead")
    whole = lived(systems)
    turned = lived([systems[2], systems[0], systems[1]])
    assert all(same(one, other) for one, other in zip(whole, [turned[1], turned[2], turned[0]], strict=True))
    for future in range(4):
        assert all(
            same(part(one, future), other)
            for one, other in zip(whole, lived(systems, 1, future), strict=True)
        )


def test_shares_are_one_on_average_and_follow_what_support_looks_at():
    for support in ("per_head", "ahead", "need"):
        of = Nation(prepared(support=support))
        seen = np.repeat(of.look(), 2, axis=0)
        seen[:, :, SCORE] = [[0.1, 0.2, 0.3], [0.5, 0.5, 0.5]]
        shares = of.shares(seen)
        assert np.allclose(shares @ of.people, of.people.sum())
        assert np.allclose(shares[1], 1.0) and (np.diff(shares[0]) > 0).all()
        at_first = of.shares(of.look())
        assert np.allclose(at_first, 1.0) is (support != "need"), (
            "all begin equally joined up, and not equally deprived"
        )


def test_what_one_system_gets_more_others_get_less_to_the_pound():
    """The Treasury pays in the same sums whoever is supported: into the fund, and into the pot for
    capital.
    """
    paid = {}
    for support in ("per_head", "ahead", "need"):
        of = Nation(prepared(months=12, support=support, params={"capital_pot": 20.0}))
        seen = of.look()
        seen[:, :, SCORE] = [[0.1, 0.2, 0.3]] if support != "per_head" else 1.0
        of.give(of.shares(seen), np.ones((1, 3)))
        shares = [
            float(world.view("f8")[0, _at(system)])
            for world, system in zip(of.worlds, of.systems, strict=True)
        ]
        assert np.allclose(shares, of.shares(seen)[0])
        paid[support] = sum(share * people for share, people in zip(shares, of.people, strict=True))
    assert np.allclose(list(paid.values()), paid["per_head"])


def _at(system: Prepared) -> int:
    """Where in a world's memory its national share stands."""
    world = system.world.like()
    world.block[:] = 0
    world.board["national_share"] = 1.0
    return int(np.flatnonzero(world.block)[0])


@pytest.mark.limiting
@pytest.mark.parametrize("share", [0.0, 1.0, 2.0])
def test_fund_and_capital_pot_are_paid_in_by_the_national_share(share):
    system = prepared(("dorset",), months=1, params={"capital_pot": 20.0, "transformation_fund": 3.0})[0]
    system.world.board["national_share"] = share
    held = np.zeros((1, system.world.block.size), "u8")
    output = simulation.empty_output(system, 1, "series")
    simulation.live(
        system, system.world.block.reshape(1, -1), (0, 1), held, 0, output, simulation.silent_log()
    )
    world = system.world.like()
    world.block[:] = held[0]
    people = world.place["population"].sum() / 1e6
    assert world.account[CAPITAL_POT] == pytest.approx(share * 20.0 * people, abs=1e-5)
    assert world.account[TRANSFORMATION] == pytest.approx(share * 3.0 * people, abs=1e-5)
    assert world.account[TREASURY] < 0


def test_providers_elsewhere_earn_what_patients_need_who_cross_borders():
    """When systems keep their patients at home by integration, those who treated them have less to do."""
    of = Nation(prepared())
    seen = of.look()
    assert np.allclose(of.crossing(seen, 1.0), 1.0), "month 0"
    assert (of.part > 0).all() and (of.part <= 1).all()
    less = seen.copy()
    less[:, :, 1:] *= 0.9
    assert np.allclose(of.crossing(less, 1.0), 1.0 - 0.1 * of.part)
    assert np.allclose(of.crossing(seen * 1.2, 1.2), 1.0), "all need has grown alike"


def test_no_borders_no_crossing():
    """A nation whose patients all stay at home: what providers earn from elsewhere is not theirs to
    change.
    """
    systems = prepared()
    for system in systems:
        for sector in ("acute", "community", "ambulance"):
            system.world.place[f"outside_{sector}"] = 0.0
    of = Nation(systems)
    assert (of.part == 0).all() and np.array_equal(of.crossing(of.look(), 1.3), np.ones((1, 3)))


def test_every_pound_is_somebodys_in_every_system():
    for output in lived(prepared(support="ahead", months=48)):
        assert (output.system["ledger"] == output.system["ledger"][:, :1]).all()


def test_the_more_support_follows_those_ahead_the_wider_the_range_of_what_systems_hold():
    """Over three years, with much money at stake: per head, systems get alike; by integration, not."""
    spread = {}
    for strength in (0.0, 1.0, 5.0):
        of = Nation(prepared(params={"support_strength": strength}, support="ahead"))
        seen = of.look()
        seen[:, :, SCORE] = [[0.10, 0.12, 0.14]]
        spread[strength] = float(np.ptp(of.shares(seen)))
    assert spread[0.0] == 0.0 < spread[1.0] < spread[5.0]
