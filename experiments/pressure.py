"""Where does money trouble break a partnership? Collapse by squeeze, starting trust, reciprocity and regime.

python experiments/pressure.py
python experiments/pressure.py 'systems=[greater_manchester]' 'regimes=[ics_2018,option2]' sets=50
"""

import sys

from sim.studies.pressure import Pressure
from sim.studies.script import main

if __name__ == "__main__":
    sys.exit(main(Pressure))
