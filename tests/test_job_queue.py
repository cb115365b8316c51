"""Who is next: caps, priorities, circuits of engines, deadlines, and jobs that are done again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict, replace

import pytest
import pytest_asyncio

from dev.stack import Stack
from errors import BadInput, Conflict, NotFound, QuotaExceeded
from models import circuit
from models.database import fetch, fetch_value
from models.engine import announce, known
from models.job import Failure, JobPriority, JobState, jobs
from models.job_end import Ending, Setback
from models.job_entry import JobEntryKind
from models.job_move import ask
from models.job_queue import may_tell, next_in_line, places
from models.job_retry import retry
from models.lease import Claimed, claim, finish, keep_output, lose_output, reap, release
from models.transaction import transaction
from models.wish import FINISH_WITHIN_SECONDS, START_WITHIN_SECONDS, Wish
from settings import Settings
from tests.jobs import (
    ANN,
    BEN,
    BUSY,
    CARA,
    EASEL,
    IMAGE,
    Easel,
    asked,
    cancel,
    claimed,
    end_lease,
    end_pause,
    end_time,
    fresh_queue,
    job_world,
    outputs_of,
    row_of,
    timeline_of,
)

BROKEN = Setback(BUSY, engine_failed=True, known=True, safe=True)


@pytest_asyncio.fixture(scope="module")
async def told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "job_queue_test") as told:
        yield told


@pytest_asyncio.fixture(autouse=True)
async def _queue(told: Settings) -> None:
    await fresh_queue()


async def wished(owner_id: int, wish: Wish) -> int:
    async with transaction():
        return await ask(owner_id, wish)


# --- caps and priorities ---


async def test_nobody_has_more_running_than_the_tier_says() -> None:
    ids = [await asked(ANN) for _ in range(5)]
    answers = await asyncio.gather(*(claim([EASEL]) for _ in range(5)))
    running = [job for job in answers if job is not None]
    assert len(running) == 2
    other = await asked(BEN)
    assert (await claimed()).id == other
    assert await claim([EASEL]) is None
    await finish(running[0].id, running[0].token, Ending.FAILED, BUSY)
    assert (await claimed()).id in ids
    assert await claim([EASEL]) is None


async def test_no_model_has_more_running_than_its_engine_tells() -> None:
    models = [
        asdict(replace(model, capabilities=replace(model.capabilities, max_running=3))) for model in Easel().models
    ]
    await announce(EASEL, models, True)
    for owner_id in range(200, 206):
        await asked(owner_id)
    elsewhere = await wished(210, Wish("a fox", EASEL, "fixed"))
    answers = await asyncio.gather(*(claim([EASEL]) for _ in range(8)))
    running = [job for job in answers if job is not None]
    assert sorted(job.model for job in running) == ["fixed", "quick", "quick", "quick"]
    assert elsewhere in [job.id for job in running]


async def test_priority_is_among_ones_own_jobs() -> None:
    low = await wished(ANN, Wish("a fox", priority=JobPriority.LOW))
    usual = await asked(ANN)
    high = await wished(ANN, Wish("a fox", priority=JobPriority.HIGH))
    other = await asked(BEN)
    order = [high, other, usual, low]
    found = await places(order)
    assert [found[job_id].position for job_id in order] == [1, 2, 3, 4]
    assert [found[job_id].people for job_id in order] == [0, 1, 1, 1]
    for job_id in order:
        job = await claimed()
        assert job.id == job_id
        await finish(job_id, job.token, Ending.CANCELLED)
    assert (await jobs([high], ANN))[high].priority is JobPriority.HIGH


async def test_of_many_tellers_one_tells() -> None:
    await asked(ANN)
    found = await next_in_line(10)
    assert [owner for owner, _ in found.values()] == [ANN]
    assert sum(await asyncio.gather(*(may_tell(30.0) for _ in range(5)))) <= 1
    assert not await may_tell(30.0)


async def test_a_lease_is_as_long_as_the_work(told: Settings) -> None:
    small, large = await asked(ANN), await wished(BEN, Wish("a fox", width=256, height=256, count=4))
    await announce(
        EASEL,
        [asdict(replace(m, capabilities=replace(m.capabilities, lease_factor=1e6))) for m in Easel().models],
        True,
    )
    slow = await asked(CARA)
    seconds = [(await row_of(job_id))["lease_seconds"] for job_id in (small, large, slow)]
    assert told.job_lease_seconds < seconds[0] < seconds[1] < seconds[2] == told.job_lease_most_seconds
    for _ in seconds:
        job = await claimed()
        left = await fetch_value(
            "SELECT extract(epoch FROM lease_until - now())::float8 FROM generation_jobs WHERE id = $1", job.id
        )
        assert job.lease_seconds - 5 < left <= job.lease_seconds


# --- circuits ---


async def fail_until_it_opens() -> int:
    """The id of the job that opens the easel's circuit."""
    for number in range(circuit.FAILURES_TO_OPEN):
        job_id = await asked(300 + number)
        job = await claimed()
        assert await release(job.id, job.token, BROKEN) is JobState.QUEUED
    return job_id


async def rest_is_over() -> None:
    await fetch("UPDATE engine_circuits SET opened_until = now() - interval '1 second'")
    await fetch("UPDATE generation_jobs SET not_before = NULL")


async def test_jobs_wait_for_an_engine_that_fails_again_and_again() -> None:
    waiting = await wished(299, Wish("a fox", start_within_seconds=600))
    await fetch("UPDATE generation_jobs SET not_before = 'infinity' WHERE id = $1", waiting)
    last = await fail_until_it_opens()
    await fetch("UPDATE generation_jobs SET not_before = NULL")
    assert await claim([EASEL]) is None
    (engine,) = await known()
    assert not engine.available
    assert engine.reason is not None
    assert engine.rests_until is not None
    row = await row_of(last)
    assert (row["state"], row["handed_back"]) == ("QUEUED", 1)  # it loses no attempt by that
    assert [(line.kind, line.until) for line in (await timeline_of(waiting))[-1:]] == [
        (JobEntryKind.WAITING, engine.rests_until)
    ]
    late = await asked(CARA)
    assert (await timeline_of(late))[-1].kind is JobEntryKind.WAITING

    await rest_is_over()
    assert (await known())[0].available
    tried = [job for job in await asyncio.gather(*(claim([EASEL]) for _ in range(4))) if job is not None]
    assert len(tried) == 1  # one job tries it
    assert await release(tried[0].id, tried[0].token, BROKEN) is JobState.QUEUED
    longer = (await known())[0].rests_until
    assert longer is not None
    assert await fetch_value("SELECT $1 > now() + make_interval(secs => $2)", longer, circuit.OPEN_SECONDS * 1.5)

    await rest_is_over()
    job = await claimed()
    assert await claim([EASEL]) is None
    await keep_output(job.id, job.token, 0, IMAGE)
    assert (await known())[0].available
    assert (await claimed()).id != job.id


async def test_an_engine_is_tried_again_when_who_tried_it_is_gone() -> None:
    await fail_until_it_opens()
    await rest_is_over()
    first = await claimed()
    assert await claim([EASEL]) is None
    await end_lease(first.id)
    assert (await claimed()).id != first.id


async def test_an_engine_that_asks_for_rest_has_it_at_once() -> None:
    job_id = await asked(ANN)
    job = await claimed()
    await release(job_id, job.token, replace(BROKEN, retry_after=77.0))
    await end_pause(job_id)
    assert await claim([EASEL]) is None
    left = await fetch_value("SELECT extract(epoch FROM opened_until - now())::float8 FROM engine_circuits")
    assert 70 < left <= 77


async def test_what_a_job_does_wrong_is_not_its_engine_s_fault() -> None:
    for number in range(circuit.FAILURES_TO_OPEN + 1):
        job_id = await asked(300 + number)
        job = await claimed()
        await release(job_id, job.token, Setback(BUSY))
    assert (await known())[0].available


# --- deadlines ---


def within(field: str, seconds: int) -> Wish:
    start = field == "start_within_seconds"
    return Wish(
        "a fox", start_within_seconds=seconds if start else None, finish_within_seconds=None if start else seconds
    )


@pytest.mark.parametrize("field", ["start_within_seconds", "finish_within_seconds"])
async def test_deadlines_have_bounds(field: str) -> None:
    low, high = {"start_within_seconds": START_WITHIN_SECONDS, "finish_within_seconds": FINISH_WITHIN_SECONDS}[field]
    for seconds in (low - 1, high + 1, 0, -5):
        with pytest.raises(BadInput) as refusal:
            await wished(ANN, within(field, seconds))
        first, *rest = field.split("_")
        assert refusal.value.path == (first + "".join(word.title() for word in rest),)
    for seconds in (low, high):
        assert await wished(ANN, within(field, seconds))


async def test_deadlines_are_kept() -> None:
    job_id = await wished(ANN, Wish("a fox", start_within_seconds=100, finish_within_seconds=50))
    row = await row_of(job_id)
    assert (row["start_by"] - row["created_at"]).total_seconds() == 100
    job = await claimed()
    assert 45 < job.seconds_left <= 50
    seen = (await jobs([job_id], ANN))[job_id]
    assert seen.finish_by is not None
    assert seen.started_at is not None
    assert (seen.finish_by - seen.started_at).total_seconds() == 50


# --- again ---


async def again(owner_id: int, job_id: int) -> int:
    async with transaction():
        return await retry(owner_id, job_id)


async def ended(
    ending: Ending, kept: tuple[int, ...] = (), blocked: tuple[int, ...] = (), count: int = 3
) -> tuple[int, Claimed]:
    job_id = await asked(ANN, count=count)
    job = await claimed()
    for index in kept:
        await keep_output(job_id, job.token, index, IMAGE)
    for index in blocked:
        await lose_output(job_id, job.token, index, Failure("content_blocked", "No."), blocked=True)
    await finish(job_id, job.token, ending)
    return job_id, job


@pytest.mark.parametrize(
    ("ending", "kept", "blocked", "wanted"),
    [
        (Ending.FAILED, (), (), (0, 1, 2)),
        (Ending.DONE, (1,), (), (0, 2)),
        (Ending.DONE, (1,), (0,), (2,)),
        (Ending.CANCELLED, (0, 1), (), (2,)),
        (Ending.TIMED_OUT, (), (), (0, 1, 2)),
    ],
)
async def test_what_was_not_made_is_made_again(
    ending: Ending, kept: tuple[int, ...], blocked: tuple[int, ...], wanted: tuple[int, ...]
) -> None:
    old, first = await ended(ending, kept, blocked)
    new = await again(ANN, old)
    assert new != old
    assert await again(ANN, old) == new  # while it waits
    job = await claimed()
    assert (job.id, job.wanted, job.seed, job.prompt, job.engine) == (
        new,
        wanted,
        first.seed,
        first.prompt,
        first.engine,
    )
    assert job.count == wanted[-1] + 1
    seen = (await jobs([new], ANN))[new]
    assert (seen.retry_of_id, tuple(output.index for output in seen.outputs)) == (old, wanted)
    for index in wanted:
        await keep_output(new, job.token, index, IMAGE)
    assert await finish(new, job.token, Ending.DONE) is JobState.SUCCEEDED
    assert await again(ANN, old) == new  # and once it has succeeded
    held = await fetch_value("SELECT held FROM credit_accounts WHERE owner_id = $1", ANN)
    assert held == 0


async def test_a_retry_that_failed_is_followed_by_another() -> None:
    old, _ = await ended(Ending.FAILED)
    new = await again(ANN, old)
    await cancel(ANN, new)
    third = await again(ANN, old)
    assert third not in (old, new)
    await end_time(third)
    await reap()
    assert (await row_of(await again(ANN, third)))["retry_of_id"] == third


async def test_two_who_retry_at_once_make_one_job() -> None:
    old, _ = await ended(Ending.FAILED)
    assert len(set(await asyncio.gather(*(again(ANN, old) for _ in range(4))))) == 1


async def test_what_is_not_tried_again() -> None:
    waiting = await asked(ANN)
    with pytest.raises(Conflict) as refusal:
        await again(ANN, waiting)
    assert refusal.value.path == ("jobId",)
    await cancel(ANN, waiting)
    done, _ = await ended(Ending.DONE, (0,), count=1)
    with pytest.raises(Conflict):
        await again(ANN, done)
    for owner_id, job_id in ((BEN, done), (ANN, 12345)):
        with pytest.raises(NotFound):
            await again(owner_id, job_id)
    failed, _ = await ended(Ending.FAILED)
    banned, _ = await ended(Ending.BLOCKED)
    with pytest.raises(Conflict):
        await again(ANN, banned)
    await fetch("DELETE FROM engines")
    with pytest.raises(BadInput) as gone:
        await again(ANN, failed)
    assert gone.value.path == ("jobId",)
    assert len(await outputs_of(failed)) == 3


async def test_a_retry_is_bounded_as_any_job() -> None:
    old, _ = await ended(Ending.FAILED)
    for _ in range(20):
        await asked(ANN)
    with pytest.raises(QuotaExceeded):
        await again(ANN, old)
