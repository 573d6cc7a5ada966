"""Measures which dials matter: turns one dial of a regime at a time, over the same futures, and writes down
what changes.

    python -m sim.dials                                       writes docs/dials.md (some minutes)
    python -m sim.dials --futures 50 --to somewhere.md

`python -m sim.documents` does not do this: it takes minutes. The page names its code, seed and futures.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.compare import compare
from sim.analysis.outcomes import short
from sim.analysis.tables import NotedTable, counted, noted, rows_of, with_interval
from sim.declarations.bodies import KINDS
from sim.declarations.dials import DIALS
from sim.declarations.indicators import OUTCOMES
from sim.declarations.regimes import Regime
from sim.engine.dataset import simulate
from sim.results.publishing import code_digest
from sim.scenario.composing import load
from sim.scenario.scenario import Scenario

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "dials.md"
BASES = ("joint_committee", "option2")
STANDARD = (
    "integration_mean",
    "months_to_decision",
    "agreed_share",
    "member_share_last",
    "trust_mean",
    "waiting_final_year",
    "balance_mean",
)
COLUMNS = [
    "base",
    "dial",
    "before",
    "value",
    "changed",
    "outcome",
    "difference",
    "low",
    "high",
    "spread",
    "futures",
]


@dataclass(frozen=True)
class Turn:
    """One dial turned to one value."""

    dial: str
    before: Any
    value: Any


def turns(regime: Regime) -> list[Turn]:
    """Return all turns, each of one dial. Words and switches turn to each other value, numbers to the values
    that `sim/declarations/dials.py` declares. Each kind of voter is added or left out.
    """
    found = []
    for name, dial in DIALS.items():
        before = getattr(regime, name)
        if dial.sort == "kinds of body":
            values: Iterable[Any] = [
                tuple(k for k in KINDS if (k in before) != (k == kind)) for kind in KINDS
            ]
        elif dial.sort == "switch":
            values = (not before,)
        else:
            values = dial.words or dial.turns
        found += [Turn(name, before, value) for value in values if value != before]
    return found


def turned(scenario: Scenario, turn: Turn) -> Scenario:
    """Return the scenario with one dial of its regime turned."""
    regime = scenario.regimes[scenario.regime]
    changed = Regime.model_validate({**regime.model_dump(), turn.dial: turn.value})
    return scenario.changed(regimes={**scenario.regimes, scenario.regime: changed})


def dial_effects(
    scenario: Scenario,
    futures: int = 200,
    seed: int = 1,
    outcomes: Sequence[str] = STANDARD,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> NotedTable:
    """Measure what turning each dial of a scenario's regime changes, over paired futures: a row a turn and
    outcome.

    Columns: base (the regime), dial, before, value; `changed` (share of futures in which any measured outcome
    differs); outcome, `difference`, `low`, `high` (mean paired difference and its 95 % interval, in the
    outcome's unit), `spread` (standard deviation between futures) and `futures` (number of pairs). `progress`
    is called with each number of futures run. Raises BadInput as `simulate` and `compare` do.
    """
    plain = simulate(scenario, futures, seed, threads, "summary", progress=progress)
    before = _everything(plain)
    rows = []
    for turn in turns(scenario.regimes[scenario.regime]):
        data = simulate(turned(scenario, turn), futures, seed, threads, "summary", progress=progress)
        after = _everything(data)
        changed = float((~((before == after) | (np.isnan(before) & np.isnan(after))).all(axis=0)).mean())
        for row in rows_of(compare(plain, data, outcomes)):
            rows.append(
                {
                    "base": scenario.regime,
                    "dial": turn.dial,
                    "before": worded(turn.before),
                    "value": worded(turn.value, turn.before),
                    "changed": changed,
                    "outcome": row.outcome,
                    "difference": row.difference,
                    "low": row.low,
                    "high": row.high,
                    "spread": row.spread,
                    "futures": row.futures,
                }
            )
    return noted(rows, COLUMNS, f"{counted(futures)}, seed {seed}.", seed=str(seed), futures=futures)


def _everything(data: Any) -> np.ndarray:
    """Return every outcome of every future (outcomes, futures)."""
    return np.array([data[name].values for name in OUTCOMES if name in data])


def worded(value: Any, before: Any = None) -> str:
    """Put a dial's value into words; for voters, say who is added or left out."""
    if isinstance(value, tuple):
        if before is None:
            return ", ".join(value)
        added, gone = [k for k in value if k not in before], [k for k in before if k not in value]
        return f"with {added[0]}" if added else f"without {gone[0]}"
    return (
        f"{value:g}"
        if isinstance(value, (int, float)) and not isinstance(value, bool)
        else str(value).lower()
    )


def page(tables: Sequence[pd.DataFrame], system: str, command: str) -> str:
    """Format the tables as Markdown: a row a turn, the standard outcomes side by side. Brackets mark
    intervals that include 0.
    """
    attrs = tables[0].attrs
    text = f"""# Which dials matter

Written by `{command}`. One dial at a time is turned away from a regime; all else, and luck, is the same:
{counted(attrs["futures"])}, seed {attrs["seed"]}, {system}, code {code_digest()}.
*Changed* is the share of futures in which any outcome at all differs. Then the mean paired difference with
half its 95 % interval
(chance only, one parameter set); in brackets where the interval includes 0. Below each table stand the turns
that change nothing: a
dial may need a body, another dial or a rule that is not there.
"""
    for table in tables:
        base = table["base"].iloc[0]
        outcomes = list(dict.fromkeys(table["outcome"]))
        text += (
            f"\n## From `{base}`\n\n| dial | from | to | changed | "
            + " | ".join(short(name) for name in outcomes)
            + (" |\n")
        )
        text += "| --- " * (4 + len(outcomes)) + "|\n"
        silent = []
        for (dial, value), part in table.groupby(["dial", "value"], sort=False):
            first = part.iloc[0]
            if first["changed"] == 0.0:
                silent.append(f"`{dial}` {value}")
                continue
            cells = [_cell(row) for row in rows_of(part)]
            before = first["before"] if dial != "voters" else "its voters"
            text += (
                f"| `{dial}` | {before} | {value} | {first['changed']:.0%} | " + " | ".join(cells) + (" |\n")
            )
        text += f"\nNothing changes: {', '.join(silent) or 'nowhere'}.\n"
    return text


def _cell(row: Any) -> str:
    if not np.isfinite(row.low):
        return "–"
    if row.low == row.high == 0.0:
        return "0"
    words = with_interval(row.difference, row.low, row.high, sign=True)
    return f"({words})" if row.low <= 0.0 <= row.high else words


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m sim.dials", description="Writes the table of what each dial changes."
    )
    parser.add_argument("--futures", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--system", default="south_yorkshire_bassetlaw")
    parser.add_argument("--to", type=Path, default=DOCUMENT)
    given = parser.parse_args(words)
    scenarios = [load(f"system={given.system}", f"regime={base}") for base in BASES]
    tables = [dial_effects(scenario, given.futures, given.seed) for scenario in scenarios]
    asked = {"futures": given.futures, "seed": given.seed, "system": given.system}
    changed = [f"--{name} {value}" for name, value in asked.items() if value != parser.get_default(name)]
    command = " ".join(["python -m sim.dials", *changed])
    given.to.write_text(page(tables, scenarios[0].system.label, command), encoding="utf-8")
    print(f"{given.to.name} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
