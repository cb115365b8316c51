"""The timeline of a list, live: what its members post and repost, as the viewer may see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeAlias

import strawberry

from errors import NotFound
from models import list_timeline, node_id, reason, visibility
from models.event import RULE_KINDS, Cursor, Event, Kind
from models.post import facts
from models.timeline import Entry
from models.visibility import Relations
from realtime import topic
from realtime.level import Asked, Listener, Told
from resolvers import meaning, shift
from resolvers.audience import Reader
from resolvers.context import Context, Info
from resolvers.feed import REPOSTS, Shared, reposted
from resolvers.list_room import ListRoom
from resolvers.live_row import HeartbeatRow, PostPublishedRow, PostRemovedRow, ResetReason, ResetRow
from resolvers.presence import counterpart, present, published, removed
from resolvers.stream import Seat, follow

ListTimelineRow: TypeAlias = PostPublishedRow | PostRemovedRow | ResetRow | HeartbeatRow


@dataclass(frozen=True, slots=True)
class ListSeat:
    """Who follows a list."""

    reader: Reader
    room: ListRoom

    @property
    def relations(self) -> Relations:
        """The viewer's sets, as they are now."""
        return self.reader.relations

    @property
    def is_let_in(self) -> bool:
        """Whether the list is there for this viewer now."""
        return self.room.is_open_to(self.reader.relations)


async def user_list_timeline(
    info: Info, id: strawberry.ID, after: str | None = strawberry.UNSET
) -> AsyncGenerator[ListTimelineRow]:
    """The timeline of a list as it moves. Raises NotFound when there is no such list for the viewer."""
    context = info.context
    del info  # it holds the whole operation, and the stream may be quiet for hours
    list_id = node_id.number_of("list", id) or 0
    rooms = context.house.audience.rooms
    room = await rooms.enter(list_id)

    def replayed() -> list[str]:
        return [*topics, topic.viewer(context.viewer_id), *map(topic.author, room.members())]

    # The end of a post that very many reposted is told to every home instead of to each of their readers.
    topics = [topic.user_list(list_id), topic.HOME]
    try:
        async with present(context, topics, replayed=replayed) as (reader, inbox):
            seat = ListSeat(reader, room)
            if not seat.is_let_in:
                raise NotFound("There is no such list.", ["id"])
            rooms.open(room, inbox)
            try:

                async def answer(event: Event) -> ListTimelineRow | None:
                    return await _answer(context, event, seat)

                rows: AsyncGenerator[ListTimelineRow] = follow(
                    context.house.hub, inbox, after, answer, seat=Seat(LISTS, seat)
                )
                async with aclosing(rows):
                    async for row in rows:
                        yield row
            finally:
                rooms.close(room, inbox)
    finally:
        rooms.leave(room)


async def _answer(context: Context, event: Event, seat: ListSeat) -> ListTimelineRow | None:
    room, relations = seat.room, seat.relations
    ruling = event.kind in RULE_KINDS or event.kind is Kind.STANDING_CHANGED
    if event.kind is Kind.LIST_CHANGED or (ruling and await _concerns(event, seat)):
        return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
    if ruling or event.post_id is None or not seat.is_let_in or room.roll is None:
        return None
    if event.kind is Kind.POST_CREATED:
        known = await facts(event.post_id)
        stands = known is not None and room.original.holds(known, relations)
        return await published(context, event, Entry(event.post_id, event.post_id) if stands else None)
    if event.kind is Kind.POST_DELETED:
        return await removed(event, relations)
    if event.kind is Kind.POST_AUDIENCE:
        if event.actor_id in room.roll.member_ids:
            return await shift.by_rule(context, event, relations, room.original)
        moved = await shift.shift_of(event, relations)  # it may stand there by a member's repost
        return None if moved is None or moved.holds(visibility.for_everyone) else shift.gone(event, moved)
    if event.kind is Kind.REPLIES_ORPHANED:
        orphans = await list_timeline.has_orphans(context.viewer_id, room.list_id, event.post_id)
        return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED) if orphans else None
    if event.kind not in REPOSTS:
        return None
    repost_id = event.subject_id or 0
    found = await list_timeline.entries(
        event.post_id, room.list_id, room.roll.replies, [context.viewer_id], reason.since(event.kind, repost_id)
    )
    places = {entry.key: entry for entry in found.get(context.viewer_id, ())}
    turn = reason.turn(event.kind, repost_id, list(places))
    if turn is reason.Turn.LEAVES:
        return await removed(event, relations)
    if turn is reason.Turn.RESETS:
        return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
    return None if turn is None else await published(context, event, places[turn])


async def _concerns(event: Event, seat: ListSeat) -> bool:
    """Whether a change of rules may show here; one by somebody else only where they have something to do with the list."""
    if event.kind is Kind.APART_CHANGED:
        return False
    viewer_id = seat.relations.viewer_id
    if event.actor_id == viewer_id:
        return True
    other_id = counterpart(event, viewer_id)
    owner_id = None if seat.room.roll is None else seat.room.roll.owner_id
    return other_id == owner_id or await list_timeline.reaches(seat.room.list_id, other_id)


async def _lists(asked: Asked) -> Told:
    """The same for all who follow lists."""
    rooms = [(event, _by_room(listeners)) for event, listeners in asked]
    wanted = [
        (event, room, some)
        for event, by_room in rooms
        if event.kind in REPOSTS
        for room, some in by_room.items()
        if room.roll is not None
    ]
    found = await asyncio.gather(
        *(
            list_timeline.entries(
                event.post_id or 0,
                room.list_id,
                room.roll.replies,  # type: ignore[union-attr]  # those without one were left out
                list({meaning.viewer_of(one).viewer_id for one in some}),
                reason.since(event.kind, event.subject_id or 0),
            )
            for event, room, some in wanted
        )
    )
    entries: dict[tuple[Cursor, int], Mapping[int, Sequence[Entry]]] = {
        (event.cursor, room.list_id): places for (event, room, _), places in zip(wanted, found, strict=True)
    }
    people = {
        one.reposter_id for some in found for places in some.values() for one in places if one.reposter_id is not None
    }
    known = await meaning.look(asked, people)

    def means(event: Event, listeners: Sequence[Listener]) -> meaning.Answer:
        told: list[tuple[object, Sequence[Listener]]] = []
        for room, some in _by_room(listeners).items():
            if event.kind in REPOSTS:
                told += reposted(event, some, known, entries.get((event.cursor, room.list_id), {}))
            else:
                told += meaning.entered(known, room.original, event, some)
        return told

    return await meaning.told(asked, means)


def _by_room(listeners: Sequence[Listener]) -> dict[ListRoom, list[Listener]]:
    """Those who are let in, by list."""
    found: dict[ListRoom, list[Listener]] = {}
    for listener in listeners:
        seat: ListSeat = listener.seat
        if seat.is_let_in:
            found.setdefault(seat.room, []).append(listener)
    return found


LISTS = Shared(REPOSTS | {Kind.POST_CREATED, Kind.POST_DELETED}, _lists)
