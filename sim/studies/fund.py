"""The transformation fund: compares each way of spending it with a fund that is ring-fenced and shared out
per head. In a nation, also the gaps between systems.
"""

from functools import partial
from typing import ClassVar

from sim.figures.contrasts import ACROSS, contrast_chart
from sim.studies.contrast import Contrast
from sim.studies.england import between_systems
from sim.studies.study import Findings, Run

IN_ENGLAND = "One fund for all systems: for whom, and what it does to the gaps between them"
BETWEEN = "Fifths of systems by the outcome itself. Most deprived above least: by a line through all systems."


class Fund(Contrast):
    """The keys of `configs/experiment/fund.yaml`."""

    experiment: ClassVar[str] = "fund"
    title: ClassVar[str] = "A fund for change: ring-fenced or raided, and for whom"
    note: ClassVar[str] = "Money in GBP million; gaps: the most deprived place above the least."

    def find(self, run: Run) -> Findings:
        request = self.sweeps["runs"]
        runs = run("runs", request)
        findings = self.found(runs)
        if request.nation:
            table = between_systems(self, runs)
            # the gaps between places are reported above
            shown = [name for name in request.outcomes if "_gap" not in name]
            findings.tables["between_systems"] = table
            for regime, part in table.groupby("regime", sort=False):
                findings.figures[f"between_systems_{regime}"] = partial(
                    contrast_chart, part, IN_ENGLAND, shown[:ACROSS], BETWEEN
                )
        return findings
