"""A world for jobs: a database of its own, settings to match, and the engine `Easel`, which does what its prompt says."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

from asyncpg import Record
from PIL import Image
from tortoise.context import TortoiseContext

from dev.stack import Stack
from generation.engine import (
    Capabilities,
    EngineError,
    Failed,
    Model,
    Partial,
    Picture,
    Progress,
    Refused,
    Request,
    Started,
    Step,
)
from models.database import fetch, fetch_one, tortoise_config
from models.engine import announce
from models.job_entry import Line, entries
from models.job_move import CancelOutcome, Failure, ask, request_cancel
from models.lease import Claimed, NewImage, claim
from models.timeline import Window
from models.transaction import transaction
from models.wish import Wish
from settings import Settings, settings
from tests.forked import run

ANN, BEN, CARA = 101, 102, 103
BUSY = Failure("busy", "The engine was busy.")
IMAGE = NewImage("pictures/aa/bb/", "image/png", 1_000, 64, 64, "L00000fQfQfQfQfQfQfQfQfQfQfQ", "A red square.")
EASEL = "easel"
SIDE_PIXELS = 64
POOL_SIZE = 8
HERE = Path(__file__).parent.parent


class Easel:
    """A real engine, small and quick: one colour per (seed, index), as a PNG.

    Words of the prompt: `forever` never comes to an end after its first preview; `stubborn` does not even stop when it is
    cancelled; `refuse`, `again`, `banned`, `broken` fail (for good, retryably, as forbidden, with a fault of its own);
    `half` leaves the last picture out; `garbage` makes bytes that are no picture; `previews` tells a great deal; `shy`
    refuses picture 1, `clumsy` fails at picture 0 for good and `wobbly` for now; `limited` asks to be left alone for 30 seconds;
    `facts` tells some of the first picture and too many of the others; `abroad` says that it was taken by another engine, which can be asked again, and `overseas` that it cannot.
    """

    def __init__(self) -> None:
        self.name = EASEL
        can = Capabilities(
            min_side=SIDE_PIXELS,
            max_side=256,
            side_step=16,
            max_count=4,
            supports_seeds=True,
            supports_edits=True,
            supports_masks=True,
            max_references=16,
            max_partial_images=3,
            styles=("plain", "bold"),
        )
        self.models: tuple[Model, ...] = (
            Model("quick", can, SIDE_PIXELS, SIDE_PIXELS),
            Model("fixed", Capabilities(64, 64, 64, 1), 64, 64),
        )
        self.asked: list[Request] = []
        self.working = asyncio.Event()
        self.stopped = 0
        self.closed = False

    async def start(self) -> None:
        """Nothing to load."""

    async def close(self) -> None:
        """Note that it was asked."""
        self.closed = True

    async def available(self) -> bool:
        """Always."""
        return True

    async def generate(self, request: Request) -> AsyncIterator[Step]:
        """Paint what is wanted."""
        self.asked.append(request)
        words = set(request.prompt.split())
        if "broken" in words:
            raise ConnectionResetError("the easel fell over")
        for word, code, retryable in (
            ("refuse", "refused", False),
            ("again", "busy", True),
            ("banned", "content_blocked", False),
        ):
            if word in words:
                raise EngineError(code, "The easel says no.", retryable=retryable)
        if "limited" in words:
            raise EngineError("rate_limited", "The easel wants a rest.", retryable=True, retry_after=30.0)
        for word in words & {"abroad", "overseas"}:
            yield Started(f"{word}-1", resumable=word == "abroad")
        yield Progress(0.1, "sketching")
        if "previews" in words:
            for number in range(40):
                yield Partial(
                    number % request.count, self._paint(request, 0, "WEBP"), "image/webp", number / 50, "painting"
                )
                await asyncio.sleep(0.05)
        if words & {"forever", "stubborn"}:
            yield Partial(0, self._paint(request, 0, "WEBP"), "image/webp", 0.5, "painting")
            self.working.set()
            print("working", flush=True)
            try:
                await asyncio.Event().wait()
            finally:
                self.stopped += 1
                if "stubborn" in words:
                    await asyncio.Event().wait()
        for index in request.wanted:
            if "half" in words and index == request.count - 1:
                continue
            if "shy" in words and index == 1:
                yield Refused(index, "content_blocked", "The easel blushes.", "output", ("nudity",))
                continue
            if index == 0 and words & {"clumsy", "wobbly"}:
                yield Failed(index, "spilled", "The paint was spilled.", retryable="wobbly" in words)
                continue
            data = b"no picture" if "garbage" in words else self._paint(request, index, "PNG")
            facts = {"brush": "fine" if index == 0 else "f" * 70_000, "index": index} if "facts" in words else {}
            yield Picture(
                index, data, "image/png", request.width, request.height, request.seed, f"Picture {index}", facts
            )
            yield Progress((index + 1) / request.count, "painting")

    def _paint(self, request: Request, index: int, kind: str) -> bytes:
        number = request.seed + index
        colour = (number % 256, number // 256 % 256, 40 * index)
        kept = io.BytesIO()
        Image.new("RGB", (request.width, request.height), colour).save(kept, kind)
        return kept.getvalue()


TEMPLATE = "jobs"
UNWATCHED = {"CHECK_PICTURES": "false", "CHECK_BANS": "false", "CHECK_TEXT": "none"}
"""Without a child that loads networks in each of many workers; tests of checks say otherwise."""


def migrated_database(stack: Stack, name: str) -> str:
    """The address of a fresh, migrated database, copied from one that is made once."""
    if not stack.postgres.execute(f"select 1 from pg_database where datname = '{TEMPLATE}'"):
        environment = {**os.environ, "DATABASE_URL": stack.postgres.fresh_database(TEMPLATE)}
        # Not here: another world may be open in this process, and Tortoise allows but one that all tasks see.
        run("models.migrate", environment=environment, log=stack.home / "migrate.log")
    return stack.postgres.fresh_database(name, template=TEMPLATE)


@asynccontextmanager
async def job_world(stack: Stack, name: str, **variables: str) -> AsyncIterator[Settings]:
    """A fresh database `name`, seen by the tasks of these tests alone, and settings that say so, here and in children."""
    url = migrated_database(stack, name)
    before = dict(os.environ)
    os.environ.update({**stack.environment(), **UNWATCHED, **variables, "DATABASE_URL": url})
    settings.cache_clear()
    try:
        async with TortoiseContext() as world:
            await world.init(config=tortoise_config(url, POOL_SIZE))
            yield settings()
    finally:
        os.environ.clear()
        os.environ.update(before)
        settings.cache_clear()


async def fresh_queue() -> None:
    """No jobs, images, events, credits or engines but an easel that was just heard of."""
    for table in (
        "generation_inputs",
        "generation_outputs",
        "generation_jobs",
        "images",
        "events",
        "engines",
        "engine_circuits",
    ):
        await fetch(f"DELETE FROM {table}")
    await fresh_credits()
    await announce(EASEL, [asdict(model) for model in Easel().models], True)


async def fresh_credits() -> None:
    """No accounts and no lines, which the ledger itself would not let go."""
    async with transaction():
        await fetch("ALTER TABLE credit_entries DISABLE TRIGGER USER")
        await fetch("DELETE FROM credit_entries")
        await fetch("DELETE FROM credit_accounts")
        await fetch("ALTER TABLE credit_entries ENABLE TRIGGER USER")


async def asked(owner_id: int, prompt: str = "a red square", count: int = 1) -> int:
    """A new job in the queue."""
    async with transaction():
        return await ask(owner_id, Wish(prompt, count=count, seed="7"))


async def claimed() -> Claimed:
    """The next job of the easel, which must be there."""
    found = await claim([EASEL])
    assert found is not None
    return found


async def cancel(owner_id: int, job_id: int) -> CancelOutcome:
    """Ask to cancel, in a transaction."""
    async with transaction():
        return await request_cancel(owner_id, job_id)


async def row_of(job_id: int) -> Record:
    """The row of a job."""
    row = await fetch_one("SELECT * FROM generation_jobs WHERE id = $1", job_id)
    assert row is not None
    return row


async def outputs_of(job_id: int) -> Sequence[Record]:
    """The rows of a job's outputs, in order."""
    return await fetch("SELECT * FROM generation_outputs WHERE job_id = $1 ORDER BY index", job_id)


async def events_of(job_id: int) -> int:
    """How many events tell of a job; all of them name its topic."""
    rows = await fetch("SELECT topics FROM events WHERE kind = 'job_changed' AND subject_id = $1", job_id)
    assert all(row["topics"] == [f"job:{job_id}"] for row in rows)
    return len(rows)


async def timeline_of(job_id: int) -> list[Line]:
    """The lines of a job's timeline, in order, which are numbered without a gap."""
    owner_id = (await row_of(job_id))["owner_id"]
    rows = await entries(job_id, owner_id, Window(1_000, backward=True))
    assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
    return [row.line for row in rows]


async def end_lease(job_id: int) -> None:
    """Let the time of a lease pass, by the database's clock."""
    await fetch(
        "UPDATE generation_jobs SET lease_until = now() - interval '1 second' WHERE id = $1 AND state = 'RUNNING'",
        job_id,
    )


async def end_pause(job_id: int) -> None:
    """Let the time pass that a job waits before it is tried again."""
    await fetch("UPDATE generation_jobs SET not_before = NULL WHERE id = $1", job_id)


async def end_time(job_id: int) -> None:
    """Let both deadlines of a job pass."""
    await fetch(
        "UPDATE generation_jobs SET start_by = now() - interval '1 second',"
        " finish_by = CASE WHEN finish_by IS NOT NULL THEN now() - interval '1 second' END WHERE id = $1",
        job_id,
    )
