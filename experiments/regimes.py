"""How does a local system fare under several governance regimes, over the same futures, and when its most
critical partner leaves?

    python experiments/regimes.py
    python experiments/regimes.py system=dorset 'regimes=[stp_2016,option2]' futures=2000 params.squeeze=0.015
"""

import sys

from sim.studies.regimes.run import main

if __name__ == "__main__":
    sys.exit(main())
