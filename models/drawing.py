"""The vector drawing that a picture was painted from: kept with its output as a scene, drawn when it is asked for."""

from __future__ import annotations

from typing import Any

from models.database import fetch_one

DRAWN = "(o.facts ? 'graph')"
"""SQL: does output `o` keep its scene?"""


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
