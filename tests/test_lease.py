"""Work under a lease: who holds it writes, nobody else does, and a job ends once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest
import pytest_asyncio

from dev.stack import Stack
from models import lease
from models.database import fetch, fetch_value
from models.job import JobState, OutputState, jobs
from models.job_end import Setback
from models.job_move import Ending
from models.lease import beat, claim, finish, keep_output, reap, release
from settings import Settings
from tests.jobs import (
    ANN,
    BUSY,
    EASEL,
    IMAGE,
    asked,
    claimed,
    end_lease,
    end_pause,
    events_of,
    fresh_queue,
    job_world,
    outputs_of,
    row_of,
)


@pytest_asyncio.fixture(scope="module")
async def told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "lease_test") as told:
        yield told


@pytest_asyncio.fixture(autouse=True)
async def _queue(told: Settings) -> None:
    await fresh_queue()


async def test_a_job_from_beginning_to_end() -> None:
    job_id = await asked(ANN, count=2)
    job = await claimed()
    assert (job.id, job.attempt, job.wanted, job.seed) == (job_id, 1, (0, 1), 7)
    assert 590 < job.seconds_left <= 600
    assert await beat(job_id, job.token, "painting", 0.5) == lease.Beat(kept=True, cancel=False)
    assert await beat(job_id, job.token, None, 0.2) == lease.Beat(kept=True, cancel=False)
    seen = (await jobs([job_id], ANN))[job_id]
    assert (seen.phase, seen.fraction, seen.version, seen.queue_position) == ("painting", 0.5, 2, None)
    first = await keep_output(job_id, job.token, 0, IMAGE)
    assert await keep_output(job_id, job.token, 0, IMAGE) == first
    assert await fetch_value("SELECT count(*) FROM images") == 1
    with pytest.raises(ValueError, match="no output 2"):
        await keep_output(job_id, job.token, 2, IMAGE)
    await keep_output(job_id, job.token, 1, replace(IMAGE, alt_text="x" * 3_000))
    assert await finish(job_id, job.token, Ending.DONE) is JobState.SUCCEEDED
    assert await finish(job_id, job.token, Ending.FAILED, BUSY) is None
    seen = (await jobs([job_id], ANN))[job_id]
    assert (seen.state, seen.version, seen.fraction, seen.failure) == (JobState.SUCCEEDED, 5, 1.0, None)
    assert seen.finished_at is not None
    assert await events_of(job_id) == 5
    image = (await fetch("SELECT * FROM images WHERE id = $1", first))[0]
    assert (image["owner_id"], image["generated"], image["alt_text"]) == (ANN, True, "A red square.")


@pytest.mark.parametrize(
    ("ending", "kept", "state", "code", "rest"),
    [
        (Ending.DONE, 2, JobState.SUCCEEDED, None, None),
        (Ending.CANCELLED, 2, JobState.SUCCEEDED, None, None),
        (Ending.TIMED_OUT, 2, JobState.SUCCEEDED, None, None),
        (Ending.DONE, 1, JobState.PARTIAL, "incomplete", OutputState.FAILED),
        (Ending.FAILED, 1, JobState.PARTIAL, "busy", OutputState.FAILED),
        (Ending.BLOCKED, 1, JobState.PARTIAL, "busy", OutputState.BLOCKED),
        (Ending.TIMED_OUT, 1, JobState.PARTIAL, "timed_out", OutputState.FAILED),
        (Ending.CANCELLED, 1, JobState.CANCELLED, None, OutputState.FAILED),
        (Ending.DONE, 0, JobState.FAILED, "incomplete", OutputState.FAILED),
        (Ending.FAILED, 0, JobState.FAILED, "busy", OutputState.FAILED),
        (Ending.BLOCKED, 0, JobState.BLOCKED, "busy", OutputState.BLOCKED),
        (Ending.CANCELLED, 0, JobState.CANCELLED, None, OutputState.FAILED),
        (Ending.TIMED_OUT, 0, JobState.TIMED_OUT, "timed_out", OutputState.FAILED),
    ],
)
async def test_what_a_job_ends_as(
    ending: Ending, kept: int, state: JobState, code: str | None, rest: OutputState | None
) -> None:
    job_id = await asked(ANN, count=2)
    job = await claimed()
    for index in range(kept):
        await keep_output(job_id, job.token, index, IMAGE)
    failure = BUSY if ending in (Ending.FAILED, Ending.BLOCKED) else None
    assert await finish(job_id, job.token, ending, failure) is state
    row = await row_of(job_id)
    assert (row["state"], row["failure_code"], row["phase"], row["lease_token"]) == (state.value, code, None, None)
    assert (row["failure_message"] is None) == (code is None)
    assert {output["state"] for output in (await outputs_of(job_id))[kept:]} == ({rest.value} if rest else set())


async def test_a_released_job_waits_and_is_tried_three_times(told: Settings) -> None:
    job_id = await asked(ANN)
    for attempt in range(1, told.job_max_attempts + 1):
        job = await claimed()
        assert job.attempt == attempt
        last = attempt == told.job_max_attempts
        assert await release(job_id, job.token, Setback(BUSY)) is (JobState.FAILED if last else JobState.QUEUED)
        assert await claim([EASEL]) is None
        await end_pause(job_id)
    row = await row_of(job_id)
    assert (row["failure_code"], row["failure_message"]) == (BUSY.code, BUSY.message)
    assert await events_of(job_id) == row["version"] == 1 + 2 * told.job_max_attempts


async def test_a_job_handed_back_is_next_again_and_loses_no_attempt(told: Settings) -> None:
    job_id = await asked(ANN)
    for attempt in range(1, 7):
        job = await claimed()
        assert job.attempt == attempt
        assert await release(job_id, job.token, Setback(BUSY, counted=False)) is JobState.QUEUED
    row = await row_of(job_id)
    assert (row["attempt"], row["handed_back"], row["not_before"]) == (6, 6, None)


async def zombie_writes() -> tuple[bool, bool, JobState | None, JobState | None]:
    """What a worker brings about that lost its job to another one: beat, output, release and finish."""
    job_id = await asked(ANN)
    zombie = await claimed()
    await end_lease(job_id)
    assert (await reap()).queued == [job_id]
    await end_pause(job_id)
    heir = await claimed()
    assert (heir.id, heir.attempt) == (job_id, 2)
    wrote = (
        (await beat(job_id, zombie.token, None, None)).kept,
        await keep_output(job_id, zombie.token, 0, IMAGE) is not None,
        await finish(job_id, zombie.token, Ending.FAILED, BUSY),
        await release(job_id, zombie.token, Setback(BUSY)),
    )
    assert await finish(job_id, heir.token, Ending.FAILED, BUSY) is (None if any(wrote) else JobState.FAILED)
    return wrote


async def test_who_lost_the_lease_writes_nothing() -> None:
    assert await zombie_writes() == (False, False, None, None)
    assert await fetch_value("SELECT count(*) FROM images") == 0


async def test_without_the_fence_it_would_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "FENCE", "state = 'RUNNING' AND $2::uuid IS NOT NULL")
    assert await zombie_writes() == (True, True, JobState.SUCCEEDED, None)


async def test_a_token_nobody_ever_had_is_no_lease() -> None:
    job_id = await asked(ANN)
    await claimed()
    assert await finish(job_id, uuid4(), Ending.DONE) is None
