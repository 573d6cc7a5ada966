"""The documents say what the code says: generated tables are in step, and every name, citation and command in
them exists.
"""

import ast
import importlib
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

import sim
from sim import documents
from sim.declarations import indicators
from sim.declarations.dials import DIALS
from sim.declarations.parameters import PARAMETERS
from sim.declarations.steps import STEPS
from sim.inputs import library
from sim.kernel import world
from sim.scenario import composing
from sim.scenario.scenario import Scenario
from sim.studies.command import request_from
from sim.studies.regimes.request import Regimes
from sim.sweep.request import Request
from sim.systems.system import System

ROOT = Path(__file__).resolve().parents[2]
RULES_ROOM = ROOT / "sim" / "rules"
RULES = {
    path.relative_to(RULES_ROOM).as_posix(): path
    for path in sorted(RULES_ROOM.rglob("*.py"))
    if path.name != "__init__.py"
}
MODEL, EVIDENCE, README = (
    (ROOT / name).read_text(encoding="utf-8") for name in ("docs/model.md", "docs/evidence.md", "README.md")
)

REPORTS = ("HSC 2018", "HSC 2019", "KF 2021", "NHSP 2019", "PRP 2021")
PARAGRAPHS = r"§\d+(?:-\d+)?(?:(?:,| and) §\d+(?:-\d+)?)*"
CITATION = re.compile(rf"\b([A-Z]{{2,5}} \d{{4}})(?: after)? ({PARAGRAPHS})")
NAME = re.compile(r"`([^`]+)`")
NO_SUBMODEL = {  # they serve all sections, or one that is not a submodel
    "measures/measure.py",
    "measures/governance.py",
    "measures/money.py",
    "measures/partners.py",
    "measures/people.py",
    "measures/projects.py",
    "beginning.py",
    "bodies.py",
    "month.py",
    "decisions/reasons.py",
    "run.py",
}


def cited_files() -> list[Path]:
    """Code and configuration that may cite a source."""
    found = [path for folder in ("sim", "configs", "experiments") for path in (ROOT / folder).rglob("*")]
    return sorted(path for path in found if path.suffix in (".py", ".yaml", ".md", ".csv"))


def numbers(paragraphs: str) -> set[int]:
    """{91, 105, 106} for '§91, §105-106'."""
    found: set[int] = set()
    for first, last in re.findall(r"§(\d+)(?:-(\d+))?", paragraphs):
        found |= set(range(int(first), int(last or first) + 1))
    return found


def claims() -> dict[str, tuple[str, str]]:
    """Claim and its sources, and the line that says where it is used, by E-number."""
    rows = re.findall(r"^\*\*(E\d+)\.\*\* (.+)\n- (.+)$", EVIDENCE, re.MULTILINE)
    assert len({row[0] for row in rows}) == len(rows), "a claim stands twice"
    assert len(rows) == len(re.findall(r"^\*\*E\d+", EVIDENCE, re.MULTILINE)), (
        "a claim does not say where it is used"
    )
    return {number: (claim, used) for number, claim, used in rows}


def used_names(line: str) -> dict[str, set[str]]:
    """Names in backquotes by the word their part begins with: rules, parameters, dials, tests."""
    parts = [part.strip() for part in line.split(";")]
    return {
        part.split()[0]: set(NAME.findall(part))
        for part in parts
        if part.split()[0] in ("rules", "parameters", "dials", "tests")
    }


def is_test(name: str) -> bool:
    file, _, function = name.partition("::")
    return (ROOT / file).is_file() and f"\ndef {function}(" in (ROOT / file).read_text(encoding="utf-8")


def test_generated_pages_are_in_step_with_the_code():
    assert documents.stale() == [], "run `make docs`"


def test_a_page_out_of_step_is_named(tmp_path, monkeypatch, capsys):
    """--check says which page and leaves it alone, with status 1; without it the page is written."""
    (tmp_path / "model.md").write_text(
        "before\n<!-- generated: steps -->\nold\n<!-- end -->\nafter\n", encoding="utf-8"
    )
    (tmp_path / "targets.md").write_text("<!-- generated: targets -->\n<!-- end -->\n", encoding="utf-8")
    monkeypatch.setattr(documents, "FOLDER", tmp_path)
    assert documents.main(["--check"]) == 1
    assert "docs/model.md is out of step" in capsys.readouterr().out
    assert "old" in (tmp_path / "model.md").read_text(encoding="utf-8")
    assert documents.main([]) == 0
    text = (tmp_path / "model.md").read_text(encoding="utf-8")
    assert text.startswith("before\n") and text.endswith("<!-- end -->\nafter\n") and "old" not in text
    assert all(f"| `{step.name}` |" in text for step in STEPS)
    assert documents.main(["--check"]) == 0


def test_the_page_of_parameters_holds_them_all():
    page = documents.parameters_page()
    assert all(page.count(f"| `{name}` |") >= 1 for name in [*PARAMETERS, *DIALS])
    assert all(f"### `{name}`: " in page for name in library.names("regime"))
    heads = [line.count(" | ") for line in page.splitlines() if line.startswith("| --- ")]
    assert heads and all(count >= 1 for count in heads)


def test_names_in_the_register_exist():
    for number, (_, line) in claims().items():
        used = used_names(line)
        assert used or line.startswith("Not used yet"), (
            f"{number} says neither where it is used nor that it is not"
        )
        assert used.get("rules", set()) <= set(RULES), number
        assert used.get("parameters", set()) <= set(PARAMETERS), number
        assert used.get("dials", set()) <= set(DIALS), number
        assert {name for name in used.get("tests", set()) if not is_test(name)} == set(), number
        assert set(NAME.findall(line)) == set().union(*used.values()), (
            f"{number}: a name stands under no heading"
        )


def test_every_claim_named_anywhere_is_in_the_register():
    texts = {
        str(path): path.read_text(encoding="utf-8")
        for path in [*cited_files(), *(ROOT / "tests").rglob("*.py")]
    }
    for where, text in {**texts, "docs/model.md": MODEL}.items():
        for number in re.findall(r"\bE[1-9]\d?\b", text):
            assert number in claims(), f"{where} names {number}"


def test_every_citation_names_a_known_report_and_a_paragraph_of_the_register():
    """`HSC 2018 §n` and nothing else in that form; what it cites stands under some claim in
    docs/evidence.md.
    """
    known: dict[str, set[int]] = {report: set() for report in REPORTS}
    for claim, _ in claims().values():
        for report, paragraphs in CITATION.findall(claim):
            known[report] |= numbers(paragraphs)
    for path in cited_files():
        text = re.sub(r"\s*\n[#\s]*", " ", path.read_text(encoding="utf-8"))
        name = path.relative_to(ROOT).as_posix()
        for report, paragraphs in CITATION.findall(text):
            assert report in REPORTS, f"{name} cites {report}"
            assert numbers(paragraphs) <= known[report], (
                f"{name}: {report} {paragraphs} stands under no claim of docs/evidence.md"
            )
        rest = re.sub(r"\(box after §184\)", "", CITATION.sub("", text))
        if path.name != "documents.py":
            assert "§" not in rest, (
                f"{name}: a paragraph without its report: ...{rest[max(0, rest.find('§') - 40) :][:60]}"
            )
        for report in re.findall(r"\b(?:HSC|KF|NHSP|PRP) \d{4}\b", text):
            assert report in REPORTS, f"{name} cites {report}"


def test_every_source_of_a_parameter_or_dial_is_known():
    """One of the five reports, a figure listed in the register, or the word assumption."""
    listed = re.findall(r"^\| ([^|]+) \|", EVIDENCE.split("## Other published figures")[1], re.MULTILINE)
    figures = [name.strip() for name in listed if name.strip() not in ("name", "---")]
    assert len(figures) > 5
    sources = {f"parameter {name}": parameter.source for name, parameter in PARAMETERS.items()}
    sources |= {f"dial {name}": dial.source for name, dial in DIALS.items() if dial.neutral is not None}
    for preset in library.names("regime"):
        sources |= {
            f"{preset}.{dial}": source for dial, source in library.read("regime", preset)["sources"].items()
        }
    plain = ("follows from", "not used where")  # what needs no source, and says why
    for name, source in sources.items():
        assert any(word in source for word in [*REPORTS, *figures, "doi.org", "assumption", *plain]), (
            f"{name}: '{source}'"
        )
    used_for = re.findall(r"\| ([^|]+) \|$", EVIDENCE.split("## Other published figures")[1], re.MULTILINE)
    assert {parameter for cell in used_for for parameter in NAME.findall(cell)} <= set(PARAMETERS)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_file_says_which_section_it_is(name):
    """Its docstring begins with its section; the steps it holds stand in that section too, or at least one of
    them.
    """
    text = ast.get_docstring(ast.parse(RULES[name].read_text(encoding="utf-8"))) or ""
    assert text.strip(), f"{name} has no docstring"
    begins = re.match(r"4\.\d+(?:, 4\.\d+)*(?= )", text)
    if not begins and name in NO_SUBMODEL:
        return
    assert begins, f"{name}: the docstring does not begin with a section"
    sections = begins[0].split(", ")
    assert all(f"### {section} " in MODEL for section in sections)
    functions = re.findall(r"^def (\w+)\(", RULES[name].read_text(encoding="utf-8"), re.MULTILINE)
    held = {section for step in STEPS if step.name in functions for section in step.section.split(", ")}
    assert not held or held & set(sections), f"{name} is {sections}, its steps are {held}"


def test_the_description_of_the_model_names_what_exists():
    """Every rule file stands in docs/model.md, and every test, rule file and file of the repository it names
    exists.
    """
    named = set(NAME.findall(MODEL))
    assert set(RULES) - {"month.py"} <= {name.removeprefix("sim/rules/") for name in named}
    assert {name for name in named if "::" in name and not is_test(name)} == set()
    files = {name for name in named if "/" in name and re.fullmatch(r"[\w/.]+", name)}
    assert {name for name in files if not (ROOT / name).exists() and name not in RULES} == set()
    assert {name for name in named if name.endswith(".py") and "/" not in name} <= set(RULES)
    for file in re.findall(r"\]\((\w+\.md)\)", MODEL + EVIDENCE):
        assert (ROOT / "docs" / file).is_file()


def test_parameters_in_the_description_exist():
    """In the submodels every name that looks like a parameter is one, or a dial, one of its values, a field,
    or a step.
    """
    fields = {name for value in vars(world).values() if hasattr(value, "names") for name in value.names or ()}
    schema = str(documents.Regime.model_json_schema())
    words = (
        set(re.findall(r"'(\w+)'", schema))
        | fields
        | {name for name, _, _ in world.LAYOUT}
        | set(indicators.SYSTEM)
    )
    words |= (
        {step.name for step in STEPS}
        | set(Scenario.model_fields)
        | set(System.model_fields)
        | {"outside_income", "bell", "code"}
    )
    submodels = MODEL.split("## 6. Submodels")[1].split("## Not yet built")[0]
    for name in NAME.findall(submodels):
        for part in re.findall(r"[a-z]+(?:_[a-z]+)+", name.split("::")[0] if "/" not in name else ""):
            if part + ".py" not in RULES and not part.endswith("_"):
                assert part in PARAMETERS or part in words, f"docs/model.md names {part}"


def test_every_parameter_is_explained_in_the_description():
    """A reader of docs/model.md meets every parameter where it acts, by name or by its family (`weight_...`,
    `..._start`).
    """
    left = {name for name in PARAMETERS if f"`{name}`" not in MODEL}
    left -= {name for name in left if name.startswith("weight_") or name.endswith("_start")}
    assert left == set()


def test_the_readme_names_what_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target}"
    for name in NAME.findall(README):
        if "/" in name and " " not in name and not name.startswith(("results/", ".venv")):
            assert (ROOT / name).exists(), name


def model_of(script: str) -> Any:
    """What a script asks for: the study it runs, or a request of its own."""
    others = {"regimes": Regimes, "sweep": Request}
    if script in others:
        return others[script]
    (model,) = [
        value
        for value in vars(importlib.import_module(f"experiments.{script}")).values()
        if isinstance(value, type)
    ]
    return model


def test_the_readmes_commands_are_valid():
    """Commands are composed and validated, and the Python example loads; nothing is run."""
    commands = 0
    for block in re.findall(r"```\w*\n(.*?)```", README, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("python experiments/"):
                script, *words = shlex.split(line, comments=True)[1:]
                composed, choices = composing.compose(f"experiment/{Path(script).stem}", words)
                assert request_from(model_of(Path(script).stem), composed, choices).futures > 0
                commands += 1
        for call in re.findall(r"sim\.load\(([^)]*)\)", block):
            assert sim.load(*ast.literal_eval(f"[{call}]")).months > 0
    assert commands > 1
    assert all(hasattr(sim, name) for name in re.findall(r"\bsim\.([a-z]\w+)\(", README))
