"""Where a picture's bytes are, for who may see it."""

from __future__ import annotations

import time
from collections.abc import Callable

from models import node_id
from models.image import place_of
from models.visibility import SIGNED_OUT
from resolvers.context import House
from storage.address import SIZES, read_grant
from storage.picture import object_key
from storage.signature import VIEW_SECONDS, presigned_get


async def lead(shared: Callable[[], House], text: str, size: str, grant: str | None) -> str | None:
    """Where a picture is for a minute, if this viewer may see it."""
    told = shared().settings
    number = node_id.number_of("image", text)
    if number is None or size not in SIZES:
        return None
    viewer_id = read_grant(text, size, grant, time.time(), told) if grant else None
    place = await place_of(SIGNED_OUT if viewer_id is None else viewer_id, number)
    return place and presigned_get(object_key(place[0], size, place[1]), time.time(), told, VIEW_SECONDS)
