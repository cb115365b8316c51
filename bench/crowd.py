"""A running town of listeners: who they are, and whom they follow. For the benches of delivery."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.child import Child
from bench.data import prepared
from bench.town import LISTENERS, Size, person
from dev.run import RAISED_LIMITS
from dev.stack import Stack
from models.database import close_database, fetch, fetch_value, open_database
from models.transaction import forget_commit_hooks, on_commit
from realtime.wire import POKES, Wire
from settings import Settings


@dataclass(frozen=True, slots=True)
class Crowd:
    """`who` are numbers of people who follow about 200 others: `star`, one of `own` each, and authors of the town."""

    stack: Stack
    told: Settings
    environment: Mapping[str, str]
    who: Sequence[int]
    star: int
    own: Sequence[int]


async def _arranged(size: Size, people: int) -> tuple[list[int], int, list[int]]:
    star = await fetch_value("SELECT id FROM users WHERE handle = 'bench_star'")
    if star is None:
        columns = "(id, handle, display_name, bio, location, website, pronouns, joined_at)"
        star = await fetch_value(
            f"INSERT INTO users {columns} VALUES (fresque_id(), 'bench_star', 'Star', '', '', '', '', now()) RETURNING id"
        )
        await fetch(
            f"INSERT INTO users {columns} SELECT fresque_id(), 'bench_own_' || n, 'Own', '', '', '', '', now()"
            " FROM generate_series(1, $1::int) n",
            size.people,
        )
        await fetch(
            "INSERT INTO user_counts (subject_id) SELECT id FROM users WHERE handle LIKE 'bench\\_%' ON CONFLICT DO NOTHING"
        )
        await fetch(
            f"""INSERT INTO follows (id, follower_id, followee_id, created_at) SELECT fresque_id(), {person("n")}, u.id, now()
            FROM generate_series(1, {size.people}) n JOIN users u ON u.handle IN ('bench_star', 'bench_own_' || n)"""
        )
    own = await fetch(
        "SELECT id FROM users WHERE handle LIKE 'bench_own_%' ORDER BY substr(handle, 11)::int LIMIT $1", people
    )
    return list(range(1, people + 1)), star, [row["id"] for row in own]


@asynccontextmanager
async def gathered(home: Path, people: int, size: Size = LISTENERS) -> AsyncIterator[Crowd]:
    """The stack with the town, its relay, and our own connection for writing posts, whose commits poke the relay."""
    async with prepared(home, size) as (stack, told):
        environment = {**os.environ, **RAISED_LIMITS, **stack.environment()}
        relay = await Child.start(sys.executable, "-m", "realtime.relay", environment=environment)
        await open_database(told.database_url, 4)
        wire = Wire(told.redis_url)
        on_commit(functools.partial(wire.publish_soon, POKES, b""))
        try:
            yield Crowd(stack, told, environment, *await _arranged(size, people))
        finally:
            forget_commit_hooks()
            await wire.close()
            await close_database()
            await relay.end()
