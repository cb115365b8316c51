"""The part of the bench that `make test` runs: `python -m bench.budget [--twice NAME]`.

Ratios of CPU time within one run, and counts, on a small town of its own; each against its bound in `budget.toml`. The two sides of
a ratio take turns, and the median of the turns' ratios counts. What is above its bound is measured again, three times in all:
more work stays, a busy neighbour does not. `--twice` does our side of one of them twice over, to see that it is caught. Ends with
1 when a bound is broken.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
import tomllib
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx

from bench.against import BARE, start_others, statements_sent
from bench.child import Child
from bench.crowd import Crowd, gathered
from bench.deliverers import bare, ours
from bench.home import Reading, Server, serve_ready, started, stopped
from bench.results import HERE
from bench.spent import cpu_seconds
from bench.town import Size

TOWN = Size(500, 10_000, 1_000, 50, followed=100)
LISTENERS = 200
TRIES = 3
TURNS = 11
HOMES_A_TURN = 10
WARM = 60
Measure = Callable[[int], Awaitable[float]]


async def in_turn(mine: Callable[[], Awaitable[float]], other: Callable[[], Awaitable[float]], often: int) -> float:
    """The median of the turns' ratios; our side is done `often` times over in each."""
    ratios = []
    for _ in range(TURNS):
        spent = [await mine() for _ in range(often)]
        ratios.append(sum(spent) / await other())
    return statistics.median(ratios)


async def home_over_bare(http: httpx.AsyncClient, mine: Server, other: Server, often: int) -> float:
    """Ours against the bare loop."""

    def homes(server: Server) -> Callable[[], Awaitable[float]]:
        reading = Reading(http, server, range(1, 200))

        async def spent() -> float:
            before = cpu_seconds([server.process.pid])
            for _ in range(HOMES_A_TURN):
                await reading.once()
            return cpu_seconds([server.process.pid]) - before

        return spent

    return await in_turn(homes(mine), homes(other), often)


async def compiled_over_core(crowd: Crowd, often: int) -> float:
    """Measured in a process of its own (`bench/compiled.py`)."""
    child = await Child.start(sys.executable, "-m", "bench.compiled", str(often), environment=crowd.environment)
    said = await child.read()
    await child.end()
    return float(said)


async def delivery_over_bare(crowd: Crowd, often: int) -> float:
    """One event to all, at ours and at the limit."""
    async with AsyncExitStack() as both:
        mine = await ours(crowd.environment, "ExploreLive", crowd.star, crowd.own)
        both.push_async_callback(mine.end)
        await mine.connect(crowd.who)
        await mine.round("one")
        other = await bare()
        both.push_async_callback(other.end)
        other.text = await mine.sample()
        await other.connect(crowd.who)
        for _ in range(3):
            await mine.round("one")
            await other.round("one")
        return await in_turn(lambda: mine.round("one"), lambda: other.round("one"), often)


async def judged(name: str, bound: dict[str, Any], measure: Measure, often: int) -> bool:
    """Measure until it is within its bound, at most so often; say how it went."""
    found = list[float]()
    began = time.monotonic()
    for _ in range(TRIES):
        found.append(await measure(often))
        if found[-1] <= bound["at_most"]:
            break
    well = bool(found[-1] <= bound["at_most"])
    said = ", ".join(f"{value:.3g}" for value in found)
    print(
        f"{'ok ' if well else 'BAD'} {name}: {said} (at most {bound['at_most']}, usual {bound['usual']})"
        f" in {time.monotonic() - began:.0f} s: {bound['about']}",
        flush=True,
    )
    return well


async def main() -> int:
    """Measure all of them."""
    bounds = tomllib.loads((HERE / "bench" / "budget.toml").read_text())
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--twice", choices=bounds, help="do our side of this one twice")
    twice = parser.parse_args().twice
    with tempfile.TemporaryDirectory() as folder:
        async with gathered(Path(folder), LISTENERS, TOWN) as crowd, httpx.AsyncClient(timeout=20) as http:
            connections = crowd.told.database_pool_size
            servers = [
                await started("Fresque", HERE, crowd.stack),
                *await start_others(crowd.stack, connections, Path(folder), [BARE]),
            ]
            try:
                for server in servers:
                    await serve_ready(http, server.url)
                    for _ in range(WARM):
                        await Reading(http, server, range(1, 200)).once()

                async def counted(often: int) -> float:
                    sent = await statements_sent(http, servers[:1], range(1, 200), crowd.told.database_url)
                    return float(sent["Fresque"]) * often

                measures: dict[str, Measure] = {
                    "home_over_bare": lambda often: home_over_bare(http, servers[0], servers[1], often),
                    "home_statements": counted,
                    "compiled_over_core": lambda often: compiled_over_core(crowd, often),
                    "delivery_over_bare": lambda often: delivery_over_bare(crowd, often),
                }
                well = [
                    await judged(name, bounds[name], measure, 2 if name == twice else 1)
                    for name, measure in measures.items()
                ]
            finally:
                await stopped(servers)
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
