"""Workers at work in tests: one in this process, ways to wait for what it does, and what a job must leave behind."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

import pytest
from asyncpg import Record
from PIL import Image

from generation.engine import Engine
from generation.worker import Worker
from models import job_end, transaction
from models.database import fetch
from models.lease import DATABASE_FAULTS
from realtime.wire import Wire
from settings import Settings
from storage.bucket import Bucket
from storage.key import preview_prefix
from storage.picture import object_key
from tests.jobs import Easel, events_of, fresh_queue, outputs_of, row_of
from tests.ledger import check_ledger

LEASE_SECONDS = 12  # longer than a busy machine lets a worker wait; it beats three times in it
PATIENCE_SECONDS = 60
OPEN = ("QUEUED", "RUNNING")
T = TypeVar("T")


class Changes:
    """Waits for what commits of this process bring about, by asking again after each."""

    def __init__(self) -> None:
        self._news = asyncio.Event()

    def hear(self) -> None:
        """Something was committed; for a hook."""
        self._news.set()

    async def until(self, job_id: int, *states: str) -> Record:
        """The row of the job once it is in one of the states (any end, unless told)."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                self._news.clear()
                row = await row_of(job_id)
                if row["state"] in states or (not states and row["state"] not in OPEN):
                    return row
                await self._news.wait()


async def changes_in_an_empty_queue(monkeypatch: pytest.MonkeyPatch) -> Changes:
    """An empty queue in which a retry does not wait, and what hears of every commit while the test runs."""
    changes = Changes()
    monkeypatch.setattr(job_end, "RETRY_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(transaction, "_after_commit", [changes.hear])
    await fresh_queue()
    return changes


@asynccontextmanager
async def at_work(told: Settings, wire: Wire, bucket: Bucket, engine: Engine) -> AsyncIterator[None]:
    """A worker in this process, stopped at the end."""
    worker = Worker([engine], wire, bucket, told)
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await task
    assert not isinstance(engine, Easel) or engine.closed


async def check_whole(bucket: Bucket, job_id: int) -> None:
    """A job that succeeded has one image per output, each with its bytes and nothing else, and one event per version."""
    row, outputs = await row_of(job_id), await outputs_of(job_id)
    assert row["state"] == "SUCCEEDED"
    assert row["version"] == await events_of(job_id)
    images = {image["id"]: image for image in await fetch("SELECT * FROM images")}
    assert sorted(images) == sorted(output["image_id"] for output in outputs)
    for output in outputs:
        image = images[output["image_id"]]
        data = await bucket.get(object_key(image["prefix"], "original", image["mime_type"]), 1_000_000)
        assert len(data) == image["byte_size"]
        with Image.open(io.BytesIO(data)) as picture:
            assert picture.getpixel((0, 0)) == (7 + output["index"], 0, 40 * output["index"])
    assert await bucket.delete_prefix(preview_prefix(job_id)) == 0
    await check_ledger()


async def surely(call: Callable[[], Awaitable[T]]) -> T:
    """What a harmless call gives, repeated until no connection of the pool is a dead one."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            with suppress(*DATABASE_FAULTS):
                return await call()
