"""Views of posts by day, as they were counted elsewhere; and how many a post has had in all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from models import visibility
from models.database import fetch
from models.transaction import transaction

KEPT_DAYS = 60  # one by one; then they stand in one row
BEFORE = date(2000, 1, 1)  # the day of that row


async def countable(viewer_id: int, post_ids: Sequence[int]) -> list[int]:
    """Those of the posts that the viewer sees and did not write."""
    rows = await fetch(
        f"SELECT p.id FROM posts p WHERE p.id = ANY($2::bigint[]) AND p.author_id <> $1 AND {visibility.visible.sql()}",
        viewer_id,
        list(post_ids),
    )
    return [row["id"] for row in rows]


async def store(day: date, count_name: str, views: Sequence[tuple[int, int]]) -> None:
    """Write down how many saw each post of a day so far. The same again changes nothing; where a count began anew (it has
    another name), what the lost one had come to stays."""
    posts = [post_id for post_id, _ in views]
    async with transaction():
        await fetch(
            """INSERT INTO post_views (post_id, day, running, count_name)
            SELECT asked.post_id, $3, asked.views, $4 FROM unnest($1::bigint[], $2::int[]) AS asked (post_id, views)
            JOIN posts p ON p.id = asked.post_id ORDER BY asked.post_id
            ON CONFLICT (post_id, day) DO UPDATE SET
                settled = post_views.settled
                    + CASE WHEN post_views.count_name = excluded.count_name THEN 0 ELSE post_views.running END,
                running = CASE WHEN post_views.count_name = excluded.count_name
                    THEN greatest(post_views.running, excluded.running) ELSE excluded.running END,
                count_name = excluded.count_name""",
            posts,
            [count for _, count in views],
            day,
            count_name,
        )
        await fetch(
            """UPDATE post_counts base SET views = found.views, version = base.version + 1 FROM (
                SELECT post_id, sum(settled + running)::int AS views FROM post_views WHERE post_id = ANY($1::bigint[]) GROUP BY post_id
            ) AS found WHERE base.subject_id = found.post_id AND base.views <> found.views""",
            posts,
        )


async def gather_old() -> None:
    """Put the days that are long over into one row for each post."""
    await fetch(
        """WITH old AS (
            DELETE FROM post_views WHERE day > $1 AND day < (now() AT TIME ZONE 'UTC')::date - $2::int
            RETURNING post_id, settled + running AS views
        ) INSERT INTO post_views (post_id, day, settled, running, count_name)
        SELECT post_id, $1, sum(views), 0, '' FROM old GROUP BY post_id
        ON CONFLICT (post_id, day) DO UPDATE SET settled = post_views.settled + excluded.settled""",
        BEFORE,
        KEPT_DAYS,
    )
