"""Notifications are kept for so many days, and then swept: lines with all that is in them, and what waits among requests."""

from __future__ import annotations

from models.database import fetch
from models.notification_move import SPAN
from models.transaction import transaction

LINES_AT_ONCE = 500
ITEMS_AT_ONCE = 2_000


async def forget_old(days: int) -> bool:
    """Delete what is older; True while there may be more. 0 keeps all. A line is as old as the last that can have joined it."""
    if days <= 0:
        return False
    async with transaction():
        lines = await fetch(
            """DELETE FROM notification_groups WHERE id IN (SELECT id FROM notification_groups
                WHERE opened_at < now() - make_interval(days => $1) - $2::interval ORDER BY opened_at LIMIT $3 FOR UPDATE SKIP LOCKED)
            RETURNING 1""",
            days,
            SPAN,
            LINES_AT_ONCE,
        )
        items = await fetch(
            """DELETE FROM notification_items WHERE id IN (SELECT id FROM notification_items WHERE group_id IS NULL
                AND at < now() - make_interval(days => $1) ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING 1""",
            days,
            ITEMS_AT_ONCE,
        )
    return len(lines) == LINES_AT_ONCE or len(items) == ITEMS_AT_ONCE
