"""Images by id, as they are shown apart from posts: as far as a viewer may see them, and the banners that everybody sees."""

from __future__ import annotations

from collections.abc import Sequence

from models import image
from models.card import ImageRow, open_image
from models.database import fetch
from models.disclosure import STORED


async def images(viewer_id: int, image_ids: Sequence[int]) -> dict[int, ImageRow]:
    """Images by id, as far as this viewer may see them."""
    rows = await fetch(
        f"SELECT i.*, {image.OPEN_TO_ALL} AS open_to_all, {image.TEXT} AS shown_text"
        f" FROM images i WHERE i.id = ANY($2::bigint[]) AND {image.SEEN}",
        viewer_id,
        list(image_ids),
    )
    return {
        row["id"]: ImageRow(
            row["id"],
            row["prefix"],
            row["mime_type"],
            row["width"],
            row["height"],
            row["blurhash"],
            row["shown_text"],
            row["generated"],
            row["open_to_all"],
            viewer_id,
            row["sensitive"],
            row["remix_post_id"] is not None,
            STORED.get(row["ai_disclosure"]),
        )
        for row in rows
    }


async def banners(viewer_id: int, image_ids: Sequence[int]) -> dict[int, ImageRow]:
    """The images of banners by id, which everybody sees with what their owners say of them."""
    rows = await fetch("SELECT * FROM images WHERE id = ANY($1::bigint[])", list(image_ids))
    return {row["id"]: open_image(row["id"], row, viewer_id) for row in rows}
