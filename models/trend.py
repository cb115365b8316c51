"""What trends: rows that `discovery/trend.py` makes anew each minute, and what of them a reader is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import visibility
from models.database import fetch, fetch_value
from models.timeline import Entry, Window
from models.transaction import transaction

GROWN_DAYS = 30
MOST_ESTABLISHED = 200  # followers that are looked at, the newest
MOST_SHOWN = 30
_TIE_BITS = 20


@dataclass(frozen=True, slots=True)
class TrendingTag:
    """A hashtag that trends in a language ('' for all together): its folded name, as it is written, and how many accounts used it."""

    language: str
    hashtag: str
    name: str
    accounts: int
    score: float


@dataclass(frozen=True, slots=True)
class TrendingPost:
    """A post that trends in a language ('' for all together)."""

    language: str
    post_id: int
    score: float

    @property
    def rank(self) -> int:
        """What pages of them are sorted by."""
        return (int(min(self.score, 1e9) * 1_000) << _TIE_BITS) | (self.post_id & ((1 << _TIE_BITS) - 1))


async def claim(seconds: float) -> bool:
    """Whether the turn is ours: nobody had it for so many seconds."""
    return bool(
        await fetch(
            "UPDATE trend_turns SET claimed_at = now() WHERE claimed_at < now() - make_interval(secs => $1) RETURNING 1",
            seconds,
        )
    )


async def weigh(user_ids: Sequence[int]) -> None:
    """Write down what these accounts weigh today: how long they are here, and how many established ones follow them."""
    rows = await fetch(
        f"""SELECT u.id, least(1.0, extract(epoch FROM now() - u.joined_at) / (86400.0 * {GROWN_DAYS}))::real AS age, (
            SELECT count(*) FROM (SELECT f.follower_id FROM follows f WHERE f.followee_id = u.id ORDER BY f.id DESC LIMIT {MOST_ESTABLISHED}) AS newest
            JOIN users f ON f.id = newest.follower_id WHERE f.joined_at < now() - interval '{GROWN_DAYS} days' AND NOT f.gone
        )::smallint AS established FROM users u WHERE u.id = ANY($1::bigint[])""",
        list(user_ids),
    )
    await fetch(
        """INSERT INTO account_weights (user_id, age_weight, established)
        SELECT * FROM unnest($1::bigint[], $2::real[], $3::smallint[]) ON CONFLICT (user_id) DO UPDATE
        SET age_weight = excluded.age_weight, established = excluded.established, weighed_at = now()""",
        [row["id"] for row in rows],
        [max(0.0, row["age"]) for row in rows],
        [row["established"] for row in rows],
    )


async def keep(tags: Sequence[TrendingTag], posts: Sequence[TrendingPost]) -> None:
    """This trends now, and nothing else."""
    async with transaction():
        await fetch("DELETE FROM trending_hashtags")
        await fetch(
            "INSERT INTO trending_hashtags (language, hashtag, name, accounts, score)"
            " SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::float8[]) ON CONFLICT DO NOTHING",
            [tag.language for tag in tags],
            [tag.hashtag for tag in tags],
            [tag.name for tag in tags],
            [tag.accounts for tag in tags],
            [tag.score for tag in tags],
        )
        await fetch("DELETE FROM trending_posts")
        await fetch(
            "INSERT INTO trending_posts (language, post_id, rank, score)"
            " SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::float8[]) ON CONFLICT DO NOTHING",
            [post.language for post in posts],
            [post.post_id for post in posts],
            [post.rank for post in posts],
            [post.score for post in posts],
        )
        await fetch("UPDATE trend_turns SET done_at = now()")


async def worked_out_at() -> datetime | None:
    """When trends were last worked out; None when they never were."""
    found: datetime | None = await fetch_value("SELECT done_at FROM trend_turns")
    return found


_NEEDLES = visibility.held_words("w.needle", "w.hides AND w.scope = 'EVERYWHERE'").replace("{v}", "$1")
# A tag that only people stand behind whom the reader does not read has nothing to show them.
_TAGS = f"""SELECT t.hashtag, t.name, t.accounts, t.score FROM trending_hashtags t WHERE t.language = $2
    AND NOT coalesce(fresque_says('#' || t.name, {_NEEDLES}), false) AND EXISTS (
        SELECT 1 FROM (SELECT h.post_id FROM post_hashtags h WHERE h.hashtag = t.hashtag ORDER BY h.post_id DESC LIMIT 50) AS newest
        JOIN posts p ON p.id = newest.post_id WHERE {visibility.hashtag.sql()}
    ) ORDER BY t.score DESC, t.hashtag LIMIT {MOST_SHOWN}"""


async def tags(viewer_id: int, language: str) -> list[TrendingTag]:
    """The hashtags that trend, strongest first, without those the reader mutes, or has nothing to read under."""
    rows = await fetch(_TAGS, viewer_id, language)
    return [TrendingTag(language, row["hashtag"], row["name"], row["accounts"], row["score"]) for row in rows]


_CALM = "NOT p.is_sensitive AND p.content_warning IS NULL"


async def posts(viewer_id: int, language: str, window: Window) -> list[Entry]:
    """The posts that trend, strongest first, as explore would show them to this reader, and none that became sensitive."""
    rows = await fetch(
        f"""SELECT t.rank AS key, t.post_id FROM trending_posts t JOIN posts p ON p.id = t.post_id
        WHERE t.language = $5 AND t.rank < $2 AND t.rank > $3 AND {_CALM} AND {visibility.explore.sql()}
        ORDER BY t.rank {window.direction} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        language,
    )
    return sorted((Entry(row["key"], row["post_id"]) for row in rows), key=lambda entry: -entry.key)
