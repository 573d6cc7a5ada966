"""Which of all plausible parameters can have given England's record of 2016 to 2022? History matching in
waves.

    python experiments/calibrate.py
    python experiments/calibrate.py 'systems=[dorset,qhm]' points=200 waves=2
"""

import sys

from sim.studies.calibration.study import Calibration
from sim.studies.script import main

if __name__ == "__main__":
    sys.exit(main(Calibration))
