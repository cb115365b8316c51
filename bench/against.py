"""A reader's home against what others built: `python -m bench.against --home FOLDER --size S [--keep]`.

On the same tables: this project, graphql-yoga with graphql-jit and dataloader, mercurius with its JIT and loaders, PostGraphile 5
(all three from npm, `bench/peers/`), and a bare asyncpg loop as the limit. Each is one process. Yoga, mercurius and the loop use
the product's statements, and the first two get its document; PostGraphile plans its own (`bench/postgraphile.py`). First every
answer is compared with ours, then they are asked in turn: CPU ms of the server process (all its threads) and of PostgreSQL per
request, one after the other; the server's with 16 at once; requests a second on a whole core (which is what the latter comes to);
p50 and p99 in ms at 50 requests a second. CPU is the median of the turns, and a ratio is the median of the turns' ratios.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from bench import postgraphile
from bench.child import tied
from bench.data import prepared
from bench.home import HOME, Reading, Server, readers, serve_ready, started, stopped
from bench.results import HERE, arguments, part
from bench.spent import Meter, children, cpu_seconds
from bench.statements import CONNECTION, statements
from bench.town import SIZES
from dev import node
from dev.ports import LOOPBACK, free_pairs
from dev.stack import Stack
from models import node_id

PEERS = HERE / "bench" / "peers"
OURS, BARE, POSTGRAPHILE = "Fresque", "limit: bare asyncpg loop", "PostGraphile"
NPM = {"graphql-yoga, JIT": "yoga.js", "mercurius, JIT": "mercurius.js", POSTGRAPHILE: "postgraphile.js"}
PACKAGES = ("graphql-yoga", "graphql-jit", "mercurius", "postgraphile", "graphql", "pg")
AT_ONCE = 16  # and as many in a turn
FEWEST_TURNS = 5
RATE, TURN_SECONDS = 50, 2.0
COMPARED_READERS, COUNTED_REQUESTS = 40, 40
WARM_REQUESTS = 1_500  # before anything is measured: V8 goes on compiling for a thousand of them
# Who reads, how many they follow, and how many turns are asked at the even rate.
KINDS = (
    ("any", None, 6),
    ("following 50", 50, 2),
    ("following 500", 500, 2),
    ("following 2,000", 2_000, 2),
)
# Each server writes these in a way of its own.
OWN_WAY = {"url", "cursor", "startCursor", "endCursor", "liveCursor"}


@dataclass(slots=True)
class Cost:
    """What one server took. CPU in ms per request, of each turn."""

    single: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    times_ms: list[float] = field(default_factory=list)

    def plain(self) -> dict[str, float]:
        """The figures that are kept."""
        return {
            "single_ms": round(statistics.median(self.single), 3),
            "database_ms": round(statistics.median(self.database), 3),
            "busy_ms": round(statistics.median(self.busy), 3),
            "p50_ms": round(statistics.median(self.times_ms), 1),
            "p99_ms": round(sorted(self.times_ms)[int(len(self.times_ms) * 0.99)], 1),
        }


async def start_others(
    stack: Stack, connections: int, folder: Path, names: Collection[str] = (*NPM, BARE)
) -> list[Server]:
    """The peers and the limit, each on a port of its own, with as many connections as ours."""
    if set(names) & set(NPM):
        node.install(PEERS)
    told = folder / "statements.json"
    options = " ".join(f"-c {name}={value}" for name, value in CONNECTION.items())
    told.write_text(json.dumps({**statements(), "pool": connections, "options": options}))
    servers = []
    for name in names:
        command = [sys.executable, "-m", "bench.bare"]
        if name in NPM:
            command = [str(node.node()), str(PEERS / NPM[name])]
        (port,) = free_pairs(1)
        more = {
            "HOST": LOOPBACK,
            "PORT": str(port),
            "PEER_STATEMENTS": str(told),
            "PEER_CONNECTIONS": str(connections),
            "NODE_ENV": "production",
        }
        environment = {**os.environ, **stack.environment(), **more}
        process = await asyncio.create_subprocess_exec(*tied(*command), env=environment, cwd=HERE)
        document = postgraphile.DOCUMENT if name == POSTGRAPHILE else HOME
        servers.append(Server(name, process, f"http://{LOOPBACK}:{port}", document))
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
    """What a server says to person `number`, in our shape where it is another."""
    said = {"query": server.document, "operationName": "Home", "variables": {}}
    token = {"Authorization": f"Bearer frq_bench_{number}"}
    found = (await http.post(f"{server.url}/graphql", json=said, headers=token)).json()
    return postgraphile.in_our_shape(found) if server.name == POSTGRAPHILE and "data" in found else found


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


async def statements_sent(http: httpx.AsyncClient, servers: Sequence[Server], who: Sequence[int], url: str) -> Any:
    """How many statements PostgreSQL gets for a home from each server."""
    connection = await asyncpg.connect(url)
    sent = {}
    try:
        for server in servers:
            reading = Reading(http, server, who)
            before = await connection.fetchval("SELECT sum(calls) FROM pg_stat_statements")
            for _ in range(COUNTED_REQUESTS):
                await reading.once()
            after = await connection.fetchval("SELECT sum(calls) FROM pg_stat_statements")
            sent[server.name] = round(float(after - before - 1) / COUNTED_REQUESTS, 1)
    finally:
        await connection.close()
    return sent


async def ask_at_once(http: httpx.AsyncClient, server: Server, who: Sequence[int], count: int) -> float:
    """CPU seconds of the server for so many requests, `AT_ONCE` of them under way at any moment."""
    reading, left = Reading(http, server, who), iter(range(count))

    async def one_of_many() -> None:
        for _ in left:
            await reading.once()

    before = cpu_seconds([server.process.pid])
    await asyncio.gather(*(one_of_many() for _ in range(AT_ONCE)))
    return cpu_seconds([server.process.pid]) - before


async def measure(
    http: httpx.AsyncClient, stack: Stack, servers: Sequence[Server], who: Sequence[int], requests: int, even_turns: int
) -> dict[str, Cost]:
    """The servers in turn, a few requests at a time, so that a busy neighbour troubles all alike."""
    costs = {server.name: Cost() for server in servers}
    each, turns = AT_ONCE, max(FEWEST_TURNS, requests // AT_ONCE)
    for server in servers:
        await Reading(http, server, who).warm()
    for _ in range(turns):
        for server in random.sample(servers, len(servers)):
            cost, reading = costs[server.name], Reading(http, server, who)
            before, database = cpu_seconds([server.process.pid]), Meter(children(stack.pids()[0]))
            for _ in range(each):
                await reading.once()
            cost.single.append((cpu_seconds([server.process.pid]) - before) / each * 1000)
            cost.database.append(database.seconds / each * 1000)
            cost.busy.append(await ask_at_once(http, server, who, each) / each * 1000)
    for _ in range(even_turns):
        for server in random.sample(servers, len(servers)):
            calm = Reading(http, server, who)
            await calm.evenly(RATE, TURN_SECONDS)
            costs[server.name].times_ms += calm.times_ms
    return costs


def ratios(costs: dict[str, Cost]) -> dict[str, Any]:
    """How we stand to the cheapest peer: the median of the turns' ratios, with its quartiles."""
    found: dict[str, Any] = {}
    for way in ("single", "busy"):
        ours = getattr(costs[OURS], way)
        best = min(NPM, key=lambda name: statistics.median(getattr(costs[name], way)))
        turns = [one / other for one, other in zip(ours, getattr(costs[best], way), strict=True)]
        found[way] = {"to": best, "ratio": [round(value, 2) for value in statistics.quantiles(turns, n=4)]}
    late = {name: cost.plain()["p99_ms"] for name, cost in costs.items()}
    best = min(NPM, key=late.__getitem__)
    found["p99"] = {"to": best, "ratio": round(late[OURS] / late[best], 2)}
    return found


def version(package: str) -> str:
    """What is installed of a peer."""
    told: dict[str, str] = json.loads((PEERS / "node_modules" / package / "package.json").read_text())
    return f"{package} {told['version']}"


async def main() -> None:
    """Measure, and print what is kept."""
    parser = arguments(__doc__)
    parser.add_argument("--requests", type=int, default=320, help="of each server and kind, and as many at once again")
    given = parser.parse_args()
    async with prepared(given.home, SIZES[given.size]) as (stack, told), httpx.AsyncClient(timeout=20) as http:
        connection = await asyncpg.connect(told.database_url)
        await connection.execute(postgraphile.schema())
        await connection.close()
        servers = list[Server]()
        with tempfile.TemporaryDirectory() as folder, part(given.size, "home", given.keep) as kept:
            try:
                servers.append(await started(OURS, HERE, stack))
                servers += await start_others(stack, told.database_pool_size, Path(folder))
                for server in servers:
                    await serve_ready(http, server.url)
                anybody = await readers(told.database_url, None)
                for server in servers:
                    await ask_at_once(http, server, anybody, min(WARM_REQUESTS, given.requests * 5))
                kept["versions"] = [version(name) for name in PACKAGES]
                kept["statements"] = await statements_sent(http, servers, anybody, told.database_url)
                print(", ".join(kept["versions"]), kept["statements"], sep="\n", flush=True)
                for kind, followed, even_turns in KINDS:
                    who = await readers(told.database_url, followed)
                    await check(http, servers, who)
                    costs = await measure(http, stack, servers, who, given.requests, even_turns)
                    shown = {name: cost.plain() for name, cost in costs.items()}
                    kept[kind] = {"servers": shown, "ratios": ratios(costs)}
                    for name, figures in shown.items():
                        print(f"{kind:<16} {name:<25}", *(f"{key} {value:7.2f}" for key, value in figures.items()))
                    print(f"{kind:<16} Fresque ÷ the best peer: {kept[kind]['ratios']}", flush=True)
            finally:
                await stopped(servers)


if __name__ == "__main__":
    asyncio.run(main())
