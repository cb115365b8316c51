"""Worker processes that are stopped, suspended and killed at every step: a job ends once, each picture is kept once."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from dev.stack import Stack
from models.job import JobState
from models.job_move import Ending
from models.lease import finish, reap
from realtime.wire import Wire
from settings import Settings
from storage.bucket import Bucket
from tests.forked import LOOK_SECONDS, NOWHERE, Forked
from tests.jobs import ANN, HERE, Easel, asked, claimed, end_lease, job_world, outputs_of, row_of
from tests.working import (
    LEASE_SECONDS,
    PATIENCE_SECONDS,
    Changes,
    at_work,
    changes_in_an_empty_queue,
    check_whole,
)


@pytest_asyncio.fixture(scope="module")
async def told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(
        stack, "worker_crash_test", JOB_LEASE_SECONDS=str(LEASE_SECONDS), PYTHONPATH=str(HERE)
    ) as told:
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
    return await changes_in_an_empty_queue(monkeypatch)


def process(checkpoint: str = "", variant: str = "", *, log: Path = NOWHERE) -> Forked:
    """A worker process of its own, which kills (or stops) itself at the checkpoint; `variant` is one of `worker_process`."""
    variables = {"CHECKPOINT": checkpoint} if checkpoint else {}
    chosen = [variant] if variant else []
    return Forked("tests.worker_process", *chosen, environment={**os.environ, **variables}, log=log)


async def working(worker: Forked, times: int) -> None:
    """Wait until the easel has said so often that it works."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while worker.said().split().count("working") < times:  # noqa: ASYNC110  # another process writes it
            await asyncio.sleep(LOOK_SECONDS)


@pytest.mark.parametrize("prompt", ["forever", "stubborn"])
async def test_sigterm_gives_back_and_ends(told: Settings, changes: Changes, prompt: str, tmp_path: Path) -> None:
    job_id = await asked(ANN, prompt)
    worker = process(log=tmp_path / "log")
    await working(worker, 1)
    worker.send_signal(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await worker.wait() == 0
    row = await row_of(job_id)
    assert (row["state"], row["attempt"], row["handed_back"]) == ("QUEUED", 1, 1)


async def test_a_sleeper_that_wakes_up_late_writes_nothing(told: Settings, changes: Changes, tmp_path: Path) -> None:
    """Stopped for longer than its lease, a worker finds that another one has done the job."""
    job_id = await asked(ANN, "forever")
    sleeper = process(log=tmp_path / "log")
    await working(sleeper, 1)
    sleeper.send_signal(signal.SIGSTOP)
    await end_lease(job_id)
    assert (await reap()).queued == [job_id]
    other = await claimed()
    assert (other.id, other.attempt) == (job_id, 2)
    sleeper.send_signal(signal.SIGCONT)
    next_id = await asked(ANN, "forever")
    await working(sleeper, 2)  # it has let go of the first and works at the next
    assert (await row_of(job_id))["lease_token"] == other.token
    assert (await row_of(next_id))["state"] == "RUNNING"
    assert await finish(job_id, other.token, Ending.FAILED) is JobState.FAILED
    sleeper.send_signal(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE_SECONDS):
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
    crashed = process(checkpoint)
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
