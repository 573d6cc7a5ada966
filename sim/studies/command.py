"""The parts that every experiment script shares: compose and check the command line, run inside Hydra,
publish, and end with a status.

Status 0: done, now or earlier. 1: failed. 2: bad input, nothing written. 130: interrupted; nothing is
written, or the sweep can be continued.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from sim.inputs import library
from sim.inputs.problems import BadInput
from sim.results.publishing import digest_of, finished, publishing, say
from sim.scenario.composing import Composed, compose, open_keys, request_from
from sim.sweep.clusters.choice import Cluster
from sim.sweep.store import ANEW, LOCK, alone

Work = Callable[[Any, Path, "Bar"], None]
GOES_ON = "What is done is kept: the same command goes on from there."


class Rate(ProgressColumn):
    """Shows how many runs are done per second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


class Bar:
    """A progress bar on the terminal's error stream; it counts simulated futures."""

    def __init__(self, total: int):
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("runs"),
            Rate(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        self.progress = Progress(*columns, console=Console(stderr=True))
        self.task = self.progress.add_task("", total=total)

    def stage(self, words: str) -> None:
        """Say what is being done now."""
        self.progress.update(self.task, description=f"{words:<34}")

    def more(self, runs: int, there: int, words: str) -> None:
        """Add runs to the total; `there` of them are done already. `words` say what the runs are."""
        task = self.progress.tasks[0]
        self.progress.update(
            self.task, total=(task.total or 0) + runs, completed=task.completed + there, description=words
        )

    def advance(self, futures: int) -> None:
        self.progress.update(self.task, advance=futures)

    def __enter__(self) -> "Bar":
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()


def what_is_run(overrides: Sequence[str]) -> list[str]:
    """Returns the words of a command that decide its results and may be written down.

    Words that say where results go or which machines run are left out. A file is given by its name without
    its folder.
    """
    kept = [
        word.partition("=") for word in overrides if not word.startswith(("hydra.", "cluster=", "cluster."))
    ]
    named = ("file", "parameter_sets", "params")  # keys that may name a file end like this
    return [
        f"{key}{equals}{Path(value).name if key.endswith(named) else value}" for key, equals, value in kept
    ]


def default_folder(experiment: str, request: Composed, overrides: Sequence[str]) -> Path:
    """Returns `results/<experiment>/<system>`, with a digest of any further choices added."""
    chosen = [word for word in what_is_run(overrides) if not word.startswith("system=")]
    name = f"{request.called}-{digest_of(request.identity())}" if chosen else request.called
    return Path("results") / experiment / name


def main(
    experiment: str,
    model: type[Composed],
    total: Callable[[Any], int],
    work: Work,
    argv: Sequence[str] | None = None,
) -> int:
    """Run one experiment script; returns its exit status. `total` gives the number of runs that a request
    needs, for the bar.
    """

    def before(request: Composed, folder: Path) -> int | None:
        if finished(folder, request.identity()):
            say(
                f"Finished already: {folder}. To run it anew, move the folder away or name another with "
                "hydra.run.dir=..."
            )
            return 0
        return None

    def job(request: Composed, folder: Path, kept: list[str]) -> int:
        with publishing(folder, experiment, request.identity(), kept) as draft, Bar(total(request)) as bar:
            work(request, draft, bar)
        say(f"Results: {shown(folder)}")
        return 0

    return launch(experiment, model, before, job, argv)


def launch(
    experiment: str,
    model: type[Composed],
    before: Callable[[Any, Path], int | None],
    job: Callable[[Any, Path, list[str]], int],
    argv: Sequence[str] | None = None,
    kept: str = "Nothing was left behind.",
    interrupted: str = "Interrupted; nothing was written.",
) -> int:
    """Compose and check the command line, then run `job(request, folder, overrides)` inside Hydra; returns
    the exit status.

    `before(request, folder)` may end the script with a status of its own before Hydra starts. `kept` and
    `interrupted` say what is left when the disk is full, and after Ctrl-C.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    overrides = [word for word in words if not word.startswith("-")]
    config = f"experiment/{experiment}"
    try:
        request = request_from(model, *compose(config, overrides))
        named = [word.split("=", 1)[1] for word in overrides if word.startswith("hydra.run.dir=")]
        folder = Path(named[-1]) if named else default_folder(experiment, request, overrides)
        alone = not words or all(not word.startswith("-") for word in words)
        status = before(request, folder) if alone else None
        if alone and status is None and "${" not in str(folder):
            folder.mkdir(parents=True, exist_ok=True)  # Hydra would end with a traceback where it cannot
    except OSError as error:
        say(
            f"{error.filename}: cannot be a folder of results ({error.strerror}); name another with "
            "hydra.run.dir=..."
        )
        return 2
    except BadInput as problem:
        say(problem)
        return 2
    except KeyboardInterrupt:
        say(interrupted)
        return 130
    if status is not None:
        return status
    import hydra
    from omegaconf import DictConfig

    ended: list[int | Exception] = []  # kept from Hydra, which would wrap errors

    def inside(config: DictConfig) -> None:
        try:
            ended.append(_run(model, config, overrides, job))
        except Exception as error:
            ended.append(error)

    moved = any(word.startswith("hydra.run.dir=") for word in words)
    sys.argv = [sys.argv[0], *open_keys(words), *([] if moved else [f"hydra.run.dir={folder}"])]
    try:
        hydra.main(config_path=str(library.folder()), config_name=config, version_base="1.3")(inside)()
    except KeyboardInterrupt:
        say(interrupted)
        return 130
    return _status(ended, kept)


def _status(ended: list[int | Exception], kept: str) -> int:
    """Returns the exit status after all jobs; raises errors again unless user or disk caused them."""
    for error in ended:
        if isinstance(error, BadInput):
            say(error)
            return 2
        if isinstance(error, ConnectionError):
            say(f"{error} {kept}")
            return 1
        if isinstance(error, OSError):
            say(f"Could not write the results: {error.strerror or error}. {kept}")
            return 1
        if isinstance(error, Exception):
            raise error
    return max((status for status in ended if isinstance(status, int)), default=0)


def _run(
    model: type[Composed], config: Any, overrides: list[str], job: Callable[[Any, Path, list[str]], int]
) -> int:
    """The job inside Hydra, in the folder that Hydra found."""
    from hydra.core.hydra_config import HydraConfig
    from omegaconf import OmegaConf

    hydra_config = HydraConfig.get()
    choices = {str(group): str(name) for group, name in hydra_config.runtime.choices.items()}
    plain = OmegaConf.to_container(config, resolve=True)
    assert isinstance(plain, dict)
    request = request_from(model, {str(key): value for key, value in plain.items()}, choices)
    return job(request, Path(hydra_config.runtime.output_dir), what_is_run(overrides))


def shown(folder: Path) -> Path:
    """A folder as a person at the terminal would write it."""
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder


def opened(
    folder: Path,
    held: Callable[[], dict[str, Any] | None],
    cluster: Cluster,
    tell_plan: Callable[[], None],
    plan_only: bool,
) -> int | None:
    """Returns the status if there is nothing (more) to do, else None.

    `held` returns the folder's `run.json` if it is finished. Raises BadInput if `held` does, if another
    process works in the folder, or if the cluster cannot be reached.
    """
    if (folder / LOCK).exists():
        with alone(folder):  # raises BadInput if another process works there
            pass
    done = held()
    if not plan_only:
        if done is not None and not done["failed"]:
            say(f"Finished already: {folder}, {done['runs']:,} runs. {ANEW}")
            return 0
        cluster.check()
    tell_plan()
    return 0 if plan_only else None
