"""Which parameters matter? Morris screening over all, then Sobol indices of those that do, under each regime
over the same futures.

    python experiments/sensitivity.py
    python experiments/sensitivity.py system=dorset 'outcomes=[trust_mean]' samples=512 futures=20
"""

import sys

from sim.studies.script import main
from sim.studies.sensitivity.study import Sensitivity

if __name__ == "__main__":
    sys.exit(main(Sensitivity))
