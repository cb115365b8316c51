"""CORS: which pages of other origins a browser lets read our answers, and what it lets them send.

The GraphQL addresses answer the origins of the settings, with cookies; `*` lets every other page in without cookies, so with
a bearer token or signed out. Files that are public anyway (`OPEN_PATHS`) are readable by every page, never with cookies.
Nothing here decides whether a cookie may speak: that is `origin.py`, which is asked whatever a browser let through.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from errors import ErrorCode
from execution.rejection import error_object
from execution.transports.negotiation import JSON
from execution.transports.origin import Origins
from execution.transports.status import AUDITS
from execution.wire import encode

GRAPHQL_PATH = "/graphql"
# What the schema publishes, and pictures; those that end with a slash stand for all below them.
OPEN_PATHS = ("/schema.graphql", "/schema.json", "/possible-types.json", "/scalars.json", "/media/")
OPEN_METHODS = "GET, HEAD"
MAX_AGE_SECONDS = 7_200  # as long as Chromium keeps it
# What clients send; those that need no leave are not named.
REQUEST_HEADERS = (
    "authorization",
    "content-type",
    "idempotency-key",
    "if-none-match",
    "last-event-id",
    "x-graphql-event-stream-token",
    "x-requested-with",
    "x-request-id",
    "apollo-require-preflight",
    "graphql-require-preflight",
    "apollographql-client-name",
    "apollographql-client-version",
    "x-apollo-operation-id",
    "x-apollo-operation-name",
    "graphql-client-name",
    "graphql-client-version",
    "traceparent",
    "tracestate",
    "baggage",
    "sentry-trace",
    "cache-control",
    "pragma",
)
ANSWER_HEADERS = "RateLimit, RateLimit-Policy, Retry-After, ETag, X-Request-Id, Allow"


class Cors:
    """An ASGI application around another: it answers preflights and adds the headers to every other answer.

    `open_paths` are readable by every page without cookies; other paths than those and GraphQL's are left alone.
    """

    def __init__(
        self,
        app: ASGIApp,
        origins: Origins,
        open_paths: Iterable[str] = OPEN_PATHS,
        methods: str = AUDITS.methods,
    ) -> None:
        self.app = app
        self.origins = origins
        self.open_paths = tuple(open_paths)
        self.methods = methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; sockets have no CORS and pass."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        path: str = scope["path"]
        if path == GRAPHQL_PATH or path.startswith(f"{GRAPHQL_PATH}/"):
            await self._graphql(scope, receive, send)
        elif any(path == place or (place[-1] == "/" and path.startswith(place)) for place in self.open_paths):
            await self._open(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _graphql(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = Headers(scope=scope).get("origin")
        leave = self._leave(origin)
        if scope["method"] == "OPTIONS":
            return await _preflight(send, self.methods, origin is not None, leave)

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")
                headers.update(leave)
                if leave:
                    headers["access-control-expose-headers"] = ANSWER_HEADERS
            await send(message)

        await self.app(scope, receive, tell)

    async def _open(self, scope: Scope, receive: Receive, send: Send) -> None:
        everybody = {"access-control-allow-origin": "*"}
        if scope["method"] == "OPTIONS":
            return await _preflight(send, OPEN_METHODS, "origin" in Headers(scope=scope), everybody)

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update({**everybody, "access-control-expose-headers": ANSWER_HEADERS})
            await send(message)

        await self.app(scope, receive, tell)

    def _leave(self, origin: str | None) -> dict[str, str]:
        """The headers that let a page of this origin read the answer; none when it may not."""
        if origin is None:
            return {}
        if self.origins.lists(origin):
            return {"access-control-allow-origin": origin, "access-control-allow-credentials": "true"}
        return {"access-control-allow-origin": "*"} if self.origins.anybody else {}


async def _preflight(send: Send, methods: str, asked_by_page: bool, leave: dict[str, str]) -> None:
    """The answer to OPTIONS: what may be sent, or 403 to a page that may send nothing."""
    headers = {"allow": f"{methods}, OPTIONS", "vary": "Origin", **leave}
    status, body = 204, b""
    if leave:
        headers["access-control-allow-methods"] = methods
        headers["access-control-allow-headers"] = ", ".join(REQUEST_HEADERS)
        headers["access-control-max-age"] = str(MAX_AGE_SECONDS)
    elif asked_by_page:
        sentence = "Pages of this origin may not ask here: its operator would have to name it in ALLOWED_ORIGINS."
        status, body = 403, encode({"errors": [error_object(sentence, ErrorCode.FORBIDDEN.value)]})
        headers["content-type"] = f"{JSON}; charset=utf-8"
        headers["content-length"] = str(len(body))
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
