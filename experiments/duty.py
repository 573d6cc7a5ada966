"""What a shared duty does: none, the triple aim, or the triple aim and wellbeing; with councils consulted or
equal.

    python experiments/duty.py
    python experiments/duty.py system=dorset 'regimes=[joint_committee_equal]' set_count=200
"""

import sys
from pathlib import Path

import pandas as pd

from sim.studies.contrast import found, summary
from sim.studies.request import Study
from sim.studies.run import Findings
from sim.studies.script import main


def find(asked: Study, runs: dict[str, pd.DataFrame], folder: Path) -> Findings:
    """Each duty and role against no duty and councils that are consulted."""
    note = "Triple aim: better health, better care, lower cost."
    return found(asked, runs["runs"], "What a duty does, and equal councils", note)


if __name__ == "__main__":
    sys.exit(main("duty", Study, find, summary))
