"""What webhooks are told: every end of a job and every kept picture, once, whatever becomes of the log."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from dev.stack import Stack
from models import delivery, delivery_news, webhook
from models.database import fetch, fetch_value
from models.delivery_news import tell_webhooks
from models.epoch import begin_epoch
from models.event import Cursor
from models.job_move import Ending
from models.transaction import transaction
from models.webhook import WebhookEvent
from settings import Settings
from tests.hooks import (
    HOST,
    deliveries_of,
    done,
    owner_of,
    sent,
    somebody,
    told,
)
from tests.jobs import asked, cancel, fresh_queue, job_world
from tests.receiver import Receiver, receiving


@pytest_asyncio.fixture(scope="module", autouse=True)
async def _told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "webhook_news_test", OUTSIDE_LOOPBACK_HOSTS=HOST) as found:
        yield found


@pytest_asyncio.fixture(autouse=True)
async def _queue(_told: Settings) -> None:
    await fresh_queue()
    await fetch("DELETE FROM webhooks")
    while await tell_webhooks():
        pass


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        yield found


async def test_a_job_is_told_in_order_and_signed(receiver: Receiver) -> None:
    owner = await owner_of(receiver.url)
    job_id = await done(owner.id, kept=2, count=3)
    rows = await told(owner.webhook_id, 3)
    assert [(row["event"], row["sequence"]) for row in rows] == [
        ("generation.output_kept", 1),
        ("generation.output_kept", 2),
        ("generation.partial", 3),
    ]
    await sent()
    got = receiver.got
    for one in got:
        one.verify(owner.secret)
        assert one.headers["content-type"] == "application/json"
        assert abs(int(one.headers["webhook-timestamp"]) - time.time()) < 60
    assert [one.message_id for one in got] == [delivery.message_id(row["id"]) for row in rows]
    assert [one.data["sequence"] for one in got] == [1, 2, 3]
    assert got[1].data["outputs"] == [
        {"index": 1, "state": "SUCCEEDED", "imageId": got[1].data["outputs"][0]["imageId"]}
    ]
    end = got[2].data
    assert re.fullmatch(r"job_\w+", end["jobId"])
    assert (end["state"], end["failureCode"]) == ("PARTIAL", "incomplete")
    assert [one["state"] for one in end["outputs"]] == ["SUCCEEDED", "SUCCEEDED", "FAILED"]
    assert end["version"] == await fetch_value("SELECT version FROM generation_jobs WHERE id = $1", job_id)
    assert not any(b"square" in one.body for one in got), "nothing of what was asked for"
    assert {row["state"] for row in await deliveries_of(owner.webhook_id)} == {"DELIVERED"}


@pytest.mark.parametrize(
    ("ending", "event"),
    [
        (Ending.FAILED, "generation.failed"),
        (Ending.BLOCKED, "generation.blocked"),
        (Ending.CANCELLED, "generation.cancelled"),
        (Ending.TIMED_OUT, "generation.timed_out"),
    ],
)
async def test_every_end_has_its_event(receiver: Receiver, ending: Ending, event: str) -> None:
    owner = await owner_of(receiver.url)
    await done(owner.id, kept=0, ending=ending)
    (row,) = await told(owner.webhook_id, 1)
    assert row["event"] == event


async def test_what_was_told_is_not_told_again(receiver: Receiver) -> None:
    """However often the log is read, and by however many at once."""
    owner = await owner_of(receiver.url)
    await done(owner.id)
    rows = await told(owner.webhook_id, 2)
    await fetch("UPDATE log_readers SET xid = (SELECT floor_xid FROM log_state), event_id = 0")
    await asyncio.gather(*(tell_webhooks() for _ in range(5)))
    while await tell_webhooks():
        pass
    assert [row["id"] for row in await deliveries_of(owner.webhook_id)] == [row["id"] for row in rows]


async def test_what_was_made_and_the_place_in_the_log_stand_or_fall_together(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await owner_of(receiver.url)
    job_id = await done(owner.id)

    async def broken(place: Cursor) -> None:
        raise ConnectionResetError("in the middle")

    with monkeypatch.context() as patched:
        patched.setattr(delivery_news, "_stand_at", broken)
        with pytest.raises(ConnectionResetError):
            await told(owner.webhook_id, 1)
    assert list(await deliveries_of(owner.webhook_id)) == []
    rows = await told(owner.webhook_id, 2)
    assert [(row["job_id"], row["sequence"]) for row in rows] == [(job_id, 1), (job_id, 2)]


@pytest.mark.parametrize("loss", ["epoch", "floor"])
async def test_when_the_log_is_gone_the_jobs_are_looked_through(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, loss: str
) -> None:
    monkeypatch.setattr(delivery_news, "JOBS_AT_ONCE", 1)
    owner = await owner_of(receiver.url)
    await done(owner.id)
    await cancel(owner.id, await asked(owner.id))
    await fetch("DELETE FROM events")
    if loss == "epoch":
        await begin_epoch()
    else:
        await fetch("UPDATE log_state SET floor_xid = pg_current_xact_id()")
        await asked(await somebody())  # the next thing that happens shows it
    rows = await told(owner.webhook_id, 3)
    assert sorted(row["event"] for row in rows) == [
        "generation.cancelled", "generation.output_kept", "generation.succeeded",
    ]  # fmt: skip


async def test_only_what_is_wanted_by_whoever_it_belongs_to(receiver: Receiver) -> None:
    wanting = await owner_of(receiver.url, WebhookEvent.GENERATION_SUCCEEDED)
    other = await owner_of(receiver.url)
    off = await owner_of(receiver.url)
    async with transaction():
        await webhook.update(off.id, off.webhook_id, is_enabled=False)
    await done(wanting.id)
    await done(off.id)
    rows = await told(wanting.webhook_id, 1)
    assert [(row["event"], row["sequence"]) for row in rows] == [("generation.succeeded", 1)]
    assert list(await deliveries_of(other.webhook_id)) == []
    assert list(await deliveries_of(off.webhook_id)) == []


async def test_what_ended_before_is_not_told_to_who_comes_later(receiver: Receiver) -> None:
    owner = await owner_of(receiver.url)
    await done(owner.id)
    async with transaction():
        late = await webhook.create(owner.id, receiver.url, [WebhookEvent.GENERATION_SUCCEEDED])
    await told(owner.webhook_id, 2)
    assert list(await deliveries_of(late)) == []
