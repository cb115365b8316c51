"""Trends: what more people than usual are at, by a formula that anybody may read, in rows that are made anew each minute.

*Hashtags.* `observed` is the weight (`discovery/weighing.py`) of the accounts that used it in a public post of the last day that is
not sensitive, halved each `TAG_HALF_LIFE_HOURS` since; `expected` is what the week before gives for such a stretch. With at
least `FEWEST_ACCOUNTS` accounts, `observed ≥ LEAST_WEIGHT` and more than expected:

    score = (observed − expected)² / max(expected, LEAST_EXPECTED)

*Posts.* The weight of those who did something about it in the last day (`WORTH`), the author apart, halved each
`POST_HALF_LIFE_HOURS` of the post's age, while it is `LEAST_WEIGHT` or more; public, no reply, not sensitive.

Both are worked out for each language, and for all together. Nothing is kept from turn to turn but the weights of accounts, so
a turn that was broken off is simply done again. What a reader is shown of it is asked when they read (`models/trend.py`).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any, TypeVar

from discovery.weighing import Voice, strongest, weight_of
from models import trend, visibility
from models.database import fetch
from models.facet import folded
from models.trend import TrendingPost, TrendingTag

TAG_HALF_LIFE_HOURS = 4.0
POST_HALF_LIFE_HOURS = 6.0
WINDOW_HOURS = 24
USUAL_DAYS = 7
FEWEST_ACCOUNTS = 3
LEAST_WEIGHT = 1.0
LEAST_EXPECTED = 0.5
TURN_SECONDS = 60
MOST_ROWS = 50_000  # of each kind that one turn looks at, the newest
MOST_VOICES = 1_000  # of one crowd
MOST_CROWDS = 60  # that are looked at closely
MOST_USUAL_POSTS = 2_000  # of one hashtag in the week before
MOST_KEPT = 50  # of each kind in each language
MOST_WEIGHED = 500  # accounts in one go
ALL = ""
Kept = TypeVar("Kept", TrendingTag, TrendingPost)
WORTH = {"remix": 4.0, "save": 3.0, "repost": 2.0, "quote": 2.0, "reply": 1.5, "like": 1.0}

# What a hashtag that is used evenly all day would have of a day's weight.
SHARE_OF_A_DAY = TAG_HALF_LIFE_HOURS / log(2) / 24


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who is at something, by the language of what they wrote or did something about."""

    key: str
    language: str
    voices: Sequence[Voice]


def id_at(seconds: float) -> int:
    """The least id that can be given at this moment of the epoch."""
    return max(0, int(seconds * 1_000)) << 16


def score(observed: float, expected: float, accounts: int) -> float:
    """How much more than usual; 0 where that is no trend."""
    if accounts < FEWEST_ACCOUNTS or observed < LEAST_WEIGHT or observed <= expected:
        return 0.0
    return (observed - expected) ** 2 / max(expected, LEAST_EXPECTED)


_CALM = """NOT p.is_sensitive AND p.content_warning IS NULL AND NOT EXISTS (SELECT 1 FROM post_images pi
    JOIN images i ON i.id = pi.image_id WHERE pi.post_id = p.id AND i.sensitive)"""
_OPEN = f"p.deleted_at IS NULL AND p.visibility = 'PUBLIC' AND {visibility.author_listed.sql()} AND {_CALM}"

_USES = f"""WITH recent AS MATERIALIZED (
    SELECT p.id, p.author_id, p.language FROM posts p WHERE p.id > $1 AND {_OPEN} ORDER BY p.id DESC LIMIT {MOST_ROWS}
), uses AS MATERIALIZED (
    SELECT h.hashtag, r.author_id, max(r.id) AS newest, (array_agg(r.language ORDER BY r.id DESC))[1] AS language
    FROM recent r JOIN post_hashtags h ON h.post_id = r.id GROUP BY h.hashtag, r.author_id
)"""
_ACTS = f"""WITH acts AS MATERIALIZED (
    (SELECT post_id, user_id, {WORTH["like"]} AS worth FROM likes WHERE id > $1 ORDER BY id DESC LIMIT {MOST_ROWS})
    UNION ALL (SELECT post_id, user_id, {WORTH["repost"]} FROM reposts WHERE id > $1 ORDER BY id DESC LIMIT {MOST_ROWS})
    UNION ALL (SELECT post_id, user_id, {WORTH["save"]} FROM bookmarks WHERE id > $1 ORDER BY id DESC LIMIT {MOST_ROWS})
    UNION ALL (SELECT said.about, p.author_id, said.worth FROM (SELECT * FROM posts WHERE id > $1 AND deleted_at IS NULL
        AND visibility = 'PUBLIC' ORDER BY id DESC LIMIT {MOST_ROWS}) AS p, LATERAL (
            SELECT p.reply_to_id AS about, {WORTH["reply"]} AS worth WHERE p.reply_to_id IS NOT NULL
            UNION ALL SELECT p.quoted_post_id, {WORTH["quote"]} WHERE p.quoted_post_id IS NOT NULL AND NOT p.is_detached
            UNION ALL SELECT m.source_post_id, {WORTH["remix"]} FROM remix_posts m WHERE m.post_id = p.id AND m.counted
        ) AS said)
), best AS MATERIALIZED (SELECT post_id, user_id, max(worth) AS worth FROM acts GROUP BY post_id, user_id)"""

_ACTIVE = f"""{_ACTS}, {_USES.removeprefix("WITH ")}
    SELECT user_id AS id FROM best UNION SELECT author_id FROM uses"""
_UNWEIGHED = f"""SELECT active.id FROM ({_ACTIVE}) AS active LEFT JOIN account_weights w ON w.user_id = active.id
    WHERE w.user_id IS NULL OR w.weighed_at < now() - interval '1 day' LIMIT {MOST_WEIGHED}"""

_TAGS = f"""{_USES}, crowds AS (
    SELECT u.hashtag FROM uses u JOIN account_weights w ON w.user_id = u.author_id
    GROUP BY u.hashtag HAVING count(*) >= {FEWEST_ACCOUNTS} ORDER BY sum(w.age_weight * least(w.established, 16)) DESC LIMIT {MOST_CROWDS}
) SELECT found.* FROM crowds, LATERAL (
    SELECT u.hashtag AS key, u.language, u.author_id AS account_id, u.newest AS id, 1.0::float AS worth, w.age_weight, w.established
    FROM uses u JOIN account_weights w ON w.user_id = u.author_id WHERE u.hashtag = crowds.hashtag
    ORDER BY w.age_weight * w.established DESC LIMIT {MOST_VOICES}
) AS found"""
_POSTS = f"""{_ACTS}, crowds AS (
    SELECT b.post_id, p.language FROM best b JOIN account_weights w ON w.user_id = b.user_id JOIN posts p ON p.id = b.post_id
    WHERE b.user_id <> p.author_id AND p.id > $2 AND p.reply_to_id IS NULL AND {_OPEN}
    GROUP BY b.post_id, p.language HAVING count(*) >= {FEWEST_ACCOUNTS}
    ORDER BY sum(b.worth * w.age_weight * least(w.established, 16)) DESC LIMIT {MOST_CROWDS}
) SELECT found.* FROM crowds, LATERAL (
    SELECT crowds.post_id::text AS key, crowds.language, b.user_id AS account_id, crowds.post_id AS id, b.worth::float AS worth,
        w.age_weight, w.established
    FROM best b JOIN account_weights w ON w.user_id = b.user_id JOIN posts p ON p.id = b.post_id
    WHERE b.post_id = crowds.post_id AND b.user_id <> p.author_id
    ORDER BY b.worth * w.age_weight * w.established DESC LIMIT {MOST_VOICES}
) AS found"""
_USUAL = f"""SELECT asked.hashtag, found.language, sum(coalesce(w.age_weight, 0.5)) / {USUAL_DAYS} AS daily
    FROM unnest($1::text[]) AS asked (hashtag), LATERAL (
        SELECT DISTINCT p.language, p.author_id, (p.id >> 16) / 86400000 AS day FROM (
            SELECT h.post_id FROM post_hashtags h WHERE h.hashtag = asked.hashtag AND h.post_id <= $2 AND h.post_id > $3
            ORDER BY h.post_id DESC LIMIT {MOST_USUAL_POSTS}
        ) AS borne JOIN posts p ON p.id = borne.post_id
    ) AS found LEFT JOIN account_weights w ON w.user_id = found.author_id GROUP BY asked.hashtag, found.language"""
_RINGS = """WITH asked AS (SELECT * FROM unnest($1::int[], $2::bigint[]) AS a (crowd, account_id))
    SELECT one.crowd, one.account_id, count(*) AS insiders FROM asked one JOIN asked other ON other.crowd = one.crowd
    JOIN follows f ON f.follower_id = other.account_id AND f.followee_id = one.account_id GROUP BY one.crowd, one.account_id"""
_NAMES = """SELECT asked.hashtag, facet ->> 'value' AS name FROM unnest($1::text[]) AS asked (hashtag), LATERAL (
        SELECT h.post_id FROM post_hashtags h WHERE h.hashtag = asked.hashtag ORDER BY h.post_id DESC LIMIT 1
    ) AS borne JOIN posts p ON p.id = borne.post_id, jsonb_array_elements(p.facets) AS facet WHERE facet ->> 'kind' = 'hashtag'"""


async def turn() -> bool:
    """Work out what trends now, if nobody else does; False: there is time until the next turn."""
    if not await trend.claim(TURN_SECONDS * 3 // 4):
        return False
    now = time.time()
    since = id_at(now - WINDOW_HOURS * 3_600)
    await weigh(since)
    tags = await _tags(now, since)
    posts = await _posts(now, since)
    await trend.keep(tags, posts)
    return False


async def weigh(since: int) -> int:
    """Weigh the accounts that did something and were not weighed for a day, as many as one go may; how many these were."""
    for_weighing = [row["id"] for row in await fetch(_UNWEIGHED, since)]
    if for_weighing:
        await trend.weigh(for_weighing)
    return len(for_weighing)


def _crowds(rows: Iterable[Mapping[str, Any]], now: float) -> dict[str, list[tuple[str, Voice]]]:
    found: dict[str, list[tuple[str, Voice]]] = defaultdict(list)
    for row in rows:
        hours = (now - (row["id"] >> 16) / 1_000) / 3_600
        voice = Voice(row["account_id"], row["age_weight"], row["established"], row["worth"], hours)
        found[row["key"]].append((row["language"], voice))
    return found


async def _rings(
    crowds: Mapping[str, Sequence[tuple[str, Voice]]], half_life_hours: float
) -> dict[str, dict[int, int]]:
    """Of the strongest of each crowd: how many of their followers are among them."""
    keys = list(crowds)
    asked = [
        (place, voice.account_id)
        for place, key in enumerate(keys)
        for voice in strongest([voice for _, voice in crowds[key]], half_life_hours)
    ]
    found: dict[str, dict[int, int]] = {key: {} for key in keys}
    for row in await fetch(_RINGS, [place for place, _ in asked], [account for _, account in asked]):
        found[keys[row["crowd"]]][row["account_id"]] = row["insiders"]
    return found


def by_language(key: str, crowd: Sequence[tuple[str, Voice]]) -> list[Crowd]:
    """The whole crowd, and its parts by language."""
    parts: dict[str, list[Voice]] = defaultdict(list)
    for language, voice in crowd:
        parts[language].append(voice)
        parts[ALL].append(voice)
    return [Crowd(key, language, voices) for language, voices in parts.items()]


async def _tags(now: float, since: int) -> list[TrendingTag]:
    crowds = _crowds(await fetch(_TAGS, since), now)
    rings = await _rings(crowds, TAG_HALF_LIFE_HOURS)
    usual: dict[tuple[str, str], float] = defaultdict(float)
    for row in await fetch(_USUAL, list(crowds), since, id_at(now - WINDOW_HOURS * 3_600 - USUAL_DAYS * 86_400)):
        usual[row["hashtag"], row["language"]] += row["daily"] * SHARE_OF_A_DAY
        usual[row["hashtag"], ALL] += row["daily"] * SHARE_OF_A_DAY
    names = {folded(row["name"]): row["name"] for row in await fetch(_NAMES, list(crowds))}
    found = []
    for key, crowd in crowds.items():
        for part in by_language(key, crowd):
            observed = weight_of(part.voices, TAG_HALF_LIFE_HOURS, rings[key])
            worth = score(observed, usual[key, part.language], len(part.voices))
            if worth > 0:
                found.append(TrendingTag(part.language, key, names.get(key, key), len(part.voices), worth))
    return _best(found)


async def _posts(now: float, since: int) -> list[TrendingPost]:
    crowds = _crowds(await fetch(_POSTS, since, id_at(now - 3 * WINDOW_HOURS * 3_600)), now)
    rings = await _rings(crowds, POST_HALF_LIFE_HOURS)
    found = []
    for key, crowd in crowds.items():
        weight = weight_of([voice for _, voice in crowd], POST_HALF_LIFE_HOURS, rings[key])
        if weight >= LEAST_WEIGHT and len(crowd) >= FEWEST_ACCOUNTS:
            found += [TrendingPost(language, int(key), weight) for language in (ALL, crowd[0][0])]
    return _best(found)


def _best(found: Iterable[Kept]) -> list[Kept]:
    """The best of each language."""
    parts: dict[str, list[Kept]] = defaultdict(list)
    for one in sorted(found, key=lambda one: -one.score):
        if len(parts[one.language]) < MOST_KEPT:
            parts[one.language].append(one)
    return [one for part in parts.values() for one in part]
