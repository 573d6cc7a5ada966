"""An analysis in stages, each a sweep in a folder of its own, with tables and figures beside them; the same
call goes on.

    <stage>/             a sweep; `sim.read` reads it
    *.csv and figures    what follows from the sweeps, made anew at the end of every call that finishes
    config.yaml  ro-crate-metadata.json  checksums.sha256  and run.json, written last: all is finished
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from sim.inputs.problems import BadInput
from sim.results.provenance import CRATE
from sim.results.publishing import CHECKSUMS, MARK, about_run, code_digest, digest_of, from_json
from sim.sweep.plan import Layout, Plan
from sim.sweep.request import Request
from sim.sweep.run import Result, sweep
from sim.sweep.store import ANEW, CONFIG, LOCK, TEMPORARY, alone, missing, publish, seal, state, write_yaml

ENDINGS = (".csv", ".png", ".svg", ".pdf")


@dataclass
class Stages:
    """Runs stages as sweeps into `folder/<stage>`, where they stay."""

    folder: Path
    overrides: list[str]
    progress: Callable[[int], None] | None = None
    layer_begins: Callable[[str, Layout, int], None] | None = None
    results: dict[str, Result] = field(default_factory=dict)

    def run(self, stage: str, request: Request) -> Path:
        """Run what is missing of a stage; its folder. Raises BadInput and OSError as `sweep` does."""
        told = self.layer_begins or (lambda stage, layer, there: None)
        self.results[stage] = sweep(
            request,
            self.folder / stage,
            progress=self.progress,
            overrides=self.overrides,
            layer_begins=lambda layer, there: told(stage, layer, there),
        )
        return self.folder / stage

    @property
    def runs(self) -> int:
        return sum(result.runs for result in self.results.values())

    @property
    def failed(self) -> int:
        return sum(result.failed for result in self.results.values())


def runs_missing(folder: Path, plan: Plan) -> int:
    """Runs of a stage, in its folder, that are still to be done. Raises BadInput if the folder holds another
    sweep.
    """
    if folder.is_dir() and state(folder, plan) is not None:
        return 0
    return sum(chunk.runs for layer in plan.layers() for chunk in missing(folder, plan, layer))


def held(
    folder: Path, experiment: str, identity: dict[str, Any], is_stage: Callable[[str], bool]
) -> dict[str, Any] | None:
    """What `run.json` says of this finished analysis, or None if it is not finished. Raises BadInput if the
    folder holds something else.
    """
    if not (folder / MARK).is_file():
        there = folder.iterdir() if folder.is_dir() else ()
        if any(not _own(path, is_stage) for path in there):
            raise BadInput(
                f"{folder}: is not empty, and holds no {experiment}; name another folder with "
                "hydra.run.dir=..."
            )
        return None
    found = from_json(folder / MARK)
    if found["configuration"] != digest_of(identity):
        raise BadInput(f"{folder}: holds a run of another configuration. {ANEW}")
    if found["versions"]["code"] != code_digest():
        raise BadInput(f"{folder}: holds a run of another version of the program. {ANEW}")
    return found


def _own(path: Path, is_stage: Callable[[str], bool]) -> bool:
    """Whether an analysis that has not finished may have put this there."""
    written = (
        path.name in (CONFIG, LOCK, CHECKSUMS, CRATE)
        or path.name.startswith(TEMPORARY)
        or path.suffix in ENDINGS
    )
    return written or is_stage(path.name)


def carry_out(
    folder: Path,
    stages: Stages,
    experiment: str,
    identity: dict[str, Any],
    is_stage: Callable[[str], bool],
    work: Callable[[], Mapping[str, pd.DataFrame]],
    draw: Callable[[Path], None],
    exact: str = "",
) -> None:
    """Do the work, which runs stages and gives tables by name; write them, let `draw` add figures, and mark
    the folder as finished.

    Numbers in tables have six significant digits, in the one that is to be `exact` all. Raises BadInput if
    the folder holds something else or another is at work there, OSError if it cannot be written.
    """
    with alone(folder):
        held(folder, experiment, identity, is_stage)
        (folder / MARK).unlink(missing_ok=True)
        for name, table in work().items():
            with publish(folder, f"{name}.csv") as path:
                table.to_csv(path, index=False, float_format=None if name == exact else "%.6g")
        draw(folder)
        write_yaml(folder, CONFIG, identity)
        about = about_run(experiment, identity, stages.overrides)
        seal(folder, {**about, "runs": stages.runs, "failed": stages.failed}, identity)
