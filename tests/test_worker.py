"""The worker on real servers: it makes what is asked, obeys, and survives the loss of each of them."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from uuid import uuid4

import orjson
import pytest
import pytest_asyncio
from PIL import Image

from dev.stack import Stack
from generation import run, table
from generation.worker import Worker
from models import job_end
from models.database import fetch, fetch_value
from models.engine import announce, known
from models.job import JobKind, jobs
from models.job_move import ask, cancel_word
from models.transaction import transaction
from models.wish import Wish
from realtime.wire import SIGNALS, WORK, Wire
from settings import Settings
from storage.bucket import Bucket
from storage.intake import derive
from storage.key import preview_prefix
from storage.picture import keep, object_key
from tests.jobs import ANN, EASEL, HERE, Easel, asked, cancel, events_of, job_world, outputs_of, row_of
from tests.working import (
    LEASE_SECONDS,
    PATIENCE_SECONDS,
    Changes,
    at_work,
    changes_in_an_empty_queue,
    check_whole,
    surely,
)


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


@pytest_asyncio.fixture
async def changes(told: Settings, monkeypatch: pytest.MonkeyPatch) -> Changes:
    """An empty queue in which a retry does not wait."""
    return await changes_in_an_empty_queue(monkeypatch)


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


async def test_the_engines_of_this_process_make_a_picture(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes
) -> None:
    """The table's own engines: what they tell of themselves is enough to ask, and what they make is kept."""
    (atelier,) = table.engines(told)
    await announce(atelier.name, [asdict(model) for model in atelier.models], True)
    async with transaction():
        job_id = await ask(ANN, Wish("two foxes under the moon", atelier.name, width=512, height=512, seed="11"))
    async with at_work(told, wire, bucket, atelier):
        row = await changes.until(job_id)
    assert (row["state"], row["engine"], row["failure_message"]) == ("SUCCEEDED", "atelier", None)
    (image,) = await fetch("SELECT * FROM images")
    data = await bucket.get(object_key(image["prefix"], "original", image["mime_type"]), 10_000_000)
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (image["width"], image["height"]) == (512, 512)
    assert "fox" in image["alt_text"].lower()
    assert await bucket.delete_prefix(preview_prefix(job_id)) == 0


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
        ("shy", "PARTIAL", "content_blocked", 1, 1),
        ("clumsy", "PARTIAL", "spilled", 1, 1),
        ("wobbly", "PARTIAL", "spilled", 3, 1),
        ("overseas half", "PARTIAL", "incomplete", 3, 1),
        ("overseas broken", "FAILED", "engine_fault", 3, 0),
        ("overseas garbage", "FAILED", "bad_picture", 1, 0),
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
        assert [request.only for request in easel.asked] == [
            (0, 1),
            *[(0,) if prompt == "wobbly" else (1,)] * (attempt - 1),
        ]


async def test_a_refused_picture_says_why(told: Settings, wire: Wire, bucket: Bucket, changes: Changes) -> None:
    job_id = await asked(ANN, "shy", count=3)
    async with at_work(told, wire, bucket, Easel()):
        await changes.until(job_id)
    seen = (await jobs([job_id], ANN))[job_id]
    assert [output.state.value for output in seen.outputs] == ["SUCCEEDED", "BLOCKED", "SUCCEEDED"]
    failure = seen.outputs[1].failure
    assert failure is not None
    assert (failure.code, failure.stage, failure.categories) == ("content_blocked", "output", ("nudity",))
    assert seen.failure == failure


async def test_an_engine_that_asks_for_rest_has_it(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes
) -> None:
    job_id = await asked(ANN, "limited")
    easel = Easel()
    async with at_work(told, wire, bucket, easel):
        await changes.until(job_id, "RUNNING")
        row = await changes.until(job_id, "QUEUED")
        other = await asked(ANN + 1)
        (engine,) = await known()
    assert (row["handed_back"], engine.available, len(easel.asked)) == (1, False, 1)
    assert (await row_of(other))["state"] == "QUEUED"


async def kept_mask(bucket: Bucket, told: Settings) -> int:
    """A picture of Ann's that lets its upper half change."""
    mask = Image.new("RGBA", (64, 64), (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), (0, 0, 64, 32))
    stream = io.BytesIO()
    mask.save(stream, "PNG")
    kept = await keep(bucket, await derive(stream.getvalue()), told)
    number: int = await fetch_value(
        """INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash, alt_text, generated)
        VALUES ($1, $2, $3, $4, 64, 64, $5, '', false) RETURNING id""",
        ANN,
        kept.prefix,
        kept.mime_type,
        kept.byte_size,
        kept.blurhash,
    )
    return number


async def test_the_pictures_of_a_job_reach_its_engine(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes
) -> None:
    """What was made by a job, with its facts, is edited by the next one, within a mask, with others to learn from."""
    first = await asked(ANN, "three squares", count=4)
    easel = Easel()
    async with at_work(told, wire, bucket, easel):
        await changes.until(first)
        made = [output["image_id"] for output in await outputs_of(first)]
        await fetch(
            "UPDATE generation_outputs SET facts = $2::jsonb WHERE image_id = $1", made[0], {"scene": "two foxes"}
        )
        mask = await kept_mask(bucket, told)
        wish = Wish("a red one", kind=JobKind.EDIT, image=made[0], mask=mask, references=(made[3], made[2]))
        async with transaction():
            second = await ask(ANN, wish)
        assert (await changes.until(second))["state"] == "SUCCEEDED"
    request = easel.asked[-1]
    rows = {row["id"]: row for row in await fetch("SELECT * FROM images")}

    async def bytes_of(image_id: int) -> bytes:
        row = rows[image_id]
        return await bucket.get(object_key(row["prefix"], "original", row["mime_type"]), 1_000_000)

    assert (request.kind, request.width, request.height) == ("EDIT", 64, 64)
    assert request.image == await bytes_of(made[0])
    assert request.mask == await bytes_of(mask)
    assert list(request.references) == [await bytes_of(made[3]), await bytes_of(made[2])]
    assert (request.guide, request.facts) == (None, {"scene": "two foxes"})
    seen = (await jobs([second], ANN))[second]
    assert [(one.role.value, one.position, one.image_id) for one in seen.inputs] == [
        ("IMAGE", 0, made[0]),
        ("MASK", 0, mask),
        ("REFERENCE", 0, made[3]),
        ("REFERENCE", 1, made[2]),
    ]


async def test_facts_are_bounded_and_kept(told: Settings, wire: Wire, bucket: Bucket, changes: Changes) -> None:
    job_id = await asked(ANN, "facts", count=2)
    async with at_work(told, wire, bucket, Easel()):
        await changes.until(job_id)
    facts = [output["facts"] for output in await outputs_of(job_id)]
    assert facts == [{"brush": "fine", "index": 0}, None]  # the second had more than is kept


async def test_signals_tell_little_and_often_enough(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes
) -> None:
    job_id = await asked(ANN, "previews forever", count=2)
    easel = Easel()
    clock = asyncio.get_running_loop().time
    heard: list[tuple[float, dict[str, object]]] = []
    async with asyncio.timeout(PATIENCE_SECONDS), at_work(told, wire, bucket, easel):
        async for message in wire.listen(SIGNALS):
            if message is None or b"queuePosition" in message[1]:
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
        assert clock() - asked_at < (LEASE_SECONDS / 4 if said else LEASE_SECONDS), "before it beats, where it is told"
    assert easel.stopped == 1


async def test_who_loses_the_lease_stops_and_writes_nothing(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes
) -> None:
    job_id = await asked(ANN, "forever")
    easel = Easel()
    async with at_work(told, wire, bucket, easel):
        await easel.working.wait()
        other = await asked(ANN + 1)
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


async def test_stopping_at_any_moment_ends(told: Settings, wire: Wire, bucket: Bucket, changes: Changes) -> None:
    """A cancellation that a library loses does not keep the worker alive."""
    for turns in range(40):
        worker = Worker([Easel()], wire, bucket, told)
        task = asyncio.create_task(worker.run())
        for _ in range(turns):
            await asyncio.sleep(0)  # one turn of the loop: every moment of its start is tried
        worker.stop()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await task


# --- without its servers ---


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
    monkeypatch.setattr(job_end, "RETRY_PAUSE_SECONDS", 1.0)
    monkeypatch.setattr(run, "STORE_PATIENCE_SECONDS", 0.5)
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
