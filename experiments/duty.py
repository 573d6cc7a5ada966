"""What does a shared duty do? None, the triple aim, or the triple aim and wellbeing; with councils consulted
or with equal votes.

    python experiments/duty.py
    python experiments/duty.py system=dorset 'regimes=[joint_committee_equal]' sets=200
"""

import sys

from sim.studies.duty import Duty
from sim.studies.script import main

if __name__ == "__main__":
    sys.exit(main(Duty))
