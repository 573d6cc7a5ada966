"""Stylised facts: whether each comes out, in how many parameter sets, how large it is, and on which rule it
hangs.

    python experiments/patterns.py
    python experiments/patterns.py params=null sets=200 'patterns=[councils_leave_more,pressure_cliff]'

`python -m sim.studies.patterns.page results/patterns/...` writes docs/patterns.md from what is found.
"""

import sys

from sim.studies.patterns.study import Patterns
from sim.studies.script import main

if __name__ == "__main__":
    sys.exit(main(Patterns))
