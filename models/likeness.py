"""How pictures look (256 bits of PDQ, `provenance/likeness.py`), and which others look alike: exact, out of an index.

Two hashes that differ in at most 31 bits have, among their 16 words of 16 bits, one that differs in a bit at most (31 bits
fall into 16 words). So a hash is indexed under its words, and looked for under each of its words as it is and with one bit
turned. That finds every neighbour, unlike a graph (HNSW), and needs no extension of PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.database import fetch

BITS = 256
WORD_BITS = 16
WORDS = BITS // WORD_BITS
FARTHEST_BITS = 2 * WORDS - 1
MOST_NEIGHBOURS = 20


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An image that looks alike, and in how many of 256 bits it differs."""

    image_id: int
    bits: int


def words(likeness: bytes) -> list[int]:
    """What a hash is indexed under: its words, each with its place above it. Raises ValueError for another length."""
    if len(likeness) != BITS // 8:
        raise ValueError(f"A likeness has {BITS} bits.")
    parts = (likeness[at : at + WORD_BITS // 8] for at in range(0, len(likeness), WORD_BITS // 8))
    return [place << WORD_BITS | int.from_bytes(part, "big") for place, part in enumerate(parts)]


def probes(likeness: bytes, bits: int) -> list[int]:
    """What to look for in the index: one of it stands in every hash at most `bits` away. Raises ValueError above 31."""
    if not 0 <= bits <= FARTHEST_BITS:
        raise ValueError(f"Neighbours are found up to {FARTHEST_BITS} bits away.")
    own = words(likeness)
    turned = [word ^ 1 << bit for word in own for bit in range(WORD_BITS)] if bits >= WORDS else []
    return own + turned


def as_bits(likeness: bytes) -> str:
    """The hash as PostgreSQL reads a `bit(256)`."""
    return f"{int.from_bytes(likeness, 'big'):0{BITS}b}"


async def remember(image_id: int, likeness: bytes) -> None:
    """Keep how an image looks. Once kept it stays; one without a hash that means anything is not kept at all."""
    await fetch(
        "INSERT INTO image_likenesses (image_id, hash, words) VALUES ($1, $2::text::bit(256), $3::int[])"
        " ON CONFLICT (image_id) DO NOTHING",
        image_id,
        as_bits(likeness),
        words(likeness),
    )


async def near(likenesses: Sequence[bytes], bits: int = FARTHEST_BITS) -> list[Neighbour]:
    """The images nearest to any of the hashes (those of a picture and of its flips), nearest first, oldest first.

    At most `MOST_NEIGHBOURS`. It says nothing of who may see them.
    """
    found: dict[int, int] = {}
    for likeness in likenesses:
        rows = await fetch(
            # Word by word: of all at once (`&&`) the planner thinks that they are in most rows, and reads a million.
            """SELECT image_id, bits FROM (
                SELECT DISTINCT found.image_id, bit_count(found.hash # $2::text::bit(256))::int AS bits
                FROM unnest($1::int[]) AS probe CROSS JOIN LATERAL (
                    SELECT l.image_id, l.hash FROM image_likenesses l WHERE l.words @> ARRAY[probe] OFFSET 0
                ) AS found
            ) AS near WHERE bits <= $3 ORDER BY bits, image_id LIMIT $4""",
            probes(likeness, bits),
            as_bits(likeness),
            bits,
            MOST_NEIGHBOURS,
        )
        for row in rows:
            found[row["image_id"]] = min(row["bits"], found.get(row["image_id"], BITS))
    nearest = sorted(found.items(), key=lambda one: (one[1], one[0]))[:MOST_NEIGHBOURS]
    return [Neighbour(image_id, apart) for image_id, apart in nearest]
