"""Drafts: what somebody has begun to say, kept for all their devices and seen by nobody else.

A draft has a version. Who changes it names the version they saw; when it has another meanwhile the change is refused, so two
devices never write over each other. What becomes of one that has a time is in `schedule.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from asyncpg import Record

from errors import Conflict, ErrorCode, NotFound, QuotaExceeded
from models import node_id
from models.consent import PromptVisibility, RemixPolicy
from models.database import fetch, fetch_one, fetch_value
from models.draft_content import Content, PostContent, bounded, content_of, rehearse, stored
from models.event import Kind, record
from models.policy import QuotePolicy, ReplyPolicy
from models.timeline import Window
from models.visibility import Visibility
from models.wish import Wish

MOST_DRAFTS = 200
WAITING = "('SCHEDULED', 'MAKING')"
DUE_KEY = "((extract(epoch FROM publish_at)::bigint << 30) | (id & 1073741823))"
"""Where a scheduled draft stands: by its second, and by its id within that."""


class DraftState(Enum):
    """Where a draft is."""

    DRAFT = "DRAFT"
    SCHEDULED = "SCHEDULED"
    MAKING = "MAKING"
    FAILED = "FAILED"


class DraftProblemKind(Enum):
    """Why a draft was not published at its time."""

    LATE = "LATE"
    REFUSED = "REFUSED"
    NOT_MADE = "NOT_MADE"
    BROKEN = "BROKEN"


@dataclass(frozen=True, slots=True)
class DraftProblemRow:
    """Why a draft came back; `error_code` and `path` are those of the refusal where there was one."""

    kind: DraftProblemKind
    message: str
    error_code: ErrorCode | None
    path: Sequence[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as its owner sees it."""

    id: int
    place: int
    version: int
    state: DraftState
    content: Content
    publish_at: datetime | None
    in_the_open: bool
    job_id: int | None
    problem: DraftProblemRow | None
    created_at: datetime
    changed_at: datetime

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("draft", self.id)

    @property
    def posts(self) -> Sequence[PostContent]:
        """The posts to be."""
        return self.content.posts

    @property
    def visibility(self) -> Visibility:
        """Whom they are for."""
        return self.content.visibility

    @property
    def wish(self) -> Wish | None:
        """The pictures that are to be made for them."""
        return self.content.wish

    @property
    def alt_text(self) -> str | None:
        """What those will show."""
        return self.content.alt_text

    @property
    def remix_policy(self) -> RemixPolicy | None:
        """Who may remix its pictures."""
        return self.content.remix_policy

    @property
    def prompt_visibility(self) -> PromptVisibility | None:
        """Who may see how they were made."""
        return self.content.prompt_visibility

    @property
    def reply_policy(self) -> ReplyPolicy | None:
        """Who may answer it."""
        return self.content.reply_policy

    @property
    def quote_policy(self) -> QuotePolicy:
        """Who may quote it."""
        return self.content.quote_policy

    @property
    def reply_to_id(self) -> str | None:
        """The post that the first one answers."""
        number = self.content.reply_to_id
        return None if number is None else node_id.encode("post", number)


def _row(row: Record) -> DraftRow:
    found = row["problem"]
    problem = found and DraftProblemRow(
        DraftProblemKind(found["kind"]),
        found["message"],
        ErrorCode(found["code"]) if found["code"] else None,
        found.get("path") or (),
        datetime.fromisoformat(found["at"]),
    )
    return DraftRow(
        row["id"],
        row["place"],
        row["version"],
        DraftState(row["state"]),
        content_of(row["content"]),
        row["publish_at"],
        row["in_the_open"],
        row["job_id"],
        problem,
        row["created_at"],
        row["changed_at"],
    )


async def draft_of(viewer_id: int, draft_id: int) -> DraftRow | None:
    """A draft by its number, for its owner."""
    row = await fetch_one("SELECT * FROM drafts WHERE id = $1 AND owner_id = $2", draft_id, viewer_id)
    return None if row is None else _row(row)


async def drafts_of(owner_id: int, window: Window) -> list[DraftRow]:
    """A person's drafts that wait for nothing, in a window over `place`, last changed first."""
    rows = await fetch(
        f"""SELECT * FROM drafts WHERE owner_id = $1 AND state NOT IN {WAITING} AND place < $2 AND place > $3
        ORDER BY place {window.direction} LIMIT $4""",
        owner_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted(map(_row, rows), key=lambda row: row.place, reverse=True)


async def scheduled_of(owner_id: int, window: Window) -> list[tuple[int, DraftRow]]:
    """A person's drafts that have a time or whose pictures are being made, in a window over the key given with each, soonest
    first."""
    rows = await fetch(
        f"""SELECT * FROM (SELECT *, {DUE_KEY} AS key FROM drafts WHERE owner_id = $1 AND state IN {WAITING}) AS d
        WHERE key < $2 AND key > $3 ORDER BY key {window.direction} LIMIT $4""",
        owner_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted(((row["key"], _row(row)) for row in rows), key=lambda item: item[0])


async def counted(owner_id: int, *, waiting: bool) -> int:
    """How many drafts somebody has that wait for a time or for pictures, or for nothing."""
    return int(
        await fetch_value(
            f"SELECT count(*) FROM drafts WHERE owner_id = $1 AND (state IN {WAITING}) = $2", owner_id, waiting
        )
    )


async def lock(owner_id: int) -> None:
    """Let nobody else add to a person's drafts before this transaction ends, so that they are counted right."""
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('drafts of ' || $1::bigint, 0))", owner_id)


async def create(owner_id: int, content: Content) -> int:
    """Keep something new; its id. The caller holds the transaction. Raises BadInput, NotFound, QuotaExceeded."""
    kept = await bounded(owner_id, content)
    await lock(owner_id)
    if await counted(owner_id, waiting=False) >= MOST_DRAFTS:
        raise QuotaExceeded(f"You have {MOST_DRAFTS} drafts; publish or delete one to keep another.")
    number: int = await fetch_value(
        "INSERT INTO drafts (owner_id, content) VALUES ($1, $2::jsonb) RETURNING id", owner_id, stored(kept)
    )
    await use_images(number, kept)
    await tell(owner_id, number)
    return number


async def change(owner_id: int, draft_id: int, content: Content, expected: int | None) -> None:
    """Say something else in a draft; nothing happens where it says that already. The caller holds the transaction.

    What is scheduled keeps its time, and is refused what could not be published. Raises NotFound, BadInput, and Conflict
    when the draft has another version than `expected` (None: whatever it has), or its pictures are being made.
    """
    kept = await bounded(owner_id, content)
    row = await held(owner_id, draft_id, expected)
    if row["state"] == DraftState.MAKING.value:
        raise Conflict("Its pictures are being made just now. Take it back to the drafts first.", ["draftId"])
    if content_of(row["content"]) == kept:
        return
    if row["state"] == DraftState.SCHEDULED.value:
        await rehearse(owner_id, kept, in_the_open=row["in_the_open"])
    await fetch(
        """UPDATE drafts SET content = $2::jsonb, version = version + 1, place = fresque_id(), changed_at = now(), problem = NULL,
            job_id = NULL, state = CASE state WHEN 'FAILED' THEN 'DRAFT' ELSE state END WHERE id = $1""",
        draft_id,
        stored(kept),
    )
    await use_images(draft_id, kept)
    await tell(owner_id, draft_id)


async def delete(owner_id: int, draft_id: int) -> None:
    """Forget a draft; pictures that are being made for it are made all the same. Raises NotFound."""
    if not await fetch("DELETE FROM drafts WHERE id = $1 AND owner_id = $2 RETURNING id", draft_id, owner_id):
        raise NotFound("There is no such draft of yours.", ["draftId"])
    await tell(owner_id, draft_id)


async def held(owner_id: int, draft_id: int, expected: int | None = None) -> Record:
    """The row of one's own draft, held for the rest of the transaction. Raises NotFound, or Conflict for another version."""
    row = await fetch_one("SELECT * FROM drafts WHERE id = $1 AND owner_id = $2 FOR UPDATE", draft_id, owner_id)
    if row is None:
        raise NotFound("There is no such draft of yours.", ["draftId"])
    if expected is not None and row["version"] != expected:
        raise Conflict("This draft was changed elsewhere meanwhile.", ["expectedVersion"])
    return row


async def use_images(draft_id: int, content: Content) -> None:
    """Note which pictures a draft needs, so that they are not taken away from under it."""
    await fetch(
        "DELETE FROM draft_images WHERE draft_id = $1 AND image_id <> ALL($2::bigint[])", draft_id, content.image_ids
    )
    await fetch(
        "INSERT INTO draft_images (draft_id, image_id) SELECT $1, unnest($2::bigint[]) ON CONFLICT DO NOTHING",
        draft_id,
        content.image_ids,
    )


async def tell(owner_id: int, draft_id: int) -> None:
    """Record that a draft looks different now, or is gone."""
    await record(Kind.DRAFT_CHANGED, [f"drafts:{owner_id}"], actor_id=owner_id, subject_id=draft_id)
