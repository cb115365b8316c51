"""Viewing: how a person wants to be shown what others post; nobody else learns of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from models.database import fetch, fetch_value


class AiPictures(Enum):
    """How pictures that AI made or changed are shown."""

    SHOW = "SHOW"
    LABEL = "LABEL"
    BLUR = "BLUR"
    HIDE = "HIDE"


@dataclass(frozen=True, slots=True)
class Viewing:
    """What a person settled; what they did not is as here."""

    ai_pictures: AiPictures = AiPictures.SHOW


async def viewing(person_id: int) -> Viewing:
    """What a person settled."""
    found = await fetch_value("SELECT ai_pictures FROM viewing_settings WHERE person_id = $1", person_id)
    return Viewing() if found is None else Viewing(AiPictures(found))


async def settle(person_id: int, ai_pictures: AiPictures | None) -> None:
    """Show pictures so from now on; None leaves it as it is."""
    if ai_pictures is not None:
        await fetch(
            "INSERT INTO viewing_settings (person_id, ai_pictures) VALUES ($1, $2)"
            " ON CONFLICT (person_id) DO UPDATE SET ai_pictures = excluded.ai_pictures",
            person_id,
            ai_pictures.value,
        )
