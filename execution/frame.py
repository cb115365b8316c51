"""A result as bytes: encoded once, then framed for whoever gets it.

A WebSocket `next` carries the operation's id, which each client chooses: the frame is a head, a prefix with the id, and the
bytes that all share. Clients who chose the same id share the whole frame.
"""

from __future__ import annotations

import struct

from execution.rejection import ResultObject
from execution.wire import encode

TEXT_FRAME = 0x81  # a whole message of text, not masked
MAX_CURSOR_CHARACTERS = 256
MOST_PREFIXES = 8  # of which whole frames are kept


class Rendered:
    """One result, encoded. `cursor` is what its one root field carries, if it can stand in a line by itself."""

    __slots__ = ("_frames", "cursor", "payload")

    def __init__(self, result: ResultObject) -> None:
        self.payload = encode(result)
        self.cursor = cursor_of(result)
        self._frames: dict[bytes, bytes] = {}

    def frame(self, prefix: bytes) -> bytes:
        """The WebSocket frame of a `next` that begins with this prefix."""
        found = self._frames.get(prefix)
        if found is None:
            size = len(prefix) + len(self.payload) + 1
            found = b"".join((head(size), prefix, self.payload, b"}"))
            if len(self._frames) < MOST_PREFIXES:
                self._frames[prefix] = found
        return found


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
