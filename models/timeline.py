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
from models.reason import heard, places_sql, rests

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


@dataclass(frozen=True, slots=True)
class Circle:
    """Whose posts and reposts make a timeline: the statement for their ids (`id`) and whether their reposts
    count (`passes`), the condition on a post `p` that
    stands there by itself, and the condition on a reposter `{who}` who counts. $1 is the reader."""

    people: str
    original: str
    heard: str


FOLLOWED = Circle(
    f"""SELECT followee_id AS id, NOT hides_reposts AS passes FROM follows WHERE follower_id = $1
        AND NOT {visibility.muting("$1", "followee_id")}
        AND NOT EXISTS (SELECT 1 FROM list_members e WHERE e.owner_id = $1 AND e.user_id = followee_id AND e.exclusive)
        AND NOT EXISTS (SELECT 1 FROM users e WHERE e.id = followee_id AND e.gone)
        UNION ALL SELECT $1::bigint, true""",
    visibility.home_original.sql(),
    heard("{who}", "$1"),
)

# Where most posts of those followed belong in the home, this many times the page are sure to fill it.
_GENEROUS = 3


def _circle_sql(circle: Circle, order: str, rule: str, wanted: str) -> str:
    """The statement of a home or list. A page costs two looks into an index for each person, and the rules for about a page.

    `nearest` are `wanted` posts out of the first few of each author. Nobody but their authors has a post nearer than the
    farthest of them, so that is as far as `originals` looks (`span`). Where `rule` is the circle's own rule and `wanted` the
    page, the page is full; where posts are only counted, it may turn out `short` and then holds nothing. Reposts are
    looked for only as far as the originals reach.
    """
    near, far = ("min(key) - 1", "$3") if order == "DESC" else ("max(key) + 1", "$2")

    def bounds(full: str) -> str:
        edge = f"CASE WHEN {full} THEN {near} ELSE {far} END"
        return f"{edge} AS low, $2::bigint AS high" if order == "DESC" else f"$3::bigint AS low, {edge} AS high"

    return f"""WITH people AS MATERIALIZED (
        {circle.people}
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
            AND {circle.original} ORDER BY p.id {order} LIMIT $4
        ) AS found ORDER BY 1 {order} LIMIT $4
    ), reach AS MATERIALIZED (
        SELECT count(*) < $4 AND (SELECT span.full FROM span) AS short, {bounds("count(*) >= $4")} FROM originals
    ), reposted AS (
        SELECT found.id AS key, found.post_id, people.id AS reposter_id FROM people CROSS JOIN LATERAL (
            SELECT r.id, r.post_id FROM reposts r JOIN posts p ON p.id = r.post_id
            WHERE r.user_id = people.id AND r.id < (SELECT high FROM reach) AND r.id > (SELECT low FROM reach)
            AND {visibility.home_reposted.sql()} AND NOT {rests("p", "r", circle.original, circle.heard)}
            ORDER BY r.id {order} LIMIT $4
        ) AS found WHERE people.passes ORDER BY 1 {order} LIMIT $4
    ) SELECT reach.short, found.* FROM reach LEFT JOIN LATERAL (
        SELECT * FROM originals UNION ALL SELECT * FROM reposted ORDER BY key {order} LIMIT $4
    ) AS found ON NOT reach.short"""


Statements = Mapping[str, tuple[str, str]]
"""By direction: the quick statement, and the thorough one for where that says `short`. $1 is the viewer, then as `Window`."""


def statements(circle: Circle) -> Statements:
    """The statements of a timeline that is made by a circle."""
    return {
        order: (
            _headed(_circle_sql(circle, order, "true", f"{_GENEROUS} * $4")),
            _headed(_circle_sql(circle, order, circle.original, "$4")),
        )
        for order in ("ASC", "DESC")
    }


_HOME = statements(FOLLOWED)


def home_statements(direction: str = "DESC") -> tuple[str, str]:
    """The home's statements, as `Statements` has them."""
    return _HOME[direction]


async def home(viewer_id: int, window: Window) -> Skeleton:
    """A reader's home: own posts, posts and reposts of those followed. Where there are several reasons for a post it stands there
    for the first, and again for one that comes after no other for as long as it `RESTS`."""
    return await gathered(_HOME, viewer_id, window)


async def gathered(asked: Statements, viewer_id: int, window: Window, *more: object) -> Skeleton:
    """A timeline that is made by a circle; `more` are its own parameters, from $5 on."""
    for statement in asked[window.direction]:
        rows = await fetch(statement, viewer_id, window.older_than, window.newer_than, window.limit, *more)
        if not rows[0]["short"]:
            break
    return _skeleton(rows)


async def home_entries(post_id: int, viewer_ids: Sequence[int], since: int = 0) -> Mapping[int, Sequence[Entry]]:
    """The places with a key above `since` that a post has now in the homes of these readers, oldest first: one query for all
    of them. Who has none is missing."""
    rows = await fetch(
        f"""SELECT reader.id AS reader_id, found.key, p.id AS post_id, found.reposter_id
        FROM unnest($1::bigint[]) AS reader (id) CROSS JOIN posts p CROSS JOIN LATERAL ({places_sql("reader.id", "$3::bigint")}) AS found
        WHERE p.id = $2 ORDER BY found.key""",
        list(viewer_ids),
        post_id,
        since,
    )
    places: dict[int, list[Entry]] = {}
    for row in rows:
        places.setdefault(row["reader_id"], []).append(Entry(row["key"], row["post_id"], row["reposter_id"]))
    return places


async def has_orphans_at_home(viewer_id: int, post_id: int) -> bool:
    """Whether the deletion of `post_id` took replies out of this reader's home."""
    return bool(
        await fetch(
            f"""SELECT 1 FROM posts p WHERE p.reply_to_id = $2 AND {visibility.visible.sql()} AND NOT {visibility.own.sql()}
            AND {visibility.follows_author.sql()} AND NOT {visibility.set_apart.sql()} AND NOT {visibility.unwelcome.sql()}
            AND NOT {visibility.unheard.sql()}
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
