"""One transaction around a change and the events that tell of it.

`transaction()` opens one on the pool, or a savepoint inside the one this task is in. Nothing slow happens inside: no
hashing of passwords, no bucket, no HTTP, no Redis, since one open write transaction holds back everybody's feed.

Tortoise's own context loses the pooled connection for good when the task is cancelled while it begins (1.1.9); the one
here gives it back.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import cast

from asyncpg import Pool
from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.backends.base.client import TransactionalDBClient, TransactionContextPooled
from tortoise.connection import get_connections
from tortoise.transactions import in_transaction

from models import database

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Open:
    """What the outermost transaction of this task has noted so far."""

    recorded: bool = False


_open: ContextVar[_Open | None] = ContextVar("transaction", default=None)
_after_commit: list[Callable[[], None]] = []


class _SafeTransaction(TransactionContextPooled):
    """Tortoise's pooled transaction that gives its connection back when beginning is cancelled or fails."""

    __slots__ = ()

    async def __aenter__(self) -> TransactionalDBClient:
        await self.ensure_connection()
        wrapper = cast(TransactionWrapper, self.client)
        pool = cast(Pool, wrapper._parent._pool)
        connection = await pool.acquire()
        wrapper._connection = connection
        connections = get_connections()
        self.token = connections.set(self.connection_name, wrapper)
        try:
            await wrapper.begin()
        except BaseException:
            connections.reset(self.token)
            await pool.release(connection)
            raise
        return wrapper


def on_commit(hook: Callable[[], None]) -> None:
    """Call `hook` after each commit that recorded an event. It must not block; the composition root sets it."""
    _after_commit.append(hook)


def forget_commit_hooks() -> None:
    """Take every hook back (the process that set them is closing)."""
    _after_commit.clear()


def in_a_transaction() -> bool:
    """Whether this task is inside `transaction()`."""
    return _open.get() is not None


def note_event() -> None:
    """Remember that the open transaction recorded an event. Raises RuntimeError outside of one."""
    state = _open.get()
    if state is None:
        raise RuntimeError("An event is recorded inside the transaction that makes the change, and nowhere else.")
    state.recorded = True


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """All or nothing. Leaving by an exception rolls back; nested, it rolls back to where the inner one began."""
    if in_a_transaction():
        async with in_transaction("default"):
            yield
        return
    pool = database.client()
    context = _SafeTransaction(TransactionWrapper(pool), pool._pool_init_lock)
    state = _Open()
    async with context:
        token = _open.set(state)
        try:
            yield
        finally:
            _open.reset(token)
    if state.recorded:
        for hook in _after_commit:
            hook()
