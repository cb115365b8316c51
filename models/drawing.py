"""The vector drawing that a picture was painted from: kept with its output as a scene, drawn when it is asked for."""

from __future__ import annotations

from typing import Any

from models.database import fetch_one

OWN_LINE = """NOT EXISTS (WITH RECURSIVE line AS (
        SELECT g.image_id FROM generation_inputs g WHERE g.job_id = j.id
        UNION
        SELECT g.image_id FROM line JOIN generation_outputs made ON made.image_id = line.image_id
        JOIN generation_inputs g ON g.job_id = made.job_id
    ) SELECT 1 FROM line LEFT JOIN images i ON i.id = line.image_id WHERE i.owner_id IS DISTINCT FROM j.owner_id)"""
"""SQL: was job `j` given nothing of anybody else, through however many of one's own pictures? A scene and a manner are handed
down to what is made of a picture, and those of another's stay the other's."""
DRAWN = f"(o.facts ? 'graph' AND {OWN_LINE})"
"""SQL: may the owner of job `j` have the scene that its output `o` keeps?"""


async def scene_of(viewer_id: int, image_id: int) -> dict[str, Any] | None:
    """The facts of a picture with its scene, for whom both the picture and its prompt are there; None for everybody else.

    A scene says what was asked for, so whoever may not read the prompt may not have it: that is all but the owner.
    """
    row = await fetch_one(
        f"""SELECT o.facts FROM generation_outputs o JOIN generation_jobs j ON j.id = o.job_id
        WHERE o.image_id = $2 AND j.owner_id = $1 AND {DRAWN} ORDER BY o.id LIMIT 1""",
        viewer_id,
        image_id,
    )
    return None if row is None else row["facts"]
