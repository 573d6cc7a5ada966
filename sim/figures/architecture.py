"""Draws docs/generated/architecture.svg: the rooms of `sim/` on floors, and which room imports which.

Floors and their order come from the import contract in pyproject.toml, arrows from the import statements in
`sim/`, and the words in a room from its docstring. So the drawing always agrees with the code.
"""

import ast
import re
import textwrap
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[2]
LEFT, TOP, WIDTH, BOX, FLOOR = 20, 74, 440, 40, 54  # pixels; a floor is a box and the gap below it
PORT = 4.2  # pixels between two arrows at one box
# What each room passes to the rooms above it: the flow of data.
GIVES = {
    "inputs": "names, files, clear refusals",
    "kernel": "World and chance",
    "declarations": "names, units, bounds",
    "systems": "places and bodies",
    "scenario": "Scenario",
    "rules": "one month",
    "engine": "Dataset",
    "minute_book": "minutes",
    "mesa_face": "agents",
    "analysis": "tables",
    "figures": "figures",
    "results": "a sealed folder",
    "sweep": "runs on disk",
    "studies": "findings",
    "app": "the page",
}
STYLE = """
text { font-family: system-ui, "Segoe UI", "DejaVu Sans", Helvetica, Arial, sans-serif; fill: #222 }
.title { font-size: 17px; font-weight: 700 } .name { font-size: 14px; font-weight: 700 }
.small { font-size: 11px; fill: #555 } .gives { font-size: 11px; font-style: italic; fill: #00507f }
.room { fill: #f6f6f4; stroke: #999; stroke-width: 1 }
.main { stroke: #00507f; stroke-width: 1.5; fill: none }
.rest { stroke: #d5d5d5; stroke-width: 1; fill: none }
.tip { fill: #00507f }
@media (prefers-color-scheme: dark) {
  text { fill: #eee } .small { fill: #b5b5b5 } .gives { fill: #9ccff0 }
  .room { fill: #24272b; stroke: #777 }
  .main { stroke: #9ccff0 } .rest { stroke: #454545 } .tip { fill: #9ccff0 }
}"""


def floors(root: Path = ROOT) -> list[tuple[str, ...]]:
    """Returns rooms and modules by floor, the highest first: the layers of the import contract."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return [tuple(re.split(r"\s*[|:]\s*", layer)) for layer in contract["layers"]]


def imports(root: Path = ROOT) -> dict[str, set[str]]:
    """Returns, for each room of `sim/`, the other rooms that its modules import. `sim/__init__.py` is left
    out, because it is the public face and belongs to no floor.
    """
    found: dict[str, set[str]] = {}
    for file in sorted((root / "sim").rglob("*.py")):
        parts = file.relative_to(root).with_suffix("").parts
        if parts == ("sim", "__init__"):
            continue
        mine = found.setdefault(parts[1], set())
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            rooms = (name.split(".")[1] for name in names if name.startswith("sim."))
            mine |= {room for room in rooms if (root / "sim" / room).is_dir() or _module(root, room)}
        mine.discard(parts[1])
    return found


def _module(root: Path, name: str) -> bool:
    return (root / "sim" / f"{name}.py").is_file()


def essential(links: Mapping[int, set[int]]) -> set[tuple[int, int]]:
    """Returns the links that no chain of other links implies: a to b, unless a leads to c and c to b."""

    def reached(start: int) -> set[int]:
        return links[start].union(*(reached(other) for other in links[start]))

    return {(a, b) for a, bs in links.items() for b in bs if not any(b in reached(c) for c in bs - {b})}


def words(room: str, root: Path = ROOT) -> str:
    """Returns the first sentence of a room's docstring, without its full stop."""
    folder = root / "sim" / room
    file = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return re.split(r"[.?](?:\s|$)", re.sub(r"\s+", " ", text).replace("`", ""), maxsplit=1)[0]


def drawing(root: Path = ROOT) -> str:
    """Returns the whole drawing as SVG. The same sources give the same text."""
    levels = floors(root)
    floor_of = {room: k for k, layer in enumerate(levels) for room in layer}
    links: dict[int, set[int]] = {k: set() for k in range(len(levels))}
    for room, others in imports(root).items():
        links[floor_of[room]] |= {floor_of[other] for other in others} - {floor_of[room]}
    main = essential(links)
    every = sorted(
        ((a, b) for a, bs in links.items() for b in bs), key=lambda link: (link in main, -_span(link), link)
    )
    reach = max(_span(link) for link in every)
    width, height = LEFT + WIDTH + round(_bulge(reach) * 0.75) + 34, TOP + FLOOR * len(levels) + 40
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"',
        f'     height="{height}" role="img" aria-label="The rooms of sim and which imports which">',
        f"<style>{STYLE}\n</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7"',
        'orient="auto" markerUnits="userSpaceOnUse">',
        '<path class="tip" d="M0,0.5 L8,4 L0,7.5 Z"/></marker></defs>',
        f'<text class="title" x="{LEFT}" y="30">The rooms of sim/: imports go down, data comes up</text>',
        f'<text class="small" x="{LEFT}" y="52">An arrow: the upper room imports the lower one. '
        "Grey: an import that a chain of arrows already implies. Blue words: what a room hands up.</text>",
    ]
    lines += _arrows(every, main, len(levels))
    for k, layer in enumerate(levels):
        lines += _room(layer, TOP + k * FLOOR, root)
    below = TOP + FLOOR * len(levels) + 8
    lines.append(
        f'<text class="gives" x="{LEFT + 14}" y="{below}">'
        "configs/: systems, regimes, events, parameter sets, designs, targets</text>"
    )
    return "\n".join([*lines, "</svg>", ""])


def _span(link: tuple[int, int]) -> int:
    return link[1] - link[0]


def _bulge(span: int) -> float:
    """Returns how far right the handles of an arrow over `span` floors reach, in pixels."""
    return 26 + 27 * span


def _arrows(every: Sequence[tuple[int, int]], main: set[tuple[int, int]], count: int) -> list[str]:
    """Draws curves at the right of the boxes; those at one box are spread over its edge."""
    ports: dict[tuple[tuple[int, int], int], float] = {}
    for k in range(count):
        # From the top: arrows from above, shortest first; then arrows down, longest first. So they nest.
        into = sorted((link for link in every if link[1] == k), key=_span)
        out = sorted((link for link in every if link[0] == k), key=lambda link: -_span(link))
        here = [*into, *out]
        gap = min(PORT, (BOX - 8) / max(1, len(here) - 1))
        middle = TOP + k * FLOOR + BOX / 2
        for rank, link in enumerate(here):
            ports[link, k] = middle + (rank - (len(here) - 1) / 2) * gap
    lines = []
    for link in every:
        start, end, x = ports[link, link[0]], ports[link, link[1]], LEFT + WIDTH
        far = x + _bulge(_span(link))
        kind = 'main" marker-end="url(#tip)' if link in main else "rest"
        curve = f"M{x},{start:.1f} C{far:g},{start:.1f} {far:g},{end:.1f} {x},{end:.1f}"
        lines.append(f'<path class="{kind}" d="{curve}"/>')
    return lines


def _room(layer: Sequence[str], top: int, root: Path) -> list[str]:
    """Draws one box: names, what is in it, and what it passes up."""
    commands = len(layer) > 1
    said = "commands: python -m sim.&lt;name&gt;" if commands else escape(_short(words(layer[0], root)))
    gives = GIVES.get(layer[0], "")
    return [
        f'<rect class="room" x="{LEFT}" y="{top}" width="{WIDTH}" height="{BOX}" rx="5"/>',
        f'<text class="name" x="{LEFT + 14}" y="{top + 17}">{escape(", ".join(layer))}</text>',
        f'<text class="small" x="{LEFT + 14}" y="{top + 32}">{said}</text>',
        f'<text class="gives" x="{LEFT + WIDTH - 12}" y="{top + 17}" text-anchor="end">{gives}</text>',
    ]


def _short(text: str, most: int = 70) -> str:
    """Returns as many clauses of a sentence as fit into a box."""
    ends = [found.start() for found in re.finditer(r"[,;:] |$", text) if found.start() <= most]
    return text[: ends[-1]] if ends else textwrap.shorten(text, most, placeholder=" …")
