"""The drawing of the rooms: what it leaves out follows from what it shows, and it shows every room."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from sim.figures import architecture

SIM = Path(__file__).resolve().parents[2] / "sim"


def test_only_what_a_chain_implies_is_grey():
    links = {0: {1, 2, 3}, 1: {2}, 2: set(), 3: set()}
    assert architecture.essential(links) == {(0, 1), (1, 2), (0, 3)}


def test_every_room_stands_on_a_floor_and_no_import_goes_up():
    floor = {room: k for k, layer in enumerate(architecture.floors()) for room in layer}
    rooms = {path.parent.name for path in SIM.glob("*/__init__.py")}
    assert rooms <= set(floor)
    links = architecture.imports()
    assert sum(map(len, links.values())) > 60 and {"kernel", "declarations"} <= links["rules"]
    assert [(a, b) for a, others in links.items() for b in others if floor[a] > floor[b]] == []
    text = " ".join(ElementTree.fromstring(architecture.drawing()).itertext())
    assert all(room in text for room in floor)


def test_a_room_that_is_missing_from_the_contract_is_named(tmp_path):
    """import-linter says so first; the drawing must not leave it out in silence."""
    (tmp_path / "pyproject.toml").write_text(
        '[[tool.importlinter.contracts]]\ntype = "layers"\nlayers = ["upper", "lower"]\n', encoding="utf-8"
    )
    for room, text in {
        "upper": "from sim.lower import x\n",
        "lower": "",
        "attic": "import sim.lower\n",
    }.items():
        (tmp_path / "sim" / room).mkdir(parents=True)
        (tmp_path / "sim" / room / "__init__.py").write_text(f'"""A room."""\n{text}', encoding="utf-8")
    assert architecture.imports(tmp_path) == {"attic": {"lower"}, "lower": set(), "upper": {"lower"}}
    with pytest.raises(KeyError, match="attic"):
        architecture.drawing(tmp_path)
