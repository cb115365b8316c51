"""The past of a reader: whom, which hashtags and what they did something about, out of their newest acts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from models.database import fetch

MOST_ACTS = 100  # of each kind, about the newest posts
MOST_HASHTAGS = 10
WORTH = {"like": 1.0, "save": 2.0, "repost": 2.0, "reply": 2.0, "remix": 3.0}


@dataclass(frozen=True, slots=True)
class Past:
    """What somebody did: worth of acts by author, share of acts by hashtag, and the posts they liked, kept or remixed, newest
    first."""

    affinity: dict[int, float] = field(default_factory=dict)
    hashtags: dict[str, float] = field(default_factory=dict)
    liked: list[int] = field(default_factory=list)


_ACTS = f"""WITH acts AS MATERIALIZED (
    (SELECT post_id, {WORTH["like"]} AS worth, true AS liked FROM likes WHERE user_id = $1 AND post_id < $2 ORDER BY post_id DESC LIMIT {MOST_ACTS})
    UNION ALL (SELECT post_id, {WORTH["save"]}, true FROM bookmarks WHERE user_id = $1 AND post_id < $2 ORDER BY post_id DESC LIMIT {MOST_ACTS})
    UNION ALL (SELECT post_id, {WORTH["repost"]}, false FROM reposts WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT {MOST_ACTS})
    UNION ALL (SELECT reply_to_id, {WORTH["reply"]}, false FROM posts WHERE author_id = $1 AND deleted_at IS NULL AND id < $2
        AND reply_to_id IS NOT NULL ORDER BY id DESC LIMIT {MOST_ACTS})
    UNION ALL (SELECT r.source_post_id, {WORTH["remix"]}, true FROM (SELECT id FROM posts WHERE author_id = $1 AND deleted_at IS NULL AND id < $2
        ORDER BY id DESC LIMIT {MOST_ACTS}) AS mine JOIN remix_posts r ON r.post_id = mine.id)
) SELECT p.id, p.author_id, sum(acts.worth)::float AS worth, bool_or(acts.liked) AS liked,
    ARRAY(SELECT h.hashtag FROM post_hashtags h WHERE h.post_id = p.id) AS hashtags
FROM acts JOIN posts p ON p.id = acts.post_id WHERE p.deleted_at IS NULL AND p.author_id <> $1 GROUP BY p.id ORDER BY p.id DESC"""

_LATEST = 2**63 - 1


async def past(reader_id: int, before: int = _LATEST) -> Past:
    """What this reader did about posts below the id `before`: one statement."""
    found = Past()
    tags: Counter[str] = Counter()
    for row in await fetch(_ACTS, reader_id, before):
        found.affinity[row["author_id"]] = found.affinity.get(row["author_id"], 0.0) + row["worth"]
        tags.update(row["hashtags"])
        if row["liked"]:
            found.liked.append(row["id"])
    most = tags.most_common(MOST_HASHTAGS)
    found.hashtags.update((name, count / most[0][1]) for name, count in most)
    return found
