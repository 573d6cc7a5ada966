"""Turns a request into pictures: finds its scenarios, and sends pictures as futures are simulated."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from sim.app.fans import bands, differences, medians, once
from sim.app.futures import Lived
from sim.app.headlines import headlines
from sim.app.lessons import answers, lessons
from sim.app.page_state import SEED, SIDES, FuturesAsked, State
from sim.app.pool import Wish, done_by
from sim.app.recent_answers import Remembered
from sim.app.story import picks
from sim.inputs.problems import BadInput, unknown
from sim.scenario.scenario import Scenario

# futures in the pictures before the last one; the first shows one chunk, so that a whole class soon sees it
STAGES = (25, 100, 250, 500)


def scenarios_of(asked: FuturesAsked) -> tuple[list[Scenario], list[Scenario]]:
    """Returns the scenarios now, A and B, and those that they are compared with. Raises BadInput."""
    if asked.lesson is not None and asked.lesson not in lessons():
        raise BadInput(unknown("lesson", asked.lesson, lessons()))
    before = [asked.before.scenario(side) for side in SIDES] if asked.before else []
    return [asked.now.scenario(side) for side in SIDES], before


def compact(data: Any) -> bytes:
    """Writes data as JSON without blanks. Raises ValueError for values outside JSON, such as infinity."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False).encode()


async def pictures(wish: Wish, asked: FuturesAsked, remembered: Remembered) -> AsyncIterator[bytes]:
    """Yields one picture per stage, as JSON, the last one with all futures. Raises BadInput if they cannot be
    simulated.
    """

    def drawn(futures: int, done: bool = False) -> bytes:
        shared = min(futures, reached(wish.before, wish.futures)) if wish.before else 0
        key = (tuple(run.key for run in wish.runs), asked.lesson, wish.futures, futures, shared, done)
        return remembered.get(
            key, lambda: compact(picture(wish, asked.lesson, futures, shared) | {"done": done})
        )

    shown = 0
    for stage in STAGES:
        if shown < stage < wish.futures:
            await wish.reached(stage, wish.now)
            shown = reached(wish.now, wish.futures)
            if shown < wish.futures:
                yield await asyncio.to_thread(drawn, shown)
    await wish.reached(wish.futures, wish.now)
    if reached(wish.runs, wish.futures) < wish.futures:
        yield await asyncio.to_thread(drawn, wish.futures)
    await wish.reached(wish.futures, wish.runs)
    yield await asyncio.to_thread(drawn, wish.futures, True)


def reached(runs: list[Lived], most: int) -> int:
    """Returns how many futures of all these runs a picture may show: all, or else a stage, so that visitors
    can share pictures.
    """
    done = done_by(runs)
    return most if done >= most else max((stage for stage in STAGES if stage <= done), default=0)


def picture(wish: Wish, lesson: str | None, futures: int, shared: int) -> dict[str, Any]:
    """Returns all that the page shows of the first `futures` futures; the first `shared` of them are compared
    with the state before.
    """
    now = dict(zip(SIDES, wish.now, strict=True))
    before = dict(zip(SIDES, wish.before, strict=True)) if wish.before else None
    return {
        "futures": futures,
        "of": wish.futures,
        "bands": {side: bands(run, futures) for side, run in now.items()},
        "headlines": headlines(now["a"], now["b"], futures),
        "differences": differences(now["a"], now["b"], futures),
        "picks": {side: picks_of(run, futures) for side, run in now.items()},
        "before": changes(before, now, shared) if before and shared else None,
        "answers": answers(lesson, now, before if shared else None, shared or futures) if lesson else None,
    }


def picks_of(run: Lived, futures: int) -> dict[str, int]:
    return once(
        run,
        ("picks", futures),
        lambda: picks(run.gone[:futures], run.outcome("integration_final_year", futures)),
    )


def changes(before: dict[str, Lived], now: dict[str, Lived], futures: int) -> dict[str, Any]:
    """Returns the results of the state before, and what has changed since, on each side."""
    return {
        "futures": futures,
        "medians": {side: medians(run, futures) for side, run in before.items()},
        "differences": {side: differences(before[side], now[side], futures) for side in SIDES},
    }


def command_text(state: State) -> str:
    """Returns command lines for the repository's folder, as a small shell script."""
    commands = state.commands()
    about = (
        f"# The same futures as on the page (seed {SEED}). Run it in the folder of the repository, with "
        "its .venv activated."
    )
    lines = ["#!/bin/sh", about]
    if len(commands) == 2:
        return "\n".join([*lines, "# Law A:", commands[0], "# Law B:", commands[1], ""])
    return "\n".join([*lines, "# Law A against law B:", *commands, ""])
