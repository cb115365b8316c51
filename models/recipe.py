"""Recipes: how pictures were made, for those whom the author of a post lets know.

Asked through a post, that post says who may know. Asked of a picture by itself, the most open post that the viewer sees
says so. The owner of a picture always knows; a picture that stands in no post is nobody else's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models import visibility
from models.consent import tells_prompt_sql
from models.database import fetch
from models.job import JobKind

Asked = tuple[int, int | None]
"""A picture's number, and that of the post it is shown in."""


@dataclass(frozen=True, slots=True)
class MadeRow:
    """By which engine and model a picture was made, and in what way: its signed file says so, too."""

    engine: str
    model: str
    kind: JobKind


@dataclass(frozen=True, slots=True)
class RecipeRow:
    """How a picture was made. `reference_ids` are the pictures it learnt from, whoever may see those."""

    prompt: str
    negative_prompt: str | None
    seed: str
    engine: str
    model: str
    kind: JobKind
    style: str | None
    background: str | None
    quality: str | None
    strength: float | None
    width: int
    height: int
    reference_ids: tuple[int, ...]


_JOB = "FROM generation_outputs o JOIN generation_jobs j ON j.id = o.job_id"
_RECIPES = f"""SELECT asked.place, j.prompt, j.negative_prompt, coalesce(o.seed, j.seed)::text AS seed, j.engine, j.model, j.kind,
    j.style, j.background, j.quality, j.strength, j.width, j.height, ARRAY(SELECT g.image_id FROM generation_inputs g
        WHERE g.job_id = j.id AND g.role = 'REFERENCE' ORDER BY g.position) AS reference_ids
FROM unnest($2::bigint[], $3::bigint[]) WITH ORDINALITY AS asked (image_id, post_id, place)
JOIN images i ON i.id = asked.image_id CROSS JOIN LATERAL (
    SELECT o.job_id, o.seed FROM generation_outputs o WHERE o.image_id = i.id ORDER BY o.id LIMIT 1
) AS o JOIN generation_jobs j ON j.id = o.job_id
WHERE i.owner_id = $1 OR EXISTS (SELECT 1 FROM post_images pi JOIN posts p ON p.id = pi.post_id
    WHERE pi.image_id = i.id AND (asked.post_id IS NULL OR p.id = asked.post_id)
    AND {visibility.visible.sql()} AND {tells_prompt_sql()})"""


async def recipes(viewer_id: int, asked: Sequence[Asked]) -> dict[Asked, RecipeRow]:
    """How these pictures were made, as far as this viewer may know."""
    rows = await fetch(_RECIPES, viewer_id, [image for image, _ in asked], [post for _, post in asked])
    return {
        asked[row["place"] - 1]: RecipeRow(
            row["prompt"],
            row["negative_prompt"],
            row["seed"],
            row["engine"],
            row["model"],
            JobKind(row["kind"]),
            row["style"],
            row["background"],
            row["quality"],
            row["strength"],
            row["width"],
            row["height"],
            tuple(row["reference_ids"]),
        )
        for row in rows
    }


async def makers(image_ids: Sequence[int]) -> dict[int, MadeRow]:
    """What made these pictures, which the asker has been shown; nothing for those that no engine made."""
    rows = await fetch(
        f"SELECT DISTINCT ON (o.image_id) o.image_id, j.engine, j.model, j.kind {_JOB}"
        " WHERE o.image_id = ANY($1::bigint[]) ORDER BY o.image_id, o.id",
        list(image_ids),
    )
    return {row["image_id"]: MadeRow(row["engine"], row["model"], JobKind(row["kind"])) for row in rows}
