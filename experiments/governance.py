"""Which part of a governance regime does what, all else equal; and where law breaks even with consent.

python experiments/governance.py python experiments/governance.py parameter_sets=plausible set_count=1000
futures=50 most_cells=64   # the whole factorial: a night python experiments/governance.py 'systems=[dorset]'
surface=false params.reciprocity=0.8
"""

import sys
from pathlib import Path

from sim.analysis.outcomes import short, with_unit
from sim.analysis.uncertain import OVER
from sim.figures.contrasts import small_print_of
from sim.figures.maps import Map, map_chart
from sim.studies.contrast import charts, pooled, summary, systems_note
from sim.studies.governance import Governance, confounded, effects, surface
from sim.studies.run import Findings
from sim.studies.script import main

ALONG = "enforceability: how far promises can be enforced, 0 to 1"
UP = "resentment of a loss imposed"


def find(asked: Governance, runs: dict[str, Path], folder: Path) -> Findings:
    """Effects of parts, and the surface."""
    table = effects(asked, runs["factorial"])
    found = Findings({"effects": table, "mixed_up": confounded(asked)})
    cells = f"{len(asked.design)} of {2 ** len(asked.factors)} combinations"
    note = (
        f"{systems_note(asked)} Each row: one part changed, averaged over the others ({cells}); payment, "
        "duty and all else equal."
    )
    found.figures |= charts(table[table["order"] == 1], "effects", "Which part of a regime does what", note)
    if (table["order"] == 2).any():
        note = f"{systems_note(asked)} How much more one part does where the other is high, halved."
        found.figures |= charts(table[table["order"] == 2], "interactions", "Parts that hang together", note)
    if asked.surface:
        add_surface(asked, runs["surface"], found)
    return found


def add_surface(asked: Governance, runs: Path, found: Findings) -> None:
    """Two maps: how much law changes, and in how many parameter sets it is the better one."""
    table = surface(asked, runs)
    found.tables["surface"] = table
    part, differ, better = pooled(table), {}, {}
    for outcome, rows in part.groupby("outcome", sort=False):
        words = with_unit(str(outcome))
        mean, low, high, share = (
            rows.pivot(index="imposition", columns="enforceability", values=name).to_numpy()
            for name in ("mean", "low", "high", "better")
        )
        differ[words] = Map(asked.enforceabilities, asked.impositions, mean, (low <= 0.0) & (high >= 0.0))
        better[short(str(outcome))] = Map(asked.enforceabilities, asked.impositions, share)
    what = (
        "Law: a board's majority binds, no ratification, no exit. Consent: unanimity, all own boards "
        "ratify, exit is free"
    )
    sets = f"{systems_note(asked)} {small_print_of(part)}."
    note = (
        f"{what}; its enforceability is {asked.factors['enforceability'].low['enforceability']:g}. {sets}"
        if ("enforceability" in asked.factors)
        else f"{what}. {sets}"
    )
    changes = (
        f"Law less consent; in brackets where the 95 % interval {OVER} holds 0; line: where the mean "
        f"crosses 0, if it does. {note}"
    )
    shares = (
        "Parameter sets, of 100, in which law does better than consent; line: half of them, if it comes "
        f"to that. {note}"
    )
    found.figures["break_even"] = lambda: map_chart(
        differ,
        "Where law breaks even with consent",
        ALONG,
        UP,
        changes,
        boundary=0.0,
        signed=True,
        alike=False,
    )
    found.figures["break_even_sure"] = lambda: map_chart(
        better,
        "How sure it is that law does better than consent",
        ALONG,
        UP,
        shares,
        boundary=0.5,
        per_cent=True,
    )


def told(findings: Findings) -> None:
    """Print what each part does."""
    table = findings.tables["effects"]
    findings.tables["main"] = table[table["order"] == 1]
    summary(findings, "main")


if __name__ == "__main__":
    sys.exit(main("governance", Governance, find, told))
