"""Step-up: changes that would lock a person out of their own account want to know again, and lately, who asks.

The proof belongs to the session: signing in is one, and `note` is another.
"""

from __future__ import annotations

from datetime import datetime

from errors import ReauthenticationRequired
from models.database import fetch_value

GOOD_MINUTES = 15


async def until(session_id: int | None) -> datetime | None:
    """Until when this session counts as just proven; None when it does not."""
    found: datetime | None = await fetch_value(
        """SELECT proven_at + make_interval(mins => $2) FROM sessions
        WHERE id = $1 AND proven_at > now() - make_interval(mins => $2) AND expires_at > now()""",
        session_id,
        GOOD_MINUTES,
    )
    return found


async def note(session_id: int) -> None:
    """Whoever has this session has just said who they are. The caller holds the transaction."""
    await fetch_value("UPDATE sessions SET proven_at = now() WHERE id = $1 RETURNING id", session_id)


async def require(session_id: int | None) -> None:
    """Raises ReauthenticationRequired when nobody proved lately who has this session."""
    if await until(session_id) is None:
        raise ReauthenticationRequired("Say once more who you are, then ask again: this change needs a recent proof.")
