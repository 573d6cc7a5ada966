"""Every regime shipped is valid, and every one of its dials has a source or the word assumption."""

import pytest

from sim import library
from sim.regime import Regime, record

PRESETS = library.names("regime")


@pytest.mark.limiting
@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_valid_and_sourced(name):
    raw = library.read("regime", name)
    regime = Regime.model_validate(raw)
    dials = set(Regime.model_fields) - {"label", "sources"}
    assert set(raw) - {"label", "sources"} == dials, "a preset states every dial, none by default"
    assert set(regime.sources) == dials
    assert all(source.strip() for source in regime.sources.values())
    assert regime.label.strip()


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
