"""May the page that sent this speak with the reader's cookie? Asked only when a cookie is what signed it in."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import HTTPConnection

ANYBODY = "*"
NAMELESS = "null"  # what browsers call the origin of files, sandboxes and redirects: anybody can be it


class Origins:
    """Our own origin and those whose pages may use cookies and sockets here (`https://host[:port]`).

    `*` among them stands for every page that brings no cookie; it makes no origin one of those whose cookies are trusted.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        named = {origin.strip().rstrip("/").lower() for origin in allowed if origin.strip()}
        self.anybody = ANYBODY in named
        self.allowed = frozenset(named - {ANYBODY, NAMELESS})

    def lists(self, origin: str) -> bool:
        """Whether the origin is named, so that its pages may bring cookies."""
        return origin.lower() in self.allowed

    def trusts(self, connection: HTTPConnection) -> bool:
        """Whether a cookie may speak. A client that sends neither header is no browser and needs no protection."""
        site = connection.headers.get("sec-fetch-site")
        origin = connection.headers.get("origin")
        if site in ("same-origin", "none"):
            return True
        if origin is not None:
            return self.lists(origin) or origin.lower() == _own_origin(connection)
        return site is None


def _own_origin(connection: HTTPConnection) -> str:
    secure = connection.scope["scheme"] in ("https", "wss")
    host = connection.headers.get("host", "").lower()
    return f"https://{host.removesuffix(':443')}" if secure else f"http://{host.removesuffix(':80')}"
