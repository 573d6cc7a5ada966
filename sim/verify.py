"""Checks a folder of results: every checksum, then some of its runs again.

    python -m sim.verify results/regimes/dorset              five runs or files, drawn by seed 1
    python -m sim.verify results/sweep/mine --runs 50 --seed 7

Status 0: everything agrees. 1: something differs. 2: there are no finished results.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from sim.inputs.problems import BadInput
from sim.results.publishing import MARK, code_digest, from_json, versions
from sim.results.verifying import written_checksums, wrong_checksums
from sim.scenario.composing import Composed, check
from sim.sweep.reading import read
from sim.sweep.replay import lived_again, request_in
from sim.sweep.store import BEGUN, CONFIG, SERIES

SOME = 5  # runs that are simulated again


@dataclass(frozen=True)
class Part:
    """Something that can be made again: its name, and a function that says what differs, or ''."""

    name: str
    differs: Callable[[], str]


def parts(folder: Path, number: int, chance: np.random.Generator) -> list[Part]:
    """Draw a random sample of a folder: runs of its sweeps, or else regimes of its summary and minutes."""
    sweeps = [path.parent for path in sorted(folder.rglob(BEGUN))]
    if sweeps:
        picked = chance.integers(len(sweeps), size=number)
        return [
            part
            for at, sweep in enumerate(sweeps)
            for part in _runs_of(folder, sweep, int((picked == at).sum()), chance)
        ]
    told = list(_told(folder))
    return [told[at] for at in sorted(chance.permutation(len(told))[:number])]


def _runs_of(folder: Path, sweep: Path, number: int, chance: np.random.Generator) -> Iterator[Part]:
    """Draw some runs from the rows of a sweep."""
    if not number:
        return
    rows = read(sweep, columns=["cell", "future"])
    name = "" if sweep == folder else f"{sweep.relative_to(folder).as_posix()}: "
    for at in sorted(chance.choice(len(rows), size=min(number, len(rows)), replace=False)):
        cell, future = int(rows["cell"].iloc[at]), int(rows["future"].iloc[at])
        yield Part(f"{name}cell {cell}, future {future}", _again(sweep, cell, future))


def _again(sweep: Path, cell: int, future: int) -> Callable[[], str]:
    """Return a check that repeats one run: its outcomes and any monthly series."""

    def differs() -> str:
        request, which = request_in(sweep), {"cell": cell, "future": future}
        data = lived_again(sweep, cell, future, "series" if request.series else "summary")
        held = {"runs": (read(sweep, where=which), request.outcomes)}
        if (sweep / SERIES).is_dir():
            held["series"] = (read(sweep, where=which, table="series"), request.series)
        for table, names in held.values():
            for name in names:
                then, now = (
                    table[name].to_numpy(float),
                    np.atleast_1d(np.asarray(data[name].values[0], float)),
                )
                if not np.array_equal(then, now, equal_nan=True):
                    return f"{name} is {_first(then, now)}"
        return ""

    return differs


def _first(then: np.ndarray, now: np.ndarray) -> str:
    if then.shape != now.shape:
        return f"{then.size} values in the folder, {now.size} when run again"
    at = int(np.flatnonzero(~((then == now) | (np.isnan(then) & np.isnan(now))))[0])
    return f"{float(then[at])!r} in the folder, {float(now[at])!r} when run again" + (
        f" (month {at})" if then.size > 1 else ""
    )


def _told(folder: Path) -> Iterator[Part]:
    """Yield the summary and minutes of every regime, from a folder that `experiments/regimes.py` wrote."""
    plain = yaml.safe_load((folder / CONFIG).read_text(encoding="utf-8"))
    if not (folder / "summary.csv").is_file() or "regimes" not in plain:
        return
    request = check(Composed, {key: value for key, value in plain.items() if key in Composed.model_fields})
    for regime in plain["regimes"]:
        yield Part(
            f"summary of {regime}, {plain['futures']:,} futures",
            _summary_again(folder, request, regime, plain),
        )
        yield Part(
            f"minutes of {regime}, future {plain['minutes_future']}",
            _minutes_again(folder, request, regime, plain),
        )


def _summary_again(folder: Path, request: Any, regime: str, plain: dict[str, Any]) -> Callable[[], str]:
    def differs() -> str:
        from sim.analysis.summary import summarise
        from sim.engine.dataset import simulate

        data = simulate(request.scenario(regime), plain["futures"], plain["seed"], record="summary")
        held = pd.read_csv(folder / "summary.csv", dtype=str, keep_default_na=False)
        return _text_differs(
            held[held["regime"] == regime].to_csv(index=False), summarise({regime: data}).to_csv(index=False)
        )

    return differs


def _minutes_again(folder: Path, request: Any, regime: str, plain: dict[str, Any]) -> Callable[[], str]:
    def differs() -> str:
        from sim.minute_book.minutes import minutes

        table = minutes(request.scenario(regime), plain["seed"], plain["minutes_future"])
        return _text_differs(
            (folder / f"minutes_{regime}.csv").read_text(encoding="utf-8"), table.to_csv(index=False)
        )

    return differs


def _text_differs(then: str, now: str) -> str:
    if then == now:
        return ""
    lines = zip([*then.splitlines(), ""], [*now.splitlines(), ""], strict=False)
    first = next(((one, other) for one, other in lines if one != other), ("", ""))
    return f"'{first[0]}' in the folder, '{first[1]}' when run again"


def verify(folder: Path, runs: int, seed: int, tell: Callable[[str], None]) -> int:
    """Check a folder, report to `tell`, return the status. Raises BadInput if there is nothing to check."""
    wrong = wrong_checksums(folder)
    for line in wrong:
        tell(f"  {line}")
    tell(
        f"Checksums of {len(written_checksums(folder)):,} files: "
        + (f"{len(wrong):,} problems" if wrong else "all as written")
    )
    try:
        then = from_json(folder / MARK)["versions"]
    except (BadInput, KeyError):
        return 1  # already reported above
    if then["code"] != code_digest():
        tell(
            f"These results are of another version of the program (sources {then['code']}, now "
            f"{code_digest()}); runs may well differ"
        )
    others = [
        f"{name} {then.get(name)}, now {now}"
        for name, now in versions().items()
        if name != "code" and then.get(name) != now
    ]
    if others:
        tell(f"Versions differ: {'; '.join(others)}")
    try:
        sample = parts(folder, runs, np.random.default_rng(seed))
    except (OSError, ValueError, KeyError) as error:
        tell(f"What the folder holds cannot be read: {error}")
        return 1
    tell(f"Made again, {len(sample)} drawn by seed {seed}:" if sample else "Nothing was made again.")
    failed = 0
    for part in sample:
        differs = _outcome(part)
        failed += bool(differs)
        tell(f"  {part.name}: {differs or 'the same to the last bit'}")
    tell(
        "The folder is what it says it is."
        if not wrong and not failed
        else "The folder is NOT what it says it is."
    )
    return int(bool(wrong or failed))


def _outcome(part: Part) -> str:
    """Say what differs in a part; a file that cannot be read is a difference too."""
    try:
        return part.differs()
    except (OSError, ValueError, KeyError) as error:
        return f"cannot be made again ({error})"


def main(words: Sequence[str] | None = None) -> int:
    does = "Checks a folder of results, and makes some of its runs again."
    parser = argparse.ArgumentParser(prog="python -m sim.verify", description=does)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--runs", type=int, default=SOME, help=f"how many runs are made again (default {SOME})"
    )
    parser.add_argument("--seed", type=int, default=1, help="which ones are drawn (default 1)")
    given = parser.parse_args(words)
    try:
        if given.runs < 0 or given.seed < 0:
            raise BadInput(f"--runs {given.runs} --seed {given.seed}: must not be negative")
        return verify(given.folder, given.runs, given.seed, lambda line: print(line, flush=True))
    except BadInput as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
