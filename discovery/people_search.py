"""People by their names: whoever is called just so, then by closeness (followed, followed by somebody followed), then by followers.

Whoever is gone is not found, nor whom the viewer blocks or who blocks them. Private accounts are found by name, as they are
by their address. Whom moderators limited is found by who follows them, and by their whole handle.
"""

from __future__ import annotations

from models import facet
from models.database import fetch, fetch_value
from models.transaction import transaction

LONGEST_NAME = 60  # characters that are looked at
MOST_WORDS = 4
MOST_CANDIDATES = 100  # of those followed, and of the others
NEWEST_FOLLOWERS = 100  # of a candidate, who are looked at for somebody the viewer follows
LEAST_ALIKE = 4  # characters of a name that may be misspelt

_APART = """NOT u.gone AND NOT EXISTS (SELECT 1 FROM blocks e WHERE (e.blocker_id, e.blocked_id) IN ((u.id, $1), ($1, u.id)))"""
_FOUND = f"{_APART} AND u.limited_at IS NULL"
_NAMED = "u.named"
_BEGINS = f"""{_NAMED} LIKE $2 AND ($3::text IS NULL OR {_NAMED} LIKE $3) AND ($4::text IS NULL OR {_NAMED} LIKE $4)
    AND ($5::text IS NULL OR {_NAMED} LIKE $5)"""
_RANKED = f"""SELECT found.id, max(found.close) AS close, max(c.followers) AS followers FROM (
    (SELECT u.id, 2 AS close FROM follows f JOIN users u ON u.id = f.followee_id
        WHERE f.follower_id = $1 AND {_BEGINS} AND {_APART} LIMIT {MOST_CANDIDATES})
    UNION ALL
    (SELECT u.id, 0 FROM user_counts c JOIN users u ON u.id = c.subject_id WHERE {_BEGINS} AND {_FOUND}
        ORDER BY c.followers DESC, c.subject_id LIMIT {MOST_CANDIDATES})
    UNION ALL SELECT u.id, 0 FROM users u WHERE u.handle = $6 AND {_APART}
) AS found JOIN user_counts c ON c.subject_id = found.id GROUP BY found.id"""
PEOPLE = f"""WITH found AS MATERIALIZED ({_RANKED}), closer AS (
    SELECT found.*, CASE WHEN close > 0 OR $1 = 0 THEN close WHEN EXISTS (SELECT 1 FROM (
        SELECT e.follower_id FROM follows e WHERE e.followee_id = found.id ORDER BY e.id DESC LIMIT {NEWEST_FOLLOWERS}
    ) AS near JOIN follows mine ON mine.follower_id = $1 AND mine.followee_id = near.follower_id) THEN 1 ELSE 0 END AS closeness
    FROM found
) SELECT u.id FROM closer JOIN users u ON u.id = closer.id
ORDER BY u.handle = $6 DESC, u.id = $1, closeness DESC, followers DESC, u.id"""
"""People whose names have words that begin so."""
_ALIKE = f"""SELECT u.id FROM users u JOIN user_counts c ON c.subject_id = u.id WHERE {_NAMED} %> $2 AND {_FOUND}
ORDER BY word_similarity($2, {_NAMED}) DESC, c.followers DESC LIMIT {MOST_CANDIDATES}"""


async def people(viewer_id: int, text: str) -> list[int]:
    """The ids of people with such a name, the best first; of a name that nobody has, those whose names look alike."""
    cleaned = facet.clean(text[:LONGEST_NAME])
    tokens = await fetch_value("SELECT fresque_tokens($1)", cleaned) or []
    if not tokens:
        return []
    words: list[str | None] = [f"% {_plain(token)}%" for token in tokens[:MOST_WORDS]]
    words += [None] * (MOST_WORDS - len(words))
    handle = cleaned.strip().removeprefix("@").lower()
    async with transaction():
        await fetch("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)")
        rows = await fetch(PEOPLE, viewer_id, *words, handle)
        alike = " ".join(tokens)
        if not rows and len(alike) >= LEAST_ALIKE:
            rows = await fetch(_ALIKE, viewer_id, alike)
    return [row["id"] for row in rows]


def _plain(word: str) -> str:
    for sign in "\\%_":
        word = word.replace(sign, f"\\{sign}")
    return word
