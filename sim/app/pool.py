"""A few threads that simulate futures for all visitors. First pictures come before last ones, and futures
that two visitors ask for are simulated once.
"""

import asyncio
import logging
import os
import threading
from collections import OrderedDict
from types import TracebackType

from sim.app.futures import Lived, key_of
from sim.inputs.problems import BadInput
from sim.scenario.scenario import Scenario

KEPT = 64  # scenarios whose futures are remembered; 3 MB each
MOST_WISHES = 300
SOON = 100  # up to so many futures all take turns; then visitors are served one after the other
LATER = 100  # scenarios that only serve as a comparison run so many futures behind


class TooMany(Exception):
    """More visitors wait than can be served."""


def done_by(runs: list[Lived]) -> int:
    """Returns how many futures all of these scenarios have finished."""
    return min(run.done for run in runs)


class Wish:
    """What one visitor waits for: some scenarios over so many futures. Futures that are not simulated yet are
    given up when the `with` block ends.
    """

    def __init__(self, pool: "Pool", runs: list[Lived], later: int, futures: int):
        self.pool, self.runs, self.futures = pool, runs, futures
        self.now, self.before = runs[:later], runs[later:]
        self.loop = asyncio.get_running_loop()
        self.news = asyncio.Event()
        self.failed: BadInput | None = None

    async def reached(self, futures: int, runs: list[Lived]) -> None:
        """Wait until so many futures of these scenarios are simulated. Raises BadInput if one cannot be."""
        while done_by(runs) < futures:
            if self.failed:
                raise self.failed
            self.news.clear()
            if done_by(runs) < futures:
                await self.news.wait()

    def tell(self) -> None:
        """Wake the visitor's event loop; any thread may call this."""
        self.loop.call_soon_threadsafe(self.news.set)

    def __enter__(self) -> "Wish":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pool.give_up(self)


class Pool:
    """Worker threads, the wishes they work for, and the scenarios they remember."""

    def __init__(self, seed: int, futures: int, workers: int | None = None):
        self.seed, self.futures = seed, futures
        self.runs: OrderedDict[str, Lived] = OrderedDict()
        self.wishes: list[Wish] = []
        self.lock = threading.Condition()
        self.closed = False
        self.lived = 0
        threads = (os.cpu_count() or 1) if workers is None else workers
        self.threads = [
            threading.Thread(target=self._work, daemon=True, name=f"futures-{n}") for n in range(threads)
        ]
        for thread in self.threads:
            thread.start()

    def wish(self, now: list[Scenario], before: list[Scenario], futures: int) -> Wish:
        """Ask for `futures` futures of scenarios, or all there are if that is less; those of `before` come a
        little later. Raises TooMany.

        Must be called where an event loop runs.
        """
        with self.lock:
            if len(self.wishes) >= MOST_WISHES:
                raise TooMany
            runs = [self._remembered(scenario) for scenario in (*now, *before)]
            wish = Wish(self, runs, len(now), min(futures, self.futures))
            self.wishes.append(wish)
            self._forget()
            self.lock.notify_all()
        return wish

    def give_up(self, wish: Wish) -> None:
        with self.lock:
            self.wishes.remove(wish)

    def end(self) -> None:
        """Stop simulating, and tell all who wait. A signal handler may call this."""
        with self.lock:
            self.closed = True
            for wish in self.wishes:
                wish.failed = BadInput("The page is closing.")
                wish.tell()
            self.lock.notify_all()

    def close(self) -> None:
        self.end()
        for thread in self.threads:
            thread.join()

    def _remembered(self, scenario: Scenario) -> Lived:
        key = key_of(scenario)
        if key not in self.runs:
            self.runs[key] = Lived(scenario, self.seed, self.futures)
        self.runs.move_to_end(key)
        return self.runs[key]

    def _forget(self) -> None:
        """Drop the scenarios that nobody has asked for longest."""
        wanted = {run.key for wish in self.wishes for run in wish.runs}
        for key in list(self.runs):
            if len(self.runs) <= KEPT:
                return
            if key not in wanted:
                del self.runs[key]

    def _next(self) -> Lived | None:
        """Returns the wanted run with the fewest futures, up to SOON; beyond that, a run of the visitor who
        has waited longest.

        So a first picture never waits for another visitor's last one. A class gets its last pictures one by
        one, not all at the very end.
        """
        best: tuple[tuple[int, int, int], Lived] | None = None
        for waiting, wish in enumerate(self.wishes):
            for number, run in enumerate(wish.runs):
                behind = run.given + LATER * (number >= len(wish.now))
                place = min(behind, SOON), waiting, behind
                if run.given < wish.futures and (best is None or place < best[0]):
                    best = place, run
        return best[1] if best else None

    def _work(self) -> None:
        while True:
            with self.lock:
                while not self.closed and (run := self._next()) is None:
                    self.lock.wait()
                if self.closed:
                    return
                assert run is not None
                start, stop = run.next_chunk()
            try:
                part = run.live(start, stop)
            except Exception as error:
                self._failed(run, error)
                continue
            with self.lock:
                run.keep(part)
                self.lived += stop - start
                waiting = [wish for wish in self.wishes if run in wish.runs]
            for wish in waiting:
                wish.tell()

    def _failed(self, run: Lived, error: Exception) -> None:
        """Forget a scenario that cannot be run, and tell all who wait for it."""
        if not isinstance(error, BadInput):
            logging.getLogger("sim.app").error("a scenario could not be run", exc_info=error)
        with self.lock:
            run.given = run.most
            self.runs.pop(run.key, None)
            for wish in [wish for wish in self.wishes if run in wish.runs]:
                wish.failed = (
                    error if isinstance(error, BadInput) else BadInput("These settings cannot be run.")
                )
                wish.tell()
