"""`import sim` offers what its stub lists, and waits for nothing."""

import subprocess
import sys

import pytest

import sim
import sim.sweep


@pytest.mark.parametrize("package", [sim, sim.sweep], ids=lambda package: package.__name__)
def test_every_name_of_the_public_face_can_be_imported(package):
    assert package.__all__
    for name in package.__all__:
        assert getattr(package, name).__name__ == name


def test_importing_the_package_imports_no_library_that_is_slow():
    listed = "import sys, sim; print(*sorted(name for name in sys.modules if '.' not in name))"
    done = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "lazy_loader" in loaded
    assert not loaded & {"mesa", "numba", "numpy", "pandas", "pydantic", "scipy", "xarray"}
