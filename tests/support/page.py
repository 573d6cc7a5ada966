"""The teaching page for tests: served on its own port, asked over HTTP, and opened in a real browser."""

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
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Faults that a browser finds: texts with a contrast below 4.5 to 1, and controls without a name.
CONTRAST = """() => {
  const parse = (text) => { const n = text.match(/[\\d.]+/g).map(Number);
    return n.length < 4 ? [...n.slice(0, 3), 1] : n; };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => { for (let e = element; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor);
    if (c[3] > 0.99) return c; } return [255, 255, 255, 1]; };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility()) continue;
    if (element.closest("noscript, script, option, title, :disabled")) continue;
    const style = getComputedStyle(element);
    const ink = parse(element instanceof SVGElement ? style.fill : style.color);
    const [one, other] = [light(ink), light(ground(element))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) poor.push(`${walker.currentNode.textContent.trim().slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
  return poor;
}"""

NAMELESS = """() => [...document.querySelectorAll('button, select, input, summary, [role=button]')]
  .filter((e) => e.checkVisibility()
  && !(e.ariaLabel || e.labels?.length || e.getAttribute('aria-labelledby') || e.textContent.trim()))
  .map((e) => e.outerHTML)"""


class Served:
    """A running page: its address, its application, and a client that talks to it."""

    def __init__(self, app: Starlette, port: int):
        self.app, self.address = app, f"http://127.0.0.1:{port}"
        self.client = httpx.Client(base_url=self.address, timeout=120, trust_env=False)

    def pictures(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Returns all pictures of a request, the first with fewest futures."""
        answer = self.client.post("/api/futures", json=body)
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.splitlines()]

    def last(self, body: dict[str, Any]) -> dict[str, Any]:
        return self.pictures(body)[-1]


def free_port() -> int:
    """Returns a port that nobody listens at just now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def serving(futures: int, workers: int | None = None) -> Iterator[Served]:
    """Serves the page in a thread of this process; the last picture shows `futures` futures."""
    listening = socket.create_server(("127.0.0.1", 0))
    app = application(workers=workers, futures=futures)
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=1)
    )
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


def address(page: Any) -> str:
    """Returns the part of a browser's address that holds the state."""
    page.wait_for_timeout(250)  # the page writes it once nothing changes
    return str(page.evaluate("location.hash"))


def settled(page: Any) -> None:
    """Wait until all futures are simulated."""
    page.wait_for_selector("#results[aria-busy=false]")
