"""What mergers do to a local system: none, voluntary, directed where a benefit is seen, or as a last resort.

python experiments/mergers.py
python experiments/mergers.py 'systems=[dorset]' set_count=200 futures=20 params.synergy_mean=0.01
"""

import sys
from pathlib import Path

import pandas as pd

from sim.studies.contrast import found, summary
from sim.studies.request import Study
from sim.studies.run import Findings
from sim.studies.script import main


def find(asked: Study, runs: dict[str, pd.DataFrame], folder: Path) -> Findings:
    """Each way of merging against none."""
    note = "NHS trusts can be directed in all but the first."
    return found(asked, runs["runs"], "What mergers do, by who may bring them about", note)


if __name__ == "__main__":
    sys.exit(main("mergers", Study, find, summary))
