"""Reading places: how far somebody has read in a list, so that another device can go on from there. Nobody else learns of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from models.database import fetch, fetch_one


class ReadList(Enum):
    """Lists whose places are kept."""

    HOME = "HOME"


@dataclass(frozen=True, slots=True)
class ReadingPlace:
    """The key of the entry that was read last, and when. The entry itself may have gone meanwhile."""

    key: int
    read_at: datetime


async def keep(person_id: int, read: ReadList, key: int) -> None:
    """Keep a place; the last one that is said counts, also where it lies further down."""
    await fetch(
        """INSERT INTO reading_places (person_id, list, key) VALUES ($1, $2, $3)
        ON CONFLICT (person_id, list) DO UPDATE SET key = excluded.key, read_at = now()""",
        person_id,
        read.value,
        key,
    )


async def kept(person_id: int, read: ReadList) -> ReadingPlace | None:
    """The place that was kept last."""
    row = await fetch_one(
        "SELECT key, read_at FROM reading_places WHERE person_id = $1 AND list = $2", person_id, read.value
    )
    return None if row is None else ReadingPlace(row["key"], row["read_at"])
