"""How far behind the log its readers are while people post: `python -m bench.lag --home FOLDER --size M5 [--keep]`.

`RATE` posts a second for `SECONDS`, written by the product's own code (`models/publishing.py`) into a filled town: one in five
answers a recent post, one in ten names somebody, one in four bears a hashtag. Beside that run the relay, an API process that hears
everything, and `work` with every consumer. Printed, in ms from the moment a post was written to the one at which it was heard:
the relay's batch on Redis; and of the readers that keep a place (notifications, webhooks) how old the oldest event was that they
had not read, looked at `LOOKS` times a second. Embeddings run beside at low priority and are counted as what waits at the end.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Any

import asyncpg
import httpx

from bench.child import Child
from bench.data import prepared
from bench.home import serve_ready
from bench.results import arguments, load_line, part
from bench.spent import Meter, children, cpu_seconds
from bench.town import SIZES, person
from dev.ports import LOOPBACK, free_pairs
from dev.run import RAISED_LIMITS
from models.database import close_database, fetch, open_database
from models.event import Kind
from models.publishing import Draft, write
from models.transaction import transaction
from realtime.batch import Batch
from realtime.wire import BATCHES, POKES, Wire

RATE = 200
SECONDS = 30
LOOKS = 5
WRITERS = 8
WARM_POSTS = 400
PATIENCE_SECONDS = 60.0
BEHIND = """SELECT r.name, coalesce(extract(epoch FROM clock_timestamp() - (SELECT e.at FROM events e WHERE (e.xid, e.id) > (r.xid, r.event_id)
    ORDER BY e.xid, e.id LIMIT 1)), 0)::float8 * 1000 AS ms FROM log_readers r"""
TO_THE_END = """UPDATE log_readers SET (xid, event_id) = (SELECT xid, id FROM events ORDER BY xid DESC, id DESC LIMIT 1), at = now(),
    epoch = (SELECT epoch FROM log_state)"""
WAITS = """SELECT (SELECT count(*) FROM post_count_deltas) AS counts, (SELECT count(*) FROM meanings_due) AS meanings"""


class Town:
    """Writes posts, and notes when each was written and when it was heard of."""

    def __init__(self, people: int, wire: Wire) -> None:
        self._people = people
        self._wire = wire
        self._chance = random.Random(3)
        self._ids: list[int] = []
        self._newest: list[int] = []
        self.written: dict[int, float] = {}
        self.heard: dict[int, float] = {}
        self.took_ms: list[float] = []

    async def know(self) -> None:
        """Learn people's ids."""
        rows = await fetch(f"SELECT {person('n')} AS id FROM generate_series(1, $1::int) n", self._people)
        self._ids = [row["id"] for row in rows]

    def _somebody(self) -> int:
        return self._ids[int(len(self._ids) * self._chance.random() ** 1.5)]

    async def post(self) -> None:
        """One post of somebody's."""
        words = [f"w{int(50_000 * self._chance.random() ** 4)}" for _ in range(14)]
        dice = self._chance.random()
        if dice < 0.1:
            words.insert(0, f"@p{1 + int(self._people * self._chance.random() ** 3)}")
        if dice > 0.75:
            words.append(f"#tag{int(1_000 * self._chance.random() ** 4)}")
        parent = self._chance.choice(self._newest[-400:]) if self._newest and 0.2 < dice < 0.4 else None
        began = time.monotonic()
        async with transaction():
            post_id = await write(self._somebody(), Draft(" ".join(words), reply_to_id=parent))
        self._wire.publish_soon(POKES, b"")
        self.written[post_id] = time.monotonic()
        self.took_ms.append((self.written[post_id] - began) * 1000)
        self._newest.append(post_id)

    async def listen(self, stands: asyncio.Event) -> None:
        """Hear what the relay says, until cancelled."""
        async for message in self._wire.listen(BATCHES):
            if message is None:
                stands.set()
                continue
            now = time.monotonic()
            for event in Batch.decode(message[1]).events:
                if event.kind is Kind.POST_CREATED and event.post_id:
                    self.heard[event.post_id] = now

    async def evenly(self, rate: int, seconds: float) -> None:
        """Post at this rate; a writer that is late goes on at once."""
        began, number = time.monotonic(), iter(range(int(rate * seconds)))

        async def some() -> None:
            for mine in number:
                await asyncio.sleep(max(0.0, began + mine / rate - time.monotonic()))
                await self.post()

        async with asyncio.TaskGroup() as all_of_them:
            for _ in range(WRITERS):
                all_of_them.create_task(some())


async def look(connection: asyncpg.Connection, found: dict[str, list[float]]) -> None:
    """Note how far behind each reader is, until cancelled."""
    while True:
        for row in await connection.fetch(BEHIND):
            found.setdefault(row["name"], []).append(row["ms"])
        await asyncio.sleep(1 / LOOKS)


def spread(times: Sequence[float]) -> dict[str, float]:
    """p50, p99 and the longest."""
    ordered = sorted(times)
    return {
        "p50": round(statistics.median(ordered), 1),
        "p99": round(ordered[int(len(ordered) * 0.99)], 1),
        "most": round(ordered[-1], 1),
    }


async def main() -> None:
    """Write, listen and look, and print."""
    parser = arguments(__doc__)
    parser.add_argument("--rate", type=int, default=RATE)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    given = parser.parse_args()
    size = SIZES[given.size]
    async with prepared(given.home, size) as (stack, told), httpx.AsyncClient(timeout=20) as http:
        await open_database(told.database_url, WRITERS)
        await fetch(TO_THE_END)
        (port,) = free_pairs(1)
        environment = {**os.environ, **RAISED_LIMITS, **stack.environment(), "HOST": LOOPBACK, "PORT": str(port)}
        modules = {"relay": "realtime.relay", "API process": "app", "work": "work"}
        processes = {
            name: await Child.start(sys.executable, "-m", module, environment=environment)
            for name, module in modules.items()
        }
        wire = Wire(told.redis_url)
        town, behind = Town(size.people, wire), dict[str, list[float]]()
        beside = list[asyncio.Task[None]]()
        eye = await asyncpg.connect(told.database_url)
        try:
            await serve_ready(http, f"http://{LOOPBACK}:{port}")
            await town.know()
            stands = asyncio.Event()
            beside.append(asyncio.create_task(town.listen(stands)))
            await stands.wait()
            await town.evenly(given.rate, WARM_POSTS / given.rate)
            await caught_up(eye)
            town.written.clear()
            town.took_ms.clear()
            beside.append(asyncio.create_task(look(eye, behind)))
            before = {name: cpu_seconds([child.process.pid]) for name, child in processes.items()}
            database = Meter(children(stack.pids()[0]))
            with part(given.size, "lag", given.keep) as kept:
                began = time.monotonic()
                await town.evenly(given.rate, given.seconds)
                took = time.monotonic() - began
                spent = {name: cpu_seconds([child.process.pid]) - before[name] for name, child in processes.items()}
                spent["PostgreSQL"] = database.seconds
                beside.pop().cancel()
                waits = await eye.fetchrow(WAITS)
                assert waits is not None
                last = time.monotonic()
                await caught_up(eye)
                kept.update(figures(town, behind, took, spent))
                kept["waiting_at_the_end"] = dict(waits)
                kept["caught_up_after_ms"] = round((time.monotonic() - last) * 1000, 1)
        finally:
            for task in beside:
                task.cancel()
            await eye.close()
            for child in processes.values():
                await child.end()
            await wire.close()
            await close_database()
    for name, value in kept.items():
        print(f"{name}: {value}")
    print(load_line())


def figures(town: Town, behind: dict[str, list[float]], took: float, spent: dict[str, float]) -> dict[str, Any]:
    """What was found. Raises RuntimeError when a post was never heard of."""
    unheard = town.written.keys() - town.heard.keys()
    if unheard:
        raise RuntimeError(f"{len(unheard)} posts were never said by the relay")
    count = len(town.written)
    return {
        "posts_a_second": round(count / took, 1),
        "write_ms": spread(town.took_ms),
        "relay_ms": spread([(town.heard[post] - at) * 1000 for post, at in town.written.items()]),
        "behind_ms": {name: spread(times) for name, times in behind.items()},
        "cpu_ms_a_post": {name: round(seconds / count * 1000, 2) for name, seconds in spent.items()},
    }


async def caught_up(connection: asyncpg.Connection) -> None:
    """Return once every reader of the log has read all of it. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while any(row["ms"] for row in await connection.fetch(BEHIND)):  # noqa: ASYNC110  # they tell nobody
            await asyncio.sleep(0.02)


if __name__ == "__main__":
    asyncio.run(main())
