"""Where a sweep runs: the keys of `configs/cluster/*.yaml`. Results do not depend on them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, model_validator

from sim.inputs.problems import of_its_kind
from sim.inputs.strict import STRICT

Many = Annotated[int, Field(ge=1, le=100_000)]
Seconds = Annotated[float, Field(gt=0, le=3600)]
OneLine = Annotated[str, Field(pattern=r"^[^\r\n]+$")]


class Place(BaseModel):
    """What all places share: `kind` tells them apart."""

    model_config = STRICT
    kind: str


class Local(Place):
    """Threads of this process."""

    kind: Literal["local"] = "local"


class Dask(Place):
    """Processes of this machine, or a Dask scheduler that runs already."""

    kind: Literal["dask"] = "dask"
    workers: Many | None = None
    address: Annotated[str, Field(pattern=r"^(tcp|tls)://\S+:\d+$")] | None = None
    scheduler_file: OneLine | None = None
    timeout: Seconds = 10.0
    dashboard: Annotated[int, Field(ge=1, le=65535)] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "Dask":
        given = [name for name in ("address", "scheduler_file", "workers") if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"cluster.{given[0]} and cluster.{given[1]}: give one of the two")
        if self.dashboard and given[:1] in (["address"], ["scheduler_file"]):
            raise ValueError("cluster.dashboard: a scheduler that runs already has its own")
        return self


class Slurm(Place):
    """Workers in jobs of Slurm."""

    kind: Literal["slurm"] = "slurm"
    jobs: Many = 2
    cores: Many = 1
    processes: Many | None = None
    memory: Annotated[str, Field(pattern=r"^\d+(\.\d+)? ?[KMGT]i?B$")] = "2GB"
    walltime: Annotated[str, Field(pattern=r"^(\d+-)?\d+(:\d+){0,2}$")] = "01:00:00"
    queue: OneLine | None = None
    account: OneLine | None = None
    interface: OneLine | None = None
    directives: tuple[OneLine, ...] = ()
    prologue: tuple[OneLine, ...] = ()
    python: OneLine | None = None
    scratch: OneLine | None = None
    logs: OneLine | None = None
    timeout: Seconds = 10.0

    @model_validator(mode="after")
    def _fits(self) -> "Slurm":
        if self.processes and self.processes > self.cores:
            raise ValueError(
                f"cluster.processes = {self.processes}: must be at most cluster.cores, {self.cores}"
            )
        return self


KINDS: dict[str, type[Place]] = {"local": Local, "dask": Dask, "slurm": Slurm}


def place_from(given: Any) -> Place:
    """Build a place from plain data: `kind` and its fields. Raises ValueError naming every key at fault."""
    return of_its_kind(given, KINDS, "cluster", _belongs_elsewhere)


def _belongs_elsewhere(kind: type[Place], given: dict[str, Any]) -> list[str]:
    """Say which of the keys that this kind of place does not know belong to another kind."""
    strays = [key for key in given if key not in kind.model_fields]
    owners = {key: [name for name, other in KINDS.items() if key in other.model_fields] for key in strays}
    return [
        f"cluster.{key} belongs to cluster={' or cluster='.join(names)}"
        for key, names in owners.items()
        if names
    ]
