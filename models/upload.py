"""Uploads on their way: a place in the bucket that one person may write to for a few minutes, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from tortoise import fields
from tortoise.models import Model

from errors import Conflict, RateLimited
from models import loose_picture
from models.database import fetch, fetch_one
from models.image import Image

MINUTES = 5


class UploadState(Enum):
    """PENDING until it was checked and kept."""

    PENDING = "PENDING"
    KEPT = "KEPT"


class Upload(Model):
    """One promise to take a picture. Its key is never served."""

    id = fields.BigIntField(primary_key=True, generated=True)
    owner_id = fields.BigIntField(db_index=True)
    key = fields.TextField()
    mime_type = fields.CharField(max_length=40)
    byte_size = fields.BigIntField()
    filename = fields.TextField(default="")
    state = fields.CharEnumField(UploadState, max_length=7, default=UploadState.PENDING)
    image_id = fields.BigIntField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    expires_at = fields.DatetimeField()

    class Meta:
        table = "uploads"


async def open_upload(owner_id: int, key: str, mime_type: str, byte_size: int, filename: str) -> tuple[int, datetime]:
    """A new upload's id and when its form stops working (database clock)."""
    row = await fetch_one(
        "INSERT INTO uploads (owner_id, key, mime_type, byte_size, filename, state, created_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, 'PENDING', now(), now() + make_interval(mins => $6)) RETURNING id, expires_at",
        owner_id,
        key,
        mime_type,
        byte_size,
        filename,
        MINUTES,
    )
    if row is None:
        raise RuntimeError("An upload was not stored.")
    return row["id"], row["expires_at"]


async def keep_upload(owner_id: int, upload_id: int, image: Image | None) -> int:
    """The id of the image an upload became: of `image`, or of what it became before. The caller holds the transaction.

    Raises Conflict when it is neither kept yet nor given.
    """
    row = await fetch_one(
        "SELECT state, image_id FROM uploads WHERE id = $1 AND owner_id = $2 FOR UPDATE", upload_id, owner_id
    )
    if row is not None and row["image_id"] is not None:
        return int(row["image_id"])
    if row is None or image is None:
        raise Conflict("This upload is not finished.", ["uploadId"])
    if not await loose_picture.confirm(image.prefix):
        raise RateLimited("This took too long. Try again.", ["uploadId"])
    await image.save()
    await Upload.filter(id=upload_id).update(state=UploadState.KEPT, image_id=image.id)
    return int(image.id)


async def forgotten(limit: int) -> list[tuple[int, str]]:
    """Ids and keys of uploads, completed or not, an hour after their form stopped working.

    Completed ones too: their object may still lie there when the process died, or was written once more with the form.
    """
    rows = await fetch("SELECT id, key FROM uploads WHERE expires_at < now() - interval '1 hour' LIMIT $1", limit)
    return [(row["id"], row["key"]) for row in rows]


async def forget(upload_id: int) -> None:
    """Take out the row of an upload that is over; the image it became stays."""
    await fetch("DELETE FROM uploads WHERE id = $1 AND expires_at < now()", upload_id)
