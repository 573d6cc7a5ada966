"""Compares every variant with the first, under each regime: tables and figures for several experiments."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

import pandas as pd

from sim.analysis.outcomes import describe, short, with_unit
from sim.analysis.tables import noted, rows_of, show, with_interval
from sim.analysis.uncertain import ALL, OVER, Cube, Pair, by_system, crossed_interval, differences
from sim.figures.contrasts import contrast_chart, pages
from sim.studies.experiment import Experiment
from sim.studies.study import Draw, Findings, Run


def labels(asked: Experiment) -> dict[str, str]:
    """Returns the names of the variants in figures."""
    return {name: variant.label or name.replace("_", " ") for name, variant in asked.variants.items()}


def against_first(asked: Experiment, runs: pd.DataFrame, skip: Sequence[str] = ()) -> pd.DataFrame:
    """Returns one row per regime, variant (except the first), system and outcome, with `row` and `group` for
    figures; see `uncertain.differences`.
    """
    names, regimes = labels(asked), asked.regime_labels()
    first, *others = names
    pairs: list[Pair] = []
    for regime in asked.regimes:
        for other in (name for name in others if name not in skip):
            about = {
                "regime": regime,
                "variant": other,
                "baseline": first,
                "row": names[other],
                "group": regimes[regime],
            }
            pairs.append((about, {"regime": regime, "variant": first}, {"regime": regime, "variant": other}))
    return differences(
        Cube(runs, ["system", "regime", "variant"]), pairs, list(asked.sweeps["runs"].outcomes)
    )


def levels(asked: Experiment, runs: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Returns the mean of every outcome and its interval over sets and futures: one row per outcome, system
    and combination of the levels in `by`.
    """
    cube = Cube(runs, ["system", *by])
    rows: list[dict[str, Any]] = []
    for key in dict.fromkeys(key[1:] for key in cube.rows):
        about = dict(zip(cube.by[1:], key, strict=True))
        rows += [
            {
                **about,
                "system": system,
                "outcome": outcome,
                "label": short(outcome),
                "unit": describe(outcome).unit,
                **_interval(cube, outcome, {**about, **where}),
            }
            for system, where in by_system(cube)
            for outcome in asked.sweeps["runs"].outcomes
        ]
    return pd.DataFrame(rows)


def _interval(cube: Cube, outcome: str, where: Mapping[str, Any]) -> dict[str, float]:
    return dict(zip(("mean", "low", "high"), crossed_interval(cube.values(outcome, **where)), strict=True))


def pooled(table: pd.DataFrame) -> pd.DataFrame:
    """Returns the rows over all systems, or those of the only one."""
    return table[table["system"] == (ALL if ALL in set(table["system"]) else table["system"].iloc[0])]


def charts(table: pd.DataFrame, name: str, title: str, note: str) -> dict[str, Draw]:
    """Returns the figures of a table of differences over all systems together, on as many pages as needed."""
    part = pooled(table)
    sheets = pages(list(dict.fromkeys(part["outcome"])))
    names = [name] if len(sheets) == 1 else [f"{name}_{number}" for number in range(1, len(sheets) + 1)]
    return {
        label: partial(contrast_chart, part[part["outcome"].isin(sheet)], title, sheet, note)
        for label, sheet in zip(names, sheets, strict=True)
    }


def systems_note(asked: Experiment) -> str:
    """Says how many systems a figure covers."""
    request = next(iter(asked.sweeps.values()))
    names = request.axis("system")
    return (
        f"Mean of {len(names)} systems."
        if len(names) > 1
        else (f"{request.system_called(names[0])['label']}.")
    )


class Contrast(Experiment):
    """An experiment that reports what each variant changes against the first."""

    title: ClassVar[str]  # the figure's title
    note: ClassVar[str] = ""

    def find(self, run: Run) -> Findings:
        """Returns differences from the first variant, and levels, with their figures."""
        return self.found(run("runs", self.sweeps["runs"]))

    def found(self, runs: pd.DataFrame) -> Findings:
        table = against_first(self, runs)
        first = next(iter(labels(self).values()))
        words = f"{systems_note(self)} Differences from: {first}. {self.note}".strip()
        tables = {"differences": table, "levels": levels(self, runs, ("regime", "variant"))}
        return Findings(tables, charts(table, "differences", self.title, words))

    def summary(self, findings: Findings) -> None:
        tell(findings.tables["differences"])


def tell(table: pd.DataFrame, most: int = 4) -> None:
    """Print, for each row, the differences that most sets agree on and that are worth caring about."""
    rows: list[dict[str, Any]] = []
    part = pooled(table)
    group = part["group"] if "group" in part else part["row"]
    for key, lines in part.groupby([group, part["row"]], sort=False):
        sure = lines[
            (lines["mean"].abs() >= lines["worth"]) & ((lines["above"] >= 0.75) | (lines["below"] >= 0.75))
        ]
        size = (sure["mean"] / sure["worth"].where(sure["worth"] > 0)).abs().fillna(0.0)
        top = sure.loc[size.sort_values(ascending=False, kind="stable").index[:most]]
        said = [
            f"{with_unit(row.outcome)} {with_interval(row.mean, row.low, row.high, True)}"
            for row in rows_of(top)
        ]
        where = {"": key[0]} if "group" in part else {}
        rows.append(
            {
                **where,
                "what": key[1],
                "in three of four sets, and worth caring about": "\n".join(said) or "nothing",
            }
        )
    note = (
        f"± half the 95 % interval of the mean {OVER}. What is worth caring about is an assumption "
        "(sim/declarations/indicators.py)."
    )
    show(noted(rows, list(rows[0]), note))
