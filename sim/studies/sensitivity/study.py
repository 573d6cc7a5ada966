"""Which parameters matter: Morris screening of all, then Sobol indices of those that matter."""

from sim.figures.sensitivity import charts
from sim.studies.sensitivity.in_words import tell
from sim.studies.sensitivity.keys import SensitivityKeys
from sim.studies.sensitivity.stages import analyse
from sim.studies.study import Findings, Run


class Sensitivity(SensitivityKeys):
    """A sensitivity analysis; its keys are those of `configs/experiment/sensitivity.yaml`."""

    def find(self, run: Run) -> Findings:
        """Screen all factors, keep those that matter, compute their indices. Raises BadInput if none does."""
        tables = analyse(self, run)
        return Findings(tables, charts(tables, self.labels(), self.futures, self.seed, self.parameter_sets))

    def summary(self, findings: Findings) -> None:
        tell(findings.tables, self.labels())
