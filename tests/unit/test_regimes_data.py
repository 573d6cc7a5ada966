"""Every regime shipped is valid, and every one of its dials has a source or the word assumption."""

import pytest
import yaml

from sim.declarations.dials import DIALS
from sim.declarations.regimes import Regime, record
from sim.inputs import library
from sim.inputs.problems import BadInput

PRESETS = library.names("regime")

# The table of presets in the scientific brief, section 5. Rule: `swept` presets state a supermajority of
# 0.75; powers are those over foundation trusts' mergers and capital. What it leaves open (who chairs, whose
# support) is not here.
COLUMNS = (
    "decision_rule",
    "threshold",
    "ratification",
    "exit",
    "exit_notice",
    "council_role",
    "commissioners",
    "pot",
    "enforceability",
    "duty",
    "ft_mergers",
    "ft_capital",
    "competition",
    "block",
    "adoption",
    "devolved_fund",
)
BRIEF = """
market_2012           bilateral     1    all          free   0  consulted many     organisational .6 none                 off         off         1  0  given   0
stp_2016              unanimity     1    all          free   0  consulted many     organisational .1 none                 off         off         1  .1 given   0
ics_2018              unanimity     1    all          free   0  member    many     system_total   .2 none                 off         off         1  .1 given   0
alliance              unanimity     1    all          free   0  member    many     organisational .3 none                 off         off         .2 .1 given   0
joint_committee       supermajority .75  out_of_scope free   0  consulted many     system_total   .2 triple_aim           targeted    targeted    .2 .3 by_body 0
joint_committee_equal supermajority .75  out_of_scope free   0  equal     many     system_total   .2 triple_aim_wellbeing last_resort last_resort .2 .3 by_body 0
hwb_committee         supermajority .75  out_of_scope free   0  equal     many     system_total   .2 triple_aim_wellbeing last_resort last_resort .2 .3 by_body 0
optional_form         supermajority .75  out_of_scope free   12 member    one      single         .3 triple_aim           last_resort last_resort .2 .5 by_body 0
option1               supermajority .75  out_of_scope barred 0  member    one      single         .3 triple_aim           targeted    targeted    .2 .5 given   0
option2               board         .5   out_of_scope barred 0  member    absorbed single         .5 triple_aim           targeted    targeted    .2 .5 given   0
option2_guarded       board         .5   out_of_scope barred 0  equal     absorbed single         .5 triple_aim_wellbeing last_resort last_resort .2 .5 given   0
aco_contract          board         .5   none         barred 0  consulted many     organisational .8 none                 off         off         .2 1  given   0
devolved_city         unanimity     1    all          free   0  equal     many     organisational .2 none                 off         off         .2 .1 given   30
health_boards         board         .5   none         barred 0  member    none     single         1  provide              off         off         0  1  given   0
"""  # noqa: E501
TABLE = {
    name: dict(zip(COLUMNS, values, strict=True))
    for name, *values in map(str.split, BRIEF.strip().splitlines())
}
NHS = {"ccg", "nhs_trust", "foundation_trust"}
VOTERS = {
    "market_2012": NHS,
    "stp_2016": NHS,
    "ics_2018": NHS | {"council"},
    "alliance": {"nhs_trust", "foundation_trust", "council", "primary_care_network"},
    "joint_committee": NHS,
    "joint_committee_equal": NHS | {"council"},
    "hwb_committee": NHS | {"council"},
    "optional_form": NHS | {"council"},
    "option1": NHS | {"council"},
    "option2": {"nhs_trust", "foundation_trust", "council", "ics_body", "primary_care_network"},
    "option2_guarded": {
        "nhs_trust",
        "foundation_trust",
        "council",
        "ics_body",
        "primary_care_network",
        "voluntary_body",
    },
    "aco_contract": {"nhs_trust", "foundation_trust", "primary_care_network"},
    "devolved_city": NHS | {"council"},
    "health_boards": {"nhs_trust", "foundation_trust", "council", "ics_body", "primary_care_network"},
}
OPEN = {"joint_committee_equal", "hwb_committee", "option2_guarded", "devolved_city"}
WITH_LAY_MEMBERS = {"joint_committee_equal", "hwb_committee", "option2_guarded"}
COUNCILS_NOT_LIABLE = {"option2", "option2_guarded"}


@pytest.mark.limiting
def test_the_brief_and_the_library_hold_the_same_presets():
    assert sorted(TABLE) == PRESETS == sorted(VOTERS)


@pytest.mark.limiting
@pytest.mark.parametrize("name", TABLE)
def test_presets_hold_what_the_brief_says(name):
    regime = Regime.model_validate(library.read("regime", name))
    for dial, word in TABLE[name].items():
        value = getattr(regime, dial)
        assert value == word if isinstance(value, str) else value == float(word), (
            f"{name}.{dial} is {value}, not {word}"
        )
    assert set(regime.voters) == VOTERS[name]
    assert (regime.transparency == 1.0) == (name in OPEN)
    assert (regime.lay_members > 0.0) == (name in WITH_LAY_MEMBERS)
    assert (regime.liability == "statutory_body") >= (name in COUNCILS_NOT_LIABLE)
    assert (regime.host == "council") == (name in ("hwb_committee", "devolved_city")), (
        "chaired by politicians"
    )
    assert regime.independent_providers == ("excluded" if name == "health_boards" else "contracted")


@pytest.mark.limiting
@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_valid_and_sourced(name):
    raw = library.read("regime", name)
    regime = Regime.model_validate(raw)
    stated = set(raw) - {"label", "sources"}
    assert {dial for dial, declared in DIALS.items() if declared.neutral is None} <= stated <= set(DIALS)
    assert set(regime.sources) == stated, "what is stated has its source, and nothing else"
    assert all(regime.source_of(dial).strip() for dial in DIALS)
    assert regime.label.strip()


def stated(name):
    """What a preset's own file says."""
    return yaml.safe_load((library.folder() / "regime" / f"{name}.yaml").read_text(encoding="utf-8"))


@pytest.mark.limiting
@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_states_only_what_differs_from_its_base(name):
    """A value that is as in the base has another source, or it would say twice what can then drift apart."""
    own = stated(name)
    assert set(own["sources"]) == set(own) - {"label", "base", "sources"}, "each value with its own source"
    if "base" in own:
        base = library.read("regime", own["base"])
        for dial, source in own["sources"].items():
            assert (own[dial], source) != (base.get(dial), base["sources"].get(dial)), dial


def test_a_regime_has_what_its_bases_have(tmp_path, monkeypatch):
    """Its own value, else that of its base, else that of the base of that; values and sources alike."""
    (tmp_path / "regime").mkdir()
    texts = {
        "root": "label: Root\nblock: 0.1\nexit: free\npot: single\nsources: {block: a, exit: b, pot: c}",
        "middle": "label: Middle\nbase: root\nexit: barred\nblock: 0.2\nsources: {exit: d, block: e}",
        "leaf": "label: Leaf\nbase: middle\nblock: 0.3\nsources: {block: f}",
        "too_deep": "label: Too deep\nbase: leaf",
        "lost": "label: Lost\nbase: roots",
        "self": "label: Self\nbase: self",
        "here": "label: Here\nbase: there",
        "there": "label: There\nbase: here",
    }
    for name, text in texts.items():
        (tmp_path / "regime" / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(library, "folder", lambda: tmp_path)
    leaf = library.read("regime", "leaf")
    assert leaf.pop("sources") == {"block": "f", "exit": "d", "pot": "c"}
    assert leaf == {"label": "Leaf", "block": 0.3, "exit": "barred", "pot": "single"}
    assert [path.stem for path in library.files("regime", "leaf")] == ["leaf", "middle", "root"]
    with pytest.raises(BadInput, match=r"lost.yaml: base: 'roots' is not known; did you mean 'root'"):
        library.read("regime", "lost")
    with pytest.raises(BadInput, match="at most 2 bases in a row, not too_deep -> leaf -> middle -> root"):
        library.read("regime", "too_deep")
    for name, path in (("self", "self -> self"), ("here", "here -> there -> here")):
        with pytest.raises(BadInput, match=f"leads back to itself, {path}"):
            library.read("regime", name)


def test_a_source_goes_with_its_value(tmp_path, monkeypatch):
    """A value without a source of its own does not take the source that its base has for another value."""
    (tmp_path / "regime").mkdir()
    root, leaf = "label: Root\nblock: 0.1\nsources: {block: a}", "label: Leaf\nbase: root\nblock: 0.7"
    (tmp_path / "regime" / "root.yaml").write_text(root, encoding="utf-8")
    (tmp_path / "regime" / "leaf.yaml").write_text(leaf, encoding="utf-8")
    monkeypatch.setattr(library, "folder", lambda: tmp_path)
    assert library.read("regime", "leaf") == {"label": "Leaf", "block": 0.7, "sources": {}}


@pytest.mark.parametrize("text", ["", "- a", "block: [", "base: root", "label: A\nsources:", "\udcff"])
def test_a_preset_that_cannot_be_read_is_named(text, tmp_path, monkeypatch):
    (tmp_path / "regime").mkdir()
    path = tmp_path / "regime" / "mine.yaml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    monkeypatch.setattr(library, "folder", lambda: tmp_path)
    with pytest.raises(
        BadInput, match=r"configs/regime/mine.yaml: (is not YAML|must hold|sources must hold)"
    ):
        library.read("regime", "mine")


@pytest.mark.limiting
def test_presets_differ_from_each_other():
    """Two presets with the same dials would be one regime under two names."""
    rows = record([Regime.model_validate(library.read("regime", name)) for name in PRESETS])
    assert len({row.tobytes() for row in rows}) == len(PRESETS) >= 3
    labels = [library.read("regime", name)["label"] for name in PRESETS]
    assert len(set(labels)) == len(PRESETS)


@pytest.mark.limiting
@pytest.mark.parametrize("name", PRESETS)
def test_enforceability_is_always_called_an_assumption(name):
    """Nobody has measured it, and no source states a voting rule for joint committees (docs/model.md)."""
    assert "assumption" in library.read("regime", name)["sources"]["enforceability"]
