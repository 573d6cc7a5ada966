"""4.12 An infinite exit barrier keeps everybody, minus infinity lets all go who may, in the month it
should.
"""

from math import ceil

import numpy as np
import pytest
from drive import toy_scenario
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scenarios import preset, scenarios, seeds

from sim.engine import simulation

NEVER, AT_ONCE = float("inf"), -float("inf")
LEFT, GIVING_NOTICE, MEMBER = 0.0, 1.0, 2.0


@pytest.mark.limiting
@given(scenarios(params={"exit_barrier": NEVER}), seeds)
@settings(max_examples=40)
def test_with_an_infinite_barrier_nobody_leaves(scenario, seed):
    """Only events take anybody away."""
    gone = [e for e in scenario.events if e.do == "leave"]
    output = simulation.run(scenario, 2, seed, threads=1)
    assert (output.system["walk_aways"] <= len(gone)).all()
    rows = list(scenario.system.partners)
    for i, name in enumerate(rows):
        # no member unless the law gives it a seat
        outsider = scenario.system.partners[name].kind == "independent_provider"
        if name not in [e.partner for e in gone] and not outsider:
            member = output.partner["membership"][:, :, i]
            assert (member[~np.isnan(member)] == MEMBER).all()


@pytest.mark.limiting
@given(
    scenarios(events=False, most_months=40, params={"exit_barrier": AT_ONCE}, dials={"exit": "free"}),
    st.integers(0, 12),
    st.integers(1, 24),
    st.sampled_from([0.0, 0.5]),
    seeds,
)
@settings(max_examples=40)
def test_with_minus_infinity_and_free_exit_all_leave_after_their_notice(
    scenario, notice, leaving, part, seed
):
    """A body has wished to go for k months at the end of month k - 1, gives notice once k reaches
    `leaving_months`, then serves it.
    """
    law = scenario.regimes["law_0"].model_copy(update={"exit_notice": notice})
    scenario = scenario.changed(
        regimes={"law_0": law}, params={**scenario.params, "leaving_months": leaving + part}
    )
    expected = ceil(leaving + part) - 1 + notice
    members = simulation.run(scenario, 2, seed, threads=1).partner["membership"]
    insiders = [
        i
        for i, partner in enumerate(scenario.system.partners.values())
        if partner.kind != "independent_provider"
    ]
    # the statutory body itself cannot leave, and an independent provider may have no seat
    kept = members[:, :, insiders]
    for month in range(scenario.months):
        here = kept[:, month][~np.isnan(kept[:, month])]
        if month >= expected:
            assert (here == LEFT).all()
        else:
            assert (here == (GIVING_NOTICE if month >= ceil(leaving + part) - 1 else MEMBER)).all()
    statutory = members[:, :, -1]
    assert (statutory[~np.isnan(statutory)] == MEMBER).all()


@pytest.mark.limiting
@pytest.mark.parametrize(
    ("bar", "goes"),
    [
        ("barred", ()),
        ("nhs_barred", ("council",)),
        ("free", ("council", "ccg", "nhs_trust", "foundation_trust")),
    ],
)
def test_the_regime_says_which_kinds_may_leave(bar, goes):
    scenario = toy_scenario(
        preset("stp_2016", exit=bar), {"exit_barrier": AT_ONCE, "leaving_months": 1.0}, months=3
    )
    members = simulation.run(scenario, 2, threads=1).partner["membership"]
    for i, partner in enumerate(scenario.system.partners.values()):
        assert (members[:, 0, i] == (LEFT if partner.kind in goes else MEMBER)).all()


@pytest.mark.limiting
def test_the_statutory_body_cannot_leave_itself():
    scenario = toy_scenario(
        preset("option2", exit="free"), {"exit_barrier": AT_ONCE, "leaving_months": 1.0}, months=6
    )
    members = simulation.run(scenario, 2, threads=1).partner["membership"]
    assert (members[:, :, -1] == MEMBER).all()
    assert (
        members[:, 0, [name.endswith("council") for name in [*scenario.system.partners, ""]]] == LEFT
    ).all()


@pytest.mark.limiting
def test_a_law_that_bars_exit_keeps_those_still_serving_notice():
    laws = {"law": preset("stp_2016", exit_notice=6), "closed": preset("stp_2016", exit="barred")}
    scenario = toy_scenario(laws["law"], {"exit_barrier": AT_ONCE, "leaving_months": 2.0}, months=20).changed(
        regimes=laws, events=[{"month": 4, "do": "change_regime", "regime": "closed"}]
    )
    members = simulation.run(scenario, 2, threads=1).partner["membership"][:, :, :-1]
    assert (members[:, 1:4] == GIVING_NOTICE).all()
    assert (members[:, 4:] == MEMBER).all()


@pytest.mark.limiting
@given(scenarios(events=False), seeds, st.data())
@settings(max_examples=30)
def test_events_walk_over_any_bar(scenario, seed, data):
    """A body that an event takes away is gone from that month until an event brings it back, even where exit
    is barred.
    """
    assume(scenario.months >= 3)
    who = data.draw(st.sampled_from(list(scenario.system.partners)))
    leaves = data.draw(st.integers(0, scenario.months - 2))
    returns = data.draw(st.integers(leaves + 1, scenario.months - 1))
    events = [
        {"month": leaves, "do": "leave", "partner": who},
        {"month": returns, "do": "return", "partner": who},
    ]
    quiet = {"exit_barrier": NEVER, "merger_rate": 0.0, "commissioner_merger_rate": 0.0}
    changed = scenario.changed(params={**scenario.params, **quiet}).with_events(*events)
    members = simulation.run(changed, 2, seed, threads=1).partner["membership"][
        :, :, list(scenario.system.partners).index(who)
    ]
    if np.isnan(members).any():
        assert np.isnan(members).all()  # absorbed from the first month
        return
    if scenario.system.partners[who].kind == "independent_provider":
        if scenario.regimes[scenario.regime].independent_providers != "on_board":
            assert (members == LEFT).all()  # under contract alone: it has no seat to leave or to return to
            return
    assert (members[:, :leaves] == MEMBER).all()
    assert (members[:, leaves:returns] == LEFT).all()
    assert (members[:, returns:] == MEMBER).all()
