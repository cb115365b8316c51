"""A result as bytes: encoded once, then framed for whoever gets it.

A WebSocket `next` carries the operation's id, which each client chooses: the frame is a head, a prefix with the id, and the
bytes that all share. Clients who chose the same id share the whole frame.
"""

from __future__ import annotations

import struct
from functools import lru_cache

from execution.rejection import ResultObject
from execution.wire import encode

TEXT_FRAME = 0x81  # a whole message of text, not masked
MAX_CURSOR_CHARACTERS = 256
MOST_PREFIXES = 1_024  # most clients count from 1


class Rendered:
    """One result, encoded. `cursor` is what its one root field carries, if it can stand in a line by itself."""

    __slots__ = ("_frame", "_heads", "_prefix", "_tail", "cursor", "payload")

    def __init__(self, result: ResultObject) -> None:
        self.payload = encode(result)
        self.cursor = cursor_of(result)
        self._tail = self.payload + b"}"
        self._heads: dict[int, bytes] = {}  # by the length of the prefix
        self._prefix = self._frame = b""

    def frame(self, prefix: bytes) -> bytes:
        """The WebSocket frame of a `next` that begins with this prefix."""
        if prefix is self._prefix:
            return self._frame
        size = len(prefix)
        found = self._heads.get(size)
        if found is None:
            found = self._heads[size] = head(size + len(self._tail))
        self._prefix, self._frame = prefix, b"".join((found, prefix, self._tail))
        return self._frame


@lru_cache(maxsize=MOST_PREFIXES)
def prefix_of(operation_id: str) -> bytes:
    """What stands before the result in a `next` of this operation."""
    return b'{"id":' + encode(operation_id) + b',"type":"next","payload":'


def head(size: int) -> bytes:
    """The head of a text frame of so many bytes, as servers send it."""
    if size < 126:
        return bytes((TEXT_FRAME, size))
    if size < 65_536:
        return struct.pack("!BBH", TEXT_FRAME, 126, size)
    return struct.pack("!BBQ", TEXT_FRAME, 127, size)


def cursor_of(result: ResultObject) -> str | None:
    """The cursor that the one root field of a subscription's result carries, if it can stand in an `id:` line."""
    data = result.get("data")
    if not isinstance(data, dict) or len(data) != 1:
        return None
    (event,) = data.values()
    cursor = event.get("cursor") if isinstance(event, dict) else None
    if not isinstance(cursor, str) or not 0 < len(cursor) <= MAX_CURSOR_CHARACTERS or not cursor.isprintable():
        return None
    return cursor
