"""A person's page as it changes: what stands on it for one viewer now, and what a change between people touches.

The page itself is `timeline.profile`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from models import visibility
from models.database import fetch, fetch_value
from models.timeline import Entry


async def reposted(owner_id: int, post_id: int) -> Entry | None:
    """The place that a person's repost gives a post on their page, None when they do not repost it now."""
    key = await fetch_value("SELECT id FROM reposts WHERE user_id = $1 AND post_id = $2", owner_id, post_id)
    return None if key is None else Entry(key, post_id, owner_id)


async def reposts_of(pairs: Collection[tuple[int, int]]) -> Mapping[tuple[int, int], Entry]:
    """The same for many pairs of a person and a post; those of which there is no repost are left out."""
    if not pairs:
        return {}
    rows = await fetch(
        "SELECT r.id, r.user_id, r.post_id FROM unnest($1::bigint[], $2::bigint[]) AS asked (user_id, post_id)"
        " JOIN reposts r ON r.user_id = asked.user_id AND r.post_id = asked.post_id",
        [owner_id for owner_id, _ in pairs],
        [post_id for _, post_id in pairs],
    )
    return {(row["user_id"], row["post_id"]): Entry(row["id"], row["post_id"], row["user_id"]) for row in rows}


async def touches(viewer_id: int, owner_id: int, other_id: int | None, by_viewer: bool) -> bool:
    """Whether a follow or block between the viewer and `other` may change what the viewer sees on the owner's page.

    What another did to the viewer counts only where the viewer could see something, so that it tells nothing else.
    """
    reach = f"({visibility.known_of.sql()} OR ($4 AND p.visibility <> 'MENTIONED'))"
    return bool(
        await fetch(
            f"""SELECT 1 WHERE EXISTS (SELECT 1 FROM posts p
                WHERE $3::bigint = $2 AND p.author_id = $2 AND p.deleted_at IS NULL AND {reach})
            OR EXISTS (SELECT 1 FROM reposts r JOIN posts p ON p.id = r.post_id
                WHERE r.user_id = $2 AND $3 IN (r.user_id, p.author_id) AND p.deleted_at IS NULL AND {reach})""",
            viewer_id,
            owner_id,
            other_id,
            by_viewer,
        )
    )
