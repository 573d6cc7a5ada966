"""How many partners a system can have, and what it does that borders do not fit: collective choice from 6 to
42 partners.

    python experiments/size.py
    python experiments/size.py 'partners=[6,20,42]' sets=200 params.contact=0.2
"""

import sys

from sim.studies.script import main
from sim.studies.size import Size

if __name__ == "__main__":
    sys.exit(main(Size))
