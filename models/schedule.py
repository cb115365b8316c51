"""Schedules: drafts that are published at their time, each once, whoever dies in between.

DRAFT ⇄ SCHEDULED → published (the draft is gone), or → MAKING → published, where pictures are to be made first
FAILED ← SCHEDULED, MAKING: refused, too late, not made; it is a draft again that says why

The post and the end of its draft are one transaction, which holds the draft's row: whoever else comes to it passes by, and what
broke off left nothing. Times are the database's.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from asyncpg import Record

from errors import BadInput, Conflict, Forbidden, QuotaExceeded, Refusal
from models import creation, job_move, standing
from models.checkpoint import checkpoint
from models.database import fetch, fetch_one, fetch_value
from models.draft_content import Content, content_of, draft_of, publish, rehearse, stored
from models.event import Kind, record
from models.kept_draft import DraftProblemKind, DraftState, held, lock, tell, use_images
from models.publishing import Attachment
from models.transaction import transaction

SOONEST_SECONDS = 60
LATEST_DAYS = 366
MOST_SCHEDULED = 300
MOST_SCHEDULED_A_DAY = 50  # days of UTC
LATE_HOURS = 24
MOST_TRIES = 8
UNFINISHED = "('QUEUED', 'RUNNING', 'IN_REVIEW')"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing a draft came to: its posts in order, or the job that makes their pictures first."""

    post_ids: list[int]
    job_id: int | None = None


async def schedule(owner_id: int, draft_id: int, publish_at: datetime, *, in_the_open: bool) -> None:
    """Have a draft published at a time, or at another than before. The caller holds the transaction.

    Raises NotFound, BadInput (a time out of bounds, or what could not be published), QuotaExceeded, Conflict (its pictures
    are being made), and whatever publishing it would be refused now.
    """
    await lock(owner_id)
    row = await held(owner_id, draft_id)
    if row["state"] == DraftState.MAKING.value:
        raise Conflict("Its pictures are being made just now.", ["draftId"])
    ahead = await fetch_value("SELECT extract(epoch FROM $1::timestamptz - now())::float8", publish_at)
    if not SOONEST_SECONDS <= ahead <= LATEST_DAYS * 86_400:
        raise BadInput("A post is scheduled at least a minute and at most a year ahead.", ["publishAt"])
    content = content_of(row["content"])
    if in_the_open and content.wish is None:
        raise BadInput("Nothing is to be made for it, in the open or otherwise.", ["inTheOpen"])
    await _check_quota(owner_id, draft_id, publish_at)
    await rehearse(owner_id, content, in_the_open=in_the_open)
    if (row["state"], row["publish_at"], row["in_the_open"]) == (DraftState.SCHEDULED.value, publish_at, in_the_open):
        return
    await fetch(
        """UPDATE drafts SET state = 'SCHEDULED', publish_at = $2, in_the_open = $3, problem = NULL, job_id = NULL, tries = 0,
            retry_at = NULL, version = version + 1, place = fresque_id(), changed_at = now() WHERE id = $1""",
        draft_id,
        publish_at,
        in_the_open,
    )
    await tell(owner_id, draft_id)


async def _check_quota(owner_id: int, draft_id: int, publish_at: datetime) -> None:
    row = await fetch_one(
        """SELECT count(*) AS all, count(*) FILTER (
            WHERE (publish_at AT TIME ZONE 'UTC')::date = ($3::timestamptz AT TIME ZONE 'UTC')::date
        ) AS day FROM drafts WHERE owner_id = $1 AND state IN ('SCHEDULED', 'MAKING') AND id <> $2""",
        owner_id,
        draft_id,
        publish_at,
    )
    assert row is not None
    if row["all"] >= MOST_SCHEDULED:
        raise QuotaExceeded(f"{MOST_SCHEDULED} posts of yours are scheduled; no more can wait.", ["publishAt"])
    if row["day"] >= MOST_SCHEDULED_A_DAY:
        raise QuotaExceeded(
            f"{MOST_SCHEDULED_A_DAY} posts of yours are scheduled for that day (UTC); choose another.", ["publishAt"]
        )


async def unschedule(owner_id: int, draft_id: int) -> None:
    """Make a draft without a time again of what has one; harmless otherwise. Pictures that are being made are made all the
    same, and lie with one's own. The caller holds the transaction. Raises NotFound."""
    row = await held(owner_id, draft_id)
    if row["state"] not in (DraftState.SCHEDULED.value, DraftState.MAKING.value):
        return
    await fetch(
        """UPDATE drafts SET state = 'DRAFT', publish_at = NULL, in_the_open = false, job_id = NULL, version = version + 1,
            place = fresque_id(), changed_at = now() WHERE id = $1""",
        draft_id,
    )
    await tell(owner_id, draft_id)


async def publish_now(owner_id: int, draft_id: int, expected: int | None) -> Published:
    """Publish a draft at once, or have its pictures made at once. The caller holds the transaction and says `WORK_WAITS`
    after it where there is a job.

    Raises NotFound, Conflict, and whatever publishing it is refused.
    """
    row = await held(owner_id, draft_id, expected)
    if row["state"] == DraftState.MAKING.value:
        raise Conflict("Its pictures are being made; it is published when they are.", ["draftId"])
    return await _bring(row, content_of(row["content"]))


async def _bring(row: Record, content: Content) -> Published:
    """Publish what a held row says, or begin to make its pictures."""
    owner_id, draft_id = row["owner_id"], row["id"]
    if content.wish is None:
        return Published(await _out(row, content))
    await rehearse(owner_id, content, in_the_open=row["in_the_open"])  # before anything is paid for
    try:
        job_id = await job_move.ask(owner_id, content.wish)
    except Refusal as refusal:
        refusal.path = ("content", "wish", *refusal.path)
        raise
    if row["in_the_open"]:
        first = await creation.begin(
            owner_id, job_id, draft_of(content, 0, [], awaits_pictures=True), content.alt_text, partials=False
        )
        rest = (
            await publish(owner_id, replace(content, posts=content.posts[1:], reply_to_id=first, reply_policy=None))
            if content.posts[1:]
            else []
        )
        await _gone(row, first)
        return Published([first, *rest], job_id)
    await fetch(
        """UPDATE drafts SET state = 'MAKING', job_id = $2, problem = NULL, publish_at = coalesce(publish_at, now()), tries = 0,
            retry_at = NULL, version = version + 1, changed_at = now() WHERE id = $1""",
        draft_id,
        job_id,
    )
    await tell(owner_id, draft_id)
    return Published([], job_id)


async def _out(row: Record, content: Content) -> list[int]:
    ids = await publish(row["owner_id"], content)
    await _gone(row, ids[0])
    return ids


async def _gone(row: Record, post_id: int) -> None:
    await fetch("DELETE FROM drafts WHERE id = $1", row["id"])
    topics = [f"drafts:{row['owner_id']}"]
    await record(Kind.DRAFT_PUBLISHED, topics, actor_id=row["owner_id"], post_id=post_id, subject_id=row["id"])


async def fail(row: Record, kind: DraftProblemKind, message: str, refusal: Refusal | None = None) -> None:
    """Give a held draft back to its owner with the reason. The caller holds the transaction."""
    problem = {
        "kind": kind.value,
        "message": message,
        "code": refusal.code.value if refusal else None,
        "path": list(refusal.path) if refusal else [],
        "at": datetime.now(UTC).isoformat(),
    }
    await fetch(
        """UPDATE drafts SET state = 'FAILED', problem = $2::jsonb, version = version + 1, place = fresque_id(),
            changed_at = now(), tries = 0, retry_at = NULL WHERE id = $1""",
        row["id"],
        problem,
    )
    await tell(row["owner_id"], row["id"])


DUE = """state = 'SCHEDULED' AND publish_at <= now() AND (retry_at IS NULL OR retry_at <= now())"""
MADE = f"""state = 'MAKING' AND (retry_at IS NULL OR retry_at <= now())
    AND NOT EXISTS (SELECT 1 FROM generation_jobs j WHERE j.id = drafts.job_id AND j.state IN {UNFINISHED})"""


async def fire_next() -> bool:
    """Publish one draft whose time has come, or give it back with the reason; whether there was one. Safe in parallel."""
    return await _next(DUE, "publish_at", _fire)


async def settle_next() -> bool:
    """Publish one draft whose pictures are done, or give it back with the reason; whether there was one. Safe in parallel."""
    return await _next(MADE, "job_id", _settle)


async def _next(condition: str, order: str, act: Callable[[Record], Awaitable[None]]) -> bool:
    number = None
    try:
        async with transaction():
            row = await fetch_one(
                f"SELECT * FROM drafts WHERE {condition} ORDER BY {order} LIMIT 1 FOR UPDATE SKIP LOCKED"
            )
            if row is None:
                return False
            number = row["id"]
            await act(row)
            checkpoint("schedule.before_commit")
        checkpoint("schedule.after_commit")
    except Exception:  # whatever one draft provokes must not keep all others from their time
        if number is None:
            raise
        log.exception("A draft could not be published and is tried again: %s", number)
        async with transaction():
            await _stumbled(number)
    return True


async def _fire(row: Record) -> None:
    if await fetch_value("SELECT $1::timestamptz < now() - make_interval(hours => $2)", row["publish_at"], LATE_HOURS):
        await fail(row, DraftProblemKind.LATE, "Its time passed more than a day ago while nothing could be published.")
        return
    try:
        async with transaction():
            await _check_author(row["owner_id"])
            await _bring(row, content_of(row["content"]))
    except Refusal as refusal:
        await fail(row, DraftProblemKind.REFUSED, refusal.message, refusal)


async def _check_author(owner_id: int) -> None:
    if not await standing.is_there(owner_id):
        raise Forbidden("Nothing is published for an account that is closed or suspended.")


async def _settle(row: Record) -> None:
    content = content_of(row["content"])
    job = await fetch_one("SELECT state, failure_message FROM generation_jobs WHERE id = $1", row["job_id"])
    made = await fetch(
        """SELECT o.image_id FROM generation_outputs o JOIN images i ON i.id = o.image_id
        WHERE o.job_id = $1 AND o.state = 'SUCCEEDED' AND i.deleted_at IS NULL ORDER BY o.index FOR SHARE OF i""",
        row["job_id"],
    )
    if made:  # they stand in the draft from here on, whatever becomes of it: nothing is paid for twice
        first = content.posts[0]
        shown = tuple(Attachment(one["image_id"], content.alt_text) for one in made)
        first = replace(first, attachments=(*first.attachments, *shown))
        content = replace(content, posts=(first, *content.posts[1:]), wish=None, alt_text=None)
        await fetch("UPDATE drafts SET content = $2::jsonb WHERE id = $1", row["id"], stored(content))
        await use_images(row["id"], content)
    if not made or job is None or job["state"] != "SUCCEEDED":
        usual = "Not all of its pictures were made." if made else "Its pictures were not made."
        await fail(row, DraftProblemKind.NOT_MADE, (job and job["failure_message"]) or usual)
        return
    try:
        async with transaction():
            await _check_author(row["owner_id"])
            await _out(row, content)
    except Refusal as refusal:
        await fail(row, DraftProblemKind.REFUSED, refusal.message, refusal)


async def _stumbled(draft_id: int) -> None:
    row = await fetch_one(
        """UPDATE drafts SET tries = tries + 1, retry_at = now() + make_interval(secs => power(2, tries))
        WHERE id = $1 AND state IN ('SCHEDULED', 'MAKING') RETURNING *""",
        draft_id,
    )
    if row is not None and row["tries"] >= MOST_TRIES:
        await fail(row, DraftProblemKind.BROKEN, "Something broke here each time it was tried. It was not published.")
