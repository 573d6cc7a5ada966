"""Which part of a governance regime does what, all else equal? And where does law break even with consent?

python experiments/governance.py
python experiments/governance.py parameter_sets=plausible sets=1000 futures=50 most_cells=64   # a night
python experiments/governance.py 'systems=[dorset]' surface=false params.reciprocity=0.8
"""

import sys

from sim.studies.governance import Governance
from sim.studies.script import main

if __name__ == "__main__":
    sys.exit(main(Governance))
