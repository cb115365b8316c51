"""Glance: one statement that asks whether what a process holds of a reader's page is still so, and what is not.

What is held are the ids of the page, and of each post and person a copy with the stamp of its row (`xmin`, which every
change of the row changes) and the version of its counters. Back come the rows that differ from that, those the reader did
something about, and the head of the log; all from one snapshot. It also looks at the log: a list of ids that was kept up to
`place` is `level` when nothing that is visible now and comes after `place` may change that reader's home.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from asyncpg import Record

from models import counter, visibility
from models.consent import permit_sql
from models.database import fetch
from models.event import STATE_SQL, Cursor, Kind, state_of

MOST_PENDING_EVENTS = 200  # that are looked through; with more the list counts as not level

POSTING = frozenset({Kind.POST_CREATED, Kind.REPOST_CREATED, Kind.REPOST_DELETED, Kind.REPOST_RECONSIDERED})
"""What changes the homes of those who hear the actor. The ends of posts show in the posts themselves."""
OWN_RULES = frozenset(
    {
        Kind.FOLLOWED,
        Kind.UNFOLLOWED,
        Kind.FOLLOW_CHANGED,
        Kind.FOLLOW_REQUESTED,
        Kind.FOLLOW_REQUEST_ENDED,
        Kind.MUTED,
        Kind.UNMUTED,
        Kind.FILTERS_CHANGED,
        Kind.APART_CHANGED,
    }
)
"""What changes the rules of the actor."""
MUTUAL_RULES = frozenset({Kind.BLOCKED, Kind.UNBLOCKED})
"""What changes the rules of both."""
STANDING = Kind.STANDING_CHANGED
"""What changes the homes of those who hear the actor; where `subject_id` is odd others pass on the actor's posts, and any home may
change."""
AUDIENCES = frozenset({Kind.POST_AUDIENCE})
"""What changes the homes of whoever has the post, and of those who have it from somebody who reposted it."""
KNOWN = frozenset(Kind) - {Kind.UNKNOWN}
"""Of others, written by a newer version beside this one, nothing is known."""


def _kinds(kinds: frozenset[Kind]) -> str:
    return "(" + ", ".join(f"'{kind.value}'" for kind in sorted(kinds, key=lambda kind: kind.value)) + ")"


# Events of transactions that are not final yet count as well: what they did is visible already.
_LEVEL = f"""SELECT count(*) <= {MOST_PENDING_EVENTS} AND NOT coalesce(bool_or(
        kind NOT IN {_kinds(KNOWN)} OR kind IN {_kinds(AUDIENCES)} OR kind IN {_kinds(OWN_RULES)} AND actor_id = $1 OR kind IN {_kinds(MUTUAL_RULES)} AND $1 IN (actor_id, user_id)
        OR kind = '{STANDING.value}' AND subject_id & 1 = 1
        OR kind IN {_kinds(POSTING | {STANDING})} AND (actor_id = $1
            OR EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = $1 AND f.followee_id = actor_id))
    ), false) AS level FROM (
        SELECT kind, actor_id, user_id, subject_id FROM events WHERE (events.xid, events.id) > ($2::text::xid8, $3::bigint)
        ORDER BY events.xid, events.id LIMIT {MOST_PENDING_EVENTS + 1}
    ) AS pending"""

_POSTS = f"""SELECT true AS is_post, p.id, p.xmin AS stamp, counts.version, p.xmin = held.stamp AS same,
        view.seen, {visibility.deleted.sql()} AND {visibility.shown.sql()} AS deleted, {visibility.walled.sql()} AS blocking,
        view.orphan, view.liked, view.reposted, view.bookmarked, counts.likes, counts.reposts, counts.replies, counts.quotes, counts.remixes, counts.views,
        view.permit
    FROM unnest($4::text::bigint[], $5::text::xid[], $6::text::int[]) AS held (id, stamp, version) JOIN posts p ON p.id = held.id
    JOIN LATERAL {counter.POSTS.shown("p.id")} AS counts ON true JOIN LATERAL (SELECT {visibility.visible.sql()} AS seen,
        NOT {visibility.own.sql()} AND {visibility.reply.sql()} AND {visibility.reply_to_nothing.sql()} AS orphan,
        EXISTS (SELECT 1 FROM likes e WHERE e.user_id = $1 AND e.post_id = p.id) AS liked,
        EXISTS (SELECT 1 FROM reposts e WHERE e.user_id = $1 AND e.post_id = p.id) AS reposted,
        EXISTS (SELECT 1 FROM bookmarks e WHERE e.user_id = $1 AND e.post_id = p.id) AS bookmarked,
        {permit_sql()} AS permit OFFSET 0
    ) AS view ON true
    WHERE p.xmin <> held.stamp OR counts.version <> held.version OR NOT view.seen OR view.orphan
        OR view.liked OR view.reposted OR view.bookmarked OR view.permit IS NOT NULL"""

# Columns stand where those of posts of the same type stand.
_PEOPLE = f"""SELECT false, u.id, u.xmin, counts.version, u.xmin = held.stamp, followed.by, NULL, NULL, NULL, NULL, NULL, NULL,
        counts.followers, counts.followings, counts.posts, NULL, NULL, NULL, NULL
    FROM unnest($7::text::bigint[], $8::text::xid[], $9::text::int[]) AS held (id, stamp, version) JOIN users u ON u.id = held.id
    JOIN LATERAL {counter.USERS.shown("u.id")} AS counts ON true JOIN LATERAL (
        SELECT EXISTS (SELECT 1 FROM follows e WHERE e.follower_id = u.id AND e.followee_id = $1) AS by OFFSET 0
    ) AS followed ON true
    WHERE u.xmin <> held.stamp OR counts.version <> held.version OR followed.by"""

SQL = f"""WITH log AS MATERIALIZED ({STATE_SQL}), standing AS MATERIALIZED ({_LEVEL})
    SELECT log.*, standing.level, found.* FROM log CROSS JOIN standing
    LEFT JOIN ({_POSTS} UNION ALL {_PEOPLE}) AS found ON standing.level"""

Held = tuple[str, str, str]
"""Ids, stamps and versions, in the same order; stamp 0 where nothing is held. See `array`."""


def array(numbers: Iterable[str]) -> str:
    """Numbers as PostgreSQL writes an array: asyncpg takes more than a microsecond for each element of a list."""
    return f"{{{','.join(numbers)}}}"


@dataclass(frozen=True, slots=True)
class Glance:
    """What a glance found: rows that differ from what is held, or that the reader did something about, by id."""

    level: bool
    head: Cursor
    posts: Mapping[int, Record]
    people: Mapping[int, Record]


async def glance(viewer_id: int, place: Cursor, posts: Held, people: Held) -> Glance:
    """Look once. Unless it is `level` nothing else was looked at."""
    rows = await fetch(SQL, viewer_id, str(place.xid), place.id, *posts, *people)
    first = rows[0]
    level = first["level"] and first["epoch"] == place.epoch
    differing: dict[bool, dict[int, Record]] = {True: {}, False: {}}
    if first["id"] is not None:
        for row in rows:
            differing[row["is_post"]][row["id"]] = row
    return Glance(level, state_of(first).head, differing[True], differing[False])
