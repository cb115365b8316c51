"""Whose turn it is: the order of the queue, and where in it a job waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.database import fetch

MOST_WAITING_COUNTED = 20_000
LAST_START = """(SELECT o.started_at FROM generation_jobs o WHERE o.owner_id = {person}
    ORDER BY o.started_at DESC NULLS LAST LIMIT 1)"""
"""When a person last had a job started: whose turn is longest ago comes next, who never had one first of all."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a job waits: `position` counts from 1 (next), `people` are those others of whom a job comes first."""

    position: int
    people: int


async def places(ids: Iterable[int]) -> dict[int, Place]:
    """Where those of the jobs wait that do. What is done meanwhile by others may change it.

    The turns go round: a person's second job comes after everybody's first; a person's own jobs go by priority, then by age.
    It is an estimate where the queue is longer than `MOST_WAITING_COUNTED`, where jobs wait for an engine or for another try,
    and where people have as many jobs running as they may.
    """
    rows = await fetch(
        f"""WITH people AS MATERIALIZED (
            SELECT w.owner_id, count(*) AS jobs, min(w.id) AS first_id,
                coalesce({LAST_START.format(person="w.owner_id")}, '-infinity') AS turn
            FROM (SELECT owner_id, id FROM generation_jobs WHERE state = 'QUEUED' LIMIT {MOST_WAITING_COUNTED}) AS w
            GROUP BY w.owner_id
        ), asked AS MATERIALIZED (
            SELECT j.id, j.owner_id, (SELECT count(*) FROM generation_jobs e WHERE e.owner_id = j.owner_id
                AND e.state = 'QUEUED' AND (-e.priority, e.id) <= (-j.priority, j.id)) AS round
            FROM generation_jobs j WHERE j.id = ANY($1::bigint[]) AND j.state = 'QUEUED'
        ), ahead AS (
            SELECT a.id, a.round, least(p.jobs,
                a.round - CASE WHEN (p.turn, p.first_id) < (own.turn, own.first_id) THEN 0 ELSE 1 END) AS jobs
            FROM asked a JOIN people own ON own.owner_id = a.owner_id LEFT JOIN people p ON p.owner_id <> a.owner_id
        )
        SELECT id, (round + coalesce(sum(jobs), 0))::int AS position, count(*) FILTER (WHERE jobs > 0)::int AS people
        FROM ahead GROUP BY id, round""",
        list(ids),
    )
    return {row["id"]: Place(row["position"], row["people"]) for row in rows}


async def next_in_line(count: int) -> dict[int, tuple[int, Place]]:
    """The oldest `count` waiting jobs: their owner, and where they wait."""
    rows = await fetch("SELECT id, owner_id FROM generation_jobs WHERE state = 'QUEUED' ORDER BY id LIMIT $1", count)
    found = await places(row["id"] for row in rows) if rows else {}
    return {row["id"]: (row["owner_id"], found[row["id"]]) for row in rows if row["id"] in found}


async def may_tell(seconds: float) -> bool:
    """Whether nobody has told of the queue for so long; who is told True does it now, so that all workers together are few."""
    rows = await fetch(
        "UPDATE queue_told SET at = clock_timestamp() WHERE at <= clock_timestamp() - make_interval(secs => $1) RETURNING at",
        seconds,
    )
    return bool(rows)
