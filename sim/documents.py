"""Writes the tables of `docs/` from what the code declares: parameters, dials and presets, the steps of a
month, indicators, kinds of event.

    python -m sim.documents            write them
    python -m sim.documents --check    say what is out of step with the code; status 1 if anything is

`docs/parameters.md` and `docs/generated/architecture.svg` are written whole; in `docs/model.md` and
`docs/targets.md` only what stands between `<!-- generated: name -->` and `<!-- end -->`.
"""

import argparse
import math
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sim.declarations import indicators
from sim.declarations.bodies import KINDS
from sim.declarations.dials import DIALS, Dial
from sim.declarations.event_kinds import EVENT_KINDS
from sim.declarations.parameters import PARAMETERS, Parameter
from sim.declarations.regimes import Regime
from sim.declarations.steps import STEPS
from sim.figures import architecture
from sim.inputs import library
from sim.studies.calibration.counterparts import COUNTERPARTS
from sim.studies.calibration.targets import targets_from

FOLDER = Path(__file__).resolve().parent.parent / "docs"
MARKED = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def number(value: float) -> str:
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    return f"{value:.10g}"


def cell(text: Any) -> str:
    """Return text in a form that a cell of a Markdown table can hold."""
    return " ".join(str(text).split()).replace("|", "\\|")


def grid(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Format a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell(part) for part in line) + " |\n" for line in lines)


def bounds(pair: tuple[float, float]) -> str:
    return f"{number(pair[0])} to {number(pair[1])}"


def parameter_row(parameter: Parameter) -> tuple[str, ...]:
    return (
        f"`{parameter.name}`",
        parameter.symbol,
        number(parameter.default),
        bounds(parameter.allowed),
        bounds(parameter.plausible),
        parameter.unit,
        parameter.meaning,
        parameter.source,
    )


def parameter_tables() -> str:
    """One table a group, in the order of the declarations."""
    head = ("name", "symbol", "default", "allowed", "plausible", "unit", "meaning", "source")
    groups = dict.fromkeys(parameter.group for parameter in PARAMETERS.values())
    return "\n".join(
        f"### {group}\n\n" + grid(head, (parameter_row(p) for p in PARAMETERS.values() if p.group == group))
        for group in groups
    )


def allowed(dial: Dial) -> str:
    """Say which values a dial may take."""
    if dial.sort == "kinds of body":
        return "any of " + ", ".join(f"`{kind}`" for kind in KINDS)
    if dial.sort in ("whole", "number"):
        return bounds(dial.bounds) + ", whole" * (dial.sort == "whole")
    return ", ".join(f"`{word}`" for word in dial.words or ("true", "false"))


def shown(value: Any) -> str:
    """Format a dial's value as it stands in a preset."""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "none"
    return number(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def dial_table() -> str:
    """List every dial: its values, where it acts, and what it does."""
    return grid(
        ("dial", "allowed", "section", "what it does"),
        ((f"`{name}`", allowed(dial), dial.sections, dial.meaning) for name, dial in DIALS.items()),
    )


def preset_tables() -> str:
    """All presets side by side; then each one's values with their sources."""
    presets = {name: Regime.model_validate(library.read("regime", name)) for name in library.names("regime")}
    side = grid(
        ("dial", *(f"`{name}`" for name in presets)),
        ((f"`{dial}`", *(shown(getattr(preset, dial)) for preset in presets.values())) for dial in DIALS),
    )
    single = (
        f"### `{name}`: {preset.label}\n\n"
        + grid(
            ("dial", "value", "source"),
            ((f"`{d}`", shown(getattr(preset, d)), preset.source_of(d)) for d in DIALS),
        )
        for name, preset in presets.items()
    )
    return side + "\n" + "\n".join(single)


def indicator_table() -> str:
    head = ("of", "name", "unit", "better", "what")
    tables = (
        ("system, each month", indicators.SYSTEM),
        ("body, each month", indicators.PARTNER),
        ('body, with record="full"', indicators.PARTNER_FULL),
        ("place, each month", indicators.PLACE),
        ("project", indicators.PROJECT),
        ("one future", indicators.PROJECT_OUTCOMES),
    )
    return grid(
        head,
        (
            (of, f"`{row.name}`", row.unit, row.better, row.label)
            for of, table in tables
            for row in table.values()
        ),
    )


def reported_table() -> str:
    """Outcomes that experiments report, the headline list first."""
    rest = (name for name, row in indicators.OUTCOMES.items() if row.reported)
    names = dict.fromkeys((*indicators.HEADLINE, *rest))
    rows = (
        (
            f"`{row.name}`",
            "yes" if row.name in indicators.HEADLINE else "",
            row.short,
            row.better,
            number(row.worth) if row.worth else "",
            row.unit,
            (row.reported and row.reported.why) or ("by its unit" if row.worth else ""),
        )
        for row in (indicators.OUTCOMES[name] for name in names)
    )
    head = ("outcome", "headline", "in figures", "better", "worth caring about", "unit", "why")
    return grid(head, rows)


def event_table() -> str:
    """Kinds of event in the minutes."""
    return grid(
        ("kind", "about", "turn of the story", "its figures, in order"),
        (
            (f"`{kind.name}`", kind.about, "yes" if kind.main else "", "; ".join(kind.figures))
            for kind in EVENT_KINDS.values()
        ),
    )


def parameters_page() -> str:
    """The whole of `docs/parameters.md`."""
    assumed = sum(parameter.source.startswith("assumption") for parameter in PARAMETERS.values())
    return f"""# Parameters, dials, indicators and events

Generated from `sim/declarations/parameters.py`, `sim/declarations/dials.py`, `configs/regime`,
`sim/declarations/indicators.py` and `sim/declarations/event_kinds.py` by `make docs`; change those, not this
page.

Of {len(PARAMETERS)} parameters {assumed} are assumptions, wholly or in their number; a source behind that
word tells what it leans on.
*Allowed* is what the program accepts (`params.<name>=...`), *plausible* what a sweep should explore; neither
is a confidence interval.
A symbol is the letter that equations in `model.md` use. What short names of sources mean stands in
`evidence.md`.

## Parameters

{parameter_tables()}
## Dials of a regime

A regime is nothing but these dials (`dials.<name>=...` lays one over every regime compared).
*Section* is that of `model.md` whose rules read the dial.

{dial_table()}
## Presets

{preset_tables()}
## What is measured

Each system indicator also gives outcomes of a future: `<name>_mean` over all months, `<name>_final_year`,
and `<name>_last`.
*Better* is up or down, or - where neither is better or nobody has said; where a table gives the share of sets
that are better, - counts as up.

{indicator_table()}
## Outcomes that experiments report

What is *worth caring about* is the smallest difference that somebody in such a system would notice: **an
assumption**, which judges differences and changes no run.

{reported_table()}
## Events in the minutes

{event_table()}"""


def step_table() -> str:
    """The month, from `sim/declarations/steps.py`."""
    rows = ((k, f"`{s.name}`", s.section, s.does, "" if s.fixed else "yes") for k, s in enumerate(STEPS, 1))
    return grid(("", "step", "section", "what it does", "may be off"), rows)


def target_table() -> str:
    """List the targets: what the record says, from `configs/targets/england.yaml`."""
    head = ("figure", "record", "unit", "observed ±", "discrepancy ±", "in the model", "source", "note")
    targets = targets_from(library.read("targets", "england"))
    rows = (
        (
            t.label,
            number(t.value),
            t.unit,
            number(t.observed_sd),
            number(t.discrepancy_sd),
            COUNTERPARTS[t.counterpart].words,
            t.source,
            t.note,
        )
        for t in targets
    )
    return grid(head, rows)


BLOCKS = {"steps": step_table, "targets": target_table}


def filled(page: str) -> str:
    """Return a page with every marked block made anew. Raises KeyError for an unknown block."""
    return MARKED.sub(lambda found: found[1] + BLOCKS[found[2]]() + found[3], page)


def pages() -> dict[Path, str]:
    """Return the text of each page, by file."""
    marked = [FOLDER / name for name in ("model.md", "targets.md")]
    return {
        FOLDER / "parameters.md": parameters_page(),
        FOLDER / "generated" / "architecture.svg": architecture.drawing(),
        **{page: filled(page.read_text(encoding="utf-8")) for page in marked},
    }


def stale() -> list[str]:
    """Return the names of pages that are out of step with the code."""
    return [
        path.relative_to(FOLDER).as_posix()
        for path, text in pages().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m sim.documents", description="Writes the generated tables of docs/."
    )
    parser.add_argument(
        "--check", action="store_true", help="change nothing; status 1 if a page is out of step with the code"
    )
    given = parser.parse_args(words)
    if not (FOLDER / "model.md").is_file():
        print(
            "docs/model.md is not here: the documents are made in a copy of the repository", file=sys.stderr
        )
        return 2
    old = stale()
    if given.check:
        for name in old:
            print(f"docs/{name} is out of step with the code; `make docs` writes it anew")
        return 1 if old else 0
    for path, text in pages().items():
        name = path.relative_to(FOLDER).as_posix()
        if name in old:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"docs/{name} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
