"""By what a picture made here is known again: the name that is signed into it, and the number of its invisible mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.database import fetch

SIGNER = "Fresque"
"""As what this place signs (`provenance.seal.NAME`)."""


@dataclass(frozen=True, slots=True)
class ProofRow:
    """What is kept of the proofs of a picture. `standing` is None where nothing is, or was, signed into it."""

    generated: bool
    source_type: str | None
    generator: str | None
    standing: str | None
    marked: bool
    hashed: bool


async def proofs(image_ids: Sequence[int]) -> dict[int, ProofRow]:
    """What is kept of these pictures, which the asker has been shown."""
    rows = await fetch(
        """SELECT i.id, i.generated, i.source_type, i.claim_generator, i.claim_standing, o.mark IS NOT NULL AS marked,
            EXISTS (SELECT 1 FROM image_likenesses l WHERE l.image_id = i.id) AS hashed
        FROM images i LEFT JOIN image_origins o ON o.image_id = i.id WHERE i.id = ANY($1::bigint[])""",
        list(image_ids),
    )
    return {
        row["id"]: ProofRow(
            row["generated"],
            row["source_type"],
            row["claim_generator"],
            row["claim_standing"],
            row["marked"],
            row["hashed"],
        )
        for row in rows
    }


async def remember(image_id: int, name: str | None, mark: int | None) -> None:
    """Keep by what a new picture will be known."""
    if name is not None or mark is not None:
        await fetch(
            "INSERT INTO image_origins (image_id, name, mark) VALUES ($1, $2, $3) ON CONFLICT (image_id) DO NOTHING",
            image_id,
            name,
            mark,
        )


async def named(name: str) -> int | None:
    """The picture into which this name was signed, None when there is none any more."""
    rows = await fetch("SELECT image_id FROM image_origins WHERE name = $1 ORDER BY image_id LIMIT 1", name)
    return int(rows[0]["image_id"]) if rows else None


async def marked(numbers: Sequence[int]) -> dict[int, int]:
    """The pictures that have these marks, by number; marks that are nobody's are left out."""
    rows = await fetch(
        "SELECT DISTINCT ON (mark) mark, image_id FROM image_origins WHERE mark = ANY($1::bigint[]) ORDER BY mark, image_id",
        list(numbers),
    )
    return {row["mark"]: row["image_id"] for row in rows}
