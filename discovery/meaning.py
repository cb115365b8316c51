"""Meaning: posts that mean what is asked, mixed with those that say it, and pictures that look alike.

Two rankings, by words and by nearness, are mixed by the reciprocals of their places: what both find comes first. Operators narrow both,
and permission is asked of what is found in the same statement. What a prompt means counts only for those who may know it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from discovery import encoder, post_search
from discovery.query import Every, Phrase, Tag, Word, plain_words
from discovery.ranking import MOST_RANKED
from models import visibility
from models.consent import tells_prompt_sql
from models.database import fetch
from models.timeline import NEWEST, Window
from models.transaction import transaction

CANDIDATES = 300
BY_WORDS = 100
FARTHEST = 0.65  # cosine distance of what still means the same
FARTHEST_PICTURE = 0.6
SOFTENED = 60  # the usual constant of mixing by reciprocal places
DUE_AT_ONCE = 32
NEWS_HOURS = 24  # a post whose meaning is worked out later is no news

_NEAR = f"""WITH near AS MATERIALIZED (
    SELECT m.post_id, m.{{column}} <=> $11::text::vector AS far FROM post_meanings m JOIN post_words w ON w.post_id = m.post_id
    WHERE w.post_id < $2 AND w.post_id > $3 AND {post_search.ASKED} AND m.{{column}} IS NOT NULL
    ORDER BY m.{{column}} <=> $11::text::vector LIMIT $4
) SELECT p.id FROM near JOIN posts p ON p.id = near.post_id
WHERE near.far < {FARTHEST} AND {visibility.searched.sql()} AND {{told}} ORDER BY near.far"""
NEAR_SAID = _NEAR.format(column="said", told="true")
NEAR_PROMPT = _NEAR.format(column="prompt", told=tells_prompt_sql())
ALIKE = f"""WITH near AS MATERIALIZED (
    SELECT m.image_id, m.looks <=> (SELECT looks FROM picture_meanings WHERE image_id = $2) AS far FROM picture_meanings m
    WHERE m.image_id <> $2 AND m.looks IS NOT NULL
    ORDER BY m.looks <=> (SELECT looks FROM picture_meanings WHERE image_id = $2) LIMIT {CANDIDATES}
) SELECT p.id, min(near.far) AS far FROM near JOIN post_images pi ON pi.image_id = near.image_id JOIN posts p ON p.id = pi.post_id
WHERE near.far < {FARTHEST_PICTURE} AND {visibility.searched.sql()}
    AND NOT EXISTS (SELECT 1 FROM post_images same WHERE same.post_id = p.id AND same.image_id = $2)
GROUP BY p.id ORDER BY far, p.id DESC LIMIT {MOST_RANKED}"""
_SETTINGS = """SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('hnsw.ef_search', '200', true),
    set_config('hnsw.iterative_scan', 'strict_order', true)"""


async def best(viewer_id: int, tree: Every) -> list[int]:
    """The posts that fit a query best; none for one without words."""
    text = plain_words(tree)
    if not text.strip():
        return []
    narrow = replace(tree, parts=tuple(part for part in tree.parts if not isinstance(part, Word | Phrase | Tag)))
    asked = await post_search.plan(viewer_id, narrow)
    saying = await post_search.posts(viewer_id, await post_search.plan(viewer_id, tree), Window(BY_WORDS))
    (vector,) = await asyncio.to_thread(encoder.texts, [text])
    arguments = (
        viewer_id,
        asked.older_than or NEWEST,
        asked.newer_than or 0,
        CANDIDATES,
        *post_search.arguments(asked),
        vector,
    )
    async with transaction():
        await fetch(_SETTINGS)
        said = [row["id"] for row in await fetch(NEAR_SAID, *arguments)]
        prompted = [row["id"] for row in await fetch(NEAR_PROMPT, *arguments)]
    return mixed([[entry.post_id for entry in saying], said, prompted])[:MOST_RANKED]


def mixed(rankings: Sequence[Sequence[int]]) -> list[int]:
    """Rankings as one: each gives what it has the reciprocal of its place."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for place, number in enumerate(ranking, 1):
            scores[number] = scores.get(number, 0.0) + 1 / (SOFTENED + place)
    return sorted(scores, key=lambda number: (-scores[number], -number))


async def alike(viewer_id: int, image_id: int) -> list[int]:
    """The posts with pictures that look like this one, the most alike first; not those that show itself."""
    async with transaction():
        await fetch(_SETTINGS)
        return [row["id"] for row in await fetch(ALIKE, viewer_id, image_id)]


@dataclass(frozen=True, slots=True)
class Due:
    """A post whose meaning is to be worked out: what it says, what its prompts say, and its pictures that nobody looked at yet."""

    post_id: int
    at: datetime
    said: str
    prompt: str
    pictures: Sequence[tuple[int, str]]  # id and folder


async def due() -> list[Due]:
    """Some posts that are due, the newest first."""
    rows = await fetch(
        """SELECT d.post_id, d.at, concat_ws(' ', p.text, p.content_warning, shown.alt) AS said, coalesce(shown.prompts, '') AS prompts,
            shown.list FROM meanings_due d JOIN posts p ON p.id = d.post_id CROSS JOIN LATERAL (
            SELECT string_agg(nullif(pi.alt_text, ''), ' ' ORDER BY pi.position) AS alt, string_agg(DISTINCT j.prompt, ' . ') AS prompts,
                json_agg(json_build_array(i.id::text, i.prefix)) FILTER (WHERE m.image_id IS NULL) AS list
            FROM post_images pi JOIN images i ON i.id = pi.image_id LEFT JOIN picture_meanings m ON m.image_id = i.id
            LEFT JOIN LATERAL (SELECT o.job_id FROM generation_outputs o WHERE o.image_id = i.id ORDER BY o.id LIMIT 1) AS o ON i.generated
            LEFT JOIN generation_jobs j ON j.id = o.job_id WHERE pi.post_id = p.id
        ) AS shown ORDER BY d.post_id DESC LIMIT $1""",
        DUE_AT_ONCE,
    )
    return [
        Due(
            row["post_id"],
            row["at"],
            row["said"].strip(),
            row["prompts"].strip(),
            [(int(number), prefix) for number, prefix in row["list"] or ()],
        )
        for row in rows
    ]


async def keep_picture(image_id: int, looks: str | None) -> None:
    """Keep how a picture looks; None for one that cannot be looked at, so that nobody tries again."""
    await fetch(
        "INSERT INTO picture_meanings (image_id, looks) SELECT id, $2::text::vector FROM images WHERE id = $1 ON CONFLICT DO NOTHING",
        image_id,
        looks,
    )


async def keep(one: Due, said: str | None, prompt: str | None) -> None:
    """Keep what a post means, unless it changed meanwhile: then it is due again and comes once more. What is new is held against
    what people saved by meaning (`discovery/percolation.py`)."""
    await fetch(
        """WITH done AS (DELETE FROM meanings_due WHERE post_id = $1 AND at = $2 RETURNING post_id), news AS (
            INSERT INTO meaning_news (post_id) SELECT post_id FROM done WHERE post_id >> 16 > extract(epoch FROM now()) * 1000 - $5::bigint
            AND EXISTS (SELECT 1 FROM saved_queries WHERE meaning IS NOT NULL) ON CONFLICT DO NOTHING
        ) INSERT INTO post_meanings (post_id, said, prompt) SELECT post_id, $3::text::vector, $4::text::vector FROM done
        ON CONFLICT (post_id) DO UPDATE SET said = excluded.said, prompt = excluded.prompt""",
        one.post_id,
        one.at,
        said,
        prompt,
        NEWS_HOURS * 3_600_000,
    )
