"""Writes docs/patterns.md, and the figure beside it, from a finished run of patterns.

python -m sim.studies.patterns.page results/patterns/five_systems
python -m sim.studies.patterns.page results/patterns/mine --to somewhere.md
"""

import argparse
import json
import re
import shutil
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from sim.analysis.tables import counted, number, with_interval
from sim.analysis.verdicts import (
    BUILT_IN,
    EMERGENT,
    FEW,
    FITTED,
    MOST,
    NOT,
    OPPOSITE,
    TAGS,
    as_they_are,
    without,
)
from sim.inputs.problems import BadInput
from sim.results.publishing import MARK, say
from sim.sweep.parameter_sets import ENDINGS
from sim.sweep.store import CONFIG

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "patterns.md"
EVIDENCE = DOCUMENT.with_name("evidence.md")
FIGURE = "generated/patterns.svg"  # beside the page


def claims() -> dict[str, str]:
    """Returns the claims of docs/evidence.md by number."""
    return dict(
        re.findall(r"^\*\*(E\d+)\.\*\* (.*?) Source:", EVIDENCE.read_text(encoding="utf-8"), re.MULTILINE)
    )


def page(
    patterns: pd.DataFrame, about: dict[str, Any], config: dict[str, Any], folder: str, today: date
) -> str:
    """Returns the page as Markdown: how it was made, a table, and the details of each pattern."""
    said, rows = claims(), as_they_are(patterns)
    text = f"""# Stylised facts

Written by `python -m sim.studies.patterns.page {folder}` on {today.isoformat()}
from what `{about["command"]}` found:
{config["sets"]:,} parameter sets ({_source(config)}),
{counted(config["futures"])} of each setting, the same everywhere;
seed {config["seed"]}, code {about["versions"]["code"]}.
The sets take turns in {_places(config)}.

Each pattern is tried in every parameter set. Settings that differ in what the pattern speaks of live through
the same futures, and the effect is the mean paired difference. The pattern *comes out* in a set where the
effect exceeds a smallest size that matters. That size was fixed before anything was run. (For the two
patterns of relationships it was raised once, from 0 to 0.05; see [decisions](decisions.md).)

- **Probability**: the share of sets in which it comes out, with the 95 % binomial interval (Wilson).
- **Verdict**: it comes out where that interval lies above {MOST:g}, does not where it lies below {FEW:g},
  else only under some sets.
- **Effect**: the mean over sets, ± half its 95 % interval.
- **Without the rule**: a rule is taken away and the same is tried again. The pattern *vanishes* if less than
  a tenth of its mean effect is left, *weakens* below two thirds, else *stays*.
- **Tags**: {"; ".join(f"*{tag}*, {words}" for tag, words in TAGS.items())}.
  Only emergent patterns speak for the model.

Nothing was tuned to make a pattern come out, and leaving is as hard for every kind of body.

![Share of parameter sets in which each pattern comes out, with and without the rule]({FIGURE})

| pattern | tag | verdict | probability | effect | without the rule |
| --- | --- | --- | --- | --- | --- |
"""
    for row in rows:
        left = ", ".join(other.verdict for other in without(patterns, row.pattern))
        text += (
            f"| `{row.pattern}` | {row.tag} | {row.verdict} | {_probability(row)} | {_effect(row)} | "
            f"{left} |\n"
        )
    failing = [row for row in rows if row.verdict in (NOT, OPPOSITE)]
    if failing:
        named = "; ".join(f"*{row.sentence.rstrip('.')}* (`{row.pattern}`)" for row in failing)
        text += f"\nNot found, though the evidence says so: {named}.\n"
    for tag in (EMERGENT, FITTED, BUILT_IN):
        mine = [row for row in rows if row.tag == tag]
        text += f"\n## {tag.capitalize()}\n" if mine else ""
        text += "".join(_details(row, without(patterns, row.pattern), said) for row in mine)
    return text


def _details(row: Any, others: list[Any], said: dict[str, str]) -> str:
    lines = [
        f"\n### {row.sentence}\n",
        f"`{row.pattern}`: **{row.verdict}**, in {_probability(row)} of {row.sets:,} sets.\n",
    ]
    lines += [f"- *Evidence.* {' '.join(f'{claim}: {said[claim]}' for claim in row.claims.split())}"]
    lines += [f"- *{row.tag.capitalize()}:* {row.why}."]
    spread = (
        ""
        if pd.isna(row.effect_5)
        else (f"; nine sets in ten lie between {number(row.effect_5)} and {number(row.effect_95)}")
    )
    lines += [
        f"- *Effect.* {row.measure[0].upper()}{row.measure[1:]}: {_effect(row)}{spread}. It comes "
        f"out above {row.least:g}."
    ]
    lines += [
        f"- *Without {other.without}* it {other.verdict}: {_effect(other)}, in {_probability(other)} of sets."
        if other.verdict != "–"
        else f"- *Without {other.without}:* {_effect(other)}, in {_probability(other)} of sets."
        for other in others
    ]
    return "\n".join(lines) + "\n"


def _probability(row: Any) -> str:
    if pd.isna(row.low):
        return f"{row.probability:.2f} (of resamples)"
    return f"{row.probability:.2f} ({row.low:.2f} to {row.high:.2f})"


def _effect(row: Any) -> str:
    return f"{with_interval(row.effect, row.effect_low, row.effect_high, sign=True)} {row.unit}"


def _source(config: dict[str, Any]) -> str:
    name = config["parameter_sets"]
    if name:
        return f"members of `{name if name.endswith(ENDINGS) else f'configs/params/{name}.csv'}`"
    return "a Latin hypercube over the plausible ranges, matched to nothing"


def _places(config: dict[str, Any]) -> str:
    names = config["systems"] or [config["system_name"]]
    return ", ".join(name.replace("_", " ") for name in names) + (
        "; where bodies are counted or proposals named, in made-up systems"
    )


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m sim.studies.patterns.page", description="Writes the page of stylised facts."
    )
    parser.add_argument("folder", type=Path, help="what experiments/patterns.py wrote")
    parser.add_argument("--to", type=Path, default=DOCUMENT)
    given = parser.parse_args(words)
    try:
        folder = _finished(given.folder)
    except BadInput as problem:
        say(problem)
        return 2
    about = json.loads((folder / MARK).read_text(encoding="utf-8"))
    config = yaml.safe_load((folder / CONFIG).read_text(encoding="utf-8"))
    patterns = pd.read_csv(folder / "patterns.csv", keep_default_na=True)
    shown = (
        given.folder.as_posix()
        if not given.folder.is_absolute()
        else (f"results/patterns/{given.folder.name}")
    )
    given.to.write_text(page(patterns, about, config, shown, date.today()), encoding="utf-8")
    figure = given.to.parent / FIGURE
    figure.parent.mkdir(exist_ok=True)
    shutil.copyfile(folder / figure.name, figure)
    print(f"{given.to.name} and {FIGURE} written")
    return 0


def _finished(folder: Path) -> Path:
    if not (folder / MARK).is_file() or not (folder / "patterns.csv").is_file():
        raise BadInput(
            f"{folder}: holds no finished run of patterns; python experiments/patterns.py makes one"
        )
    return folder


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
