"""The descriptions that ship with the program: systems, regimes and events, by name."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sim.inputs.problems import BadInput, unknown

_PACKAGE = Path(__file__).resolve().parents[1]

MOST_BASES = 2  # bases of a regime: its own, and the base of that

# The same loader in C, where libyaml is there: ten times faster.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@cache
def folder() -> Path:
    """Return the folder `configs`: inside the package when installed, beside it in the repository."""
    inside = _PACKAGE / "configs"
    return inside if inside.is_dir() else _PACKAGE.parent / "configs"


def names(group: str) -> list[str]:
    """Return the names in a group ('system', 'regime', 'event'), sorted."""
    return sorted(path.stem for path in (folder() / group).glob("*.yaml"))


def read(group: str, name: str) -> Any:
    """Read one description as plain data. A regime with a `base` takes from it each key it does not state
    itself.

    Raises BadInput for a name or a base that does not exist, and for a base that leads back to itself.
    """
    if group != "regime":
        return _stated(group, name)
    whole: dict[str, Any] = {}
    for stated in reversed(_with_bases(name).values()):
        own = stated.get("sources", {})
        sources = {**whole.get("sources", {}), **own}  # less those of values that the file states anew
        kept = {dial: source for dial, source in sources.items() if dial in own or dial not in stated}
        whole = {**whole, **stated, "sources": kept}
    whole.pop("base", None)
    return whole


def files(group: str, name: str) -> list[Path]:
    """Return a description's own file, then those of a regime's bases. Raises BadInput as `read` does."""
    every = _with_bases(name) if group == "regime" else [name]
    return [folder() / group / f"{each}.yaml" for each in every]


def _stated(group: str, name: str) -> Any:
    """Read what a file states without its bases. Raises BadInput for a name that does not exist."""
    if name not in names(group):
        raise BadInput(unknown(group, name, names(group)))
    where = f"configs/{group}/{name}.yaml"
    try:
        text = (folder() / group / f"{name}.yaml").read_text(encoding="utf-8")
        found = yaml.load(text, Loader=LOADER)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(f"{where}: is not YAML ({str(error).splitlines()[0]})") from None
    if group == "regime":
        if not isinstance(found, dict) or not isinstance(found.get("label"), str):
            raise BadInput(f"{where}: must hold names with values, a label of its own among them")
        if not isinstance(found.get("sources", {}), dict):
            raise BadInput(f"{where}: sources must hold the source of each dial that is stated, by its name")
    return found


def _with_bases(name: str) -> dict[str, dict[str, Any]]:
    """Read what a regime, its base, and the base of that state, by name in this order. Raises BadInput."""
    last, found = name, {name: _stated("regime", name)}
    while base := found[last].get("base"):
        key = f"configs/regime/{last}.yaml: base"
        if base not in names("regime"):
            raise BadInput(unknown(key, base, names("regime")))
        if base in found:
            raise BadInput(f"{key} = '{base}': leads back to itself, {' -> '.join([*found, base])}")
        found[base], last = _stated("regime", base), base
        if len(found) > 1 + MOST_BASES:
            raise BadInput(f"{key} = '{base}': at most {MOST_BASES} bases in a row, not {' -> '.join(found)}")
    return found


def as_yaml(data: Any) -> str:
    """Format plain data as YAML, keys in their order."""
    return yaml.dump(data, Dumper=DUMPER, sort_keys=False, allow_unicode=True)
