"""The paper: runs every part from nothing and compares each table and figure with the published one."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator
from rich.console import Console

from sim.inputs.problems import BadInput, explain, unknown
from sim.results.provenance import sha256_of
from sim.results.publishing import CHECKSUMS, MARK, PACKAGE, code_digest, digest_of, say
from sim.scenario.composing import compose
from sim.scenario.scenario import STRICT
from sim.studies.command import GOES_ON

SCRIPTS = PACKAGE.parent / "experiments"
SHOWN = (".csv", ".png", ".pdf", ".svg")
KEPT = (".csv", ".pdf")  # of PNGs and SVGs only the checksum is kept: they are large
LEFT_OUT = ("sets.csv", "minutes_")  # not in the paper: parameter sets and minutes of single futures


class Run(BaseModel):
    """One part of the paper: an experiment, and the words of its command."""

    model_config = STRICT
    experiment: str
    words: tuple[str, ...] = ()

    @field_validator("experiment")
    @classmethod
    def _exists(cls, name: str) -> str:
        there = sorted(path.stem for path in SCRIPTS.glob("*.py") if path.stem != "paper")
        if name not in there:
            raise ValueError(unknown("experiment", name, there))
        return name


class Paper(BaseModel):
    """The keys of `configs/experiment/paper.yaml`."""

    model_config = STRICT
    parameter_sets: str | None = None  # refused with an explanation
    only: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    folder: str = "results/figures"
    paper: str = "results/paper"
    update: bool = False
    parts: dict[str, Run] = Field(min_length=1)

    @field_validator("parameter_sets")
    @classmethod
    def _of_parts(cls, given: str | None) -> None:
        if given is not None:
            raise ValueError(f"the parts take it, not the paper: 'extra=[\"parameter_sets={given}\"]'")

    @model_validator(mode="after")
    def _only_what_there_is(self) -> "Paper":
        problems = [unknown("only", name, self.parts) for name in self.only if name not in self.parts]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def chosen(self) -> dict[str, Run]:
        return {name: run for name, run in self.parts.items() if not self.only or name in self.only}

    def words_of(self, name: str) -> list[str]:
        """Returns the words of a part's command: its own, and those of `extra` that its experiment knows."""
        known = {*compose(f"experiment/{self.parts[name].experiment}", [])[0], "system"} if self.extra else {}
        return [
            *self.parts[name].words,
            *(word for word in self.extra if word.partition("=")[0].partition(".")[0] in known),
        ]

    def folder_of(self, name: str) -> Path:
        """Returns the folder of a part; another version of the program or other words give another folder."""
        words = self.words_of(name)
        return Path(self.folder) / f"{name}-{digest_of([code_digest(), self.parts[name].experiment, words])}"


def ask(words: Sequence[str]) -> Paper:
    """Makes the request from the words of a command. Raises BadInput."""
    composed, _ = compose("experiment/paper", words)
    try:
        return Paper.model_validate(composed)
    except ValidationError as error:
        raise BadInput(explain(error, Paper)) from None


def carry_out(asked: Paper, console: Console) -> list[str]:
    """Run every part that is not finished; returns the names of failed parts. Raises KeyboardInterrupt."""
    failed, chosen = [], asked.chosen()
    for number, (name, run) in enumerate(chosen.items(), 1):
        folder = asked.folder_of(name)
        console.rule(
            f"{number} of {len(chosen)}: {name}" + (", finished before" if (folder / MARK).is_file() else ""),
            align="left",
        )
        if (folder / MARK).is_file():
            continue
        words = [*asked.words_of(name), f"hydra.run.dir={folder}"]
        done = subprocess.run([sys.executable, str(SCRIPTS / f"{run.experiment}.py"), *words], check=False)
        if done.returncode in (130, -2):
            raise KeyboardInterrupt
        if done.returncode:
            failed.append(name)
            console.print(f"{name} ended with status {done.returncode}")
    return failed


def made(asked: Paper) -> dict[str, Path]:
    """Returns tables and figures of the finished parts of this request, by their names in the paper."""
    found: dict[str, Path] = {}
    for name in asked.chosen():
        folder = asked.folder_of(name)
        if (folder / MARK).is_file():
            paths = sorted(
                path
                for path in folder.iterdir()
                if path.suffix in SHOWN and not path.name.startswith(LEFT_OUT)
            )
            found |= {f"{name}/{path.name}": path for path in paths}
    return found


def kept_sums(paper: Path) -> dict[str, str]:
    """Returns the checksums that the paper keeps, by name; none if there is no paper yet."""
    path = paper / CHECKSUMS
    return (
        {line[66:]: line[:64] for line in path.read_text(encoding="utf-8").splitlines()}
        if path.is_file()
        else {}
    )


def compared(asked: Paper, there: dict[str, Path]) -> list[str]:
    """Returns the differences from the paper, one line each."""
    kept = kept_sums(Path(asked.paper))
    parts = {name.split("/", 1)[0] for name in there}
    lines = [
        f"{name}: differs" for name, path in there.items() if name in kept and sha256_of(path) != kept[name]
    ]
    lines += [f"{name}: is new" for name in there if name not in kept]
    lines += [
        f"{name}: is kept, and was not made"
        for name in kept
        if name.split("/", 1)[0] in parts and name not in there
    ]
    spoilt = [
        name for name in kept if Path(name).suffix in KEPT and _spoilt(Path(asked.paper) / name, kept[name])
    ]
    return lines + [f"{asked.paper}/{name}: is not what its checksum says" for name in spoilt]


def _spoilt(path: Path, checksum: str) -> bool:
    return not path.is_file() or sha256_of(path) != checksum


def keep(asked: Paper, there: dict[str, Path]) -> None:
    """Replace the paper's parts of the same names with the new ones, and update the checksums of all."""
    paper, draft = Path(asked.paper), Path(f"{asked.paper}.unfinished")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    parts = {name.split("/", 1)[0] for name in there}
    others = {
        name: checksum for name, checksum in kept_sums(paper).items() if name.split("/", 1)[0] not in parts
    }
    sources = {name: paper / name for name in others} | there
    for name, path in sources.items():
        if path.suffix in KEPT:
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, draft / name)
    sums = others | {name: sha256_of(path) for name, path in there.items()}
    (draft / CHECKSUMS).write_text(
        "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)), encoding="utf-8"
    )
    shutil.rmtree(asked.paper, ignore_errors=True)
    draft.rename(asked.paper)


def finish(asked: Paper, failed: list[str]) -> int:
    """Compare with the paper, or update it; say what differs; returns the status."""
    there = made(asked)
    if failed:
        say(f"Failed: {', '.join(failed)}. The same command tries again.")
    if asked.update and not failed:
        keep(asked, there)
        say(f"Kept: {asked.paper}, {len(there):,} tables and figures")
        return 0
    if not kept_sums(Path(asked.paper)):
        say(
            f"{len(there):,} tables and figures made; {asked.paper} keeps none to compare them with "
            "(update=true would keep these)"
        )
        return int(bool(failed))
    lines = compared(asked, there)
    for line in lines:
        say(f"  {line}")
    say(
        f"{len(there):,} tables and figures compared with {asked.paper}: "
        + (f"{len(lines):,} differ" if lines else "all the same bytes")
    )
    return int(bool(failed or lines))


def main(words: Sequence[str] | None = None, usage: str | None = None) -> int:
    """Run the paper; returns the exit status. `usage` is what `--help` prints."""
    words = list(sys.argv[1:] if words is None else words)
    if any(word in ("-h", "--help") for word in words):
        print(usage)
        return 0
    try:
        asked = ask(words)
        return finish(asked, carry_out(asked, Console(stderr=True)))
    except BadInput as problem:
        say(problem)
        return 2
    except KeyboardInterrupt:
        say(f"Interrupted. {GOES_ON}")
        return 130
    except OSError as error:
        say(f"Could not write: {error.strerror or error}. {GOES_ON}")
        return 1
