"""What a subscriber who hears nothing costs in memory: `python -m bench.idle --home FOLDER [--people 10000] [--keep]`.

The same servers as in `bench.delivery`, one after the other, each anew: 200 people subscribe and hear a few events, which loads
what is loaded once; then memory is noted as more subscribe, up to 1,000, 5,000 and 10,000. Printed: KB of memory (resident) for
each subscriber between one count and the next. The people follow about 200 each, which only homes keep in memory.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import orjson

from bench.crowd import Crowd, gathered
from bench.deliverers import FIELDS, PEERS, Bare, Deliverer, Ours, Peer, bare, ours, peer
from bench.results import arguments, part

FIRST, COUNTS = 200, (1_000, 5_000, 10_000)
WARM_ROUNDS = 5
SETTLE_SECONDS = 2.0


async def grown(server: Deliverer, crowd: Crowd) -> dict[str, float]:
    """KB for each subscriber, by the count they have grown to."""
    await server.connect(crowd.who[:FIRST])
    await asyncio.sleep(SETTLE_SECONDS)
    for _ in range(WARM_ROUNDS):
        await server.round("one")
    found: dict[str, float] = {}
    count = FIRST
    before = server.server.resident_bytes
    for wanted in COUNTS:
        if wanted <= len(crowd.who):
            await server.connect(crowd.who[count:wanted])
            await asyncio.sleep(SETTLE_SECONDS)
            now = server.server.resident_bytes
            found[str(wanted)] = round((now - before) / 1024 / (wanted - count), 1)
            count, before = wanted, now
    return found


async def main() -> None:
    """Measure, and print what is kept."""
    parser = arguments(__doc__)
    parser.add_argument("--people", type=int, default=COUNTS[-1])
    given = parser.parse_args()
    async with gathered(given.home, given.people) as crowd:
        sample = ""

        async def told(server: Bare | Peer) -> Deliverer:
            if isinstance(server, Bare):
                server.text = sample
            else:
                server.event = orjson.loads(sample)["payload"]["data"][FIELDS["ExploreLive"]]
            return server

        async def limit() -> Deliverer:
            return await told(await bare())

        def other(name: str) -> Callable[[], Awaitable[Deliverer]]:
            async def started() -> Deliverer:
                return await told(await peer(crowd.environment, name, "ExploreLive"))

            return started

        def own(operation: str) -> Callable[[], Awaitable[Deliverer]]:
            return lambda: ours(crowd.environment, operation, crowd.star, crowd.own)

        with part(given.size, "idle", given.keep) as kept:
            for start in (own("HomeLive"), own("ExploreLive"), limit, *map(other, PEERS)):
                began = time.monotonic()
                server = await start()
                try:
                    kept[server.name] = await grown(server, crowd)
                    if isinstance(server, Ours):
                        sample = await server.sample()  # the last one is of ExploreLive, which the others send
                finally:
                    await server.end()
                print(f"{server.name:<36} KB {kept[server.name]} in {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
