"""Server-sent events as GraphQL over SSE has them in distinct connections mode: `next` … `complete`, lines ended by `\\n`.

`id:` is the cursor of the event, where the result has one: browsers send it back as `Last-Event-ID` when they connect
again. After `complete` a client is done; a stream that ends without it is to be opened again, after `retry:`.
"""

from __future__ import annotations

import random

from execution.frame import MAX_CURSOR_CHARACTERS, Rendered
from execution.rejection import ResultObject
from execution.transports.message import RESTARTING
from execution.transports.negotiation import EVENT_STREAM
from execution.transports.stream import ended_errors

RETRY_MILLISECONDS = (1_000, 3_000)
RESTART_MILLISECONDS = (1_000, 6_000)  # wider, since all come back at once
MAX_ID_CHARACTERS = MAX_CURSOR_CHARACTERS


class EventStream:
    """The framing of one operation's stream."""

    content_type = f"{EVENT_STREAM}; charset=utf-8"

    def opening(self) -> bytes:
        """How long to wait before connecting again; browsers want bytes before they believe in the stream."""
        return retry(RETRY_MILLISECONDS)

    def heartbeat(self) -> bytes:
        """A comment."""
        return b":\n\n"

    def result(self, result: ResultObject) -> bytes:
        """A `next` event."""
        return self.shared(Rendered(result))

    def shared(self, rendered: Rendered) -> bytes:
        """The same, encoded already."""
        # The id comes last: urql looks for the first "data:" in an event, whatever line it stands in.
        place = b"" if rendered.cursor is None else b"id: " + rendered.cursor.encode() + b"\n"
        return b"event: next\ndata: " + rendered.payload + b"\n" + place + b"\n"

    def complete(self) -> bytes:
        """A `complete` event; `data:` is there and empty, or `EventSource` would not tell of it."""
        return b"event: complete\ndata:\n\n"

    def closed(self, code: int, reason: str) -> bytes:
        """Only a wish to wait when the server restarts; otherwise why, and `complete`."""
        if code == RESTARTING:
            return retry(RESTART_MILLISECONDS)
        return self.result({"errors": ended_errors(reason)}) + self.complete()


def retry(bounds: tuple[int, int]) -> bytes:
    """A hint how many milliseconds to wait before connecting again, another for each who asks."""
    return b"retry: %d\n\n" % random.randint(*bounds)
