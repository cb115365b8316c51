"""`python -m work`, killed after it made notifications and before they were committed: the next one makes them, each once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator

import pytest_asyncio

from dev.stack import Stack
from models.database import fetch_value
from models.follow import follow
from models.like import like
from models.publishing import Draft, write
from models.transaction import transaction
from settings import Settings
from tests.hooks import PATIENCE_SECONDS, somebody
from tests.jobs import HERE, job_world
from tests.test_webhook_crash import work


@pytest_asyncio.fixture(scope="module", autouse=True)
async def _told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "notification_crash_test", PYTHONPATH=str(HERE)) as found:
        yield found


async def test_killed_before_it_commits_what_is_told_it_tells_it_once_all_the_same() -> None:
    ada, fans = await somebody(), [await somebody() for _ in range(5)]
    async with transaction():
        post = await write(ada, Draft("Mine"))
    crashing = work("notifications.told")
    for fan in fans:
        async with transaction():
            await like(fan, post)
            await follow(fan, ada)
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await crashing.wait() == -signal.SIGKILL
    assert await fetch_value("SELECT count(*) FROM notification_items") == 0, "nothing was written down"
    others = [work(), work()]
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await fetch_value("SELECT coalesce(sum(size), 0) FROM notification_groups") < 10:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    for one in others:
        one.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_SECONDS):
            # Which of both told them is open: the other may not have begun yet, and then the signal alone ends it.
            assert await one.wait() in (0, -signal.SIGTERM)
    assert await fetch_value("SELECT array_agg(size || kind ORDER BY kind) FROM notification_groups") == [
        "5FOLLOW",
        "5LIKE",
    ]
    assert await fetch_value("SELECT count(*) FROM notification_items WHERE recipient_id = $1", ada) == 10
    assert await fetch_value("SELECT count(*) FROM events WHERE kind = 'notified' AND user_id <> $1", ada) == 0
