"""What every experiment script shares: compose and check the command line, run inside Hydra, publish, end with a status.

Status 0: done, or done before. 1: failed. 2: bad input, nothing written. 130: interrupted, nothing written.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from sim import library
from sim.loading import Composed, check, compose, open_keys
from sim.problems import BadInput
from sim.results import digest_of, finished, publishing, say

Work = Callable[[Any, Path, "Bar"], None]


class Bar:
    """A progress bar on the terminal's error stream, counting simulated futures."""

    def __init__(self, total: int):
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("runs"),
                   TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())  # fmt: skip
        self.progress = Progress(*columns, console=Console(stderr=True))
        self.task = self.progress.add_task("", total=total)

    def stage(self, words: str) -> None:
        """Say what is being done now."""
        self.progress.update(self.task, description=f"{words:<34}")

    def advance(self, futures: int) -> None:
        self.progress.update(self.task, advance=futures)

    def __enter__(self) -> "Bar":
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()


def request_from(model: type[Composed], composed: dict[str, Any], choices: dict[str, str]) -> Any:
    """The validated request of one command. Raises BadInput."""
    return check(model, {**composed, "system_name": choices["system"]})


def default_folder(experiment: str, request: Composed, overrides: Sequence[str]) -> Path:
    """`results/<experiment>/<system>`, followed by the configuration's digest if more than the system was chosen."""
    chosen = [word for word in overrides if not word.startswith(("hydra.", "system="))]
    name = f"{request.system_name}-{digest_of(request.identity())}" if chosen else request.system_name
    return Path("results") / experiment / name


def main(experiment: str, model: type[Composed], total: Callable[[Any], int], work: Work, argv: Sequence[str] | None = None) -> int:
    """Run one experiment script; returns its exit status. `total` is the number of runs a request needs, for the bar."""
    words = list(sys.argv[1:] if argv is None else argv)
    overrides = [word for word in words if not word.startswith("-")]
    config = f"experiment/{experiment}"
    try:
        request = request_from(model, *compose(config, overrides))
        folder = next((Path(w.split("=", 1)[1]) for w in overrides if w.startswith("hydra.run.dir=")), None)
        folder = folder or default_folder(experiment, request, overrides)
        alone = not words or all(not word.startswith("-") for word in words)
        if alone and finished(folder, request.identity()):
            say(f"Finished already: {folder}. To run it anew, move the folder away or name another with hydra.run.dir=...")
            return 0
    except BadInput as problem:
        say(problem)
        return 2
    import hydra
    from omegaconf import DictConfig

    raised: list[Exception] = []  # kept from Hydra, which would wrap them

    def job(config: DictConfig) -> None:
        try:
            _run(experiment, model, config, overrides, total, work)
        except Exception as error:
            raised.append(error)

    moved = any(word.startswith("hydra.run.dir=") for word in words)
    sys.argv = [sys.argv[0], *open_keys(words), *([] if moved else [f"hydra.run.dir={folder}"])]
    try:
        hydra.main(config_path=str(library.folder()), config_name=config, version_base="1.3")(job)()
    except KeyboardInterrupt:
        say("Interrupted; nothing was written.")
        return 130
    return _status(raised)


def _status(raised: list[Exception]) -> int:
    """The exit status after a job; what is no fault of the user's or the disk's is raised again."""
    for error in raised:
        if isinstance(error, BadInput):
            say(error)
            return 2
        if isinstance(error, OSError):
            say(f"Could not write the results: {error.strerror or error}. Nothing was left behind.")
            return 1
        raise error
    return 0


def _run(experiment: str, model: type[Composed], config: Any, overrides: list[str], total: Callable[[Any], int], work: Work) -> None:
    """The job inside Hydra: simulate, write, publish."""
    from hydra.core.hydra_config import HydraConfig
    from omegaconf import OmegaConf

    hydra_config = HydraConfig.get()
    choices = {str(group): str(name) for group, name in hydra_config.runtime.choices.items()}
    plain = OmegaConf.to_container(config, resolve=True)
    assert isinstance(plain, dict)
    request = request_from(model, {str(key): value for key, value in plain.items()}, choices)
    folder = Path(hydra_config.runtime.output_dir)
    kept = [word for word in overrides if not word.startswith("hydra.")]
    with publishing(folder, experiment, request.identity(), kept) as draft, Bar(total(request)) as bar:
        work(request, draft, bar)
    shown = folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
    say(f"Results: {shown}")
