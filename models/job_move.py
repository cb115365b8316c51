"""How a job moves, whoever moves it: asked for, cancelled, put back into the queue, ended once.

ask → QUEUED → RUNNING → (IN_REVIEW →) SUCCEEDED | PARTIAL | FAILED | BLOCKED | CANCELLED | TIMED_OUT
         │  ↖_____↙ (lease.py)
         └→ CANCELLED | EXPIRED (never started) | TIMED_OUT (had been started)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from asyncpg import Record

from errors import BadInput, NotFound, QuotaExceeded
from models import circuit, credit_move, past_prompt, price, remix, said, style_code, thread
from models.cap import caps_of
from models.database import fetch, fetch_one, fetch_value
from models.engine import known, made_with
from models.job import Failure as Failure
from models.job import InputRole, JobState
from models.job_end import Ending as Ending
from models.job_end import end as end
from models.job_end import tell as tell
from models.job_entry import JobEntryKind, Line, note
from models.transaction import transaction
from models.wish import Order, Wish, checked
from settings import settings

WORK_WAITS = b"waiting"
"""What is said on the work channel after `ask` has committed."""

MOST_ENDED_AT_ONCE = 50
LEASE_PIXELS = 4_000_000  # this many of an ordinary model's make a lease twice as long as the shortest
MOST_REFERENCES = 16
PATHS = {
    InputRole.IMAGE: "imageId",
    InputRole.MASK: "maskId",
    InputRole.GUIDE: "guideId",
    InputRole.REFERENCE: "referenceIds",
}


class CancelOutcome(Enum):
    """What asking to cancel did: taken from the queue, being stopped, or too late."""

    REMOVED = "REMOVED"
    STOPPING = "STOPPING"
    ALREADY_FINISHED = "ALREADY_FINISHED"


def cancel_word(job_id: int) -> bytes:
    """What is said on the work channel after `request_cancel` has committed, so that its worker looks at once."""
    return b"cancel:%d" % job_id


def cancelled_job(word: bytes) -> int | None:
    """The job a `cancel_word` speaks of, None for anything else."""
    number = word.removeprefix(b"cancel:")
    return int(number) if number != word and number.isdigit() else None


@dataclass(frozen=True, slots=True)
class Again:
    """An earlier job that is done again: which of its pictures (`indexes`), with its seed."""

    job_id: int
    seed: int
    indexes: tuple[int, ...]


async def ask(owner_id: int, wish: Wish, again: Again | None = None) -> int:
    """Put a job into the queue; gives its id. The caller holds the transaction and says `WORK_WAITS` after it.

    Raises ContentBlocked (rules for words), BadInput (no engine here can make it), QuotaExceeded (as many jobs wait or run
    already as `caps_of` allows, as many wait for a person's look as may, or there are too few credits), NotFound or TakenBack
    (a style code that its owner may not paint by).
    """
    await said.check(owner_id, wish)
    engines = await known()
    order = checked(wish, engines, await given(owner_id, wish))
    painted = await style_code.painted(owner_id, order.style, wish.image)
    await queue_lock(owner_id)
    counted, held = await _open_jobs(owner_id)
    most = (await caps_of(owner_id)).queued
    if counted >= most:
        raise QuotaExceeded(
            f"You have {counted} jobs waiting or running; at most {most} are taken. Wait for one to end, or cancel one."
        )
    told = settings()
    if held >= told.review_jobs_cap:
        raise QuotaExceeded(f"{held} of your jobs wait for a person to look at their pictures. Wait for one of them.")
    factor = made_with(engines, order.engine, order.model)[1].capabilities.lease_factor
    job_id: int = await fetch_value(
        """INSERT INTO generation_jobs (owner_id, prompt, engine, model, width, height, count, seed, style, background, start_by,
            kind, quality, output_format, negative_prompt, strength, scale, priority, finish_seconds, lease_seconds, retry_of_id, manner,
            style_code_id, remix_post_id, remix_image_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + make_interval(secs => $11), $12, $13, $14, $15, $16, $17, $18, $19,
            $20, $21, $22, $23, $24, $25) RETURNING id""",
        owner_id,
        order.prompt,
        order.engine,
        order.model,
        order.width,
        order.height,
        order.count,
        order.seed if again is None else again.seed,
        order.style,
        order.background,
        float(wish.start_within_seconds or told.job_start_seconds),
        order.kind.value,
        order.quality,
        order.output_format,
        order.negative_prompt,
        order.strength,
        order.scale,
        wish.priority.number,
        wish.finish_within_seconds,
        lease_seconds(order, factor),
        None if again is None else again.job_id,
        painted.manner,
        painted.style_code_id,
        *await _remix_of(wish),
    )
    if pictures := wish.inputs:
        await fetch(
            """INSERT INTO generation_inputs (job_id, role, position, image_id)
            SELECT $1, * FROM unnest($2::text[], $3::int[], $4::bigint[])""",
            job_id,
            [role.value for role, _, _ in pictures],
            [position for _, position, _ in pictures],
            [image_id for _, _, image_id in pictures],
        )
    indexes = range(order.count) if again is None else again.indexes
    await fetch("INSERT INTO generation_outputs (job_id, index) SELECT $1, unnest($2::int[])", job_id, list(indexes))
    each = price.credits_per_picture(order, made_with(engines, order.engine, order.model)[1])
    await credit_move.reserve(owner_id, job_id, order.count, each)
    await thread.join(job_id, owner_id, wish, order.prompt)
    if order.prompt:
        await past_prompt.note(owner_id, job_id, wish.instruction or order.prompt)
    until = await circuit.open_until(order.engine)
    waits = [] if until is None else [Line(JobEntryKind.WAITING, code="engine_resting", until=until)]
    await note(job_id, Line(JobEntryKind.ASKED), Line(JobEntryKind.QUEUED), *waits)
    await tell(job_id, owner_id)
    return job_id


async def _remix_of(wish: Wish) -> tuple[int | None, int | None]:
    """Post and picture that the job remixes: as the wish says, else what the pictures it works on or learns from came from."""
    if wish.remix_post_id is not None:
        return wish.remix_post_id, wish.remix_image_id
    sources = [] if wish.image is None else [wish.image]
    return await remix.inherited([*sources, *wish.references]) or (None, None)


async def _open_jobs(owner_id: int) -> tuple[int, int]:
    """How many jobs of a person wait or run, and how many wait for a person's look."""
    row = await fetch_one(
        """SELECT count(*) FILTER (WHERE state <> 'IN_REVIEW') AS open, count(*) FILTER (WHERE state = 'IN_REVIEW') AS held
        FROM generation_jobs WHERE owner_id = $1 AND state IN ('QUEUED', 'RUNNING', 'IN_REVIEW')""",
        owner_id,
    )
    assert row is not None
    return row["open"], row["held"]


async def queue_lock(owner_id: int) -> None:
    """Let nobody else put a job of this person into the queue before this transaction ends.

    Two requests of one person count each other only when the second counts after the first has committed.
    """
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('generation job of ' || $1::bigint, 0))", owner_id)


def lease_seconds(order: Order, factor: float) -> float:
    """How long a worker may be silent before it is given up: longer for more and larger pictures and for slower models."""
    told = settings()
    work = order.width * order.height * order.count / LEASE_PIXELS * factor
    return min(told.job_lease_seconds * (1.0 + work), float(max(told.job_lease_seconds, told.job_lease_most_seconds)))


async def given(owner_id: int, wish: Wish) -> tuple[int, int] | None:
    """The sides of the picture to work on, None without one.

    Raises NotFound for a picture that is not the owner's; what the wish remixes may be another's, as `remix.check_source` says.
    """
    if len(wish.references) > MOST_REFERENCES:
        raise BadInput(f"At most {MOST_REFERENCES} pictures to learn from are taken.", ["referenceIds"])
    wanted = wish.inputs
    if not wanted:
        return None
    if wish.remix_post_id is not None and wish.remix_image_id is not None:
        await remix.check_source(owner_id, wish.remix_post_id, wish.remix_image_id, "remixOf")
    rows = await fetch(
        "SELECT id, width, height FROM images WHERE id = ANY($1::bigint[]) AND (owner_id = $2 OR id = $3) AND deleted_at IS NULL",
        [image_id for _, _, image_id in wanted],
        owner_id,
        wish.remix_image_id,
    )
    sides = {row["id"]: (row["width"], row["height"]) for row in rows}
    for role, _, image_id in wanted:
        if image_id not in sides:
            raise NotFound("There is no such picture of yours.", [PATHS[role]])
    for role, _, image_id in wanted:
        if (
            role in (InputRole.MASK, InputRole.GUIDE)
            and wish.image is not None
            and sides[image_id] != sides[wish.image]
        ):
            raise BadInput("It must be exactly as wide and high as the picture it lies on.", [PATHS[role]])
    return sides[wish.image] if wish.image is not None else None


async def request_cancel(viewer_id: int, job_id: int) -> CancelOutcome:
    """Take a waiting job away at once, or ask the worker of a running one to stop. Repeating it is harmless.

    The caller holds the transaction and says `cancel_word` after STOPPING. Raises NotFound for what is not the viewer's.
    """
    row = await hold(job_id, f"owner_id = {int(viewer_id)}")
    if row is None:
        raise NotFound("There is no such job.", ["jobId"])
    state = JobState(row["state"])
    if state is JobState.QUEUED:
        await end(row, Ending.CANCELLED)
        return CancelOutcome.REMOVED
    if state is not JobState.RUNNING:  # in review nothing is left to stop
        return CancelOutcome.ALREADY_FINISHED
    if row["cancel_requested_at"] is None:
        await fetch(
            "UPDATE generation_jobs SET cancel_requested_at = now(), version = version + 1 WHERE id = $1", job_id
        )
        await note(job_id, Line(JobEntryKind.CANCEL_REQUESTED))
        await tell(job_id, viewer_id)
    return CancelOutcome.STOPPING


async def end_of_gone() -> bool:
    """Cancel what waits or runs for people who are suspended or have closed their account; True while there may be more.

    What was not made is given back. A worker that is at it hears of it when it next renews its lease.
    """
    rows = await fetch(
        """SELECT j.id, j.owner_id FROM generation_jobs j JOIN users u ON u.id = j.owner_id AND u.gone
        WHERE j.state = 'QUEUED' OR j.state = 'RUNNING' AND j.cancel_requested_at IS NULL ORDER BY j.id LIMIT $1""",
        MOST_ENDED_AT_ONCE,
    )
    for row in rows:
        async with transaction():
            await request_cancel(row["owner_id"], row["id"])
    return len(rows) == MOST_ENDED_AT_ONCE


async def hold(job_id: int, condition: str, *arguments: object, wait: bool = True) -> Record | None:
    """The row of a job for which the condition (`$2` …) holds, locked for the rest of the transaction; None otherwise.

    A racer that had to wait for the row is asked the condition again, on the row as it is then. `wait=False` passes over
    a row that somebody else holds.
    """
    return await fetch_one(
        f"SELECT * FROM generation_jobs WHERE id = $1 AND ({condition}) FOR UPDATE {'' if wait else 'SKIP LOCKED'}",
        job_id,
        *arguments,
    )
