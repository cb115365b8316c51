"""Pace: events of which only the latest counts, gathered so that one subject is told of at most twice a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from models.event import Event
from realtime.inbox import Inbox

APART_SECONDS = 0.5


class Pace:
    """Gathers the events for which `subject` gives a key; all others pass as they are. Order is kept throughout: what comes
    after a gathered event waits with it, so that no cursor overtakes a value that was not told yet."""

    def __init__(self, subject: Callable[[Event], int | None]) -> None:
        self._subject = subject
        self._told_at: dict[int, float] = {}
        self.floor = 0.0  # when somebody else told on its behalf (clock of the loop, s)

    @property
    def told_at(self) -> float:
        """When any of the subjects was told of last (clock of the loop, s)."""
        return max((self.floor, *self._told_at.values()))

    def latest(self, events: Sequence[Event]) -> list[Event]:
        """The events without those that a later one of the same subject replaces; notes when the rest is told."""
        now = asyncio.get_running_loop().time()
        kept: list[Event] = []
        seen: set[int] = set()
        for event in reversed(events):
            subject = self._subject(event)
            if subject is not None:
                if subject in seen:
                    continue
                seen.add(subject)
                self._told_at[subject] = now
            kept.append(event)
        kept.reverse()
        return kept

    async def gather(self, inbox: Inbox, events: list[Event]) -> list[Event]:
        """Wait until every subject among the events may be told of again, taking in what arrives meanwhile."""
        loop = asyncio.get_running_loop()
        while True:
            due = max((self._told_at.get(s, 0.0) for e in events if (s := self._subject(e)) is not None), default=0.0)
            due = max(due, self.floor)
            pause = due + APART_SECONDS - loop.time() if due else 0.0
            if pause <= 0:
                return self.latest(events)
            await asyncio.sleep(pause)
            events = [*events, *inbox.drain()]
