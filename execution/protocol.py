"""uvicorn as we run it: peers that fall silent, stop reading or dawdle over a request are cut off, not waited for.

uvicorn's own way with such a peer is `transport.close()`, which first waits for a flush that never comes; the socket, its
buffer and its task then stay for ever. Here every close has a deadline and every buffer a bound, and the listening socket
carries TCP_USER_TIMEOUT for what happens below us. Heads of requests have `HEAD_SECONDS` and `MAX_HEAD_BYTES`; bodies are
timed where they are read (`execution/transports/body.py`). A reverse proxy in front should have its own limits all the same.
"""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Callable
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request

from execution.patient import PatientTransport
from execution.rejection import BAD_REQUEST, error_object
from execution.transports.allowance import Allowance
from execution.transports.outlet import WIRE_EXTENSION
from execution.transports.socket import ABORT_EXTENSION
from execution.transports.stream import SHUTDOWN_EXTENSION
from execution.waiting import Gate, Line
from execution.wire import encode
from settings import Settings

MAX_MESSAGE_BYTES = 64 * 1024
PING_SECONDS = 20.0
PING_BYTES = 4  # that tell a pong from an older one
PING_HEAD = bytes((0x89, PING_BYTES))
PONG_SECONDS = 8.0  # after a ping: whoever answers none is gone within 28
KEEP_ALIVE_SECONDS = 5  # short, since uvicorn forgets to cancel this timer when a connection is reset
HEAD_SECONDS = 10.0
MAX_HEAD_BYTES = 32 * 1024  # of the address and the headers of one request, and of what has not become one of them yet
MAX_PIPELINED = 16  # requests that wait for the answer to an earlier one of their connection
BURST_PINGS = 200  # control frames are answered below the application, which counts the messages itself
PINGS_A_SECOND = 10.0
MAX_BYTES_AFTER_CLOSE = MAX_MESSAGE_BYTES  # read on after a close frame, so that the peer's own may still come
LINGER_SECONDS = 5.0
MAX_BUFFER_BYTES = 1024 * 1024  # above one large answer; frames go out one at a time and wait for the buffer to drain
WAITING_BYTES = (
    16 * 1024
)  # in a connection's buffer, above which whoever sends waits: a peer that reads never comes here
MAX_FRAGMENTS = 64
USER_TIMEOUT_MILLISECONDS = 20_000
GRACE_SECONDS = 10
BACKLOG = 2_048


class SocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol for peers that may not be well. Subclasses may set other times."""

    linger_seconds = LINGER_SECONDS
    max_buffer_bytes = MAX_BUFFER_BYTES
    burst_pings = BURST_PINGS
    bytes_after_close = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Puts the patient transport between uvicorn and the wire."""
        self.patient = PatientTransport(cast(asyncio.Transport, transport), self.linger_seconds, self.max_buffer_bytes)
        self.wire = self.patient.transport
        self.wire.set_write_buffer_limits(WAITING_BYTES)
        self.pings = Allowance(self.burst_pings, PINGS_A_SECOND)
        self.close_timeout = self.linger_seconds  # for the answer to our close frame, before the connection is closed
        self.gate = Gate()
        self.queue, self.writable = Line(), self.gate  # type: ignore[assignment]  # all that uvicorn uses of them
        super().connection_made(self.patient)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tells uvicorn, and disarms the deadline."""
        super().connection_lost(exc)
        self.patient.settle()

    def handle_connect(self, event: Request) -> None:
        """Lets the application cut the connection, and write frames of its own: in `scope["extensions"]`."""
        super().handle_connect(event)
        if not self.close_sent:  # the handshake was good, so there is a scope, and its task has not started yet
            extensions = cast(dict[str, Any], self.scope["extensions"])
            extensions[ABORT_EXTENSION] = self.patient.abort
            extensions[WIRE_EXTENSION] = self

    async def send(self, message: ASGISendEvent) -> None:
        """As uvicorn does; what only the handshake needs is let go with it."""
        await super().send(message)
        if message["type"] == "websocket.accept":
            self.request = self.response = None  # type: ignore[assignment]  # nothing reads them from here on

    @property
    def has_room(self) -> bool:
        """Whether the socket is open and the peer has taken nearly all it was sent."""
        return self.handshake_complete and not self.close_sent and not self.disconnected and self.writable.is_set()

    def write_frames(self, frames: bytes) -> bool:
        """Writes whole text frames past the application; False, and nothing is written, when there is no room."""
        # As `has_room`, in one go: this is done for every delivery.
        if self.close_sent or self.disconnected or not self.gate.is_open or not self.handshake_complete:
            return False
        wire = self.wire
        if wire.is_closing():
            return False
        wire.write(frames)  # there is room, so the bound of the patient transport is far
        return True

    async def room(self) -> None:
        """Waits until there is room, or nobody left."""
        await self.writable.wait()

    def send_keepalive_ping(self) -> None:
        """As uvicorn does, without a detour over `websockets` for six bytes: there are as many as sockets, for ever."""
        self.ping_timer = None
        if self.close_sent or self.wire.is_closing():
            return
        self.pending_ping_payload = random.randbytes(PING_BYTES)
        self.ping_sent_at = self.loop.time()
        self.patient.write(PING_HEAD + self.pending_ping_payload)
        self.pong_timer = self.loop.call_later(self.ping_timeout or PONG_SECONDS, self.keepalive_timeout)

    def keepalive_timeout(self) -> None:
        """No pong in time: the peer is silent or reads nothing, so there is nobody to say goodbye to."""
        self.pong_timer = None
        self.pending_ping_payload = None
        self.patient.abort()

    def data_received(self, data: bytes) -> None:
        """Reads on for a little after our close frame; a peer that goes on sending is cut off."""
        if self.close_sent:
            self.bytes_after_close += len(data)
        if self.bytes_after_close > MAX_BYTES_AFTER_CLOSE:
            self.patient.abort()
            return
        super().data_received(data)

    def handle_ping(self) -> None:
        """Answers, or cuts off a peer that pings without end."""
        if self._spares_control_frames():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        """Takes it, or cuts off a peer that sends them without end."""
        if self._spares_control_frames():
            super().handle_pong(event)

    def _spares_control_frames(self) -> bool:
        if self.pings.take(self.loop.time()):
            return True
        self.patient.abort()
        return False

    def handle_cont(self, event: Frame) -> None:
        """Bounds the pieces of a message; its bytes are bounded by `ws_max_size`."""
        if len(self.frames) >= MAX_FRAGMENTS:
            self.patient.abort()
            return
        super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        """Hands text that is not UTF-8 on as bytes, which the application refuses with a code and a reason."""
        if self.curr_msg_data_type == "text":
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self.curr_msg_data_type = "bytes"
        super().send_receive_event_to_app()


class TooMuch(Exception):
    """The peer sends more than it may; the parser stops."""


class RequestProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol with a deadline and a size for the head of each request. Subclasses may set another time.

    An answer that goes on may cut the connection, and may ask to be told when the server stops: two functions in
    `scope["extensions"]`.
    """

    head_seconds = HEAD_SECONDS
    head_deadline: asyncio.TimerHandle | None = None
    head_bytes = 0  # of this request's address, headers and trailers
    idle_bytes = 0  # that came since anything was whole: a head, a piece of a body, a request
    too_much = False
    address_bytes = 0
    farewell: Callable[[], None] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """A connection that says nothing has no longer than a slow one."""
        transport.set_write_buffer_limits(WAITING_BYTES)
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Disarms the deadline."""
        self._head_arrived()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Counts what the parser keeps to itself: headers and trailers that do not end."""
        self.idle_bytes += len(data)
        super().data_received(data)
        if self.idle_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self._refuse()

    def on_message_begin(self) -> None:
        """The first byte of a request starts the clock, once; more bytes do not start it again."""
        super().on_message_begin()
        extensions = {ABORT_EXTENSION: self.transport.abort, SHUTDOWN_EXTENSION: self._on_shutdown}
        cast(dict[str, Any], self.scope)["extensions"] = extensions
        self.head_bytes = self.idle_bytes = self.address_bytes = 0
        self._expect_head()

    def shutdown(self) -> None:
        """Tells the answer that goes on; uvicorn waits for all answers."""
        super().shutdown()
        if self.farewell is not None:
            self.farewell()

    def _on_shutdown(self, farewell: Callable[[], None]) -> None:
        self.farewell = farewell

    def on_url(self, url: bytes) -> None:
        """A piece of the address."""
        self.address_bytes += len(url)
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header or a trailer."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole. Too many requests that wait for their turn cut the connection."""
        self.idle_bytes = 0
        self._head_arrived()
        if len(self.pipeline) >= MAX_PIPELINED:
            self.too_much = True
            raise TooMuch
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body; its bytes are bounded where they are read."""
        self.idle_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self.idle_bytes = 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """The parser gave up: over what is no HTTP, or over a `TooMuch`."""
        if self.transport.is_closing():
            return
        if self.too_much:
            self._refuse()
        else:
            super().send_400_response(msg)

    def _count(self, size: int) -> None:
        self.head_bytes += size
        if self.head_bytes > MAX_HEAD_BYTES:
            self.too_much = True
            raise TooMuch

    def _refuse(self) -> None:
        # An answer would get between those that earlier requests of the connection still wait for.
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.abort()
            return
        self.transport.write(_too_large(414 if self.address_bytes > MAX_HEAD_BYTES // 2 else 431))
        self.transport.close()

    def _expect_head(self) -> None:
        if self.head_deadline is None:
            self.head_deadline = self.loop.call_later(self.head_seconds, self.transport.abort)

    def _head_arrived(self) -> None:
        if self.head_deadline is not None:
            self.head_deadline.cancel()
            self.head_deadline = None


def _too_large(status: int) -> bytes:
    """A whole answer to a request whose address or headers are over their bound."""
    phrase, what = ("URI Too Long", "address") if status == 414 else ("Request Header Fields Too Large", "head")
    sentence = f"The {what} of the request has more than {MAX_HEAD_BYTES} bytes."
    body = encode({"errors": [error_object(sentence, BAD_REQUEST)]})
    lines = (
        f"HTTP/1.1 {status} {phrase}",
        "connection: close",
        "content-type: application/json; charset=utf-8",
        f"content-length: {len(body)}",
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def listen(host: str, port: int) -> socket.socket:
    """A listening socket whose connections end when what we sent stays unacknowledged for 20 s; port 0 for any."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
    # asyncio sets this only for sockets made with IPPROTO_TCP; without it each answer waits 40 ms for an acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; accepted sockets inherit it
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, USER_TIMEOUT_MILLISECONDS)
    return listening


def server_config(
    app: ASGIApp,
    settings: Settings,
    socket_protocol: type[SocketProtocol] = SocketProtocol,
    request_protocol: type[RequestProtocol] = RequestProtocol,
    ping_seconds: float = PING_SECONDS,
    pong_seconds: float = PONG_SECONDS,
) -> uvicorn.Config:
    """uvicorn's configuration; logging is left to whoever starts the process."""
    proxies = [host.strip() for host in settings.trusted_proxies.split(",") if host.strip()]
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        interface="asgi3",
        loop="uvloop",
        http=request_protocol,
        ws=socket_protocol,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_ping_interval=ping_seconds,
        ws_ping_timeout=pong_seconds,
        ws_per_message_deflate=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        backlog=BACKLOG,
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        # uvicorn by itself believes whoever connects from this machine.
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
    )


def serve(app: ASGIApp, settings: Settings) -> None:
    """Serves until a signal says stop."""
    listening = listen(settings.host, settings.port)
    uvicorn.Server(server_config(app, settings)).run(sockets=[listening])
