"""Folding counters: deltas move into their bases, so that what is read stays short."""

from __future__ import annotations

from models.counter import FOLD_BATCH_ROWS, POLLS, POSTS, USERS, fold


async def fold_counters() -> bool:
    """Fold one batch of each family; True while there is more."""
    return max([await fold(family) for family in (POSTS, USERS, POLLS)]) >= FOLD_BATCH_ROWS
