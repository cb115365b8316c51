"""What a worker does with a job: claim it under a lease, say that it lives, keep its pictures, finish it or give it back.

A lease is a token and a time by the database's clock. Only who names the token may write; who has lost it is told so and
writes nothing. `reap` looks after the jobs nobody looks after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from models import credit_move, facet
from models.database import AWAY, fetch, fetch_one, fetch_value
from models.image import LONGEST_ALT_TEXT
from models.job import LAST_START, InputRole, JobKind, JobState
from models.job_move import WORKER_LOST, Ending, Failure, end, hold, put_back, tell
from models.transaction import transaction
from settings import settings

FENCE = "state = 'RUNNING' AND lease_token = $2"
OVERDUE = """(state = 'RUNNING' AND lease_until < now())
    OR (state IN ('QUEUED', 'RUNNING') AND coalesce(finish_by, start_by) < now())"""
CLAIM_LOCK = "FOR UPDATE SKIP LOCKED"
MOST_REAPED_AT_ONCE = 100
DATABASE_FAULTS = AWAY
"""What the verbs raise when the database is away or too slow. Whatever they write may be written again: it is fenced."""


@dataclass(frozen=True, slots=True)
class Given:
    """A picture a job was given: its place in the bucket, and what is known of how it was made (empty for uploads)."""

    role: InputRole
    image_id: int
    prefix: str
    mime_type: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job in a worker's hands. `wanted` are the output indexes that are not kept yet; `seconds_left` until it times out."""

    id: int
    owner_id: int
    token: UUID
    attempt: int
    engine: str
    model: str
    prompt: str
    width: int
    height: int
    count: int
    seed: int
    style: str | None
    background: str | None
    wanted: tuple[int, ...]
    seconds_left: float
    kind: JobKind = JobKind.GENERATE
    quality: str | None = None
    output_format: str | None = None
    negative_prompt: str | None = None
    strength: float | None = None
    scale: int | None = None
    upstream_id: str | None = None
    given: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True)
class Beat:
    """What a heartbeat learns: whether the lease is still ours, and whether the owner wants the job cancelled."""

    kept: bool
    cancel: bool


@dataclass(frozen=True, slots=True)
class NewImage:
    """A generated picture whose bytes lie in the bucket under `prefix`; `byte_size` and sides are the original's."""

    prefix: str
    mime_type: str
    byte_size: int
    width: int
    height: int
    blurhash: str
    alt_text: str
    seed: int | None = None
    facts: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Reaped:
    """The jobs `reap` put back into the queue and those it ended."""

    queued: Sequence[int]
    ended: Sequence[int]


async def claim(engines: Sequence[str]) -> Claimed | None:
    """The next job for one of these engines, RUNNING under a new lease; None when nothing waits.

    Turns go round between people: whose last job was started longest ago is next, with their oldest job.
    """
    told = settings()
    async with transaction():
        row = await fetch_one(
            f"""WITH RECURSIVE people AS (
                (SELECT owner_id FROM generation_jobs WHERE state = 'QUEUED' ORDER BY owner_id LIMIT 1)
                UNION ALL
                SELECT (SELECT q.owner_id FROM generation_jobs q WHERE q.state = 'QUEUED' AND q.owner_id > people.owner_id
                    ORDER BY q.owner_id LIMIT 1) FROM people WHERE people.owner_id IS NOT NULL
            ), turns AS MATERIALIZED (
                SELECT owner_id, {LAST_START.format(person="people.owner_id")} AS turn,
                    (SELECT min(f.id) FROM generation_jobs f WHERE f.state = 'QUEUED' AND f.owner_id = people.owner_id) AS first_id
                FROM people WHERE owner_id IS NOT NULL
            ), next AS MATERIALIZED (
                SELECT job.id FROM (SELECT * FROM turns ORDER BY turn NULLS FIRST, first_id) AS turns
                CROSS JOIN LATERAL (
                    SELECT q.id FROM generation_jobs q WHERE q.owner_id = turns.owner_id AND q.state = 'QUEUED'
                        AND q.engine = ANY($1::text[]) AND coalesce(q.finish_by, q.start_by) > now()
                        AND (q.not_before IS NULL OR q.not_before <= now())
                    ORDER BY q.id LIMIT 1 {CLAIM_LOCK}
                ) AS job ORDER BY turns.turn NULLS FIRST, turns.first_id LIMIT 1
            )
            UPDATE generation_jobs j SET state = 'RUNNING', version = version + 1, attempt = attempt + 1, lease_token = $2,
                lease_until = now() + make_interval(secs => $3), started_at = coalesce(started_at, now()),
                finish_by = coalesce(finish_by, now() + make_interval(secs => $4)), not_before = NULL,
                phase = 'starting', fraction = 0
            FROM next WHERE j.id = next.id
            RETURNING j.*, extract(epoch FROM j.finish_by - now())::float8 AS seconds_left""",
            list(engines),
            uuid4(),
            float(told.job_lease_seconds),
            float(told.job_finish_seconds),
        )
        if row is None:
            return None
        wanted = await fetch(
            "SELECT index FROM generation_outputs WHERE job_id = $1 AND state <> 'SUCCEEDED' ORDER BY index", row["id"]
        )
        given = await _given(row["id"])
        await tell(row["id"], row["owner_id"])
    return Claimed(
        id=row["id"],
        owner_id=row["owner_id"],
        token=row["lease_token"],
        attempt=row["attempt"],
        engine=row["engine"],
        model=row["model"],
        prompt=row["prompt"],
        width=row["width"],
        height=row["height"],
        count=row["count"],
        seed=row["seed"],
        style=row["style"],
        background=row["background"],
        wanted=tuple(output["index"] for output in wanted),
        seconds_left=row["seconds_left"],
        kind=JobKind(row["kind"]),
        quality=row["quality"],
        output_format=row["output_format"],
        negative_prompt=row["negative_prompt"],
        strength=row["strength"],
        scale=row["scale"],
        upstream_id=row["upstream_id"],
        given=given,
    )


async def _given(job_id: int) -> tuple[Given, ...]:
    """The pictures of a job in the order of role and position, each with the facts of the output it once was."""
    rows = await fetch(
        """SELECT g.role, g.image_id, i.prefix, i.mime_type,
            (SELECT o.facts FROM generation_outputs o WHERE o.image_id = g.image_id ORDER BY o.id LIMIT 1) AS facts
        FROM generation_inputs g JOIN images i ON i.id = g.image_id WHERE g.job_id = $1 ORDER BY g.role, g.position""",
        job_id,
    )
    return tuple(
        Given(InputRole(row["role"]), row["image_id"], row["prefix"], row["mime_type"], row["facts"] or {})
        for row in rows
    )


async def note_upstream(job_id: int, token: UUID, upstream_id: str) -> bool:
    """Remember what an outside engine calls this work, before waiting for it; False when the lease is lost."""
    row = await fetch_one(
        f"UPDATE generation_jobs SET upstream_id = $3 WHERE id = $1 AND {FENCE} RETURNING id",
        job_id,
        token,
        upstream_id[:200],
    )
    return row is not None


async def beat(job_id: int, token: UUID, phase: str | None, fraction: float | None) -> Beat:
    """Make the lease last from now on and note how far the work is, which is no event: it is told by signals."""
    row = await fetch_one(
        f"""UPDATE generation_jobs SET lease_until = now() + make_interval(secs => $3), phase = coalesce($4, phase),
            fraction = greatest(fraction, $5) WHERE id = $1 AND {FENCE} RETURNING cancel_requested_at IS NOT NULL AS cancel""",
        job_id,
        token,
        float(settings().job_lease_seconds),
        phase,
        fraction,
    )
    return Beat(kept=row is not None, cancel=row is not None and row["cancel"])


async def keep_output(job_id: int, token: UUID, index: int, image: NewImage) -> int | None:
    """Make a picture, whose bytes are in the bucket, the output `index` of the job; gives the image's id.

    Repeated, it gives the id of the first time. None when the lease is lost: nothing is written then. Raises ValueError
    for an index the job does not have.
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
        image_id: int = await fetch_value(
            """INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash, alt_text, generated)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, true) RETURNING id""",
            row["owner_id"],
            image.prefix,
            image.mime_type,
            image.byte_size,
            image.width,
            image.height,
            image.blurhash,
            facet.clean(image.alt_text)[:LONGEST_ALT_TEXT],
        )
        await fetch(
            "UPDATE generation_outputs SET state = 'SUCCEEDED', image_id = $3, seed = $4, facts = $5::jsonb"
            " WHERE job_id = $1 AND index = $2",
            job_id,
            index,
            image_id,
            image.seed,
            None if image.facts is None else dict(image.facts),
        )
        await credit_move.settle(job_id, index)
        await fetch("UPDATE generation_jobs SET version = version + 1 WHERE id = $1", job_id)
        await tell(job_id, row["owner_id"])
        return image_id


async def finish(job_id: int, token: UUID, ending: Ending, failure: Failure | None = None) -> JobState | None:
    """End the job; gives the state it ended in (see `job_move.end`), None when the lease is lost."""
    async with transaction():
        row = await hold(job_id, FENCE, token)
        return None if row is None else await end(row, ending, failure)


async def release(job_id: int, token: UUID, failure: Failure, *, counted: bool = True) -> JobState | None:
    """Give the job back for another attempt; gives its state then (see `job_move.put_back`), None when the lease is lost.

    `counted=False` is for a worker that was told to stop: the attempt does not count towards `job_max_attempts`.
    """
    async with transaction():
        row = await hold(job_id, FENCE, token)
        return None if row is None else await put_back(row, failure, counted=counted)


async def reap() -> Reaped:
    """Look after jobs whose worker is gone or whose time is over. Safe in parallel; at most `MOST_REAPED_AT_ONCE` a call.

    Past `start_by` unstarted: EXPIRED. Past `finish_by`, running or waiting for another attempt: TIMED_OUT, or PARTIAL
    when pictures are kept, or CANCELLED when that was asked. Lease over: another attempt where there is one left (see
    `job_move.put_back`).
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
                state = await put_back(row, WORKER_LOST, counted=True)
        (queued if state is JobState.QUEUED else ended).append(found["id"])
    return Reaped(queued, ended)
