"""`python -m discovery.evaluate`: how well what is picked would have foreseen what people did, on this database.

A replay: for each reader the last posts that they liked, kept, reposted or remixed are held out; what is picked is asked as of the
moment before the first of them, of candidates and acts older than that, and so are two plain orders, newest first and most liked,
of the same candidates; and what would be picked without nearness in meaning, to see what that is worth here. `hit` is the share of readers who find a held-out post among the first K, `ndcg` also asks how far up.

What is not wound back: counters, trends and follows are as they are now, deleted posts are gone, and what one never saw counts
as missed. So figures compare orders with each other on one database; on a seeded network they are a smoke test and no evidence.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

from discovery.for_you import pick
from models.database import close_database, fetch, open_database
from settings import settings

HELD_OUT = 5  # acts of each reader
FEWEST_ACTS = HELD_OUT + 3
_READERS = f"""WITH acts AS (
    SELECT user_id, post_id, id FROM likes UNION ALL SELECT user_id, post_id, id FROM reposts UNION ALL SELECT user_id, post_id, id FROM bookmarks
), newest AS (
    SELECT user_id, post_id, id, row_number() OVER (PARTITION BY user_id ORDER BY id DESC) AS place, count(*) OVER (PARTITION BY user_id) AS whole FROM acts
) SELECT user_id, array_agg(DISTINCT post_id) AS held, min(id) AS first FROM newest
    WHERE place <= {HELD_OUT} AND whole >= {FEWEST_ACTS} AND user_id % $2 = 0 GROUP BY user_id ORDER BY user_id LIMIT $1"""
_LIKES = "SELECT subject_id AS id, likes FROM post_counts WHERE subject_id = ANY($1::bigint[])"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one order did over all readers."""

    hit: float
    ndcg: float


def gain(order: Sequence[int], held: frozenset[int], first: int) -> tuple[float, float]:
    """Whether anything held out is among the first, and its normalised discounted gain."""
    places = [place for place, post in enumerate(order[:first]) if post in held]
    best = sum(1 / log2(place + 2) for place in range(min(first, len(held))))
    return float(bool(places)), sum(1 / log2(place + 2) for place in places) / best if best else 0.0


async def replay(readers: int, first: int, every: int = 1) -> tuple[int, Mapping[str, Outcome]]:
    """Replay so many readers; how many there were, and how each order did."""
    sums: dict[str, list[float]] = {name: [0.0, 0.0] for name in ("picked", "no meaning", "newest", "most liked")}
    rows = await fetch(_READERS, readers, every)
    for row in rows:
        held = frozenset(row["held"])
        moment = (row["first"] >> 16) / 1_000
        picks = [one.post_id for one in await pick(row["user_id"], at=moment)]
        plain = [one.post_id for one in await pick(row["user_id"], at=moment, meaning=False)]
        likes = {one["id"]: one["likes"] for one in await fetch(_LIKES, picks)}
        orders = {
            "picked": picks,
            "no meaning": plain,
            "newest": sorted(picks, reverse=True),
            "most liked": sorted(picks, key=lambda post: (-likes.get(post, 0), -post)),
        }
        for name, order in orders.items():
            hit, ndcg = gain(order, held, first)
            sums[name][0] += hit
            sums[name][1] += ndcg
    count = max(1, len(rows))
    return len(rows), {name: Outcome(hit / count, ndcg / count) for name, (hit, ndcg) in sums.items()}


async def main(readers: int, first: int, every: int) -> int:
    """Print the table; 1 when there is nobody to replay."""
    await open_database(settings().database_url, 2)
    try:
        count, found = await replay(readers, first, every)
    finally:
        await close_database()
    print(f"{count} readers, {HELD_OUT} acts of each held out, the first {first} of each order")
    for name, outcome in found.items():
        print(f"{name:<12} hit {outcome.hit:.3f}  ndcg {outcome.ndcg:.3f}")
    return 0 if count else 1


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description="Replay what people did against what would have been picked for them.")
    asked.add_argument("--readers", type=int, default=200, help="at most so many readers")
    asked.add_argument("--first", type=int, default=20, help="how far down one looks")
    asked.add_argument("--every", type=int, default=1, help="only readers whose number divides by this, for a sample")
    given = asked.parse_args()
    sys.exit(asyncio.run(main(given.readers, given.first, given.every)))
