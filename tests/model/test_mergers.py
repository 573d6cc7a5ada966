"""4.9, 8.7 Mergers: nothing is lost or made by them, what was promised is kept, and nobody merges whom the
law protects.
"""

from typing import Any

import numpy as np
import pytest
from drive import Bench, toy_scenario
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import preset, regimes, seeds
from toy import toy_system

import sim
from sim.engine import simulation
from sim.engine.starting_world import partner_names
from sim.inputs.problems import BadInput
from sim.kernel.compiled import entry
from sim.kernel.records import IN_FORCE
from sim.rules.decisions.promises import owed
from sim.rules.mergers.absorb import absorb
from sim.rules.services.money import provider_cost
from sim.scenario.scenario import Scenario, make_scenario

GRID = 2.0**-24
EAGER = {
    "merger_rate": 12.0,
    "merger_from": 0.0,
    "merger_overlap": 0.0,
    "merger_autonomy": 0.0,
    "merger_hope": 0.03,
    "luck": 0.0,
    "merger_cost": 0.02,
    "noise": 0.1,
}
FREE = {
    "merger_rate": 0.0,
    "commissioner_merger_rate": 0.0,
    "merger_cost": 0.0,
    "synergy_spread": 0.0,
    "merger_reset": 0.0,
    "merger_confidence": 0.0,
    "merger_quality": 0.0,
    "merger_effort": 0.0,
    "merger_load": 0.0,
}


def merging(month: int = 8, **params: float) -> Scenario:
    """A toy of three hospitals where hospital 1 merges into hospital 0 by an event."""
    event = {"month": month, "do": "merge", "partner": "hospital_0", "other": "hospital_1"}
    quiet = {"merger_rate": 0.0, "commissioner_merger_rate": 0.0}
    return toy_scenario(preset("stp_2016"), {**quiet, **params}, hospitals=3, months=40, events=[event])


def twins(event: bool, params: dict[str, float], **dials: Any) -> Scenario:
    """Two hospitals alike in everything but their names, which merge at no cost, or do not; round figures
    throughout.
    """
    system = toy_system(2, 3)
    system["budgets"] = {**system["budgets"], "acute": 768.0, "community": 256.0, "ambulance": 64.0}
    for place in system["places"].values():
        place["population"] = 187_500.0  # a 64th of 12 million
    for sector, rows in system["flows"].items():
        for row in rows.values():
            row.update(
                {
                    "acute": {"hospital_0": 0.25, "hospital_1": 0.25, "hospital_2": 0.25, "outside": 0.25},
                    "community": {"community": 0.75, "outside": 0.25},
                    "ambulance": {},
                }[sector]
            )
    for partner in system["partners"].values():
        if partner.get("sector"):
            partner["outside_income"] = 24.0
    system["partners"]["hospital_1"] = {**system["partners"]["hospital_0"], "label": "Twin"}
    happening = {"month": 7, "do": "merge", "partner": "hospital_1", "other": "hospital_0"}
    return make_scenario(
        system_name="toy",
        system=system,
        regime="law",
        regimes={"law": preset("stp_2016", **{"ring_fence": 1.0, **dials})},
        months=36,
        events=[happening] if event else [],
        params={
            **FREE,
            "start_margin_spread": 0.0,
            "cost_noise": 0.0,
            "programme_rate": 0.0,
            "integration_decay": 0.0,
            **params,
        },
    )


# Without growth, noise and raids every amount lies on the money grid, so that no rounding differs between one
# body and two.
STILL = {
    name: 0.0
    for name in (
        "demand_growth",
        "community_growth",
        "care_growth",
        "capacity_growth",
        "staff_growth",
        "price_growth",
        "allocation_growth",
        "squeeze",
        "squeeze_later",
        "forced_efficiency",
        "austerity",
        "demand_noise",
        "season",
        "staff_shortage",
        "agency_premium",
        "start_margin",
        "sustainability_fund",
        "hospital_effect",
        "uncovered_need",
        "spill",
    )
}


@pytest.mark.limiting
@pytest.mark.parametrize(("params", "within"), [(STILL, 1e-9), ({}, 1e-4)], ids=["still", "growing"])
@pytest.mark.parametrize("block", [0.0, 0.5, 1.0])
def test_twins_that_merge_at_no_cost_change_no_total(params, within, block):
    """8.7. Where all grows, each sum and payment is rounded to 2**-24, once where it was twice, which adds up
    over three years.
    """
    apart, together = (
        simulation.run(twins(event, params, block=block), 2, 9, threads=1, record="full")
        for event in (False, True)
    )
    assert (together.system["mergers"][:, 7:] == 1).all() and not together.system["mergers"][:, :7].any()
    assert (together.system["balance"] != 0.0).any() or params
    for name in (
        "activity",
        "synergy",
        "balance",
        "nhs_balance",
        "contracts_paid",
        "contracts_received",
        "fund_earned",
    ):
        assert np.allclose(apart.system[name], together.system[name], rtol=0.0, atol=within), name
    for name in ("waiting", "quality"):  # means over snapped sums
        assert np.allclose(apart.system[name], together.system[name], rtol=0.0, atol=max(within, GRID)), name
    for name in ("partner_cost", "partner_cash"):
        one, other = (np.nansum(output.full[name], axis=2) for output in (apart, together))
        assert np.allclose(one, other, rtol=0.0, atol=within), name


@entry
def _cost(par, org, price, out):
    for i in range(org.size):
        out[i] = (
            provider_cost(par[0], org[i], price) if org[i].exists == 1 and org[i].base_cost > 0.0 else 0.0
        )


@entry
def _absorb(world, source, into):
    absorb(world, source, into)


@entry
def _owed(project, stake, out):
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = owed(project, stake, i, j)


def costs(bench: Bench) -> np.ndarray:
    out = np.zeros(len(bench.world.org))
    _cost(bench.par, bench.state.org, 0.97, out)
    return out


def debts(bench: Bench) -> np.ndarray:
    out = np.zeros((len(bench.world.org),) * 2)
    _owed(bench.state.project, bench.state.stake, out)
    return out


@pytest.mark.limiting
@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_what_two_unlike_bodies_have_adds_up(seed):
    """Cost, money, work, flows, contracts, and what each owes others or is owed: all before the merger equals
    all after it.
    """
    bench, chance = Bench(merging()), np.random.default_rng(seed)
    world, rows = bench.world, partner_names(merging().system)
    old, new = rows.index("hospital_1"), rows.index("hospital_0")
    org, project, stake = world.org, world.project, world.stake
    for i in (old, new):
        for name in (
            "base_cost",
            "base_capacity",
            "base_activity",
            "cost_index",
            "planned",
            "capacity",
            "activity",
            "backlog",
            "quality",
        ):
            org[i][name] = chance.uniform(0.5, 2.0) * (org[i][name] or 3.0)
        org[i]["agency"] = 0.05 * org[i]["planned"]
        org[i]["cash"] = np.floor(chance.uniform(-30, 30) / GRID) * GRID
    for q in range(3):
        project[q]["stage"], project[q]["promise_left"] = IN_FORCE, 5
        stake[q, :4]["pays"], stake[q, :4]["receives"] = 0.0, 0.0
        payer = (old, new, 0)[q]
        stake[q, payer]["pays"] = 1.25
        stake[q, (1, 2, old)[q]]["receives"] = project[q]["compensation"] = 1.25
    totals = {
        name: org[name].sum()
        for name in ("cash", "activity", "capacity", "planned", "backlog", "scale", "demand")
    }
    wait, quality = (np.dot(org[name], org["activity"]) for name in ("waiting", "quality"))
    held = org[old]["cash"] + org[new]["cash"]
    before, promised = costs(bench), debts(bench)
    flows, contracts = world.flow.sum(axis=1), world.contract.sum(axis=1)
    _absorb(bench.state, old, new)
    after, carried = costs(bench), debts(bench)
    assert org[old]["exists"] == 0 and org[old]["cash"] == 0.0 and org[new]["cash"] == held
    assert after.sum() == pytest.approx(before.sum(), abs=1e-9)
    alive = org["exists"] == 1
    for name, total in totals.items():
        assert org[name][alive].sum() == pytest.approx(total, abs=1e-9), name
    assert np.dot(org["waiting"], org["activity"] * alive) == pytest.approx(wait, abs=1e-9)
    assert np.dot(org["quality"], org["activity"] * alive) == pytest.approx(quality, abs=1e-9)
    assert np.allclose(world.flow.sum(axis=1), flows, rtol=0, atol=1e-12) and not world.flow[:, old].any()
    assert (
        np.allclose(world.contract.sum(axis=1), contracts, rtol=0, atol=1e-12)
        and not world.contract[:, old].any()
    )
    others = [i for i in range(len(org)) if i not in (old, new)]
    for i in others:
        assert carried[new, i] == promised[new, i] + promised[old, i]
        assert carried[i, new] == promised[i, new] + promised[i, old]
    assert not carried[old].any() and not carried[:, old].any()


@pytest.mark.limiting
def test_a_body_merged_away_is_not_a_number():
    output = simulation.run(merging(), 3, threads=1, record="full")
    gone, heir = (partner_names(merging().system).index(name) for name in ("hospital_1", "hospital_0"))
    assert (output.partner["exists"][:, :8, gone] == 1).all() and not output.partner["exists"][
        :, 8:, gone
    ].any()
    for array in (output.partner, output.full):
        for name in array.dtype.names:
            if name != "exists":
                assert np.isnan(array[name][:, 8:, gone]).all(), name
                assert np.isfinite(array[name][:, :, heir]).all(), name
    assert (output.system["members"][:, 8] == output.system["members"][:, 7] - 1).all()


@pytest.mark.limiting
@given(regimes(), seeds, st.floats(0.0, 1.0), st.sampled_from([1.0, 18.0]))
@settings(max_examples=25)
def test_every_pound_survives_many_mergers(regime, seed, pressure, months):
    params = {**EAGER, "merger_months": months, "squeeze": 0.03 * pressure, "synergy_spread": 0.04}
    scenario = toy_scenario(
        regime,
        params,
        hospitals=4,
        months=60,
        events=[
            {"month": 3, "do": "merge", "partner": "community", "other": "ambulance"},
            {"month": 4, "do": "merge", "partner": "hospital_3", "other": "community"},
        ],
    )
    output = simulation.run(scenario, 4, seed, threads=1, record="full")
    assert (output.system["ledger"] == 0.0).all()
    assert np.array_equal(output.system["contracts_paid"], output.system["contracts_received"])
    assert np.array_equal(np.nansum(output.partner["partner_balance"], axis=2), output.system["balance"])
    there = output.partner["exists"].sum(axis=2)[:, -1]
    ended = len(partner_names(scenario.system)) - there - (regime.commissioners == "many")
    if regime.commissioners == "many":
        assert np.array_equal(ended, output.system["mergers"][:, -1])
    assert (output.system["mergers"][:, -1] >= 2).all()


def totals(regime: Any, futures: int = 40, **params: float) -> dict[str, int]:
    """Mergers of all futures by kind."""
    scenario = toy_scenario(regime, {**EAGER, **params}, hospitals=4, months=60)
    last = simulation.run(scenario, futures, 5, threads=1).system[:, -1]
    return {name: int(last[name].sum()) for name in last.dtype.names if name.startswith("mergers")}


@pytest.mark.limiting
def test_a_review_that_blocks_all_leaves_none():
    count = totals(preset("joint_committee", competition=1.0), merger_block=1.0, merger_direction=0.0)
    assert count["mergers"] == count["mergers_commissioners"] and count["mergers_blocked"] > 0
    assert totals(preset("joint_committee", competition=0.0), merger_block=1.0)["mergers_blocked"] == 0
    assert totals(preset("joint_committee"), merger_rate=0.0, commissioner_merger_rate=0.0)["mergers"] == 0


def foundations(regime: Any, **params: float) -> Scenario:
    """A toy of foundation trusts alone, which would give up nothing, in more distress than it takes."""
    system = toy_system(2, 4)
    for partner in system["partners"].values():
        partner["kind"] = "foundation_trust" if partner.get("sector") else partner["kind"]
    unwilling = {**EAGER, "merger_autonomy": 10.0, "merger_direction": 0.0, **params}
    return make_scenario(
        system_name="toy", system=system, regime="law", regimes={"law": regime}, months=60, params=unwilling
    )


@pytest.mark.limiting
def test_foundation_trusts_are_directed_only_where_the_law_has_it():
    found = {
        dial: simulation.run(foundations(preset("stp_2016", ft_mergers=dial)), 40, 5, threads=1)
        .system[:, -1]["mergers_directed"]
        .sum()
        for dial in ("off", "targeted", "last_resort")
    }
    assert found["off"] == 0 and found["targeted"] > 0
    assert found["last_resort"] == 0, "both refuse: nobody alone frustrates the rest"
    # NHS trusts can be directed under every law, but these share the toy with foundation trusts: two of each.
    system = toy_system(2, 3)
    system["partners"]["hospital_1"]["kind"] = "nhs_trust"
    nhs = make_scenario(
        system_name="toy",
        system=system,
        regime="law",
        regimes={"law": preset("stp_2016", ft_mergers="off")},
        months=60,
        params={**EAGER, "merger_autonomy": 2.0, "merger_direction": 0.0},
    )
    assert simulation.run(nhs, 20, 5, threads=1).system[:, -1]["mergers_directed"].sum() > 0


@pytest.mark.limiting
def test_a_last_resort_follows_a_refusal_by_one_side_and_a_wait():
    """In the minutes every direction of the last resort has the refusal that began it, at least
    `merger_patience` months before.
    """
    scenario = foundations(
        preset("stp_2016", ft_mergers="last_resort"), merger_autonomy=1.0, noise=1.0, merger_rate=1.0
    )
    directed = 0
    for future in range(12):
        minutes = sim.minutes(scenario, 5, future)
        for _, row in minutes[minutes["kind"] == "merger_directed"].iterrows():
            directed += 1
            pair = {row["who"], row["other"]}
            refusals = minutes[
                minutes["kind"].eq("merger_refused") & minutes["who"].isin(pair) & minutes["other"].isin(pair)
            ]
            alone = refusals[(refusals["fifth"] > 0) & (refusals["month"] <= row["month"] - 12)]
            assert len(alone) >= 1, row["sentence"]
            assert (refusals[refusals["month"] == row["month"]]["fifth"] > 0).all()
    assert directed > 0


@pytest.mark.limiting
def test_the_bill_is_paid_to_the_last_pound():
    """A merger costs merger_cost x turnover of the smaller body, paid to suppliers over its months; nothing
    else changes.
    """
    quiet = {**FREE, "merger_months": 7.0, "programme_rate": 0.0, "sustainability_fund": 0.0}
    free, dear = (
        simulation.run(merging(**{**quiet, "merger_cost": cost}), 1, 3, threads=1, record="full")
        for cost in (0.0, 0.03)
    )
    heir = partner_names(merging().system).index("hospital_0")
    smaller = min(float(Bench(merging()).world.org[i]["scale"]) for i in (heir, heir + 1))
    extra = (dear.full["partner_cost"] - free.full["partner_cost"])[0, :, heir]
    assert np.nonzero(extra > 0.1)[0].tolist()[:7] == [8, 9, 10, 11, 12, 13, 14]
    assert extra[8] == pytest.approx(0.03 * 100 * smaller / 7, abs=1e-6)


@pytest.mark.limiting
def test_an_event_walks_over_any_bar():
    law = preset("stp_2016", competition=1.0, exit="barred")
    system = toy_system(2, 3)
    scenario = make_scenario(
        system_name="toy",
        system=system,
        regime="law",
        regimes={"law": law},
        months=20,
        params={"merger_rate": 0.0, "commissioner_merger_rate": 0.0, "merger_block": 1.0},
        events=[{"month": 5, "do": "merge", "partner": "ambulance", "other": "hospital_1"}],
    )
    last = simulation.run(scenario, 2, threads=1).system[:, -1]
    assert (
        (last["mergers"] == 1).all()
        and not last["mergers_voluntary"].any()
        and not last["mergers_directed"].any()
    )
    minutes = sim.minutes(scenario)
    row = minutes[minutes["kind"] == "merged"].iloc[0]
    assert (row["who"], row["other"], row["month"]) == (
        "Hospital 1",
        "Ambulance trust",
        5,
    ) and "the scenario has it so" in row["sentence"]


@pytest.mark.limiting
@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"partner": "hospital_0"}, "merge needs an other"),
        ({"partner": "hospital_0", "other": "hospital_0"}, "cannot merge into itself"),
        ({"partner": "hospital_0", "other": "hospital_9"}, "did you mean 'hospital_"),
        (
            {"partner": "hospital_0", "other": "place_0_council"},
            "only providers and CCGs merge, and it is a council",
        ),
        (
            {"partner": "place_0_ccg", "other": "hospital_1"},
            "a provider merges with a provider, a CCG with a CCG",
        ),
        ({"do": "leave", "partner": "hospital_0", "other": "hospital_1"}, "leave takes no other"),
        (
            {"month": 9, "partner": "hospital_2", "other": "community"},
            "no longer exists; it merges into 'hospital_0' in month 5",
        ),
        ({"month": 9, "partner": "community", "other": "hospital_2"}, "no longer exists"),
    ],
)
def test_a_merger_that_cannot_be_is_refused(event, said):
    first = {"month": 5, "do": "merge", "partner": "hospital_0", "other": "hospital_2"}
    with pytest.raises(BadInput, match=said):
        toy_scenario(
            preset("stp_2016"), hospitals=3, months=12, events=[first, {"month": 5, "do": "merge", **event}]
        )
