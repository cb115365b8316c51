"""Lineage: what a picture was remixed from, hand by hand upwards, and what was remixed from it, branch by branch downwards.

Steps are pictures, each in the post it is shown in. Upwards every step has its place, with a hole where the viewer is not
shown it. Downwards there is what the viewer sees, and a hole only where something hangs below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models import visibility
from models.consent import taken_back_sql
from models.database import fetch
from models.timeline import Window

DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a remix comes from. `taken_back`: the author of the source does not stand by it any more."""

    post_id: int
    image_id: int
    taken_back: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A picture in a tree of remixes, and the post it is shown in (or was, where neither is shown any more)."""

    image_id: int
    post_id: int | None
    taken_back: bool = False


async def origins(image_ids: Sequence[int]) -> dict[int, Origin]:
    """What each of these pictures is a remix of; those that are none are left out."""
    rows = await fetch(
        f"""SELECT i.id, i.remix_post_id, i.remix_image_id, {taken_back_sql("s", "i.owner_id")} AS taken_back
        FROM images i JOIN posts s ON s.id = i.remix_post_id WHERE i.id = ANY($1::bigint[])""",
        list(image_ids),
    )
    return {row["id"]: Origin(row["remix_post_id"], row["remix_image_id"], row["taken_back"]) for row in rows}


async def ancestors(image_id: int) -> list[Origin]:
    """What a picture comes from, the nearest first; one more than `DEEPEST` where there are more."""
    rows = await fetch(
        f"""WITH RECURSIVE chain AS (
            SELECT i.owner_id AS person_id, i.remix_post_id, i.remix_image_id, 1 AS depth FROM images i
            WHERE i.id = $1 AND i.remix_post_id IS NOT NULL
            UNION ALL
            SELECT i.owner_id, i.remix_post_id, i.remix_image_id, chain.depth + 1
            FROM chain JOIN images i ON i.id = chain.remix_image_id WHERE i.remix_post_id IS NOT NULL AND chain.depth <= $2
        ) SELECT chain.*, {taken_back_sql("s", "chain.person_id")} AS taken_back
        FROM chain JOIN posts s ON s.id = chain.remix_post_id ORDER BY depth""",
        image_id,
        DEEPEST,
    )
    return [Origin(row["remix_post_id"], row["remix_image_id"], row["taken_back"]) for row in rows]


async def children(viewer_id: int, image_ids: Sequence[int], window: Window) -> dict[int, list[Place]]:
    """What was remixed from each of these pictures, in a window over the remixes' numbers, oldest first.

    A remix that the viewer does not see is there as long as it was remixed in turn: with a post they do not see, or None.
    """
    rows = await fetch(
        f"""SELECT asked.id AS parent_id, child.* FROM unnest($2::bigint[]) AS asked (id) CROSS JOIN LATERAL (
            SELECT i.id, coalesce(shown.post_id, below.post_id) AS post_id, {taken_back_sql("s", "i.owner_id")} AS taken_back
            FROM images i JOIN posts s ON s.id = i.remix_post_id
            LEFT JOIN LATERAL (
                SELECT p.id AS post_id FROM post_images pi JOIN posts p ON p.id = pi.post_id
                WHERE pi.image_id = i.id AND {visibility.visible.sql()} ORDER BY p.id LIMIT 1
            ) AS shown ON true
            LEFT JOIN LATERAL (
                SELECT g.remix_post_id AS post_id FROM images g JOIN post_images pi ON pi.image_id = g.id
                JOIN posts p ON p.id = pi.post_id
                WHERE shown.post_id IS NULL AND g.remix_image_id = i.id AND {visibility.visible.sql()} ORDER BY g.id LIMIT 1
            ) AS below ON true
            WHERE i.remix_image_id = asked.id AND i.id < $3 AND i.id > $4
            AND (shown.post_id IS NOT NULL OR below.post_id IS NOT NULL) ORDER BY i.id {window.direction} LIMIT $5
        ) AS child ORDER BY child.id""",
        viewer_id,
        list(image_ids),
        window.older_than,
        window.newer_than,
        window.limit,
    )
    found: dict[int, list[Place]] = {number: [] for number in image_ids}
    for row in rows:
        found[row["parent_id"]].append(Place(row["id"], row["post_id"], row["taken_back"]))
    return found


async def shown_in(viewer_id: int, image_id: int) -> int | None:
    """The first post in which this viewer sees a picture."""
    rows = await fetch(
        f"""SELECT p.id FROM post_images pi JOIN posts p ON p.id = pi.post_id
        WHERE pi.image_id = $2 AND {visibility.visible.sql()} ORDER BY p.id LIMIT 1""",
        viewer_id,
        image_id,
    )
    return rows[0]["id"] if rows else None
