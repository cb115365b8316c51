"""What a worker does with a job: claim it under a lease, say that it lives, keep its pictures, finish it or give it back.

A lease is a token and a time by the database's clock. Only who names the token may write; who has lost it is told so and
writes nothing. `reap` looks after the jobs nobody looks after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from asyncpg import Record

from models import circuit, credit_move, facet, likeness, loose_picture, origin, taken_picture
from models.database import AWAY, fetch, fetch_one, fetch_value
from models.disclosure import MADE_HERE
from models.image import LONGEST_ALT_TEXT
from models.job import Failure, JobState
from models.job_claim import Claimed as Claimed
from models.job_claim import Given as Given
from models.job_claim import claim as claim
from models.job_end import WORKER_LOST, Ending, Setback, end, lose, put_back, tell
from models.job_entry import JobEntryKind, Line, note
from models.job_move import hold
from models.transaction import transaction

FENCE = "state = 'RUNNING' AND lease_token = $2"
OVERDUE = """(state = 'RUNNING' AND lease_until < now())
    OR (state IN ('QUEUED', 'RUNNING') AND coalesce(finish_by, start_by) < now())"""
MOST_REAPED_AT_ONCE = 100
SOURCE_TAKEN = Failure("source_taken", "What this was to be made of was taken down.")
DATABASE_FAULTS = AWAY
"""What the verbs raise when the database is away or too slow. Whatever they write may be written again: it is fenced."""


@dataclass(frozen=True, slots=True)
class Beat:
    """What a heartbeat learns: whether the lease is still ours, and whether the owner wants the job cancelled."""

    kept: bool
    cancel: bool


@dataclass(frozen=True, slots=True)
class NewImage:
    """A generated picture whose bytes lie in the bucket under `prefix`, a folder; `byte_size` and sides are the original's.

    `name`, `mark` and `likeness` are by what it is known again (`models.origin`; `models.likeness`, in hex); `source_type` what is
    signed into it, None where nothing is.
    """

    prefix: str
    mime_type: str
    byte_size: int
    width: int
    height: int
    blurhash: str
    alt_text: str
    seed: int | None = None
    facts: Mapping[str, object] | None = None
    name: str | None = None
    mark: int | None = None
    likeness: str | None = None
    source_type: str | None = None

    def __post_init__(self) -> None:
        if not self.prefix.endswith("/"):
            raise ValueError(f"{self.prefix!r} is not a folder: nobody could remove it.")


@dataclass(frozen=True, slots=True)
class Reaped:
    """The jobs `reap` put back into the queue and those it ended."""

    queued: Sequence[int]
    ended: Sequence[int]


async def note_upstream(job_id: int, token: UUID, upstream_id: str, *, resumable: bool) -> bool:
    """Remember what an outside engine calls this work, before waiting for it; False when the lease is lost.

    `resumable` is whether a later attempt can ask for it by that name; where it cannot, there is none (`job_end.put_back`).
    """
    async with transaction():
        row = await hold(job_id, FENCE, token)
        if row is None:
            return False
        if (row["upstream_id"], row["upstream_resumable"]) == (upstream_id[:200], resumable):
            return True
        await fetch(
            "UPDATE generation_jobs SET upstream_id = $2, upstream_resumable = $3, version = version + 1 WHERE id = $1",
            job_id,
            upstream_id[:200],
            resumable,
        )
        if row["upstream_id"] is None:
            await note(job_id, Line(JobEntryKind.TAKEN, attempt=row["attempt"]))
        await tell(job_id, row["owner_id"])
        return True


async def beat(job_id: int, token: UUID, phase: str | None, fraction: float | None) -> Beat:
    """Make the lease last from now on and note how far the work is, which is no event: it is told by signals."""
    row = await fetch_one(
        f"""UPDATE generation_jobs SET lease_until = now() + make_interval(secs => lease_seconds), phase = coalesce($3, phase),
            fraction = greatest(fraction, $4) WHERE id = $1 AND {FENCE} RETURNING cancel_requested_at IS NOT NULL AS cancel""",
        job_id,
        token,
        phase,
        fraction,
    )
    return Beat(kept=row is not None, cancel=row is not None and row["cancel"])


async def keep_output(job_id: int, token: UUID, index: int, image: NewImage) -> int | Literal[False] | None:
    """Make a picture, whose bytes are in the bucket, the output `index` of the job; gives the image's id.

    Repeated, it gives the id of the first time. None when the lease is lost: nothing is written then. False where what it is made
    of was taken down meanwhile: the output is blocked, its bytes let go. Raises ValueError for an index the job does not have, or
    whose picture was given up.
    """
    async with transaction():
        row = await hold(job_id, FENCE, token)
        if row is None:
            return None
        output = await fetch_one("SELECT * FROM generation_outputs WHERE job_id = $1 AND index = $2", job_id, index)
        if output is None:
            raise ValueError(f"Job {job_id} has no output {index}.")
        if output["image_id"] is not None:
            return int(output["image_id"])
        if output["state"] != "PENDING":
            if output["failure_code"] == SOURCE_TAKEN.code:
                return False
            raise ValueError(f"Output {index} of job {job_id} is {output['state']}.")
        if await taken_picture.source_taken(row):
            await lose(row, index, SOURCE_TAKEN, blocked=True)
            await loose_picture.let_go(image.prefix)
            return False
        image_id = await put_image(row, index, image)
        await credit_move.settle(job_id, index)
        await fetch("UPDATE generation_jobs SET version = version + 1 WHERE id = $1", job_id)
        await circuit.worked(row["engine"])
        await note(job_id, Line(JobEntryKind.OUTPUT_MADE, output=index))
        await tell(job_id, row["owner_id"])
        return image_id


async def put_image(row: Record, index: int, image: NewImage) -> int:
    """Make a picture an image of the job's owner and the output `index`; gives its id. The job's row is held."""
    image_id: int = await fetch_value(
        f"""INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash, alt_text, generated,
            remix_post_id, remix_image_id, ai_disclosure, source_type, claim_generator, claim_standing)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, true, $9, $10, {MADE_HERE.format(job="$11")}, $12::text,
            CASE WHEN $12::text IS NOT NULL THEN '{origin.SIGNER}' END, CASE WHEN $12::text IS NOT NULL THEN 'TRUSTED' END)
        RETURNING id""",
        row["owner_id"],
        image.prefix,
        image.mime_type,
        image.byte_size,
        image.width,
        image.height,
        image.blurhash,
        facet.clean(image.alt_text)[:LONGEST_ALT_TEXT],
        row["remix_post_id"],
        row["remix_image_id"],
        row["id"],
        image.source_type,
    )
    await fetch(
        """UPDATE generation_outputs SET state = 'SUCCEEDED', image_id = $3, seed = $4, facts = $5::jsonb, failure_code = NULL,
            failure_message = NULL, failure_stage = NULL, failure_categories = NULL WHERE job_id = $1 AND index = $2""",
        row["id"],
        index,
        image_id,
        image.seed,
        None if image.facts is None else dict(image.facts),
    )
    await origin.remember(image_id, image.name, image.mark)
    if image.likeness is not None:
        await likeness.remember(image_id, bytes.fromhex(image.likeness))
    return image_id


async def lose_output(job_id: int, token: UUID, index: int, failure: Failure, *, blocked: bool) -> bool | None:
    """Output `index` will not be made (BLOCKED or FAILED, with its reason); the others may be. None when the lease is lost.

    Repeated it changes nothing, nor does it for an output that is kept; False says so.
    """
    async with transaction():
        row = await hold(job_id, FENCE, token)
        return None if row is None else await lose(row, index, failure, blocked=blocked)


async def finish(job_id: int, token: UUID, ending: Ending, failure: Failure | None = None) -> JobState | None:
    """End the job; gives the state it ended in (see `job_end.end`), None when the lease is lost."""
    async with transaction():
        row = await hold(job_id, FENCE, token)
        if row is None:
            return None
        if ending in (Ending.DONE, Ending.BLOCKED):
            await circuit.worked(row["engine"])
        return await end(row, ending, failure)


async def release(job_id: int, token: UUID, setback: Setback) -> JobState | None:
    """Give the job back for another attempt; gives its state then (see `job_end.put_back`), None when the lease is lost."""
    async with transaction():
        row = await hold(job_id, FENCE, token)
        return None if row is None else await put_back(row, setback)


async def reap() -> Reaped:
    """Look after jobs whose worker is gone or whose time is over. Safe in parallel; at most `MOST_REAPED_AT_ONCE` a call.

    Past `start_by` unstarted: EXPIRED. Past `finish_by`, running or waiting for another attempt: TIMED_OUT, or PARTIAL
    when pictures are kept, or CANCELLED when that was asked. Lease over: another attempt where there is one left (see
    `job_end.put_back`).
    """
    rows = await fetch(f"SELECT id FROM generation_jobs WHERE {OVERDUE} ORDER BY id LIMIT {MOST_REAPED_AT_ONCE}")
    queued: list[int] = []
    ended: list[int] = []
    for found in rows:
        async with transaction():
            # Who holds the row is moving the job just now; it is looked at again in a moment.
            row = await hold(found["id"], OVERDUE, wait=False)
            if row is None:
                continue
            if await fetch_value("SELECT $1::timestamptz < now()", row["finish_by"] or row["start_by"]):
                started = Ending.CANCELLED if row["cancel_requested_at"] else Ending.TIMED_OUT
                state = await end(row, started if row["started_at"] else Ending.EXPIRED)
            else:
                state = await put_back(row, Setback(WORKER_LOST))
        (queued if state is JobState.QUEUED else ended).append(found["id"])
    return Reaped(queued, ended)
