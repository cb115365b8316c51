"""Credits by the month: each account gets its grant on its own day."""

from __future__ import annotations

from models.credit_move import GRANTED_AT_ONCE, grant_due


async def grant_months() -> bool:
    """Give what is due; True while there may be more."""
    return await grant_due() >= GRANTED_AT_ONCE
