"""The audience of this process: the sets of every viewer who has a live subscription here, kept current by the log.

The hub awaits `refresh` with every stretch of events before it hands any out: when one of them changed a viewer's rules, the
sets are read anew first and home inboxes listen to the right authors. So an event is always judged by rules that are at
least as new as itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.event import RULE_KINDS, Event
from models.relation import relations_of
from models.visibility import SIGNED_OUT, Relations
from realtime import topic
from realtime.hub import Hub
from realtime.inbox import Inbox


class Reader:
    """One viewer present in this process: their sets, and the home inboxes that follow them."""

    __slots__ = ("count", "generation", "homes", "relations")

    def __init__(self, viewer_id: int) -> None:
        self.relations = Relations(viewer_id)
        self.generation = 0
        self.count = 0
        self.homes: list[Inbox] = []

    def home_topics(self) -> frozenset[str]:
        """What a home listens to: whom the viewer follows and does not mute, the viewer, and changes of rules."""
        me = self.relations.viewer_id
        heard = self.relations.follows - self.relations.mutes
        return frozenset({topic.HOME, topic.viewer(me), topic.author(me), *(topic.author(other) for other in heard)})


class Audience:
    """The viewers present in this process, by id."""

    def __init__(self) -> None:
        self._readers: dict[int, Reader] = {}

    async def enter(self, viewer_id: int) -> Reader:
        """The viewer's sets, current from here on. Each `enter` is matched by a `leave`."""
        if viewer_id == SIGNED_OUT:
            return Reader(SIGNED_OUT)
        reader = self._readers.get(viewer_id)
        if reader is None:
            reader = self._readers[viewer_id] = Reader(viewer_id)
        reader.count += 1
        try:
            while reader.generation == 0:
                found = (await relations_of([viewer_id]))[viewer_id]
                if reader.generation == 0:  # nobody read it anew meanwhile
                    reader.relations, reader.generation = found, 1
        except BaseException:
            self.leave(reader)
            raise
        return reader

    def leave(self, reader: Reader) -> None:
        """One subscription of this viewer less."""
        reader.count -= 1
        if reader.count <= 0:
            self._readers.pop(reader.relations.viewer_id, None)

    async def refresh(self, hub: Hub, events: Sequence[Event]) -> None:
        """Read anew the sets of those whose rules one of the events changed."""
        changed = {
            person
            for event in events
            if event.kind in RULE_KINDS
            for person in (event.actor_id, event.user_id)
            if person in self._readers
        }
        if not changed:
            return
        found = await relations_of([person for person in changed if person is not None])
        for viewer_id, relations in found.items():
            reader = self._readers.get(viewer_id)
            if reader is not None:
                reader.relations = relations
                reader.generation += 1
                for inbox in reader.homes:
                    hub.retopic(inbox, reader.home_topics())
