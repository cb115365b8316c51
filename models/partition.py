"""The event log's daily partitions: made ahead, dropped when their time is over."""

from __future__ import annotations

from datetime import date

from models.database import fetch, fetch_value
from models.event import KEPT_HOURS
from models.transaction import transaction

DAYS_AHEAD = 3


async def make_partitions() -> None:
    """Partitions for today (UTC) and the days ahead. A day that already has rows in the default partition stays there."""
    for ahead in range(DAYS_AHEAD + 1):
        day: date = await fetch_value("SELECT (now() AT TIME ZONE 'UTC')::date + $1::int", ahead)
        name = f"events_{day:%Y%m%d}"
        if await fetch_value("SELECT to_regclass($1)", name):
            continue
        taken = await fetch_value(
            "SELECT EXISTS (SELECT 1 FROM events_default WHERE at >= $1::date AT TIME ZONE 'UTC'"
            " AND at < ($1::date + 1) AT TIME ZONE 'UTC')",
            day,
        )
        if taken:
            continue
        await fetch(
            f"CREATE TABLE {name} PARTITION OF events FOR VALUES FROM ('{day} 00:00+00') TO ('{date.fromordinal(day.toordinal() + 1)} 00:00+00')"
        )


async def drop_old_partitions() -> list[str]:
    """Drop the days that are over for more than `KEPT_HOURS`, and raise the log's floor. Returns the names dropped."""
    rows = await fetch(
        "SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = 'events'::regclass AND c.relname ~ '^events_[0-9]{8}$'"
        " AND to_date(substr(c.relname, 8), 'YYYYMMDD') + 1 < (now() AT TIME ZONE 'UTC') - make_interval(hours => $1)"
        " ORDER BY 1",
        KEPT_HOURS,
    )
    names = [row["name"] for row in rows]
    for name in names:
        async with transaction():
            await fetch(
                f"UPDATE log_state SET floor_xid = greatest(floor_xid, coalesce((SELECT max(xid) FROM {name}), floor_xid))"
            )
            await fetch(f"DROP TABLE {name}")
    await fetch(
        "WITH gone AS (DELETE FROM events_default WHERE at < now() - make_interval(hours => $1) RETURNING xid)"
        " UPDATE log_state SET floor_xid = greatest(floor_xid, (SELECT max(xid) FROM gone))"
        " WHERE EXISTS (SELECT 1 FROM gone)",
        KEPT_HOURS,
    )
    return names
