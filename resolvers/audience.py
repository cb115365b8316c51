"""The audience of this process: the sets of every viewer who has a live subscription here, kept current by the log.

The hub awaits `refresh` with every stretch of events before it hands any out: when one of them changed a viewer's rules, the
sets are read anew first and homes hear the right authors. So an event is always judged by rules that are at
least as new as itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from heapq import heappop, heappush

from models.event import REQUEST_KINDS, RULE_KINDS, Event
from models.relation import relations_of
from models.visibility import SIGNED_OUT, Relations
from realtime import topic
from realtime.inbox import Inbox
from resolvers.list_room import Rooms

AUTHOR = topic.author(0).removesuffix("0")


class Reader:
    """One viewer present in this process: their sets, and the home inboxes that follow them."""

    __slots__ = ("count", "generation", "homes", "relations")

    def __init__(self, viewer_id: int) -> None:
        self.relations = Relations(viewer_id)
        self.generation = 0
        self.count = 0
        self.homes: tuple[Inbox, ...] = ()

    def heard(self) -> set[int]:
        """Whose posts and reposts come into this home: of whom the viewer follows and neither mutes nor reads apart, and
        their own."""
        relations = self.relations
        return (set(relations.follows) - relations.mutes - relations.apart) | {relations.viewer_id}

    def home_topics(self) -> list[str]:
        """What a home listens to: those who are heard, the viewer, and changes of rules."""
        return [topic.HOME, topic.viewer(self.relations.viewer_id), *map(topic.author, self.heard())]


class Audience:
    """The viewers present in this process, by id; and by author, who has a home open that hears them."""

    def __init__(self) -> None:
        self._readers: dict[int, Reader] = {}
        self._signed_out = Reader(SIGNED_OUT)
        self._homes: dict[int, list[Reader]] = {}
        self._ends: list[tuple[datetime, int]] = []  # when whose mutes end by themselves, a heap
        self.rooms = Rooms()

    def open_home(self, reader: Reader, inbox: Inbox) -> None:
        """The inbox gets what comes into this reader's home. Matched by `close_home`."""
        if not reader.homes:
            self._hear(reader, reader.heard())
        reader.homes = (*reader.homes, inbox)

    def close_home(self, reader: Reader, inbox: Inbox) -> None:
        """No longer."""
        reader.homes = tuple(other for other in reader.homes if other is not inbox)
        if not reader.homes:
            self._unhear(reader, reader.heard())

    def homes_hearing(self, name: str) -> Iterator[Inbox]:
        """The homes that a topic's events come into by way of whom their readers follow, and lists of whoever it is."""
        yield from self.rooms.hearing(name)
        if name.startswith(AUTHOR):
            for reader in self._homes.get(int(name[len(AUTHOR) :]), ()):
                yield from reader.homes

    def _hear(self, reader: Reader, authors: Iterable[int]) -> None:
        for author in authors:
            readers = self._homes.get(author)
            if readers is None:
                self._homes[author] = [reader]
            else:
                readers.append(reader)

    def _unhear(self, reader: Reader, authors: Iterable[int]) -> None:
        for author in authors:
            readers = self._homes[author]
            readers.remove(reader)
            if not readers:
                del self._homes[author]

    async def enter(self, viewer_id: int) -> Reader:
        """The viewer's sets, current from here on. Each `enter` is matched by a `leave`."""
        if viewer_id == SIGNED_OUT:
            return self._signed_out
        reader = self._readers.get(viewer_id)
        if reader is None:
            reader = self._readers[viewer_id] = Reader(viewer_id)
        reader.count += 1
        try:
            while reader.generation == 0:
                found = (await relations_of([viewer_id]))[viewer_id]
                if reader.generation == 0:  # nobody read it anew meanwhile
                    reader.relations, reader.generation = found, 1
                    self._note_end(found)
        except BaseException:
            self.leave(reader)
            raise
        return reader

    def leave(self, reader: Reader) -> None:
        """One subscription of this viewer less."""
        if reader is self._signed_out:
            return
        reader.count -= 1
        if reader.count <= 0:
            self._readers.pop(reader.relations.viewer_id, None)

    def _note_end(self, relations: Relations) -> None:
        """Remember when a mute of theirs ends by itself."""
        if relations.until is not None:
            heappush(self._ends, (relations.until, relations.viewer_id))

    def _over(self) -> set[int | None]:
        """Those present of whom something has ended by itself."""
        found: set[int | None] = set()
        now = datetime.now(UTC)
        while self._ends and self._ends[0][0] <= now:
            viewer_id = heappop(self._ends)[1]
            reader = self._readers.get(viewer_id)
            if reader is not None and reader.relations.is_over(now):
                found.add(viewer_id)
        return found

    async def refresh(self, events: Sequence[Event]) -> None:
        """Read anew the sets of those whose rules one of the events changed, or of whom a mute is over, and the lists that did."""
        await self.rooms.refresh(events)
        changed: set[int | None] = {
            person
            for event in events
            if event.kind in RULE_KINDS or event.kind in REQUEST_KINDS
            for person in (event.actor_id, event.user_id)
            if person in self._readers
        }
        changed |= self._over()
        if not changed:
            return
        found = await relations_of([person for person in changed if person is not None])
        for viewer_id, relations in found.items():
            reader = self._readers.get(viewer_id)
            if reader is not None:
                before = reader.heard() if reader.homes else set()
                reader.relations = relations
                reader.generation += 1
                self._note_end(relations)
                if reader.homes:
                    now = reader.heard()
                    self._unhear(reader, before - now)
                    self._hear(reader, now - before)
