"""GraphQL over WebSocket: the graphql-transport-ws protocol, bounded on every side.

One task reads; each operation is a task of its own; frames go out one at a time, and a peer that does not take one within
`send_seconds` is aborted. However a socket ends, its operations are cancelled and their sources closed before it is
forgotten.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex

from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from errors import ErrorCode, Refusal
from execution.executor import Runner
from execution.gate import Gate, no_gate
from execution.identity import Authenticate, Identity, MakeContext
from execution.masking import present
from execution.rejection import error_object
from execution.transports.allowance import Allowance
from execution.transports.message import (
    DUPLICATE,
    FORBIDDEN,
    INIT_TIMEOUT,
    MALFORMED,
    SUBPROTOCOL,
    TOO_MANY_INITS,
    TRY_LATER,
    UNAUTHORIZED,
    WRONG_SUBPROTOCOL,
    Complete,
    ConnectionInit,
    Malformed,
    Message,
    Ping,
    Pong,
    Subscribe,
    ack_frame,
    error_frame,
    fit_reason,
    pong_frame,
    read_message,
)
from execution.transports.operations import Operations
from execution.transports.origin import Origins
from execution.transports.outlet import WIRE_EXTENSION, Wire
from execution.transports.sockets import Sockets

INIT_SECONDS = 10.0
SEND_SECONDS = 10.0
MAX_OPERATIONS = 100
MAX_OPERATIONS_SIGNED_OUT = 20
BURST_FRAMES = 200  # a client that comes back subscribes to everything at once
FRAMES_A_SECOND = 50.0
FRAMES_A_TURN = 16  # a source or a peer that never waits must let others have the loop
KEPT_HEADERS = frozenset({b"user-agent"})  # that operations may ask for
ABORT_EXTENSION = "fresque.abort"  # a function in scope["extensions"] that cuts the connection without a farewell


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a socket waits and how much it takes."""

    init_seconds: float = INIT_SECONDS
    send_seconds: float = SEND_SECONDS
    max_operations: int = MAX_OPERATIONS
    max_operations_signed_out: int = MAX_OPERATIONS_SIGNED_OUT
    burst_frames: int = BURST_FRAMES
    frames_a_second: float = FRAMES_A_SECOND


class SocketEndpoint:
    """An ASGI endpoint for WebSockets on one path; `sockets` is how they are closed from outside."""

    def __init__(
        self,
        runner: Runner,
        authenticate: Authenticate,
        make_context: MakeContext,
        origins: Origins,
        sockets: Sockets,
        bounds: Bounds | None = None,
        gate: Gate = no_gate,
    ) -> None:
        self.runner = runner
        self.authenticate = authenticate
        self.make_context = make_context
        self.origins = origins
        self.sockets = sockets
        self.bounds = bounds or Bounds()
        self.gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection from handshake to end."""
        socket = Socket(self, scope, receive, send)
        self.sockets.add(socket)
        try:
            await socket.converse()
        finally:
            self.sockets.remove(socket)


class Socket:
    """One connection. It is signed in once, by its `connection_init`."""

    def __init__(self, endpoint: SocketEndpoint, scope: Scope, receive: Receive, send: Send) -> None:
        self.endpoint = endpoint
        self.connection = HTTPConnection(scope)
        self.receive = receive
        self.send = send
        extensions = scope.get("extensions") or {}
        self.abort: Callable[[], None] | None = extensions.get(ABORT_EXTENSION)
        self.wire: Wire | None = extensions.get(WIRE_EXTENSION)
        self.sending = asyncio.Lock()
        self.identity: Identity | None = None
        self.operations = Operations(self)
        self.accepted = False
        self.closed = False
        self.frames = 0
        self.allowance = Allowance(endpoint.bounds.burst_frames, endpoint.bounds.frames_a_second)
        self.expiry: asyncio.TimerHandle | None = None

    async def converse(self) -> None:
        """Reads until the peer is gone or the socket is closed; leaves nothing running."""
        try:
            if await self._open():
                await self._read()
        finally:
            self.closed = True
            if self.expiry is not None:
                self.expiry.cancel()
            await self.operations.end()

    async def close(self, code: int, reason: str) -> None:
        """Ends the conversation with a close code; the reading task then sees the end and tidies up."""
        if self.closed or not self.accepted:
            return
        self.closed = True
        await self._push({"type": "websocket.close", "code": code, "reason": fit_reason(reason)})

    async def _open(self) -> bool:
        if (await self.receive())["type"] != "websocket.connect":
            return False
        offered = SUBPROTOCOL in self.connection.scope["subprotocols"]
        accepting: dict[str, object] = {"type": "websocket.accept", "subprotocol": SUBPROTOCOL if offered else None}
        self.accepted = await self._push(accepting)
        if not offered:
            await self.close(WRONG_SUBPROTOCOL, f"Only the subprotocol {SUBPROTOCOL} is spoken here.")
        elif self.endpoint.sockets.full:
            await self.close(TRY_LATER, "This server has no room for more sockets.")
        return self.accepted and not self.closed

    async def _read(self) -> None:
        deadline = asyncio.get_running_loop().time() + self.endpoint.bounds.init_seconds
        while not self.closed:
            try:
                async with asyncio.timeout_at(deadline if self.identity is None else None):
                    frame = await self.receive()
            except TimeoutError:
                return await self.close(INIT_TIMEOUT, "Connection initialisation timeout")
            if frame["type"] != "websocket.receive":
                return
            if not self.allowance.take(asyncio.get_running_loop().time()):
                return await self.close(TRY_LATER, "Too many messages in too short a time.")
            await self.breathe()
            await self._hear(frame.pop("text", None))  # the next may be long in coming, and this one large

    async def _hear(self, text: str | None) -> None:
        try:
            await self._take(read_message(text))
        except Malformed as error:
            await self.close(MALFORMED, str(error))

    async def _take(self, message: Message) -> None:
        match message:
            case Ping():
                await self.say(pong_frame(message.payload))
            case Pong():
                pass
            case ConnectionInit():
                if self.identity is not None:
                    await self.close(TOO_MANY_INITS, "Too many initialisation requests")
                else:
                    await self._sign_in(message)
            case Subscribe():
                await self._start(message)
            case Complete():
                self.operations.complete(message.id)

    async def _sign_in(self, message: ConnectionInit) -> None:
        authorization = message.payload.get("authorization")
        if authorization is not None and not isinstance(authorization, str):
            return await self.close(MALFORMED, "The authorization of connection_init must be a string.")
        given = authorization or self.connection.headers.get("authorization")
        try:
            identity = await self.endpoint.authenticate(self.connection, given)
        except Refusal as refusal:
            return await self.close(FORBIDDEN, refusal.message)
        except Exception as error:
            shown = present(error, token_hex(8))
            return await self.close(TRY_LATER, shown["message"])
        if identity.by_cookie and not self.endpoint.origins.trusts(self.connection):
            return await self.close(FORBIDDEN, "Pages of this origin may not act for a signed-in reader.")
        if identity.expires_at is not None:
            seconds = (identity.expires_at - datetime.now(UTC)).total_seconds()
            self.expiry = asyncio.get_running_loop().call_later(max(seconds, 0.0), self._expire)
        client = self.connection.client
        objection = self.endpoint.sockets.sign_in(self, identity, client.host if client is not None else "")
        if objection is not None:
            return await self.close(FORBIDDEN, objection)
        self.identity = identity
        self._forget_headers()
        await self.say(ack_frame())

    def _forget_headers(self) -> None:
        """What only the handshake and signing in need is let go with it: a browser sends a kilobyte or two, cookies included."""
        scope = self.connection.scope
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] in KEPT_HEADERS]
        self.connection = HTTPConnection(scope)

    def _expire(self) -> None:
        self.endpoint.sockets.later(self.close(FORBIDDEN, "The session has expired."))

    async def _start(self, message: Subscribe) -> None:
        if self.identity is None:
            return await self.close(UNAUTHORIZED, "Unauthorized")
        if message.id in self.operations.running:
            return await self.close(DUPLICATE, f"Subscriber for {message.id} already exists")
        bounds = self.endpoint.bounds
        most = bounds.max_operations
        if self.identity.user_id is None:
            most = min(most, bounds.max_operations_signed_out)
        if len(self.operations.running) >= most or self.operations.task_count >= 2 * most:
            error = error_object(f"{most} operations run on this socket already.", ErrorCode.QUOTA_EXCEEDED.value)
            return await self.say(error_frame(message.id, [error]))
        self.operations.start(message, self.identity)

    async def breathe(self) -> None:
        """Lets others have the loop, now and then."""
        # Neither a queue of frames nor a free buffer makes a task wait, so that it must step aside by itself.
        self.frames += 1
        if self.frames % FRAMES_A_TURN == 0:
            await asyncio.sleep(0)

    async def say(self, frame: str) -> None:
        """Sends a text frame, unless the socket is closed."""
        if not self.closed:
            await self._push({"type": "websocket.send", "text": frame})

    async def _push(self, event: dict[str, object]) -> bool:
        """Sends one event; False when the peer is gone or takes nothing, and then the connection is cut."""
        try:
            async with asyncio.timeout(self.endpoint.bounds.send_seconds), self.sending:
                await self.send(event)
        except TimeoutError:
            self.cut()
            return False
        # Servers tell a lost peer by an error of OSError's kin, or of RuntimeError's when it is closed already.
        except (OSError, RuntimeError):
            self.closed = True
            return False
        return True

    def cut(self) -> None:
        """The peer takes nothing: there is nobody to say goodbye to."""
        self.closed = True
        if self.abort is not None:
            self.abort()
