"""Doing a job again: a new job that names the old one and makes what the old one did not."""

from __future__ import annotations

from collections.abc import Sequence

from asyncpg import Record

from errors import BadInput, Conflict, ContentBlocked, NotFound, TakenBack
from models import creation
from models.database import fetch, fetch_one
from models.job import InputRole, JobKind, JobPriority, JobState, OutputState
from models.job_move import Again, ask, queue_lock
from models.wish import Wish

RETRIED_STATES = (JobState.FAILED, JobState.CANCELLED, JobState.PARTIAL, JobState.EXPIRED, JobState.TIMED_OUT)


async def retry(owner_id: int, job_id: int) -> int:
    """A new job for the pictures that an ended one did not make; gives its id. The caller holds the transaction.

    While a retry of that job waits or runs, or once one has succeeded, it is that one. Pictures that a safety check refused
    are not asked for again. Raises NotFound for what is not the owner's, Conflict where nothing is left to be made, and what
    `ask` raises, with the path of the job.
    """
    await queue_lock(owner_id)  # of two who retry at once the second finds what the first has made
    row = await fetch_one("SELECT * FROM generation_jobs WHERE id = $1 AND owner_id = $2", job_id, owner_id)
    if row is None:
        raise NotFound("There is no such job.", ["jobId"])
    earlier = await fetch_one(
        """SELECT id FROM generation_jobs WHERE retry_of_id = $1 AND owner_id = $2
            AND state IN ('QUEUED', 'RUNNING', 'IN_REVIEW', 'SUCCEEDED') ORDER BY id LIMIT 1""",
        job_id,
        owner_id,
    )
    if earlier is not None:
        return int(earlier["id"])
    if JobState(row["state"]) not in RETRIED_STATES:
        raise Conflict(
            "Only a job that failed, was cancelled, came too late or was made in part is tried again.", ["jobId"]
        )
    outputs = await fetch("SELECT index, state FROM generation_outputs WHERE job_id = $1 ORDER BY index", job_id)
    missing = tuple(output["index"] for output in outputs if output["state"] == OutputState.FAILED.value)
    if not missing:
        raise Conflict(
            "What is missing of this job was refused by a safety check: change what is asked for.", ["jobId"]
        )
    given = await fetch(
        """SELECT g.role, g.image_id, i.width, i.height FROM generation_inputs g JOIN images i ON i.id = g.image_id
        WHERE g.job_id = $1 ORDER BY g.role, g.position""",
        job_id,
    )
    try:
        retry_id = await ask(owner_id, _wish(row, len(missing), given), Again(job_id, row["seed"], missing))
    except (BadInput, ContentBlocked, NotFound, TakenBack) as refusal:
        raise type(refusal)(refusal.message, ["jobId"]) from refusal
    await creation.again(job_id, retry_id)
    return retry_id


def _wish(row: Record, count: int, given: Sequence[Record]) -> Wish:
    """What was wished for, with so many pictures. The seed is handed on beside it: not every model takes one from people."""
    images: dict[InputRole, list[int]] = {role: [] for role in InputRole}
    for picture in given:
        images[InputRole(picture["role"])].append(picture["image_id"])
    factor = row["scale"] or 1
    # What is as large as the picture it was made of need not be of a size that the model offers.
    kept = any(
        picture["role"] == InputRole.IMAGE.value
        and (picture["width"] * factor, picture["height"] * factor) == (row["width"], row["height"])
        for picture in given
    )
    remixed = any(picture["image_id"] == row["remix_image_id"] for picture in given)
    return Wish(
        prompt=row["prompt"],
        engine=row["engine"],
        model=row["model"],
        width=None if kept else row["width"],
        height=None if kept else row["height"],
        count=count,
        style=row["style"],
        background=row["background"],
        kind=JobKind(row["kind"]),
        quality=row["quality"],
        output_format=row["output_format"],
        negative_prompt=row["negative_prompt"],
        strength=row["strength"],
        scale=row["scale"],
        image=next(iter(images[InputRole.IMAGE]), None),
        mask=next(iter(images[InputRole.MASK]), None),
        guide=next(iter(images[InputRole.GUIDE]), None),
        references=tuple(images[InputRole.REFERENCE]),
        remix_post_id=row["remix_post_id"] if remixed else None,
        remix_image_id=row["remix_image_id"] if remixed else None,
        priority=next(one for one in JobPriority if one.number == row["priority"]),
        finish_within_seconds=row["finish_seconds"],
        # A job that begins a thread is followed by its retry, one that goes on from another stands beside it.
        parent_id=row["parent_id"] or row["id"],
        parent_index=row["parent_index"],
        instruction=row["instruction"],
    )
