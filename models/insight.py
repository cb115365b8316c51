"""What a post has come to, for its author: totals, and the last 30 days one by one. Only what is really measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import counter
from models.database import fetch, fetch_one

DAYS = 30


@dataclass(frozen=True, slots=True)
class InsightDayRow:
    """What came on one day (UTC) and is still there."""

    starts_at: datetime
    views: int
    likes: int
    reposts: int
    quotes: int
    replies: int
    bookmarks: int


@dataclass(frozen=True, slots=True)
class InsightsRow:
    """What a post has come to."""

    views: int
    likes: int
    reposts: int
    quotes: int
    replies: int
    remixes: int
    bookmarks: int
    days: Sequence[InsightDayRow]


def _by_day(what: str, table: str, column: str, person: str = "user_id", more: str = "") -> str:
    return f"""{what} AS (SELECT (e.created_at AT TIME ZONE 'UTC')::date AS day, count(*)::int AS many FROM {table} e
        JOIN users u ON u.id = e.{person} AND NOT u.gone WHERE e.{column} = $1 {more} AND e.created_at >= (SELECT min(starts) FROM days) GROUP BY 1)"""


# What does not count in the numbers of the post (`recount.COUNTED`) does not here: answers for fewer people, or by private accounts.
_COUNTS = """AND e.deleted_at IS NULL AND EXISTS (SELECT 1 FROM posts p WHERE p.id = $1
    AND (p.author_id = e.author_id OR NOT u.is_private)
    AND (e.visibility IN ('PUBLIC', 'UNLISTED') OR p.visibility IN (e.visibility, 'MENTIONED')))"""
_DAYS = f"""WITH days AS MATERIALIZED (
    SELECT date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - make_interval(days => number) AS starts
    FROM generate_series(0, {DAYS - 1}) AS n (number)
), {_by_day("likes", "likes", "post_id")}, {_by_day("reposts", "reposts", "post_id")},
    {_by_day("bookmarks", "bookmarks", "post_id")}, {_by_day("replies", "posts", "reply_to_id", "author_id", _COUNTS)},
    {_by_day("quotes", "posts", "quoted_post_id", "author_id", _COUNTS + " AND NOT e.is_detached")}
SELECT days.starts, coalesce(v.settled + v.running, 0) AS views, coalesce(l.many, 0) AS likes, coalesce(r.many, 0) AS reposts,
    coalesce(q.many, 0) AS quotes, coalesce(a.many, 0) AS replies, coalesce(b.many, 0) AS bookmarks
FROM days CROSS JOIN LATERAL (SELECT (days.starts AT TIME ZONE 'UTC')::date AS day) AS d
LEFT JOIN post_views v ON v.post_id = $1 AND v.day = d.day LEFT JOIN likes l ON l.day = d.day
LEFT JOIN reposts r ON r.day = d.day LEFT JOIN quotes q ON q.day = d.day LEFT JOIN replies a ON a.day = d.day
LEFT JOIN bookmarks b ON b.day = d.day ORDER BY days.starts"""


async def insights(post_id: int) -> InsightsRow | None:
    """What a post has come to; None when there is none. Whoever asks has made sure that its author does."""
    total = await fetch_one(
        f"SELECT counts.*, (SELECT count(*) FROM bookmarks e JOIN users u ON u.id = e.user_id AND NOT u.gone"
        f" WHERE e.post_id = $1) AS bookmarks FROM {counter.POSTS.shown('$1')} AS counts",
        post_id,
    )
    if total is None:
        return None
    days = [
        InsightDayRow(
            row["starts"],
            row["views"],
            row["likes"],
            row["reposts"],
            row["quotes"],
            row["replies"],
            row["bookmarks"],
        )
        for row in await fetch(_DAYS, post_id)
    ]
    return InsightsRow(
        total["views"],
        total["likes"],
        total["reposts"],
        total["quotes"],
        total["replies"],
        total["remixes"],
        total["bookmarks"],
        days,
    )
