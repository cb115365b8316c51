"""Claiming: which job is next for a worker, and what it gets into its hands.

Turns go round between people: whose last job was started longest ago is next, with their first job by priority, then age.
Nobody has more running than `caps_of` allows, no model more than its engine tells, no engine any while its circuit is open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from asyncpg import Record

from models import circuit
from models.cap import caps_of
from models.database import fetch, fetch_one
from models.job import InputRole, JobKind
from models.job_end import tell
from models.job_entry import JobEntryKind, Line, note
from models.job_queue import LAST_START
from models.transaction import transaction
from settings import settings

CLAIM_LOCK = "FOR UPDATE SKIP LOCKED"
MOST_PASSED_OVER = 200
LEASE_SHOWN_CHARACTERS = 8


@dataclass(frozen=True, slots=True)
class Given:
    """A picture a job was given: its place in the bucket, and what is known of how it was made (empty for uploads).

    `credited`: the job's pictures are remixes of it, or of what it is a remix of, which everybody is told.
    """

    role: InputRole
    image_id: int
    prefix: str
    mime_type: str
    facts: Mapping[str, object]
    credited: bool


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job in a worker's hands. `wanted` are the output indexes still to be made; `count` is one more than the highest
    that the job has; `seconds_left` until it times out."""

    id: int
    owner_id: int
    token: UUID
    lease_seconds: float
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


@dataclass(slots=True)
class _PassedOver:
    """Who and what has as many jobs running as may be."""

    people: list[int]
    models: list[str]
    engines: list[str]


async def claim(engines: Sequence[str]) -> Claimed | None:
    """The next job for one of these engines, RUNNING under a new lease; None when nothing waits that may run."""
    passed = _PassedOver([], [], [])
    for _ in range(MOST_PASSED_OVER):
        async with transaction():
            resting = await circuit.held_back(engines)
            row = await _next([name for name in engines if name not in resting], passed)
            if row is None:
                return None
            if await _may_run(row, passed):
                return await _start(row)
    return None


async def _next(engines: Sequence[str], passed: _PassedOver) -> Record | None:
    """The row of the job whose turn it is, locked."""
    if not engines:
        return None
    return await fetch_one(
        f"""WITH RECURSIVE people AS (
            (SELECT owner_id FROM generation_jobs WHERE state = 'QUEUED' ORDER BY owner_id LIMIT 1)
            UNION ALL
            SELECT (SELECT q.owner_id FROM generation_jobs q WHERE q.state = 'QUEUED' AND q.owner_id > people.owner_id
                ORDER BY q.owner_id LIMIT 1) FROM people WHERE people.owner_id IS NOT NULL
        ), turns AS MATERIALIZED (
            SELECT owner_id, {LAST_START.format(person="people.owner_id")} AS turn,
                (SELECT min(f.id) FROM generation_jobs f WHERE f.state = 'QUEUED' AND f.owner_id = people.owner_id) AS first_id
            FROM people WHERE owner_id <> ALL($2::bigint[])
        )
        SELECT job.*, coalesce((SELECT (m -> 'capabilities' ->> 'max_running')::int
                FROM engines e, jsonb_array_elements(e.models) AS m WHERE e.name = job.engine AND m ->> 'name' = job.model
            ), 0) AS max_running
        FROM (SELECT * FROM turns ORDER BY turn NULLS FIRST, first_id) AS turns
        CROSS JOIN LATERAL (
            SELECT q.* FROM generation_jobs q WHERE q.owner_id = turns.owner_id AND q.state = 'QUEUED'
                AND q.engine = ANY($1::text[]) AND q.engine <> ALL($4::text[])
                AND (q.engine || '/' || q.model) <> ALL($3::text[])
                AND coalesce(q.finish_by, q.start_by) > now() AND (q.not_before IS NULL OR q.not_before <= now())
            ORDER BY q.priority DESC, q.id LIMIT 1 {CLAIM_LOCK}
        ) AS job ORDER BY turns.turn NULLS FIRST, turns.first_id LIMIT 1""",
        list(engines),
        passed.people,
        passed.models,
        passed.engines,
    )


async def _may_run(row: Record, passed: _PassedOver) -> bool:
    """Whether a job may begin now; if not, what stands against it is noted.

    Who counts holds a lock until it has committed what it starts: two who claim at once see each other's.
    """
    model = f"{row['engine']}/{row['model']}"
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('jobs running of ' || $1::bigint, 0))", row["owner_id"])
    if row["max_running"]:
        await fetch("SELECT pg_advisory_xact_lock(hashtextextended('jobs running at ' || $1::text, 0))", model)
    counted = await fetch_one(
        """SELECT (SELECT count(*) FROM generation_jobs WHERE state = 'RUNNING' AND owner_id = $1) AS mine,
            CASE WHEN $4 > 0 THEN (SELECT count(*) FROM generation_jobs WHERE state = 'RUNNING' AND engine = $2 AND model = $3)
            ELSE -1 END AS there""",
        row["owner_id"],
        row["engine"],
        row["model"],
        row["max_running"],
    )
    assert counted is not None  # counts always give a row
    if counted["mine"] >= (await caps_of(row["owner_id"])).running:
        passed.people.append(row["owner_id"])
    elif row["max_running"] and counted["there"] >= row["max_running"]:
        passed.models.append(model)
    elif not await circuit.enter(row["engine"], row["id"]):
        passed.engines.append(row["engine"])
    else:
        return True
    return False


async def _start(found: Record) -> Claimed:
    row = await fetch_one(
        """UPDATE generation_jobs j SET state = 'RUNNING', version = version + 1, attempt = attempt + 1, lease_token = $2,
            lease_until = now() + make_interval(secs => lease_seconds), started_at = coalesce(started_at, now()),
            finish_by = coalesce(finish_by, now() + make_interval(secs => coalesce(finish_seconds, $3))), not_before = NULL,
            phase = 'starting', fraction = 0
        WHERE id = $1 RETURNING j.*, extract(epoch FROM j.finish_by - now())::float8 AS seconds_left""",
        found["id"],
        uuid4(),
        settings().job_finish_seconds,
    )
    assert row is not None  # its row is locked
    outputs = await fetch("SELECT index, state FROM generation_outputs WHERE job_id = $1 ORDER BY index", row["id"])
    given = await _given(row["id"])
    lease = str(row["lease_token"])[:LEASE_SHOWN_CHARACTERS]
    await note(row["id"], Line(JobEntryKind.STARTED, attempt=row["attempt"], lease=lease))
    await tell(row["id"], row["owner_id"])
    return Claimed(
        id=row["id"],
        owner_id=row["owner_id"],
        token=row["lease_token"],
        lease_seconds=row["lease_seconds"],
        attempt=row["attempt"],
        engine=row["engine"],
        model=row["model"],
        prompt=row["prompt"],
        width=row["width"],
        height=row["height"],
        count=max(output["index"] for output in outputs) + 1,
        seed=row["seed"],
        style=row["manner"] or row["style"],
        background=row["background"],
        wanted=tuple(output["index"] for output in outputs if output["state"] == "PENDING"),
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
            coalesce(j.remix_image_id IN (i.id, i.remix_image_id), false) AS credited,
            (SELECT o.facts FROM generation_outputs o WHERE o.image_id = g.image_id ORDER BY o.id LIMIT 1) AS facts
        FROM generation_inputs g JOIN images i ON i.id = g.image_id JOIN generation_jobs j ON j.id = g.job_id
        WHERE g.job_id = $1 ORDER BY g.role, g.position""",
        job_id,
    )
    return tuple(
        Given(
            InputRole(row["role"]),
            row["image_id"],
            row["prefix"],
            row["mime_type"],
            row["facts"] or {},
            row["credited"],
        )
        for row in rows
    )
