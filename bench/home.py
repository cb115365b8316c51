"""What a reader's home costs over HTTP: `python -m bench.home --home FOLDER --size M`.

One real API process (`python -m app`) on a filled database; random readers ask the operation Home of the product one
after the other, then evenly at a low rate. `--against FOLDER` starts the code of another checkout (`git worktree add`) beside
it and asks both in turn. Printed: CPU ms per request of the API process (all its threads) and of
PostgreSQL's backends, p50 and p99 in ms, bytes. Absolute figures move with the machine; compare within one run.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx
from graphql import parse, print_ast, separate_operations

from bench.child import tied
from bench.data import prepared
from bench.spent import Meter, children, cpu_seconds
from bench.town import SIZES, person
from dev.ports import LOOPBACK, free_pairs
from dev.stack import Stack

OPERATIONS = (Path(__file__).parent.parent / "tests" / "operations" / "core.graphql").read_text()
DOCUMENTS = {name: print_ast(document) for name, document in separate_operations(parse(OPERATIONS)).items()}
"""Each operation by itself, so that older code and peers take it."""
HOME = DOCUMENTS["Home"]
WARM_REQUESTS = 100
TURN_REQUESTS = 20
START_SECONDS = 120.0


async def readers(url: str, followed: int | None) -> list[int]:
    """Numbers of people who follow about so many others, or of any people."""
    if followed is None:
        return list(range(1, 1_001))
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            f"""SELECT (follower_id >> 16) - ({person(0)} >> 16) AS number FROM follows GROUP BY follower_id
            HAVING abs(count(*) - $1) <= $1 / 10 ORDER BY md5(follower_id::text) LIMIT 200""",
            followed,
        )
    finally:
        await connection.close()
    return [row["number"] for row in rows]


class Reading:
    """Asks for homes and notes how long each took."""

    def __init__(self, http: httpx.AsyncClient, server: Server, who: Sequence[int]) -> None:
        self.http, self.url, self.who = http, f"{server.url}/graphql", who
        self.document = server.document
        self.times_ms: list[float] = []
        self.bytes = 0

    async def once(self) -> None:
        """One home of a random reader. Raises RuntimeError when it is not whole."""
        token = f"frq_bench_{random.choice(self.who)}"
        began = time.perf_counter()
        answer = await self.http.post(
            self.url,
            json={"query": self.document, "operationName": "Home", "variables": {}},
            headers={"Authorization": f"Bearer {token}"},
        )
        self.times_ms.append((time.perf_counter() - began) * 1000)
        self.bytes = len(answer.content)
        if answer.status_code != 200 or "errors" in answer.json():
            raise RuntimeError(f"{answer.status_code}: {answer.text[:500]}")

    async def warm(self) -> None:
        """Fill caches of all kinds."""
        for _ in range(WARM_REQUESTS):
            await self.once()

    async def evenly(self, rate: float, seconds: float) -> None:
        """At so many a second, whether or not the last one is through."""
        began, tasks = time.monotonic(), set[asyncio.Task[None]]()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(began + number / rate - time.monotonic())
            tasks.add(asyncio.create_task(self.once()))
        await asyncio.gather(*tasks)


async def serve_ready(http: httpx.AsyncClient, url: str) -> None:
    """Return once the API serves. Raises TimeoutError."""
    async with asyncio.timeout(START_SECONDS):
        while True:
            try:
                if (await http.get(f"{url}/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)


@dataclass(slots=True)
class Server:
    """A running process that answers a home: one version of our code, or a peer."""

    name: str
    process: asyncio.subprocess.Process
    url: str
    document: str = HOME
    cpu_s: float = 0.0
    times_ms: list[float] = field(default_factory=list)

    async def asked(self, http: httpx.AsyncClient, who: Sequence[int], count: int) -> int:
        """Ask for so many homes, one after the other, and note time and CPU; bytes of the last."""
        reading = Reading(http, self, who)
        before = cpu_seconds([self.process.pid])
        for _ in range(count):
            await reading.once()
        self.cpu_s += cpu_seconds([self.process.pid]) - before
        self.times_ms += reading.times_ms
        return reading.bytes


async def started(name: str, folder: Path, stack: Stack) -> Server:
    """The API of the code in a folder, on a port of its own."""
    (port,) = free_pairs(1)
    environment = {**os.environ, **stack.environment(), "HOST": LOOPBACK, "PORT": str(port)}
    process = await asyncio.create_subprocess_exec(*tied(sys.executable, "-m", "app"), env=environment, cwd=folder)
    return Server(name, process, f"http://{LOOPBACK}:{port}")


async def stopped(servers: Sequence[Server]) -> None:
    """End them all."""
    for server in servers:
        if server.process.returncode is None:
            server.process.terminate()
        await server.process.wait()


async def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--size", choices=SIZES, default="M")
    parser.add_argument("--requests", type=int, default=1_000, help="one after the other, of each server")
    parser.add_argument(
        "--rate", type=float, default=20, help="requests a second when asked evenly, for 10 s; 0: not at all"
    )
    parser.add_argument(
        "--against", type=Path, action="append", default=[], help="another checkout, asked in turn with this one"
    )
    given = parser.parse_args()
    folders = {"this": Path(__file__).parent.parent, **{path.name: path for path in given.against}}
    async with prepared(given.home, SIZES[given.size]) as (stack, told), httpx.AsyncClient(timeout=20) as http:
        servers = [await started(name, folder, stack) for name, folder in folders.items()]
        try:
            for server in servers:
                await serve_ready(http, server.url)
            print(
                "| readers | code | API CPU ms | PostgreSQL CPU ms | p50 ms, one by one | p50 / p99 ms evenly | bytes |"
            )
            for name, followed in (("any", None), ("50", 50), ("500", 500), ("2000", 2_000)):
                await measure(http, stack, servers, name, await readers(told.database_url, followed), given)
        finally:
            await stopped(servers)


async def measure(
    http: httpx.AsyncClient,
    stack: Stack,
    servers: Sequence[Server],
    name: str,
    who: Sequence[int],
    given: argparse.Namespace,
) -> None:
    """One kind of reader: the servers in turn, a few requests at a time, so that a busy neighbour troubles all alike."""
    for server in servers:
        await Reading(http, server, who).warm()
        server.cpu_s, server.times_ms = 0.0, []
    database = dict.fromkeys([server.name for server in servers], 0.0)
    size = 0
    for _ in range(given.requests // TURN_REQUESTS):
        for server in servers:
            before = Meter(children(stack.pids()[0]))
            size = await server.asked(http, who, TURN_REQUESTS)
            database[server.name] += before.seconds
    count = given.requests // TURN_REQUESTS * TURN_REQUESTS
    for server in servers:
        evenly = "not asked"
        if given.rate:
            calm = Reading(http, server, who)
            await calm.evenly(given.rate, 10)
            late = sorted(calm.times_ms)[int(len(calm.times_ms) * 0.99)]
            evenly = f"{statistics.median(calm.times_ms):9.1f} / {late:7.1f}"
        print(
            f"| {name:>7} | {server.name} | {server.cpu_s / count * 1000:10.2f}"
            f" | {database[server.name] / count * 1000:17.2f} | {statistics.median(server.times_ms):18.1f}"
            f" | {evenly} | {size:5} |",
            flush=True,
        )


if __name__ == "__main__":
    asyncio.run(main())
