"""What a job's timeline says, pictures that are lost by themselves, and how an attempt is given back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import pytest
import pytest_asyncio

from dev.stack import Stack
from models import job_end, job_entry
from models.database import fetch_value
from models.job import Failure, JobState, OutputState, jobs
from models.job_end import OUTCOME_UNKNOWN, Ending, Setback
from models.job_entry import MOST_LINES, JobEntryKind, Line, entries
from models.lease import finish, keep_output, lose_output, note_upstream, reap, release
from models.timeline import Window
from models.transaction import transaction
from settings import Settings
from tests.jobs import (
    ANN,
    BEN,
    BUSY,
    IMAGE,
    asked,
    cancel,
    claimed,
    end_lease,
    end_pause,
    end_time,
    events_of,
    fresh_queue,
    job_world,
    outputs_of,
    row_of,
    timeline_of,
)

SHOWN = Failure("content_blocked", "It shows too much.", "output", ("nudity", "gore"))
KIND = JobEntryKind


@pytest_asyncio.fixture(scope="module")
async def told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "job_timeline_test", JOB_RUNNING_CAP="20") as told:
        yield told


@pytest_asyncio.fixture(autouse=True)
async def _queue(told: Settings) -> None:
    await fresh_queue()


async def kinds(job_id: int) -> list[JobEntryKind]:
    return [line.kind for line in await timeline_of(job_id)]


async def test_a_whole_life() -> None:
    job_id = await asked(ANN, count=2)
    job = await claimed()
    await keep_output(job_id, job.token, 1, IMAGE)
    await release(job_id, job.token, Setback(BUSY))
    await end_pause(job_id)
    job = await claimed()
    assert job.wanted == (0,)
    await keep_output(job_id, job.token, 0, IMAGE)
    await finish(job_id, job.token, Ending.DONE)
    lines = await timeline_of(job_id)
    assert [line.kind for line in lines] == [
        *(KIND.ASKED, KIND.QUEUED, KIND.STARTED, KIND.OUTPUT_MADE, KIND.GIVEN_BACK, KIND.QUEUED),
        *(KIND.STARTED, KIND.OUTPUT_MADE, KIND.ENDED),
    ]
    assert [line.attempt for line in lines if line.kind is KIND.STARTED] == [1, 2]
    assert lines[6].lease == str(job.token)[:8]
    assert (lines[4].code, lines[4].attempt, lines[3].output) == ("busy", 1, 1)
    assert lines[4].until is not None
    assert lines[-1].state == "SUCCEEDED"
    rows = await entries(job_id, ANN, Window(100, backward=True))
    assert [row.version for row in rows] == [1, 1, 2, 3, 4, 4, 5, 6, 7]
    assert rows[-1].version == (await row_of(job_id))["version"]
    assert rows[0].at <= rows[-1].at
    assert await entries(job_id, BEN, Window(100)) == []
    page = await entries(job_id, ANN, Window(3, newer_than=4, backward=True))
    assert [row.sequence for row in page] == [5, 6, 7]


async def test_a_timeline_is_bounded_and_keeps_its_end() -> None:
    job_id = await asked(ANN)
    job = await claimed()
    async with transaction():
        for _ in range(MOST_LINES * 2):
            await job_entry.note(job_id, Line(KIND.WAITING, code="engine_resting"))
    await finish(job_id, job.token, Ending.FAILED, BUSY)
    lines = await timeline_of(job_id)
    assert len(lines) == MOST_LINES + 2  # the refund and the end
    assert [line.kind for line in lines[-2:]] == [KIND.REFUNDED, KIND.ENDED]
    assert (lines[-1].state, lines[-1].code) == ("FAILED", "busy")
    assert lines[-2].credits == 1


async def test_a_move_that_is_rolled_back_leaves_no_line() -> None:
    job_id = await asked(ANN)
    before = await kinds(job_id)
    with suppress(ZeroDivisionError):
        async with transaction():
            await cancel(ANN, job_id)
            raise ZeroDivisionError
    assert await kinds(job_id) == before
    assert (await row_of(job_id))["state"] == "QUEUED"


# --- pictures that are lost by themselves ---


@pytest.mark.parametrize(
    ("made", "blocked", "failed", "state", "code"),
    [
        ((0,), (1,), (), JobState.PARTIAL, "content_blocked"),
        ((), (0, 1), (), JobState.BLOCKED, "content_blocked"),
        ((), (1,), (0,), JobState.FAILED, "busy"),
        ((1,), (), (0,), JobState.PARTIAL, "busy"),
        ((), (0,), (), JobState.FAILED, "content_blocked"),  # the other one just did not come
    ],
)
async def test_one_lost_picture_is_not_the_others_fate(
    made: tuple[int, ...], blocked: tuple[int, ...], failed: tuple[int, ...], state: JobState, code: str
) -> None:
    job_id = await asked(ANN, count=2)
    job = await claimed()
    for index in made:
        await keep_output(job_id, job.token, index, IMAGE)
    for index in blocked:
        assert await lose_output(job_id, job.token, index, SHOWN, blocked=True)
        assert await lose_output(job_id, job.token, index, SHOWN, blocked=True) is False
    for index in failed:
        await lose_output(job_id, job.token, index, BUSY, blocked=False)
    assert await finish(job_id, job.token, Ending.DONE) is state
    seen = (await jobs([job_id], ANN))[job_id]
    assert seen.failure is not None
    assert seen.failure.code == code
    for index in blocked:
        assert (seen.outputs[index].state, seen.outputs[index].failure) == (OutputState.BLOCKED, SHOWN)
    for index in failed:
        assert (seen.outputs[index].state, seen.outputs[index].failure) == (OutputState.FAILED, BUSY)
    for index in made:
        assert seen.outputs[index].failure is None
    assert await events_of(job_id) == seen.version
    lines = await timeline_of(job_id)
    assert [line.output for line in lines if line.kind is KIND.OUTPUT_BLOCKED] == list(blocked)
    assert all(
        (line.stage, line.categories) == (SHOWN.stage, SHOWN.categories)
        for line in lines
        if line.kind is KIND.OUTPUT_BLOCKED
    )


async def test_a_lost_picture_is_not_made_at_the_next_attempt() -> None:
    job_id = await asked(ANN, count=3)
    job = await claimed()
    await lose_output(job_id, job.token, 1, SHOWN, blocked=True)
    with pytest.raises(ValueError, match="BLOCKED"):
        await keep_output(job_id, job.token, 1, IMAGE)
    await keep_output(job_id, job.token, 2, IMAGE)
    assert await lose_output(job_id, job.token, 2, SHOWN, blocked=True) is False
    await end_lease(job_id)
    await reap()
    await end_pause(job_id)
    assert await lose_output(job_id, job.token, 0, SHOWN, blocked=True) is None
    assert (await claimed()).wanted == (0,)


async def test_when_all_are_settled_a_lost_lease_ends_the_job() -> None:
    job_id = await asked(ANN, count=2)
    job = await claimed()
    await keep_output(job_id, job.token, 0, IMAGE)
    await lose_output(job_id, job.token, 1, SHOWN, blocked=True)
    await end_lease(job_id)
    assert (await reap()).ended == [job_id]
    assert (await row_of(job_id))["state"] == "PARTIAL"


# --- giving back ---


async def test_an_engine_is_given_the_time_it_asks_for() -> None:
    job_id = await asked(ANN)
    job = await claimed()
    await release(job_id, job.token, Setback(BUSY, retry_after=40.0))
    wait: timedelta = await fetch_value("SELECT not_before - now() FROM generation_jobs WHERE id = $1", job_id)
    assert 35 < wait.total_seconds() <= 40
    retry_at = (await jobs([job_id], ANN))[job_id].retry_at
    assert retry_at == (await row_of(job_id))["not_before"]
    await end_pause(job_id)
    job = await claimed()
    await release(job_id, job.token, Setback(BUSY, retry_after=1e9))
    wait = await fetch_value("SELECT not_before - now() FROM generation_jobs WHERE id = $1", job_id)
    assert wait.total_seconds() <= job_end.LONGEST_RETRY_PAUSE_SECONDS


async def lost_upstream(*, resumable: bool) -> str:
    """The state of a job whose worker died while another engine had its work."""
    job_id = await asked(ANN)
    job = await claimed()
    assert await note_upstream(job_id, job.token, "img-1", resumable=resumable)
    assert await note_upstream(job_id, job.token, "img-1", resumable=resumable)
    assert (await kinds(job_id)).count(KIND.TAKEN) == 1
    await end_lease(job_id)
    await reap()
    assert not await note_upstream(job_id, job.token, "img-2", resumable=True)
    row = await row_of(job_id)
    assert row["version"] == await events_of(job_id)
    return str(row["state"])


async def test_what_another_engine_took_is_asked_for_again_or_never() -> None:
    assert await lost_upstream(resumable=True) == "QUEUED"
    await end_pause(await fetch_value("SELECT id FROM generation_jobs"))
    assert (await claimed()).upstream_id == "img-1"
    await fresh_queue()
    assert await lost_upstream(resumable=False) == "FAILED"
    assert await fetch_value("SELECT failure_code FROM generation_jobs") == OUTCOME_UNKNOWN.code


@pytest.mark.parametrize(
    ("setback", "state", "code", "upstream"),
    [
        (Setback(BUSY, counted=False), "FAILED", "outcome_unknown", "img-1"),  # a worker that was told to stop
        (Setback(BUSY), "FAILED", "outcome_unknown", "img-1"),
        (Setback(BUSY, known=True), "FAILED", "busy", "img-1"),  # made, and lost on its way to the bucket
        (Setback(BUSY, known=True, safe=True), "QUEUED", None, None),  # refused by the engine: not taken
    ],
)
async def test_nothing_is_paid_for_twice(setback: Setback, state: str, code: str | None, upstream: str | None) -> None:
    job_id = await asked(ANN)
    job = await claimed()
    await note_upstream(job_id, job.token, "img-1", resumable=False)
    await release(job_id, job.token, setback)
    row = await row_of(job_id)
    assert (row["state"], row["failure_code"], row["upstream_id"]) == (state, code, upstream)


# --- cancelling, at any time ---


@pytest.mark.parametrize(
    "moment", ["queued", "given back", "running", "partly", "succeeded", "failed", "cancelled", "expired"]
)
async def test_cancelling_has_one_answer_at_each_moment(moment: str) -> None:
    job_id = await asked(ANN, count=2)
    expected = {"queued": "REMOVED", "given back": "REMOVED", "running": "STOPPING", "partly": "STOPPING"}
    if moment == "expired":
        await end_time(job_id)
        await reap()
    elif moment == "cancelled":
        await cancel(ANN, job_id)
    elif moment != "queued":
        job = await claimed()
        for index in {"partly": (0,), "succeeded": (0, 1)}.get(moment, ()):
            await keep_output(job_id, job.token, index, IMAGE)
        if moment == "given back":
            await release(job_id, job.token, Setback(BUSY))
        if moment in ("succeeded", "failed"):
            await finish(job_id, job.token, Ending.DONE if moment == "succeeded" else Ending.FAILED, None)
    before = await row_of(job_id)
    answers = [(await cancel(ANN, job_id)).value for _ in range(2)]
    first = expected.get(moment, "ALREADY_FINISHED")
    assert answers == [first, "ALREADY_FINISHED" if first == "REMOVED" else first]
    row = await row_of(job_id)
    assert row["version"] == await events_of(job_id)
    lines = await kinds(job_id)
    assert lines.count(KIND.CANCEL_REQUESTED) == (moment in ("running", "partly"))
    if moment in ("running", "partly"):
        assert await finish(job_id, job.token, Ending.CANCELLED) is JobState.CANCELLED
        made = [output["state"] for output in await outputs_of(job_id)]
        assert made == ["SUCCEEDED" if moment == "partly" else "FAILED", "FAILED"]
        lines = await kinds(job_id)
    elif moment not in ("queued", "given back"):
        assert row == before
    assert lines.count(KIND.ENDED) == 1
