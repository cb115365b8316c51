"""The database: one pool for the life of the process, shared by Tortoise and by raw reads.

`open_database` and `close_database` are called by whoever composes a process. `fetch`, `fetch_one` and `fetch_value` run
SQL on the transaction this task is in, or on a pooled connection; they take positional `$1` parameters and give asyncpg
records. Errors are asyncpg's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

import orjson
from asyncpg import Connection, InterfaceError, InternalClientError, PostgresError, Record
from tortoise import Tortoise
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException

# What a call may raise when the database goes away under it; InternalClientError is what asyncpg says when the connection
# breaks in the middle of an answer.
AWAY = (OSError, PostgresError, InterfaceError, InternalClientError, BaseORMException)
STATEMENT_TIMEOUT_MS = 5_000
TRANSACTION_TIMEOUT_MS = 10_000
LOCK_TIMEOUT_MS = 4_000
STATEMENTS = 500  # prepared, of each connection
MODEL_MODULES = [
    "models.user",
    "models.session",
    "models.follow",
    "models.block",
    "models.mute",
    "models.post",
    "models.like",
    "models.repost",
    "models.bookmark",
    "models.image",
    "models.upload",
    "models.engine",
    "models.job",
]


_held: ContextVar[tuple[Connection, AsyncpgDBClient, asyncio.Task[Any] | None] | None] = ContextVar(
    "held", default=None
)


class PlainConnection(Connection):  # type: ignore[misc]  # asyncpg carries no types
    """A connection that is not reset on release: nothing here leaves session state behind, and a reset costs a trip."""

    def get_reset_query(self) -> str:
        return ""


async def _prepare(connection: Connection) -> None:
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(kind, schema="pg_catalog", encoder=_dump, decoder=orjson.loads, format="text")


def _dump(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def tortoise_config(url: str, pool_size: int) -> dict[str, Any]:
    """Tortoise's configuration for a `postgres://user:password@host:port/database` address (`?host=` for a socket's folder)."""
    parts = urlsplit(url)
    socket_folder = parse_qs(parts.query).get("host", [""])[0]
    return {
        "connections": {
            "default": {
                "engine": "tortoise.backends.asyncpg",
                "credentials": {
                    "host": socket_folder or parts.hostname or "127.0.0.1",
                    "port": parts.port or 5432,
                    "user": unquote(parts.username or "fresque"),
                    "password": unquote(parts.password) if parts.password else None,
                    "database": parts.path.lstrip("/") or "fresque",
                    "minsize": 1,
                    "maxsize": pool_size,
                    "connection_class": PlainConnection,
                    "init": _prepare,
                    # Planning the largest takes milliseconds, and a plan that fits all values is made at the sixth use only:
                    # a statement is kept as long as its connection, and there is room for all.
                    "statement_cache_size": STATEMENTS,
                    "max_cached_statement_lifetime": 0,
                    "server_settings": {
                        "application_name": "fresque",
                        "statement_timeout": str(STATEMENT_TIMEOUT_MS),
                        "lock_timeout": str(LOCK_TIMEOUT_MS),
                        "idle_in_transaction_session_timeout": str(TRANSACTION_TIMEOUT_MS),
                        "transaction_timeout": str(TRANSACTION_TIMEOUT_MS),
                        "jit": "off",
                    },
                },
            }
        },
        "apps": {
            "models": {"models": MODEL_MODULES, "migrations": "models.migrations", "default_connection": "default"}
        },
        "use_tz": True,
        "timezone": "UTC",
    }


async def open_database(url: str, pool_size: int = 5) -> None:
    """Connect the process. Every task of the process finds the pool (the lifespan runs in a task of its own)."""
    await Tortoise.init(config=tortoise_config(url, pool_size), _enable_global_fallback=True)


async def close_database() -> None:
    """Let go of every connection."""
    await Tortoise.close_connections()


def client() -> AsyncpgDBClient:
    """Tortoise's client: the transaction this task is in, or the pool."""
    return cast(AsyncpgDBClient, get_connection("default"))


@asynccontextmanager
async def held() -> AsyncIterator[None]:
    """One connection for all that this task fetches inside, where several statements follow each other closely.

    A connection is had and given back once instead of once for each. Other tasks, and transactions that begin inside, have
    connections of their own; so nothing inside may wait for a task that fetches (a loader), or all could wait for each other,
    and nothing slow belongs there.
    """
    current = client()
    async with current.acquire_connection() as connection:
        token = _held.set((connection, current, asyncio.current_task()))
        try:
            yield
        finally:
            _held.reset(token)


def _holding() -> Connection | None:
    found = _held.get()
    if found is None or found[2] is not asyncio.current_task() or found[1] is not client():
        return None
    return found[0]


async def fetch(sql: str, *arguments: object) -> Sequence[Record]:
    """All rows."""
    connection = _holding()
    if connection is not None:
        return cast(Sequence[Record], await connection.fetch(sql, *arguments))
    async with client().acquire_connection() as connection:
        return cast(Sequence[Record], await connection.fetch(sql, *arguments))


async def fetch_one(sql: str, *arguments: object) -> Record | None:
    """The first row, or none."""
    connection = _holding()
    if connection is not None:
        return cast("Record | None", await connection.fetchrow(sql, *arguments))
    async with client().acquire_connection() as connection:
        return cast("Record | None", await connection.fetchrow(sql, *arguments))


async def fetch_value(sql: str, *arguments: object) -> Any:
    """The first column of the first row, or none."""
    connection = _holding()
    if connection is not None:
        return await connection.fetchval(sql, *arguments)
    async with client().acquire_connection() as connection:
        return await connection.fetchval(sql, *arguments)
