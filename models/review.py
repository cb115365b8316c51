"""Pictures that a person looks at before anybody sees them. Until it is decided there is no image, only a row here and its bytes.

So nothing that leads to images (addresses, nodes, lists, posts, threads, lineage) can lead to one that is held, whoever asks. A
held picture costs its owner nothing, also when it is approved: they waited, and the hold may have been for nothing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from asyncpg import Record

from errors import Conflict, NotFound
from models import circuit, loose_picture, taken_picture
from models.database import fetch, fetch_one, fetch_value
from models.job import Failure, JobState
from models.job_end import Ending, end, line_of, tell
from models.job_entry import JobEntryKind, Line, note
from models.job_move import hold
from models.lease import FENCE, NewImage, put_image
from models.transaction import transaction

HELD = "in_review"
REFUSED = "content_blocked"
REFUSAL = "A person has looked at this picture and refused it."
MOST_LISTED = 200


class Decision(Enum):
    """What a person decided."""

    APPROVED = "APPROVED"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A picture that was held: where its bytes are, why it was held, what was asked for, and what was decided of it."""

    id: int
    job_id: int
    output_index: int
    stage: str
    category: str
    created_at: datetime
    decision: Decision | None
    decided_by: str | None
    owner: str
    prompt: str
    engine: str
    image: NewImage


_REVIEWS = """SELECT r.*, j.prompt, j.engine, u.handle FROM reviews r JOIN generation_jobs j ON j.id = r.job_id
    LEFT JOIN users u ON u.id = j.owner_id"""


def _row(row: Record) -> ReviewRow:
    return ReviewRow(
        row["id"],
        row["job_id"],
        row["output_index"],
        row["stage"],
        row["category"],
        row["created_at"],
        None if row["decision"] is None else Decision(row["decision"]),
        row["decided_by"],
        row["handle"] or "",
        row["prompt"],
        row["engine"],
        NewImage(**row["picture"]),
    )


async def hold_output(job_id: int, token: UUID, index: int, image: NewImage, why: Failure) -> bool | None:
    """Keep a picture, whose bytes are in the bucket, for a person to look at; the others go on. None when the lease is lost.

    `why` has the stage and the category. Repeated it changes nothing, nor does it for an output that is settled; False says so.
    """
    async with transaction():
        row = await hold(job_id, FENCE, token)
        if row is None:
            return None
        held = await fetch(
            """UPDATE generation_outputs SET state = 'IN_REVIEW', failure_code = $3, failure_message = $4, failure_stage = $5,
                failure_categories = $6::jsonb WHERE job_id = $1 AND index = $2 AND state = 'PENDING' RETURNING index""",
            job_id,
            index,
            why.code,
            why.message,
            why.stage,
            list(why.categories),
        )
        if not held:
            return False
        await fetch(
            """INSERT INTO reviews (job_id, output_index, stage, category, picture) VALUES ($1, $2, $3, $4, $5::jsonb)
            ON CONFLICT DO NOTHING""",
            job_id,
            index,
            why.stage,
            why.categories[0] if why.categories else "",
            {**asdict(image), "facts": None if image.facts is None else dict(image.facts)},
        )
        await fetch("UPDATE generation_jobs SET version = version + 1 WHERE id = $1", job_id)
        await circuit.worked(row["engine"])
        await note(job_id, line_of(JobEntryKind.OUTPUT_HELD, why, output=index))
        await tell(job_id, row["owner_id"])
        return True


async def waiting(limit: int = MOST_LISTED) -> list[ReviewRow]:
    """What waits for a decision, oldest first."""
    return [_row(row) for row in await fetch(f"{_REVIEWS} WHERE r.decision IS NULL ORDER BY r.id LIMIT $1", limit)]


async def review(number: int) -> ReviewRow:
    """One of them, decided or not. Raises NotFound."""
    row = await fetch_one(f"{_REVIEWS} WHERE r.id = $1", number)
    if row is None:
        raise NotFound("There is no such held picture.", ["heldPictureId"])
    return _row(row)


async def overdue(days: int, limit: int) -> list[int]:
    """What has waited for a decision so long that it is refused without one."""
    rows = await fetch(
        """SELECT id FROM reviews WHERE decision IS NULL AND created_at < now() - make_interval(days => $1)
        ORDER BY id LIMIT $2""",
        days,
        limit,
    )
    return [row["id"] for row in rows]


async def decide(number: int, decision: Decision, decided_by: str, not_of: str | None = None) -> ReviewRow:
    """Show a held picture to its owner, or refuse it; with the last one of a job, the job ends. Gives the review as it is now.

    The bytes of a refused picture are let go in the same transaction, and `python -m work` takes them away. Raises NotFound (also
    for one of the person `not_of`, who decides), Conflict when it was decided before.
    """
    found = await review(number)
    if found.owner == not_of:
        raise NotFound("There is no such held picture.", ["heldPictureId"])
    async with transaction():
        row = await hold(found.job_id, "true")
        decided = await fetch(
            """UPDATE reviews SET decision = $2, decided_by = $3, decided_at = now() WHERE id = $1 AND decision IS NULL
            RETURNING id""",
            number,
            decision.value,
            decided_by,
        )
        if row is None or not decided:
            raise Conflict("This was decided before.")
        if decision is Decision.APPROVED:
            if await taken_picture.source_taken(row):
                raise Conflict("What this was made of was taken down: it can be refused, not approved.")
            await put_image(row, found.output_index, found.image)
            line = Line(JobEntryKind.OUTPUT_MADE, output=found.output_index)
        else:
            line = await _refused(found)
            await loose_picture.let_go(found.image.prefix)
        await fetch("UPDATE generation_jobs SET version = version + 1 WHERE id = $1", found.job_id)
        await note(found.job_id, line)
        await tell(found.job_id, row["owner_id"])
        if row["state"] == JobState.IN_REVIEW.value and not await _held(found.job_id):
            await end(row, Ending.DONE if row["cancel_requested_at"] is None else Ending.CANCELLED)
    return await review(number)


async def _refused(found: ReviewRow) -> Line:
    why = Failure(REFUSED, REFUSAL, found.stage, (found.category,))
    await fetch(
        """UPDATE generation_outputs SET state = 'BLOCKED', failure_code = $3, failure_message = $4
        WHERE job_id = $1 AND index = $2""",
        found.job_id,
        found.output_index,
        why.code,
        why.message,
    )
    return line_of(JobEntryKind.OUTPUT_BLOCKED, why, output=found.output_index)


async def _held(job_id: int) -> bool:
    return bool(
        await fetch_value(
            "SELECT EXISTS (SELECT 1 FROM generation_outputs WHERE job_id = $1 AND state = 'IN_REVIEW')", job_id
        )
    )
