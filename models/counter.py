"""Counters that never queue on a viral row: a base plus deltas that a consumer folds.

What is shown is base + what is not folded yet, read in one statement, so it is exact at every moment. `version` counts the
same way and rises with every visible change. A delta is written only when the edge row really was inserted or deleted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.database import fetch, fetch_value

FOLD_BATCH_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Family:
    """One pair of tables: `{name}_counts` (base) and `{name}_count_deltas`, with these columns."""

    name: str
    columns: tuple[str, ...]
    settled: tuple[str, ...] = ()  # in the base alone, as somebody else counts them

    def shown(self, subject: str) -> str:
        """A lateral subquery giving the columns and `version` for the subject's id (an SQL expression)."""
        sums = ", ".join(
            [
                *(f"(base.{column} + coalesce(sum(delta.{column}), 0))::int AS {column}" for column in self.columns),
                *(f"base.{column}" for column in self.settled),
            ]
        )
        return (
            f"(SELECT {sums}, (base.version + count(delta.id))::int AS version"
            f" FROM {self.name}_counts base LEFT JOIN {self.name}_count_deltas delta ON delta.subject_id = base.subject_id"
            f" WHERE base.subject_id = {subject} GROUP BY base.subject_id)"
        )


POSTS = Family("post", ("likes", "reposts", "replies", "quotes", "remixes"), ("views",))
USERS = Family("user", ("followers", "followings", "posts"))
POLLS = Family("poll", ("first", "second", "third", "fourth", "voters"))


async def open_post(post_id: int) -> None:
    """Begin to count for a new post, version 1."""
    await fetch("INSERT INTO post_counts (subject_id) VALUES ($1)", post_id)


async def open_user(user_id: int) -> None:
    """Begin to count for a new person."""
    await fetch("INSERT INTO user_counts (subject_id) VALUES ($1)", user_id)


async def count_post(
    post_id: int, *, likes: int = 0, reposts: int = 0, replies: int = 0, quotes: int = 0, remixes: int = 0
) -> None:
    """Add to a post's counters and raise its version by one (all zero: only the version, for other changes)."""
    await fetch(
        "INSERT INTO post_count_deltas (subject_id, likes, reposts, replies, quotes, remixes) VALUES ($1, $2, $3, $4, $5, $6)",
        post_id,
        likes,
        reposts,
        replies,
        quotes,
        remixes,
    )


async def touch_posts(post_ids: Sequence[int]) -> None:
    """Raise the versions of these posts by one: they look different, and nothing of them counts otherwise."""
    await fetch(
        "INSERT INTO post_count_deltas (subject_id, likes, reposts, replies, quotes, remixes)"
        " SELECT id, 0, 0, 0, 0, 0 FROM unnest($1::bigint[]) AS asked (id)",
        list(post_ids),
    )


async def count_user(user_id: int, *, followers: int = 0, followings: int = 0, posts: int = 0) -> None:
    """Add to a person's counters."""
    await fetch(
        "INSERT INTO user_count_deltas (subject_id, followers, followings, posts) VALUES ($1, $2, $3, $4)",
        user_id,
        followers,
        followings,
        posts,
    )


async def count_users(user_ids: Sequence[int], *, followings: int) -> None:
    """Add to the counters of many people at once."""
    await fetch(
        "INSERT INTO user_count_deltas (subject_id, followers, followings, posts) SELECT id, 0, $2, 0"
        " FROM unnest($1::bigint[]) AS n (id)",
        list(user_ids),
        followings,
    )


async def fold(family: Family) -> int:
    """Move up to `FOLD_BATCH_ROWS` deltas into their bases, in one statement. Returns how many rows were folded."""
    columns = family.columns
    sums = ", ".join(f"sum({column}) AS {column}" for column in columns)
    sets = ", ".join(f"{column} = base.{column} + folded.{column}" for column in columns)
    return int(
        await fetch_value(
            f"""WITH picked AS (
                SELECT id FROM {family.name}_count_deltas ORDER BY id LIMIT {FOLD_BATCH_ROWS} FOR UPDATE SKIP LOCKED
            ), gone AS (
                DELETE FROM {family.name}_count_deltas d USING picked WHERE d.id = picked.id RETURNING d.*
            ), folded AS (
                SELECT subject_id, {sums}, count(*) AS versions FROM gone GROUP BY subject_id
            ), written AS (
                UPDATE {family.name}_counts base SET {sets}, version = base.version + folded.versions
                FROM folded WHERE base.subject_id = folded.subject_id
            ) SELECT count(*) FROM gone"""
        )
    )
