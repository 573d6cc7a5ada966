"""4.13 Indicators of what the national body did; `measures/measure.py` calls this once a month."""

from sim.kernel.compiled import rule
from sim.rules.oversight.national_demands import in_measures
from sim.rules.oversight.status import GRANTED


@rule
def measure_nation(org, board, out):
    held, _ = in_measures(org)
    out.status, out.special_measures = 1.0 if board.status == GRANTED else 0.0, held
    out.raided, out.demands, out.delegated_budget = board.raided, board.demands, board.delegated_budget
