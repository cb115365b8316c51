"""What delivery costs: `python -m bench.delivery --home FOLDER [--people 1000]`.

One real API process (`python -m app`) with its relay, so many WebSocket clients in a second process, and bare
`websockets.broadcast` sending the same bytes to as many clients of the same kind in the same run. Posts are written straight
into the database, so that the API process does nothing but deliver. Printed: CPU µs of the API process (user and kernel,
from /proc) per delivery, the same of the bare server, bytes of memory per idle subscriber, and ms from before the
transaction to the client's process. Absolute figures move with the machine; compare within one run.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
import psutil

from bench import chart
from bench.data import prepared
from bench.home import OPERATIONS, serve_ready
from bench.town import person
from dev.ports import LOOPBACK, free_pairs
from dev.run import RAISED_LIMITS
from models.database import close_database, fetch, fetch_value, open_database
from models.publishing import Draft, write
from models.transaction import forget_commit_hooks, on_commit, transaction
from realtime.wire import POKES, Wire

BARE = "the same, bare"
SETTLE_SECONDS = 2.0
BETWEEN_SECONDS = 0.06  # between single events: more than a tick


class Child:
    """A process that is spoken to in lines."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, *command: str, environment: dict[str, str] | None = None) -> Child:
        """Start it; what it prints comes by `read`."""
        pipe = asyncio.subprocess.PIPE
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable, *command, stdin=pipe, stdout=pipe, env=environment, limit=2**26
            )
        )

    async def read(self) -> str:
        """The next line."""
        assert self.process.stdout is not None
        return (await self.process.stdout.readline()).decode()

    async def ask(self, **what: Any) -> Any:
        """Say something and hear the answer. Raises ValueError when it has ended."""
        assert self.process.stdin is not None
        self.process.stdin.write(orjson.dumps(what) + b"\n")
        return orjson.loads(await self.read())

    @property
    def cpu_seconds(self) -> float:
        """CPU time in user and kernel mode."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    @property
    def resident_bytes(self) -> int:
        """Memory that is its own."""
        return int(psutil.Process(self.process.pid).memory_info().rss)

    async def end(self) -> None:
        """Stop it."""
        if self.process.returncode is None:
            self.process.terminate()
        await self.process.wait()


def said_by(number: int, operation: str, **variables: Any) -> list[str]:
    """What person `number` says on a socket to follow a feed, under an id of their own."""
    init = {"type": "connection_init", "payload": {"authorization": f"Bearer frq_bench_{number}"}}
    payload = {"query": OPERATIONS, "operationName": operation, "variables": variables}
    asked = {"id": f"0a1b2c3d-0000-4000-8000-{number:012}", "type": "subscribe", "payload": payload}
    return [orjson.dumps(init).decode(), orjson.dumps(asked).decode()]


class Bench:
    """A server, and who listens to it."""

    def __init__(self, server: Child, port: int, who: Sequence[int]) -> None:
        self.server, self.port, self.who = server, port, who

    @asynccontextmanager
    async def listening(self, operation: str, **variables: Any) -> AsyncIterator[Child]:
        """As many clients as there are people follow this."""
        clients = await Child.start("-m", "bench.listeners")
        try:
            said = [said_by(number, operation, **variables) for number in self.who]
            await clients.ask(
                do="connect", port=self.port, path="/graphql", said=said, subprotocol="graphql-transport-ws"
            )
            await asyncio.sleep(SETTLE_SECONDS)
            yield clients
        finally:
            await clients.end()
            await asyncio.sleep(SETTLE_SECONDS)

    async def round(self, clients: Child, some: Sequence[tuple[int, str]], frames: int) -> float:
        """CPU seconds of the server for posts (author, text) written together, up to the last frame at a client."""
        await clients.ask(do="mark", latency=False)
        before = self.server.cpu_seconds
        async with transaction():
            for author, text in some:
                await write(author, Draft(text))
        found = await clients.ask(do="expect", frames=frames)
        await asyncio.sleep(BETWEEN_SECONDS)
        if found["frames"] != frames or found["closed"]:
            raise RuntimeError(f"{found['frames']} frames of {frames}, {found['closed']} sockets closed")
        return self.server.cpu_seconds - before


class Bare:
    """Bare `websockets` with as many clients, which sends the same text."""

    def __init__(self, server: Child, clients: Child, count: int) -> None:
        self.server, self.clients, self.count = server, clients, count

    @classmethod
    @asynccontextmanager
    async def listening(cls, count: int) -> AsyncIterator[Bare]:
        """As many clients follow it."""
        server, clients = await Child.start("-m", "bench.broadcast"), await Child.start("-m", "bench.listeners")
        try:
            port = int(await server.read())
            await clients.ask(do="connect", port=port, path="/", said=[[]] * count, subprotocol="")
            yield cls(server, clients, count)
        finally:
            await clients.end()
            await server.end()

    async def round(self, text: str, times: int, *, each: bool) -> float:
        """CPU seconds of the server for so many texts to everybody."""
        await self.clients.ask(do="mark", latency=False)
        before = self.server.cpu_seconds
        await self.server.ask(text=text, times=times, each=each)
        await self.clients.ask(do="expect", frames=self.count * times)
        await asyncio.sleep(BETWEEN_SECONDS)
        return self.server.cpu_seconds - before


async def latency(clients: Child, author: int, people: int, rate: float, seconds: float) -> list[float]:
    """Sorted ms from before the transaction to each client, at so many posts a second."""
    await clients.ask(do="mark", latency=True)
    began, count = time.monotonic(), int(rate * seconds)
    for number in range(count):
        await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        async with transaction():
            await write(author, Draft(f"at {time.time():.6f}"))
    await clients.ask(do="expect", frames=count * people)
    found: list[float] = (await clients.ask(do="latencies"))["latencies_ms"]
    return found


async def arrange(people: int) -> tuple[list[int], int, list[int]]:
    """Readers who follow about 200, an author all of them follow, and one author more for each of them."""
    rows = await fetch(
        f"""SELECT (follower_id >> 16) - ({person(0)} >> 16) AS number FROM follows GROUP BY follower_id
        ORDER BY abs(count(*) - 200) LIMIT $1""",
        people,
    )
    star = await fetch_value("SELECT id FROM users WHERE handle = 'bench_star'")
    if star is None:
        star = await fetch_value(
            "INSERT INTO users (id, handle, display_name, bio, location, website, pronouns, joined_at)"
            " VALUES (fresque_id(), 'bench_star', 'Star', '', '', '', '', now()) RETURNING id"
        )
        await fetch(
            "INSERT INTO users (id, handle, display_name, bio, location, website, pronouns, joined_at)"
            " SELECT fresque_id(), 'bench_own_' || n, 'Own', '', '', '', '', now() FROM generate_series(0, 9999) n"
        )
    await fetch(
        "INSERT INTO user_counts (subject_id) SELECT id FROM users WHERE handle LIKE 'bench\\_%' ON CONFLICT DO NOTHING"
    )
    known = await fetch(
        f"SELECT (follower_id >> 16) - ({person(0)} >> 16) AS number FROM follows WHERE followee_id = $1 ORDER BY follower_id",
        star,
    )
    who = [row["number"] for row in (known if len(known) >= people else rows)][:people]
    ids = f"SELECT {person('n')} AS id, ordinality - 1 AS place FROM unnest($1::bigint[]) WITH ORDINALITY AS w (n, ordinality)"
    await fetch(
        f"INSERT INTO follows (id, follower_id, followee_id, created_at) SELECT fresque_id(), w.id, $2, now() FROM ({ids}) w"
        " ON CONFLICT DO NOTHING",
        who,
        star,
    )
    await fetch("DELETE FROM follows f USING users u WHERE u.id = f.followee_id AND u.handle LIKE 'bench\\_own\\_%'")
    await fetch(
        f"""INSERT INTO follows (id, follower_id, followee_id, created_at) SELECT fresque_id(), w.id, u.id, now() FROM ({ids}) w
        JOIN users u ON u.handle = 'bench_own_' || w.place ON CONFLICT DO NOTHING""",
        who,
    )
    own = await fetch(
        "SELECT id FROM users WHERE handle LIKE 'bench_own_%' ORDER BY substr(handle, 11)::int LIMIT $1", people
    )
    return who, star, [row["id"] for row in own]


async def compare(
    name: str,
    bench: Bench,
    clients: Child,
    bare: Bare,
    some: Sequence[tuple[int, str]],
    frames: int,
    rounds: int,
    text: str,
) -> list[tuple[str, float]]:
    """Print CPU µs per delivery, ours and bare in turn, so that both meet the same neighbours; gives them as bars."""
    each = frames == len(some)
    times = 1 if each else len(some)
    ours = limit = 0.0
    for _ in range(rounds):
        ours += await bench.round(clients, some, frames)
        limit += await bare.round(text, times, each=each)
    ours, limit = ours / (rounds * frames) * 1e6, limit / (rounds * frames) * 1e6
    print(f"{name:<40} | {ours:7.1f} | {limit:7.1f} | {ours / limit:5.2f}", flush=True)
    return [(name, ours), (BARE, limit)]


async def measure(bench: Bench, operation: str, star: int, own: Sequence[int], rounds: int) -> list[tuple[str, float]]:
    """Print the lines of one operation, on a server that nobody has listened to yet; gives its bars."""
    everybody = bench.who
    people = len(everybody)
    bench.who = everybody[: people // 5]  # what the first ones bring along is not theirs
    async with bench.listening(operation) as clients:
        for _ in range(3):
            await bench.round(clients, [(star, "Warm")], len(bench.who))
        idle = bench.server.resident_bytes
        bench.who = everybody[people // 5 :]
        async with bench.listening(operation):
            grown = (bench.server.resident_bytes - idle) / len(bench.who)
    print(f"{operation}: {grown / 1024:.1f} KB per idle subscriber", flush=True)
    bench.who = everybody
    async with Bare.listening(people) as bare, bench.listening(operation) as clients:
        for _ in range(3):
            await bench.round(clients, [(star, "Warm")], people)
        text = (await clients.ask(do="mark", latency=False))["sample"]
        one, ten = [(star, "One event for all")], [(star, "One of ten")] * 10
        bars = await compare(f"{operation}, one event to all", bench, clients, bare, one, people, rounds, text)
        bars += await compare(f"{operation}, ten at once", bench, clients, bare, ten, people * 10, rounds // 2, text)
        if operation == "HomeLive":
            each = [(author, "An event for one") for author in own]
            name = "HomeLive, another event for each"
            bars += await compare(name, bench, clients, bare, each, people, max(rounds // 5, 1), text)
        times = await latency(clients, star, people, 5, 6)
        late = times[int(len(times) * 0.99)]
        told = f"p50 {statistics.median(times):.0f} ms, p99 {late:.0f} ms"
        print(f"{operation}: publish to receive, 5 a second: {told}", flush=True)
    return bars


async def main() -> None:
    """Start everything, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--size", default="S")
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--charts", type=Path, help="a folder for the chart")
    given = parser.parse_args()
    bars = list[tuple[str, float]]()
    async with prepared(given.home, given.size) as (stack, told), httpx.AsyncClient(timeout=20) as http:
        (port,) = free_pairs(1)
        environment = {**os.environ, **RAISED_LIMITS, **stack.environment(), "HOST": LOOPBACK, "PORT": str(port)}
        relay = await Child.start("-m", "realtime.relay", environment=environment)
        await open_database(told.database_url, 4)
        wire = Wire(told.redis_url)
        on_commit(functools.partial(wire.publish_soon, POKES, b""))
        try:
            who, star, own = await arrange(given.people)
            print(f"{given.people} subscribers | ours µs | bare µs | ratio", flush=True)
            for operation in ("ExploreLive", "HomeLive"):
                server = await Child.start("-m", "app", environment=environment)
                try:
                    await serve_ready(http, f"http://{LOOPBACK}:{port}")
                    bars += await measure(Bench(server, port, who), operation, star, own, given.rounds)
                finally:
                    await server.end()
        finally:
            forget_commit_hooks()
            await wire.close()
            await close_database()
            await relay.end()
    if given.charts is not None:
        ours = {name for name, _ in bars} - {BARE}
        title = f"CPU of the server per delivery, {given.people} subscribers, data {given.size}"
        chart.write(given.charts / "delivery-cpu.svg", title, bars, "µs", ours=ours)


if __name__ == "__main__":
    asyncio.run(main())
