"""What a reader's home costs over HTTP: `python -m bench.home --home FOLDER --size M`.

One real API process (`python -m app`) on a filled database; random readers ask the operation Home of the product one
after the other, then evenly at a low rate. Printed: CPU ms per request of the API process (all its threads) and of
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
from pathlib import Path

import asyncpg
import httpx
import psutil

from bench.data import SIZES, person, prepared
from dev.ports import LOOPBACK, free_pairs

OPERATIONS = (Path(__file__).parent.parent / "tests" / "operations" / "core.graphql").read_text()
WARM_REQUESTS = 200
START_SECONDS = 30.0


def cpu_seconds(pids: Sequence[int]) -> float:
    """CPU time that these processes have had, in user and kernel mode."""
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids)


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

    def __init__(self, http: httpx.AsyncClient, url: str, who: Sequence[int]) -> None:
        self.http, self.url, self.who = http, f"{url}/graphql", who
        self.times_ms: list[float] = []
        self.bytes = 0

    async def once(self) -> None:
        """One home of a random reader. Raises RuntimeError when it is not whole."""
        token = f"frq_bench_{random.choice(self.who)}"
        began = time.perf_counter()
        answer = await self.http.post(
            self.url,
            json={"query": OPERATIONS, "operationName": "Home", "variables": {}},
            headers={"Authorization": f"Bearer {token}"},
        )
        self.times_ms.append((time.perf_counter() - began) * 1000)
        self.bytes = len(answer.content)
        if answer.status_code != 200 or "errors" in answer.json():
            raise RuntimeError(f"{answer.status_code}: {answer.text[:500]}")

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


async def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--size", choices=SIZES, default="M")
    parser.add_argument("--requests", type=int, default=1_000, help="one after the other")
    parser.add_argument("--rate", type=float, default=20, help="requests a second when asked evenly, for 10 s")
    given = parser.parse_args()
    async with prepared(given.home, given.size) as (stack, told), httpx.AsyncClient(timeout=20) as http:
        (port,) = free_pairs(1)
        url = f"http://{LOOPBACK}:{port}"
        environment = {**os.environ, **stack.environment(), "HOST": LOOPBACK, "PORT": str(port)}
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "app", env=environment)
        try:
            await serve_ready(http, url)
            print("| readers | API CPU ms | PostgreSQL CPU ms | p50 ms, one by one | p50 / p99 ms evenly | bytes |")
            for name, followed in (("any", None), ("50", 50), ("500", 500), ("2000", 2_000)):
                who = await readers(told.database_url, followed)
                warm = Reading(http, url, who)
                for _ in range(WARM_REQUESTS):
                    await warm.once()
                servers = [child.pid for child in psutil.Process(stack.pids()[0]).children()]
                api, database = cpu_seconds([process.pid]), cpu_seconds(servers)
                reading = Reading(http, url, who)
                for _ in range(given.requests):
                    await reading.once()
                api, database = cpu_seconds([process.pid]) - api, cpu_seconds(servers) - database
                calm = Reading(http, url, who)
                await calm.evenly(given.rate, 10)
                late = sorted(calm.times_ms)[int(len(calm.times_ms) * 0.99)]
                print(
                    f"| {name:>7} | {api / given.requests * 1000:10.2f} | {database / given.requests * 1000:17.2f}"
                    f" | {statistics.median(reading.times_ms):18.1f} | {statistics.median(calm.times_ms):9.1f} / {late:7.1f} |"
                    f" {reading.bytes:5} |",
                    flush=True,
                )
        finally:
            process.terminate()
            await process.wait()


if __name__ == "__main__":
    asyncio.run(main())
