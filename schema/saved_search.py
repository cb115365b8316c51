"""Saved searches, and how they move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import strawberry

from resolvers import saved_search as resolve
from resolvers import saved_searches_live as live
from resolvers.mark import ALONE
from resolvers.saved_search import SavedSearchRow
from schema.live_event import LiveEvent
from schema.node import Node, PageInfo
from schema.search import Search


@strawberry.type(description="A search that the viewer keeps; nobody else sees it. At most 25 a person.")
class SavedSearch(Node):
    version: int = strawberry.field(
        description="Rises when its name or its place changes; of two copies the one with the higher version is newer."
    )
    name: str = strawberry.field(description="What its owner calls it.")
    text: str = strawberry.field(description="What is looked for.")
    by_meaning: bool = strawberry.field(
        description="Whether posts that mean the same count, too: then `Search.best` is what it finds."
    )
    position: int = strawberry.field(description="Its place in the list, from 0.")
    new_post_count: int | None = strawberry.field(
        description="How many posts of others it found that are newer than what its owner has seen (`markSavedSearchSeen`): as far as they may"
        " see them and do not mute them, at most 50, of the newest 200. By its meaning a post counts some seconds after it is there; what starts"
        " to match by likes counts when it is asked again. Null when every post would have to be tried: without a word, a hashtag, a person, a"
        " model or a meaning."
    )
    search = strawberry.field(
        resolver=resolve.searched,
        graphql_type=Search,
        description="What it finds now; live by `searchTimeline`.",
        metadata=ALONE,
    )
    created_at: datetime = strawberry.field(description="When it was saved.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, SavedSearchRow)


@strawberry.type(description="A saved search in the viewer's list.")
class SavedSearchEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: SavedSearch = strawberry.field(description="The saved search.")


@strawberry.type(description="The viewer's saved searches, in their own order.")
class SavedSearchConnection:
    edges: list[SavedSearchEdge] = strawberry.field(description="The saved searches of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
    live_cursor: str = strawberry.field(
        description="Where to subscribe to `savedSearches` from: this page and the events after it have no gap."
    )


@strawberry.interface(description="What the subscription to the viewer's saved searches delivers.")
class SavedSearchesEvent(LiveEvent):
    pass


@strawberry.type(
    description="A saved search is new or other than it was: its name, its place, or how many new posts it found."
)
class SavedSearchChanged(SavedSearchesEvent):
    saved_search: SavedSearch = strawberry.field(description="The saved search as it is now.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, live.SavedSearchChangedRow)


@strawberry.type(description="A saved search was deleted.")
class SavedSearchRemoved(SavedSearchesEvent):
    saved_search_id: strawberry.ID = strawberry.field(description="The saved search that is gone.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, live.SavedSearchRemovedRow)


def _subscription(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.subscription(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type
class SavedSearchSubscription:
    saved_searches: SavedSearchesEvent = _subscription(
        live.saved_searches_live,
        SavedSearchesEvent,
        "What becomes of the viewer's saved searches, on whatever device, and that they found something new. Needs somebody signed in.",
    )


SAVED_SEARCH_EVENTS = (SavedSearchChanged, SavedSearchRemoved)
"""Types that are reached through their interface alone."""
