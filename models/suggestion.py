"""Whom one might follow, and why: found in a bounded number of rows, whatever the size of the place.

Looked through are the newest of whom one follows and of whom they follow, what one liked last and the hashtags on it, and
whom new people follow. Nobody is suggested whom one follows, mutes or dismissed, or whom a block parts from one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from errors import BadInput
from models.database import fetch
from models.visibility import muting

MOST_SUGGESTED = 30
NEW_DAYS = 30


class SuggestionReason(Enum):
    """Why somebody is suggested."""

    FOLLOWED_BY_FOLLOWED = "FOLLOWED_BY_FOLLOWED"
    LIKED = "LIKED"
    HASHTAGS = "HASHTAGS"
    POPULAR = "POPULAR"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody to follow. `followed_by` are at most 3 of `followed_by_count` whom the viewer follows; `hashtags` at most 3."""

    user_id: int
    reason: SuggestionReason
    followed_by_count: int
    followed_by: Sequence[int]
    hashtags: Sequence[str]


# Whom several of those one follows also follow comes before whose posts one likes, these before a shared hashtag, and that
# before what is popular; within each, the more the sooner.
_SQL = f"""WITH mine AS MATERIALIZED (
    SELECT f.followee_id AS id FROM follows f JOIN users u ON u.id = f.followee_id AND NOT u.gone WHERE f.follower_id = $1
    AND NOT {muting("$1", "f.followee_id")} ORDER BY f.id DESC LIMIT 200
), near AS (
    SELECT theirs.id, count(*)::int AS many, (array_agg(mine.id))[1:3] AS names FROM mine CROSS JOIN LATERAL (
        SELECT f.followee_id AS id FROM follows f WHERE f.follower_id = mine.id ORDER BY f.id DESC LIMIT 50
    ) AS theirs GROUP BY theirs.id ORDER BY many DESC, theirs.id DESC LIMIT 300
), liked AS MATERIALIZED (
    SELECT post_id FROM likes WHERE user_id = $1 ORDER BY post_id DESC LIMIT 50
), admired AS (
    SELECT p.author_id AS id, count(*)::int AS many FROM liked JOIN posts p ON p.id = liked.post_id
    WHERE p.deleted_at IS NULL GROUP BY p.author_id
), used AS (
    SELECT post_id FROM liked UNION (SELECT p.id FROM posts p WHERE p.author_id = $1 AND p.deleted_at IS NULL ORDER BY p.id DESC LIMIT 50)
), tags AS MATERIALIZED (
    SELECT h.hashtag FROM used JOIN post_hashtags h ON h.post_id = used.post_id GROUP BY h.hashtag ORDER BY count(*) DESC, h.hashtag LIMIT 10
), tagged AS (
    SELECT p.author_id AS id, count(*)::int AS many, (array_agg(DISTINCT tags.hashtag))[1:3] AS hashtags
    FROM tags CROSS JOIN LATERAL (
        SELECT h.post_id FROM post_hashtags h WHERE h.hashtag = tags.hashtag ORDER BY h.post_id DESC LIMIT 40
    ) AS latest JOIN posts p ON p.id = latest.post_id WHERE p.deleted_at IS NULL GROUP BY p.author_id
), popular AS (
    SELECT latest.followee_id AS id, count(*)::int AS many FROM (
        SELECT followee_id, follower_id FROM follows ORDER BY id DESC LIMIT 1000
    ) AS latest JOIN users u ON u.id = latest.follower_id AND u.joined_at > now() - interval '{NEW_DAYS} days'
    GROUP BY latest.followee_id ORDER BY many DESC, latest.followee_id DESC LIMIT 200
), candidates AS (
    SELECT id, 1 AS turn, 'FOLLOWED_BY_FOLLOWED' AS reason, many, names, '{{}}'::text[] AS hashtags FROM near WHERE many > 1
    UNION ALL SELECT id, 2, 'LIKED', many, '{{}}', '{{}}' FROM admired
    UNION ALL SELECT id, 3, 'FOLLOWED_BY_FOLLOWED', many, names, '{{}}' FROM near WHERE many = 1
    UNION ALL SELECT id, 4, 'HASHTAGS', many, '{{}}', hashtags FROM tagged
    UNION ALL SELECT id, 5, 'POPULAR', many, '{{}}', '{{}}' FROM popular
), best AS (
    SELECT DISTINCT ON (id) * FROM candidates ORDER BY id, turn
) SELECT best.* FROM best JOIN users u ON u.id = best.id WHERE best.id <> $1 AND NOT u.gone AND NOT u.is_private AND u.limited_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM follows e WHERE e.follower_id = $1 AND e.followee_id = best.id)
    AND NOT EXISTS (SELECT 1 FROM blocks e WHERE (e.blocker_id, e.blocked_id) IN (($1, best.id), (best.id, $1)))
    AND NOT EXISTS (SELECT 1 FROM follow_requests e WHERE e.requester_id = $1 AND e.target_id = best.id)
    AND NOT {muting("$1", "best.id")}
    AND NOT EXISTS (SELECT 1 FROM dismissed_suggestions e WHERE e.user_id = $1 AND e.dismissed_id = best.id)
    ORDER BY best.turn, best.many DESC, best.id DESC LIMIT $2"""


async def suggestions(viewer_id: int, count: int) -> list[Suggestion]:
    """Whom the viewer might follow, the likeliest first. Raises BadInput for a count outside 1–30."""
    if not 1 <= count <= MOST_SUGGESTED:
        raise BadInput(f"`count` is between 1 and {MOST_SUGGESTED}.", ["count"])
    return [
        Suggestion(
            row["id"],
            SuggestionReason(row["reason"]),
            row["many"] if row["names"] else 0,
            row["names"],
            row["hashtags"],
        )
        for row in await fetch(_SQL, viewer_id, count)
    ]


async def dismiss(viewer_id: int, user_id: int) -> None:
    """Never suggest somebody to the viewer again; twice is the same as once."""
    await fetch(
        "INSERT INTO dismissed_suggestions (user_id, dismissed_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        viewer_id,
        user_id,
    )
