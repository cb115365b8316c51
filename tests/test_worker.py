"""The worker on real servers: it makes what is asked, obeys, survives, and a crash anywhere costs nothing."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import orjson
import pytest
import pytest_asyncio
from asyncpg import Record
from PIL import Image

from dev.stack import Stack
from generation.worker import Worker
from models import job_move
from models.database import fetch, fetch_value
from models.engine import known
from models.job import JobState, jobs
from models.job_move import Ending, cancel_word
from models.lease import DATABASE_FAULTS, finish, reap
from models.transaction import forget_commit_hooks, on_commit
from realtime.wire import SIGNALS, WORK, Wire
from settings import Settings
from storage.bucket import Bucket
from storage.key import preview_prefix
from storage.picture import object_key
from tests.jobs import (
    ANN,
    EASEL,
    Easel,
    asked,
    cancel,
    claimed,
    end_lease,
    events_of,
    fresh_queue,
    job_world,
    outputs_of,
    row_of,
)

HERE = Path(__file__).parent.parent
LEASE_SECONDS = 3
PATIENCE_SECONDS = 20
OPEN = ("QUEUED", "RUNNING")
T = TypeVar("T")


@pytest_asyncio.fixture(scope="module")
async def told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "worker_test", JOB_LEASE_SECONDS=str(LEASE_SECONDS), PYTHONPATH=str(HERE)) as told:
        yield told


@pytest_asyncio.fixture(scope="module")
async def bucket(told: Settings) -> AsyncIterator[Bucket]:
    bucket = await Bucket.open(told)
    yield bucket
    await bucket.close()


@pytest_asyncio.fixture(scope="module")
async def wire(told: Settings) -> AsyncIterator[Wire]:
    wire = Wire(told.redis_url)
    yield wire
    await wire.close()


class Changes:
    """Waits for what commits of this process bring about, by asking again after each."""

    def __init__(self) -> None:
        self._news = asyncio.Event()
        on_commit(self._news.set)

    async def until(self, job_id: int, *states: str) -> Record:
        """The row of the job once it is in one of the states (any end, unless told)."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                self._news.clear()
                row = await row_of(job_id)
                if row["state"] in states or (not states and row["state"] not in OPEN):
                    return row
                await self._news.wait()


@pytest_asyncio.fixture
async def changes(told: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Changes]:
    """An empty queue in which a retry does not wait."""
    monkeypatch.setattr(job_move, "RETRY_PAUSE_SECONDS", 0.0)
    await fresh_queue()
    yield Changes()
    forget_commit_hooks()


@asynccontextmanager
async def at_work(told: Settings, wire: Wire, bucket: Bucket, easel: Easel) -> AsyncIterator[None]:
    """A worker in this process, stopped at the end."""
    worker = Worker([easel], wire, bucket, told)
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await task
    assert easel.closed


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


async def test_pictures_are_made_and_kept(told: Settings, wire: Wire, bucket: Bucket, changes: Changes) -> None:
    job_id = await asked(ANN, "three squares", count=3)
    async with at_work(told, wire, bucket, Easel()):
        await changes.until(job_id)
        (engine,) = await known()
        assert (engine.name, engine.available) == (EASEL, True)
    await check_whole(bucket, job_id)
    seen = (await jobs([job_id], ANN))[job_id]
    assert seen.version == 6  # asked, claimed, three outputs, finished
    image = (await fetch("SELECT * FROM images ORDER BY id"))[0]
    assert (image["owner_id"], image["generated"], image["alt_text"], image["width"]) == (ANN, True, "Picture 0", 64)


async def test_two_workers_do_each_job_once(told: Settings, wire: Wire, bucket: Bucket, changes: Changes) -> None:
    ids = [await asked(ANN + number % 3) for number in range(20)]
    easels = [Easel(), Easel()]
    busy = replace(told, worker_concurrency=2)
    async with at_work(busy, wire, bucket, easels[0]), at_work(busy, wire, bucket, easels[1]):
        for job_id in ids:
            row = await changes.until(job_id)
            assert (row["state"], row["attempt"], row["version"]) == ("SUCCEEDED", 1, 4)
    assert [len(easel.asked) > 0 for easel in easels] == [True, True]
    assert sum(len(easel.asked) for easel in easels) == 20
    assert await fetch_value("SELECT count(*) FROM images") == 20


@pytest.mark.parametrize(
    ("prompt", "state", "code", "attempt", "kept"),
    [
        ("refuse", "FAILED", "refused", 1, 0),
        ("banned", "BLOCKED", "content_blocked", 1, 0),
        ("again", "FAILED", "busy", 3, 0),
        ("broken", "FAILED", "engine_fault", 3, 0),
        ("garbage", "FAILED", "bad_picture", 3, 0),
        ("half", "PARTIAL", "incomplete", 3, 1),
    ],
)
async def test_failures(
    told: Settings,
    wire: Wire,
    bucket: Bucket,
    changes: Changes,
    prompt: str,
    state: str,
    code: str,
    attempt: int,
    kept: int,
) -> None:
    job_id = await asked(ANN, prompt, count=2)
    easel = Easel()
    async with at_work(told, wire, bucket, easel):
        row = await changes.until(job_id)
    assert (row["state"], row["failure_code"], row["attempt"]) == (state, code, attempt)
    assert row["failure_message"].endswith(".")
    assert row["version"] == await events_of(job_id)
    assert len(easel.asked) == attempt
    assert await fetch_value("SELECT count(*) FROM images") == kept
    if kept:
        assert [request.only for request in easel.asked] == [(0, 1), (1,), (1,)]


async def test_signals_tell_little_and_often_enough(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes
) -> None:
    job_id = await asked(ANN, "previews forever", count=2)
    easel = Easel()
    clock = asyncio.get_running_loop().time
    heard: list[tuple[float, dict[str, object]]] = []
    async with asyncio.timeout(PATIENCE_SECONDS), at_work(told, wire, bucket, easel):
        async for message in wire.listen(SIGNALS):
            if message is None:
                continue
            heard.append((clock(), orjson.loads(message[1])))
            key = heard[-1][1]["previewKey"]
            if key is not None:
                with Image.open(io.BytesIO(await bucket.get(str(key), 100_000))) as picture:
                    assert (picture.format, max(picture.size)) == ("WEBP", 64)
            if len(heard) == 5:
                break
        await cancel(ANN, job_id)
        await wire.publish(WORK, cancel_word(job_id))
        assert (await changes.until(job_id))["state"] == "CANCELLED"
    assert all((body["topic"], body["owner"]) == (f"job:{job_id}", ANN) for _, body in heard)
    assert set(heard[0][1]) == {"topic", "owner", "fraction", "phase", "outputIndex", "previewKey"}
    fractions = [float(str(body["fraction"])) for _, body in heard]
    assert fractions == sorted(fractions)
    assert {body["outputIndex"] for _, body in heard} >= {0, 1}
    assert heard[-1][0] - heard[0][0] > 1.8  # five signals, half a second apart at least
    assert await bucket.delete_prefix(preview_prefix(job_id)) == 0


@pytest.mark.parametrize("said", [True, False])
async def test_cancelling_stops_the_engine(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes, said: bool
) -> None:
    job_id = await asked(ANN, "forever")
    easel = Easel()
    clock = asyncio.get_running_loop().time
    async with at_work(told, wire, bucket, easel):
        await easel.working.wait()
        asked_at = clock()
        await cancel(ANN, job_id)
        if said:
            await wire.publish(WORK, cancel_word(job_id))
        assert (await changes.until(job_id))["state"] == "CANCELLED"
        assert clock() - asked_at < (0.8 if said else LEASE_SECONDS)
    assert easel.stopped == 1


async def test_who_loses_the_lease_stops_and_writes_nothing(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes
) -> None:
    job_id = await asked(ANN, "forever")
    other = await asked(ANN + 1)
    easel = Easel()
    async with at_work(told, wire, bucket, easel):
        await easel.working.wait()
        await fetch(
            "UPDATE generation_jobs SET lease_token = $2, lease_until = 'infinity' WHERE id = $1", job_id, uuid4()
        )
        await changes.until(other)  # the only place is free again
    row = await row_of(job_id)
    assert (row["state"], row["version"], easel.stopped) == ("RUNNING", 2, 1)


async def test_time_is_up(told: Settings, wire: Wire, bucket: Bucket, changes: Changes) -> None:
    job_id = await asked(ANN, "forever")
    await fetch("UPDATE generation_jobs SET finish_by = now() + interval '700 ms' WHERE id = $1", job_id)
    easel = Easel()
    async with at_work(told, wire, bucket, easel):
        row = await changes.until(job_id)
    assert (row["state"], row["failure_code"], easel.stopped) == ("TIMED_OUT", "timed_out", 1)


async def test_stopping_gives_back_at_once(told: Settings, wire: Wire, bucket: Bucket, changes: Changes) -> None:
    job_id = await asked(ANN, "forever")
    easel = Easel()
    async with at_work(told, wire, bucket, easel):
        await easel.working.wait()
    row = await row_of(job_id)
    assert (row["state"], row["attempt"], row["handed_back"], row["not_before"]) == ("QUEUED", 1, 1, None)
    assert await bucket.delete_prefix(preview_prefix(job_id)) == 0


# --- without its servers ---


async def surely(call: Callable[[], Awaitable[T]]) -> T:
    """What a harmless call gives, repeated until no connection of the pool is a dead one."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            with suppress(*DATABASE_FAULTS):
                return await call()


async def test_without_redis_it_polls(
    stack: Stack, told: Settings, wire: Wire, bucket: Bucket, changes: Changes
) -> None:
    stack.redis.kill()
    try:
        async with at_work(told, wire, bucket, Easel()):
            job_id = await asked(ANN)
            assert (await changes.until(job_id))["state"] == "SUCCEEDED"
    finally:
        stack.redis.start()


async def test_without_the_bucket_it_tries_again(
    stack: Stack, told: Settings, wire: Wire, bucket: Bucket, changes: Changes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_move, "RETRY_PAUSE_SECONDS", 1.0)
    job_id = await asked(ANN)
    stack.s3.kill()
    try:
        async with at_work(told, wire, bucket, Easel()):
            await changes.until(job_id, "RUNNING")
            assert (await changes.until(job_id, "QUEUED"))["attempt"] == 1
            stack.s3.start()
            await changes.until(job_id)
    finally:
        if stack.s3.pid is None:
            stack.s3.start()
    await check_whole(bucket, job_id)


async def test_without_the_database_it_waits(
    stack: Stack, told: Settings, wire: Wire, bucket: Bucket, changes: Changes
) -> None:
    job_id = await asked(ANN, "forever")
    easel = Easel()
    async with at_work(told, wire, bucket, easel):
        await easel.working.wait()
        stack.postgres.kill()
        stack.postgres.start()
        await surely(lambda: cancel(ANN, job_id))
        assert (await surely(lambda: changes.until(job_id)))["state"] == "CANCELLED"
        assert (await changes.until(await asked(ANN)))["state"] == "SUCCEEDED"


# --- real processes ---


async def process(checkpoint: str = "") -> Process:
    """A worker process of its own, which kills itself at the checkpoint."""
    command = ("-m", "tests.worker_process")
    variables = {"CHECKPOINT": checkpoint} if checkpoint else {}
    return await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=HERE, stdout=PIPE, env={**os.environ, **variables}
    )


@pytest.mark.parametrize("prompt", ["forever", "stubborn"])
async def test_sigterm_gives_back_and_ends(told: Settings, changes: Changes, prompt: str) -> None:
    job_id = await asked(ANN, prompt)
    worker = await process()
    assert worker.stdout is not None
    assert await worker.stdout.readline() == b"working\n"
    worker.send_signal(signal.SIGTERM)
    async with asyncio.timeout(10):
        assert await worker.wait() == 0
    row = await row_of(job_id)
    assert (row["state"], row["attempt"], row["handed_back"]) == ("QUEUED", 1, 1)


async def test_a_sleeper_that_wakes_up_late_writes_nothing(told: Settings, changes: Changes) -> None:
    """Stopped for longer than its lease, a worker finds that another one has done the job."""
    job_id = await asked(ANN, "forever")
    sleeper = await process()
    assert sleeper.stdout is not None
    assert await sleeper.stdout.readline() == b"working\n"
    sleeper.send_signal(signal.SIGSTOP)
    await end_lease(job_id)
    assert (await reap()).queued == [job_id]
    other = await claimed()
    assert (other.id, other.attempt) == (job_id, 2)
    sleeper.send_signal(signal.SIGCONT)
    next_id = await asked(ANN, "forever")
    assert await sleeper.stdout.readline() == b"working\n"  # it has let go of the first and works at the next
    assert (await row_of(job_id))["lease_token"] == other.token
    assert (await row_of(next_id))["state"] == "RUNNING"
    assert await finish(job_id, other.token, Ending.FAILED) is JobState.FAILED
    sleeper.send_signal(signal.SIGTERM)
    async with asyncio.timeout(10):
        assert await sleeper.wait() == 0


@pytest.mark.parametrize(
    ("checkpoint", "kept", "attempts"),
    [
        ("worker.claimed", 0, 2),
        ("worker.engine_done", 0, 2),
        ("worker.bytes_kept", 0, 2),
        ("worker.output_kept", 1, 2),
        ("worker.before_finish", 2, 1),
        ("worker.finished", 2, 1),
    ],
)
async def test_a_crash_anywhere(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes, checkpoint: str, kept: int, attempts: int
) -> None:
    """The worker is killed, its lease ends, another one does the rest: one end, each picture once."""
    job_id = await asked(ANN, "two squares", count=2)
    crashed = await process(checkpoint)
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await crashed.wait() == -signal.SIGKILL
    assert (await row_of(job_id))["state"] == ("SUCCEEDED" if checkpoint == "worker.finished" else "RUNNING")
    first = [output["image_id"] for output in await outputs_of(job_id)]
    assert sum(image_id is not None for image_id in first) == kept
    await end_lease(job_id)
    easel = Easel()
    async with at_work(told, wire, bucket, easel):
        row = await changes.until(job_id)
    await check_whole(bucket, job_id)
    assert row["attempt"] == attempts
    assert [request.only for request in easel.asked] == ([] if attempts == 1 else [tuple(range(kept, 2))])
    assert [output["image_id"] for output in await outputs_of(job_id)][:kept] == first[:kept]
    assert JobState(row["state"]) is JobState.SUCCEEDED
