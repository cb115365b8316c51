"""An inbox: what one live subscription has not yet passed on. Bounded, and it holds references to ids, never content."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from models.event import Cursor, Event

MOST_EVENTS = 1_000
MOST_SIGNALS = 16


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that is not stored: the progress of a job. `key` is under which the latest one wins."""

    topic: str
    key: str
    body: Mapping[str, Any]


class Inbox:
    """Events in order and the latest signals. When it is full it forgets them all and says so: better a reset than a hole.

    It has one reader. `replayed` gives the topics to read the log by where they are more than those it listens to (what the
    hub's `route` adds). While it has a `member`, its events go to the company it belongs to (`realtime/level.py`). Its reader
    may know more than the hub has heard of yet: what happened up to `since` is not for it.
    """

    __slots__ = ("_waiting", "events", "member", "overflowed", "replayed", "signals", "since", "topics")

    def __init__(self, topics: Iterable[str], replayed: Callable[[], Iterable[str]] | None = None) -> None:
        self.topics: frozenset[str] = frozenset(topics)
        self.replayed = replayed
        self.events: list[Event] = []
        self.signals: dict[str, Signal] = {}
        self.overflowed = False
        self.member: object | None = None
        self.since: Cursor | None = None
        self._waiting: asyncio.Future[None] | None = None

    def put(self, event: Event) -> None:
        """Take an event, or overflow."""
        if len(self.events) >= MOST_EVENTS:
            self.overflow()
        if not self.overflowed:
            self.events.append(event)
        self._wake()

    def overflow(self) -> None:
        """Forget everything; whoever reads here has to start anew."""
        self.events.clear()
        self.overflowed, self.since = True, None
        self._wake()

    def put_signal(self, signal: Signal) -> None:
        """Take a signal; an older one under the same key is forgotten."""
        self.signals.pop(signal.key, None)
        if len(self.signals) < MOST_SIGNALS:
            self.signals[signal.key] = signal
            self._wake()

    def drain(self) -> list[Event]:
        """Take out every event there is, in order."""
        events, self.events = self.events, []
        return events

    @property
    def empty(self) -> bool:
        """Whether there is nothing to pass on."""
        return not (self.events or self.signals or self.overflowed)

    async def arrived(self, seconds: float) -> bool:
        """Wait until there is something, at most that long. Whether there is."""
        if self.empty:
            self._waiting = asyncio.get_running_loop().create_future()
            try:
                with suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        await self._waiting
            finally:
                self._waiting = None
        return not self.empty

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
