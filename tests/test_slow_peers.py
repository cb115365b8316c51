"""Peers that dawdle: heads and bodies byte by byte, sockets that never say who they are, answers that nobody reads.

Each is cut off within its bound, which is shorter here (`QUICK`) than in a process (all of them below 30 seconds), however
often a byte more arrives. Peers that answer no ping or stop reading their socket or stream stand in test_peers.py,
test_stream.py and test_fault_paused.py.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import socket

import orjson
import pytest

from execution import protocol
from execution.protocol import (
    HEAD_SECONDS,
    KEEP_ALIVE_SECONDS,
    LINGER_SECONDS,
    PING_SECONDS,
    PONG_SECONDS,
    USER_TIMEOUT_MILLISECONDS,
    RequestProtocol,
    SocketProtocol,
)
from execution.transports import http, stream
from execution.transports.socket import Bounds
from execution.transports.stream import StreamBounds
from tests.toy import Served, serving

QUICK = 0.3
PAUSE = 0.02  # between two bytes of a peer that dawdles
PATIENCE = 60.0
HEAD = b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
UPGRADE = (
    "GET /graphql HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)


class HastyRequests(RequestProtocol):
    head_seconds = QUICK


class HastySockets(SocketProtocol):
    linger_seconds = QUICK


async def dribble(served: Served, beginning: bytes, more: bytes) -> tuple[bytes, int]:
    """What is answered to a peer that sends a beginning, then one byte after another without end; and how many it could."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    answer = asyncio.create_task(reader.read())
    sent = 0
    with contextlib.suppress(ConnectionError):
        writer.write(beginning)
        while not answer.done():
            writer.write(more)
            sent += 1
            await asyncio.wait({answer}, timeout=PAUSE)
    writer.transport.abort()
    with contextlib.suppress(ConnectionError):
        return await answer, sent
    return b"", sent


async def nobody_left(served: Served) -> None:
    """Wait until the server holds no connection."""
    while served.server.server_state.connections:  # noqa: ASYNC110  # uvicorn tells in no other way
        await asyncio.sleep(PAUSE)


@pytest.mark.parametrize(
    ("beginning", "more"),
    [(b"GET /", b"x"), (HEAD, b"x"), (HEAD + b"x: ", b"y"), (HEAD, b"x: y\r\n"), (b"", b"\r\n")],
    ids=["address", "header name", "header value", "headers", "line breaks"],
)
async def test_a_head_byte_by_byte_is_cut_off(beginning: bytes, more: bytes) -> None:
    async with serving(request_protocol=HastyRequests) as served, asyncio.timeout(PATIENCE):
        _, sent = await dribble(served, beginning, more)
        assert sent > 1
        await served.idle()
        await nobody_left(served)


@pytest.mark.parametrize(
    ("beginning", "more"),
    [
        (HEAD + b"content-length: 100000\r\n\r\n", b" "),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    ],
    ids=["with a length", "in chunks"],
)
async def test_a_body_byte_by_byte_is_told_408_and_cut_off(beginning: bytes, more: bytes) -> None:
    async with serving(body_seconds=QUICK) as served, asyncio.timeout(PATIENCE):
        answer, sent = await dribble(served, beginning, more)
        assert sent > 1
        assert answer == b"" or b" 408 " in answer.split(b"\r\n")[0]
        await served.idle()
        await nobody_left(served)


@pytest.mark.parametrize("what", ["nothing", "half a frame", "a frame byte by byte"])
async def test_a_socket_that_never_says_who_it_is_is_cut_off(what: str) -> None:
    """It reads nothing either, and so never answers the close frame."""
    async with (
        serving(Bounds(init_seconds=QUICK), socket_protocol=HastySockets) as served,
        asyncio.timeout(PATIENCE),
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port, limit=4_096)
        writer.write(UPGRADE.format(key=base64.b64encode(os.urandom(16)).decode()).encode())
        assert b"101" in await reader.readuntil(b"\r\n\r\n")
        (task,) = served.server.server_state.tasks
        if what != "nothing":
            writer.write(b"\x81\xfe\x7f\xff\0\0\0\0{")
        while not task.done():
            if what == "a frame byte by byte":
                writer.write(b" ")
            await asyncio.wait({task}, timeout=PAUSE)
        await nobody_left(served)
        assert served.sockets.count == 0
        writer.transport.abort()


async def test_a_plain_answer_that_nobody_reads_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent stays unacknowledged: the kernel gives the connection up, whatever is written into it."""
    monkeypatch.setattr(protocol, "USER_TIMEOUT_MILLISECONDS", 1_000)
    async with serving() as served, asyncio.timeout(PATIENCE):
        pipe = socket.socket()
        pipe.setblocking(False)
        pipe.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(pipe, ("127.0.0.1", served.port))
        body = orjson.dumps({"query": '{ hello(name: "%s") }' % ("x" * 100_000)})
        with contextlib.suppress(ConnectionError, BlockingIOError):
            for _ in range(40):  # until nothing more is taken
                await asyncio.wait_for(
                    loop.sock_sendall(pipe, HEAD + b"content-length: %d\r\n\r\n" % len(body) + body), 1
                )
        await nobody_left(served)
        await served.idle()
        pipe.close()


def test_in_a_process_every_bound_is_below_thirty_seconds() -> None:
    bounds, streams = Bounds(), StreamBounds()
    silent = PING_SECONDS + PONG_SECONDS
    found = {
        "head": HEAD_SECONDS,
        "body": http.BODY_SECONDS,
        "silent after the upgrade": bounds.init_seconds + 2 * LINGER_SECONDS,
        "stops reading a socket": bounds.send_seconds,
        "stops reading a stream": streams.send_seconds,
        "half-open": min(silent, stream.HEARTBEAT_SECONDS + USER_TIMEOUT_MILLISECONDS / 1_000),
        "answers no ping": silent,
        "unread answer": USER_TIMEOUT_MILLISECONDS / 1_000,
        "idle between requests": KEEP_ALIVE_SECONDS,
    }
    assert {name: seconds for name, seconds in found.items() if seconds > 30} == {}
