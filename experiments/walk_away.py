"""What if partners walk away: which partner can the system least do without, who follows, and what brings the
system back?

python experiments/walk_away.py
python experiments/walk_away.py system=dorset consequences=true partner=dorset_county_council
python experiments/walk_away.py shapley=100
python experiments/walk_away.py map=true partner=sheffield_council 'map_months=[12,48,84]'
"""

import sys

from sim.studies.script import main
from sim.studies.walk_away.study import WalkAway

if __name__ == "__main__":
    sys.exit(main(WalkAway))
