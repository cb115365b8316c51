"""Creating in the open: a post whose pictures are still being made. It is published first; what its job makes comes into it.

`moved` runs in every transaction that changes the job, so a picture is kept and stands in the post at once or not at all,
whoever dies. Of the job nothing is told to others but whether it waits, works or is over (how far it is comes by
signals); pictures on their way only where the author allows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from asyncpg import Record

from models import counter, publishing, remix
from models.database import fetch, fetch_one
from models.event import Kind, record
from models.image import checked_alt_text
from models.post import FACT_COLUMNS, facts_of
from models.publishing import Draft
from models.visibility import PostFacts

UNFINISHED = ("QUEUED", "RUNNING", "IN_REVIEW")


class CreationState(Enum):
    """How the pictures of a post come along. Those that are there make no state: the post has them."""

    WAITING = "WAITING"
    MAKING = "MAKING"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class CreationRow:
    """What everybody who sees a post may know of its pictures on their way. `job_id` is for the author alone."""

    job_id: int
    state: CreationState
    wanted: int
    shows_partials: bool


COLUMNS = """c.job_id AS creation_job_id, c.wanted AS creation_wanted, c.partials AS creation_partials,
    c.failed AS creation_failed, making.state AS creation_state"""
JOINS = """LEFT JOIN creations c ON c.post_id = p.id AND NOT c.done LEFT JOIN generation_jobs making ON making.id = c.job_id"""
"""What `creation_of` reads, beside posts `p`."""


def creation_of(row: Record | Mapping[str, Any]) -> CreationRow | None:
    """The creation of a row that has `COLUMNS`; None of a post whose pictures are there, or that never waited for any."""
    if row["creation_job_id"] is None:
        return None
    if row["creation_failed"]:
        state = CreationState.FAILED
    else:
        state = CreationState.WAITING if row["creation_state"] == "QUEUED" else CreationState.MAKING
    return CreationRow(
        row["creation_job_id"],
        state,
        row["creation_wanted"],
        row["creation_partials"],
    )


async def begin(author_id: int, job_id: int, draft: Draft, alt_text: str | None, *, partials: bool) -> int:
    """Publish a post that a job just asked for by its author makes the pictures of; gives the post's id.

    The caller holds the transaction. Raises what `publishing.write` does, and BadInput for the alt text.
    """
    kept = None if alt_text is None else checked_alt_text(alt_text, ["altText"])
    given = await fetch("SELECT image_id FROM generation_inputs WHERE job_id = $1", job_id)
    post_id = await publishing.write(author_id, replace(draft, made_of=[row["image_id"] for row in given]))
    await fetch(
        "INSERT INTO creations (post_id, job_id, wanted, alt_text, partials)"
        " SELECT $1, $2, count, $3, $4 FROM generation_jobs WHERE id = $2",
        post_id,
        job_id,
        kept,
        partials,
    )
    return post_id


async def moved(job_id: int) -> None:
    """A job looks different: let its post, if it has one, look so too. The caller holds the job in the transaction.

    Pictures that are kept come into the post, but for remixes whose source does not allow them any more. When the job is over without any, the post says so, or is deleted where it
    has no text: then it would be empty.
    """
    row = await fetch_one(
        """SELECT c.post_id, c.alt_text, p.author_id, p.text, p.deleted_at, j.state
        FROM creations c JOIN posts p ON p.id = c.post_id JOIN generation_jobs j ON j.id = c.job_id
        WHERE c.job_id = $1 AND NOT c.done FOR UPDATE OF c, p""",
        job_id,
    )
    if row is None:
        return
    post_id = row["post_id"]
    if row["deleted_at"] is not None:
        await fetch("UPDATE creations SET done = true, failed = false WHERE post_id = $1", post_id)
        return
    await fetch(
        f"""INSERT INTO post_images (post_id, image_id, position, alt_text)
        SELECT $1, i.id, o.index, coalesce($3, i.alt_text) FROM generation_outputs o JOIN images i ON i.id = o.image_id
        WHERE o.job_id = $2 AND o.state = 'SUCCEEDED' AND i.deleted_at IS NULL AND (i.remix_post_id IS NULL OR {remix.ALLOWED})
        ON CONFLICT DO NOTHING""",
        post_id,
        job_id,
        row["alt_text"],
    )
    await remix.settle(post_id, row["author_id"])
    if row["state"] not in UNFINISHED:
        shown = await fetch_one("SELECT 1 FROM post_images WHERE post_id = $1 LIMIT 1", post_id) is not None
        await fetch("UPDATE creations SET done = $2, failed = NOT $2 WHERE post_id = $1", post_id, shown)
        if not shown and not row["text"]:
            await publishing.delete(row["author_id"], post_id)
            return
    await counter.count_post(post_id)
    await record(Kind.POST_COUNTED, [f"post:{post_id}"], actor_id=row["author_id"], post_id=post_id)


async def again(job_id: int, new_job_id: int) -> None:
    """A job that failed, or made less than was wanted, is done again by another: its post waits for what that makes.

    A post that was deleted meanwhile waits for nothing.
    """
    await fetch(
        """UPDATE creations SET job_id = $2, failed = false, done = false WHERE job_id = $1 AND (failed
            OR (done AND EXISTS (SELECT 1 FROM posts p WHERE p.id = creations.post_id AND p.deleted_at IS NULL)))""",
        job_id,
        new_job_id,
    )
    await moved(new_job_id)


async def watched(post_ids: Sequence[int]) -> dict[int, tuple[PostFacts, bool]]:
    """Of these posts those whose pictures are being made, by their jobs: whom they are for, and whether partials are shown."""
    rows = await fetch(
        f"SELECT c.job_id, c.partials, {FACT_COLUMNS} FROM creations c JOIN posts p ON p.id = c.post_id"
        " WHERE c.post_id = ANY($1::bigint[]) AND NOT c.done AND NOT c.failed",
        list(post_ids),
    )
    return {row["job_id"]: (facts_of(row), row["partials"]) for row in rows}


async def post_of(job_id: int) -> int | None:
    """The post that a job makes the pictures of."""
    row = await fetch_one(
        "SELECT c.post_id FROM creations c JOIN posts p ON p.id = c.post_id WHERE c.job_id = $1 AND p.deleted_at IS NULL",
        job_id,
    )
    return None if row is None else int(row["post_id"])
