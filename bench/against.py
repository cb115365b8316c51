"""A reader's home against what others built: `python -m bench.against --home FOLDER --size S`.

On the same tables, with the same statements and the same document: this project, graphql-yoga with graphql-jit and
dataloader, mercurius with its JIT and loaders (both from npm, `bench/peers/`), and a bare asyncpg loop as the limit. Each is
one process. First every answer is compared with ours, then they are asked in turn. Printed and, with `--charts FOLDER`,
drawn: CPU ms of the server process (all its threads) per request, one after the other and with 16 at once, requests a second
on a whole core (which is what the CPU of the latter comes to), p50 and p99 in ms at 50 requests a second, and the ratio to
the cheapest peer. Compare within one run only.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from bench import chart
from bench.data import prepared
from bench.home import HOME, Reading, Server, cpu_seconds, readers, serve_ready, started
from bench.statements import CONNECTION, statements
from dev import node
from dev.ports import LOOPBACK, free_pairs
from dev.stack import Stack
from models import node_id

HERE = Path(__file__).parent.parent
PEERS = HERE / "bench" / "peers"
OURS, BARE = "Fresque", "limit: bare asyncpg loop"
NPM = {"graphql-yoga, JIT": ("yoga.js", "graphql-yoga"), "mercurius, JIT": ("mercurius.js", "mercurius")}
TURNS = 20
AT_ONCE = 16
RATE, TURN_SECONDS, EVEN_TURNS = 50, 2.0, 5
COMPARED_READERS = 40
WARM_REQUESTS = 1_500  # before anything is measured: V8 goes on compiling for a thousand of them
KINDS = (("any", None), ("following 50", 50), ("following 2,000", 2_000))
# Each server writes these in a way of its own.
OWN_WAY = {"url", "cursor", "startCursor", "endCursor", "liveCursor"}


@dataclass(slots=True)
class Cost:
    """What one server took. CPU in seconds."""

    single_cpu: float = 0.0
    single: int = 0
    busy_cpu: float = 0.0
    busy: int = 0
    times_ms: list[float] = field(default_factory=list)

    @property
    def single_ms(self) -> float:
        """CPU per request, asked one after the other."""
        return self.single_cpu / self.single * 1000

    @property
    def busy_ms(self) -> float:
        """CPU per request, many at once."""
        return self.busy_cpu / self.busy * 1000

    @property
    def p99_ms(self) -> float:
        """The slowest of a hundred at the fixed rate."""
        return sorted(self.times_ms)[int(len(self.times_ms) * 0.99)]


async def start_others(stack: Stack, connections: int, folder: Path) -> list[Server]:
    """The peers and the limit, each on a port of its own, with as many connections as ours."""
    node.install(PEERS)
    told = folder / "statements.json"
    options = " ".join(f"-c {name}={value}" for name, value in CONNECTION.items())
    told.write_text(json.dumps({**statements(), "pool": connections, "options": options}))
    servers = []
    for name, command in [
        *((name, [str(node.node()), str(PEERS / script)]) for name, (script, _) in NPM.items()),
        (BARE, [sys.executable, "-m", "bench.bare"]),
    ]:
        (port,) = free_pairs(1)
        more = {
            "HOST": LOOPBACK,
            "PORT": str(port),
            "PEER_STATEMENTS": str(told),
            "PEER_CONNECTIONS": str(connections),
            "NODE_ENV": "production",
        }
        environment = {**os.environ, **stack.environment(), **more}
        process = await asyncio.create_subprocess_exec(*command, env=environment, cwd=HERE)
        servers.append(Server(name, process, f"http://{LOOPBACK}:{port}"))
    return servers


def differences(one: Any, other: Any, path: str = "") -> Iterator[str]:
    """Where two plain answers differ."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from differences(one[key], other[key], f"{path}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, pair in enumerate(zip(one, other, strict=True)):
            yield from differences(*pair, f"{path}.{place}")
    elif one != other:
        one, other = (sorted(value) if isinstance(value, dict) else value for value in (one, other))
        yield f"{path}: {one!r} and {other!r}"


def plain(value: Any, key: str = "") -> Any:
    """An answer without what each server writes in a way of its own: ids as (kind, number), moments as moments."""
    if isinstance(value, dict):
        return {name: plain(item, name) for name, item in value.items() if name not in OWN_WAY}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if key in ("createdAt", "editedAt") and value is not None:
        return datetime.fromisoformat(value).timestamp()
    if key == "id":
        kind, _, number = value.partition("_")
        return (kind, int(number)) if number.isdecimal() and len(number) > 13 else node_id.decode(value)
    return value


async def answer(http: httpx.AsyncClient, server: Server, number: int) -> Any:
    """What a server says to person `number`."""
    said = {"query": HOME, "operationName": "Home", "variables": {}}
    token = {"Authorization": f"Bearer frq_bench_{number}"}
    return (await http.post(f"{server.url}/graphql", json=said, headers=token)).json()


async def check(http: httpx.AsyncClient, servers: Sequence[Server], who: Sequence[int]) -> int:
    """Compare every answer with ours; gives how many posts were in them. Raises RuntimeError at the first difference."""
    seen = 0
    for number in random.sample(who, min(COMPARED_READERS, len(who))):
        ours = plain(await answer(http, servers[0], number))
        edges = ours["data"]["viewer"]["homeTimeline"]["edges"]
        seen += len(edges)
        for server in servers[1:]:
            theirs = await answer(http, server, number)
            if server.name == BARE:
                found = differences([edge["node"]["id"][1] for edge in edges], theirs["order"])
            else:
                found = differences(ours["data"], plain(theirs).get("data", theirs))
            if (first := next(found, None)) is not None:
                raise RuntimeError(f"{server.name} shows person {number} another home at {first[:500]}")
    return seen


async def ask_at_once(http: httpx.AsyncClient, server: Server, who: Sequence[int], count: int) -> float:
    """CPU seconds of the server for so many requests, `AT_ONCE` of them under way at any moment."""
    reading, left = Reading(http, server.url, who), iter(range(count))

    async def one_of_many() -> None:
        for _ in left:
            await reading.once()

    before = cpu_seconds([server.process.pid])
    await asyncio.gather(*(one_of_many() for _ in range(AT_ONCE)))
    return cpu_seconds([server.process.pid]) - before


async def measure(
    http: httpx.AsyncClient, servers: Sequence[Server], who: Sequence[int], requests: int
) -> dict[str, Cost]:
    """The servers in turn, a few requests at a time, so that a busy neighbour troubles all alike."""
    costs = {server.name: Cost() for server in servers}
    each = max(AT_ONCE, requests // TURNS)
    for server in servers:
        await Reading(http, server.url, who).warm()
    for _ in range(TURNS):
        for server in random.sample(servers, len(servers)):
            cost, reading = costs[server.name], Reading(http, server.url, who)
            before = cpu_seconds([server.process.pid])
            for _ in range(each):
                await reading.once()
            cost.single_cpu += cpu_seconds([server.process.pid]) - before
            cost.busy_cpu += await ask_at_once(http, server, who, each)
            cost.single, cost.busy = cost.single + each, cost.busy + each
    for _ in range(EVEN_TURNS):
        for server in random.sample(servers, len(servers)):
            calm = Reading(http, server.url, who)
            await calm.evenly(RATE, TURN_SECONDS)
            costs[server.name].times_ms += calm.times_ms
    return costs


def report(kind: str, costs: dict[str, Cost]) -> None:
    """Print the lines of one kind of reader, and how we stand to the cheapest peer."""
    for name, cost in costs.items():
        print(
            f"| {kind} | {name} | {cost.single_ms:.2f} | {cost.busy_ms:.2f} | {1000 / cost.busy_ms:.0f}"
            f" | {statistics.median(cost.times_ms):.1f} / {cost.p99_ms:.1f} |",
            flush=True,
        )
    ours, peers = costs[OURS], [costs[name] for name in NPM]
    single = ours.single_ms / min(peer.single_ms for peer in peers)
    busy = ours.busy_ms / min(peer.busy_ms for peer in peers)
    late = ours.p99_ms / min(peer.p99_ms for peer in peers)
    print(f"| {kind} | Fresque ÷ the best peer | {single:.2f} | {busy:.2f} | | p99 {late:.2f} |", flush=True)


def draw(folder: Path, size: str, costs: dict[str, Cost]) -> None:
    """The charts of one kind of reader."""
    for file, title, unit, values in (
        ("home-cpu", "CPU of the server for one home", "ms", {name: cost.busy_ms for name, cost in costs.items()}),
        ("home-p99", "p99 of a home, 50 requests a second", "ms", {name: cost.p99_ms for name, cost in costs.items()}),
    ):
        bars = sorted(values.items(), key=lambda bar: bar[1])
        chart.write(folder / f"{file}.svg", f"{title}, data {size}", bars, unit, ours={OURS})


def version(package: str) -> str:
    """What is installed of a peer."""
    told: dict[str, str] = json.loads((PEERS / "node_modules" / package / "package.json").read_text())
    return f"{package} {told['version']}"


async def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--size", choices=SIZES, default="S")
    parser.add_argument("--requests", type=int, default=400, help="of each server and kind, and as many at once again")
    parser.add_argument("--charts", type=Path, help="a folder for the charts of any readers")
    given = parser.parse_args()
    async with prepared(given.home, given.size) as (stack, told), httpx.AsyncClient(timeout=20) as http:
        with tempfile.TemporaryDirectory() as folder:
            servers = [
                await started(OURS, HERE, stack),
                *await start_others(stack, told.database_pool_size, Path(folder)),
            ]
            try:
                for server in servers:
                    await serve_ready(http, server.url)
                print(
                    ", ".join(version(name) for name in ("graphql-yoga", "graphql-jit", "mercurius", "graphql", "pg"))
                )
                anybody = await readers(told.database_url, None)
                for server in servers:
                    await ask_at_once(http, server, anybody, WARM_REQUESTS)
                print("| readers | server | CPU ms | CPU ms, 16 at once | requests/s a core | p50 / p99 ms at 50/s |")
                print("|---|---|---|---|---|---|")
                for kind, followed in KINDS:
                    who = await readers(told.database_url, followed)
                    await check(http, servers, who)
                    costs = await measure(http, servers, who, given.requests)
                    report(kind, costs)
                    if given.charts is not None and followed is None:
                        draw(given.charts, given.size, costs)
            finally:
                for server in servers:
                    if server.process.returncode is None:
                        server.process.terminate()
                    await server.process.wait()


if __name__ == "__main__":
    asyncio.run(main())
