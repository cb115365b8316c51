"""Hashtags by their names: the one that is called so, those that begin so, those that have it inside; the most used first.

A hashtag is found when the viewer sees a post under it now: one that only hidden posts bear is nobody's business.
"""

from __future__ import annotations

from dataclasses import dataclass

from models import visibility
from models.database import fetch
from models.facet import LONGEST_HASHTAG, folded

MOST_CANDIDATES = 100
LEAST_INSIDE = 3  # characters that are looked for within names
COUNTED_UP_TO = 100_000
RECENT_MINUTES = 10
COUNTED_AT_ONCE = 200

FOUND = f"""WITH found AS MATERIALIZED (
    SELECT n.name, n.shown, n.uses, n.name = $2 AS same, starts_with(n.name, $2) AS begins FROM hashtag_names n
    WHERE n.name LIKE $3 OR ($4::text IS NOT NULL AND n.name LIKE $4)
    ORDER BY same DESC, begins DESC, n.uses DESC, n.name LIMIT {MOST_CANDIDATES}
) SELECT found.shown, found.uses FROM found
WHERE EXISTS (SELECT 1 FROM post_hashtags h JOIN posts p ON p.id = h.post_id
    WHERE h.hashtag = found.name AND {visibility.hashtag.sql()})
ORDER BY same DESC, begins DESC, uses DESC, name"""


@dataclass(frozen=True, slots=True)
class FoundHashtag:
    """A hashtag, and about how many public posts bear it."""

    name: str
    uses: int


async def hashtags(viewer_id: int, text: str) -> list[FoundHashtag]:
    """The hashtags of such a name, the best first."""
    name = folded("".join(text[: 2 * LONGEST_HASHTAG].split())).lstrip("#")[:LONGEST_HASHTAG]
    if not name:
        return []
    escaped = "".join(f"\\{sign}" if sign in "\\%_" else sign for sign in name)
    inside = f"%{escaped}%" if len(name) >= LEAST_INSIDE else None
    rows = await fetch(FOUND, viewer_id, name, f"{escaped}%", inside)
    return [FoundHashtag(row["shown"], row["uses"]) for row in rows]


async def count_uses() -> bool:
    """Count how often hashtags are used: those of the last minutes, and a few of those that were not counted for longest."""
    await fetch(
        """WITH picked AS (
            SELECT DISTINCT hashtag AS name FROM post_hashtags WHERE post_id > $1
            UNION (SELECT name FROM hashtag_names ORDER BY counted_at NULLS FIRST LIMIT $2)
        ), counted AS MATERIALIZED (
            SELECT picked.name, (SELECT count(*) FROM (SELECT 1 FROM post_hashtags h WHERE h.hashtag = picked.name LIMIT $3) AS first) AS uses
            FROM picked
        ), held AS (
            SELECT n.name, counted.uses FROM hashtag_names n JOIN counted USING (name) ORDER BY n.name FOR UPDATE OF n SKIP LOCKED
        ) UPDATE hashtag_names n SET uses = held.uses, counted_at = now() FROM held WHERE n.name = held.name""",
        int(await _minutes_ago(RECENT_MINUTES)),
        COUNTED_AT_ONCE,
        COUNTED_UP_TO,
    )
    return False


async def _minutes_ago(minutes: int) -> int:
    rows = await fetch(
        "SELECT (extract(epoch FROM now() - make_interval(mins => $1)) * 1000)::bigint << 16 AS id", minutes
    )
    return int(rows[0]["id"])
