"""Rooms: the lists whose timelines somebody follows here, with who stands on them, kept current by the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from models import list_timeline, user_list
from models.event import Event, Kind
from models.user_list import ListReplies, Roll
from models.visibility import Relations, Rule
from realtime import topic
from realtime.inbox import Inbox

AUTHOR = topic.author(0).removesuffix("0")
_NOTHING = list_timeline.original(ListReplies.NONE)


class ListRoom:
    """One list, and the inboxes that follow it. `roll` is None when it is gone."""

    __slots__ = ("count", "generation", "inboxes", "list_id", "original", "roll")

    def __init__(self, list_id: int) -> None:
        self.list_id = list_id
        self.roll: Roll | None = None
        self.original: Rule = _NOTHING
        self.inboxes: tuple[Inbox, ...] = ()
        self.generation = 0
        self.count = 0

    def is_open_to(self, relations: Relations) -> bool:
        """Whether the list is there for a viewer."""
        roll = self.roll
        if roll is None:
            return False
        if roll.owner_id == relations.viewer_id:
            return True
        if roll.is_private or roll.owner_id in relations.blocks or roll.owner_id in relations.blocked_by:
            return False
        return not (roll.owner_gone or (roll.owner_private and roll.owner_id not in relations.follows))

    def members(self) -> Iterable[int]:
        """Who stands on it."""
        return () if self.roll is None else self.roll.member_ids

    def learn(self, roll: Roll | None) -> None:
        """How the list is now."""
        self.roll = roll
        self.original = _NOTHING if roll is None else list_timeline.original(roll.replies, roll.member_ids)
        self.generation += 1


class Rooms:
    """The lists that are followed in this process, by id, and by who stands on them."""

    def __init__(self) -> None:
        self._rooms: dict[int, ListRoom] = {}
        self._by_member: dict[int, list[ListRoom]] = {}

    async def enter(self, list_id: int) -> ListRoom:
        """The room of a list, current from here on. Each `enter` is matched by a `leave`."""
        room = self._rooms.get(list_id)
        if room is None:
            room = self._rooms[list_id] = ListRoom(list_id)
        room.count += 1
        try:
            while room.generation == 0:
                found = (await user_list.rolls([list_id])).get(list_id)
                if room.generation == 0:  # nobody read it anew meanwhile
                    room.learn(found)
        except BaseException:
            self.leave(room)
            raise
        return room

    def leave(self, room: ListRoom) -> None:
        """One follower less."""
        room.count -= 1
        if room.count <= 0:
            self._rooms.pop(room.list_id, None)

    def open(self, room: ListRoom, inbox: Inbox) -> None:
        """The inbox gets what the members post. Matched by `close`."""
        if not room.inboxes:
            self._hear(room, room.members())
        room.inboxes = (*room.inboxes, inbox)

    def close(self, room: ListRoom, inbox: Inbox) -> None:
        """No longer."""
        room.inboxes = tuple(other for other in room.inboxes if other is not inbox)
        if not room.inboxes:
            self._unhear(room, room.members())

    def hearing(self, name: str) -> Iterator[Inbox]:
        """The inboxes that a topic's events come into by way of who stands on a list."""
        if self._by_member and name.startswith(AUTHOR):
            for room in self._by_member.get(int(name[len(AUTHOR) :]), ()):
                yield from room.inboxes

    async def refresh(self, events: Sequence[Event]) -> None:
        """Read anew the lists that one of the events changed, or whose owners' standing did."""
        lists = {event.subject_id for event in events if event.kind is Kind.LIST_CHANGED}
        owners = {event.user_id for event in events if event.kind is Kind.STANDING_CHANGED}
        changed = [
            number
            for number, room in self._rooms.items()
            if number in lists or (room.roll is not None and room.roll.owner_id in owners)
        ]
        if not changed:
            return
        found = await user_list.rolls(changed)
        for list_id in changed:
            room = self._rooms.get(list_id)
            if room is not None:
                before = set(room.members()) if room.inboxes else set()
                room.learn(found.get(list_id))
                if room.inboxes:
                    now = set(room.members())
                    self._unhear(room, before - now)
                    self._hear(room, now - before)

    def _hear(self, room: ListRoom, members: Iterable[int]) -> None:
        for member in members:
            self._by_member.setdefault(member, []).append(room)

    def _unhear(self, room: ListRoom, members: Iterable[int]) -> None:
        for member in members:
            rooms = self._by_member[member]
            rooms.remove(room)
            if not rooms:
                del self._by_member[member]
