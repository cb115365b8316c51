"""GraphQL over SSE in single connection mode: one event stream for many operations, which other requests start and stop.

PUT reserves a stream and gives its token, GET opens it, POST starts an operation on it (202), DELETE stops one. A token is
good for one stream: when that ends, so do its operations, and the client reserves anew. Whoever starts or stops an operation
must be signed in as whoever reserved; the stream itself may be opened by the token alone, since `EventSource` sends no
headers. A reservation counts as a socket of its person from the beginning. Its events carry no `id:`, since one id could not
stand for several operations.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from secrets import token_urlsafe
from urllib.parse import parse_qsl

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from errors import ErrorCode
from execution.documents import Operation
from execution.executor import Runner
from execution.frame import Rendered
from execution.identity import Context, Identity
from execution.receipt import Headers
from execution.rejection import BAD_REQUEST, ResultObject
from execution.request import Request
from execution.transports.body import HttpProblem
from execution.transports.event_stream import RESTART_MILLISECONDS, EventStream, retry
from execution.transports.message import MAX_ID_CHARACTERS, RESTARTING
from execution.transports.negotiation import EVENT_STREAM
from execution.transports.sockets import Sockets
from execution.transports.stream import (
    RETRY_AFTER_SECONDS,
    Ended,
    Stream,
    StreamBounds,
    deliver,
    ended_errors,
    enter,
    stream_headers,
)
from execution.wire import encode
from realtime.cancel import end_tasks

TOKEN_HEADER = "x-graphql-event-stream-token"  # noqa: S105  # a name
TOKEN_PREFIX = "sse_"  # noqa: S105  # so that another `token` in an address is not taken for ours
WAITING_SECONDS = 30.0
MAX_OPERATIONS = 100
MAX_WAITING = 1_000
MAX_WAITING_PER_ADDRESS = 50
PATIENCE_SECONDS = 10.0
OPERATION_PARAMETERS = {"query", "documentId", "extensions"}


@dataclass(frozen=True, slots=True)
class ReservationBounds:
    """How long a reservation waits for its stream, how many wait, and how many operations share one."""

    waiting_seconds: float = WAITING_SECONDS
    max_operations: int = MAX_OPERATIONS
    max_waiting: int = MAX_WAITING
    max_waiting_per_address: int = MAX_WAITING_PER_ADDRESS


class Tagged:
    """The framing of one operation among others."""

    content_type = EventStream.content_type

    def __init__(self, operation_id: str) -> None:
        self.operation_id = operation_id

    def opening(self) -> bytes:
        """Nothing: the stream is open."""
        return b""

    def heartbeat(self) -> bytes:
        """Nothing: the stream has its own."""
        return b""

    def result(self, result: ResultObject) -> bytes:
        """A `next` event that says whose it is."""
        return self.shared(Rendered(result))

    def shared(self, rendered: Rendered) -> bytes:
        """The same, encoded already."""
        begin = b'event: next\ndata: {"id":' + encode(self.operation_id) + b',"payload":'
        return begin + rendered.payload + b"}\n\n"

    def complete(self) -> bytes:
        """A `complete` event that says whose it is."""
        return b"event: complete\ndata: " + encode({"id": self.operation_id}) + b"\n\n"

    def closed(self, code: int, reason: str) -> bytes:
        """Why, and the end."""
        return self.result({"errors": ended_errors(reason)}) + self.complete()


class Reservation:
    """One token, and what hangs on it. It is also the framing of its stream."""

    content_type = EventStream.content_type

    def __init__(self, identity: Identity, address: str | None) -> None:
        self.token = TOKEN_PREFIX + token_urlsafe(24)
        self.identity = identity
        self.address = address
        self.claimed = False
        self.ended = asyncio.Event()
        self.opened = asyncio.Event()
        self.stream: Stream | None = None
        self.operations: dict[str, asyncio.Task[None]] = {}
        self.tasks: set[asyncio.Task[None]] = set()  # operations and those still ending after a DELETE

    @property
    def owner(self) -> tuple[Hashable | None, Hashable | None]:
        """Whose it is."""
        return owner_of(self.identity)

    async def say(self, piece: bytes) -> None:
        """Sends a frame of one operation. Raises `Ended`."""
        if self.stream is None:
            raise Ended
        await self.stream.say(piece)

    async def close(self, code: int, reason: str) -> None:
        """Ends it from outside, whether or not its stream is open."""
        self.ended.set()
        if self.stream is not None:
            self.stream.end(code, reason)

    def opening(self) -> bytes:
        """As every event stream opens."""
        return EventStream().opening()

    def heartbeat(self) -> bytes:
        """A comment."""
        return EventStream().heartbeat()

    def result(self, result: ResultObject) -> bytes:
        """Nothing: results belong to operations."""
        return b""

    def shared(self, rendered: Rendered) -> bytes:
        """Nothing, likewise."""
        return b""

    def complete(self) -> bytes:
        """Nothing: the stream waits for more operations."""
        return b""

    def closed(self, code: int, reason: str) -> bytes:
        """Only a wish to wait when the server restarts; otherwise why, to every operation."""
        if code == RESTARTING:
            return retry(RESTART_MILLISECONDS)
        return b"".join(Tagged(operation_id).closed(code, reason) for operation_id in self.operations)


class Reservations:
    """The reservations of this process. Each method answers one kind of request, or raises `HttpProblem`."""

    def __init__(
        self,
        runner: Runner,
        sockets: Sockets,
        stream_bounds: StreamBounds,
        bounds: ReservationBounds | None = None,
    ) -> None:
        self.runner = runner
        self.sockets = sockets
        self.stream_bounds = stream_bounds
        self.bounds = bounds or ReservationBounds()
        self.known: dict[str, Reservation] = {}
        self.waiting: Counter[str | None] = Counter()  # reservations without a stream yet, by address of the signed-out
        self.lives: set[asyncio.Task[None]] = set()

    def reserve(self, connection: HTTPConnection, identity: Identity, headers: Headers) -> Response:
        """PUT: 201 with a token as plain text. Refused with 401, 429 or 503."""
        client = connection.client
        address = client.host if client is not None and identity.user_id is None else None
        later = {"retry-after": str(RETRY_AFTER_SECONDS)}
        if self.waiting.total() >= self.bounds.max_waiting:
            raise HttpProblem(503, "Too many streams are reserved.", ErrorCode.QUOTA_EXCEEDED.value, later)
        if address is not None and self.waiting[address] >= self.bounds.max_waiting_per_address:
            raise HttpProblem(429, "Too many streams are reserved from here.", ErrorCode.QUOTA_EXCEEDED.value, later)
        reservation = Reservation(identity, address)
        enter(self.sockets, reservation, identity, client.host if client is not None else "")
        self.known[reservation.token] = reservation
        self.waiting[address] += 1
        life = asyncio.create_task(self._live(reservation))
        self.lives.add(life)
        life.add_done_callback(self.lives.discard)
        return PlainTextResponse(reservation.token, 201, {"cache-control": "no-store", **dict(headers)})

    def attach(self, token: str, identity: Identity, request_id: str) -> Attached:
        """GET: the stream, as an ASGI application. Refused with 404 and, when it is open already, 409."""
        reservation = self._find(token, identity, by_token_alone=True)
        if reservation.claimed:
            raise HttpProblem(409, "The stream of this reservation is open already.", ErrorCode.CONFLICT.value)
        reservation.claimed = True
        return Attached(self, reservation, request_id)

    def start(
        self,
        token: str,
        request: Request,
        operation: Operation,
        context: Context,
        identity: Identity,
        request_id: str,
        headers: Headers,
    ) -> Response:
        """POST: 202; results go to the stream. Refused with 400, 404, 409 and 429."""
        reservation = self._find(token, identity)
        operation_id = request.extensions.get("operationId")
        if not isinstance(operation_id, str) or not 0 < len(operation_id) <= MAX_ID_CHARACTERS:
            sentence = f"extensions.operationId must be a string of 1 to {MAX_ID_CHARACTERS} characters."
            raise HttpProblem(400, sentence, BAD_REQUEST)
        if operation_id in reservation.operations:
            raise HttpProblem(409, "An operation of this id runs on the stream.", ErrorCode.CONFLICT.value)
        most = self.bounds.max_operations
        if len(reservation.operations) >= most or len(reservation.tasks) >= 2 * most:
            sentence = f"{most} operations run on this stream already."
            raise HttpProblem(429, sentence, ErrorCode.QUOTA_EXCEEDED.value)
        task = asyncio.create_task(self._operate(reservation, operation_id, operation, context, request_id))
        reservation.operations[operation_id] = task
        reservation.tasks.add(task)
        task.add_done_callback(reservation.tasks.discard)
        shown = {"cache-control": "no-store", "x-request-id": request_id, **dict(headers)}
        return Response(status_code=202, headers=shown)

    def stop(self, connection: HTTPConnection, token: str | None, identity: Identity) -> Response:
        """DELETE: 200, also when the operation has ended meanwhile. Refused with 400 and 404."""
        reservation = self._find(token, identity)
        operation_id = connection.query_params.get("operationId")
        if not operation_id:
            raise HttpProblem(400, "Say which operation by ?operationId=.", BAD_REQUEST)
        task = reservation.operations.pop(operation_id, None)
        if task is not None:
            task.cancel()
        return Response(status_code=200, headers={"cache-control": "no-store"})

    def _find(self, token: str | None, identity: Identity, by_token_alone: bool = False) -> Reservation:
        reservation = self.known.get(token) if token is not None else None
        bare = by_token_alone and identity.user_id is None
        known = reservation is not None and not reservation.ended.is_set()
        if reservation is None or not known or not (bare or reservation.owner == owner_of(identity)):
            raise HttpProblem(404, "No stream is reserved by this token.", ErrorCode.NOT_FOUND.value)
        return reservation

    async def _live(self, reservation: Reservation) -> None:
        """The life of a reservation: it waits for its stream, for so long; then until that ends."""
        opened = asyncio.create_task(reservation.opened.wait())
        ended = asyncio.create_task(reservation.ended.wait())
        try:
            seconds = self.bounds.waiting_seconds
            await asyncio.wait((opened, ended), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            self.waiting[reservation.address] -= 1
            if not self.waiting[reservation.address]:
                del self.waiting[reservation.address]
            if reservation.opened.is_set():
                await ended
        finally:
            del self.known[reservation.token]
            self.sockets.remove(reservation)
            await end_tasks([*reservation.tasks, opened, ended], PATIENCE_SECONDS)

    async def _operate(
        self, reservation: Reservation, operation_id: str, operation: Operation, context: Context, request_id: str
    ) -> None:
        await reservation.opened.wait()
        try:
            last = await deliver(self.runner, operation, context, request_id, reservation.say, Tagged(operation_id))
            # The id is free before the client hears of the end; after a DELETE the client wants to hear nothing.
            if reservation.operations.get(operation_id) is asyncio.current_task():
                del reservation.operations[operation_id]
                await reservation.say(last)
        except Ended:
            pass


@dataclass(frozen=True, slots=True)
class Attached:
    """The stream of a reservation: an ASGI application for the one request that opened it."""

    reservations: Reservations
    reservation: Reservation
    request_id: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """From opening to end."""
        reservation = self.reservation
        stream = Stream(scope, receive, send, reservation, self.reservations.stream_bounds)
        reservation.stream = stream
        reservation.opened.set()
        try:
            stream.expire_at(reservation.identity.expires_at)
            await stream.run(_for_ever, stream_headers(self.request_id))
        finally:
            reservation.ended.set()


def owner_of(identity: Identity) -> tuple[Hashable | None, Hashable | None]:
    """Person and session."""
    return identity.user_id, identity.session_id


async def _for_ever() -> None:
    await asyncio.Event().wait()


def shown_token(connection: HTTPConnection) -> str | None:
    """The token of a reservation that a request shows, in the header or the address."""
    token = connection.headers.get(TOKEN_HEADER)
    if token is None:
        shown = connection.query_params.get("token")
        token = shown if shown is not None and shown.startswith(TOKEN_PREFIX) else None
    return token


def opens_stream(connection: HTTPConnection, preferred: str | None) -> bool:
    """Whether a GET that shows a token asks for the stream itself, and not for an operation on it."""
    names = {name for name, _ in parse_qsl(connection.scope["query_string"].decode("latin-1"), keep_blank_values=True)}
    return connection.scope["method"] == "GET" and preferred == EVENT_STREAM and not names & OPERATION_PARAMETERS
