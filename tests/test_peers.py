"""Peers that are not well: who is silent, stops reading or pings without end is cut off, and others go on."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from websockets.frames import Opcode

from execution.protocol import SocketProtocol, listen
from execution.transports.socket import Bounds
from tests.people import PATIENCE_SECONDS
from tests.speaking import greet, hear, say
from tests.toy import Served, serving

FOREVER = {"query": "subscription { forever { number } }"}
FLOOD = {"query": "subscription { flood { number filler } }"}


class Raw:
    """A client that does only what it is told: it answers no ping and reads nothing by itself."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, data: bytes, opcode: int = Opcode.TEXT) -> None:
        length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
        self.writer.write(bytes([0x80 | opcode]) + length + b"\0\0\0\0" + data)

    def say(self, **message: Any) -> None:
        self.send(orjson.dumps(message))


@asynccontextmanager
async def raw(served: Served) -> AsyncIterator[tuple[Raw, asyncio.Task[None]]]:
    """A raw client and the server's task for it; the client's buffers are small, so that it is soon behind."""
    before = set(served.server.server_state.tasks)
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port, limit=4_096)
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET /graphql HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n".encode()
    )
    assert b"101" in await reader.readuntil(b"\r\n\r\n")
    (task,) = set(served.server.server_state.tasks) - before
    client = Raw(reader, writer)
    client.say(type="connection_init")
    assert b"connection_ack" in await reader.readuntil(b"}")
    try:
        yield client, task
    finally:
        writer.transport.abort()


class Brisk(SocketProtocol):
    linger_seconds = 0.3
    max_buffer_bytes = 100_000
    burst_pings = 10**9


@pytest.mark.parametrize(
    ("send_seconds", "pong_seconds"), [(0.3, 20.0), (20.0, 0.3)], ids=["by the send timeout", "by the missing pong"]
)
async def test_who_stops_reading_is_cut_off_and_others_go_on(send_seconds: float, pong_seconds: float) -> None:
    bounds = Bounds(send_seconds=send_seconds, burst_frames=10**9)
    async with (
        serving(bounds, socket_protocol=Brisk, ping_seconds=0.3, pong_seconds=pong_seconds) as served,
        raw(served) as (client, task),
        served.dial() as other,
        asyncio.timeout(PATIENCE_SECONDS),
    ):
        await greet(other)
        client.say(type="subscribe", id="1", payload=FLOOD)
        buffered = 0
        while not task.done():
            await say(other, type="ping")
            assert await hear(other) == {"type": "pong"}
            for connection in served.server.server_state.connections:
                assert isinstance(connection, SocketProtocol)
                buffered = max(buffered, connection.patient.transport.get_write_buffer_size())
        assert served.world.sources == 0
        assert served.sockets.count == 1
        assert 0 < buffered < 100_000


async def test_who_is_silent_is_cut_off() -> None:
    async with (
        serving(socket_protocol=Brisk, ping_seconds=0.2, pong_seconds=0.2) as served,
        raw(served) as (client, task),
        served.dial() as other,
        asyncio.timeout(PATIENCE_SECONDS),
    ):
        await greet(other)
        client.say(type="subscribe", id="1", payload=FOREVER)
        await asyncio.wait({task})
        assert served.sockets.count == 1
        assert served.world.sources == 0


async def test_who_pings_and_never_reads_is_cut_off() -> None:
    async with (
        serving(socket_protocol=Brisk) as served,
        raw(served) as (client, task),
        asyncio.timeout(PATIENCE_SECONDS),
    ):
        with contextlib.suppress(ConnectionError):
            while not task.done():
                for _ in range(200):
                    client.send(b"x" * 125, Opcode.PING)
                await client.writer.drain()
        await asyncio.wait({task})
        assert served.sockets.count == 0


async def test_a_closing_that_is_not_read_ends_all_the_same() -> None:
    async with (
        serving(Bounds(send_seconds=0.3), socket_protocol=Brisk) as served,
        raw(served) as (client, task),
        asyncio.timeout(PATIENCE_SECONDS),
    ):
        client.say(type="subscribe", id="1", payload=FLOOD)
        await client.reader.readuntil(b"next")
        await served.sockets.close_all()
        await asyncio.wait({task})
        assert served.world.sources == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_accepted_connections_give_up_on_a_dead_peer(host: str) -> None:
    with listen(host, 0) as listening, socket.create_connection(listening.getsockname()[:2]):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 20_000
