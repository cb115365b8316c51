"""May the page that sent this speak with the reader's cookie? Asked only when a cookie is what signed it in."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import HTTPConnection


class Origins:
    """Our own origin and those whose pages may use cookies and sockets here (`https://host[:port]`)."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self.allowed = frozenset(origin.strip().rstrip("/").lower() for origin in allowed if origin.strip())

    def trusts(self, connection: HTTPConnection) -> bool:
        """Whether a cookie may speak. A client that sends neither header is no browser and needs no protection."""
        site = connection.headers.get("sec-fetch-site")
        origin = connection.headers.get("origin")
        if site in ("same-origin", "none"):
            return True
        if origin is not None:
            return origin.lower() in self.allowed or origin.lower() == _own_origin(connection)
        return site is None


def _own_origin(connection: HTTPConnection) -> str:
    secure = connection.scope["scheme"] in ("https", "wss")
    host = connection.headers.get("host", "").lower()
    return f"https://{host.removesuffix(':443')}" if secure else f"http://{host.removesuffix(':80')}"
