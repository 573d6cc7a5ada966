"""Stylised facts: does the model show each of them, in how many parameter sets, how large is it, and which
rule does it depend on?

    python experiments/patterns.py
    python experiments/patterns.py params=null sets=200 'patterns=[councils_leave_more,pressure_cliff]'

`python -m sim.studies.patterns.page results/patterns/...` writes docs/patterns.md from the results.
"""

import sys

from sim.studies.patterns.study import Patterns
from sim.studies.script import main

if __name__ == "__main__":
    sys.exit(main(Patterns))
