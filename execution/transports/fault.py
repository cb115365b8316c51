"""What becomes of a fault outside of GraphQL: it is logged as faults of GraphQL are, and the client gets an id, and no more."""

from __future__ import annotations

from secrets import token_hex

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from execution.masking import present
from execution.wire import encode

AWAY_SECONDS = 5


class Faults:
    """An ASGI application around another that raises. What is one of `away` (the database does not answer) is 503, and worth another try."""

    def __init__(self, app: ASGIApp, away: tuple[type[Exception], ...] = ()) -> None:
        self.app = app
        self.away = away

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; sockets pass."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        begun = False

        async def note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, note)
        except Exception as error:
            request_id = token_hex(8)
            body = encode({"errors": [present(error, request_id)]})
            if begun:  # it cannot be taken back: the server ends the connection in the middle, which tells
                return
            away = isinstance(error, self.away)
            headers = [
                (b"content-type", b"application/json; charset=utf-8"),
                (b"content-length", str(len(body)).encode()),
                (b"x-request-id", request_id.encode()),
                *([(b"retry-after", str(AWAY_SECONDS).encode())] if away else []),
            ]
            await send({"type": "http.response.start", "status": 503 if away else 500, "headers": headers})
            await send({"type": "http.response.body", "body": body})
