"""The transformation fund: what does a ring-fence do, and which systems should get support: those furthest
ahead, all per head, or those in most need?

    python experiments/fund.py
    python experiments/fund.py system=greater_manchester sets=200 futures=20
    python experiments/fund.py systems=england   # all 42, which share one fund under one national body
"""

import sys

from sim.studies.fund import Fund
from sim.studies.script import main

if __name__ == "__main__":
    sys.exit(main(Fund))
