"""What a home costs as the town grows: `python -m bench.growth --town S=FOLDER --town M=FOLDER … --size S [--keep]`.

Towns of several sizes run side by side, each with its own database and its own API process, and are asked for homes in turn: CPU
ms of the server process and of PostgreSQL per request, the median of the turns, and their ratio to the smallest town in the same
run, for any readers and for those who follow about 50, 500 and 2,000. Towns that are not there are made.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx

from bench.against import KINDS
from bench.data import prepared
from bench.home import Reading, Server, readers, serve_ready, started, stopped
from bench.results import HERE, part
from bench.spent import Meter, children, cpu_seconds
from bench.town import SIZES
from dev.stack import Stack

EACH = 20
WARM_REQUESTS = 800  # most of the readers have read once by then: their lists are made


async def measure(http: httpx.AsyncClient, towns: list[tuple[Server, Stack, list[int]]], count: int) -> dict[str, Any]:
    """CPU ms of server and database for each town, and the ratios to the first."""
    spent: dict[str, dict[str, list[float]]] = {server.name: {"server": [], "database": []} for server, _, _ in towns}
    for server, _, who in towns:
        reading = Reading(http, server, who)
        for _ in range(WARM_REQUESTS):
            await reading.once()
    for _ in range(count):
        for server, stack, who in random.sample(towns, len(towns)):
            reading = Reading(http, server, who)
            before, database = cpu_seconds([server.process.pid]), Meter(children(stack.pids()[0]))
            for _ in range(EACH):
                await reading.once()
            spent[server.name]["server"].append((cpu_seconds([server.process.pid]) - before) / EACH * 1000)
            spent[server.name]["database"].append(database.seconds / EACH * 1000)
    first = spent[towns[0][0].name]
    return {
        name: {
            f"{what}_{unit}": value
            for what, turns in by.items()
            for unit, value in (
                ("ms", round(statistics.median(turns), 3)),
                ("ratio", round(statistics.median(a / b for a, b in zip(turns, first[what], strict=True)), 2)),
            )
        }
        for name, by in spent.items()
    }


async def main() -> None:
    """Measure, and print what is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--town", action="append", required=True, metavar="SIZE=FOLDER")
    parser.add_argument("--size", choices=SIZES, default="S", help="with whose figures they are kept")
    parser.add_argument("--keep", action="store_true", help="what was measured, in docs/measured")
    parser.add_argument("--turns", type=int, default=15, help=f"of {EACH} requests for each town and kind")
    given = parser.parse_args()
    folders = dict(town.split("=", 1) for town in given.town)
    async with AsyncExitStack() as all_of_them, httpx.AsyncClient(timeout=20) as http:
        servers, stacks = list[Server](), list[tuple[Stack, str]]()
        with part(given.size, "growth", given.keep) as kept:
            try:
                for size, folder in folders.items():
                    stack, told = await all_of_them.enter_async_context(prepared(Path(folder), SIZES[size]))
                    stacks.append((stack, told.database_url))
                    servers.append(await started(size, HERE, stack))
                    await serve_ready(http, servers[-1].url)
                for kind, followed, _ in KINDS:
                    towns = [
                        (server, stack, await readers(url, followed))
                        for server, (stack, url) in zip(servers, stacks, strict=True)
                    ]
                    kept[kind] = await measure(http, towns, given.turns)
                    for size, figures in kept[kind].items():
                        print(
                            f"{kind:<16} {size}",
                            *(f"{name} {value:6.2f}" for name, value in figures.items()),
                            flush=True,
                        )
            finally:
                await stopped(servers)


if __name__ == "__main__":
    asyncio.run(main())
