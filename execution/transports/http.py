"""GraphQL over HTTP: POST with JSON, GET for queries, every answer a GraphQL body.

`application/graphql-response+json` gets status codes that mean something; `application/json` gets 200 for every request
that was well-formed, as the clients of that type expect, unless the deployment says otherwise (`status.py`). On a path with
a `document_id` the endpoint answers GET with that trusted document, with an ETag and with what caches may do. Subscriptions
go out as a stream, and so do other operations for who wants nothing else (`stream.py`); what has `@defer` goes out in parts
to who asks for them (`parts.py`); PUT, DELETE and a token belong to the single connection mode (`reservation.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any, TypeVar

from graphql import OperationType
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from errors import ErrorCode, Refusal
from execution.documents import Operation
from execution.executor import Runner
from execution.gate import Gate, Throttled, admit, charge_least, no_gate
from execution.identity import Authenticate, Context, Identity, MakeContext
from execution.incremental import Beginner, Deferred
from execution.masking import present
from execution.receipt import Headers
from execution.rejection import BAD_REQUEST, Rejection, ResultObject, rejected
from execution.request import Request
from execution.resume import resume
from execution.scope import MissingScope
from execution.transports.body import Gone, HttpProblem, read_get, read_post
from execution.transports.caching import cache_headers, entity_tag, has_it, is_public
from execution.transports.event_stream import MAX_ID_CHARACTERS, EventStream
from execution.transports.multipart import Multipart
from execution.transports.negotiation import (
    DEFER_2022,
    EVENT_STREAM,
    GRAPHQL_RESPONSE,
    HTML,
    JSON,
    MULTIPART,
    Preference,
    negotiate,
    preference,
)
from execution.transports.origin import Origins
from execution.transports.parts import Delivery, Parts
from execution.transports.reservation import ReservationBounds, Reservations, opens_stream, shown_token
from execution.transports.sockets import Sockets
from execution.transports.status import AUDITS, UNPROCESSABLE, Profile
from execution.transports.stream import Following, Framing, Live, StreamBounds, outcome
from execution.transports.watch import Watch
from execution.trusted import NOT_FOUND
from execution.wire import encode

MAX_BODY_BYTES = 128 * 1024
BODY_SECONDS = 10.0
INVALID_TOKEN = 'Bearer error="invalid_token"'  # noqa: S105  # after RFC 6750; only a token that was shown is refused with 401
T = TypeVar("T")
PAGE_POLICY = "; ".join(  # of the page that asks questions, in development: its code is ours, its editor writes styles
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self' data:",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
SUBSCRIPTIONS_STREAM = (
    "A subscription needs a stream: Accept text/event-stream or multipart/mixed;subscriptionSpec=1.0, or a WebSocket "
    "(graphql-transport-ws)."
)
REFUSAL_STATUS = {ErrorCode.UNAUTHENTICATED: 401, ErrorCode.FORBIDDEN: 403, ErrorCode.RATE_LIMITED: 429}


@dataclass(slots=True)
class Answer:
    """What goes out: a status for clients of the GraphQL type, and whether it holds for plain JSON too.

    `public` is for the address of a document: whether shared caches may keep the answer. None keeps it out of all caches.
    `of_operation` is what a stream may carry as well: results, and errors of the document.
    """

    result: ResultObject
    status: int = 200
    everywhere: bool = False
    headers: list[tuple[str, str]] = field(default_factory=list)
    public: bool | None = None
    of_operation: bool = False


class HttpEndpoint:
    """An ASGI endpoint for one path. Everything it needs is handed in; see `execution/identity.py`.

    `browser_page` (bytes of HTML) is what a browser gets that opens the path without a query; None for none.
    """

    def __init__(
        self,
        runner: Runner,
        authenticate: Authenticate,
        make_context: MakeContext,
        origins: Origins,
        browser_page: bytes | None = None,
        max_body_bytes: int = MAX_BODY_BYTES,
        body_seconds: float = BODY_SECONDS,
        gate: Gate = no_gate,
        sockets: Sockets | None = None,
        stream_bounds: StreamBounds | None = None,
        reservation_bounds: ReservationBounds | None = None,
        profile: Profile = AUDITS,
        challenge: str = INVALID_TOKEN,
    ) -> None:
        self.runner = runner
        self.beginner = Beginner(runner)
        self.profile = profile
        self.challenge = challenge
        self.authenticate = authenticate
        self.make_context = make_context
        self.origins = origins
        self.browser_page = browser_page
        self.max_body_bytes = max_body_bytes
        self.body_seconds = body_seconds
        self.gate = gate
        self.sockets = sockets or Sockets()
        self.stream_bounds = stream_bounds or StreamBounds()
        self.reservations = Reservations(runner, self.sockets, self.stream_bounds, reservation_bounds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, one answer; nothing is sent to a client that went away."""
        connection = HTTPConnection(scope)
        request_id = token_hex(8)
        accept = connection.headers.get("accept")
        document_id: str | None = scope.get("path_params", {}).get("document_id")
        visited = scope["method"] == "GET" and not scope["query_string"] and document_id is None
        if self.browser_page is not None and visited and negotiate(accept, (JSON, GRAPHQL_RESPONSE, HTML)) == HTML:
            page = [("vary", "Accept"), ("content-security-policy", PAGE_POLICY)]
            await _send(send, 200, f"{HTML}; charset=utf-8", self.browser_page, page)
            return
        wish = preference(accept)
        media = wish.media
        single = scope["method"] in ("PUT", "DELETE") or shown_token(connection) is not None
        told: Headers = []  # what is left of the budget, also when the answer is an error
        try:
            answer = await self._answer(connection, receive, request_id, document_id, told, wish)
            if not isinstance(answer, Answer):
                return await answer(scope, receive, send)
        except HttpProblem as problem:
            status = self.profile.of_problem(problem)
            answer = Answer({"errors": [problem.error]}, status, True, list(problem.headers.items()))
        except Throttled as throttled:
            answer = Answer({"errors": throttled.errors}, 429, True, throttled.headers)
        except MissingScope as missing:
            answer = Answer({"errors": missing.errors}, 403, True, missing.headers)
        except Rejection as rejection:
            answer = Answer(
                {"errors": rejection.errors}, self.profile.of_rejection(rejection.errors), of_operation=True
            )
        except Refusal as refusal:
            status = REFUSAL_STATUS.get(refusal.code, 400)
            headers = [("www-authenticate", self.challenge)] if status == 401 else []
            answer = Answer({"errors": [present(refusal, request_id)]}, status, status in (403, 429), headers)
        except Gone:
            return
        except Exception as error:
            answer = Answer({"errors": [present(error, request_id)]}, 500, True)
        framing = _framing(wish.always) if answer.of_operation else None
        try:
            body = encode(answer.result) if framing is None else outcome(answer.result, framing)
        except TypeError as error:  # a scalar let something through that is no JSON
            framing = None
            answer = Answer({"errors": [present(error, request_id)]}, 500, True, answer.headers)
            body = encode(answer.result)
        modest = self.profile.modest and media == JSON and wish.always is None and not answer.everywhere and not single
        status = 200 if framing is not None or modest else answer.status
        plain = f"{self.profile.of_media(status, media)}; charset=utf-8"
        content_type = plain if framing is None else framing.content_type
        headers = [("x-request-id", request_id), *answer.headers]
        if not answer.public:  # else others would be told of a budget that is not theirs
            headers += told
        if answer.public is None or framing is not None:
            headers += [("vary", "Accept"), ("cache-control", "no-store")]
        else:
            tag = entity_tag(content_type, body)
            headers += cache_headers(answer.public, tag)
            if has_it(connection, tag):
                return await _send_unchanged(send, headers)
        await _send(send, status, content_type, body, headers)

    async def _answer(
        self,
        connection: HTTPConnection,
        receive: Receive,
        request_id: str,
        document_id: str | None,
        told: Headers,
        wish: Preference,
    ) -> Answer | ASGIApp:
        method = connection.scope["method"]
        token = shown_token(connection) if document_id is None else None
        opening = token is not None and opens_stream(connection, wish.always)
        if opening or (document_id is None and method in ("PUT", "DELETE")):
            identity = await self._identify(connection, told)
            return await self._reserved(method, token, connection, identity, request_id, told)
        if wish.media is None and wish.always is None and token is None:
            raise HttpProblem(406, f"This address answers with {GRAPHQL_RESPONSE}, {JSON} or {EVENT_STREAM}.")
        if document_id is not None:
            request = self._read_document(connection, document_id)
        elif method == "POST" or (method == "QUERY" and self.profile.takes_query):
            request = await read_post(connection, receive, self.max_body_bytes, self.body_seconds)
        elif method == "GET":
            request = read_get(connection)
        else:
            methods = self.profile.methods
            raise HttpProblem(405, f"This address takes {methods}.", headers={"allow": methods})
        identity = await self._identify(connection, told)
        try:
            operation = self._prepare(request, method, identity, "POST" if document_id is None else "")
        except Rejection:
            told += await charge_least(self.gate, connection, identity)
            raise
        receipt = await admit(self.gate, connection, identity, operation)
        told += receipt.headers
        context = self.make_context(connection, identity)
        context.receipt = receipt
        if token is not None:
            return self.reservations.start(token, request, operation, context, identity, request_id, told)
        if operation.kind is OperationType.SUBSCRIPTION:
            return self._live(connection, wish, operation, context, identity, request_id, told)
        if wish.parts is not None and operation.deferred is not None:
            overlapping = wish.parts == DEFER_2022
            begun = self.beginner.begin(operation, context, request_id, overlapping)
            result = await self._run(begun, operation, receive)
        else:
            result = await self._run(self.runner.run(operation, context, request_id), operation, receive)
        if isinstance(result, Deferred):
            parts = Parts(wish.parts or "")
            headers = [*context.response_headers, *told]
            return Delivery(result, parts, parts.result(result.first), self.stream_bounds, headers)
        public = None if document_id is None else is_public(operation, identity, context, result)
        status = self.profile.of_result(result)
        return Answer(result, status, headers=list(context.response_headers), public=public, of_operation=True)

    async def _identify(self, connection: HTTPConnection, told: Headers) -> Identity:
        try:
            identity = await self.authenticate(connection, connection.headers.get("authorization"))
        except Refusal:
            told += await charge_least(self.gate, connection, None)
            raise
        if identity.by_cookie and not self.origins.trusts(connection):
            raise HttpProblem(
                403, "Pages of this origin may not act for a signed-in reader.", ErrorCode.FORBIDDEN.value
            )
        return identity

    async def _reserved(
        self,
        method: str,
        token: str | None,
        connection: HTTPConnection,
        identity: Identity,
        request_id: str,
        told: Headers,
    ) -> ASGIApp:
        if method == "PUT":
            told += await charge_least(self.gate, connection, identity)
            return self.reservations.reserve(connection, identity, told)
        if method == "DELETE":
            return self.reservations.stop(connection, token, identity)
        return self.reservations.attach(token or "", identity, request_id)

    def _live(
        self,
        connection: HTTPConnection,
        wish: Preference,
        operation: Operation,
        context: Context,
        identity: Identity,
        request_id: str,
        told: Headers,
    ) -> Live:
        framing = _following(wish.stream)
        if framing is None:
            raise rejected(SUBSCRIPTIONS_STREAM, BAD_REQUEST)
        last = connection.headers.get("last-event-id", "")
        if wish.stream == EVENT_STREAM and 0 < len(last) <= MAX_ID_CHARACTERS:
            operation = resume(self.runner.schema._schema, operation, last)
        headers = [*context.response_headers, *told]
        return Live(
            self.runner, self.sockets, self.stream_bounds, framing, operation, context, identity, request_id, headers
        )

    def _read_document(self, connection: HTTPConnection, document_id: str) -> Request:
        if connection.scope["method"] != "GET":
            raise HttpProblem(405, "The address of a document takes GET only.", headers={"allow": "GET"})
        if document_id not in self.runner.documents.trusted:
            raise HttpProblem(404, "No trusted document has this address.", NOT_FOUND)
        return read_get(connection, document_id)

    def _prepare(self, request: Request, method: str, identity: Identity, mutations_by: str) -> Operation:
        operation = self.runner.prepare(request, identity.user_id is not None)
        if operation.kind is OperationType.MUTATION and method == "GET":
            raise HttpProblem(405, "Mutations are taken by POST to /graphql only.", headers={"allow": mutations_by})
        if operation.kind is OperationType.MUTATION and method == "QUERY":
            raise HttpProblem(UNPROCESSABLE, "Mutations are taken by POST only.")
        return operation

    async def _run(self, run: Coroutine[Any, Any, T], operation: Operation, receive: Receive) -> T:
        if operation.kind is OperationType.MUTATION:
            return await run
        watch = Watch(receive)
        try:
            return await run
        except asyncio.CancelledError:
            if watch.gone and watch.task.uncancel() == 0:
                raise Gone from None
            raise
        finally:
            watch.end()


def _following(kind: str | None) -> Following | None:
    if kind == EVENT_STREAM:
        return EventStream()
    return Multipart() if kind == MULTIPART else None


def _framing(kind: str | None) -> Framing | None:
    return _following(kind) or (None if kind is None else Parts(kind))


async def _send_unchanged(send: Send, headers: list[tuple[str, str]]) -> None:
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": 304, "headers": raw})
    await send({"type": "http.response.body", "body": b""})


async def _send(send: Send, status: int, content_type: str, body: bytes, headers: list[tuple[str, str]]) -> None:
    raw = [(b"content-type", content_type.encode("latin-1")), (b"content-length", b"%d" % len(body))]
    raw += [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
