"""The descriptions that ship with the program: systems, regimes and events, by name."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sim.inputs.problems import BadInput, unknown

_PACKAGE = Path(__file__).resolve().parents[1]

# The same, ten times faster where libyaml is there.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@cache
def folder() -> Path:
    """Where `configs` lies: inside the package when installed, beside it in the repository."""
    inside = _PACKAGE / "configs"
    return inside if inside.is_dir() else _PACKAGE.parent / "configs"


def names(group: str) -> list[str]:
    """Names in a group ('system', 'regime', 'event'), sorted."""
    return sorted(path.stem for path in (folder() / group).glob("*.yaml"))


def read(group: str, name: str) -> Any:
    """One description as plain data. Raises BadInput for a name that does not exist."""
    if name not in names(group):
        raise BadInput(unknown(group, name, names(group)))
    with open(folder() / group / f"{name}.yaml", encoding="utf-8") as file:
        return yaml.load(file, Loader=LOADER)


def as_yaml(data: Any) -> str:
    """Plain data as YAML, keys in their order."""
    return yaml.dump(data, Dumper=DUMPER, sort_keys=False, allow_unicode=True)
