"""Pictures from before proofs were kept: what is still to be looked at, one after another, until none is left.

A migration notes them once; whatever is new has its proofs when it gets its row. A picture is taken out when it was looked
at, so whoever is stopped in the middle goes on where they were, and looking twice does no harm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models import likeness, origin
from models.database import fetch, fetch_value
from models.transaction import transaction

MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Unexamined:
    """A picture to look at: where its original lies."""

    id: int
    prefix: str
    mime_type: str
    generated: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in an original. `likeness` is None where there is too little to see; `standing` where nothing is signed;
    `name` is what only this place signs, None where it did not."""

    likeness: bytes | None
    source_type: str | None = None
    generator: str | None = None
    standing: str | None = None
    name: str | None = None


async def waiting(limit: int) -> Sequence[Unexamined]:
    """The next ones: the newest first, what was tried in vain last. Those that were deleted, or tried too often, are taken out."""
    await fetch(
        "DELETE FROM unexamined_images u USING images i WHERE i.id = u.image_id AND (i.deleted_at IS NOT NULL OR u.tries >= $1)",
        MOST_TRIES,
    )
    rows = await fetch(
        """SELECT i.id, i.prefix, i.mime_type, i.generated FROM unexamined_images u JOIN images i ON i.id = u.image_id
        ORDER BY u.tries, u.image_id DESC LIMIT $1""",
        limit,
    )
    return [Unexamined(row["id"], row["prefix"], row["mime_type"], row["generated"]) for row in rows]


async def left() -> int:
    """How many there are."""
    return int(await fetch_value("SELECT count(*) FROM unexamined_images"))


async def failed(image_id: int) -> None:
    """It could not be looked at this time, which may be no fault of the picture."""
    await fetch("UPDATE unexamined_images SET tries = tries + 1 WHERE image_id = $1", image_id)


async def examined(image_id: int, found: Finding | None) -> None:
    """Keep what was found, where nothing is kept yet, and take the picture out; None: it cannot be looked at at all."""
    async with transaction():
        if found is not None:
            if found.likeness is not None:
                await likeness.remember(image_id, found.likeness)
            if found.standing is not None:
                await fetch(
                    """UPDATE images SET source_type = coalesce(source_type, $2), claim_generator = $3, claim_standing = $4
                    WHERE id = $1 AND claim_standing IS NULL""",
                    image_id,
                    found.source_type,
                    found.generator,
                    found.standing,
                )
            await origin.remember(image_id, found.name, None)
        await fetch("DELETE FROM unexamined_images WHERE image_id = $1", image_id)
