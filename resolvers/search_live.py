"""A search that goes on: new posts that it finds, as they are published.

Everybody who follows a search is asked for at once: the words of a new post are held against all distinct queries in one statement.
What depends on who asks (prompts, whom one follows) is asked for each of those by itself.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import strawberry

from discovery import post_search
from discovery.post_search import Plan
from errors import BadInput
from models import node_id, timeline, visibility
from models.event import Event, Kind
from models.outlook import Outlook
from models.post import facts
from models.timeline import Entry
from models.visibility import Relations
from realtime import topic
from realtime.level import Asked, Listener, Told
from resolvers import meaning
from resolvers.audience import Reader
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
from resolvers.presence import present, published, removed, turned
from resolvers.search import read
from resolvers.stream import Seat, follow

SearchTimelineRow: TypeAlias = PostPublishedRow | PostRemovedRow | AuthorRemovedRow | ResetRow | HeartbeatRow


@dataclass(frozen=True, slots=True)
class Searcher:
    """Who follows which search."""

    reader: Reader
    plan: Plan

    @property
    def relations(self) -> Relations:
        """The viewer's sets, as they are now."""
        return self.reader.relations


async def search_timeline(
    info: Info, text: str, after: str | None = strawberry.UNSET
) -> AsyncGenerator[SearchTimelineRow]:
    """Posts that a text finds, as they are published; open to all. Raises BadInput for a text that asks nothing, or is wrong."""
    context = info.context
    del info  # it holds the whole operation, and the stream may be quiet for hours
    viewer_id = context.viewer_id
    row = read(text)
    if row.tree is None or row.problem is not None:
        raise BadInput(row.problem.message if row.problem else "There is nothing to look for.", ["text"])
    plan = await post_search.plan(viewer_id, row.tree)
    if plan.asks_nothing:
        raise BadInput("There is nothing to look for.", ["text"])
    async with present(context, [topic.POSTS, topic.EXPLORE]) as (reader, inbox):
        seat = Seat(SEARCHED, Searcher(reader, plan))

        async def answer(event: Event) -> SearchTimelineRow | None:
            if event.kind is Kind.POST_CREATED and event.post_id is not None:
                known = await facts(event.post_id)
                stands = known is not None and visibility.searched.holds(known, reader.relations)
                if not stands or not await post_search.finds(viewer_id, plan, event.post_id):
                    return None
                return await published(context, event, Entry(event.post_id, event.post_id))
            if event.kind is Kind.POST_DELETED:
                return await removed(event, reader.relations)
            if event.kind is Kind.STANDING_CHANGED:
                # Of whom one follows one goes on finding what is in no list of strangers.
                if event.actor_id in reader.relations.follows or event.actor_id == viewer_id:
                    return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
                return turned(event)
            if event.kind in (Kind.BLOCKED, Kind.MUTED) and event.actor_id == viewer_id and event.user_id is not None:
                return AuthorRemovedRow(str(event.cursor), node_id.encode("user", event.user_id))
            if event.kind in (Kind.BLOCKED, Kind.UNBLOCKED) and event.actor_id not in (None, viewer_id):
                # Whoever is blocked is not told by whom, and not at all by somebody who stands in no public list.
                if not await timeline.stands_in_explore(event.actor_id):
                    return None
                return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
            if event.kind in (Kind.UNBLOCKED, Kind.UNMUTED, Kind.FILTERS_CHANGED):
                return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
            return None

        rows: AsyncGenerator[SearchTimelineRow] = follow(context.house.hub, inbox, after, answer, seat=seat)
        async with aclosing(rows):
            async for each in rows:
                yield each


async def _searched(asked: Asked) -> Told:
    """The same for all who follow a search."""
    known = await meaning.look(asked)
    new = {event.post_id for event, _ in asked if event.kind is Kind.POST_CREATED and event.post_id is not None}
    searchers: list[Searcher] = [one.seat for _, listeners in asked for one in listeners]
    alike = {one.plan for one in searchers if one.plan.is_for_all}
    matched = await post_search.matching(sorted(new), list(alike))
    for viewer_id, plan in {(one.relations.viewer_id, one.plan) for one in searchers if not one.plan.is_for_all}:
        for number in new:
            if await post_search.finds(viewer_id, plan, number):
                matched.add((number, plan, viewer_id))
    return await meaning.told(asked, partial(_entered, known, matched))


def _entered(
    known: Outlook, matched: post_search.Matched, event: Event, listeners: Sequence[Listener]
) -> meaning.Answer:
    if event.kind is not Kind.POST_CREATED:
        return meaning.ended(event, listeners, known)
    finding = [
        one
        for one in listeners
        if (event.post_id, one.seat.plan, None if one.seat.plan.is_for_all else one.seat.relations.viewer_id) in matched
    ]
    return meaning.published(event, finding, known, visibility.searched) if finding else []


SEARCHED = Shared(frozenset({Kind.POST_CREATED, Kind.POST_DELETED}), _searched)
