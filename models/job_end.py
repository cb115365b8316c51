"""How the work on a job is over: one of its pictures lost, an attempt given up, the job ended. Once, and with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from asyncpg import Record

from models import circuit, creation, credit_move
from models.database import fetch, fetch_value
from models.event import Kind, record
from models.job import Failure, JobState, OutputState
from models.job_entry import JobEntryKind, Line, note
from settings import settings

RETRY_PAUSE_SECONDS = 2.0
LONGEST_RETRY_PAUSE_SECONDS = 3_600.0
MOST_TOLD_TO_WAIT = 100


class Ending(Enum):
    """Why work on a job is over. What became of the job depends on the pictures that were kept, too."""

    DONE = "DONE"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"
    BLOCKED = "BLOCKED"
    EXPIRED = "EXPIRED"
    TIMED_OUT = "TIMED_OUT"


INCOMPLETE = Failure("incomplete", "The engine ended before every picture was made.")
WORKER_LOST = Failure("worker_lost", "The work on this job broke off more often than it is tried again.")
EXPIRED = Failure("expired", "No engine was free in time, so this job was never started.")
TIMED_OUT = Failure("timed_out", "The pictures were not finished in time.")
OUTCOME_UNKNOWN = Failure(
    "outcome_unknown",
    "The engine had taken the work when it broke off, and cannot say what became of it. It is not asked twice by itself.",
)
_USUAL = {Ending.DONE: INCOMPLETE, Ending.FAILED: WORKER_LOST, Ending.EXPIRED: EXPIRED, Ending.TIMED_OUT: TIMED_OUT}


async def tell(job_id: int, owner_id: int) -> None:
    """Record that a job looks different now; its version was raised in the same transaction."""
    await record(Kind.JOB_CHANGED, [f"job:{job_id}"], actor_id=owner_id, subject_id=job_id)
    await creation.moved(job_id)


async def lose(row: Record, index: int, failure: Failure, *, blocked: bool) -> bool:
    """An output of a job whose row is held will not be made, for a reason of its own; whether it was still wanted."""
    state = OutputState.BLOCKED if blocked else OutputState.FAILED
    lost = await _lost(row["id"], state, failure, index)
    if not lost:
        return False
    await fetch("UPDATE generation_jobs SET version = version + 1 WHERE id = $1", row["id"])
    kind = JobEntryKind.OUTPUT_BLOCKED if blocked else JobEntryKind.OUTPUT_FAILED
    await note(row["id"], line_of(kind, failure, output=index))
    await tell(row["id"], row["owner_id"])
    return True


def line_of(
    kind: JobEntryKind,
    failure: Failure | None,
    *,
    output: int | None = None,
    state: JobState | None = None,
    attempt: int | None = None,
    until: datetime | None = None,
) -> Line:
    """A line of the timeline that says what went wrong."""
    told = failure or Failure("", "")
    return Line(
        kind,
        attempt=attempt,
        output=output,
        state=state.value if state else None,
        code=told.code or None,
        message=told.message or None,
        stage=told.stage,
        categories=told.categories,
        until=until,
    )


async def _lost(job_id: int, state: OutputState, failure: Failure | None, index: int | None = None) -> list[int]:
    """Outputs that are still wanted (or that one) are not any more, for this reason; their indexes."""
    rows = await fetch(
        """UPDATE generation_outputs SET state = $2, failure_code = $3, failure_message = $4, failure_stage = $5,
            failure_categories = $6::jsonb
        WHERE job_id = $1 AND state = 'PENDING' AND ($7::int IS NULL OR index = $7) RETURNING index""",
        job_id,
        state.value,
        failure.code if failure else None,
        failure.message if failure else None,
        failure.stage if failure else None,
        list(failure.categories) if failure and failure.categories else None,
        index,
    )
    return [row["index"] for row in rows]


async def end(row: Record, ending: Ending, failure: Failure | None = None) -> JobState:
    """End a job whose row is held and which has not ended; gives the state it ended in.

    While a person has to look at some of its pictures it goes into review instead, with everything else settled.
    All pictures kept is SUCCEEDED, whatever happened after the last; a cancelled job is CANCELLED and keeps what it has;
    otherwise some pictures are PARTIAL, none is BLOCKED where all that were lost were refused, and else what the ending
    says. What was not made is FAILED (or BLOCKED), each output with its reason.
    """
    job_id = row["id"]
    told = failure or _USUAL.get(ending)
    await _lost(job_id, OutputState.BLOCKED if ending is Ending.BLOCKED else OutputState.FAILED, told)
    # Counted by a statement of its own: the one that waited for the row would count what it saw before it waited.
    outputs = await fetch("SELECT * FROM generation_outputs WHERE job_id = $1 ORDER BY index", job_id)
    states = [OutputState(output["state"]) for output in outputs]
    if OutputState.IN_REVIEW in states:
        return await _review(row)
    state = _state_after(ending, states)
    if state in (JobState.SUCCEEDED, JobState.CANCELLED):
        told = None
    elif failure is None and ending is Ending.DONE:  # the engine has said of each why
        told = next((_failure_of(output) for output in outputs if output["failure_code"]), told)
    await fetch(
        """UPDATE generation_jobs SET state = $2, version = version + 1, finished_at = now(), lease_token = NULL,
            lease_until = NULL, phase = NULL, fraction = $3, failure_code = $4, failure_message = $5, failure_stage = $6,
            failure_categories = $7::jsonb WHERE id = $1""",
        job_id,
        state.value,
        1.0 if state is JobState.SUCCEEDED else None,
        told.code if told else None,
        told.message if told else None,
        told.stage if told else None,
        list(told.categories) if told and told.categories else None,
    )
    await note(job_id, *await _refund(job_id), line_of(JobEntryKind.ENDED, told, state=state))
    await tell(job_id, row["owner_id"])
    return state


async def _refund(job_id: int) -> list[Line]:
    given_back = (await credit_move.release(job_id)).credits
    return [Line(JobEntryKind.REFUNDED, credits=given_back)] if given_back else []


async def _review(row: Record) -> JobState:
    """The work is over and a person has to look at what was made: nothing of it is charged, whatever they decide."""
    await fetch(
        """UPDATE generation_jobs SET state = 'IN_REVIEW', version = version + 1, lease_token = NULL, lease_until = NULL,
            phase = NULL, fraction = NULL WHERE id = $1""",
        row["id"],
    )
    await note(row["id"], *await _refund(row["id"]), Line(JobEntryKind.IN_REVIEW))
    await tell(row["id"], row["owner_id"])
    return JobState.IN_REVIEW


def _failure_of(output: Record) -> Failure:
    categories = tuple(output["failure_categories"] or ())
    return Failure(output["failure_code"], output["failure_message"], output["failure_stage"], categories)


def _state_after(ending: Ending, outputs: list[OutputState]) -> JobState:
    kept = outputs.count(OutputState.SUCCEEDED)
    if kept == len(outputs):
        return JobState.SUCCEEDED
    if ending is Ending.CANCELLED:
        return JobState.CANCELLED
    if kept:
        return JobState.PARTIAL
    if ending in (Ending.DONE, Ending.FAILED):
        return JobState.BLOCKED if outputs.count(OutputState.BLOCKED) == len(outputs) else JobState.FAILED
    return JobState(ending.value)


@dataclass(frozen=True, slots=True)
class Setback:
    """How an attempt broke off.

    `counted` is False where neither job nor engine is at fault. `retry_after` are seconds the engine asked for.
    `engine_failed`: it is the engine that does not work, for others too. `known`: it is known what became of work that an
    outside engine had taken; `safe`: nothing is paid for twice when it is asked again.
    """

    failure: Failure
    counted: bool = True
    retry_after: float | None = None
    engine_failed: bool = False
    known: bool = False
    safe: bool = False


async def put_back(row: Record, setback: Setback) -> JobState:
    """Give up the attempt of a running job whose row is held: QUEUED again where another attempt makes sense, else ended.

    It is ended when nothing of it is wanted any more, when its owner wants it cancelled, when it was tried
    `job_max_attempts` times, or when an outside engine may have done the work and cannot be asked. An attempt that an engine
    ended which does not work for anybody is not counted: the job waits.
    """
    job_id, failure = row["id"], setback.failure
    fault = circuit.Fault()
    if setback.engine_failed:
        fault = await circuit.failed(row["engine"], failure.code, setback.retry_after)
    if not await fetch_value(
        "SELECT EXISTS (SELECT 1 FROM generation_outputs WHERE job_id = $1 AND state = 'PENDING')", job_id
    ):
        return await end(row, Ending.DONE)
    if row["cancel_requested_at"] is not None:
        return await end(row, Ending.CANCELLED)
    lost_upstream = row["upstream_id"] is not None and not row["upstream_resumable"]
    if lost_upstream and not setback.safe:
        return await end(row, Ending.FAILED, failure if setback.known else OUTCOME_UNKNOWN)
    counted = setback.counted and fault.open_until is None
    tries = row["attempt"] - row["handed_back"]
    if counted and tries >= settings().job_max_attempts:
        return await end(row, Ending.FAILED, failure)
    pause = RETRY_PAUSE_SECONDS * 2 ** (tries - 1) if counted else 0.0
    until: datetime | None = await fetch_value(
        """UPDATE generation_jobs SET state = 'QUEUED', version = version + 1, lease_token = NULL, lease_until = NULL,
            phase = NULL, fraction = NULL, handed_back = handed_back + $2,
            not_before = CASE WHEN $3 > 0 THEN now() + make_interval(secs => $3) END,
            upstream_id = CASE WHEN $4 THEN NULL ELSE upstream_id END WHERE id = $1 RETURNING not_before""",
        job_id,
        0 if counted else 1,
        min(max(pause, setback.retry_after or 0.0), LONGEST_RETRY_PAUSE_SECONDS),
        lost_upstream,
    )
    waits = [Line(JobEntryKind.WAITING, code="engine_resting", until=fault.open_until)] if fault.open_until else []
    given_back = line_of(JobEntryKind.GIVEN_BACK, failure, attempt=row["attempt"], until=until)
    await note(job_id, given_back, Line(JobEntryKind.QUEUED), *waits)
    await tell(job_id, row["owner_id"])
    if fault.opened:
        await _tell_those_who_wait(row["engine"], job_id, fault.open_until)
    return JobState.QUEUED


async def _tell_those_who_wait(engine: str, but_for: int, until: datetime | None) -> None:
    """Say in the timelines of the first jobs for an engine that they wait for it. Who is being moved just now is not told."""
    rows = await fetch(
        """UPDATE generation_jobs SET version = version + 1 WHERE id IN (SELECT id FROM generation_jobs
            WHERE state = 'QUEUED' AND engine = $1 AND id <> $2 ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED)
        RETURNING id, owner_id""",
        engine,
        but_for,
        MOST_TOLD_TO_WAIT,
    )
    for row in rows:
        await note(row["id"], Line(JobEntryKind.WAITING, code="engine_resting", until=until))
        await tell(row["id"], row["owner_id"])
