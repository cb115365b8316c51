"""A picture handed in to be checked: a file, or one that is here."""

from __future__ import annotations

from errors import NotFound, RateLimited
from models import node_id
from models.image import place_of
from models.visibility import SIGNED_OUT
from resolvers.context import Asker, House
from storage.bucket import NoSuchObject, StorageUnavailable, TooLarge
from storage.intake import IntakeFault
from storage.picture import object_key

LARGEST_ORIGINAL_BYTES = 64 * 2**20


async def handed_in(house: House, asker: Asker, picture: bytes | str) -> str:
    """A ticket for a picture's bytes, or for one of ours by its id as far as the asker may see it.

    The caller has counted it (`Points.hand_in`). Raises RateLimited, BadInput for what is no picture, NotFound.
    """
    try:
        data = picture if isinstance(picture, bytes) else await _original(house, asker, picture)
        return await house.examination.ticket(data)
    except (StorageUnavailable, IntakeFault) as error:
        raise RateLimited("Pictures cannot be checked just now. Try again in a moment.") from error


async def _original(house: House, asker: Asker, gid: str) -> bytes:
    number = node_id.number_of("image", gid)
    place = await place_of(asker.user_id or SIGNED_OUT, number) if number is not None else None
    if place is None:
        raise NotFound("There is no such picture.", ["image"])
    try:
        return await house.bucket.get(object_key(place[0], "original", place[1]), LARGEST_ORIGINAL_BYTES)
    except (NoSuchObject, TooLarge) as error:
        raise NotFound("There is no such picture.", ["image"]) from error
