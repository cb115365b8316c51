"""The pulse of the database: how far the log is ahead of a reader, what holds it back, and how busy the pool is."""

from __future__ import annotations

from dataclasses import dataclass

from asyncpg import Pool

from models.database import client, fetch_one
from models.event import Cursor

MOST_COUNTED = 10_000  # events that a reader is behind; more count as so many


@dataclass(frozen=True, slots=True)
class Pulse:
    """`pending` events come after the reader's place. `watermark_seconds` is the age of the oldest transaction that writes:
    nobody is told of anything newer before it ends."""

    pending: int
    watermark_seconds: float


@dataclass(frozen=True, slots=True)
class PoolUse:
    """Connections of this process."""

    busy: int
    idle: int
    most: int


async def pulse(place: Cursor) -> Pulse:
    """As it is now, for a reader who stands there."""
    row = await fetch_one(
        f"""SELECT (SELECT count(*) FROM (SELECT 1 FROM events WHERE (events.xid, events.id) > ($1::text::xid8, $2::bigint)
            LIMIT {MOST_COUNTED}) AS later) AS pending,
        coalesce((SELECT extract(epoch FROM clock_timestamp() - min(xact_start)) FROM pg_stat_activity
            WHERE backend_xid IS NOT NULL AND datname = current_database()), 0)::float AS age""",
        str(place.xid),
        place.id,
    )
    return Pulse(0, 0.0) if row is None else Pulse(row["pending"], max(row["age"], 0.0))


def pool_use() -> PoolUse:
    """How many connections are in use."""
    pool: Pool | None = client()._pool
    if pool is None:
        return PoolUse(0, 0, 0)
    idle = pool.get_idle_size()
    return PoolUse(pool.get_size() - idle, idle, pool.get_max_size())
