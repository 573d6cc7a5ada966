"""Every block of docs/mesa.md runs, in order; the tutorial with few futures."""

import re
from pathlib import Path

import matplotlib
import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mesa.md"
BLOCK = re.compile(r"^```python( solara)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(solara: bool) -> list[str]:
    return [code for kind, code in BLOCK.findall(PAGE.read_text(encoding="utf-8")) if bool(kind) == solara]


@pytest.mark.e2e
def test_the_page_runs_as_it_is_written(tmp_path, monkeypatch, capsys):
    matplotlib.use("Agg")
    monkeypatch.chdir(tmp_path)
    space: dict = {"__name__": "page"}
    assert len(blocks(False)) >= 6
    for code in blocks(False):
        exec(compile(code.replace("FUTURES = 1000", "FUTURES = 6"), str(PAGE), "exec"), space)
    assert (tmp_path / "cascade.png").stat().st_size > 5000
    following, alone = space["following"], space["alone"]
    assert following.shape == alone.shape == (6, 72)
    assert (following[:, 24] >= 1).all() and (following[:, :24] == alone[:, :24]).all(), (
        "nothing differs before the first departure"
    )
    assert following[:, -1].mean() > alone[:, -1].mean()


@pytest.mark.e2e
def test_solara_viz_takes_the_model_unchanged(monkeypatch):
    """Rendered without a browser; skipped where the optional page is not installed."""
    solara = pytest.importorskip("solara", reason="SolaraViz is optional: pip install '.[mesa-page]'")
    monkeypatch.setenv("SOLARA_TELEMETRY_MIXPANEL_ENABLE", "False")
    import sim

    space = {"sim": sim}
    for code in blocks(True):
        exec(compile(code, str(PAGE), "exec"), space)
    box, context = solara.render(space["page"], handle_error=False)
    assert box.children
    context.close()
