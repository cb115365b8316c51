"""One connection for statements that follow each other: who gets it, and who must not."""

from __future__ import annotations

import asyncio

import pytest

from models.database import fetch, fetch_one, fetch_value, held
from models.transaction import transaction
from tests.conftest import Serving

BACKEND = "SELECT pg_backend_pid()"


async def taken_back(outside: int) -> None:
    async with transaction():
        assert await fetch_value(BACKEND) != outside
        await fetch("INSERT INTO held_trial VALUES (1)")
        raise RuntimeError("taken back")


async def failing() -> None:
    async with held():
        await fetch(BACKEND)
        raise ZeroDivisionError


async def test_what_follows_shares_a_connection(running: Serving) -> None:
    async with held():
        one = await fetch_value(BACKEND)
        rows, row = await fetch(BACKEND), await fetch_one(BACKEND)
    assert row is not None
    assert {one, rows[0][0], row[0]} == {one}


async def test_other_tasks_have_connections_of_their_own(running: Serving) -> None:
    async with held():
        mine = await fetch_value(BACKEND)
        together = await asyncio.gather(*(fetch_value("SELECT pg_backend_pid() FROM pg_sleep(0.01)") for _ in range(3)))
        assert mine not in together
        assert await fetch_value(BACKEND) == mine


async def test_a_transaction_inside_is_a_transaction(running: Serving) -> None:
    await fetch("CREATE TABLE IF NOT EXISTS held_trial (number int)")
    try:
        async with held():
            outside = await fetch_value(BACKEND)
            with pytest.raises(RuntimeError, match="taken back"):
                await taken_back(outside)
            assert await fetch_value("SELECT count(*) FROM held_trial") == 0
    finally:
        await fetch("DROP TABLE held_trial")


async def test_inside_a_transaction_it_is_the_transactions(running: Serving) -> None:
    async with transaction():
        mine = await fetch_value(BACKEND)
        async with held():
            assert await fetch_value(BACKEND) == mine
        assert await fetch_value(BACKEND) == mine


async def test_it_is_given_back_whatever_happens(running: Serving) -> None:
    for _ in range(40):  # more than there are connections
        with pytest.raises(ZeroDivisionError):
            await failing()
    assert await fetch_value("SELECT 1") == 1
