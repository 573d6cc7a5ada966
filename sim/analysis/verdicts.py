"""Words for stylised facts: tag, verdict, and what an ablation leaves; and the rows that hold them."""

from typing import Any

import pandas as pd

from sim.analysis.tables import rows_of

BUILT_IN, FITTED, EMERGENT = "built in", "fitted", "emergent"
TAGS = {
    EMERGENT: "no rule says so; it follows from several",
    FITTED: "a figure that parameters were matched to says so",
    BUILT_IN: "a rule says so, or nearly; only its size is found",
}
MOST, FEW = 0.75, 0.25  # of parameter sets
COMES_OUT, SOME, NOT, OPPOSITE = (
    "comes out",
    "only under some sets",
    "does not come out",
    ("the opposite comes out"),
)
VANISHES, WEAKENS, STAYS = "vanishes", "weakens", "stays"


def as_they_are(patterns: pd.DataFrame) -> list[Any]:
    """Returns the rows of patterns with every rule in force."""
    return rows_of(patterns[patterns["without"].fillna("") == ""])


def without(patterns: pd.DataFrame, name: str) -> list[Any]:
    """Returns the rows of one pattern's ablations."""
    return rows_of(patterns[(patterns["pattern"] == name) & (patterns["without"].fillna("") != "")])
