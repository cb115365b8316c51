"""What delivery costs: `python -m bench.delivery --home FOLDER [--people 1000] [--keep]`.

One real API process (`python -m app`) with its relay, bare `websockets.broadcast` of the same bytes, graphql-ws on graphql-yoga and
mercurius (from npm, each with Redis), each with so many WebSocket clients in a process of their own, in turn. Posts are written
straight into the database, and peers are told by a publisher of their own, so that a server does nothing but deliver. CPU µs of
the server process (user and kernel, from /proc) per delivery, the median of the rounds; a ratio is the median of the rounds'
ratios to bare. Then ms from before an event is published to each client, at 5 events a second. `FOLDER` is a town of listeners,
whatever the size of the others. Absolute figures move with the machine; compare within one run.
"""

from __future__ import annotations

import asyncio
import random
import statistics
from collections.abc import Sequence
from typing import Any

import orjson

from bench.crowd import Crowd, gathered
from bench.deliverers import BURST, FIELDS, KINDS, PEERS, Bare, Deliverer, Peer, bare, ending, ours, peer
from bench.results import arguments, part

SETTLE_SECONDS = 2.0
WARM_ROUNDS = 20  # V8 compiles what is hot
RATE, LATENCY_SECONDS = 5, 6


async def start(crowd: Crowd, operation: str) -> list[Deliverer]:
    """Ours, the limit and the peers, with everybody listening; the others have an event of ours to send."""
    started: list[Deliverer] = []
    try:
        first = await ours(crowd.environment, operation, crowd.star, crowd.own)
        started.append(first)
        await first.connect(crowd.who)
        await asyncio.sleep(SETTLE_SECONDS)
        await first.round("one")
        text = await first.sample()
        started.append(await bare())
        started += [await peer(crowd.environment, name, operation) for name in PEERS]
        for other in started[1:]:
            if isinstance(other, Bare):
                other.text = text
            if isinstance(other, Peer):
                other.event = orjson.loads(text)["payload"]["data"][FIELDS[operation]]
            await other.connect(crowd.who)
    except BaseException:
        for deliverer in started:
            await deliverer.end()
        raise
    await asyncio.sleep(SETTLE_SECONDS)
    return started


def does(deliverer: Deliverer, kind: str) -> bool:
    """Whether it is asked for this kind: peers know homes only as a topic for each person."""
    return not isinstance(deliverer, Peer) or (kind == "each") == (deliverer.operation == "HomeLive")


async def measure(deliverers: Sequence[Deliverer], kind: str, rounds: int) -> dict[str, Any]:
    """CPU µs per delivery by server, and its ratio to bare with quartiles."""
    asked = [deliverer for deliverer in deliverers if does(deliverer, kind)]
    for deliverer in asked:
        for _ in range(WARM_ROUNDS // (1 if isinstance(deliverer, Peer) else 5)):
            await deliverer.round(kind)
    spent: dict[str, list[float]] = {deliverer.name: [] for deliverer in asked}
    for _ in range(rounds):
        for deliverer in random.sample(asked, len(asked)):
            spent[deliverer.name].append(await deliverer.round(kind))
    limit = next(spent[deliverer.name] for deliverer in asked if isinstance(deliverer, Bare))
    return {
        name: {
            "us": round(statistics.median(mine), 2),
            "ratio": [
                round(q, 2) for q in statistics.quantiles([a / b for a, b in zip(mine, limit, strict=True)], n=4)
            ],
        }
        for name, mine in spent.items()
    }


async def latencies(deliverers: Sequence[Deliverer]) -> dict[str, Any]:
    """p50 and p99 in ms by server, one server at a time."""
    found = {}
    for deliverer in deliverers:
        if does(deliverer, "one"):
            times = await deliverer.latencies_ms(RATE, LATENCY_SECONDS)
            late = times[int(len(times) * 0.99)]
            found[deliverer.name] = {"p50_ms": round(statistics.median(times), 1), "p99_ms": round(late, 1)}
    return found


async def main() -> None:
    """Measure, and print what is kept."""
    parser = arguments(__doc__)
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    rounds = {"one": given.rounds * 2, "ten": max(given.rounds // 2, 2), "each": max(given.rounds // 2, 2)}
    async with gathered(given.home, given.people) as crowd:
        with part(given.size, "delivery", given.keep) as kept:
            kept |= {"people": given.people, "burst": BURST, "rate": RATE}
            for operation in ("ExploreLive", "HomeLive"):
                deliverers = await start(crowd, operation)
                async with ending(deliverers):
                    kept[operation] = {}
                    for kind, name in KINDS.items():
                        if kind == "each" and operation != "HomeLive":
                            continue
                        kept[operation][kind] = found = await measure(deliverers, kind, rounds[kind])
                        for server, figures in found.items():
                            print(
                                f"{operation}, {name:<24} {server:<36} {figures['us']:8.1f} µs  {figures['ratio']}",
                                flush=True,
                            )
                    kept[operation]["latency"] = await latencies(deliverers)
                    kept[operation]["bytes"] = {one.name: len(await one.sample()) for one in deliverers}
                    print(operation, kept[operation]["latency"], kept[operation]["bytes"], flush=True)


if __name__ == "__main__":
    asyncio.run(main())
