"""Serves the teaching page: `python -m sim.app`, or `make app`. Only this machine can reach it, unless --host
says otherwise.
"""

import argparse
import os
import socket
import sys
from collections.abc import Sequence
from types import FrameType

from sim import warm
from sim.kernel.compiled import COMPILED, cache_is_warm
from sim.results.publishing import say

PORT = 8765


def port_of(text: str) -> int:
    """Reads a port from words. Raises ArgumentTypeError."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"'{text}': must be a whole number from 1 to 65535")
    return int(text)


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sim.app", description="The teaching page.")
    parser.add_argument(
        "--port", type=port_of, default=os.environ.get("PORT") or str(PORT), help=f"default {PORT}, or $PORT"
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen at; 0.0.0.0 lets others on the network in"
    )
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        help="a host name by which others may reach the page; may be repeated",
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until interrupted; returns the exit status: 2 if the address cannot be used, 130 after Ctrl-C."""
    asked = arguments(argv)
    try:
        listening = socket.create_server((asked.host, asked.port))
    except OSError as error:
        say(
            f"Cannot listen at {asked.host}, port {asked.port}: {error.strerror or error}. Another port: "
            "make app PORT=8766"
        )
        return 2
    try:
        if COMPILED and not cache_is_warm():
            say("Compiling the model's rules, once; this takes about a minute ...")
        warm.warm()
        serve(listening, tuple(asked.name))
    except KeyboardInterrupt:
        pass
    say("Stopped.")
    return 130


def serve(listening: socket.socket, names: tuple[str, ...]) -> None:
    import uvicorn

    from sim.app.server import application

    host, port = listening.getsockname()[:2]
    app = application(names)

    class Server(uvicorn.Server):
        """A server that stops its running work when it is asked to end."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            if hasattr(app.state, "pool"):
                app.state.pool.end()
            super().handle_exit(sig, frame)

    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=2
    )
    say(f"The page is at http://{host}:{port} (Ctrl-C ends it).")
    Server(config).run(sockets=[listening])


if __name__ == "__main__":
    sys.exit(main())
