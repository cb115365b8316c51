"""Every server is killed and paused at every step of a job, and so is the worker: one end, each picture once, paid once.

The worker stops itself at its checkpoints (SIGSTOP), so that a fault comes exactly there. Each protection that this rests on
is taken out in a worker of its own (`tests/worker_process.py`), where the same scenario is seen to go wrong.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress

import psutil
import pytest
import pytest_asyncio
from asyncpg import Record

from dev.postgres import Postgres
from dev.seaweed import Seaweed
from dev.stack import Stack
from dev.valkey import Valkey
from models.database import fetch, fetch_value
from models.job_entry import JobEntryKind
from models.lease import reap
from realtime.wire import Wire
from settings import Settings
from storage.bucket import Bucket, NoSuchObject
from tests.forked import Forked
from tests.jobs import (
    ANN,
    HERE,
    Easel,
    asked,
    end_lease,
    end_pause,
    fresh_queue,
    job_world,
    outputs_of,
    row_of,
    timeline_of,
)
from tests.test_worker_crash import process
from tests.working import OPEN, Changes, at_work, changes_in_an_empty_queue, check_whole, surely

CHECKPOINTS = (
    "claimed",
    "before_note",
    "noted",
    "engine_done",
    "bytes_kept",
    "output_kept",
    "before_finish",
    "finished",
)
LEASE_SECONDS = 20
OUTAGE_SECONDS = 1.2  # longer than the worker waits for Redis, and than it waits before it writes again
LOOK_SECONDS = 0.02
PATIENCE_SECONDS = 40


@pytest_asyncio.fixture(scope="module")
async def told(stack: Stack) -> AsyncIterator[Settings]:
    variables = {"JOB_LEASE_SECONDS": str(LEASE_SECONDS), "PYTHONPATH": str(HERE)}
    async with job_world(stack, "job_chaos_test", **variables) as told:
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


@pytest_asyncio.fixture
async def changes(told: Settings, monkeypatch: pytest.MonkeyPatch) -> Changes:
    """An empty queue in which a retry does not wait."""
    await surely(fresh_queue)
    return await changes_in_an_empty_queue(monkeypatch)


async def stopped(worker: Forked) -> None:
    """Wait until the worker has stopped itself."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while psutil.Process(worker.pid).status() != psutil.STATUS_STOPPED:  # noqa: ASYNC110  # it tells in no other way
            await asyncio.sleep(LOOK_SECONDS)


async def ended(job_id: int) -> Record:
    """The row of a job once another process has ended it."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            row = await surely(lambda: row_of(job_id))
            if row["state"] not in OPEN:
                return row
            await asyncio.sleep(LOOK_SECONDS)


async def put_away(worker: Forked) -> None:
    """Kill a worker, stopped or not."""
    with suppress(ProcessLookupError):
        worker.kill()
    await worker.wait()


def server(stack: Stack, name: str) -> Postgres | Valkey | Seaweed:
    found: dict[str, Postgres | Valkey | Seaweed] = {"postgres": stack.postgres, "redis": stack.redis, "s3": stack.s3}
    return found[name]


def everybody(child: Postgres | Valkey | Seaweed) -> list[psutil.Process]:
    """A server's processes, its own children too."""
    assert child.pid is not None
    parent = psutil.Process(child.pid)
    return [parent, *parent.children(recursive=True)]


async def outage(stack: Stack, name: str, fault: str) -> None:
    """A server is away for a moment: killed and started again, or paused."""
    child = server(stack, name)
    if fault == "killed":
        child.kill()
        await asyncio.sleep(OUTAGE_SECONDS)  # this long it is away
        await asyncio.to_thread(child.start)
        return
    family = everybody(child)
    for one in family:
        one.send_signal(signal.SIGSTOP)
    try:
        await asyncio.sleep(OUTAGE_SECONDS)
    finally:
        for one in family:
            with suppress(psutil.NoSuchProcess):
                one.send_signal(signal.SIGCONT)


async def check_once(bucket: Bucket, job_id: int) -> None:
    """A job that succeeded: whole, ended once, each picture made once, told once and paid once."""
    await check_whole(bucket, job_id)
    row, outputs = await row_of(job_id), await outputs_of(job_id)
    kinds = [line.kind for line in await timeline_of(job_id)]
    assert kinds.count(JobEntryKind.ENDED) == 1
    assert kinds.count(JobEntryKind.OUTPUT_MADE) == len(outputs)
    assert kinds.count(JobEntryKind.STARTED) == row["attempt"]
    paid = await fetch("SELECT output_index FROM credit_entries WHERE job_id = $1 AND kind = 'SETTLE'", job_id)
    assert sorted(line["output_index"] for line in paid) == [output["index"] for output in outputs]
    assert await fetch_value("SELECT held FROM credit_accounts WHERE owner_id = $1", ANN) == 0


# --- servers ---


@pytest.mark.parametrize("fault", ["killed", "paused"])
@pytest.mark.parametrize("name", ["postgres", "redis", "s3"])
async def test_a_server_is_away_at_every_step(
    stack: Stack, told: Settings, bucket: Bucket, changes: Changes, name: str, fault: str
) -> None:
    job_id = await asked(ANN, "abroad")
    worker = process("*:stop")
    try:
        for _ in CHECKPOINTS:
            await stopped(worker)
            away = asyncio.create_task(outage(stack, name, fault))
            await asyncio.sleep(OUTAGE_SECONDS / 4)  # the fault has begun
            worker.send_signal(signal.SIGCONT)
            await away
        row = await ended(job_id)
    finally:
        await put_away(worker)
    assert (row["state"], row["attempt"]) == ("SUCCEEDED", 1)
    await surely(lambda: check_once(bucket, job_id))


async def attempts_with_the_database_away(stack: Stack, variant: str) -> int:
    """How often a job is begun whose worker finds no database just when it has a picture to tell of."""
    job_id = await asked(ANN, "a square")
    worker = process("worker.bytes_kept:stop", variant)
    try:
        await stopped(worker)
        stack.postgres.kill()
        worker.send_signal(signal.SIGCONT)
        await asyncio.sleep(OUTAGE_SECONDS)  # this long it is away
        await asyncio.to_thread(stack.postgres.start)
        await surely(lambda: fetch("SELECT 1"))
        if variant:
            await surely(lambda: end_lease(job_id))
            await stopped(worker)  # it has a picture to tell of once more
            worker.send_signal(signal.SIGCONT)
        return int((await ended(job_id))["attempt"])
    finally:
        await put_away(worker)


async def test_what_is_made_is_told_when_the_database_is_back(stack: Stack, told: Settings, changes: Changes) -> None:
    assert await attempts_with_the_database_away(stack, "") == 1


async def test_without_patience_it_is_made_twice(stack: Stack, told: Settings, changes: Changes) -> None:
    assert await attempts_with_the_database_away(stack, "hurried") == 2


async def state_without_redis(stack: Stack, variant: str, patience_seconds: float) -> str:
    """The state of a job that was asked for while Redis was away, after a while."""
    first = await asked(ANN, "a square")  # before there is a worker: it finds this one by its first look
    worker = process("", variant)
    try:
        await ended(first)  # it is at work
        stack.redis.kill()
        try:
            job_id = await asked(ANN, "another square")
            with suppress(TimeoutError):
                async with asyncio.timeout(patience_seconds):
                    await ended(job_id)
            return str((await row_of(job_id))["state"])
        finally:
            await asyncio.to_thread(stack.redis.start)
    finally:
        await put_away(worker)


async def test_work_is_found_without_redis(stack: Stack, told: Settings, changes: Changes) -> None:
    assert await state_without_redis(stack, "", PATIENCE_SECONDS) == "SUCCEEDED"


async def test_without_looking_it_is_not_found(stack: Stack, told: Settings, changes: Changes) -> None:
    assert await state_without_redis(stack, "deaf", 4.0) == "QUEUED"


# --- the worker: killed ---


@pytest.mark.parametrize("checkpoint", ["before_note", "noted"])
async def test_a_crash_around_telling_of_another_engine(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes, checkpoint: str
) -> None:
    job_id = await asked(ANN, "abroad")
    crashed = process(f"worker.{checkpoint}")
    assert await crashed.wait() == -signal.SIGKILL
    await end_lease(job_id)
    easel = Easel()
    async with at_work(told, wire, bucket, easel):
        await changes.until(job_id)
    await check_once(bucket, job_id)
    assert [request.upstream_id for request in easel.asked] == ["abroad-1" if checkpoint == "noted" else None]


async def bytes_after_a_crash(bucket: Bucket, told: Settings, wire: Wire, changes: Changes, variant: str) -> bool:
    """Whether the bytes of a picture are there whose worker was killed when its row had been written."""
    job_id = await asked(ANN, "square " + variant)
    await fetch("UPDATE generation_jobs SET seed = 11 WHERE id = $1 AND $2 <> ''", job_id, variant)  # other bytes
    crashed = process("worker.output_kept", variant)
    assert await crashed.wait() == -signal.SIGKILL
    await end_lease(job_id)
    async with at_work(told, wire, bucket, Easel()):
        await changes.until(job_id)
    image = (await fetch("SELECT * FROM images"))[0]
    try:
        await bucket.get(f"{image['prefix']}original.png", 1_000_000)
    except NoSuchObject:
        return False
    return True


async def test_bytes_are_there_before_a_row_says_so(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes
) -> None:
    assert await bytes_after_a_crash(bucket, told, wire, changes, "")


async def test_with_rows_first_they_would_be_lost(told: Settings, wire: Wire, bucket: Bucket, changes: Changes) -> None:
    assert not await bytes_after_a_crash(bucket, told, wire, changes, "lazy")


async def state_after_a_crash(variant: str, prompt: str, checkpoint: str) -> tuple[str, int]:
    """What becomes of a job whose worker was killed, once another one has done the job that came after it."""
    job_id = await asked(ANN, prompt)
    crashed = process(f"worker.{checkpoint}")
    assert await crashed.wait() == -signal.SIGKILL
    await end_lease(job_id)
    worker = process("", variant)
    try:
        if variant == "unreaped":
            await ended(await asked(ANN, "the next"))
        else:
            await ended(job_id)
        row = await row_of(job_id)
        return row["state"], row["attempt"]
    finally:
        await put_away(worker)


async def test_who_is_gone_is_missed(told: Settings, changes: Changes) -> None:
    assert await state_after_a_crash("", "a square", "engine_done") == ("SUCCEEDED", 2)


async def test_without_a_reaper_nobody_would_be(told: Settings, changes: Changes) -> None:
    assert await state_after_a_crash("unreaped", "a square", "engine_done") == ("RUNNING", 1)


async def test_what_may_have_been_done_elsewhere_is_not_done_again(told: Settings, changes: Changes) -> None:
    assert await state_after_a_crash("", "overseas", "noted") == ("FAILED", 1)
    job_id = await fetch_value("SELECT id FROM generation_jobs")
    assert (await row_of(job_id))["failure_code"] == "outcome_unknown"
    assert await fetch_value("SELECT held FROM credit_accounts WHERE owner_id = $1", ANN) == 0


async def test_without_the_note_it_would_be(told: Settings, changes: Changes) -> None:
    assert await state_after_a_crash("blind", "overseas", "noted") == ("SUCCEEDED", 2)


# --- the worker: paused for longer than its lease ---


async def what_a_sleeper_changes(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes, checkpoint: str, variant: str
) -> tuple[int, bool]:
    """How often a job has ended, and whether it looks different, after a worker woke up whose job another one has done."""
    job_id = await asked(ANN, "abroad two", count=2)
    sleeper = process(f"worker.{checkpoint}:stop", variant)
    try:
        await stopped(sleeper)
        await end_lease(job_id)
        await reap()
        await end_pause(job_id)
        async with at_work(told, wire, bucket, Easel()):
            await changes.until(job_id)
        before = await row_of(job_id), list(await outputs_of(job_id)), len(await fetch("SELECT id FROM images"))
        next_id = await asked(ANN, "abroad next")
        sleeper.send_signal(signal.SIGCONT)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await row_of(next_id))["state"] == "QUEUED":  # it has let go when it takes the next
                await asyncio.sleep(LOOK_SECONDS)
                if psutil.Process(sleeper.pid).status() == psutil.STATUS_STOPPED:
                    os.kill(sleeper.pid, signal.SIGCONT)
        after = await row_of(job_id), list(await outputs_of(job_id)), len(await fetch("SELECT id FROM images"))
        ends = [line.kind for line in await timeline_of(job_id)].count(JobEntryKind.ENDED)
        return ends, before != after
    finally:
        await put_away(sleeper)


@pytest.mark.parametrize(
    "checkpoint", ["claimed", "before_note", "noted", "engine_done", "bytes_kept", "output_kept", "before_finish"]
)
async def test_who_slept_changes_nothing(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes, checkpoint: str
) -> None:
    assert await what_a_sleeper_changes(told, wire, bucket, changes, checkpoint, "") == (1, False)


async def test_without_the_fence_it_would_end_twice(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes
) -> None:
    assert await what_a_sleeper_changes(told, wire, bucket, changes, "before_finish", "unfenced") == (2, True)
