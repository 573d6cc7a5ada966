"""Which parameters can have given England's record: waves of simulations rule out those that cannot."""

from pathlib import Path

from sim.figures.calibration import charts
from sim.studies.calibration.counterparts import Lived
from sim.studies.calibration.in_words import tell
from sim.studies.calibration.keys import CalibrationKeys
from sim.studies.calibration.tables import tables
from sim.studies.calibration.waves import lived_in, match
from sim.studies.study import Findings, Run
from sim.sweep.request import Request


class Calibration(CalibrationKeys):
    """A calibration; its keys are those of `configs/experiment/calibrate.yaml`."""

    def read(self, folder: Path, request: Request) -> Lived:
        return lived_in(folder, request)

    def find(self, run: Run) -> Findings:
        """Runs the waves one after the other and returns the set that they leave. Raises BadInput where a
        wave leaves too little to draw from.
        """
        found = tables(self, match(self, run))
        return Findings(found, charts(found, self.cutoff))

    def summary(self, findings: Findings) -> None:
        tell(findings.tables)
