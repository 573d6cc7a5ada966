"""What do mergers do to a local system? None, voluntary, directed where a benefit is seen, or as a last
resort.

python experiments/mergers.py
python experiments/mergers.py 'systems=[dorset]' sets=200 futures=20 params.synergy_mean=0.01
"""

import sys

from sim.studies.mergers import Mergers
from sim.studies.script import main

if __name__ == "__main__":
    sys.exit(main(Mergers))
