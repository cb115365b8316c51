"""What a viral post does to its likers: `python -m bench.likes --home FOLDER [--size S]`.

50 people like and take back at once, each in a transaction of their own on a connection of their own: all of them one post,
then each a post of their own, in turn. Nothing of HTTP or GraphQL: what would serialise them is the database. Printed:
writes a second of either way, and their ratio (1 is perfect).
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence

from bench.data import prepared
from bench.results import arguments, part
from bench.town import SIZES
from models.database import close_database, fetch, open_database
from models.like import like, unlike
from models.transaction import transaction

LIKERS = 50
ROUNDS = 6
PAIRS = 10  # a like and its taking back, per liker and round


async def liker(who: int, post: int) -> None:
    """Like and take back. Raises RuntimeError when a write did not take."""
    for _ in range(PAIRS):
        async with transaction():
            done = await like(who, post)
        async with transaction():
            if not done or not await unlike(who, post):
                raise RuntimeError(f"a like of {post} did not take")


async def seconds(people: Sequence[int], posts: Sequence[int]) -> float:
    """How long all of them take together."""
    began = time.perf_counter()
    await asyncio.gather(*(liker(who, post) for who, post in zip(people, posts, strict=True)))
    return time.perf_counter() - began


async def main() -> None:
    """Print the two rates."""
    given = arguments(__doc__).parse_args()
    async with prepared(given.home, SIZES[given.size]) as (_, told):
        await open_database(told.database_url, LIKERS)
        try:
            posts = [row["id"] for row in await fetch("SELECT id FROM posts WHERE deleted_at IS NULL LIMIT $1", LIKERS)]
            people = [
                row["id"]
                for row in await fetch(
                    "SELECT id FROM users u WHERE NOT EXISTS (SELECT 1 FROM likes l WHERE l.user_id = u.id"
                    " AND l.post_id = ANY($2::bigint[])) ORDER BY id DESC LIMIT $1",
                    LIKERS,
                    posts,
                )
            ]
            await seconds(people, posts)
            writes = LIKERS * PAIRS * 2
            with part(given.size, "likes", given.keep) as kept:
                rounds = [
                    (await seconds(people, posts[:1] * LIKERS), await seconds(people, posts)) for _ in range(ROUNDS)
                ]
                kept["likers"] = LIKERS
                kept["one_post"] = round(statistics.median(writes / viral for viral, _ in rounds))
                kept["own_posts"] = round(statistics.median(writes / spread for _, spread in rounds))
                kept["ratio"] = round(statistics.median(spread / viral for viral, spread in rounds), 2)
            print(
                f"{LIKERS} likers: {kept['one_post']} writes/s on one post, {kept['own_posts']} on {LIKERS} posts:"
                f" ratio {kept['ratio']}"
            )
        finally:
            await close_database()


if __name__ == "__main__":
    asyncio.run(main())
