"""A place in the bucket, held before a made picture is written to it."""

from __future__ import annotations

import logging

from models import loose_picture
from models.lease import DATABASE_FAULTS

log = logging.getLogger(__name__)


async def hold_place(prefix: str) -> bool:
    """Keep a folder for a picture; not while the database is away, which is waited for like the bucket."""
    try:
        return await loose_picture.hold(prefix)
    except DATABASE_FAULTS as error:
        log.warning("a picture's place is not held yet: %r", error)
        return False
