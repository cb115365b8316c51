"""Permits: asking the author of a post for leave to remix it, and what they answer. A person has one for each post."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Record

from errors import BadInput, Conflict, Forbidden, NotFound, QuotaExceeded
from models import counter, facet, node_id, remix, visibility
from models.consent import RemixPolicy, RemixRequestState, may_remix_sql
from models.database import fetch, fetch_one, fetch_value
from models.event import Kind, record
from models.post import seen
from models.timeline import Window

LONGEST_MESSAGE = 280
MOST_PENDING = 100


@dataclass(frozen=True, slots=True)
class PermitRow:
    """A request as its two people see it."""

    id: int
    post_id: int
    author_id: int
    person_id: int
    state: RemixRequestState
    message: str
    created_at: datetime
    decided_at: datetime | None

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("permit", self.id)


_BETWEEN_FRIENDS = """NOT EXISTS (SELECT 1 FROM blocks b WHERE (b.blocker_id, b.blocked_id) IN
    ((m.author_id, m.person_id), (m.person_id, m.author_id)))"""
_SHOWN = f"""m.asked AND $1 IN (m.author_id, m.person_id) AND {_BETWEEN_FRIENDS}
    AND EXISTS (SELECT 1 FROM posts p WHERE p.id = m.post_id AND {visibility.visible.sql()})"""


def _row(row: Record) -> PermitRow:
    return PermitRow(
        row["id"],
        row["post_id"],
        row["author_id"],
        row["person_id"],
        RemixRequestState(row["state"]),
        row["message"],
        row["created_at"],
        row["decided_at"],
    )


async def permits(viewer_id: int, ids: Iterable[int]) -> dict[int, PermitRow]:
    """Those of the requests that this viewer made or is asked by, by id; none for posts that are gone."""
    rows = await fetch(
        f"SELECT m.* FROM remix_permits m WHERE m.id = ANY($2::bigint[]) AND {_SHOWN}", viewer_id, list(ids)
    )
    return {row["id"]: _row(row) for row in rows}


async def own_permits(viewer_id: int, post_ids: Iterable[int]) -> dict[int, PermitRow]:
    """This viewer's own requests to remix these posts, by post."""
    rows = await fetch(
        f"SELECT m.* FROM remix_permits m WHERE m.post_id = ANY($2::bigint[]) AND m.person_id = $1 AND {_SHOWN}",
        viewer_id,
        list(post_ids),
    )
    return {row["post_id"]: _row(row) for row in rows}


async def requests_of(
    viewer_id: int, state: RemixRequestState | None, window: Window, *, sent: bool
) -> list[PermitRow]:
    """The requests a person is asked by, or has sent, newest first; in one state or in all."""
    rows = await fetch(
        f"""SELECT m.* FROM remix_permits m WHERE {"m.person_id" if sent else "m.author_id"} = $1 AND {_SHOWN}
        AND ($5::text IS NULL OR m.state = $5) AND m.id < $2 AND m.id > $3 ORDER BY m.id {window.direction} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        None if state is None else state.value,
    )
    return sorted(map(_row, rows), key=lambda row: row.id, reverse=True)


async def ask(person_id: int, post_id: int, message: str) -> int:
    """Ask the author of a post for leave to remix it; gives the request. Twice is the same as once.

    Raises NotFound, BadInput (message), Conflict where nothing need be asked or was answered, Forbidden where the author is not
    to be asked, QuotaExceeded with `MOST_PENDING` requests that wait.
    """
    row = await seen(person_id, post_id, "postId")
    kept = facet.kept(message, LONGEST_MESSAGE, LONGEST_MESSAGE * 12)
    if kept is None:
        raise BadInput(f"A message has at most {LONGEST_MESSAGE} characters.", ["message"])
    known = await fetch_one("SELECT * FROM remix_permits WHERE post_id = $1 AND person_id = $2", post_id, person_id)
    if known is not None and known["state"] == RemixRequestState.PENDING.value:
        return int(known["id"])
    if known is not None and known["state"] != RemixRequestState.ACCEPTED.value:
        raise Forbidden("Its author has said no.", ["postId"])
    if await fetch_value(f"SELECT {may_remix_sql()} FROM posts p WHERE p.id = $2", person_id, post_id):
        raise Conflict("You may remix this post already.", ["postId"])
    if row["remix_policy"] != RemixPolicy.ASK.value:
        raise Forbidden("Its author takes no requests for this post.", ["postId"])
    if await fetch_value(f"SELECT {visibility.kept_from('$1::bigint', '$2::bigint')}", person_id, row["author_id"]):
        raise Forbidden("Your account is limited: only people who follow you can be asked.", ["postId"])
    waiting = await fetch_value(
        f"SELECT count(*) FROM remix_permits m WHERE m.person_id = $1 AND m.state = 'PENDING' AND {_SHOWN}", person_id
    )
    if waiting >= MOST_PENDING:
        raise QuotaExceeded(f"{MOST_PENDING} of your requests wait for an answer. Wait for one.")
    number: int = await fetch_value(
        """INSERT INTO remix_permits (post_id, author_id, person_id, message, asked) VALUES ($1, $2, $3, $4, true)
        ON CONFLICT (post_id, person_id) DO UPDATE SET message = remix_permits.message RETURNING id""",
        post_id,
        row["author_id"],
        person_id,
        kept,
    )
    await remix.tell_permit(number, row["author_id"], person_id, person_id)
    return number


async def answer(author_id: int, permit_id: int, *, accept: bool) -> None:
    """Let the person who asked remix the post, or not; what was accepted may be declined later. Raises NotFound.

    Accepting also stands again by remixes that permission was taken back for.
    """
    row = await fetch_one(
        f"SELECT m.* FROM remix_permits m WHERE m.id = $2 AND m.author_id = $1 AND {_SHOWN} FOR UPDATE OF m",
        author_id,
        permit_id,
    )
    if row is None:
        raise NotFound("There is no such request.", ["requestId"])
    state = RemixRequestState.ACCEPTED if accept else RemixRequestState.DECLINED
    if row["state"] == state.value or (not accept and row["state"] == RemixRequestState.REVOKED.value):
        return
    await fetch("UPDATE remix_permits SET state = $2, decided_at = now() WHERE id = $1", permit_id, state.value)
    await counter.count_post(row["post_id"])
    await record(Kind.POST_COUNTED, [f"post:{row['post_id']}"], actor_id=author_id, post_id=row["post_id"])
    if row["state"] == RemixRequestState.REVOKED.value:
        await remix.tell_remixes([row["post_id"]], author_id, row["person_id"])
    await remix.tell_permit(permit_id, author_id, row["person_id"], author_id)
