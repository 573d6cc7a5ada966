"""Every figure and table of the paper from nothing, each compared, byte for byte, with what `results/paper`
keeps.

    make figures                       make figures ONLY=pressure
    python experiments/paper.py 'only=[pressure,duty]' 'extra=["futures=2"]' paper=results/trial_paper
    python experiments/paper.py update=true

Interrupted, the same command goes on. Status 0: all as kept, or nothing kept to compare with. 1: something
differs, or a part failed.
"""

import sys

from sim.studies.paper import main

if __name__ == "__main__":
    sys.exit(main(usage=__doc__))
