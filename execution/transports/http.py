"""GraphQL over HTTP: POST with JSON, GET for queries, every answer a GraphQL body.

`application/graphql-response+json` gets status codes that mean something; `application/json` gets 200 for every request
that was well-formed, as the clients of that type expect. Streams over HTTP are for other transports to add: `negotiate`
takes more offers.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from secrets import token_hex

from graphql import OperationType
from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from errors import ErrorCode, Refusal
from execution.documents import Operation
from execution.executor import Runner
from execution.identity import Authenticate, Context, Identity, MakeContext
from execution.masking import present
from execution.rejection import BAD_REQUEST, Rejection, ResultObject, error_object
from execution.request import Request
from execution.transports.body import Gone, HttpProblem, read_get, read_post
from execution.transports.negotiation import GRAPHQL_RESPONSE, HTML, JSON, negotiate
from execution.transports.origin import Origins
from execution.wire import encode

MAX_BODY_BYTES = 128 * 1024
BODY_SECONDS = 10.0
REFUSAL_STATUS = {ErrorCode.UNAUTHENTICATED: 401, ErrorCode.FORBIDDEN: 403, ErrorCode.RATE_LIMITED: 429}


@dataclass(slots=True)
class Answer:
    """What goes out: a status for clients of the GraphQL type, and whether it holds for plain JSON too."""

    result: ResultObject
    status: int = 200
    everywhere: bool = False
    headers: list[tuple[str, str]] = field(default_factory=list)


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
    ) -> None:
        self.runner = runner
        self.authenticate = authenticate
        self.make_context = make_context
        self.origins = origins
        self.browser_page = browser_page
        self.max_body_bytes = max_body_bytes
        self.body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, one answer; nothing is sent to a client that went away."""
        connection = HTTPConnection(scope)
        request_id = token_hex(8)
        accept = connection.headers.get("accept")
        visited = scope["method"] == "GET" and not scope["query_string"]
        if self.browser_page is not None and visited and negotiate(accept, (JSON, GRAPHQL_RESPONSE, HTML)) == HTML:
            await _send(send, 200, f"{HTML}; charset=utf-8", self.browser_page, [("vary", "Accept")])
            return
        media = negotiate(accept, (JSON, GRAPHQL_RESPONSE))
        try:
            if media is None:
                raise HttpProblem(406, f"This address answers with {GRAPHQL_RESPONSE} or {JSON}.")
            answer = await self._answer(connection, receive, request_id)
        except HttpProblem as problem:
            answer = Answer({"errors": [problem.error]}, problem.status, True, list(problem.headers.items()))
        except Rejection as rejection:
            answer = Answer({"errors": rejection.errors}, 400)
        except Refusal as refusal:
            status = REFUSAL_STATUS.get(refusal.code, 400)
            answer = Answer({"errors": [present(refusal, request_id)]}, status, status in (403, 429))
        except Gone:
            return
        except Exception as error:
            answer = Answer({"errors": [present(error, request_id)]}, 500, True)
        try:
            body = encode(answer.result)
        except TypeError as error:  # a scalar let something through that is no JSON
            answer = Answer({"errors": [present(error, request_id)]}, 500, True, answer.headers)
            body = encode(answer.result)
        status = answer.status if media == GRAPHQL_RESPONSE or answer.everywhere else 200
        headers = [("vary", "Accept"), ("cache-control", "no-store"), ("x-request-id", request_id), *answer.headers]
        await _send(send, status, f"{media or JSON}; charset=utf-8", body, headers)

    async def _answer(self, connection: HTTPConnection, receive: Receive, request_id: str) -> Answer:
        method = connection.scope["method"]
        if method == "POST":
            request = await read_post(connection, receive, self.max_body_bytes, self.body_seconds)
        elif method == "GET":
            request = read_get(connection)
        else:
            raise HttpProblem(405, "This address takes GET and POST.", headers={"allow": "GET, POST"})
        identity = await self.authenticate(connection, connection.headers.get("authorization"))
        if identity.by_cookie and not self.origins.trusts(connection):
            raise HttpProblem(
                403, "Pages of this origin may not act for a signed-in reader.", ErrorCode.FORBIDDEN.value
            )
        operation = self._prepare(request, method, identity)
        context = self.make_context(connection, identity)
        result = await self._run(operation, context, receive, request_id)
        return Answer(result, headers=list(context.response_headers))

    def _prepare(self, request: Request, method: str, identity: Identity) -> Operation:
        operation = self.runner.prepare(request, identity.user_id is not None)
        if operation.kind is OperationType.MUTATION and method == "GET":
            raise HttpProblem(405, "Mutations are taken by POST only.", headers={"allow": "POST"})
        if operation.kind is OperationType.SUBSCRIPTION:
            raise Rejection(
                [error_object("Subscriptions are served over WebSocket (graphql-transport-ws).", BAD_REQUEST)]
            )
        return operation

    async def _run(self, operation: Operation, context: Context, receive: Receive, request_id: str) -> ResultObject:
        if operation.kind is OperationType.MUTATION:
            return await self.runner.run(operation, context, request_id)
        running = asyncio.create_task(self.runner.run(operation, context, request_id))
        watching = asyncio.create_task(_until_gone(receive))
        try:
            await asyncio.wait((running, watching), return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                raise Gone
            return running.result()
        finally:
            running.cancel()
            watching.cancel()
            await asyncio.gather(running, watching, return_exceptions=True)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, status: int, content_type: str, body: bytes, headers: list[tuple[str, str]]) -> None:
    raw = [(b"content-type", content_type.encode("latin-1")), (b"content-length", b"%d" % len(body))]
    raw += [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
