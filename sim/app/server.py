"""The server: one page, its few files, and four requests. Nothing a visitor sends is run or names a file."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sim.app import pictures
from sim.app.fans import NOTE, series_declared
from sim.app.files import files
from sim.app.futures import key_of
from sim.app.guard import Guard
from sim.app.lessons import described, lessons
from sim.app.levers import levers, regimes
from sim.app.page_state import FUTURES, SEED, CommandAsked, FuturesAsked, StoryAsked, checked, system_of
from sim.app.pictures import compact
from sim.app.places import map_of
from sim.app.pool import Pool, TooMany
from sim.app.recent_answers import Remembered
from sim.app.story import story
from sim.engine.dataset import program_version
from sim.inputs import library
from sim.inputs.problems import BadInput

MOST_BYTES = 16_384  # the largest body that a visitor may send
STORIES_AT_ONCE = 2
MOST_DRAWN, MOST_TOLD = 256, 64  # pictures and stories remembered; some 50 and 200 kB each


def refused(status: int, words: str) -> JSONResponse:
    return JSONResponse({"error": words}, status)


async def body_of(request: Request) -> Any:
    """Returns the JSON that a visitor sent. Raises BadInput."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise BadInput("The content type must be application/json.")
    sent = bytearray()
    async for part in request.stream():
        sent += part
        if len(sent) > MOST_BYTES:
            raise BadInput(f"The request is too long: at most {MOST_BYTES} bytes.")
    try:
        return json.loads(sent)
    except (ValueError, RecursionError):
        raise BadInput("The request is not valid JSON.") from None


def answering(work: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Makes every request that cannot be served end with a plain message and a status of 4xx."""

    async def answer(request: Request) -> Response:
        try:
            return await work(request)
        except BadInput as problem:
            return refused(400, str(problem))
        except TooMany:
            return refused(429, "Too many are waiting; try again in a moment.")
        except ClientDisconnect:
            return Response(status_code=400)

    return answer


@answering
async def many_futures(request: Request) -> Response:
    """Sends fans, headlines and differences over more and more futures, as one line of JSON each; stops when
    the connection closes.
    """
    asked: FuturesAsked = checked(FuturesAsked, await body_of(request))
    scenarios = pictures.scenarios_of(asked)
    wish = request.app.state.pool.wish(*scenarios, asked.futures or FUTURES)

    async def lines() -> AsyncIterator[bytes]:
        with wish:
            try:
                async for picture in pictures.pictures(wish, asked, request.app.state.drawn):
                    yield picture + b"\n"
            except BadInput as problem:
                yield compact({"error": str(problem)}) + b"\n"

    return StreamingResponse(lines(), media_type="application/x-ndjson")


@answering
async def one_future(request: Request) -> Response:
    asked: StoryAsked = checked(StoryAsked, await body_of(request))
    scenario = asked.now.scenario(asked.side)
    state = request.app.state

    def told() -> bytes:
        answer: bytes = state.told.get(
            (key_of(scenario), asked.future), lambda: compact(story(scenario, SEED, asked.future))
        )
        return answer

    async with state.stories:
        return Response(await asyncio.to_thread(told), media_type="application/json")


@answering
async def command(request: Request) -> Response:
    asked: CommandAsked = checked(CommandAsked, await body_of(request))
    for side in ("a", "b"):
        asked.now.scenario(side)
    return Response(pictures.command_text(asked.now), media_type="text/plain; charset=utf-8")


@answering
async def a_system(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in library.names("system"):
        return refused(404, "There is no such system.")
    return Response(compact(await asyncio.to_thread(map_of, name)), media_type="application/json")


async def catalogue(request: Request) -> Response:
    return Response(request.app.state.catalogue, media_type="application/json")


async def a_file(request: Request) -> Response:
    """Returns one of the page's own files, from memory."""
    found = files().get(request.url.path)
    return (
        Response(found.content, media_type=found.media_type)
        if found
        else refused(404, "There is no such page.")
    )


def what_there_is(futures: int) -> bytes:
    """Returns everything that can be chosen, with labels, bounds and sources."""
    systems = sorted(
        ({"name": name, "label": system_of(name)["label"]} for name in library.names("system")),
        key=lambda row: row["label"],
    )
    return compact(
        {
            "systems": systems,
            "regimes": regimes(),
            "levers": levers(),
            "series": series_declared(),
            "note": NOTE,
            "seed": SEED,
            "futures": futures,
            "lessons": [described(name) for name in lessons()],
            "version": program_version(),
        }
    )


def application(names: tuple[str, ...] = (), workers: int | None = None, futures: int = FUTURES) -> Starlette:
    """Makes the page as an ASGI application. `names`: host names that it answers to besides localhost and
    plain addresses. `workers`: threads, by default one per core; `futures`: how many the last picture shows.
    """

    @asynccontextmanager
    async def living(app: Starlette) -> AsyncIterator[None]:
        app.state.pool = Pool(SEED, futures, workers)
        app.state.stories = asyncio.Semaphore(STORIES_AT_ONCE)
        app.state.drawn, app.state.told = Remembered(MOST_DRAWN), Remembered(MOST_TOLD)
        try:
            yield
        finally:
            app.state.pool.close()

    routes = [
        Route("/api/catalogue", catalogue),
        Route("/api/system/{name}", a_system),
        Route("/api/futures", many_futures, methods=["POST"]),
        Route("/api/future", one_future, methods=["POST"]),
        Route("/api/command", command, methods=["POST"]),
        *(Route(path, a_file) for path in files()),
    ]
    app = Starlette(routes=routes, lifespan=living)
    app.state.catalogue = what_there_is(futures)
    app.add_middleware(Guard, names=names)
    return app
