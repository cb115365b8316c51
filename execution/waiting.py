"""What each open socket waits by: asyncio's own event and queue take a kilobyte each for waiters that never come."""

from __future__ import annotations

import asyncio
from typing import Any


class Gate:
    """An `asyncio.Event` for one who waits, of a tenth of the size."""

    __slots__ = ("_waiting", "is_open")

    def __init__(self) -> None:
        self.is_open = True
        self._waiting: list[asyncio.Future[None]] = []

    def is_set(self) -> bool:
        """Whether it is open."""
        return self.is_open

    def set(self) -> None:
        """Open it, and let all pass who wait."""
        self.is_open = True
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    def clear(self) -> None:
        """Shut it."""
        self.is_open = False

    async def wait(self) -> None:
        """Pass, once it is open."""
        if not self.is_open:
            future = asyncio.get_running_loop().create_future()
            self._waiting = [*self._waiting, future]
            try:
                await future
            finally:
                self._waiting = [other for other in self._waiting if other is not future]


class Line:
    """An `asyncio.Queue` for one who takes, of a tenth of the size."""

    __slots__ = ("_items", "_waiting")

    def __init__(self) -> None:
        self._items: list[Any] = []
        self._waiting: asyncio.Future[None] | None = None

    def empty(self) -> bool:
        """Whether there is nothing."""
        return not self._items

    def put_nowait(self, item: Any) -> None:
        """Put something in."""
        self._items.append(item)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def get(self) -> Any:
        """Take the first thing out, once there is one."""
        while not self._items:
            self._waiting = asyncio.get_running_loop().create_future()
            try:
                await self._waiting
            finally:
                self._waiting = None
        return self._items.pop(0)
