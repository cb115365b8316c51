"""Subscriptions as one long HTTP answer: opened, kept alive, bounded and ended the same way whatever the framing.

One frame goes out at a time and waits until the peer has room for it, so that the source is as slow as its reader; a peer
that takes nothing within `send_seconds` is cut off. A stream counts as a socket of its person: it is closed when the session
ends, expires or is revoked, and when the server stops. Answers in parts (`parts.py`) go out by `Stream`, too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

from graphql import OperationType
from starlette.types import Receive, Scope, Send

from errors import ErrorCode
from execution.documents import Operation
from execution.executor import Runner
from execution.frame import Rendered
from execution.identity import Context, Identity
from execution.masking import present
from execution.member import Member
from execution.rejection import ErrorObject, Rejection, ResultObject
from execution.source import Source
from execution.transports.body import HttpProblem
from execution.transports.message import FORBIDDEN, RESTARTING
from execution.transports.outlet import Mailbox
from execution.transports.socket import ABORT_EXTENSION, FRAMES_A_TURN
from execution.transports.sockets import SESSION_ENDED, Closable, Sockets
from realtime.cancel import end_tasks
from realtime.level import Level

HEARTBEAT_SECONDS = 8.0  # with TCP_USER_TIMEOUT's 20, a peer that vanished is known to have within 28
SEND_SECONDS = 10.0
PARTS_SECONDS = 60.0  # a session that ends, or a block, is felt by an answer in parts no later
PATIENCE_SECONDS = 10.0  # for what ignores being cancelled
RETRY_AFTER_SECONDS = 10
SHUTDOWN_EXTENSION = (
    "fresque.shutdown"  # a function in scope["extensions"] that takes what to call when the server stops
)
EXPIRED = "The session has expired."


class Framing(Protocol):
    """How results are written into one answer."""

    @property
    def content_type(self) -> str:
        """The media type of the answer, with parameters."""

    def opening(self) -> bytes:
        """What comes first, at once, so that the peer sees the answer begin."""

    def heartbeat(self) -> bytes:
        """What carries nothing and keeps the connection alive."""

    def result(self, result: ResultObject) -> bytes:
        """One result. Raises TypeError for what is no JSON."""

    def complete(self) -> bytes:
        """The operation came to its end."""

    def closed(self, code: int, reason: str) -> bytes:
        """The stream is closed from outside; the code is one of WebSocket's (`message.py`)."""


class Following(Framing, Protocol):
    """How the results of a subscription are written."""

    def shared(self, rendered: Rendered) -> bytes:
        """One result that was encoded already."""


class Ended(Exception):
    """The stream is over: there is nobody to deliver to."""


@dataclass(frozen=True, slots=True)
class StreamBounds:
    """How often a stream says something whether or not there is a result, and how long a frame may wait for its reader.

    `parts_seconds` is for all of an answer in parts, its reader's slowness included.
    """

    heartbeat_seconds: float = HEARTBEAT_SECONDS
    send_seconds: float = SEND_SECONDS
    parts_seconds: float = PARTS_SECONDS


class Stream:
    """One answer that goes on. `run` is its life; `say` may be called by several tasks."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, framing: Framing, bounds: StreamBounds) -> None:
        extensions: dict[str, Any] = scope.get("extensions") or {}
        self.abort: Callable[[], None] | None = extensions.get(ABORT_EXTENSION)
        self.on_shutdown: Callable[[Callable[[], None]], None] | None = extensions.get(SHUTDOWN_EXTENSION)
        self.receive = receive
        self.send = send
        self.framing = framing
        self.bounds = bounds
        self.sending = asyncio.Lock()
        self.closing = asyncio.Event()
        self.farewell = b""
        self.gone = False
        self.said = 0
        self.expiry: asyncio.TimerHandle | None = None

    async def run(self, work: Callable[[], Awaitable[None]], headers: Iterable[tuple[str, str]]) -> None:
        """Opens the answer, works until the work is done, the peer is gone or the stream is closed, and ends it.

        Leaves nothing running; raises nothing but what the work raised.
        """
        watching = asyncio.create_task(_until_gone(self.receive))
        closing = asyncio.create_task(self.closing.wait())
        working: asyncio.Task[None] | None = None
        beating: asyncio.Task[None] | None = None
        if self.on_shutdown is not None:
            self.on_shutdown(partial(self.end, RESTARTING, "The server restarts."))
        try:
            if await self._open(headers):
                working = asyncio.create_task(_run(work))
                beating = asyncio.create_task(self._beat())
                await asyncio.wait((watching, closing, working), return_when=asyncio.FIRST_COMPLETED)
            self.gone = self.gone or watching.done()
            await end_tasks([task for task in (working, beating) if task is not None], PATIENCE_SECONDS)
            await self._push(self.farewell, more=False)
            if self.gone:  # the server is to notice it, too, before the answer is left as it is
                await asyncio.wait((watching,), timeout=self.bounds.send_seconds)
        finally:
            if self.expiry is not None:
                self.expiry.cancel()
            left = [task for task in (watching, closing, working, beating) if task is not None]
            await end_tasks(left, PATIENCE_SECONDS)
        if working is not None and working.done() and not working.cancelled():
            with suppress(Ended):
                working.result()

    async def say(self, piece: bytes) -> None:
        """Sends one frame. Raises `Ended` when the stream is over."""
        if self.closing.is_set() or not await self._push(piece):
            raise Ended
        self.said += 1
        if self.said % FRAMES_A_TURN == 0:  # a source that never waits must let others have the loop
            await asyncio.sleep(0)

    async def close(self, code: int, reason: str) -> None:
        """Ends the stream from outside, with a farewell in its framing."""
        self.end(code, reason)

    def end(self, code: int, reason: str) -> None:
        """As `close`, at once."""
        if not self.closing.is_set():
            self.farewell = self.framing.closed(code, reason)
            self.closing.set()

    def expire_at(self, moment: datetime | None) -> None:
        """Ends the stream when the credentials end; None for never."""
        if moment is not None:
            seconds = max((moment - datetime.now(UTC)).total_seconds(), 0.0)
            self.expiry = asyncio.get_running_loop().call_later(seconds, self.end, FORBIDDEN, EXPIRED)

    async def _open(self, headers: Iterable[tuple[str, str]]) -> bool:
        raw = [(b"content-type", self.framing.content_type.encode("latin-1"))]
        raw += [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        opened = await self._put({"type": "http.response.start", "status": 200, "headers": raw})
        return opened and await self._push(self.framing.opening())

    async def _beat(self) -> None:
        # Also while there are results: a peer that vanished is noticed only by what it leaves unacknowledged.
        while True:
            await asyncio.sleep(self.bounds.heartbeat_seconds)
            await self._push(self.framing.heartbeat())

    async def _push(self, piece: bytes, more: bool = True) -> bool:
        return await self._put({"type": "http.response.body", "body": piece, "more_body": more})

    async def _put(self, event: dict[str, object]) -> bool:
        """Sends one event; False when the peer is gone or takes nothing, and then the connection is cut."""
        if self.gone:
            return False
        try:
            async with asyncio.timeout(self.bounds.send_seconds), self.sending:
                await self.send(event)
        except TimeoutError:
            self.gone = True
            if self.abort is not None:
                self.abort()
        except (OSError, RuntimeError):  # as servers tell that the peer is lost
            self.gone = True
        return not self.gone


@dataclass(frozen=True, slots=True)
class Live:
    """A subscription that is to be an answer of its own: an ASGI application for that one request.

    Called, it raises `HttpProblem` before anything is sent, and nothing after.
    """

    runner: Runner
    sockets: Sockets
    bounds: StreamBounds
    framing: Following
    operation: Operation
    context: Context
    identity: Identity
    request_id: str
    headers: list[tuple[str, str]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The stream from its opening to its end."""
        stream = Stream(scope, receive, send, self.framing, self.bounds)

        async def work() -> None:
            await stream.say(
                await deliver(self.runner, self.operation, self.context, self.request_id, stream.say, self.framing)
            )

        client = scope.get("client")
        enter(self.sockets, stream, self.identity, client[0] if client else "")
        try:
            stream.expire_at(self.identity.expires_at)
            await stream.run(work, [*stream_headers(self.request_id), *self.headers])
        finally:
            self.sockets.remove(stream)


async def deliver(
    runner: Runner,
    operation: Operation,
    context: Context,
    request_id: str,
    say: Callable[[bytes], Awaitable[None]],
    framing: Following,
) -> bytes:
    """Runs an operation into `say`; gives what is to be said last, which is also what ended it early."""
    try:
        if operation.kind is not OperationType.SUBSCRIPTION:
            await say(framing.result(await runner.run(operation, context, request_id)))
            return framing.complete()
        await _follow(runner, await runner.open(operation, context, request_id), say, framing)
    except Ended:
        raise
    except Rejection as rejection:
        return framing.result({"errors": rejection.errors}) + framing.complete()
    except Exception as error:
        return framing.result({"errors": [present(error, request_id)]}) + framing.complete()
    return framing.complete()


async def _follow(runner: Runner, source: Source, say: Callable[[bytes], Awaitable[None]], framing: Following) -> None:
    """Says what a source gives, until it ends; alone, or in company where that is possible."""
    groups, mailbox = runner.groups, Mailbox()
    member: Member | None = None
    try:
        while (found := await source.next()) is not None:
            if not isinstance(found, Level):
                await say(framing.result(found))
            elif groups is not None:
                if member is None:
                    member = groups.join(found, source, mailbox)
                    together = member is not None
                else:
                    together = groups.rejoin(member)
                while together and (rendered := await mailbox.take()):
                    for one in rendered:
                        await say(framing.shared(one))
    finally:
        if groups is not None and member is not None:
            groups.leave(member)
        await source.close()


def stream_headers(request_id: str) -> list[tuple[str, str]]:
    """The headers of every stream; nginx is asked to hand each frame on."""
    return [
        ("vary", "Accept"),
        ("cache-control", "no-store"),
        ("x-request-id", request_id),
        ("x-accel-buffering", "no"),
    ]


def outcome(result: ResultObject, framing: Framing) -> bytes:
    """A whole stream of one result, as a query or mutation has it. Raises TypeError for what is no JSON."""
    return framing.opening() + framing.result(result) + framing.complete()


def enter(sockets: Sockets, stream: Closable, identity: Identity, address: str) -> None:
    """Counts a stream among the sockets of its person, or of the peer's address; `Sockets.remove` ends that. Raises `HttpProblem` (401, 429, 503)."""
    later = {"retry-after": str(RETRY_AFTER_SECONDS)}
    if sockets.full:
        raise HttpProblem(503, "This server has no room for more streams.", ErrorCode.QUOTA_EXCEEDED.value, later)
    sockets.add(stream)
    objection = sockets.sign_in(stream, identity, address)
    if objection is not None:
        sockets.remove(stream)
        if objection == SESSION_ENDED:
            raise HttpProblem(401, objection, ErrorCode.UNAUTHENTICATED.value)
        raise HttpProblem(429, objection, ErrorCode.QUOTA_EXCEEDED.value, later)


def ended_errors(reason: str) -> list[ErrorObject]:
    """What a stream says last when its session is over."""
    return [{"message": reason, "extensions": {"code": ErrorCode.UNAUTHENTICATED.value}}]


async def _run(work: Callable[[], Awaitable[None]]) -> None:
    await work()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
