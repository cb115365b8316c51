"""How a job moves, whoever moves it: asked for, cancelled, put back into the queue, ended once.

ask → QUEUED → RUNNING → SUCCEEDED | PARTIAL | FAILED | BLOCKED | CANCELLED | TIMED_OUT
         │  ↖_____↙ (lease.py)
         └→ CANCELLED | EXPIRED (never started) | TIMED_OUT (had been started)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from asyncpg import Record

from errors import BadInput, NotFound, QuotaExceeded
from models import creation, credit_move, past_prompt, price, thread
from models.database import fetch, fetch_one, fetch_value
from models.engine import known, made_with
from models.event import Kind, record
from models.job import OPEN_STATES, InputRole, JobState, OutputState
from models.wish import Wish, checked
from settings import settings

WORK_WAITS = b"waiting"
"""What is said on the work channel after `ask` has committed."""

RETRY_PAUSE_SECONDS = 2.0
MOST_REFERENCES = 16
PATHS = {
    InputRole.IMAGE: "imageId",
    InputRole.MASK: "maskId",
    InputRole.GUIDE: "guideId",
    InputRole.REFERENCE: "referenceIds",
}
_OPEN = ", ".join(f"'{state.value}'" for state in OPEN_STATES)


class Ending(Enum):
    """Why work on a job is over. What became of the job depends on the pictures that were kept, too."""

    DONE = "DONE"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"
    BLOCKED = "BLOCKED"
    EXPIRED = "EXPIRED"
    TIMED_OUT = "TIMED_OUT"


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong: `code` for programs (lower case with underscores), `message` a sentence for people."""

    code: str
    message: str


INCOMPLETE = Failure("incomplete", "The engine ended before every picture was made.")
WORKER_LOST = Failure("worker_lost", "The work on this job broke off more often than it is tried again.")
EXPIRED = Failure("expired", "No engine was free in time, so this job was never started.")
TIMED_OUT = Failure("timed_out", "The pictures were not finished in time.")
_USUAL = {Ending.DONE: INCOMPLETE, Ending.FAILED: WORKER_LOST, Ending.EXPIRED: EXPIRED, Ending.TIMED_OUT: TIMED_OUT}


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


async def ask(owner_id: int, wish: Wish) -> int:
    """Put a job into the queue; gives its id. The caller holds the transaction and says `WORK_WAITS` after it.

    Raises BadInput (no engine here can make it) or QuotaExceeded (`job_queued_cap` jobs wait or run already, or there are
    too few credits).
    """
    engines = await known()
    order = checked(wish, engines, await given(owner_id, wish))
    told = settings()
    # Two requests of one person count each other only when the second counts after the first has committed.
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('generation job of ' || $1::bigint, 0))", owner_id)
    counted = await fetch_value(
        f"SELECT count(*) FROM generation_jobs WHERE owner_id = $1 AND state IN ({_OPEN})", owner_id
    )
    if counted >= told.job_queued_cap:
        raise QuotaExceeded(
            f"You have {counted} jobs waiting or running; at most {told.job_queued_cap} are taken. Wait for one to end, or cancel one."
        )
    job_id: int = await fetch_value(
        """INSERT INTO generation_jobs (owner_id, prompt, engine, model, width, height, count, seed, style, background, start_by,
            kind, quality, output_format, negative_prompt, strength, scale)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + make_interval(secs => $11), $12, $13, $14, $15, $16, $17)
        RETURNING id""",
        owner_id,
        order.prompt,
        order.engine,
        order.model,
        order.width,
        order.height,
        order.count,
        order.seed,
        order.style,
        order.background,
        float(told.job_start_seconds),
        order.kind.value,
        order.quality,
        order.output_format,
        order.negative_prompt,
        order.strength,
        order.scale,
    )
    for role, position, image_id in wish.inputs:
        await fetch(
            "INSERT INTO generation_inputs (job_id, role, position, image_id) VALUES ($1, $2, $3, $4)",
            job_id,
            role.value,
            position,
            image_id,
        )
    await fetch(
        "INSERT INTO generation_outputs (job_id, index) SELECT $1, generate_series(0, $2::int - 1)", job_id, order.count
    )
    each = price.credits_per_picture(order, made_with(engines, order.engine, order.model)[1])
    await credit_move.reserve(owner_id, job_id, order.count, each)
    await thread.join(job_id, owner_id, wish, order.prompt)
    if order.prompt:
        await past_prompt.note(owner_id, job_id, wish.instruction or order.prompt)
    await tell(job_id, owner_id)
    return job_id


async def given(owner_id: int, wish: Wish) -> tuple[int, int] | None:
    """The sides of the picture to work on, None without one. Raises NotFound for a picture that is not the owner's."""
    if len(wish.references) > MOST_REFERENCES:
        raise BadInput(f"At most {MOST_REFERENCES} pictures to learn from are taken.", ["referenceIds"])
    wanted = wish.inputs
    if not wanted:
        return None
    rows = await fetch(
        "SELECT id, width, height FROM images WHERE id = ANY($1::bigint[]) AND owner_id = $2",
        [image_id for _, _, image_id in wanted],
        owner_id,
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
    if state not in OPEN_STATES:
        return CancelOutcome.ALREADY_FINISHED
    await fetch(
        "UPDATE generation_jobs SET cancel_requested_at = coalesce(cancel_requested_at, now()) WHERE id = $1", job_id
    )
    return CancelOutcome.STOPPING


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


async def tell(job_id: int, owner_id: int) -> None:
    """Record that a job looks different now; its version was raised in the same transaction."""
    await record(Kind.JOB_CHANGED, [f"job:{job_id}"], actor_id=owner_id, subject_id=job_id)
    await creation.moved(job_id)


async def end(row: Record, ending: Ending, failure: Failure | None = None) -> JobState:
    """End a job whose row is held and which has not ended; gives the state it ended in.

    All pictures kept is SUCCEEDED, whatever happened after the last; a cancelled job is CANCELLED and keeps what it has;
    otherwise some pictures are PARTIAL and none is what the ending says. What was not made is FAILED (or BLOCKED).
    """
    job_id = row["id"]
    # Counted by a statement of its own: the one that waited for the row would count what it saw before it waited.
    kept = await _kept(job_id)
    state = _state_after(ending, kept, row["count"])
    failed = state not in (JobState.SUCCEEDED, JobState.CANCELLED)
    told = (failure or _USUAL.get(ending)) if failed else None
    lost = OutputState.BLOCKED if ending is Ending.BLOCKED else OutputState.FAILED
    await fetch("UPDATE generation_outputs SET state = $2 WHERE job_id = $1 AND state = 'PENDING'", job_id, lost.value)
    await fetch(
        """UPDATE generation_jobs SET state = $2, version = version + 1, finished_at = now(), lease_token = NULL,
            lease_until = NULL, phase = NULL, fraction = $3, failure_code = $4, failure_message = $5 WHERE id = $1""",
        job_id,
        state.value,
        1.0 if state is JobState.SUCCEEDED else None,
        told.code if told else None,
        told.message if told else None,
    )
    await credit_move.release(job_id)
    await tell(job_id, row["owner_id"])
    return state


def _state_after(ending: Ending, kept: int, wanted: int) -> JobState:
    if kept == wanted:
        return JobState.SUCCEEDED
    if ending is Ending.CANCELLED:
        return JobState.CANCELLED
    if kept:
        return JobState.PARTIAL
    return JobState.FAILED if ending is Ending.DONE else JobState(ending.value)


async def _kept(job_id: int) -> int:
    return int(
        await fetch_value("SELECT count(*) FROM generation_outputs WHERE job_id = $1 AND state = 'SUCCEEDED'", job_id)
    )


async def put_back(row: Record, failure: Failure, *, counted: bool) -> JobState:
    """Give up the attempt of a running job whose row is held: QUEUED again where another attempt makes sense, else ended.

    It is ended when its pictures are all kept, when its owner wants it cancelled, or when it was tried
    `job_max_attempts` times. `counted` is False for an attempt that broke off through no fault of job or engine.
    """
    if await _kept(row["id"]) == row["count"]:
        return await end(row, Ending.DONE)
    if row["cancel_requested_at"] is not None:
        return await end(row, Ending.CANCELLED)
    tries = row["attempt"] - row["handed_back"]
    if counted and tries >= settings().job_max_attempts:
        return await end(row, Ending.FAILED, failure)
    await fetch(
        """UPDATE generation_jobs SET state = 'QUEUED', version = version + 1, lease_token = NULL, lease_until = NULL,
            phase = NULL, fraction = NULL, handed_back = handed_back + $2,
            not_before = CASE WHEN $2 = 1 THEN NULL ELSE now() + make_interval(secs => $3) END WHERE id = $1""",
        row["id"],
        0 if counted else 1,
        RETRY_PAUSE_SECONDS * 2 ** (tries - 1) if counted else 0.0,
    )
    await tell(row["id"], row["owner_id"])
    return JobState.QUEUED
