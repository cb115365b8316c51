"""`python -m models.recount [--mend]`: counts everything that is counted anew and says where what is shown has drifted.

With `--mend` what is missing is added, in the statement that finds it; nothing has to stand still for that, since a change
and its count are one transaction. Ends with 1 where there was drift and it was left. Views are counted elsewhere.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

from models.counter import POLLS, POSTS, USERS, Family, touch_posts
from models.database import close_database, fetch, open_database
from models.event import Kind, record
from models.transaction import transaction
from settings import settings

SUBJECTS_AT_ONCE = 500

# Who sees a number could see what it counts (`publishing._count`); whoever is gone counts nowhere (`models/standing.py`).
_COUNTED = """posts e JOIN users u ON u.id = e.author_id AND NOT u.gone JOIN posts p ON p.id = s.id WHERE e.{column} = s.id
    AND e.deleted_at IS NULL AND (p.author_id = e.author_id OR NOT u.is_private)
    AND (e.visibility IN ('PUBLIC', 'UNLISTED') OR p.visibility IN (e.visibility, 'MENTIONED'))"""
_THERE = "e JOIN users u ON u.id = e.{person} AND NOT u.gone WHERE e.{column} = s.id"
_VOTES = f"poll_votes {_THERE.format(person='user_id', column='poll_id')}"
COUNTED = {
    POSTS.name: {
        "likes": f"likes {_THERE.format(person='user_id', column='post_id')}",
        "reposts": f"reposts {_THERE.format(person='user_id', column='post_id')}",
        "replies": _COUNTED.format(column="reply_to_id"),
        "quotes": _COUNTED.format(column="quoted_post_id") + " AND NOT e.is_detached",
        "remixes": "remix_posts e WHERE e.source_post_id = s.id AND e.counted",
    },
    USERS.name: {
        "followers": f"follows {_THERE.format(person='follower_id', column='followee_id')}",
        "followings": f"follows {_THERE.format(person='followee_id', column='follower_id')}",
        "posts": "posts e WHERE e.author_id = s.id AND e.deleted_at IS NULL AND e.visibility IN ('PUBLIC', 'UNLISTED')",
    },
    POLLS.name: {
        **{column: f"{_VOTES} AND {index} = ANY(e.choices)" for index, column in enumerate(POLLS.columns[:-1])},
        "voters": _VOTES,
    },
}
"""What each column counts, of the subject `s.id`."""
SIZES = {
    "lists": "list_members e WHERE e.list_id = s.id",
    "boards": "board_posts e WHERE e.board_id = s.id",
}
"""What the column `size` of each table counts."""


@dataclass(frozen=True, slots=True)
class Drift:
    """What is shown of a subject, and what it should be."""

    family: str
    subject_id: int
    column: str
    shown: int
    counted: int

    def __str__(self) -> str:
        return f"{self.family} {self.subject_id}: {self.column} is {self.shown} and should be {self.counted}"


def _found(family: Family) -> str:
    """The statement that finds drift among the subjects $1."""
    columns = COUNTED[family.name]
    counts = ", ".join(f"(SELECT count(*) FROM {what})::int AS true_{name}" for name, what in columns.items())
    return f"""SELECT s.id, {", ".join(f"shown.{name}, now.true_{name}" for name in columns)}
        FROM unnest($1::bigint[]) AS s (id) JOIN LATERAL {family.shown("s.id")} AS shown ON true
        JOIN LATERAL (SELECT {counts}) AS now ON true
        WHERE {" OR ".join(f"shown.{name} <> now.true_{name}" for name in columns)}"""


def _mended(family: Family) -> str:
    """The same, that adds what is missing to what is waiting to be folded."""
    columns = COUNTED[family.name]
    others = [name for name in family.columns if name not in columns]
    missing = ", ".join([*(f"true_{name} - {name}" for name in columns), *("0" for _ in others)])
    return f"""WITH found AS MATERIALIZED ({_found(family)}), mended AS (
        INSERT INTO {family.name}_count_deltas (subject_id, {", ".join([*columns, *others])})
        SELECT id, {missing} FROM found
    ) SELECT * FROM found"""


async def recount(family: Family, subject_ids: Sequence[int], *, mend: bool = False) -> list[Drift]:
    """The drift among these subjects, mended if that is wished; posts on screens are told."""
    async with transaction():
        rows = await fetch(_mended(family) if mend else _found(family), list(subject_ids))
        if mend and family is not USERS:
            for post_id in (
                [row["id"] for row in rows] if family is POSTS else await _asking([row["id"] for row in rows])
            ):
                await record(Kind.POST_COUNTED, [f"post:{post_id}"], post_id=post_id)
    return [
        Drift(family.name, row["id"], name, row[name], row[f"true_{name}"])
        for row in rows
        for name in COUNTED[family.name]
        if row[name] != row[f"true_{name}"]
    ]


async def _asking(poll_ids: Sequence[int]) -> list[int]:
    """The posts whose polls these are, which look different from now on."""
    rows = await fetch("SELECT id FROM posts WHERE poll_id = ANY($1::bigint[])", list(poll_ids))
    posts = [row["id"] for row in rows]
    await touch_posts(posts)
    return posts


async def recount_sizes(table: str, subject_ids: Sequence[int], *, mend: bool = False) -> list[Drift]:
    """The drift of how large lists or boards are, mended if that is wished."""
    async with transaction():
        if mend:  # every change of what is counted holds the row first
            await fetch(f"SELECT 1 FROM {table} WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE", list(subject_ids))
        rows = await fetch(
            f"""SELECT s.id, s.size, now.counted FROM {table} s
            JOIN LATERAL (SELECT (SELECT count(*) FROM {SIZES[table]})::int AS counted) AS now ON true
            WHERE s.id = ANY($1::bigint[]) AND s.size <> now.counted""",
            list(subject_ids),
        )
        if mend and rows:
            await fetch(
                f"UPDATE {table} t SET size = found.size FROM unnest($1::bigint[], $2::int[]) AS found (id, size)"
                " WHERE t.id = found.id",
                [row["id"] for row in rows],
                [row["counted"] for row in rows],
            )
    return [Drift(table, row["id"], "size", row["size"], row["counted"]) for row in rows]


async def _stretches(table: str, column: str) -> AsyncIterator[list[int]]:
    """The numbers of a table, some at a time."""
    last = 0
    while True:
        rows = await fetch(
            f"SELECT {column} AS id FROM {table} WHERE {column} > $1 ORDER BY {column} LIMIT $2",
            last,
            SUBJECTS_AT_ONCE,
        )
        if not rows:
            return
        last = rows[-1]["id"]
        yield [row["id"] for row in rows]


async def recount_all(*, mend: bool = False) -> list[Drift]:
    """All drift there is, a stretch of subjects at a time."""
    found: list[Drift] = []
    for family in (POSTS, USERS, POLLS):
        async for subject_ids in _stretches(f"{family.name}_counts", "subject_id"):
            found += await recount(family, subject_ids, mend=mend)
    for table in SIZES:
        async for subject_ids in _stretches(table, "id"):
            found += await recount_sizes(table, subject_ids, mend=mend)
    return found


def lines(found: Sequence[Drift], *, mended: bool) -> Iterator[str]:
    """What there is to say of it."""
    yield from map(str, found)
    yield f"{len(found)} numbers had drifted" + (" and are mended." if mended and found else ".")


async def main(arguments: Sequence[str] | None = None) -> int:
    """Count anew, say what was found; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mend", action="store_true", help="add what is missing")
    mend: bool = parser.parse_args(arguments).mend
    await open_database(settings().database_url, 1)
    try:
        found = await recount_all(mend=mend)
    finally:
        await close_database()
    for line in lines(found, mended=mend):
        print(line)
    return 1 if found and not mend else 0


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
