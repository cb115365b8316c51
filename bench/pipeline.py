"""How many events go through log, relay and hub: `python -m bench.pipeline --home FOLDER [--size S]`.

One process each: this one writes events straight into the log as fast as PostgreSQL takes them (`PER_TRANSACTION` to a
transaction, on `WRITERS` connections), the relay publishes them, and an API process hands them out, which its `/metrics`
count. Printed: events a second from the first write to the last one heard, how long the last was on its way, and CPU µs of
relay, API process and PostgreSQL for each event. Nobody subscribes: what a delivery costs is `bench.delivery`'s.
"""

from __future__ import annotations

import asyncio
import os
import re
import statistics
import sys
import time

import asyncpg
import httpx

from bench import spent
from bench.child import Child
from bench.data import prepared
from bench.home import serve_ready
from bench.results import arguments, part
from bench.town import SIZES
from dev.ports import LOOPBACK, free_pairs
from dev.run import RAISED_LIMITS
from models.event import Kind
from realtime.wire import POKES, Wire

EVENTS = 60_000
ROUNDS = 3
WRITERS = 4
PER_TRANSACTION = 100
LOOK_SECONDS = 0.02
PATIENCE_SECONDS = 60.0
HEARD = re.compile(r"^fresque_hub_events_total (\S+)$", re.M)
SQL = """INSERT INTO events (kind, topics, actor_id, post_id)
    SELECT $1, ARRAY['author:' || n, 'explore'], n, n FROM generate_series($2::bigint, $3::bigint) n"""


async def heard(http: httpx.AsyncClient, url: str) -> int:
    """How many events the API process has handed out. Raises RuntimeError when it does not say."""
    found = HEARD.search((await http.get(f"{url}/metrics")).text)
    if found is None:
        raise RuntimeError("there is no count of events in /metrics")
    return int(float(found[1]))


async def write(database_url: str, redis_url: str) -> float:
    """Write all events of a round; how many seconds that took."""
    wire = Wire(redis_url)
    connections = [await asyncpg.connect(database_url) for _ in range(WRITERS)]

    async def some(connection: asyncpg.Connection, share: range) -> None:
        for first in share:
            await connection.execute(SQL, Kind.POST_COUNTED.value, first, first + PER_TRANSACTION - 1)
            wire.publish_soon(POKES, b"")

    began = time.monotonic()
    await asyncio.gather(
        *(
            some(connection, range(place * PER_TRANSACTION, EVENTS, WRITERS * PER_TRANSACTION))
            for place, connection in enumerate(connections)
        )
    )
    took = time.monotonic() - began
    for connection in connections:
        await connection.close()
    await wire.close()
    return took


async def main() -> None:
    """Write and listen, some rounds, and print."""
    given = arguments(__doc__).parse_args()
    async with prepared(given.home, SIZES[given.size]) as (stack, told), httpx.AsyncClient(timeout=20) as http:
        (port,) = free_pairs(1)
        url = f"http://{LOOPBACK}:{port}"
        environment = {**os.environ, **RAISED_LIMITS, **stack.environment(), "HOST": LOOPBACK, "PORT": str(port)}
        relay = await Child.start(sys.executable, "-m", "realtime.relay", environment=environment)
        server = await Child.start(sys.executable, "-m", "app", environment=environment)
        try:
            await serve_ready(http, url)
            with part(given.size, "pipeline", given.keep) as kept:
                rounds = [
                    await _round(http, url, told.database_url, told.redis_url, relay, server) for _ in range(ROUNDS)
                ]
                for name in rounds[0]:
                    kept[name] = round(statistics.median(found[name] for found in rounds), 1)
        finally:
            await server.end()
            await relay.end()
    print(
        f"{kept['events_a_second']:.0f} events a second heard ({kept['written_a_second']:.0f} written), the last"
        f" {kept['behind_ms']:.0f} ms after it was written;"
        f" CPU µs an event: relay {kept['relay_us']}, API process {kept['server_us']}"
    )


async def _round(
    http: httpx.AsyncClient, url: str, database_url: str, redis_url: str, relay: Child, server: Child
) -> dict[str, float]:
    before = await heard(http, url)
    pids = {"relay_us": relay.process.pid, "server_us": server.process.pid}
    cpu = {name: spent.cpu_seconds([pid]) for name, pid in pids.items()}
    began = time.monotonic()
    wrote = await write(database_url, redis_url)
    until = time.monotonic() + PATIENCE_SECONDS
    while await heard(http, url) < before + EVENTS and time.monotonic() < until:  # noqa: ASYNC110  # it tells nobody
        await asyncio.sleep(LOOK_SECONDS)
    took = time.monotonic() - began
    if await heard(http, url) != before + EVENTS:
        raise RuntimeError("not every event was heard once")
    used = {name: (spent.cpu_seconds([pid]) - cpu[name]) / EVENTS * 1e6 for name, pid in pids.items()}
    return {
        "events_a_second": EVENTS / took,
        "written_a_second": EVENTS / wrote,
        "behind_ms": (took - wrote) * 1000,
        **used,
    }


if __name__ == "__main__":
    asyncio.run(main())
