"""A person's page, live: what they post and repost, as the viewer may see it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import strawberry

from errors import NotFound
from models import node_id, profile, visibility
from models.event import REQUEST_KINDS, Event, Kind
from models.outlook import Outlook, View
from models.post import facts
from models.standing import is_closed, is_there
from models.timeline import Entry
from models.visibility import Relations
from realtime import topic
from realtime.level import Asked, Listener, Told
from resolvers import meaning, page, shift
from resolvers.audience import Reader
from resolvers.context import Context, Info
from resolvers.feed import REPOSTS, Shared
from resolvers.live_row import EdgeRow, HeartbeatRow, PostPublishedRow, PostRemovedRow, ResetReason, ResetRow
from resolvers.presence import counterpart, present, published, removed
from resolvers.stream import Seat, follow

UserTimelineRow: TypeAlias = PostPublishedRow | PostRemovedRow | ResetRow | HeartbeatRow

RULES = frozenset({Kind.FOLLOWED, Kind.UNFOLLOWED, Kind.BLOCKED, Kind.UNBLOCKED, Kind.STANDING_CHANGED})
"""What changes a page; mutes are for timelines that nobody opened for this person's sake."""

Places = Mapping[tuple[int, int], Entry]
"""Where the reposts of some people stand on their pages, by person and post."""


@dataclass(slots=True)
class Visitor:
    """Who has a person's page open; `closed` while that person is private or gone."""

    reader: Reader
    owner_id: int
    closed: bool

    @property
    def relations(self) -> Relations:
        """The viewer's sets, as they are now."""
        return self.reader.relations

    @property
    def is_let_in(self) -> bool:
        """Whether anything stands there for this viewer; if not, not even the end of a repost tells that there was one."""
        relations, owner_id = self.reader.relations, self.owner_id
        if owner_id in relations.blocks or owner_id in relations.blocked_by:
            return False
        return not self.closed or owner_id == relations.viewer_id or owner_id in relations.follows


async def user_timeline(
    info: Info, id: strawberry.ID, after: str | None = strawberry.UNSET
) -> AsyncGenerator[UserTimelineRow]:
    """The page of a person as it moves. Raises NotFound when there is no such person."""
    context = info.context
    owner_id = node_id.number_of("user", id)
    if owner_id is None or not (owner_id == context.viewer_id or await is_there(owner_id)):
        raise NotFound("There is no such person.", ["id"])
    # The end of a post that very many reposted is told to every home instead of to each of their readers.
    async with present(context, [topic.author(owner_id), topic.HOME]) as (reader, inbox):
        visitor = Visitor(reader, owner_id, await is_closed(owner_id))

        async def answer(event: Event) -> UserTimelineRow | None:
            if event.kind in REQUEST_KINDS:  # the page's head says whether the viewer asked
                about_owner = counterpart(event, context.viewer_id) == owner_id
                return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED) if about_owner else None
            if event.kind in RULES:
                standing = event.kind is Kind.STANDING_CHANGED
                if standing and event.actor_id == owner_id:
                    visitor.closed = await is_closed(owner_id)
                by_viewer = standing or event.actor_id == context.viewer_id
                other_id = counterpart(event, context.viewer_id)
                if standing and other_id == owner_id and owner_id not in reader.relations.blocked_by:
                    return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
                if await profile.touches(context.viewer_id, owner_id, other_id, by_viewer):
                    return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
                return None
            if not visitor.is_let_in:
                return None
            if event.kind is Kind.POST_DELETED:
                return await removed(event, reader.relations)
            if event.kind is Kind.POST_AUDIENCE:
                return await shift.on_page(context, event, owner_id, reader.relations)
            return await _moved(context, event, owner_id, reader.relations)

        rows: AsyncGenerator[UserTimelineRow] = follow(
            context.house.hub, inbox, after, answer, seat=Seat(PAGES, visitor)
        )
        async with aclosing(rows):
            async for row in rows:
                yield row


async def _moved(context: Context, event: Event, owner_id: int, relations: Relations) -> UserTimelineRow | None:
    """What a post or repost of the owner, or the end of a repost, means: one's own reposted post stands there twice."""
    if event.post_id is None:
        return None
    if event.kind is Kind.POST_CREATED or event.kind is Kind.REPOST_RECONSIDERED:
        known = await facts(event.post_id)
        stands = known is not None and known.author_id == owner_id and visibility.profile.holds(known, relations)
        return await published(context, event, Entry(event.post_id, event.post_id) if stands else None)
    if event.kind is Kind.REPOST_CREATED:
        return await published(context, event, await profile.reposted(owner_id, event.post_id))
    if event.kind is Kind.REPOST_DELETED and await profile.reposted(owner_id, event.post_id) is None:
        return await removed(event, relations)
    return None


async def _pages(asked: Asked) -> Told:
    """The same for all who have pages open."""
    wanted = {
        (listener.seat.owner_id, event.post_id)
        for event, listeners in asked
        if event.kind in REPOSTS and event.post_id is not None
        for listener in listeners
    }
    places = await profile.reposts_of(wanted)
    known = await meaning.look(asked, {owner_id for owner_id, _ in wanted})
    return await meaning.told(asked, partial(_turned, known, places))


def _turned(known: Outlook, places: Places, event: Event, listeners: Sequence[Listener]) -> meaning.Answer:
    by_owner: dict[int, list[Listener]] = {}
    for listener in listeners:
        visitor: Visitor = listener.seat
        if visitor.is_let_in:
            by_owner.setdefault(visitor.owner_id, []).append(listener)
    found: list[tuple[object, Sequence[Listener]]] = []
    for owner_id, visitors in by_owner.items():
        found += _turned_one(event, owner_id, visitors, known, places)
    return found


def _turned_one(
    event: Event, owner_id: int, visitors: Sequence[Listener], known: Outlook, places: Places
) -> meaning.Answer:
    """What an event means to those who have this page open."""
    post_id = event.post_id or 0
    place = places.get((owner_id, post_id))
    if event.kind is Kind.POST_DELETED or (event.kind is Kind.REPOST_DELETED and place is None):
        return meaning.ended(event, visitors, known)
    if event.kind is Kind.POST_CREATED or event.kind is Kind.REPOST_RECONSIDERED:
        stored = known.facts(post_id)
        own = stored is not None and stored.author_id == owner_id
        return meaning.published(event, visitors, known, visibility.profile) if own else []
    if event.kind is not Kind.REPOST_CREATED or place is None:
        return []
    found: list[tuple[object, Sequence[Listener]]] = []
    for row, some in meaning.rows(View(known, post_id, visibility.visible), visitors):
        found += [
            (PostPublishedRow(str(event.cursor), EdgeRow(page.encode(place.key), row, who)), those)
            for who, those in meaning.people(known, owner_id, some)
        ]
    return found


PAGES = Shared(REPOSTS | {Kind.POST_CREATED, Kind.POST_DELETED, Kind.REPLIES_ORPHANED}, _pages)
