"""`python -m work`, killed between sending a message and writing down that it was taken: it comes again, with the same id."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest_asyncio

from dev.stack import Stack
from models.webhook import WebhookEvent
from settings import Settings
from tests.forked import Forked
from tests.hooks import HOST, PATIENCE_SECONDS, attempts_of, deliveries_of, done, make_due, owner_of
from tests.jobs import HERE, fresh_queue, job_world
from tests.receiver import receiving


@pytest_asyncio.fixture(scope="module", autouse=True)
async def _told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "webhook_crash_test", OUTSIDE_LOOPBACK_HOSTS=HOST, PYTHONPATH=str(HERE)) as found:
        yield found


def work(checkpoint: str = "") -> Forked:
    """A work process of its own, which kills itself at the checkpoint."""
    variables = {"CHECKPOINT": checkpoint} if checkpoint else {}
    return Forked("work", environment={**os.environ, **variables})


async def test_killed_between_sending_and_noting_it_sends_the_same_again() -> None:
    await fresh_queue()
    async with receiving() as receiver:
        owner = await owner_of(receiver.url, WebhookEvent.GENERATION_SUCCEEDED)
        crashing = work("webhook.sent")
        await done(owner.id)
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await crashing.wait() == -signal.SIGKILL
        assert len(receiver.got) == 1
        (row,) = await deliveries_of(owner.webhook_id)
        assert (row["state"], row["tries"]) == ("PENDING", 1), "nothing was written down"
        await make_due(owner.webhook_id)
        other = work()
        first, second = await receiver.until(2)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await attempts_of(row["id"]):  # noqa: ASYNC110  # what it writes is seen by looking
                await asyncio.sleep(0.02)
        other.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await other.wait() == 0
        assert first.message_id == second.message_id
        assert first.body == second.body
        for one in (first, second):
            one.verify(owner.secret)
        (row,) = await deliveries_of(owner.webhook_id)
        assert (row["state"], row["tries"]) == ("DELIVERED", 2)
        assert len(receiver.got) == 2
