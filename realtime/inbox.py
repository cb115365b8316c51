"""An inbox: what one live subscription has not yet passed on. Bounded, and it holds references to ids, never content."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from models.event import Event

MOST_EVENTS = 1_000
MOST_SIGNALS = 16


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that is not stored: the progress of a job. `key` is under which the latest one wins."""

    topic: str
    key: str
    body: Mapping[str, Any]


class Inbox:
    """Events in order and the latest signals. When it is full it forgets them all and says so: better a reset than a hole."""

    __slots__ = ("_arrived", "events", "overflowed", "signals", "topics")

    def __init__(self, topics: Iterable[str]) -> None:
        self.topics: frozenset[str] = frozenset(topics)
        self.events: deque[Event] = deque()
        self.signals: dict[str, Signal] = {}
        self.overflowed = False
        self._arrived = asyncio.Event()

    def put(self, event: Event) -> None:
        """Take an event, or overflow."""
        if len(self.events) >= MOST_EVENTS:
            self.overflow()
        if not self.overflowed:
            self.events.append(event)
        self._arrived.set()

    def overflow(self) -> None:
        """Forget everything; whoever reads here has to start anew."""
        self.events.clear()
        self.overflowed = True
        self._arrived.set()

    def put_signal(self, signal: Signal) -> None:
        """Take a signal; an older one under the same key is forgotten."""
        self.signals.pop(signal.key, None)
        if len(self.signals) < MOST_SIGNALS:
            self.signals[signal.key] = signal
            self._arrived.set()

    def drain(self) -> list[Event]:
        """Take out every event there is, in order."""
        events = list(self.events)
        self.events.clear()
        return events

    @property
    def empty(self) -> bool:
        """Whether there is nothing to pass on."""
        return not (self.events or self.signals or self.overflowed)

    async def arrived(self, seconds: float) -> bool:
        """Wait until there is something, at most that long. Whether there is."""
        if self.empty:
            self._arrived.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._arrived.wait()
        return not self.empty
