"""Guards every request: answers only known host names, and tells the browser how little it may do."""

import ipaddress

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri "
    "'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
ENCODED = [(name.encode(), value.encode()) for name, value in HEADERS.items()]


def host_of(header: str) -> str:
    """Returns the name in a Host header, without its port; '' if there is none."""
    name, _, port = (
        header.rpartition(":") if not header.endswith("]") and ":" in header else (header, "", "0")
    )
    return name.strip("[]").lower() if port.isascii() and port.isdigit() else ""


class Guard:
    """Refuses foreign host names, so that no other site's page can reach this server through the visitor's
    browser.

    A plain address passes, because nobody else can make it point here.
    """

    def __init__(self, app: ASGIApp, names: tuple[str, ...] = ()):
        self.app, self.names = app, {"localhost", *(name.lower() for name in names)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *ENCODED]}
            await send(message)

        if not self._known([value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]):
            await JSONResponse({"error": "This page does not answer to that host name."}, 400)(
                scope, receive, guarded
            )
            return
        await self.app(scope, receive, guarded)

    def _known(self, hosts: list[str]) -> bool:
        if len(hosts) != 1:
            return False
        name = host_of(hosts[0])
        if name in self.names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True
