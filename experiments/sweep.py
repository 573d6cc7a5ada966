"""Runs many scenarios over the same futures: the points of a design, crossed with regimes, systems and
events. Outcomes are kept as Parquet.

    python experiments/sweep.py design=lhs design.n=10000 'regimes=[joint_committee,option2]' futures=100
    python experiments/sweep.py 'design.factors={params.squeeze: [0.0, 0.02]}' 'systems=[dorset,qhm]'
"""

import sys

from sim.studies.sweep import main

if __name__ == "__main__":
    sys.exit(main())
