"""Webhooks in tests: somebody who has one, and what `work` does, done here and now."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Record

from models import user, webhook
from models.database import fetch
from models.delivery_move import Parcel
from models.delivery_news import tell_webhooks
from models.job_move import Ending
from models.lease import claim, finish, keep_output
from models.pause import JITTER
from models.transaction import transaction
from models.webhook import WebhookEvent, salt_of
from models.webhook_secret import secret_of
from outside.client import Client
from resolvers.webhook import ALL_EVENTS
from settings import settings
from tests.jobs import EASEL, IMAGE, asked
from work import webhook as sending
from work.courier import Courier

HOST = "127.0.0.1"
PATIENCE_SECONDS = 60
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody with a webhook."""

    id: int
    webhook_id: int
    secret: str


async def somebody() -> int:
    """A new person."""
    handle = f"hooks_{next(_numbers)}"
    async with transaction():
        return int((await user.sign_up(handle, f"{handle}@example.org", "no hash", handle)).id)


async def owner_of(url: str, *events: WebhookEvent) -> Owner:
    """Somebody new with a webhook there."""
    owner_id = await somebody()
    async with transaction():
        webhook_id = await webhook.create(owner_id, url, events or ALL_EVENTS)
    return Owner(owner_id, webhook_id, secret_of(await salt_of(webhook_id), settings().secret_key))


async def done(owner_id: int, kept: int = 1, count: int = 1, ending: Ending = Ending.DONE) -> int:
    """A job that came to its end with so many of its pictures."""
    job_id = await asked(owner_id, count=count)
    claimed = await claim([EASEL])
    assert claimed is not None
    assert claimed.id == job_id
    for index in range(kept):
        assert await keep_output(job_id, claimed.token, index, IMAGE)
    await finish(job_id, claimed.token, ending)
    return job_id


async def deliveries_of(webhook_id: int) -> Sequence[Record]:
    """What a webhook was told, in order."""
    return await fetch(
        "SELECT * FROM webhook_deliveries WHERE webhook_id = $1 ORDER BY job_id, sequence, id", webhook_id
    )


async def told(webhook_id: int, count: int) -> Sequence[Record]:
    """The same, once the log has been read so far that there are so many."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            while await tell_webhooks():
                pass
            found = await deliveries_of(webhook_id)
            if len(found) >= count:
                return found
            await asyncio.sleep(0.02)  # another transaction, of whoever, holds the log back


async def attempts_of(delivery_id: int) -> Sequence[Record]:
    """Every try of a delivery, oldest first."""
    return await fetch("SELECT * FROM webhook_attempts WHERE delivery_id = $1 ORDER BY id", delivery_id)


def courier() -> Courier[Parcel]:
    """A sender that may reach this machine."""
    return sending.courier(Client([HOST]), settings().secret_key)


async def sent() -> None:
    """Send what is due, once."""
    one = courier()
    while await one.turn():
        await one.idle()


def check_pause(usual: float, before: datetime, due_at: datetime, after: datetime) -> None:
    """What was tried at some moment between `before` and `after` waits for about as long as is usual."""
    assert (due_at - before).total_seconds() >= usual * (1 - JITTER)
    assert (due_at - after).total_seconds() <= usual * (1 + JITTER)


async def make_due(webhook_id: int) -> None:
    """Let every pause and every lease of a webhook's deliveries be over."""
    await fetch(
        """UPDATE webhook_deliveries SET next_try_at = now() - interval '1 second',
            lease_until = lease_until - interval '1 hour' WHERE webhook_id = $1 AND state = 'PENDING'""",
        webhook_id,
    )
