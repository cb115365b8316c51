"""What is known of a picture that somebody hands in, as far as they may know it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from models import image, visibility
from models.database import fetch, fetch_one


async def seen(viewer_id: int, image_ids: Sequence[int]) -> dict[int, datetime]:
    """Those of the pictures that this viewer may see, and when each came or was made."""
    rows = await fetch(
        f"SELECT i.id, i.created_at FROM images i WHERE i.id = ANY($2::bigint[]) AND {image.SEEN}",
        viewer_id,
        list(image_ids),
    )
    return {row["id"]: row["created_at"] for row in rows}


async def first_post(viewer_id: int, image_id: int) -> int | None:
    """The oldest post with this picture that the viewer sees."""
    row = await fetch_one(
        f"""SELECT p.id FROM post_images pi JOIN posts p ON p.id = pi.post_id
        WHERE pi.image_id = $2 AND {visibility.visible.sql()} AND NOT {visibility.deleted.sql()} ORDER BY p.id LIMIT 1""",
        viewer_id,
        image_id,
    )
    return row["id"] if row else None


async def parents(image_id: int, *, references: bool) -> list[int]:
    """The picture this one was made from; with `references` also those it was to learn from, which are its maker's own."""
    rows = await fetch(
        """SELECT g.image_id FROM generation_outputs o JOIN generation_inputs g ON g.job_id = o.job_id
        WHERE o.image_id = $1 AND (g.role = 'IMAGE' OR $2 AND g.role = 'REFERENCE') ORDER BY g.role, g.position""",
        image_id,
        references,
    )
    return [row["image_id"] for row in rows]
