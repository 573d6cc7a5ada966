"""Every step that can be switched off changes what it should, and nothing that stands before it in the month.

`CHANGES` says for each step what state it is there to change, and what else it may touch; a step that can be
off needs an entry. What really happens is found by `ablations.py`, in another process and without
compilation.
"""

import json
import os
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from sim.declarations.steps import CAN_BE_OFF

MONEY = "account org.balance org.balance_year org.cash org.cost org.income"
# step: (what it is for, what else it may change); names as in `sim/kernel/records.py`, with * for any.
CHANGES: dict[str, tuple[str, str]] = {
    "elect": ("org.tolerance", ""),
    "change_leaders": ("trust", "contact"),
    "remove_directors": ("org.engagement", "trust contact"),
    "dissolve_pools": ("project.stage", ""),
    "keep_promises": (
        "org.paid org.received board.promises_due board.promises_kept kept broken project.promise_left",
        f"{MONEY} doubt",
    ),
    "feel_pressure": ("org.pressure org.shortfall", "org.cost_index"),
    "table": (
        "board.tabled board.serials board.capacity project.stage stake.gain stake.part",
        f"{MONEY} board.* org.scheme project.* stake.*",
    ),
    "intend_adoption": ("delegation.wish board.meetings", "delegation.again delegation.leaning"),
    "adopt": (
        "delegation.held board.adopted stake.withheld",
        "delegation.wish board.delegated board.revoked",
    ),
    "deliberate": ("stake.support stake.persuasion stake.term_persuasion", "stake.says"),
    "intend_offers": ("stake.offers", ""),
    "bargain": (
        "project.compensation stake.pays stake.receives stake.support stake.price stake.belief "
        "stake.term_bargain",
        "stake.cast",
    ),
    "intend_ratification": ("stake.ratifies board.meetings", ""),
    "ratify": (
        "stake.ratified project.stage project.referrals",
        "board.* broken project.found project.heard project.wait stake.standing",
    ),
    "scrutinise": (
        "project.stage project.consulted board.consultations place.confidence",
        "board.* broken project.*",
    ),
    "implement": (
        "place.integration place.care_load project.phased project.realised project.stage board.agreed "
        "board.delivered stake.commitment",
        f"{MONEY} board.* broken contract flow kept org.* place.access_lost place.confidence place.grant "
        "project.found"
        " project.promise_left",
    ),
    "count_gains": ("org.gain org.saving org.past_gain", ""),
    "propose_merger": ("board.candidate board.neighbour", ""),
    "intend_merger": ("org.merger_view org.merger_gain org.merger_wish", ""),
    "agree_merger": (
        "org.merging_with org.merger_stage org.refused_with",
        "board.mergers_blocked broken org.*",
    ),
    "scrutinise_mergers": (
        "org.merger_stage org.merger_wait board.consultations place.confidence",
        "board.referred board.mergers_stopped org.merging_with",
    ),
    "merge": (
        "org.exists org.merger_owed org.merger_left org.synergy_due board.mergers flow trust",
        "board.* broken contract doubt kept local org.* place.* project.* stake.*",
    ),
    "remember": ("delegation.seen delegation.own_gain delegation.benefit delegation.ceded", ""),
    "relate": ("trust", "broken contact doubt kept seen"),
    "hear": ("org.voice", "project.heard"),
    "value_membership": ("org.value", ""),
    "engage": ("org.engagement", ""),
    "intend_membership": ("org.months_low", ""),
    "stay": (
        "org.membership board.walk_aways stake.joins",
        "board.walk_aways_council board.returns broken org.months_low org.notice_left org.past_gain "
        "project.* stake.*",
    ),
    "share_risk": ("org.cash org.balance_year", f"{MONEY} stake.price"),
    "special_measures": ("org.special org.watched", MONEY),
    "raid_fund": ("board.raided org.cash account place.grant", MONEY),
    "review_status": ("board.status board.delegated_budget", ""),
    "make_demands": ("board.demands", ""),
    "award_fund": ("org.fund_earned org.balance_last org.margin_last org.cash account", MONEY),
}


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """What `ablations.py` prints."""
    here = Path(__file__).parent
    path = os.pathsep.join([str(here.parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, str(here / "ablations.py")],
        env={**os.environ, "PYTHONPATH": path, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def fitting(fields: list[str], *allowed: str) -> set[str]:
    return {
        field
        for field in fields
        if any(fnmatch(field, pattern) for names in allowed for pattern in names.split())
    }


@pytest.mark.interpreted
@pytest.mark.parametrize("step", CAN_BE_OFF)
def test_a_step_switched_off_changes_what_it_should_and_nothing_before_it(step, found):
    assert step in CHANGES, (
        f"{step} can be switched off: say in CHANGES of {Path(__file__).name} what it is there to change"
    )
    main, also = CHANGES[step]
    result = found[step]
    assert result is not None, (
        f"{step} made no difference in any month of tests/model/ablations.py: give it something to do there"
    )
    assert result["before"] == [], f"{step} was switched off, and what stands before it in the month differs"
    assert fitting(result["changed"], main), (
        f"without {step} none of what it is there to change is any different"
    )
    assert set(result["itself"]) == fitting(result["itself"], main, also), (
        f"{step} changes what its entry does not name"
    )
    assert fitting(main.split(), " ".join(result["itself"])) == set(main.split()), (
        f"{step} never changes all it is there to change"
    )


def test_no_entry_is_left_of_a_step_that_is_gone():
    assert set(CHANGES) <= set(CAN_BE_OFF)
