"""Describes where a folder of results comes from, as RO-Crate metadata (https://w3id.org/ro/crate):
configuration, seed, versions, inputs, outputs, checksums, licence. Nothing in it names a user, a machine, a
path or a time, so the same run gives the same bytes.
"""

import hashlib
import json
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.inputs import library

if TYPE_CHECKING:
    from rocrate.rocrate import ROCrate

CRATE = "ro-crate-metadata.json"
LICENCE = {"@id": "https://spdx.org/licenses/MIT", "@type": "CreativeWork", "name": "MIT licence"}
# RO-Crate requires a date. The date of the run would change the bytes, so this is the date of the program,
# which decides the results.
RELEASED = "2026-11-25"
FORMATS = {".parquet": "application/vnd.apache.parquet", ".yaml": "application/yaml", ".sha256": "text/plain"}
# The keys of a configuration that name descriptions in `configs/`.
NAMED = {"system": ("system_name", "systems"), "regime": ("regimes",), "event": ("events",)}


def sha256_of(path: Path) -> str:
    """Return the checksum of a file, in hexadecimal digits; the file is read in pieces."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_of(folder: Path) -> list[Path]:
    """List every file of a folder and its subfolders, in order, without hidden ones."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(
        path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def inputs_of(config: Mapping[str, Any]) -> list[Path]:
    """List the descriptions in `configs/` that a configuration names (systems, regimes with their bases,
    events), and the tables that systems are built from.
    """
    found = []
    for group, keys in NAMED.items():
        named = [name for key in keys for name in _names(config.get(key))]
        if group == "regime":
            named += [
                variant["regime"] for variant in config.get("variants", {}).values() if variant.get("regime")
            ]
        known = (name for name in named if name in library.names(group))
        found += [path for name in known for path in library.files(group, name)]
    found = list(dict.fromkeys(found))
    systems = [path for path in found if path.parent.name == "system"]
    if any("footprint" in library.read("system", path.stem) for path in systems):
        found += sorted((library.folder() / "data").glob("*.csv"))
    return found


def _names(given: Any) -> list[str]:
    if isinstance(given, str):
        return [given]
    return [name for name in given if isinstance(name, str)] if isinstance(given, (list, tuple)) else []


def crate_text(folder: Path, about: Mapping[str, Any], config: Mapping[str, Any], mark: str) -> str:
    """Return the metadata of a folder: all files in it, and `mark`, which is written last and says `about`.

    A subfolder with metadata of its own stands for its files. Only `mark`, which has no checksum, holds the
    words of the command: two commands may ask for the same run, and its bytes are the same.
    """
    from rocrate.model.file import File
    from rocrate.rocrate import ROCrate

    crate = ROCrate()
    crate.root_dataset["name"] = f"Results of {about['experiment']}"
    crate.root_dataset["description"] = (
        f"Simulated local health systems. The command that asked for them stands in {mark}."
    )
    crate.root_dataset["license"] = {"@id": LICENCE["@id"]}
    crate.datePublished = RELEASED  # type: ignore[assignment]
    own = [path.parent for path in files_of(folder) if path.name == CRATE and path.parent != folder]
    files = [
        path
        for path in files_of(folder)
        if not any(inner in path.parents for inner in own) and path != folder / CRATE
    ]
    parts = [
        _file(crate, path, path.relative_to(folder).as_posix()) for path in files if path != folder / mark
    ]
    parts.append(crate.add(File(crate, None, mark, properties={"encodingFormat": "application/json"})))
    parts += [
        _dataset(crate, inner.relative_to(folder).as_posix(), sha256_of(inner / CRATE)) for inner in own
    ]
    config_file = [part for part in parts if part.id == "config.yaml"]
    inputs = [_input(crate, path) for path in inputs_of(config)]
    _run(crate, about, [*config_file, *inputs], [part for part in parts if part not in config_file])
    return json.dumps(crate.metadata.generate(), indent=1, ensure_ascii=False) + "\n"


def _file(crate: "ROCrate", path: Path, name: str) -> Any:
    from rocrate.model.file import File

    kind = FORMATS.get(path.suffix) or mimetypes.types_map.get(path.suffix, "application/octet-stream")
    words = {"sha256": sha256_of(path), "contentSize": str(path.stat().st_size), "encodingFormat": kind}
    return crate.add(File(crate, None, name, properties=words))


def _dataset(crate: "ROCrate", name: str, checksum: str) -> Any:
    from rocrate.model.dataset import Dataset

    words = {
        "description": f"has metadata of its own, {CRATE}, whose checksum is given here",
        "sha256": checksum,
    }
    return crate.add(Dataset(crate, None, f"{name}/", properties=words))


def _input(crate: "ROCrate", path: Path) -> Any:
    from rocrate.model.contextentity import ContextEntity

    name = path.relative_to(library.folder()).as_posix()
    words = {"@type": "CreativeWork", "name": f"configs/{name}", "sha256": sha256_of(path)}
    return crate.add(ContextEntity(crate, f"#configs/{name}", properties=words))


def _run(crate: "ROCrate", about: Mapping[str, Any], inputs: list[Any], outputs: list[Any]) -> None:
    """Add what made the outputs: the program and its versions, the seed and the configuration."""
    from rocrate.model.contextentity import ContextEntity

    def entity(key: str, kind: str, **words: Any) -> Any:
        return crate.add(ContextEntity(crate, key, properties={"@type": kind, **words}))

    versions = about["versions"]
    crate.add(
        ContextEntity(crate, LICENCE["@id"], properties={key: LICENCE[key] for key in ("@type", "name")})
    )
    libraries = [
        entity(f"#{name}", "SoftwareApplication", name=name, version=number)
        for name, number in versions.items()
        if name not in ("local-health-systems", "code")
    ]
    version = f"{versions['local-health-systems']} (sources {versions['code']})"
    program = entity(
        "#local-health-systems",
        "SoftwareApplication",
        name="local-health-systems",
        version=version,
        license={"@id": LICENCE["@id"]},
        softwareRequirements=libraries,
    )
    told = {"seed": about["seed"], "configuration": about["configuration"]}
    settings = [
        entity(f"#{name}", "PropertyValue", name=name, value=str(value)) for name, value in told.items()
    ]
    action = entity(
        "#run",
        "CreateAction",
        name=about["experiment"],
        instrument=program,
        object=[*inputs, *settings],
        result=outputs,
    )
    crate.root_dataset["mentions"] = action
