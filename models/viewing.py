"""Viewing: how a person wants to be shown what others post; nobody else learns of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from models import ranked_list
from models.database import fetch, fetch_one, fetch_value
from models.event import Kind, record
from models.label import LabelValue


class AiPictures(Enum):
    """How pictures that AI made or changed are shown."""

    SHOW = "SHOW"
    LABEL = "LABEL"
    BLUR = "BLUR"
    HIDE = "HIDE"


class ForYou(Enum):
    """Whether posts are picked for somebody, and whether their home opens on them."""

    OFF = "OFF"
    OFFERED = "OFFERED"
    FIRST = "FIRST"


@dataclass(frozen=True, slots=True)
class Viewing:
    """What a person settled; what they did not is as here."""

    ai_pictures: AiPictures = AiPictures.SHOW
    for_you: ForYou = ForYou.OFFERED
    hidden_labels: tuple[LabelValue, ...] = ()
    has_labelers: bool = False


_LISTENS = "EXISTS (SELECT 1 FROM labeler_subscriptions s WHERE s.person_id = $1)"


async def viewing(person_id: int) -> Viewing:
    """What a person settled."""
    row = await fetch_one(
        f"""SELECT v.ai_pictures, v.for_you, v.hidden_labels, {_LISTENS} AS listens
        FROM (SELECT $1::bigint AS id) me LEFT JOIN viewing_settings v ON v.person_id = me.id""",
        person_id,
    )
    if row is None or row["ai_pictures"] is None:
        return Viewing(has_labelers=row is not None and row["listens"])
    hidden = tuple(value for value in LabelValue if value.value in row["hidden_labels"])
    return Viewing(AiPictures(row["ai_pictures"]), ForYou(row["for_you"]), hidden, row["listens"])


async def settle_for_you(person_id: int, for_you: ForYou) -> None:
    """Pick posts for this person so from now on; turned off, what was kept for it goes. The caller holds the transaction."""
    await fetch(
        "INSERT INTO viewing_settings (person_id, for_you) VALUES ($1, $2)"
        " ON CONFLICT (person_id) DO UPDATE SET for_you = excluded.for_you",
        person_id,
        for_you.value,
    )
    if for_you is ForYou.OFF:
        await ranked_list.forget(person_id)


async def settle(person_id: int, ai_pictures: AiPictures | None) -> None:
    """Show pictures so from now on, on open screens too; None leaves it as it is. The caller holds the transaction."""
    if ai_pictures is None:
        return
    before = await fetch_value(
        "INSERT INTO viewing_settings (person_id, ai_pictures) VALUES ($1, $2) ON CONFLICT (person_id)"
        " DO UPDATE SET ai_pictures = excluded.ai_pictures RETURNING coalesce(old.ai_pictures, 'SHOW')",
        person_id,
        ai_pictures.value,
    )
    if before != ai_pictures.value:
        await record(Kind.FILTERS_CHANGED, [f"viewer:{person_id}"], actor_id=person_id)


async def settle_labels(person_id: int, hidden: Collection[LabelValue]) -> None:
    """Hide what moderators label so, and nothing else of what they label, on open screens too. The caller holds the transaction."""
    wanted = [value.value for value in LabelValue if value in hidden]
    before = await fetch_value(
        "INSERT INTO viewing_settings (person_id, hidden_labels) VALUES ($1, $2) ON CONFLICT (person_id)"
        " DO UPDATE SET hidden_labels = excluded.hidden_labels RETURNING coalesce(old.hidden_labels, '{}')",
        person_id,
        wanted,
    )
    if before != wanted:
        await record(Kind.FILTERS_CHANGED, [f"viewer:{person_id}"], actor_id=person_id)
