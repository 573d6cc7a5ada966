"""The transformation fund: what a ring-fence does, and whom to support: those furthest ahead, per head, or
those in most need.

    python experiments/fund.py
    python experiments/fund.py system=greater_manchester set_count=200 futures=20
    python experiments/fund.py systems=england   # all 42, which share one fund under one national body
"""

import sys
from functools import partial
from pathlib import Path

import pandas as pd

from sim.figures.contrasts import ACROSS, contrast_chart
from sim.studies.contrast import found, summary
from sim.studies.england import between_systems
from sim.studies.request import Study
from sim.studies.run import Findings
from sim.studies.script import main

TITLE = "A fund for change: ring-fenced or raided, and for whom"
IN_ENGLAND = "One fund for all systems: for whom, and what it does to the gaps between them"
BETWEEN = "Fifths of systems by the outcome itself. Most deprived above least: by a line through all systems."


def find(asked: Study, runs: dict[str, pd.DataFrame], folder: Path) -> Findings:
    """Each way of spending the fund against one that is ring-fenced and shared out per head; in a nation,
    also the gaps between systems.
    """
    note = "Money in GBP million; gaps: the most deprived place above the least."
    findings = found(asked, runs["runs"], TITLE, note)
    if asked.sweeps["runs"].nation:
        table = between_systems(asked, runs["runs"])
        # gaps between places are told above
        shown = [name for name in asked.sweeps["runs"].outcomes if "_gap" not in name]
        findings.tables["between_systems"] = table
        for regime, part in table.groupby("regime", sort=False):
            findings.figures[f"between_systems_{regime}"] = partial(
                contrast_chart, part, IN_ENGLAND, shown[:ACROSS], BETWEEN
            )
    return findings


if __name__ == "__main__":
    sys.exit(main("fund", Study, find, summary))
