"""The teaching page as tests meet it: served on a port of its own, asked over HTTP, and opened in a real browser."""

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette

from sim.app.server import application

BROWSER = shutil.which("chromium")
NO_BROWSER = "needs Chromium: apt-get install chromium (docs/page.md)"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


class Served:
    """A page under way: its address, its application, and a client that talks to it."""

    def __init__(self, app: Starlette, port: int):
        self.app, self.address = app, f"http://127.0.0.1:{port}"
        self.client = httpx.Client(base_url=self.address, timeout=120, trust_env=False)

    def pictures(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """All pictures of a request, the first with fewest futures."""
        answer = self.client.post("/api/futures", json=body)
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.splitlines()]

    def last(self, body: dict[str, Any]) -> dict[str, Any]:
        return self.pictures(body)[-1]


@contextmanager
def serving(futures: int, workers: int | None = None) -> Iterator[Served]:
    """The page, in a thread of this process; pictures are of so many futures in the end."""
    listening = socket.create_server(("127.0.0.1", 0))
    app = application(workers=workers, futures=futures)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    served = Served(app, listening.getsockname()[1])
    try:
        yield served
    finally:
        served.client.close()
        server.should_exit = True
        thread.join(20)
        listening.close()
