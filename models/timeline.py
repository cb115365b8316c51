"""Timelines as skeletons: which posts, in which order, for which reason. Rules are in the SQL, so pages are full.

An `Entry` is a place in a timeline: its `key` (the id of the post, or of the repost that brings it) sorts newest first. A
`Window` is what a page asks for. Hydration (`models/card.py`) makes rows of the ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from asyncpg import Record

from models import visibility
from models.database import fetch
from models.event import STATE_SQL, Cursor, state_of

NEWEST = 2**63 - 1


@dataclass(slots=True)
class Entry:
    """One place in a timeline. `reposter_id` is who brought the post there, None when it stands there by itself."""

    key: int
    post_id: int
    reposter_id: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` entries with newer_than < key < older_than: the newest of them, or the oldest if `backward`."""

    limit: int
    older_than: int = NEWEST
    newer_than: int = 0
    backward: bool = False

    @property
    def direction(self) -> str:
        """The SQL order in which the window fills."""
        return "ASC" if self.backward else "DESC"


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What a window found, and the head of the log in the very snapshot it was read in."""

    entries: list[Entry]
    head: Cursor


def _headed(sql: str) -> str:
    """The statement with the state of the log beside each row, and in one row where there is no other."""
    return f"SELECT state.*, page.* FROM ({STATE_SQL}) AS state LEFT JOIN ({sql}) AS page ON true"


def _skeleton(rows: Sequence[Record]) -> Skeleton:
    return Skeleton(_entries([row for row in rows if row["key"] is not None]), state_of(rows[0]).head)


def _entries(rows: Sequence[Record]) -> list[Entry]:
    found = [Entry(row["key"], row["post_id"], row["reposter_id"]) for row in rows]
    found.sort(key=lambda entry: -entry.key)
    return found


# A reposter counts for a reader who follows them with their reposts (or is them) and does not mute them, and is not gone.
_HEARD = f"""({{who}} = {{v}} OR (EXISTS (SELECT 1 FROM follows e WHERE e.follower_id = {{v}} AND e.followee_id = {{who}}
    AND NOT e.hides_reposts) AND NOT {visibility.muting("{v}", "{who}")}
    AND NOT EXISTS (SELECT 1 FROM users e WHERE e.id = {{who}} AND e.gone)))"""


def heard(who: str, viewer: str) -> str:
    """The SQL condition that a reposter counts for a reader; both are SQL expressions for ids."""
    return _HEARD.replace("{who}", who).replace("{v}", viewer)


# Where most posts of those followed belong in the home, this many times the page are sure to fill it.
_GENEROUS = 3


def _home_sql(order: str, rule: str, wanted: str) -> str:
    """The home's statement. A page costs two looks into an index for each person followed, and the rules for about a page.

    `nearest` are `wanted` posts out of the first few of each author. Nobody but their authors has a post nearer than the
    farthest of them, so that is as far as `originals` looks (`span`). Where `rule` is the home's own rule and `wanted` the
    page, the page is full; where posts are only counted, it may turn out `short` and then holds nothing. Reposts are
    looked for only as far as the originals reach.
    """
    near, far = ("min(key) - 1", "$3") if order == "DESC" else ("max(key) + 1", "$2")

    def bounds(full: str) -> str:
        edge = f"CASE WHEN {full} THEN {near} ELSE {far} END"
        return f"{edge} AS low, $2::bigint AS high" if order == "DESC" else f"$3::bigint AS low, {edge} AS high"

    return f"""WITH people AS MATERIALIZED (
        SELECT followee_id AS id, NOT hides_reposts AS passes FROM follows WHERE follower_id = $1
        AND NOT {visibility.muting("$1", "followee_id")}
        AND NOT EXISTS (SELECT 1 FROM users e WHERE e.id = followee_id AND e.gone)
        UNION ALL SELECT $1::bigint, true
    ), nearest AS MATERIALIZED (
        SELECT people.id, found.id AS key FROM people, LATERAL (
            SELECT p.id FROM posts p WHERE p.author_id = people.id AND p.deleted_at IS NULL AND p.id < $2 AND p.id > $3
            AND {rule} ORDER BY p.id {order} LIMIT 1 + 2 * {wanted} / (SELECT count(*) FROM people)
        ) AS found ORDER BY found.id {order} LIMIT {wanted}
    ), span AS MATERIALIZED (
        SELECT count(*) >= {wanted} AS full, {bounds(f"count(*) >= {wanted}")} FROM nearest
    ), originals AS MATERIALIZED (
        SELECT found.id AS key, found.id AS post_id, NULL::bigint AS reposter_id FROM (SELECT DISTINCT id FROM nearest) AS author, LATERAL (
            SELECT p.id FROM posts p WHERE p.author_id = author.id AND p.deleted_at IS NULL
            AND p.id < (SELECT high FROM span) AND p.id > (SELECT low FROM span)
            AND {visibility.home_original.sql()} ORDER BY p.id {order} LIMIT $4
        ) AS found ORDER BY 1 {order} LIMIT $4
    ), reach AS MATERIALIZED (
        SELECT count(*) < $4 AND (SELECT span.full FROM span) AS short, {bounds("count(*) >= $4")} FROM originals
    ), reposted AS (
        SELECT found.id AS key, found.post_id, people.id AS reposter_id FROM people CROSS JOIN LATERAL (
            SELECT r.id, r.post_id FROM reposts r JOIN posts p ON p.id = r.post_id
            WHERE r.user_id = people.id AND r.id < (SELECT high FROM reach) AND r.id > (SELECT low FROM reach)
            AND {visibility.home_reposted.sql()} AND NOT {visibility.home_original.sql()}
            AND NOT EXISTS (SELECT 1 FROM reposts earlier WHERE earlier.post_id = r.post_id AND earlier.id < r.id
                AND {heard("earlier.user_id", "$1")})
            ORDER BY r.id {order} LIMIT $4
        ) AS found WHERE people.passes ORDER BY 1 {order} LIMIT $4
    ) SELECT reach.short, found.* FROM reach LEFT JOIN LATERAL (
        SELECT * FROM originals UNION ALL SELECT * FROM reposted ORDER BY key {order} LIMIT $4
    ) AS found ON NOT reach.short"""


_QUICK = {order: _headed(_home_sql(order, "true", f"{_GENEROUS} * $4")) for order in ("ASC", "DESC")}
_THOROUGH = {order: _headed(_home_sql(order, visibility.home_original.sql(), "$4")) for order in ("ASC", "DESC")}


def home_statements(direction: str = "DESC") -> tuple[str, str]:
    """The home's statements: the quick one, and the thorough one for where that says `short`. $1 is the viewer, then as `Window`."""
    return _QUICK[direction], _THOROUGH[direction]


async def home(viewer_id: int, window: Window) -> Skeleton:
    """A reader's home: own posts, posts and reposts of those followed; a post stands there once, for its first reason."""
    for statement in home_statements(window.direction):
        rows = await fetch(statement, viewer_id, window.older_than, window.newer_than, window.limit)
        if not rows[0]["short"]:
            break
    return _skeleton(rows)


async def home_entries(post_id: int, viewer_ids: Sequence[int]) -> Mapping[int, Entry]:
    """Where (and whether) a post stands now in the homes of these readers: one query for all of them."""
    rows = await fetch(
        f"""SELECT reader.id AS reader_id, found.key, p.id AS post_id, found.reposter_id
        FROM unnest($1::bigint[]) AS reader (id) CROSS JOIN posts p CROSS JOIN LATERAL (
            (SELECT p.id AS key, NULL::bigint AS reposter_id WHERE {visibility.home_original.sql("p", "reader.id")})
            UNION ALL
            (SELECT r.id, r.user_id FROM reposts r WHERE r.post_id = p.id AND {visibility.home_reposted.sql("p", "reader.id")}
                AND {heard("r.user_id", "reader.id")} ORDER BY r.id LIMIT 1)
            LIMIT 1
        ) AS found WHERE p.id = $2""",
        list(viewer_ids),
        post_id,
    )
    return {row["reader_id"]: Entry(row["key"], row["post_id"], row["reposter_id"]) for row in rows}


async def has_orphans_at_home(viewer_id: int, post_id: int) -> bool:
    """Whether the deletion of `post_id` took replies out of this reader's home."""
    return bool(
        await fetch(
            f"""SELECT 1 FROM posts p WHERE p.reply_to_id = $2 AND {visibility.visible.sql()} AND NOT {visibility.own.sql()}
            AND {visibility.follows_author.sql()} AND NOT {visibility.unwelcome.sql()} AND NOT {visibility.unheard.sql()}
            AND ({visibility.reply_to_self.sql()} OR {visibility.reply_to_me.sql()} OR {visibility.reply_to_one_i_follow.sql()})
            LIMIT 1""",
            viewer_id,
            post_id,
        )
    )


async def profile(viewer_id: int, author_id: int, window: Window) -> list[Entry]:
    """What a person's page shows this viewer: their posts (replies to others apart) and what they reposted."""
    order = window.direction
    rows = await fetch(
        f"""(SELECT p.id AS key, p.id AS post_id, NULL::bigint AS reposter_id FROM posts p
            WHERE p.author_id = $5 AND p.deleted_at IS NULL AND p.id < $2 AND p.id > $3 AND {visibility.profile.sql()}
            ORDER BY p.id {order} LIMIT $4)
        UNION ALL
        (SELECT r.id, r.post_id, r.user_id FROM reposts r JOIN posts p ON p.id = r.post_id
            WHERE r.user_id = $5 AND r.id < $2 AND r.id > $3 AND {visibility.visible.sql()}
            AND {visibility.lets_in("$5", "$1")}
            ORDER BY r.id {order} LIMIT $4)
        ORDER BY key {order} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        author_id,
    )
    return _entries(rows)


async def media(viewer_id: int, author_id: int, window: Window) -> list[Entry]:
    """An author's own posts with pictures, replies too, as far as this viewer may see them."""
    order = window.direction
    rows = await fetch(
        f"""SELECT p.id AS key, p.id AS post_id, NULL::bigint AS reposter_id FROM posts p
        WHERE p.author_id = $5 AND p.deleted_at IS NULL AND p.id < $2 AND p.id > $3 AND {visibility.visible.sql()}
        AND EXISTS (SELECT 1 FROM post_images pi WHERE pi.post_id = p.id)
        ORDER BY p.id {order} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        author_id,
    )
    return _entries(rows)


_EXPLORE = {
    order: _headed(
        f"""SELECT p.id AS key, p.id AS post_id, NULL::bigint AS reposter_id FROM posts p
        WHERE p.deleted_at IS NULL AND p.visibility = 'PUBLIC' AND p.id < $2 AND p.id > $3 AND {visibility.explore.sql()}
        ORDER BY p.id {order} LIMIT $4"""
    )
    for order in ("ASC", "DESC")
}


async def explore(viewer_id: int, window: Window) -> Skeleton:
    """Everything public, newest first, without those the viewer blocks or mutes."""
    statement = _EXPLORE[window.direction]
    return _skeleton(await fetch(statement, viewer_id, window.older_than, window.newer_than, window.limit))


async def bookmarks(viewer_id: int, window: Window) -> list[Entry]:
    """What the viewer keeps, last kept first, as far as they may still see it."""
    order = window.direction
    rows = await fetch(
        f"""SELECT b.id AS key, b.post_id, NULL::bigint AS reposter_id FROM bookmarks b JOIN posts p ON p.id = b.post_id
        WHERE b.user_id = $1 AND b.id < $2 AND b.id > $3 AND {visibility.visible.sql()}
        ORDER BY b.id {order} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return _entries(rows)


async def may_stand_at_home(viewer_id: int, author_id: int | None) -> bool:
    """Whether posts of an author, blocks apart, may stand in this reader's home: followed, or reposted by somebody heard."""
    return bool(
        await fetch(
            f"""SELECT 1 WHERE EXISTS (SELECT 1 FROM follows e WHERE e.follower_id = $1 AND e.followee_id = $2)
            OR EXISTS (SELECT 1 FROM posts p JOIN reposts r ON r.post_id = p.id
                WHERE p.author_id = $2 AND p.deleted_at IS NULL AND {heard("r.user_id", "$1")})""",
            viewer_id,
            author_id,
        )
    )


async def stands_in_explore(author_id: int | None) -> bool:
    """Whether anything of an author stands in explore, blocks apart."""
    return bool(
        await fetch(
            f"SELECT 1 FROM posts p WHERE p.author_id = $1 AND p.deleted_at IS NULL AND {visibility.listed.sql()}"
            " AND (p.reply_to_id IS NULL OR p.reply_to_author_id = p.author_id) LIMIT 1",
            author_id,
        )
    )
