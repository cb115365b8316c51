"""The event log: everything that happened is a row here, written in the same transaction as the change.

A row holds ids and the topics it belongs to, never content, so it can be replayed when the thing itself is gone. Order is
(transaction id, row id), read only below the oldest transaction still open: nothing that commits late is ever skipped. A
`Cursor` is a place in that order together with the log's epoch, since a restore starts transaction ids anew. It stands at an
event or at the floor, never at a bare transaction id: one that was rolled back is given out again when PostgreSQL crashes
before it has written that down, and what happens under it then must not lie behind anybody's cursor.

The table is made by SQL (partitioned by day, kept `KEPT_HOURS`) and read and written raw.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from asyncpg import Record

from models import transaction
from models.database import fetch, fetch_one

KEPT_HOURS = 72
VERSION = "1"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_PAIRS = [one + two for one in _DIGITS for two in _DIGITS]
LONGEST_CURSOR_CHARACTERS = 64
LARGEST_PART = 2**63 - 1


class Kind(Enum):
    """What happened. Each row gives at most one message to each subscription, so a change that is told in two steps
    (leave, then come back for another reason) is two rows."""

    POST_CREATED = "post_created"
    POST_DELETED = "post_deleted"
    POST_COUNTED = "post_counted"
    POST_EDITED = "post_edited"
    POST_AUDIENCE = "post_audience"  # `subject_id` is whom it was for before (`models/audience.py`)
    POLL_ENDED = "poll_ended"
    REPLIES_ORPHANED = "replies_orphaned"
    REPOST_CREATED = "repost_created"
    REPOST_DELETED = "repost_deleted"
    REPOST_RECONSIDERED = "repost_reconsidered"
    FOLLOWED = "followed"
    UNFOLLOWED = "unfollowed"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    MUTED = "muted"
    UNMUTED = "unmuted"
    FOLLOW_CHANGED = "follow_changed"
    FOLLOW_REQUESTED = "follow_requested"
    FOLLOW_REQUEST_ENDED = "follow_request_ended"
    FILTERS_CHANGED = "filters_changed"
    STANDING_CHANGED = "standing_changed"
    USER_CHANGED = "user_changed"
    SESSION_REVOKED = "session_revoked"
    JOB_CHANGED = "job_changed"
    REMIX_PERMIT_CHANGED = "remix_permit_changed"
    NOTIFIED = "notified"  # `subject_id` is the group, 0 for the requests
    NOTIFICATIONS_READ = "notifications_read"
    DRAFT_CHANGED = "draft_changed"
    DRAFT_PUBLISHED = "draft_published"
    MESSAGE_SENT = "message_sent"
    MESSAGE_CHANGED = "message_changed"
    MESSAGE_HIDDEN = "message_hidden"  # for its actor alone
    CHAT_CHANGED = "chat_changed"
    CHAT_READ = "chat_read"
    CHAT_LEFT = "chat_left"
    LIST_CHANGED = "list_changed"
    APART_CHANGED = "apart_changed"  # who is in exclusive lists of the actor's
    BOARD_CHANGED = "board_changed"
    SAVED_SEARCH_CHANGED = "saved_search_changed"  # by its owner; `subject_id` is which
    SAVED_SEARCH_FOUND = "saved_search_found"  # what is asked (`subject_id`) finds a post that is new
    SAVED_SEARCH_MOVED = "saved_search_moved"  # a find is other than it was; `user_id` is whom it was for before
    FEED_CHANGED = "feed_changed"  # by its owner, or deleted; `subject_id` is which
    MODERATED = "moderated"  # `subject_id` is the action, `user_id` whom it concerns
    CASE_CLOSED = "case_closed"  # somebody decided it; `subject_id` is the case
    UNKNOWN = "unknown"  # written by a newer version that runs beside this one: it means nothing here

    @classmethod
    def _missing_(cls, value: object) -> Kind:
        return cls.UNKNOWN


RULE_KINDS = frozenset(
    {
        Kind.FOLLOWED,
        Kind.UNFOLLOWED,
        Kind.FOLLOW_CHANGED,
        Kind.BLOCKED,
        Kind.UNBLOCKED,
        Kind.MUTED,
        Kind.UNMUTED,
        Kind.FILTERS_CHANGED,
        Kind.APART_CHANGED,
    }
)
"""What changes what the actor (and whom they block) may see, or wants to."""
REQUEST_KINDS = frozenset({Kind.FOLLOW_REQUESTED, Kind.FOLLOW_REQUEST_ENDED})
"""Requests to follow: the actor is who asked, the user who is asked."""

CHAT_KINDS = frozenset(kind for kind in Kind if kind.name.startswith(("CHAT_", "MESSAGE_")))
"""Of chats: the first topic names the chat, the subject is the message, or the person it is about."""


class Cursor(NamedTuple):  # tuples are made and compared by the thousand
    """A place in the log: everything up to and including (xid, id) is behind it. `id` 0 stands before every row of xid."""

    xid: int
    id: int
    epoch: str = ""

    def __str__(self) -> str:
        return f"{_stretch(self.epoch, self.xid)}{_base36(self.id)}"

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """The cursor a client sent back, or None when it is none of ours."""
        if len(text) > LONGEST_CURSOR_CHARACTERS or not text.isascii():
            return None
        version, _, rest = text.partition(".")
        epoch, _, place = rest.partition(".")
        xid, _, row = place.partition(".")
        if version != VERSION or not epoch or not xid or not row:
            return None
        if any(part.strip(_DIGITS) for part in (epoch, xid, row)):
            return None
        numbers = int(xid, 36), int(row, 36)
        if max(numbers) > LARGEST_PART:
            return None
        return cls(numbers[0], numbers[1], epoch)


@lru_cache(maxsize=1_024)
def _stretch(epoch: str, xid: int) -> str:
    """What the cursors of one transaction begin with."""
    return f"{VERSION}.{epoch}.{_base36(xid)}."


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, pair = divmod(number, 1_296)
        digits = _PAIRS[pair] + digits
    return digits.lstrip("0") or "0"


class Event(NamedTuple):
    """One row of the log. `actor_id` did it; `post_id`, `user_id`, `subject_id` are what it is about, by kind:
    follows, requests, blocks and mutes have the other person in `user_id`; the actor of a change of standing is whose it is, and
    its `subject_id` adds 1 where others pass on their posts and 2 where they are closed from now on; sessions, jobs, permits and drafts are in `subject_id`."""

    cursor: Cursor
    kind: Kind
    topics: tuple[str, ...]
    actor_id: int | None = None
    post_id: int | None = None
    user_id: int | None = None
    subject_id: int | None = None


@dataclass(frozen=True, slots=True)
class LogState:
    """Where the log stands: events up to `head`, the last one, are final; those below `floor` are no longer kept."""

    head: Cursor
    floor: Cursor


async def record(
    kind: Kind,
    topics: Iterable[str],
    *,
    actor_id: int | None = None,
    post_id: int | None = None,
    user_id: int | None = None,
    subject_id: int | None = None,
) -> None:
    """Write down what happened, inside the transaction that makes it true; there is no other way to tell anyone.

    Raises RuntimeError outside of `transaction()`.
    """
    transaction.note_event()
    await fetch(
        "INSERT INTO events (kind, topics, actor_id, post_id, user_id, subject_id) VALUES ($1, $2, $3, $4, $5, $6)",
        kind.value,
        list(topics),
        actor_id,
        post_id,
        user_id,
        subject_id,
    )


async def record_follows(follower_ids: Sequence[int], followee_id: int) -> None:
    """Write down that these people follow somebody from now on: a row for each."""
    transaction.note_event()
    await fetch(
        "INSERT INTO events (kind, topics, actor_id, user_id) SELECT $1, ARRAY['viewer:' || id, 'user:' || $3::bigint], id, $3"
        " FROM unnest($2::bigint[]) AS n (id)",
        Kind.FOLLOWED.value,
        list(follower_ids),
        followee_id,
    )


async def record_pairs(kind: Kind, actor_ids: Sequence[int], user_id: int) -> None:
    """As `record`, for each of these people with somebody else, under the topics of both as viewers."""
    if actor_ids:
        transaction.note_event()
        await fetch(
            "INSERT INTO events (kind, topics, actor_id, user_id) SELECT $1, ARRAY['viewer:' || id, 'viewer:' || $3::bigint], id, $3"
            " FROM unnest($2::bigint[]) AS n (id)",
            kind.value,
            list(actor_ids),
            user_id,
        )


async def record_of_posts(kind: Kind, post_ids: Sequence[int], actor_id: int) -> None:
    """As `record`, for each of these posts under its own topic, in one statement."""
    transaction.note_event()
    await fetch(
        """INSERT INTO events (kind, topics, actor_id, post_id)
        SELECT $1, ARRAY['post:' || asked.id], $3, asked.id FROM unnest($2::bigint[]) WITH ORDINALITY AS asked (id, place)
        ORDER BY asked.place""",
        kind.value,
        list(post_ids),
        actor_id,
    )


async def record_notified(groups: Sequence[tuple[int, int]]) -> None:
    """Write down that these groups (recipient and id; 0 for what waits among requests) are other than they were: a row for each."""
    if groups:
        transaction.note_event()
        await fetch(
            "INSERT INTO events (kind, topics, user_id, subject_id) SELECT $1, ARRAY['notifications:' || user_id], user_id, id"
            " FROM unnest($2::bigint[], $3::bigint[]) AS n (user_id, id)",
            Kind.NOTIFIED.value,
            [recipient_id for recipient_id, _ in groups],
            [group_id for _, group_id in groups],
        )


async def record_finds(kind: Kind, finds: Sequence[tuple[int, int, int | None, int | None]]) -> None:
    """Write down what became of finds (what is asked, the author, the post, its former audience): a row for each."""
    if finds:
        transaction.note_event()
        await fetch(
            """INSERT INTO events (kind, topics, actor_id, post_id, user_id, subject_id)
            SELECT $1, ARRAY['saved_query:' || query_id], author_id, post_id, former_id, query_id
            FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) AS n (query_id, author_id, post_id, former_id)""",
            kind.value,
            *(list(column) for column in zip(*finds, strict=True)),
        )


STATE_SQL = """SELECT s.epoch, s.floor_xid::text AS floor, last.xid, last.id AS event_id FROM log_state AS s LEFT JOIN LATERAL (
    SELECT events.xid::text AS xid, events.id FROM events WHERE events.xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY events.xid DESC, events.id DESC LIMIT 1
) AS last ON true"""

_COLUMNS = "xid::text AS xid, id, kind, topics, actor_id, post_id, user_id, subject_id"


async def log_state() -> LogState:
    """Head and floor of the log, now."""
    row = await fetch_one(STATE_SQL)
    if row is None:
        raise RuntimeError("The log has no state row: run the migrations.")
    return state_of(row)


def state_of(row: Record) -> LogState:
    """What `STATE_SQL` found, by itself or beside other columns."""
    floor = Cursor(int(row["floor"]), 0, row["epoch"])
    newest = floor if row["xid"] is None else Cursor(int(row["xid"]), row["event_id"], row["epoch"])
    return LogState(max(newest, floor), floor)


def _event(row: Record, epoch: str) -> Event:
    return Event(
        Cursor(int(row["xid"]), row["id"], epoch),
        Kind(row["kind"]),
        tuple(row["topics"]),
        row["actor_id"],
        row["post_id"],
        row["user_id"],
        row["subject_id"],
    )


async def read_log(after: Cursor, limit: int) -> tuple[Sequence[Event], Cursor]:
    """The next events after a cursor, and the cursor one has then read up to, with the epoch the log has now.

    One statement, one snapshot: an event below the returned cursor cannot turn up later.
    """
    rows = await fetch(
        f"""WITH head AS MATERIALIZED (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xid)
        SELECT (SELECT epoch FROM log_state) AS epoch, e.* FROM head LEFT JOIN LATERAL (
            SELECT {_COLUMNS} FROM events
            WHERE (events.xid, events.id) > ($1::text::xid8, $2::bigint) AND events.xid < head.xid
            ORDER BY events.xid, events.id LIMIT $3
        ) AS e ON true""",
        str(after.xid),
        after.id,
        limit,
    )
    epoch = rows[0]["epoch"]
    events = [_event(row, epoch) for row in rows if row["id"] is not None]
    return events, (events[-1].cursor if events else Cursor(after.xid, after.id, epoch))


# With few topics the index finds the events; with many (a home) it is quicker to look at each event of the gap, whose first
# two topics are nearly always all it has.
MANY_TOPICS = 100
_FEW = "topics && $1::text[]"
_MANY = """(topics[1] IN (SELECT unnest($1::text[])) OR topics[2] IN (SELECT unnest($1::text[]))
    OR cardinality(topics) > 2 AND topics && $1::text[])"""


async def replay(topics: Sequence[str], after: Cursor, until: Cursor, limit: int) -> Sequence[Event]:
    """Events of any of the topics with after < place ≤ until, oldest first, at most `limit`."""
    async with transaction.transaction():
        # How long the gap is decides how it is best read; a plan made for any gap reads all of it.
        await fetch("SET LOCAL plan_cache_mode = force_custom_plan")
        rows = await fetch(
            f"""SELECT {_COLUMNS} FROM events
            WHERE {_MANY if len(topics) > MANY_TOPICS else _FEW}
            AND (xid, id) > ($2::text::xid8, $3::bigint) AND (xid, id) <= ($4::text::xid8, $5::bigint)
            ORDER BY events.xid, events.id LIMIT $6""",
            list(topics),
            str(after.xid),
            after.id,
            str(until.xid),
            until.id,
            limit,
        )
    return [_event(row, until.epoch) for row in rows]
