"""Ends of polls: who has one on screen learns that it is over."""

from __future__ import annotations

from models.poll import ENDS_TOLD_AT_ONCE, tell_ends
from models.transaction import transaction


async def end_polls() -> bool:
    """Tell of polls that are over, each once; True while there may be more."""
    async with transaction():
        return await tell_ends() >= ENDS_TOLD_AT_ONCE
