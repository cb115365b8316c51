"""Asking for pictures, turns, cancelling and deadlines, on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextvars import copy_context
from dataclasses import replace
from itertools import zip_longest
from typing import Any

import pytest
import pytest_asyncio

from dev.stack import Stack
from errors import BadInput, NotFound, QuotaExceeded
from models import job_claim, job_move, lease
from models.database import fetch, fetch_value
from models.engine import KnownCapabilities, known, made_with
from models.job import JobKind, JobState, OutputState, jobs
from models.job_end import Setback
from models.job_move import CancelOutcome, Ending, ask, cancel_word, cancelled_job
from models.job_queue import places
from models.lease import Claimed, beat, claim, finish, keep_output, reap, release
from models.tier import TERMS, Tier
from models.transaction import transaction
from models.wish import LARGEST_SEED, Wish
from settings import Settings
from tests.jobs import (
    ANN,
    BEN,
    BUSY,
    CARA,
    EASEL,
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
    row_of,
)


@pytest_asyncio.fixture(scope="module")
async def told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "job_test", JOB_RUNNING_CAP="20") as told:
        yield told


@pytest_asyncio.fixture(autouse=True)
async def _queue(told: Settings) -> None:
    await fresh_queue()


# --- asking ---


async def test_asking_fills_the_gaps_and_tells(told: Settings) -> None:
    async with transaction():
        job_id = await ask(ANN, Wish("  A fox\r\nat night  ", count=2))
    seen = (await jobs([job_id], ANN))[job_id]
    assert (seen.state, seen.version, seen.attempt, seen.queue_position) == (JobState.QUEUED, 1, 0, 1)
    assert (seen.engine, seen.model, seen.width, seen.height) == (EASEL, "quick", 64, 64)
    assert seen.prompt == "A fox\nat night"
    assert 0 <= int(seen.seed) <= LARGEST_SEED
    assert [(output.index, output.state, output.image_id) for output in seen.outputs] == [
        (0, OutputState.PENDING, None),
        (1, OutputState.PENDING, None),
    ]
    assert await events_of(job_id) == 1
    assert await jobs([job_id], BEN) == {}
    wait = await fetch_value("SELECT start_by - created_at FROM generation_jobs WHERE id = $1", job_id)
    assert wait.total_seconds() == told.job_start_seconds


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": " \u0007 \n"}, "prompt"),
        ({"prompt": "é" * 4_001}, "prompt"),
        ({"prompt": "x" * 30_000}, "prompt"),
        ({"prompt": "🏳️‍🌈" * 2_000}, "prompt"),
        ({"engine": "oven"}, "engine"),
        ({"model": "large"}, "model"),
        ({"width": 48}, "width"),
        ({"width": 272}, "width"),
        ({"height": 72}, "height"),
        ({"height": -64}, "height"),
        ({"count": 0}, "count"),
        ({"count": 5}, "count"),
        ({"model": "fixed", "count": 2}, "count"),
        ({"style": "cubist"}, "style"),
        ({"model": "fixed", "style": "plain"}, "style"),
        ({"background": "pink"}, "background"),
        ({"background": "transparent"}, "background"),
        ({"seed": ""}, "seed"),
        ({"seed": "-1"}, "seed"),
        ({"seed": "٣"}, "seed"),
        ({"seed": str(2**63)}, "seed"),
        ({"seed": "9" * 400}, "seed"),
        ({"model": "fixed", "seed": "1"}, "seed"),
    ],
)
async def test_what_no_engine_makes_is_refused(change: dict[str, Any], path: str) -> None:
    with pytest.raises(BadInput) as refusal:
        async with transaction():
            await ask(ANN, replace(Wish("a fox"), **change))
    assert refusal.value.path == (path,)
    assert refusal.value.message.endswith(".")
    assert await fetch_value("SELECT count(*) FROM generation_jobs") == 0


async def picture_of(owner_id: int, width: int = 64, height: int = 64) -> int:
    """A kept picture of this person's, as far as the rows go."""
    number: int = await fetch_value(
        """INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash, alt_text, generated)
        VALUES ($1, $2, 'image/png', 10, $3, $4, 'L00000fQfQfQfQfQfQfQfQfQfQfQ', '', false) RETURNING id""",
        owner_id,
        f"pictures/{owner_id}/{width}/",
        width,
        height,
    )
    return number


@pytest.mark.parametrize(("field", "path"), [("image", "imageId"), ("mask", "maskId"), ("references", "referenceIds")])
async def test_somebody_else_s_picture_is_not_there(field: str, path: str) -> None:
    mine, others = await picture_of(ANN), await picture_of(BEN)
    for number in (others, 12345):
        given: dict[str, Any] = {"image": mine} | {field: (number,) if field == "references" else number}
        with pytest.raises(NotFound) as refusal:
            async with transaction():
                await ask(ANN, replace(Wish("a fox", kind=JobKind.EDIT), **given))
        assert refusal.value.path == (path,)
    assert await fetch_value("SELECT count(*) FROM generation_jobs") == 0


async def test_a_mask_is_as_large_as_its_picture() -> None:
    picture, mask = await picture_of(ANN), await picture_of(ANN, 64, 80)
    with pytest.raises(BadInput) as refusal:
        async with transaction():
            await ask(ANN, Wish("a fox", kind=JobKind.EDIT, image=picture, mask=mask))
    assert refusal.value.path == ("maskId",)
    async with transaction():
        await ask(
            ANN, Wish("a fox", kind=JobKind.EDIT, image=picture, mask=await picture_of(ANN), references=(mask,) * 16)
        )
    with pytest.raises(BadInput) as too_many:
        async with transaction():
            await ask(ANN, Wish("a fox", kind=JobKind.EDIT, image=picture, references=(mask,) * 17))
    assert too_many.value.path == ("referenceIds",)


async def test_bounds_are_inside(told: Settings) -> None:
    async with transaction():
        job_id = await ask(
            ANN,
            Wish("é" * 4_000, EASEL, "quick", 256, 64, 4, str(LARGEST_SEED), "bold", "opaque"),
        )
    seen = (await jobs([job_id], ANN))[job_id]
    assert (seen.seed, seen.width, seen.style, seen.background) == (str(LARGEST_SEED), 256, "bold", "opaque")
    assert (await claimed()).seed == LARGEST_SEED


async def test_without_engines_nothing_is_taken() -> None:
    await fetch("DELETE FROM engines")
    with pytest.raises(BadInput) as refusal:
        await asked(ANN)
    assert refusal.value.path == ("engine",)


async def test_descriptors_come_back_as_they_were_told() -> None:
    (engine,) = await known()
    assert engine.available
    assert engine.models[0].capabilities == KnownCapabilities(
        64,
        256,
        16,
        4,
        supports_seeds=True,
        supports_edits=True,
        supports_masks=True,
        max_references=16,
        max_partial_images=3,
        output_formats=("png",),
        styles=("plain", "bold"),
    )
    assert made_with([engine], EASEL, "fixed") == (engine, engine.models[1])
    gone = made_with([], "oven", "large")
    assert (gone[0].available, gone[1].capabilities.max_count) == (False, 0)
    await fetch("UPDATE engines SET heard_at = now() - interval '46 seconds'")
    (engine,) = await known()
    assert not engine.available
    assert await asked(ANN)  # it waits for the engine


async def test_the_cap_holds_in_parallel(told: Settings) -> None:
    for _ in range(TERMS[Tier.FREE].queued_cap - 3):
        await asked(ANN)
    answers = await asyncio.gather(*(asked(ANN) for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(answer, int) for answer in answers) == 3
    assert sum(isinstance(answer, QuotaExceeded) for answer in answers) == 5
    assert await asked(BEN)
    first = (await claimed()).id
    assert await cancel(ANN if (await row_of(first))["owner_id"] == ANN else BEN, first) is CancelOutcome.STOPPING
    with pytest.raises(QuotaExceeded):  # what runs counts, too
        await asked(ANN)


# --- turns ---


async def test_turns_go_round_and_the_queue_says_so() -> None:
    # Ids of one millisecond come in any order: whose oldest job has the lowest id begins.
    one, two, three = sorted(
        [sorted([await asked(owner) for _ in range(jobs)]) for owner, jobs in ((ANN, 3), (BEN, 2), (CARA, 3))],
        key=lambda ids: ids[0],
    )
    rounds = zip_longest(one, two, three)
    expected = [job_id for turn in rounds for job_id in turn if job_id is not None]
    found = await places(expected)
    assert {job_id: place.position for job_id, place in found.items()} == {
        job_id: position for position, job_id in enumerate(expected, 1)
    }
    assert [found[job_id].people for job_id in expected[:4]] == [0, 1, 2, 2]
    for job_id in expected:
        assert (await places([job_id]))[job_id].position == 1
        assert (await claimed()).id == job_id
        assert await places([job_id]) == {}
    assert await claim([EASEL]) is None


async def test_only_jobs_of_its_engines_are_claimed() -> None:
    job_id = await asked(ANN)
    assert await claim(["oven"]) is None
    assert await claim([]) is None
    assert (await claimed()).id == job_id


async def test_racing_workers_claim_each_job_once() -> None:
    ids = [await asked(100 + number % 5) for number in range(20)]

    async def work() -> list[int]:
        mine = []
        while (found := await claim([EASEL])) is not None:
            mine.append(found.id)
        return mine

    one, two, three = await asyncio.gather(work(), work(), work())
    assert sorted(one + two + three) == sorted(ids)
    for job_id in ids:
        assert ((await row_of(job_id))["attempt"], await events_of(job_id)) == (1, 2)


async def second_claim_during_the_first() -> Claimed | None:
    """What a worker gets that claims the only job while another one is claiming it."""
    outside = copy_context()  # a task made inside a transaction would belong to it
    async with transaction():
        assert await claim([EASEL]) is not None
        second = asyncio.create_task(claim([EASEL]), context=outside)
        blocked = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        while not second.done() and not await fetch_value(blocked):
            pass
    return await second


async def test_a_job_being_claimed_is_passed_over() -> None:
    await asked(ANN)
    assert await second_claim_during_the_first() is None


async def test_without_the_lock_it_would_be_claimed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_claim, "CLAIM_LOCK", "")
    await asked(ANN)
    assert await second_claim_during_the_first() is not None


# --- cancelling ---


async def test_cancel() -> None:
    job_id = await asked(ANN)
    for stranger, other in ((BEN, job_id), (ANN, 12345)):
        with pytest.raises(NotFound):
            await cancel(stranger, other)
    assert await cancel(ANN, job_id) is CancelOutcome.REMOVED
    assert await cancel(ANN, job_id) is CancelOutcome.ALREADY_FINISHED
    assert await claim([EASEL]) is None
    assert (await row_of(job_id))["state"] == "CANCELLED"

    job_id = await asked(ANN)
    job = await claimed()
    assert await cancel(ANN, job_id) is CancelOutcome.STOPPING
    asked_at = (await row_of(job_id))["cancel_requested_at"]
    assert await cancel(ANN, job_id) is CancelOutcome.STOPPING
    assert (await row_of(job_id))["cancel_requested_at"] == asked_at
    assert await beat(job_id, job.token, None, None) == lease.Beat(kept=True, cancel=True)
    assert await finish(job_id, job.token, Ending.CANCELLED) is JobState.CANCELLED


@pytest.mark.parametrize("counted", [True, False])
async def test_a_cancelled_job_is_not_tried_again(counted: bool) -> None:
    job_id = await asked(ANN)
    job = await claimed()
    await cancel(ANN, job_id)
    assert await release(job_id, job.token, Setback(BUSY, counted=counted)) is JobState.CANCELLED
    job_id = await asked(ANN)
    await claimed()
    await cancel(ANN, job_id)
    await end_lease(job_id)
    assert (await reap()).ended == [job_id]
    assert (await row_of(job_id))["state"] == "CANCELLED"


def test_cancel_words() -> None:
    assert cancelled_job(cancel_word(2**62)) == 2**62
    assert [cancelled_job(word) for word in (b"", job_move.WORK_WAITS, b"cancel:", b"cancel:x", b"7")] == [None] * 5


# --- time ---


async def test_deadlines() -> None:
    never = await asked(ANN)
    await end_time(never)
    assert await claim([EASEL]) is None  # even before it is reaped
    running = await asked(BEN)
    job = await claimed()
    half = await asked(CARA, count=2)
    other = await claimed()
    await keep_output(half, other.token, 0, IMAGE)
    for job_id in (running, half):
        await end_time(job_id)
    again = await asked(ANN)
    third = await claimed()
    await release(again, third.token, Setback(BUSY, counted=False))
    await end_time(again)
    assert await claim([EASEL]) is None
    assert sorted((await reap()).ended) == sorted([never, running, half, again])
    states = [(await row_of(job_id))["state"] for job_id in (never, running, half, again)]
    assert states == ["EXPIRED", "TIMED_OUT", "PARTIAL", "TIMED_OUT"]
    assert not (await beat(running, job.token, None, None)).kept
    assert (await row_of(never))["failure_code"] == "expired"
    assert await reap() == lease.Reaped([], [])


async def test_a_crash_after_the_last_picture_costs_no_attempt() -> None:
    job_id = await asked(ANN, count=2)
    job = await claimed()
    await keep_output(job_id, job.token, 0, IMAGE)
    await end_lease(job_id)
    await reap()
    await end_pause(job_id)
    job = await claimed()
    assert job.wanted == (1,)
    await keep_output(job_id, job.token, 1, IMAGE)
    await end_lease(job_id)
    assert (await reap()).ended == [job_id]
    assert (await row_of(job_id))["state"] == "SUCCEEDED"


async def test_reapers_in_parallel_reap_each_job_once(told: Settings) -> None:
    ids = [await asked(ANN + number % 5) for number in range(10)]
    for _ in ids:
        await claimed()
    for job_id in ids:
        await end_lease(job_id)
    reaped = await asyncio.gather(*(reap() for _ in range(4)))
    assert sorted(job_id for one in reaped for job_id in one.queued) == sorted(ids)
    assert [await events_of(job_id) for job_id in ids] == [3] * 10
