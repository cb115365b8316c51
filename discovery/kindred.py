"""Kindred posts: what means or looks nearly the same as what somebody did something about lately.

A text is near by its words' meaning, a picture by its looks; what prompts mean is nobody's reason here, since it may be told to few.
Both are asked of an index (HNSW) that looks at a bounded number of vectors, however many there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from discovery.meaning import FARTHEST, FARTHEST_PICTURE
from models.database import fetch
from models.ranked_list import FOR_YOU
from models.transaction import transaction

SEEDS = 8  # posts that are asked from, the newest
NEAR_EACH = 20
MOST_KINDRED = 100
MOST_SCANNED = 2_000  # vectors for each seed
# $1 the reader, $2 and $3 bounds of ids, $4 the posts that are asked from, $5 what is not found again.
_SQL = f"""WITH seeds AS MATERIALIZED (
    SELECT m.post_id AS id, m.said, (SELECT l.looks FROM post_images pi JOIN picture_meanings l ON l.image_id = pi.image_id
        WHERE pi.post_id = m.post_id ORDER BY pi.position LIMIT 1) AS looks
    FROM post_meanings m WHERE m.post_id = ANY($4::bigint[])
), near AS MATERIALIZED (
    SELECT n.post_id, n.far / {FARTHEST} AS far FROM seeds, LATERAL (
        SELECT m.post_id, m.said <=> seeds.said AS far FROM post_meanings m WHERE m.post_id > $2 AND m.post_id < $3 AND m.said IS NOT NULL
        ORDER BY m.said <=> seeds.said LIMIT {NEAR_EACH}) AS n WHERE seeds.said IS NOT NULL AND n.far < {FARTHEST}
    UNION ALL
    SELECT pi.post_id, n.far / {FARTHEST_PICTURE} FROM seeds, LATERAL (
        SELECT m.image_id, m.looks <=> seeds.looks AS far FROM picture_meanings m WHERE m.image_id > $2 AND m.image_id < $3
            AND m.looks IS NOT NULL ORDER BY m.looks <=> seeds.looks LIMIT {NEAR_EACH}) AS n
        JOIN post_images pi ON pi.image_id = n.image_id AND pi.post_id > $2 AND pi.post_id < $3
        WHERE seeds.looks IS NOT NULL AND n.far < {FARTHEST_PICTURE}
) SELECT p.id, 1 - min(near.far)::float AS nearness FROM near JOIN posts p ON p.id = near.post_id
    WHERE p.id <> ALL($5::bigint[]) AND NOT p.is_sensitive AND p.content_warning IS NULL AND {FOR_YOU.sql()}
    GROUP BY p.id ORDER BY nearness DESC, p.id DESC LIMIT {MOST_KINDRED}"""


async def kindred(reader_id: int, liked: Sequence[int], since: int, before: int) -> Mapping[int, float]:
    """Posts with since < id < before that are near to the newest of what somebody liked, kept, passed on or remixed, each with how near: 1 is
    the same, 0 the farthest that counts. None of those themselves."""
    if not liked:
        return {}
    async with transaction():
        await fetch(
            """SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('hnsw.iterative_scan', 'strict_order', true),
            set_config('hnsw.max_scan_tuples', $1, true)""",
            str(MOST_SCANNED),
        )
        rows = await fetch(_SQL, reader_id, since, before, list(liked[:SEEDS]), list(liked))
    return {row["id"]: row["nearness"] for row in rows}
