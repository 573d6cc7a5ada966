"""The sustainability fund goes to those who met what was asked: the body alone, all together, or half and
half (4.13).
"""

import numpy as np
import pytest

import sim

TRUSTS = ("nhs_trust", "foundation_trust")


def years(pot):
    """Per future, year and trust: what the fund paid, whether the body met its total, and whether all NHS
    bodies together did.
    """
    # Capital that trusts spend themselves is in their balances, not in what the fund looks at; services that
    # move take size along; a body that merges away leaves no year of its own.
    without = [
        *(f"params.weight_{kind}=0.0" for kind in ("reconfigure", "capital", "workforce")),
        "rules.off=[propose_merger]",
    ]
    changes = ["params.stretch=0.0", "params.squeeze=-0.005", "params.control_pull=0.2", "months=60"]
    scenario = sim.load(f"dials.pot={pot}", *changes, *without)
    data = sim.simulate(scenario, futures=12, seed=2, record="full")
    partners = scenario.system.partners
    nhs = [name for name in partners if partners[name].kind != "council"]
    fund = data.partner_fund_earned.values.reshape(12, 5, 12, -1)
    balance = data.partner_balance.values.reshape(12, 5, 12, -1).sum(axis=2) - fund[:, :, -1]
    total = data.partner_control_total.values.reshape(12, 5, 12, -1)[:, :, -1]
    assert (fund[:, :, :-1][np.isfinite(fund[:, :, :-1])] == 0).all(), "paid in March only"
    names = list(data.partner.values)
    room = balance - total
    together = room[:, :, [names.index(name) for name in nhs]].sum(axis=2) >= 0
    rows = [names.index(name) for name in nhs if partners[name].kind in TRUSTS]
    return (
        fund[:, :, -1, rows],
        room[:, :, rows] >= 0,
        np.broadcast_to(together[..., None], room[:, :, rows].shape),
    )


@pytest.mark.limiting
@pytest.mark.parametrize("pot", ["organisational", "system_total", "single"])
def test_who_is_paid(pot):
    paid, alone, together = years(pot)
    assert alone.any() and not alone.all() and together.any() and not together.all(), (
        "the case tells both apart"
    )
    due = {"organisational": alone, "single": together, "system_total": alone | together}[pot]
    assert np.array_equal(paid > 0, due)


@pytest.mark.limiting
def test_half_and_half_adds_up():
    paid, alone, together = years("system_total")
    whole = np.where(alone & together, paid, np.nan)
    half = np.where(alone ^ together, paid, np.nan)
    for trust in range(paid.shape[-1]):
        full, part = whole[..., trust], half[..., trust]
        if np.isfinite(full).any() and np.isfinite(part).any():
            assert np.allclose(np.nanmean(full), 2 * np.nanmean(part), rtol=1e-6)
