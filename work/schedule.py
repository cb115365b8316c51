"""Schedules: what was to be published at a time is, when it has come; what had pictures to be made first, when they are."""

from __future__ import annotations

from models.schedule import fire_next, settle_next


async def publish_due() -> bool:
    """Publish what is due, one draft at a time; True while there may be more."""
    fired = await fire_next()
    return await settle_next() or fired
