"""The ASGI application of an API process: Starlette, with a door of its own for sockets, and sure of how the world reaches it."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from execution.transports.cors import GRAPHQL_PATH
from execution.transports.socket import SocketEndpoint

UNPRINTABLE = "\ufffd"


def is_secure(connection: HTTPConnection) -> bool:
    """Whether it came by https."""
    return connection.scope["scheme"] in ("https", "wss")


class Application(Starlette):
    """Starlette, but for the sockets of one path: each of its layers would stand there for as long as a socket is open.

    `secure` is whether the world reaches us by https, whatever the last step of the way is. No address is made out of what the
    client calls us (`Host`), as Starlette would for those with a slash too many (`slash.py`).
    """

    door: SocketEndpoint | None = None

    def __init__(self, secure: bool, **given: Any) -> None:
        super().__init__(**given)
        self.secure = secure
        self.router.redirect_slashes = False

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
        """Through the door, or as Starlette does."""
        if self.secure and "scheme" in scope:
            scope["scheme"] = "wss" if scope["type"] == "websocket" else "https"
        if "path" in scope and not scope["path"].isprintable():
            # To a regular expression of Starlette's a line feed is no character: what a proxy guards would be reached with one.
            scope["path"] = "".join(one if one.isprintable() else UNPRINTABLE for one in scope["path"])
        if self.door is not None and scope["type"] == "websocket" and scope["path"] == GRAPHQL_PATH:
            return self.door(scope, receive, send)
        return super().__call__(scope, receive, send)
