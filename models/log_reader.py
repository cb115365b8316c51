"""Readers of the log that make something of it: each has a row with its place, which moves in the transaction that makes it.

So what a stretch of events leads to is there once, whoever reads it, however often, and whatever dies in between.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from models.database import fetch, fetch_one
from models.event import Cursor, Event, log_state, read_log
from models.transaction import transaction

EVENTS_AT_ONCE = 500
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LogReader:
    """One reader, by the name its row has."""

    name: str

    async def place(self) -> Cursor:
        """Where it stands in the log. Raises RuntimeError when the migrations are missing."""
        row = await fetch_one("SELECT epoch, xid::text AS xid, event_id FROM log_readers WHERE name = $1", self.name)
        if row is None:
            raise RuntimeError("The reader of the log has no place: run the migrations.")
        return Cursor(int(row["xid"]), row["event_id"], row["epoch"])

    async def hold(self, after: Cursor) -> bool:
        """Whether it still stands there; then nobody else moves it in this transaction. Of several processes one goes on."""
        return bool(
            await fetch(
                """SELECT 1 FROM log_readers WHERE name = $1 AND epoch = $2 AND xid = $3::text::xid8 AND event_id = $4
                FOR UPDATE SKIP LOCKED""",
                self.name,
                after.epoch,
                str(after.xid),
                after.id,
            )
        )

    async def follow(self, hear: Callable[[Sequence[Event]], Awaitable[None]]) -> bool | None:
        """Let `hear` make what follows from the next stretch of the log, in the transaction that moves the reader. Safe in parallel.

        True while there may be more, None at the end of the log, False when another process is at it. When the log does not reach
        back to where the reader stood (nobody read for days, a restore) it goes on from now.
        """
        after = await self.place()
        waiting, read_to = await read_log(after, 1)
        if not waiting and read_to.epoch == after.epoch:
            return None  # most of the time; nothing is written for it
        state = await log_state()
        lost = after.epoch != state.head.epoch or after < state.floor
        if lost:
            log.warning("The log does not reach back to where the reader for %s stood: it goes on from now.", self.name)
        async with transaction():
            if not await self.hold(after):
                return False
            if lost:
                await self.stand_at(state.head)
                return True
            events, end = await read_log(after, EVENTS_AT_ONCE)
            await hear(events)
            if events:
                await self.stand_at(end)
        return True if len(events) == EVENTS_AT_ONCE else None

    async def stand_at(self, place: Cursor) -> None:
        """Move it, in the transaction that made what follows from the events up to there."""
        await fetch(
            "UPDATE log_readers SET epoch = $2, xid = $3::text::xid8, event_id = $4, at = now() WHERE name = $1",
            self.name,
            place.epoch,
            str(place.xid),
            place.id,
        )
