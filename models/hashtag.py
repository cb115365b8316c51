"""Hashtags: which public posts bear which, under the folded name (`facet.folded`), and their timelines.

The table is made by SQL. A row stands as long as its post does; a post that is not public has none.
"""

from __future__ import annotations

from collections.abc import Sequence

from models import visibility
from models.database import fetch
from models.timeline import Entry, Window


async def put(post_id: int, names: Sequence[str]) -> None:
    """Put a new public post under these hashtags. The caller holds the transaction."""
    await fetch(
        "INSERT INTO post_hashtags (hashtag, post_id) SELECT name, $1 FROM unnest($2::text[]) AS given (name)",
        post_id,
        list(names),
    )


async def take(post_id: int) -> list[str]:
    """Take a post away from all its hashtags; which they were. The caller holds the transaction."""
    rows = await fetch("DELETE FROM post_hashtags WHERE post_id = $1 RETURNING hashtag", post_id)
    return sorted(row["hashtag"] for row in rows)


async def bears(post_id: int, name: str) -> bool:
    """Whether a post stands under a hashtag now."""
    return bool(await fetch("SELECT 1 FROM post_hashtags WHERE hashtag = $1 AND post_id = $2", name, post_id))


async def timeline(viewer_id: int, name: str, window: Window) -> list[Entry]:
    """The public posts under a hashtag, newest first, without those of people the viewer blocks or mutes."""
    rows = await fetch(
        f"""SELECT p.id FROM post_hashtags h JOIN posts p ON p.id = h.post_id
        WHERE h.hashtag = $5 AND h.post_id < $2 AND h.post_id > $3 AND {visibility.hashtag.sql()}
        ORDER BY h.post_id {window.direction} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        name,
    )
    return [Entry(number, number) for number in sorted((row["id"] for row in rows), reverse=True)]


async def has_author(name: str, author_id: int | None) -> bool:
    """Whether anything of an author stands under a hashtag, blocks apart."""
    return bool(
        await fetch(
            f"""SELECT 1 FROM posts p WHERE p.author_id = $2 AND p.deleted_at IS NULL AND {visibility.listed.sql()}
            AND EXISTS (SELECT 1 FROM post_hashtags h WHERE h.hashtag = $1 AND h.post_id = p.id) LIMIT 1""",
            name,
            author_id,
        )
    )
