"""Reading places: how far the viewer has read in a list, on whichever device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import strawberry

from models import reading_place
from models.reading_place import ReadList
from resolvers import page
from resolvers.context import Info
from resolvers.outcome import perform
from resolvers.payload import ViewerPayloadRow
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow


@dataclass(frozen=True, slots=True)
class ReadingPlaceRow:
    """A place in a list, as a cursor of it."""

    cursor: str
    read_at: datetime


@strawberry.input(description="How far the viewer has read at home.")
class KeepHomePlaceInput:
    cursor: str = strawberry.field(description="The `cursor` of the edge that was read last.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=strawberry.UNSET)


async def home_place(parent: strawberry.Parent[ViewerRow], info: Info) -> ReadingPlaceRow | None:
    """How far the viewer has read at home."""
    found = await reading_place.kept(parent.id, ReadList.HOME)
    return None if found is None else ReadingPlaceRow(page.encode(found.key), found.read_at)


async def keep_home_place(info: Info, input: KeepHomePlaceInput) -> ViewerPayloadRow:
    """Keep how far one has read at home."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await reading_place.keep(viewer_id, ReadList.HOME, page.decode(input.cursor, "cursor"))
        return {"viewer": viewer_id}

    outcome = await perform(info.context, "keepHomePlace", input, act)
    number = outcome.found.get("viewer")
    return ViewerPayloadRow(outcome.user_errors, ViewerRow(number) if number else None)
