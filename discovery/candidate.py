"""Candidates: where posts for somebody are looked for, each source with a bound of its own.

- *followed*: the newest of each account one follows;
- *friends*: what those one follows (and does not mute) liked or reposted lately;
- *hashtags*: the newest under hashtags of what one did something about;
- *taste*: what people like who like what one likes;
- *meaning*: what means or looks nearly the same as what one liked, kept, passed on or remixed (`discovery/kindred.py`);
- *trending*: what trends (`discovery/trend.py`);
- *newcomers*: a picture of each who came within the last month;
- *fresh*: the newest pictures of anybody, so that nobody's list is empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from discovery.kindred import kindred
from discovery.past import Past
from models.database import fetch
from models.ranked_list import FOR_YOU, Pick
from models.visibility import muting


class Source(Enum):
    """Why a post was found, the likeliest reason first."""

    FOLLOWED = "FOLLOWED"
    FRIENDS = "FRIENDS"
    HASHTAG = "HASHTAG"
    TASTE = "TASTE"
    MEANING = "MEANING"
    TRENDING = "TRENDING"
    NEWCOMER = "NEWCOMER"
    FRESH = "FRESH"


MOST_AGE_DAYS = 14
MOST_FOLLOWED = 300
NEWEST_OF_EACH = 5
MOST_FRIENDS = 500  # of those one follows, the newest
ACTS_OF_EACH = 5
MOST_OF_FRIENDS = 200
OF_EACH_HASHTAG = 20
LIKED_LOOKED_AT = 20
LIKERS_OF_EACH = 15
MOST_OF_TASTE = 100
MOST_TRENDING = 50
NEWCOMERS_LOOKED_AT = 100
MOST_FRESH = 60


@dataclass(slots=True)
class Found:
    """Candidates by post, with the first reason of `Source`'s order, how many people are behind it, and how near it
    is to what the reader liked."""

    picks: dict[int, Pick] = field(default_factory=dict)
    friends: dict[int, int] = field(default_factory=dict)
    taste: dict[int, int] = field(default_factory=dict)
    meaning: dict[int, float] = field(default_factory=dict)


_CALM = "NOT p.is_sensitive AND p.content_warning IS NULL"
_PICTURED = "EXISTS (SELECT 1 FROM post_images pi WHERE pi.post_id = p.id)"

# $1 the reader, $2 the least id of posts, $3 the least id of newcomers, $4 hashtags, $5 liked posts, $6 posts are below this id.
_SQL = f"""WITH friends AS MATERIALIZED (
    SELECT followee_id AS id, hides_reposts FROM follows WHERE follower_id = $1 AND NOT {muting("$1", "followee_id")}
    AND NOT EXISTS (SELECT 1 FROM users u WHERE u.id = followee_id AND u.gone) ORDER BY id DESC LIMIT {MOST_FRIENDS}
), alike AS MATERIALIZED (
    SELECT DISTINCT l.user_id AS id FROM unnest($5::bigint[]) AS mine (id), LATERAL (
        SELECT l.user_id FROM likes l WHERE l.post_id = mine.id AND l.user_id <> $1 ORDER BY l.id DESC LIMIT {LIKERS_OF_EACH}) AS l
), acts AS MATERIALIZED (
    SELECT friends.id AS who, a.post_id, a.reposted FROM friends, LATERAL (
        (SELECT post_id, false AS reposted FROM likes WHERE user_id = friends.id AND post_id > $2 AND post_id < $6 ORDER BY post_id DESC LIMIT {ACTS_OF_EACH})
        UNION ALL (SELECT post_id, true FROM reposts WHERE user_id = friends.id AND NOT friends.hides_reposts AND id > $2 AND id < $6
            ORDER BY id DESC LIMIT {ACTS_OF_EACH})
    ) AS a
), found AS (
    (SELECT p.id, 'FOLLOWED' AS source, 0::bigint AS through, '' AS hashtag, 1 AS people FROM follows f, LATERAL (
        SELECT p.id FROM posts p WHERE p.author_id = f.followee_id AND p.deleted_at IS NULL AND p.id > $2 AND p.id < $6
        ORDER BY p.id DESC LIMIT {NEWEST_OF_EACH}) AS p WHERE f.follower_id = $1 ORDER BY p.id DESC LIMIT {MOST_FOLLOWED})
    UNION ALL
    (SELECT post_id, 'FRIENDS', coalesce(min(who) FILTER (WHERE reposted), 0), '', count(DISTINCT who)::int FROM acts
        WHERE post_id > $2 GROUP BY post_id ORDER BY count(DISTINCT who) DESC, post_id DESC LIMIT {MOST_OF_FRIENDS})
    UNION ALL
    (SELECT h.post_id, 'HASHTAG', 0, asked.name, 1 FROM unnest($4::text[]) AS asked (name), LATERAL (
        SELECT post_id FROM post_hashtags WHERE hashtag = asked.name AND post_id > $2 AND post_id < $6 ORDER BY post_id DESC LIMIT {OF_EACH_HASHTAG}) AS h)
    UNION ALL
    (SELECT l.post_id, 'TASTE', 0, '', count(*)::int FROM alike, LATERAL (
        SELECT post_id FROM likes WHERE user_id = alike.id AND post_id > $2 AND post_id < $6 ORDER BY post_id DESC LIMIT {ACTS_OF_EACH}) AS l
        GROUP BY l.post_id ORDER BY count(*) DESC, l.post_id DESC LIMIT {MOST_OF_TASTE})
    UNION ALL
    (SELECT post_id, 'TRENDING', 0, '', 1 FROM trending_posts WHERE language = '' AND post_id < $6 ORDER BY rank DESC LIMIT {MOST_TRENDING})
    UNION ALL
    (SELECT p.id, 'NEWCOMER', 0, '', 1 FROM (SELECT u.id FROM users u WHERE u.id > $3 ORDER BY u.id DESC LIMIT {NEWCOMERS_LOOKED_AT}) AS u, LATERAL (
        SELECT p.id FROM posts p WHERE p.author_id = u.id AND p.deleted_at IS NULL AND p.id > $2 AND p.id < $6 AND {_PICTURED}
        ORDER BY p.id DESC LIMIT 1) AS p)
    UNION ALL
    (SELECT p.id, 'FRESH', 0, '', 1 FROM posts p WHERE p.deleted_at IS NULL AND p.visibility = 'PUBLIC' AND p.id > $2 AND p.id < $6
        AND p.reply_to_id IS NULL AND {_PICTURED} ORDER BY p.id DESC LIMIT {MOST_FRESH})
) SELECT found.* FROM found JOIN posts p ON p.id = found.id
    WHERE (found.source = 'FOLLOWED' OR {_CALM}) AND {FOR_YOU.sql()}"""
_LATEST = 2**63 - 1
_ORDER = {source.value: place for place, source in enumerate(Source)}


async def candidates(
    reader_id: int, past: Past, since: int, newcomers_after: int, before: int = _LATEST, *, meaning: bool = True
) -> Found:
    """Where anything was found for a reader among posts with since < id < before: two statements."""
    rows = await fetch(
        _SQL, reader_id, since, newcomers_after, list(past.hashtags), past.liked[:LIKED_LOOKED_AT], before
    )
    near = await kindred(reader_id, past.liked, since, before) if meaning else {}
    found = Found(meaning=dict(near))
    near_rows = [{"id": number, "source": "MEANING", "through": 0, "hashtag": "", "people": 1} for number in near]
    for row in sorted([*rows, *near_rows], key=lambda row: _ORDER[row["source"]]):
        number: int = row["id"]
        source: str = row["source"]
        found.picks.setdefault(number, Pick(number, source, row["through"], row["hashtag"]))
        if source == Source.FRIENDS.value:
            found.friends[number] = row["people"]
        elif source == Source.TASTE.value:
            found.taste[number] = row["people"]
    return found
