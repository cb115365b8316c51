"""Peers that send without end: frames, heads, requests and sockets are bounded, and others are served meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import re
import tracemalloc
from contextlib import AsyncExitStack
from itertools import pairwise

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.frames import Opcode

from execution.protocol import MAX_HEAD_BYTES, MAX_PIPELINED, RequestProtocol
from execution.transports.allowance import Allowance
from execution.transports.socket import FRAMES_A_TURN, Bounds
from execution.transports.sockets import Sockets
from resolvers.context import NOBODY
from tests.conftest import Serving
from tests.people import PATIENCE_SECONDS
from tests.speaking import closing, greet, hear, say
from tests.test_peers import raw
from tests.toy import Served, serving

FOREVER = {"query": "subscription { forever { number } }"}


def test_an_allowance_fills_up_again_and_no_further() -> None:
    allowance = Allowance(burst=3, a_second=2.0)
    assert [allowance.take(10.0) for _ in range(4)] == [True, True, True, False]
    assert [allowance.take(10.6) for _ in range(2)] == [True, False]
    assert [allowance.take(100.0) for _ in range(4)] == [True, True, True, False]


@pytest.mark.parametrize("frame", [b'{"type":"ping"}', b'{"type":"pong"}', b'{"id":"x","type":"complete"}'])
async def test_a_flood_of_messages_closes_with_a_code_to_come_back_by(frame: bytes) -> None:
    async with serving(Bounds(burst_frames=20, frames_a_second=1.0)) as served, served.dial() as socket:
        await greet(socket)
        for _ in range(19):
            await socket.send(frame, text=True)
        await say(socket, type="ping", payload={"last": True})
        with contextlib.suppress(ConnectionClosed):
            while True:
                await hear(socket)
        assert await closing(socket) == (1013, "Too many messages in too short a time.")


async def test_a_queue_of_frames_lets_others_have_the_loop() -> None:
    async with (
        serving(Bounds(burst_frames=10**9)) as served,
        raw(served) as (client, task),
        asyncio.timeout(PATIENCE_SECONDS),
    ):
        (server,) = served.sockets.open
        seen: list[int] = []
        loop = asyncio.get_running_loop()

        def look() -> None:
            seen.append(server.frames)  # type: ignore[attr-defined]  # the registry knows less of a socket than this
            if not task.done():
                loop.call_soon(look)

        loop.call_soon(look)
        for _ in range(2_000):
            client.send(b'{"type":"pong"}')
        client.send(b"[]")
        await asyncio.wait({task})
        steps = [later - earlier for earlier, later in pairwise(seen)]
        assert seen[-1] > 2_000
        assert max(steps) <= FRAMES_A_TURN


@pytest.mark.parametrize("opcode", [Opcode.PING, Opcode.PONG])
async def test_a_flood_of_control_frames_is_cut_off(opcode: Opcode) -> None:
    async with serving() as served, raw(served) as (client, task), asyncio.timeout(PATIENCE_SECONDS):
        for _ in range(1_000):
            client.send(b"", opcode)
        await asyncio.wait({task})
        assert served.sockets.count == 0


async def test_who_goes_on_after_the_close_is_cut_off() -> None:
    async with serving() as served, raw(served) as (client, task), asyncio.timeout(PATIENCE_SECONDS):
        client.send(b"[]")
        assert b"JSON" in await client.reader.readuntil(b"objects.")
        await asyncio.wait({task})
        with contextlib.suppress(ConnectionError):
            while served.server.server_state.connections:
                client.send(b"x" * 1_000)
                await client.writer.drain()
        assert not served.server.server_state.connections


async def test_sockets_of_the_signed_out_are_bounded_by_address() -> None:
    async with serving(sockets=Sockets(max_per_address=2)) as served, AsyncExitStack() as stack:
        first, second, third, ann = [await stack.enter_async_context(served.dial()) for _ in range(4)]
        await greet(first)
        await greet(second)
        await say(third, type="connection_init")
        code, reason = await closing(third)
        assert (code, reason.startswith("2 sockets are open from here")) == (4403, True)
        await greet(ann, "Bearer ann")
        await first.close()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(tasks := set(served.server.server_state.tasks)) > 2:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        again = await stack.enter_async_context(served.dial())
        await greet(again)
        for socket in (second, again, ann):
            await socket.close()
        await served.idle()
        assert (served.sockets.signed_out, served.sockets.networks) == ({}, {})


class Quiet:
    """A socket that only stands in the registry."""

    async def close(self, code: int, reason: str) -> None:
        """It is closed already."""


async def test_addresses_of_one_network_are_counted_as_one(running: Serving) -> None:
    network_of = running.application.state.sockets.network_of
    registry = Sockets(max_per_address=1, network_of=network_of)
    addresses = ["2001:db8:1:2::9", "2001:db8:1:2:ffff::9", "2001:db8:1:3::9", "192.0.2.1", "::ffff:192.0.2.1"]
    refused = [registry.sign_in(Quiet(), NOBODY, address) is not None for address in addresses]
    assert refused == [False, True, False, False, True]


async def test_operations_of_the_signed_out_are_fewer() -> None:
    async with serving(Bounds(max_operations_signed_out=2)) as served:
        for authorization, answer in ((None, "error"), ("Bearer ann", "next")):
            async with served.dial() as socket:
                await greet(socket, authorization)
                for number in "123":
                    await say(socket, type="subscribe", id=number, payload=FOREVER)
                    heard = await hear(socket)
                assert (heard["id"], heard["type"]) == ("3", answer)
                if answer == "error":
                    assert heard["payload"][0]["extensions"]["code"] == "QUOTA_EXCEEDED"


async def flood(served: Served, head: bytes, more: bytes, most_bytes: int) -> tuple[bytes, int]:
    """What comes back, and how many bytes went out before the server had enough; one write awaits the one before."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    sent = 0
    answer = b""
    with contextlib.suppress(ConnectionError):
        writer.write(head)
        while sent < most_bytes and not reader.at_eof():
            writer.write(more)
            sent += len(more)
            await writer.drain()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0):
                    answer += await reader.read(1_000)
    with contextlib.suppress(ConnectionError):
        answer += await reader.read()
    writer.transport.abort()
    return answer, sent


POST = b"POST /graphql HTTP/1.1\r\nhost: a\r\n"
CHUNKED = POST + b"content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
HEADS = {
    "one header": (POST + b"x: ", b"y" * 4_096),
    "many headers": (POST, b"x: y\r\n" * 700),
    "header names": (POST, b"y" * 4_096),
    "address": (b"GET /graphql?", b"y" * 4_096),
    "trailers": (CHUNKED + b"0\r\n", b"x: y\r\n" * 700),
    "one trailer": (CHUNKED + b"0\r\nx: ", b"y" * 4_096),
    "chunk extension": (CHUNKED + b"1;x=", b"y" * 4_096),
    "line breaks": (b"", b"\r\n" * 2_000),
}


class Unhurried(RequestProtocol):
    """It gives everybody the time they want, so that what cuts a peer off is how much was sent."""

    head_seconds = 10 * PATIENCE_SECONDS


@pytest.mark.parametrize(("head", "more"), HEADS.values(), ids=HEADS.keys())
async def test_heads_are_bounded(head: bytes, more: bytes) -> None:
    async with serving(request_protocol=Unhurried) as served, asyncio.timeout(PATIENCE_SECONDS):
        tracemalloc.start()
        answer, sent = await flood(served, head, more, 64 * 1024 * 1024)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert sent < 16 * 1024 * 1024  # the most that fits into buffers between here and there
        assert peak < 4 * 1024 * 1024
        assert answer == b"" or re.match(rb"HTTP/1.1 (414|431) ", answer)
        await served.idle()


async def test_a_large_head_is_told_431_and_a_fair_one_is_taken() -> None:
    async with serving() as served, asyncio.timeout(PATIENCE_SECONDS):
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(POST + b"x: " + b"y" * MAX_HEAD_BYTES + b"\r\n\r\n")
        assert b" 431 " in await reader.readline()
        writer.close()
        async with served.client() as client:
            long = {"query": "{hello}", "variables": '{"a":"%s"}' % ("x" * (MAX_HEAD_BYTES - 2_000))}
            assert (await client.get(served.url, params=long)).status_code == 200


async def test_requests_that_wait_for_their_turn_are_bounded() -> None:
    waiting = 0

    class Watched(RequestProtocol):
        def on_headers_complete(self) -> None:
            nonlocal waiting
            waiting = max(waiting, len(self.pipeline))
            super().on_headers_complete()

    async with serving(request_protocol=Watched) as served, asyncio.timeout(PATIENCE_SECONDS):
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        get = b"GET /graphql?query={hello} HTTP/1.1\r\nhost: a\r\n\r\n"
        writer.write(get * MAX_PIPELINED)
        for _ in range(MAX_PIPELINED):
            assert b" 200 " in (await reader.readuntil(b"}}}")).split(b"\r\n")[0]
        with contextlib.suppress(ConnectionError):
            writer.write(get * 200_000)
            await reader.read()
        await served.idle()
        assert waiting <= MAX_PIPELINED
        writer.transport.abort()
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            assert (await client.get(served.url, params={"query": "{hello}"})).status_code == 200
