"""Hashtags: the tag, its page, and its page live."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import TypeAlias

import strawberry

from errors import BadInput
from models import hashtag, node_id, visibility
from models.card import HashtagRow
from models.event import RULE_KINDS, Event, Kind
from models.facet import folded, hashtag_in
from models.post import facts
from models.timeline import Entry
from realtime import topic
from realtime.level import Asked, Told
from resolvers import meaning, page, shift
from resolvers.context import Info
from resolvers.feed import Shared
from resolvers.live_row import (
    AuthorRemovedRow,
    HeartbeatRow,
    PostPublishedRow,
    PostRemovedRow,
    ResetReason,
    ResetRow,
)
from resolvers.presence import counterpart, present, published, removed, turned
from resolvers.stream import Seat, follow
from resolvers.timeline import TimelineRow, connection, entry_key, log_cursor

HashtagTimelineRow: TypeAlias = PostPublishedRow | PostRemovedRow | AuthorRemovedRow | ResetRow | HeartbeatRow


async def hashtag_by_name(info: Info, name: str) -> HashtagRow | None:
    """A hashtag, used or not; None for what can be none."""
    found = hashtag_in(name)
    return None if found is None else HashtagRow(found)


async def hashtag_posts(
    parent: strawberry.Parent[HashtagRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> TimelineRow:
    """The public posts under a hashtag, newest first."""
    question = page.asked(first, after, last, before)
    live_cursor = await log_cursor()
    entries = await hashtag.timeline(info.context.viewer_id, folded(parent.name), question.window(newest_first=True))
    return await connection(info.context, page.page_of(question, entries, entry_key), live_cursor)


async def hashtag_timeline(
    info: Info, name: str, after: str | None = strawberry.UNSET
) -> AsyncGenerator[HashtagTimelineRow]:
    """Public posts under a hashtag as they are published; open to all. Raises BadInput for what can be no hashtag."""
    context = info.context
    bare = hashtag_in(name)
    if bare is None:
        raise BadInput("This cannot be a hashtag.", ["name"])
    wanted = folded(bare)
    async with present(context, [topic.hashtag(wanted)]) as (reader, inbox):

        async def answer(event: Event) -> HashtagTimelineRow | None:
            if event.kind is Kind.POST_CREATED and event.post_id is not None:
                known = await facts(event.post_id)
                stands = known is not None and visibility.hashtag.holds(known, reader.relations)
                return await published(context, event, Entry(event.post_id, event.post_id) if stands else None)
            if event.kind is Kind.POST_DELETED:
                return await removed(event, reader.relations)
            if event.kind is Kind.STANDING_CHANGED:
                return turned(event)
            if event.kind is Kind.POST_AUDIENCE and event.post_id is not None:
                bears = await hashtag.bears(event.post_id, wanted)
                return await shift.under_tag(context, event, reader.relations, bears)
            if event.kind in RULE_KINDS:
                return await _rules(event, context.viewer_id, wanted)
            return None

        rows: AsyncGenerator[HashtagTimelineRow] = follow(
            context.house.hub, inbox, after, answer, seat=Seat(TAGGED, reader)
        )
        async with aclosing(rows):
            async for row in rows:
                yield row


async def _rules(event: Event, viewer_id: int, name: str) -> AuthorRemovedRow | ResetRow | None:
    """Whom the viewer blocks or mutes leaves. Whoever is blocked is not told by whom, and not at all by somebody who has
    nothing here."""
    if event.kind is Kind.FILTERS_CHANGED:
        return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
    if event.kind in (Kind.FOLLOWED, Kind.UNFOLLOWED, Kind.FOLLOW_CHANGED) or event.user_id is None:
        return None
    if event.actor_id == viewer_id and event.kind in (Kind.BLOCKED, Kind.MUTED):
        return AuthorRemovedRow(str(event.cursor), node_id.encode("user", event.user_id))
    if not await hashtag.has_author(name, counterpart(event, viewer_id)):
        return None
    return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)


async def _tagged(asked: Asked) -> Told:
    """The same for all who follow hashtags."""
    known = await meaning.look(asked)
    return await meaning.told(asked, partial(meaning.entered, known, visibility.hashtag))


TAGGED = Shared(frozenset({Kind.POST_CREATED, Kind.POST_DELETED}), _tagged)
