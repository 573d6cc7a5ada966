"""The benchmark, `make bench`: prints timings of this machine and, above all, ratios. It asserts nothing.

Machines are noisy. So each timing is the fastest of several, and jobs that are compared run in turns.
"""

import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from sim.engine import simulation
from sim.kernel import linking
from sim.kernel.compiled import COMPILED, entry
from sim.mesa_face.model import LocalSystem
from sim.scenario.composing import load
from sim.scenario.scenario import Scenario
from sim.sweep import ask, plan_of, sweep
from sim.sweep.clusters import dask_cluster
from sim.warm import small_scenario

REPEATS = 12
FUTURES = 100
FLOORS = 50  # runs of the floor for each future of the engine
REGIMES = ("stp_2016", "joint_committee", "option2")


@entry
def floor(trust: np.ndarray, kept: np.ndarray, broken: np.ndarray, effort: np.ndarray, months: int) -> None:
    """The least work such a model can do: one compiled pass over the ties each month."""
    for _ in range(months):
        for i in range(trust.shape[0]):
            for j in range(trust.shape[1]):
                t = trust[i, j]
                routine = 0.005 * effort[i] * effort[j] * max(0.0, 0.6 - t)
                trust[i, j] = t + 0.03 * kept[i, j] * (1.0 - t) - 0.08 * broken[i, j] * t + routine


def fastest(*jobs: Callable[[], object], repeats: int = REPEATS) -> list[float]:
    """Return the seconds of each job, the least of several turns."""
    best = [float("inf")] * len(jobs)
    for _ in range(repeats):
        for at, job in enumerate(jobs):
            started = time.perf_counter()
            job()
            best[at] = min(best[at], time.perf_counter() - started)
    return best


def floor_job(n: int = 20, months: int = 120) -> Callable[[], None]:
    """Return a job of FLOORS runs of the floor for each future. It takes about as long as the engine's job,
    so disturbances hit both alike.
    """
    trust, kept = np.full((n, n), 0.45), np.full((n, n), 0.02)
    broken, effort = kept / 2, np.linspace(0.3, 0.7, n)
    floor(trust, kept, broken, effort, 1)
    return lambda: floor(trust, kept, broken, effort, months * FUTURES * FLOORS)


def to_the_floor(engine_seconds: float, floor_seconds: float) -> float:
    """Return how many runs of the floor take as long as one future, from the seconds of the two jobs."""
    return engine_seconds / floor_seconds * FLOORS


def engine_job(
    scenario: Scenario, threads: int = 1, record: str = "summary", futures: int = FUTURES
) -> Callable[[], object]:
    return lambda: simulation.run(scenario, futures, threads=threads, record=record)


def mesa_job(scenario: Scenario) -> Callable[[], None]:
    """Return a job that runs one future in the Mesa face, set-up included, with nothing overridden."""
    return lambda: LocalSystem(scenario, rng=1).run_model()


def sized(partners: int) -> Scenario:
    """Return the default system cut down, or filled up with small trusts, to this number of bodies."""
    base = load("regime=stp_2016")
    system = base.system.model_dump()
    names = list(system["partners"])
    while len(names) < partners:
        name = f"more_{len(names)}"
        system["partners"][name] = {
            "label": name,
            "kind": "foundation_trust",
            "sector": "acute",
            "outside_income": 100.0,
        }
        names.append(name)
    if partners < len(names):
        places = list(system["places"])[: max(1, partners // 4)]
        system["places"] = {place: system["places"][place] for place in places}
        system["flows"] = {
            kind: {place: rows[place] for place in places} for kind, rows in system["flows"].items()
        }
        needed = {system["places"][place][role] for place in places for role in ("commissioner", "council")}
        rest = [name for name in names if name not in needed and system["partners"][name]["sector"]]
        keep = [*needed, *rest[: partners - len(needed)]]
        system["partners"] = {name: system["partners"][name] for name in names if name in keep}
        for rows in system["flows"].values():
            for row in rows.values():
                gone = sum(row.pop(who) for who in list(row) if who not in keep and who != "outside")
                row["outside"] = row.get("outside", 0.0) + gone
    return base.changed(system=system)


def uncompiled_seconds() -> float:
    """Measure the seconds of one run with compilation off, in another process, without its start-up."""
    code = (
        "import time; from sim.engine import simulation; from sim.scenario.composing import load; s = "
        "load('regime=joint_committee');"
        "simulation.run(s.changed(months=2), 1, threads=1); t = time.perf_counter(); simulation.run(s, 3, "
        "threads=1, record='summary');"
        "print((time.perf_counter() - t) / 3)"
    )
    return float(_python(code, NUMBA_DISABLE_JIT="1"))


def cached_start() -> float:
    """Measure the seconds from import to a first future, in a new process that finds the rules compiled."""
    return float(
        _python(
            "import time; from sim.scenario.composing import load; s = load(); t = time.perf_counter(); from "
            "sim.engine import simulation;"
            "simulation.run(s, 1); print(time.perf_counter() - t)"
        )
    )


def batch_run_rate(runs: int = 60) -> float:
    """Measure the runs a second of Mesa's own `batch_run` on `LocalSystem`: two processes, no start-up."""
    return float(
        _python(
            "import inspect, time, mesa; from sim.mesa_face.model import LocalSystem;"
            "more = {'rng': [1]} if 'rng' in inspect.signature(mesa.batch_run).parameters else {};"
            "go = lambda runs: mesa.batch_run(LocalSystem, {'future': list(range(runs))}, "
            "number_processes=2, "
            "max_steps=120,"
            "                                 display_progress=False, **more);"
            f"go(2); t = time.perf_counter(); go({runs}); print({runs} / (time.perf_counter() - t))"
        )
    )


def _python(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def linking_in_words() -> str:
    """Say whether the rules ran as one program (`sim.kernel.linking`)."""
    if not linking.ON:
        return "turned off (SIM_LINKING=off)"
    return "acted" if linking.acts() else "did not act with this Numba; expect a fifth less speed"


def main() -> None:
    if not COMPILED:
        sys.exit("Compilation is off (NUMBA_DISABLE_JIT); the benchmark needs it.")
    simulation.run(small_scenario(), 1)
    print(f"Twenty bodies, 120 months, {FUTURES} futures a turn, fastest of {REPEATS} turns")
    print(f"linking: {linking_in_words()}\n")
    print(
        f"{'regime':18}{'futures a second:':>20}{'one thread':>13}"
        f"{'two threads':>13}{'ratio':>8}{'to the floor':>15}"
    )
    for name in REGIMES:
        scenario = load(f"regime={name}")
        for record in ("summary", "series"):
            one, two, least = fastest(
                engine_job(scenario, 1, record), engine_job(scenario, 2, record), floor_job()
            )
            print(
                f"{name:18}{record:>20}{FUTURES / one:13.0f}{FUTURES / two:13.0f}"
                f"{one / two:8.2f}{to_the_floor(one, least):15.1f}"
            )
    scenario = load("regime=joint_committee")
    (compiled,) = fastest(engine_job(scenario))
    print(f"\nplain Python over compiled: {uncompiled_seconds() / (compiled / FUTURES):.0f}")
    one, lived = fastest(engine_job(scenario), mesa_job(scenario))
    print(
        "Mesa face, one future with its set-up, over one future of a batch: "
        f"{lived / (one / FUTURES):.0f}   (at most 20)"
    )
    print("\nsweep on local: futures a second on disk as Parquet, share of the engine's own")
    rates = []
    for futures, points in ((1000, 5), (100, 50), (10, 250), (1, 500)):
        rate, share = sweep_share(futures, points)
        rates.append(rate)
        print(f"{2 * points:6} cells x {futures:5} futures{rate:10.0f}{share:8.0%}")
    ratio = rates[0] / batch_run_rate()
    print(
        f"the first of these over Mesa's own batch_run of the Mesa face, two processes: {ratio:.0f}   "
        "(at least 20)"
    )
    share, start = dask_share()
    print(
        f"sweep on dask, as many processes: {share:.0%} of local's speed, after {start:.1f} s to start them"
    )
    print("\npartners   microseconds a run   to the floor of that size")
    for partners in (6, 12, 20, 30, 42):
        run, least = fastest(engine_job(sized(partners)), floor_job(partners), repeats=5)
        print(f"{partners:8}{run / FUTURES * 1e6:21.0f}{to_the_floor(run, least):28.1f}")
    print(
        f"\nimport sim: {_timed('import sim'):.2f} s;  with its engine: "
        f"{_timed('import sim.engine.simulation'):.2f} s"
    )
    print(
        "engine imported and a first future run, rules compiled before: "
        f"{min(cached_start() for _ in range(3)):.2f} s"
    )
    first = "import sim; sim.simulate(sim.load(), futures=1)"
    print(f"the same from nothing to labelled data, Hydra and xarray included: {_timed(first):.2f} s")
    with tempfile.TemporaryDirectory() as empty:
        print(
            "compiling all rules from cold, all cores: "
            f"{_timed('from sim.warm import warm; warm()', SIM_CACHE_DIR=empty):.0f} s"
        )


def sweep_share(futures: int, points: int, turns: int = 4) -> tuple[float, float]:
    """Return how many futures a second a sweep of 2 * points cells writes as Parquet, and this speed as a
    share of the engine's own.

    The engine alone runs the same cells, prepared beforehand, in as many threads.
    """
    request = ask(
        "design=lhs",
        f"design.n={points}",
        "design.factors=[params.squeeze,dials.block]",
        "design.baseline=false",
        f"futures={futures}",
    )
    plan = plan_of(request)
    cells = [simulation.prepare(plan.scenario(cell), 1) for cell in range(plan.cells)]

    def own(prepared: simulation.Prepared) -> None:
        output = simulation.empty_output(prepared, futures, "summary")
        for start in range(0, futures, simulation.CHUNK):
            simulation.run_into(
                prepared, output, 0, start, min(start + simulation.CHUNK, futures), simulation.silent_log()
            )

    def alone() -> None:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(own, cells))

    with tempfile.TemporaryDirectory() as base:
        folders = (Path(base) / str(number) for number in itertools.count())
        engine_seconds, sweep_seconds = fastest(alone, lambda: sweep(request, next(folders)), repeats=turns)
    return plan.cells * futures / sweep_seconds, engine_seconds / sweep_seconds


def dask_share(futures: int = 1000, points: int = 10, turns: int = 4) -> tuple[float, float]:
    """Return the speed of a sweep on open Dask processes as a share of that on threads, and their seconds to
    start.
    """
    request = ask(
        "design=lhs",
        f"design.n={points}",
        "design.factors=[params.squeeze,dials.block]",
        "design.baseline=false",
        f"futures={futures}",
    )
    started = time.perf_counter()
    with dask_cluster.Dask() as cluster, tempfile.TemporaryDirectory() as base:
        start = time.perf_counter() - started
        folders = (Path(base) / str(number) for number in itertools.count())
        jobs = (lambda: sweep(request, next(folders)), lambda: sweep(request, next(folders), cluster=cluster))
        local_seconds, dask_seconds = fastest(*jobs, repeats=turns)
    return local_seconds / dask_seconds, start


def _timed(code: str, **environment: str) -> float:
    _python("pass")
    return min(_seconds(code, **environment) for _ in range(1 if environment else 3))


def _seconds(code: str, **environment: str) -> float:
    started = time.perf_counter()
    _python(code, **environment)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
