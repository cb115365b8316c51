"""Images: pictures that are kept. The bytes lie in the bucket under `prefix`; a row exists only once they do."""

from __future__ import annotations

from collections.abc import Sequence

from tortoise import fields
from tortoise.models import Model

from errors import BadInput
from models import facet, visibility
from models.database import fetch_one

LONGEST_ALT_TEXT = 2_000


class Image(Model):
    """One kept picture. `prefix` is unguessable and leads to the original and every derivative."""

    id = fields.BigIntField(primary_key=True, generated=True)
    owner_id = fields.BigIntField(db_index=True)
    prefix = fields.TextField()
    mime_type = fields.CharField(max_length=40)
    byte_size = fields.BigIntField()
    width = fields.IntField()
    height = fields.IntField()
    blurhash = fields.TextField()
    alt_text = fields.TextField(default="")
    generated = fields.BooleanField(default=False)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "images"


IN_A_SEEN_POST = f"""EXISTS (SELECT 1 FROM post_images pi JOIN posts p ON p.id = pi.post_id
    WHERE pi.image_id = i.id AND {visibility.visible.sql()})"""

TEXT = f"""CASE WHEN i.owner_id = $1 THEN i.alt_text ELSE coalesce((SELECT pi.alt_text FROM post_images pi
    JOIN posts p ON p.id = pi.post_id WHERE pi.image_id = i.id AND {visibility.visible.sql()} ORDER BY pi.id LIMIT 1), '') END"""
"""What image i says of itself to viewer $1: to its owner what they wrote to it, to others what a post that they see says."""

IS_AN_AVATAR = "EXISTS (SELECT 1 FROM users u WHERE u.avatar_id = i.id)"

SEEN = f"(i.owner_id = $1 OR {IS_AN_AVATAR} OR {IN_A_SEEN_POST})"
"""May viewer $1 see image i: its owner, everybody for an avatar, and whoever sees a post that it is in."""

OPEN_TO_ALL = f"""({IS_AN_AVATAR} OR EXISTS (SELECT 1 FROM post_images pi JOIN posts p ON p.id = pi.post_id
    WHERE pi.image_id = i.id AND {visibility.for_everyone.sql()} AND NOT {visibility.deleted.sql()}))"""
"""Whether image i needs no grant in its address."""


async def place_of(viewer_id: int, image_id: int) -> tuple[str, str] | None:
    """Prefix and MIME type of an image this viewer may see, or None. 0 is the signed-out viewer."""
    row = await fetch_one(f"SELECT i.prefix, i.mime_type FROM images i WHERE i.id = $2 AND {SEEN}", viewer_id, image_id)
    return (row["prefix"], row["mime_type"]) if row else None


def checked_alt_text(text: str, path: Sequence[str]) -> str:
    """An alt text as it is stored. Raises BadInput when it is too long."""
    kept = facet.kept(text, LONGEST_ALT_TEXT, LONGEST_ALT_TEXT * 12)
    if kept is None:
        raise BadInput(f"An alt text has at most {LONGEST_ALT_TEXT} characters.", path)
    return kept
