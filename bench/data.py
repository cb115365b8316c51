"""A town to measure in: `python -m bench.data --home FOLDER --size M`.

S has 10,000 people and 100,000 posts, M ten times and L a hundred times as many. Follows are power-law both ways (readers
follow 10 to 2,000, in L 6 to 2,000; the best known authors have tens of thousands of followers); likes, reposts, replies,
threads, mentions, quotes, pictures, blocks, mutes, bookmarks, sessions, jobs and a million events (S: 100,000) come with
them. One connection makes the rows (`bench/town.py`), another copies them into tables without indexes and foreign keys,
which are made afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import asyncpg

from bench.town import SIZES, Rows, Size, steps
from dev import postgres
from dev.stack import Stack
from models.migrate import migrate
from settings import Settings, read

# What a server of this size is given; the stack's own is for a laptop.
SERVER = {"shared_buffers": "1GB", "max_wal_size": "4GB"}
MAKING = {"work_mem": "256MB", "maintenance_work_mem": "512MB", "jit": "off"}
# What triggers would write row by row is written at once, at the end.
TRIGGERS = """SELECT DISTINCT t.tgrelid::regclass::text AS of FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"""
TRIGGERED = """SELECT fresque_put_words(NULL);
    INSERT INTO hashtag_names (name, shown) SELECT DISTINCT hashtag, hashtag FROM post_hashtags"""
CHUNKS = 64  # of rows on the way from one connection to the other

# Parents of partitions keep theirs: an index of a part cannot be taken alone.
INDEXES = """SELECT pg_get_indexdef(i.indexrelid) AS make, 'DROP INDEX ' || i.indexrelid::regclass AS drop
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    AND NOT c.relispartition AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)"""
CONSTRAINTS = """SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(k.oid)) AS make,
    format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.connamespace = 'public'::regnamespace AND k.contype IN ('f', 'u')
    AND c.relkind = 'r' AND NOT c.relispartition AND k.conparentid = 0 ORDER BY k.contype"""


async def copy(source: asyncpg.Connection, target: asyncpg.Connection, rows: Rows) -> None:
    """What `source` makes of the rows' statement goes into their table through `target`, as binary COPY at both ends."""
    columns = [name.strip() for name in rows.columns.split(",")]
    types = {
        row["attname"]: row["type"]
        for row in await source.fetch(
            "SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = $1::text::regclass",
            rows.table,
        )
    }
    shown = ", ".join(f'made."{name}"::{types[name]}' for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    chunks = asyncio.Queue[bytes | None](CHUNKS)

    async def give() -> None:
        try:
            await source.copy_from_query(
                f"SELECT {shown} FROM ({rows.sql}) AS made ({names})", output=chunks.put, format="binary"
            )
        finally:
            await chunks.put(None)

    async def taken() -> AsyncIterator[bytes]:
        while (chunk := await chunks.get()) is not None:
            yield chunk

    async with asyncio.TaskGroup() as both:
        both.create_task(give())
        both.create_task(target.copy_to_table(rows.table, source=taken(), columns=columns, format="binary"))


async def make(url: str, size: Size) -> None:
    """Fill an empty, migrated database, saying how long each step took."""
    source, target = [await asyncpg.connect(url, server_settings=MAKING) for _ in range(2)]
    try:
        await source.execute("SELECT setseed(0.42)")
        kept = [*await source.fetch(CONSTRAINTS), *await source.fetch(INDEXES)]
        for one in kept:
            await source.execute(one["drop"])
        triggered = [row["of"] for row in await source.fetch(TRIGGERS)]
        for table in triggered:
            await source.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for name, parts in steps(size):
            began = time.monotonic()
            for part in parts:
                if isinstance(part, Rows):
                    await copy(source, target, part)
                else:
                    await source.execute(part)
            print(f"made {name} in {time.monotonic() - began:.1f} s", flush=True)
        late = [one for one in kept if "post_words" in one["make"]]  # an index is made sooner than kept up
        began = time.monotonic()
        for one in reversed(kept):
            if one not in late:
                await source.execute(one["make"])
        print(f"made {len(kept) - len(late)} indexes and foreign keys in {time.monotonic() - began:.1f} s", flush=True)
        began = time.monotonic()
        await source.execute("ANALYZE")
        await source.execute(TRIGGERED)
        for one in reversed(late):
            await source.execute(one["make"])
        for table in triggered:
            await source.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        print(f"made the words of posts in {time.monotonic() - began:.1f} s", flush=True)
        await source.execute("VACUUM ANALYZE")
        await source.execute("CREATE TABLE bench_made (at timestamptz DEFAULT now())")
    finally:
        await source.close()
        await target.close()


@contextlib.asynccontextmanager
async def prepared(home: Path, size: Size) -> AsyncIterator[tuple[Stack, Settings]]:
    """A started stack whose database holds a town of this size: made when it is not there, kept for the next time."""
    postgres.SETTINGS.update(SERVER)
    stack = Stack(home, durable=False)
    stack.start()
    try:
        told = replace(read(stack.environment()), argon2_memory_kib=64, argon2_time_cost=1)
        await migrate(told.database_url)
        connection = await asyncpg.connect(told.database_url)
        made = await connection.fetchval("SELECT to_regclass('bench_made')")
        await connection.close()
        if made is None:
            began = time.monotonic()
            await make(told.database_url, size)
            print(f"made the town in {time.monotonic() - began:.0f} s", flush=True)
        yield stack, told
    finally:
        stack.stop()


async def main() -> None:
    """Make the data, and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--size", choices=SIZES, default="M")
    given = parser.parse_args()
    async with prepared(given.home, SIZES[given.size]) as (_, told):
        print(f"{given.size} lies in {given.home}: {told.database_url.rpartition('@')[2]}")


if __name__ == "__main__":
    asyncio.run(main())
