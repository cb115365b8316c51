"""Images: pictures that are kept. The bytes lie in the bucket under `prefix`; a row exists only once they do."""

from __future__ import annotations

from collections.abc import Sequence

from tortoise import fields
from tortoise.models import Model

from errors import BadInput
from models import facet, visibility
from models.chat_rule import IN_A_SEEN_MESSAGE
from models.database import fetch, fetch_one
from models.timeline import Window

LONGEST_ALT_TEXT = 2_000


class Image(Model):
    """One kept picture. `prefix` is unguessable and leads to the original and every derivative.

    What its file says of itself, or said when it was uploaded: `source_type` is IPTC's digital source type (its last word, such
    as `trainedAlgorithmicMedia`), signed or merely declared; `claim_generator` the program that signed its Content Credentials
    and `claim_standing` what that signature was worth then (INVALID, VALID, TRUSTED). NULL: it says nothing of the kind.
    """

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
    sensitive = fields.BooleanField(default=False)  # as a check found it when it was uploaded
    remix_post_id = fields.BigIntField(null=True)  # of somebody's post …
    remix_image_id = fields.BigIntField(null=True)  # … this picture is a remix of this one, or was made of such a remix
    source_type = fields.CharField(max_length=60, null=True)
    claim_generator = fields.CharField(max_length=200, null=True)
    claim_standing = fields.CharField(max_length=7, null=True)
    ai_disclosure = fields.CharField(max_length=20, null=True)  # `models.disclosure` says how
    created_at = fields.DatetimeField(auto_now_add=True)
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "images"


IN_A_SEEN_POST = f"""(EXISTS (SELECT 1 FROM post_images pi JOIN posts p ON p.id = pi.post_id
    WHERE pi.image_id = i.id AND {visibility.visible.sql()}) OR EXISTS (SELECT 1 FROM post_version_images pi
    JOIN posts p ON p.id = pi.post_id WHERE pi.image_id = i.id AND {visibility.visible.sql()}))"""
"""Whether viewer $1 sees a post that image i is in, or was in before it was edited."""

ON_A_PROFILE = """(EXISTS (SELECT 1 FROM users u WHERE u.avatar_id = i.id AND NOT u.gone)
    OR EXISTS (SELECT 1 FROM users u WHERE u.banner_id = i.id AND NOT u.gone))"""
"""Whether image i is somebody's avatar or banner: its owner shows it, and what it says of itself, to everybody."""

TEXT = f"""CASE WHEN i.owner_id = $1 OR {ON_A_PROFILE} THEN i.alt_text ELSE coalesce((SELECT pi.alt_text FROM post_images pi
    JOIN posts p ON p.id = pi.post_id WHERE pi.image_id = i.id AND {visibility.visible.sql()} ORDER BY pi.id LIMIT 1), '') END"""
"""What image i says of itself to viewer $1: what its owner wrote to it, to the owner and where it stands on a profile; to
others what a post that they see says."""

ON_A_CARD = "EXISTS (SELECT 1 FROM link_cards c WHERE c.image_id = i.id)"
"""Whether image i is what a page that a post links to shows of itself to everybody."""

AT_THE_DESK = """((i.deleted_at IS NULL OR i.taken_at IS NOT NULL) AND EXISTS (SELECT 1 FROM case_images c
    JOIN users u ON u.id = $1 AND u.role <> 'MEMBER' AND NOT u.gone WHERE c.image_id = i.id AND i.owner_id <> $1))"""
"""Whether image i was handed to the desk, at which viewer $1 works; one that was taken down is seen there alone."""

SEEN = f"""((i.deleted_at IS NULL AND (i.owner_id = $1 OR {ON_A_PROFILE} OR {ON_A_CARD} OR {IN_A_SEEN_POST} OR {IN_A_SEEN_MESSAGE}))
    OR {AT_THE_DESK})"""
"""May viewer $1 see image i: its owner, everybody for an avatar, a banner or the picture of a link, whoever sees a post or a
message that it is in, and moderators where it was reported."""

OPEN_TO_ALL = f"""({ON_A_PROFILE} OR {ON_A_CARD} OR EXISTS (SELECT 1 FROM post_images pi JOIN posts p ON p.id = pi.post_id
    WHERE pi.image_id = i.id AND {visibility.for_anyone.sql()} AND NOT {visibility.deleted.sql()})
    OR EXISTS (SELECT 1 FROM post_version_images pi JOIN posts p ON p.id = pi.post_id
    WHERE pi.image_id = i.id AND {visibility.for_anyone.sql()} AND NOT {visibility.deleted.sql()}))"""
"""Whether image i needs no grant in its address."""


async def place_of(viewer_id: int, image_id: int) -> tuple[str, str] | None:
    """Prefix and MIME type of an image this viewer may see, or None. 0 is the signed-out viewer."""
    row = await fetch_one(f"SELECT i.prefix, i.mime_type FROM images i WHERE i.id = $2 AND {SEEN}", viewer_id, image_id)
    return (row["prefix"], row["mime_type"]) if row else None


async def is_own(owner_id: int, image_id: int) -> bool:
    """Whether this is a picture of theirs, which is then not deleted for the rest of the transaction."""
    sql = "SELECT 1 FROM images WHERE id = $1 AND owner_id = $2 AND deleted_at IS NULL FOR SHARE"
    return bool(await fetch(sql, image_id, owner_id))


async def ids_of(owner_id: int, window: Window) -> list[int]:
    """Somebody's own pictures, uploaded or made here, newest first."""
    rows = await fetch(
        f"SELECT id FROM images WHERE owner_id = $1 AND deleted_at IS NULL AND id < $2 AND id > $3 ORDER BY id {window.direction} LIMIT $4",
        owner_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted((row["id"] for row in rows), reverse=True)


def checked_alt_text(text: str, path: Sequence[str]) -> str:
    """An alt text as it is stored. Raises BadInput when it is too long."""
    kept = facet.kept(text, LONGEST_ALT_TEXT, LONGEST_ALT_TEXT * 12)
    if kept is None:
        raise BadInput(f"An alt text has at most {LONGEST_ALT_TEXT} characters.", path)
    return kept
