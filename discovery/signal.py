"""Signals: what a post is judged by when it is picked for somebody, and how much each counts. This table is the ranking.

Weights begin with those that X published in 2023 (like 0.5, repost 1, reply 13.5; out of network × 0.75; one author's
next post × 0.75 · 0.5ᵏ + 0.25), made for pictures: to remix or to keep one says most. They stand for the worth of an act; a
signal is how likely it seems, or how near the post is to the reader, always from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any

from models.database import fetch

PRIOR_READERS = 20
"""Readers that every author is taken to have beside their followers, so that the first like is not everything."""

NOTHING_NEAR: Mapping[int, float] = MappingProxyType({})


class Signal(Enum):
    """One thing that a post is judged by."""

    REMIXES = "REMIXES"
    SAVES = "SAVES"
    REPLIES = "REPLIES"
    QUOTES = "QUOTES"
    REPOSTS = "REPOSTS"
    LIKES = "LIKES"
    AFFINITY = "AFFINITY"
    FOLLOWED = "FOLLOWED"
    FRIENDS = "FRIENDS"
    HASHTAGS = "HASHTAGS"
    TASTE = "TASTE"
    MEANING = "MEANING"
    TRENDING = "TRENDING"
    NEWCOMER = "NEWCOMER"
    PICTURE = "PICTURE"
    PRESENCE = "PRESENCE"


TABLE: Mapping[Signal, tuple[float, str]] = {
    Signal.REMIXES: (30.0, "remixes for each reader of the author"),
    Signal.SAVES: (20.0, "how many keep it, for each reader"),
    Signal.REPLIES: (13.5, "replies for each reader"),
    Signal.QUOTES: (4.0, "quotes for each reader"),
    Signal.REPOSTS: (1.0, "reposts for each reader"),
    Signal.LIKES: (0.5, "likes for each reader"),
    Signal.AFFINITY: (3.0, "how much the reader did about this author's posts: 1 - 2^(-acts / 4)"),
    Signal.FOLLOWED: (1.0, "whether the reader follows the author"),
    Signal.FRIENDS: (1.5, "how many whom the reader follows liked or reposted it: 1 - 2^(-people)"),
    Signal.HASHTAGS: (1.0, "whether it bears a hashtag of what the reader did something about"),
    Signal.TASTE: (1.0, "how many who like what the reader likes liked it: 1 - 2^(-people / 2)"),
    Signal.MEANING: (
        1.5,
        "how near it means or looks to what the reader liked, kept or remixed lately: from 0, the farthest, to 1",
    ),
    Signal.TRENDING: (1.0, "how strongly it trends: score / (score + 5)"),
    Signal.NEWCOMER: (0.5, "whether its author came within the last month"),
    Signal.PICTURE: (1.0, "whether it has a picture"),
    Signal.PRESENCE: (0.2, "1 for every post, so that the newest goes first where nothing else is known"),
}
WEIGHTS: Mapping[Signal, float] = {signal: weight for signal, (weight, _) in TABLE.items()}

HALF_LIFE_HOURS = 18.0
"""The whole score is halved each so many hours of a post's age."""
OUT_OF_NETWORK_FACTOR = 0.75
SEEN_FACTOR = 0.1
NEXT_FACTOR, LEAST_FACTOR = 0.75, 0.25
"""The k-th post of an author in a list counts `NEXT_FACTOR · 0.5ᵏ + LEAST_FACTOR`."""


@dataclass(slots=True)
class Judged:
    """A post with its signals. `known` are those that are 0 unless something is known."""

    post_id: int
    author_id: int
    hours: float
    seen: bool
    hashtags: Sequence[str]
    known: dict[Signal, float]

    def score(self, weights: Mapping[Signal, float], half_life_hours: float) -> float:
        """Signals times weights, halved with age."""
        whole = sum(weight * self.known.get(signal, 0.0) for signal, weight in weights.items())
        return whole * float(2 ** (-max(0.0, self.hours) / half_life_hours))


def near(count: float, half: float) -> float:
    """From 0 to 1, a half at `half`."""
    return float(1.0 - 2.0 ** (-count / half))


_SIGNALS = f"""SELECT p.id, p.author_id, greatest(0, extract(epoch FROM now()) - (p.id >> 16) / 1000.0) / 3600.0 AS hours,
    counts.likes, counts.reposts, counts.replies, counts.quotes, counts.remixes, kept.saves, coalesce(readers.followers, 0) + {PRIOR_READERS} AS readers,
    EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = $1 AND f.followee_id = p.author_id) AS followed,
    EXISTS (SELECT 1 FROM seen_posts s WHERE s.viewer_id = $1 AND s.post_id = p.id) AS seen,
    EXISTS (SELECT 1 FROM post_images pi WHERE pi.post_id = p.id) AS picture,
    p.author_id > $3 AS newcomer, coalesce(t.score, 0) AS trending,
    ARRAY(SELECT h.hashtag FROM post_hashtags h WHERE h.post_id = p.id ORDER BY h.hashtag) AS hashtags
    FROM unnest($2::bigint[]) AS asked (id) JOIN posts p ON p.id = asked.id
    LEFT JOIN post_counts counts ON counts.subject_id = p.id LEFT JOIN user_counts readers ON readers.subject_id = p.author_id
    LEFT JOIN trending_posts t ON t.language = '' AND t.post_id = p.id
    CROSS JOIN LATERAL (SELECT count(*) AS saves FROM (SELECT 1 FROM bookmarks b WHERE b.post_id = p.id LIMIT 1000) AS few) AS kept"""


async def judge(
    viewer_id: int,
    post_ids: Sequence[int],
    newcomers_after: int,
    affinity: Mapping[int, float],
    friends: Mapping[int, int],
    taste: Mapping[int, int],
    liked_hashtags: Mapping[str, float],
    meaning: Mapping[int, float] = NOTHING_NEAR,
) -> list[Judged]:
    """The signals of these posts for this reader: one statement. What the reader did before is handed in."""
    rows = await fetch(_SIGNALS, viewer_id, list(post_ids), newcomers_after)
    return [_judged(row, affinity, friends, taste, liked_hashtags, meaning) for row in rows]


def _judged(
    row: Any,
    affinity: Mapping[int, float],
    friends: Mapping[int, int],
    taste: Mapping[int, int],
    liked_hashtags: Mapping[str, float],
    meaning: Mapping[int, float],
) -> Judged:
    readers = row["readers"]

    def rate(count: int | None) -> float:
        return float(min(1.0, max(0, count or 0) / readers))

    known = {
        Signal.REMIXES: rate(row["remixes"]),
        Signal.SAVES: rate(row["saves"]),
        Signal.REPLIES: rate(row["replies"]),
        Signal.QUOTES: rate(row["quotes"]),
        Signal.REPOSTS: rate(row["reposts"]),
        Signal.LIKES: rate(row["likes"]),
        Signal.AFFINITY: near(affinity.get(row["author_id"], 0.0), 4.0),
        Signal.FOLLOWED: float(row["followed"]),
        Signal.FRIENDS: near(friends.get(row["id"], 0), 1.0),
        Signal.HASHTAGS: max((liked_hashtags.get(name, 0.0) for name in row["hashtags"]), default=0.0),
        Signal.TASTE: near(taste.get(row["id"], 0), 2.0),
        Signal.MEANING: meaning.get(row["id"], 0.0),
        Signal.TRENDING: row["trending"] / (row["trending"] + 5.0),
        Signal.NEWCOMER: float(row["newcomer"]),
        Signal.PICTURE: float(row["picture"]),
        Signal.PRESENCE: 1.0,
    }
    return Judged(row["id"], row["author_id"], float(row["hours"]), row["seen"], row["hashtags"], known)
