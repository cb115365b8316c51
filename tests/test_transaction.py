"""Transactions: all or nothing, one inside another, and no connection lost when a task is cancelled while one begins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

import pytest
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.connection import get_connections
from tortoise.transactions import in_transaction

from models.database import client, fetch, fetch_value, tortoise_config
from models.event import Kind, record
from models.transaction import in_a_transaction, on_commit, transaction
from settings import Settings
from tests.conftest import Serving
from tests.people import PATIENCE_SECONDS

TASKS = 1_000
POOL = 4


@asynccontextmanager
async def small_pool(told: Settings) -> AsyncIterator[AsyncpgDBClient]:
    """This task, and those it starts, work on a pool of four connections of their own."""
    given = tortoise_config(told.database_url, POOL)["connections"]["default"]["credentials"]
    own = AsyncpgDBClient(**given, connection_name="default")
    await own.create_connection(with_db=True)
    token = get_connections().set("default", own)
    try:
        yield own
    finally:
        get_connections().reset(token)
        pool_of(own).terminate()


async def storm(begin: Callable[[], AbstractAsyncContextManager[Any]]) -> None:
    """Many tasks, each cancelled a little later in the course of its beginning."""

    async def once() -> None:
        async with begin():
            await fetch("SELECT 1")

    for step in range(TASKS):
        task = asyncio.create_task(once())
        for _ in range(step % 12):
            await asyncio.sleep(0)  # one turn of the loop further into the transaction
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def pool_of(own: AsyncpgDBClient) -> Any:
    """asyncpg's pool, which is open."""
    assert own._pool is not None
    return own._pool


def idle(own: AsyncpgDBClient) -> int:
    """Connections that nobody holds, of all that may be."""
    pool = pool_of(own)
    return int(pool.get_idle_size() + pool.get_max_size() - pool.get_size())


async def test_no_connection_is_lost_to_cancelled_tasks(running: Serving) -> None:
    async with small_pool(running.settings) as pool:
        await asyncio.wait_for(storm(transaction), PATIENCE_SECONDS)
        assert idle(pool) == POOL
        assert await asyncio.wait_for(fetch_value("SELECT 7"), PATIENCE_SECONDS) == 7


async def test_tortoise_s_own_loses_them(running: Serving) -> None:
    """What the one above is worth: the same storm drains the pool when Tortoise begins the transaction itself."""

    async with small_pool(running.settings) as pool:
        await asyncio.wait_for(storm(lambda: in_transaction("default")), PATIENCE_SECONDS)
        assert idle(pool) < POOL


async def test_all_or_nothing(running: Serving) -> None:
    before = await fetch_value("SELECT count(*) FROM blocks")
    with suppress(LookupError):
        async with transaction():
            await fetch("INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES (1, 2, now())")
            assert in_a_transaction()
            raise LookupError
    assert not in_a_transaction()
    assert await fetch_value("SELECT count(*) FROM blocks") == before


async def test_the_inner_one_rolls_back_to_where_it_began(running: Serving) -> None:
    with suppress(LookupError):
        async with transaction():
            await fetch("INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES (-1, -2, now())")
            with suppress(ValueError):
                async with transaction():
                    await fetch("INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES (-1, -3, now())")
                    raise ValueError("inner")
            assert await fetch_value("SELECT count(*) FROM blocks WHERE blocker_id = -1") == 1
            raise LookupError
    assert await fetch_value("SELECT count(*) FROM blocks WHERE blocker_id = -1") == 0


async def test_hooks_are_called_after_a_commit_that_recorded_and_only_then(running: Serving) -> None:
    called: list[bool] = []
    on_commit(lambda: called.append(in_a_transaction()))
    with suppress(LookupError):
        async with transaction():
            await record(Kind.USER_CHANGED, ["nobody"])
            raise LookupError
    async with transaction():
        await fetch("SELECT 1")
    assert called == []
    async with transaction():
        await record(Kind.USER_CHANGED, ["nobody"])
        assert called == []
    assert called == [False]


async def test_nothing_is_recorded_outside(running: Serving) -> None:
    with pytest.raises(RuntimeError):
        await record(Kind.USER_CHANGED, ["nobody"])


async def test_a_transaction_that_takes_too_long_is_ended(running: Serving) -> None:
    """One open write transaction holds back everybody's feed, so the server ends it."""
    row = await fetch(
        "SELECT current_setting('transaction_timeout') AS whole, current_setting('idle_in_transaction_session_timeout') AS idle"
    )
    assert dict(row[0]) == {"whole": "10s", "idle": "10s"}
    assert client().connection_name == "default"
