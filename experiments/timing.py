"""When to legislate: never, at once, or later? Runs share every month before the law, so only the law makes
the difference.

    python experiments/timing.py
    python experiments/timing.py law=option2_guarded 'months_of_law=[12,36,60]' system=dorset
"""

import sys

from sim.studies.script import main
from sim.studies.timing import Timing

if __name__ == "__main__":
    sys.exit(main(Timing))
