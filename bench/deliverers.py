"""Servers that deliver to subscribers, each spoken to alike: ours, bare `websockets.broadcast`, and peers from npm.

A `Deliverer` is one process; its clients are in another. `deliver` brings one of the `KINDS` of events to them.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from bench.child import Child
from bench.home import DOCUMENTS, serve_ready
from bench.results import HERE
from dev import node
from dev.ports import LOOPBACK, free_pairs
from models.publishing import Draft, write
from models.transaction import transaction

KINDS = {"one": "one event to all", "ten": "ten at once", "each": "another event for each"}
BURST = 10
BETWEEN_SECONDS = 0.06  # between single events: more than a tick
PEERS = {"graphql-ws on graphql-yoga, Redis": "yoga", "mercurius, Redis": "mercurius"}
FIELDS = {"ExploreLive": "exploreTimeline", "HomeLive": "homeTimeline"}


def said_by(number: int, operation: str) -> list[str]:
    """What person `number` says on a socket to follow a feed, under an id of their own."""
    init = {"type": "connection_init", "payload": {"authorization": f"Bearer frq_bench_{number}"}}
    payload = {"query": DOCUMENTS[operation], "operationName": operation, "variables": {}}
    asked = {"id": f"0a1b2c3d-0000-4000-8000-{number:012}", "type": "subscribe", "payload": payload}
    return [orjson.dumps(init).decode(), orjson.dumps(asked).decode()]


@dataclass(slots=True)
class Deliverer(ABC):
    """A server process on a port, and its clients, of whom there are `count`."""

    name: str
    server: Child
    port: int
    operation: str
    clients: Child
    count: int = 0

    async def connect(self, who: Sequence[int]) -> None:
        """These people listen too; returns when each has subscribed."""
        await self.clients.ask(do="connect", port=self.port, **self.handshake(who))
        self.count += len(who)

    def handshake(self, who: Sequence[int]) -> dict[str, Any]:
        """What clients are to say, and whether the server answers with a first message."""
        said = [said_by(number, self.operation) for number in who]
        return {"path": "/graphql", "said": said, "subprotocol": "graphql-transport-ws", "greeted": True}

    def frames(self, kind: str) -> int:
        """How many frames the clients get of an event of this kind."""
        return self.count * (BURST if kind == "ten" else 1)

    @abstractmethod
    async def deliver(self, kind: str, *, stamp: bool = False) -> None:
        """Bring an event of this kind on its way; `stamp`: its text says when."""

    async def round(self, kind: str) -> float:
        """CPU µs of the server for each frame, up to the last one at a client. Raises RuntimeError when one is missing."""
        await self.clients.ask(do="mark", latency=False)
        before, frames = self.server.cpu_seconds, self.frames(kind)
        await self.deliver(kind)
        found = await self.clients.ask(do="expect", frames=frames)
        await asyncio.sleep(BETWEEN_SECONDS)
        if found["frames"] != frames or found["closed"]:
            raise RuntimeError(f"{self.name}: {found['frames']} frames of {frames}, {found['closed']} sockets closed")
        return (self.server.cpu_seconds - before) / frames * 1e6

    async def latencies_ms(self, rate: float, seconds: float) -> list[float]:
        """Sorted ms from before an event is published to each client, at so many events a second."""
        await self.clients.ask(do="mark", latency=True)
        began, events = time.monotonic(), int(rate * seconds)
        for number in range(events):
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            await self.deliver("one", stamp=True)
        await self.clients.ask(do="expect", frames=events * self.count)
        found: list[float] = (await self.clients.ask(do="latencies"))["latencies_ms"]
        return found

    async def sample(self) -> str:
        """A frame that a client got. Raises RuntimeError when it tells of errors."""
        text: str = (await self.clients.ask(do="mark", latency=False))["sample"]
        if '"errors"' in text:
            raise RuntimeError(f"{self.name} sends {text[:500]}")
        return text

    async def end(self) -> None:
        """Stop server and clients."""
        await self.clients.end()
        await self.server.end()


@dataclass(slots=True)
class Ours(Deliverer):
    """`python -m app`; posts are written past it, straight into the database, so that it does nothing but deliver."""

    star: int = 0
    own: Sequence[int] = ()

    async def deliver(self, kind: str, *, stamp: bool = False) -> None:
        """A post of whom all follow, ten of them in one transaction, or one of each author whom only one follows."""
        text = f"at {time.time():.6f}" if stamp else "A post"
        authors = {"one": [self.star], "ten": [self.star] * BURST, "each": self.own[: self.count]}[kind]
        async with transaction():
            for author in authors:
                await write(author, Draft(text))


@dataclass(slots=True)
class Bare(Deliverer):
    """Bare `websockets.broadcast`, or a `send` for each, of a text like ours."""

    text: str = ""

    def handshake(self, who: Sequence[int]) -> dict[str, Any]:
        """Clients only listen."""
        return {"path": "/", "said": [[]] * len(who), "subprotocol": "", "greeted": False}

    async def deliver(self, kind: str, *, stamp: bool = False) -> None:
        """Send the text."""
        text = f"at {time.time():.6f} {self.text}" if stamp else self.text
        await self.server.ask(text=text, times=BURST if kind == "ten" else 1, each=kind == "each")


@dataclass(slots=True)
class Peer(Deliverer):
    """A server from npm; a publisher of its own kind tells it over Redis what ours sent, values and all."""

    publisher: Child | None = None
    event: Mapping[str, Any] | None = None
    who: Sequence[int] = ()

    def handshake(self, who: Sequence[int]) -> dict[str, Any]:
        """As with ours, but nobody gets a first message."""
        self.who = [*self.who, *who]
        return {**super(Peer, self).handshake(who), "greeted": False}

    async def deliver(self, kind: str, *, stamp: bool = False) -> None:
        """Publish it on the topic of all, or on everybody's own."""
        assert self.publisher is not None
        field = FIELDS[self.operation]
        topics = ["explore"] if field == "exploreTimeline" else [f"home:{number}" for number in self.who]
        times = BURST if kind == "ten" else 1
        await self.publisher.ask(field=field, event=self.event, topics=topics, times=times, stamp=stamp)

    async def end(self) -> None:
        """Stop the publisher too."""
        await super(Peer, self).end()
        if self.publisher is not None:
            await self.publisher.end()


async def listeners() -> Child:
    """A process for clients."""
    return await Child.start(sys.executable, "-m", "bench.listeners")


async def ours(environment: Mapping[str, str], operation: str, star: int, own: Sequence[int]) -> Ours:
    """The product's API process, once it serves."""
    server, port = await _serving([sys.executable, "-m", "app"], environment)
    return Ours(f"Fresque, {operation}", server, port, operation, await listeners(), star=star, own=own)


async def bare() -> Bare:
    """The limit."""
    server = await Child.start(sys.executable, "-m", "bench.broadcast")
    return Bare("limit: bare websockets", server, int(await server.read()), "", await listeners())


async def peer(environment: Mapping[str, str], name: str, operation: str) -> Peer:
    """A peer by its name in `PEERS`, once it serves."""
    folder, short = HERE / "bench" / "peers", PEERS[name]
    node.install(folder)
    program = str(node.node())
    server, port = await _serving(
        [program, str(folder / f"{short}-live.js")], {**environment, "NODE_ENV": "production"}
    )
    publisher = await Child.start(program, str(folder / "publish.js"), short, environment=environment)
    return Peer(name, server, port, operation, await listeners(), publisher=publisher)


async def _serving(command: Sequence[str], environment: Mapping[str, str]) -> tuple[Child, int]:
    (port,) = free_pairs(1)
    told = {**os.environ, **environment, "HOST": LOOPBACK, "PORT": str(port)}
    server = await Child.start(*command, environment=told)
    async with httpx.AsyncClient(timeout=20) as http:
        await serve_ready(http, f"http://{LOOPBACK}:{port}")
    return server, port


@asynccontextmanager
async def ending(deliverers: list[Deliverer]) -> AsyncIterator[None]:
    """End all that are in the list by then."""
    try:
        yield
    finally:
        for deliverer in deliverers:
            await deliverer.end()
