"""How many partners can a system have, and what does it cost when borders do not fit? Collective choice with
6 to 42 partners.

    python experiments/size.py
    python experiments/size.py 'partners=[6,20,42]' sets=200 params.contact=0.2
"""

import sys

from sim.studies.script import main
from sim.studies.size import Size

if __name__ == "__main__":
    sys.exit(main(Size))
