"""A transport that waits for nobody for ever: what is closed is gone after a while, and what is not read has a bound."""

from __future__ import annotations

import asyncio
from typing import Any


class PatientTransport(asyncio.Transport):
    """A transport whose `close` becomes an abort after `linger_seconds`, and whose buffer is bounded."""

    def __init__(self, transport: asyncio.Transport, linger_seconds: float, max_buffer_bytes: int) -> None:
        super().__init__()
        self.transport = transport
        self.linger_seconds = linger_seconds
        self.max_buffer_bytes = max_buffer_bytes
        self.deadline: asyncio.TimerHandle | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Sends, or cuts the connection of a peer that has left more than the bound unread."""
        if self.transport.get_write_buffer_size() > self.max_buffer_bytes:
            self.transport.abort()
        else:
            self.transport.write(data)

    def close(self) -> None:
        """Closes once the buffer is flushed, and after the deadline whether or not it is."""
        if self.deadline is None and not self.transport.is_closing():
            loop = asyncio.get_running_loop()
            self.deadline = loop.call_later(self.linger_seconds, self.transport.abort)
        self.transport.close()

    def settle(self) -> None:
        """The connection is gone: nothing is left to abort."""
        if self.deadline is not None:
            self.deadline.cancel()

    def abort(self) -> None:
        """Cuts the connection; what is in the buffer is lost."""
        self.transport.abort()

    def is_closing(self) -> bool:
        """As the wrapped transport says."""
        return self.transport.is_closing()

    def pause_reading(self) -> None:
        """As the wrapped transport does."""
        self.transport.pause_reading()

    def resume_reading(self) -> None:
        """As the wrapped transport does."""
        self.transport.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """As the wrapped transport says."""
        return self.transport.get_extra_info(name, default)
