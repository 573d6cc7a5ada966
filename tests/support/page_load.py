"""Measures how long a class waits for its pictures: `python tests/support/page_load.py 30` starts the page
and acts as so many pupils.

Times are in seconds, to the first picture (25 futures) and to the last one (1,000), of two laws each. This is
not a test: it measures this machine.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from typing import Any

import httpx

PORT = 18790
LESSON = {
    "now": {"a": {"regime": "stp_2016"}, "b": {"regime": "joint_committee"}},
    "lesson": "1_who_walks_away",
}


async def picture(
    client: httpx.AsyncClient, body: dict[str, Any], patience: float = 600.0
) -> tuple[float, float | None]:
    """Returns the seconds to the first picture, and to the last one, or None if the pupil moved on before."""
    started, first = time.monotonic(), None
    async with client.stream("POST", "/api/futures", json=body) as answer:
        assert answer.status_code == 200
        async for line in answer.aiter_lines():
            first = first or time.monotonic() - started
            if json.loads(line)["done"]:
                return first, time.monotonic() - started
            if time.monotonic() - started > patience:
                return first, None
    raise AssertionError("the connection ended early")


def moved(number: int, at: int = 0) -> dict[str, Any]:
    """Returns a pupil's own setting, which nobody else has."""
    return {"now": {"params": {"squeeze": round(0.01 + number / 20_000 + at / 1_000_000, 6)}}, "before": {}}


async def pupil(client: httpx.AsyncClient, number: int, seconds: float) -> list[tuple[float, float | None]]:
    """Moves a lever about every ten seconds; gives up the pictures that have not come by then."""
    draw, times, end, at = random.Random(number), [], time.monotonic() + seconds, 0
    await asyncio.sleep(draw.uniform(0, 10))
    while time.monotonic() < end:
        pause = draw.uniform(6, 14)
        started = time.monotonic()
        times.append(await picture(client, moved(number, at), pause))
        at += 1
        await asyncio.sleep(max(0.0, pause - (time.monotonic() - started)))
    return times


def told(words: str, times: list[tuple[float, float | None]]) -> None:
    for name, found in (
        ("first", [first for first, _ in times]),
        ("all", [last for _, last in times if last is not None]),
    ):
        found.sort()
        middle, late = (
            found[int(share * (len(found) - 1))] if found else float("nan") for share in (0.5, 0.95)
        )
        print(
            f"{words:<44} {name:<6} {len(found):>4} of {len(times):<4} median {middle:6.2f}  95 % "
            f"{late:6.2f}",
            flush=True,
        )


async def main(sessions: int) -> None:
    limits = httpx.Limits(max_connections=sessions + 5)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{PORT}", timeout=600, trust_env=False, limits=limits
    ) as client:
        told(
            "one alone, three levers in turn",
            [await picture(client, moved(500 + number)) for number in range(3)],
        )
        told(
            "all open the same lesson at once",
            await asyncio.gather(*(picture(client, LESSON) for _ in range(sessions))),
        )
        class_ = await asyncio.gather(*(pupil(client, number, 60.0) for number in range(sessions)))
        told("each moves a lever every ten seconds", [times for one in class_ for times in one])
        alike = await asyncio.gather(*(picture(client, moved(100 + number)) for number in range(sessions)))
        told("each moves another lever at once", alike)


if __name__ == "__main__":
    server = subprocess.Popen(
        [sys.executable, "-m", "sim.app", "--port", str(PORT)], stderr=subprocess.PIPE, text=True
    )
    try:
        assert server.stderr is not None
        while "The page is at" not in server.stderr.readline():
            pass
        print(f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}")
        asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 30))
    finally:
        server.terminate()
        server.wait()
