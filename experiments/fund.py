"""The transformation fund: what a ring-fence does, and whom to support: those furthest ahead, per head, or those in most need.

    python experiments/fund.py
    python experiments/fund.py system=greater_manchester set_count=200 futures=20
"""

import sys
from pathlib import Path

import pandas as pd

from sim.study.contrast import found, summary
from sim.study.request import Study
from sim.study.run import Findings
from sim.study.script import main


def find(asked: Study, runs: dict[str, pd.DataFrame], folder: Path) -> Findings:
    """Each way of spending the fund against one that is ring-fenced and shared out per head."""
    note = "Money in GBP million; gaps: the most deprived place above the least."
    return found(asked, runs["runs"], "A fund for change: ring-fenced or raided, and for whom", note)


if __name__ == "__main__":
    sys.exit(main("fund", Study, find, summary))
