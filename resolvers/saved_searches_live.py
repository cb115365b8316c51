"""Saved searches as they move: what their owner does with them on any device, and that something new is found.

That a query found a post is told once under its own topic, whoever saved it. Whether it is for this viewer is asked here, in the present:
of what is hidden nothing is told, not even that it happened.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeAlias

import strawberry

from discovery import saved_search
from discovery.saved_search import SavedSearchRow
from models import audience, node_id, visibility
from models.event import Event, Kind
from models.post import facts
from models.visibility import Relations
from realtime import topic
from resolvers.context import Info
from resolvers.live_row import HeartbeatRow, ResetReason, ResetRow
from resolvers.presence import present
from resolvers.stream import follow

_OWN_RULES = frozenset(
    {Kind.FOLLOWED, Kind.UNFOLLOWED, Kind.BLOCKED, Kind.UNBLOCKED, Kind.MUTED, Kind.UNMUTED, Kind.FILTERS_CHANGED}
)


@dataclass(frozen=True, slots=True)
class SavedSearchChangedRow:
    """A saved search is new, or other than it was."""

    cursor: str
    saved_search: SavedSearchRow


@dataclass(frozen=True, slots=True)
class SavedSearchRemovedRow:
    """A saved search is gone."""

    cursor: str
    saved_search_id: str


SavedSearchesRow: TypeAlias = SavedSearchChangedRow | SavedSearchRemovedRow | ResetRow | HeartbeatRow


async def _might_know(event: Event, relations: Relations) -> bool:
    """Whether the viewer may know of the post that a find is about, as it is or as it was before; of an author alone, always.
    One's own posts are no news."""
    if event.post_id is None:
        return True
    known = await facts(event.post_id)
    if known is None or known.author_id == relations.viewer_id:
        return False
    before = await audience.before(known, event.user_id)
    return visibility.shown.holds(known, relations) or visibility.shown.holds(before, relations)


async def saved_searches_live(info: Info, after: str | None = strawberry.UNSET) -> AsyncGenerator[SavedSearchesRow]:
    """What becomes of the viewer's saved searches. Raises Unauthenticated when nobody is signed in."""
    context = info.context
    del info  # it holds the whole operation, and the stream may be quiet for hours
    viewer_id = context.require_viewer()
    hub = context.house.hub
    told: dict[int, SavedSearchRow] = {}  # each as this stream told it last
    known = {row.query_id for row in await saved_search.saved(viewer_id)}
    async with present(context, [topic.saved_searches(viewer_id), *map(topic.saved_query, known)]) as (reader, inbox):

        async def changed(event: Event, number: int) -> SavedSearchChangedRow | SavedSearchRemovedRow | None:
            row = await saved_search.saved_search(viewer_id, number)
            if row is None:
                told.pop(number, None)
                return SavedSearchRemovedRow(str(event.cursor), node_id.encode("search", number))
            if row.query_id not in known:  # it hears of what it finds from now on, and counts what it found until now
                known.add(row.query_id)
                hub.widen(inbox, [topic.saved_query(row.query_id)])
                row = await saved_search.saved_search(viewer_id, number) or row
            return tell(event, row)

        def tell(event: Event, row: SavedSearchRow) -> SavedSearchChangedRow | None:
            if told.get(row.id) == row:
                return None  # an earlier message had this already: rows are read in the present
            told[row.id] = row
            return SavedSearchChangedRow(str(event.cursor), row)

        async def found(event: Event, query_id: int) -> SavedSearchChangedRow | None:
            for row in await saved_search.asking(viewer_id, query_id):
                if row.id in told and told[row.id] == row:
                    continue
                if event.kind is Kind.SAVED_SEARCH_FOUND:
                    tellable = await saved_search.finds(viewer_id, query_id, event.post_id or 0)
                else:
                    tellable = row.id in told or (row.is_open and await _might_know(event, reader.relations))
                if tellable:
                    return tell(event, row)
            return None

        async def answer(event: Event) -> SavedSearchesRow | None:
            if event.subject_id is not None:
                if event.kind is Kind.SAVED_SEARCH_CHANGED:
                    return await changed(event, event.subject_id)
                if event.kind in (Kind.SAVED_SEARCH_FOUND, Kind.SAVED_SEARCH_MOVED):
                    return await found(event, event.subject_id)
            if event.kind in _OWN_RULES and event.actor_id == viewer_id:
                return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
            return None

        rows: AsyncGenerator[SavedSearchesRow] = follow(hub, inbox, after, answer)
        async with aclosing(rows):
            async for row in rows:
                yield row
