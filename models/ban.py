"""Pictures that may not be here, known by how they look: 256 bits each (PDQ), and never the pictures themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Record

from errors import BadInput
from models.database import fetch, fetch_one
from models.likeness import BITS, as_bits

ALIKE_BITS = 31  # of 256 that may differ: what those who made PDQ call the same picture
LONGEST_CATEGORY_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Ban:
    """One banned picture: `hash` in hexadecimal, why it is banned, and a note for those who keep the list."""

    id: int
    hash: str
    category: str
    note: str
    created_at: datetime


def _ban(row: Record) -> Ban:
    return Ban(row["id"], f"{int(row['bits'], 2):0{BITS // 4}x}", row["category"], row["note"], row["created_at"])


async def add(hash_: bytes, category: str, note: str = "") -> bool:
    """Ban a picture; False when it was banned already. Raises BadInput."""
    if len(hash_) != BITS // 8:
        raise BadInput(f"A hash has {BITS} bits: {BITS // 4} hexadecimal digits.", ["hash"])
    kept = category.strip()
    if not 0 < len(kept) <= LONGEST_CATEGORY_CHARACTERS:
        raise BadInput(f"A category has 1 to {LONGEST_CATEGORY_CHARACTERS} characters.", ["category"])
    row = await fetch_one(
        "INSERT INTO banned_pictures (hash, category, note) VALUES ($1::text::bit(256), $2, $3)"
        " ON CONFLICT (hash) DO NOTHING RETURNING id",
        as_bits(hash_),
        kept,
        note,
    )
    return row is not None


async def remove(number: int) -> bool:
    """Let a picture be shown again; False when there is no such ban."""
    return bool(await fetch("DELETE FROM banned_pictures WHERE id = $1 RETURNING id", number))


async def bans() -> list[Ban]:
    """All that is banned, oldest first."""
    return [_ban(row) for row in await fetch("SELECT *, hash::text AS bits FROM banned_pictures ORDER BY id")]


async def banned(hashes: Sequence[bytes]) -> Ban | None:
    """The ban that comes nearest to one of the hashes (of a picture, its flips and turns), None when none is near enough. Of a picture
    too plain to be known again there are none, and it falls under no ban.

    The list is read from end to end: a millisecond for some thousands.
    """
    row = await fetch_one(
        """SELECT b.*, b.hash::text AS bits FROM banned_pictures b, unnest($1::text[]) AS given (bits)
        WHERE bit_count(b.hash # given.bits::bit(256)) <= $2 ORDER BY bit_count(b.hash # given.bits::bit(256)), b.id LIMIT 1""",
        [as_bits(one) for one in hashes],
        ALIKE_BITS,
    )
    return None if row is None else _ban(row)
