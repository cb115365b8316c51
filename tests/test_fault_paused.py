"""Two hundred subscribers who stop reading, at a real process: its memory stays as it was, and they are cut off."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager

import httpx
import orjson
import psutil
import pytest
from websockets.frames import Frame, Opcode

from dev.stack import Stack
from tests.people import PATIENCE_SECONDS, Feed, Person, Town
from tests.processes import Api, Processes, own_stack

SOCKETS_A_PERSON, STREAMS_A_PERSON, PEOPLE = 18, 2, 10
SUBSCRIBERS = (SOCKETS_A_PERSON + STREAMS_A_PERSON) * PEOPLE
POSTS = 1_000
MOST_GROWTH_MIB = 45  # until every buffer holds what it may: 230 KiB for each
MOST_MORE_MIB = 5  # after that
UNBOUNDED_POSTS = 400
WRITERS = 5
MIB = 1024 * 1024
LONG = "A long text. " * 38
COPIES = 25
# One event is 13 kB: what is kept of each for each subscriber would be 2.5 GB.
FOLLOW = (
    "subscription { exploreTimeline { __typename cursor ... on PostPublished { edge { node {"
    + " ".join(f"t{number}: text" for number in range(COPIES))
    + "} } } } }"
)
RECEIVED_BYTES, SEGMENT_BYTES = 4_096, 1_400  # as far as a client on the internet lets the kernel here send ahead
CUT_SECONDS = 20.0  # with a second's patience in the process; one that is not told otherwise has ten


@pytest.fixture(scope="module")
def own() -> Iterator[Stack]:
    with own_stack("paused", s3=False) as stack:
        yield stack


@asynccontextmanager
async def serving(own: Stack, variant: str) -> AsyncIterator[tuple[Api, Town]]:
    """One API process of this variant, with its relay."""
    house = Processes(own)
    try:
        api = house.api("api", variant)
        await house.begin(house.relay("relay"), api)
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as http:
            yield api, Town(api.url, http)
    finally:
        house.end()


async def connected(api: Api) -> socket.socket:
    """A connection of which little is sent ahead."""
    pipe = socket.socket()
    pipe.setblocking(False)
    pipe.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVED_BYTES)
    pipe.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT_BYTES)
    await asyncio.get_running_loop().sock_connect(pipe, ("127.0.0.1", api.port))
    return pipe


async def heard(pipe: socket.socket, words: bytes) -> None:
    """Read until these words have come."""
    loop, said = asyncio.get_running_loop(), b""
    async with asyncio.timeout(60):
        while words not in said:
            more = await loop.sock_recv(pipe, 4_096)
            assert more, said
            said += more


async def over_a_socket(api: Api, person: Person) -> socket.socket:
    """A subscription by WebSocket that had its first message, and is read no more."""
    pipe, loop = await connected(api), asyncio.get_running_loop()
    key = base64.b64encode(os.urandom(16)).decode()
    head = (
        f"GET /graphql HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    )
    await loop.sock_sendall(pipe, head.encode())
    await heard(pipe, b"\r\n\r\n")
    shown = {"authorization": f"Bearer {person.token}"}
    for message, answer in (
        ({"type": "connection_init", "payload": shown}, b"connection_ack"),
        ({"type": "subscribe", "id": "1", "payload": {"query": FOLLOW}}, b"LiveHeartbeat"),
    ):
        frame = Frame(Opcode.TEXT, orjson.dumps(message)).serialize(mask=True)
        await loop.sock_sendall(pipe, frame)
        await heard(pipe, answer)
    return pipe


async def over_a_stream(api: Api, person: Person) -> socket.socket:
    """The same by SSE."""
    pipe, body = await connected(api), orjson.dumps({"query": FOLLOW})
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {person.token}\r\nAccept: text/event-stream\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    await asyncio.get_running_loop().sock_sendall(pipe, head.encode() + body)
    await heard(pipe, b"LiveHeartbeat")
    return pipe


@asynccontextmanager
async def paused(api: Api, town: Town, people: int) -> AsyncIterator[Sequence[socket.socket]]:
    """Twenty subscribers of each of so many people, who stop reading after the first message."""
    pipes: list[socket.socket] = []
    try:
        for _ in range(people):
            person = await town.person("paused")
            pipes += [await over_a_socket(api, person) for _ in range(SOCKETS_A_PERSON)]
            pipes += [await over_a_stream(api, person) for _ in range(STREAMS_A_PERSON)]
        yield pipes
    finally:
        for pipe in pipes:
            pipe.close()


async def write(town: Town, count: int) -> None:
    """So many long posts, by several people at once."""
    authors = [await town.person("ada") for _ in range(WRITERS)]

    async def some(author: Person) -> None:
        for number in range(count // WRITERS):
            await author.write(f"{number} {LONG}")

    await asyncio.gather(*(some(author) for author in authors))


def still(api: Api, pipes: Sequence[socket.socket]) -> int:
    """How many of these connections the process still holds."""
    ports = {pipe.getsockname()[1] for pipe in pipes}
    held = psutil.Process(api.pid).net_connections("tcp")
    return len(ports & {found.raddr.port for found in held if found.raddr})


async def growth(api: Api, town: Town, people: int, posts: int) -> tuple[float, float, int]:
    """How much the process grows (MiB) by that many posts to whoever is paused, how much of it in the second half, and how
    many of them it still has."""
    process = psutil.Process(api.pid)
    await write(town, 100)  # whatever grows once has grown
    async with paused(api, town, people) as pipes, town.live("ExploreLive") as well:
        sizes = [process.memory_info().rss]
        for half in (posts // 2, posts - posts // 2):
            await asyncio.gather(write(town, half), read(well, half))
            sizes.append(process.memory_info().rss)
        return (sizes[2] - sizes[0]) / MIB, (sizes[2] - sizes[1]) / MIB, still(api, pipes)


async def read(well: Feed, posts: int) -> None:
    """Somebody hears of all these posts."""
    for _ in range(posts):
        assert (await well.next())["__typename"] == "PostPublished"


async def test_memory_is_flat_with_paused_subscribers(own: Stack) -> None:
    async with serving(own, "patient") as (api, town):
        grown, more, there = await growth(api, town, PEOPLE, POSTS)
    async with serving(own, "boundless") as (api, town):
        leaked, leaking, few = await growth(api, town, 1, UNBOUNDED_POSTS)
    print(f"{there} paused, {POSTS} posts: {grown:.1f} MiB, {more:.1f} of them in the second half;")
    print(f"without bounds {few} and {UNBOUNDED_POSTS}: {leaked:.1f} and {leaking:.1f} MiB")
    assert there == SUBSCRIBERS, "they were there to the end"
    assert (grown < MOST_GROWTH_MIB, more < MOST_MORE_MIB) == (True, True)
    assert (leaked > MOST_GROWTH_MIB, leaking > MOST_MORE_MIB) == (True, True)


async def test_paused_subscribers_are_cut_off(own: Stack) -> None:
    async with serving(own, "brisk") as (api, town), paused(api, town, 2) as pipes, town.live("ExploreLive") as well:
        assert still(api, pipes) == len(pipes)
        async with asyncio.timeout(CUT_SECONDS):
            while still(api, pipes):
                post = await (await town.person("ada")).write(LONG)
                while (await well.next())["edge"]["node"]["id"] != post:
                    pass
