"""A person's page, live: what they post and repost, as the viewer may see it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeAlias

import strawberry

from errors import NotFound
from models import node_id, profile, visibility
from models.event import Event, Kind
from models.post import facts
from models.timeline import Entry
from models.user import User
from models.visibility import Relations
from realtime import topic
from resolvers.context import Context, Info
from resolvers.live_row import HeartbeatRow, PostPublishedRow, PostRemovedRow, ResetReason, ResetRow
from resolvers.presence import counterpart, present, published, removed
from resolvers.stream import follow

UserTimelineRow: TypeAlias = PostPublishedRow | PostRemovedRow | ResetRow | HeartbeatRow

RULES = frozenset({Kind.FOLLOWED, Kind.UNFOLLOWED, Kind.BLOCKED, Kind.UNBLOCKED})
"""What changes a page; mutes are for timelines that nobody opened for this person's sake."""


async def user_timeline(
    info: Info, id: strawberry.ID, after: str | None = strawberry.UNSET
) -> AsyncGenerator[UserTimelineRow]:
    """The page of a person as it moves. Raises NotFound when there is no such person."""
    context = info.context
    owner_id = node_id.number_of("user", id)
    if owner_id is None or not await User.filter(id=owner_id).exists():
        raise NotFound("There is no such person.", ["id"])
    # The end of a post that very many reposted is told to every home instead of to each of their readers.
    async with present(context, [topic.author(owner_id), topic.HOME]) as (reader, inbox):

        async def answer(event: Event) -> UserTimelineRow | None:
            if event.kind in RULES:
                by_viewer = event.actor_id == context.viewer_id
                other_id = counterpart(event, context.viewer_id)
                if await profile.touches(context.viewer_id, owner_id, other_id, by_viewer):
                    return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
                return None
            if owner_id in reader.relations.blocks or owner_id in reader.relations.blocked_by:
                return None  # nothing stands there; not even the end of a repost tells that there was one
            if event.kind is Kind.POST_DELETED:
                return await removed(event, reader.relations)
            return await _moved(context, event, owner_id, reader.relations)

        rows: AsyncGenerator[UserTimelineRow] = follow(context.house.hub, inbox, after, answer)
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
