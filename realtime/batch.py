"""A batch: a stretch of the log as the relay says it, with the places where it begins and ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from models.event import Cursor, Event, Kind


@dataclass(frozen=True, slots=True)
class Batch:
    """Every event with `begin` < place ≤ `end`. Without events it only says that nothing happened up to `end`."""

    begin: Cursor
    end: Cursor
    events: Sequence[Event] = ()

    def encode(self) -> bytes:
        """The batch as it goes over the wire: ids only."""
        return orjson.dumps(
            [
                str(self.begin),
                str(self.end),
                [
                    [e.cursor.xid, e.cursor.id, e.kind.value, e.topics, e.actor_id, e.post_id, e.user_id, e.subject_id]
                    for e in self.events
                ],
            ]
        )

    @classmethod
    def decode(cls, data: bytes) -> Batch:
        """What `encode` gave. Raises ValueError for anything else."""
        begin, end, rows = orjson.loads(data)
        first, last = Cursor.parse(begin), Cursor.parse(end)
        if first is None or last is None:
            raise ValueError("A batch begins and ends at a cursor.")
        events = [
            Event(Cursor(xid, row, last.epoch), Kind(kind), tuple(topics), actor, post, user, subject)
            for xid, row, kind, topics, actor, post, user, subject in rows
        ]
        return cls(first, last, events)
