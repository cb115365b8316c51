"""Saved searches: the viewer's own, to open, to order, and to keep until they are of no use any more."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import strawberry
from strawberry import UNSET

from discovery import encoder, saved_search
from discovery.query import plain_words
from discovery.ranking import between
from discovery.saved_search import SavedSearchRow as SavedSearchRow
from models import node_id
from resolvers import page
from resolvers.context import Context, Info
from resolvers.node import number_in
from resolvers.outcome import Outcome, perform
from resolvers.page import PageInfoRow
from resolvers.payload import Payload
from resolvers.search import SearchRow, read
from resolvers.timeline import log_cursor
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

NAME = "One line of 1 to 60 characters."
OWN = "A saved search of the viewer's own."


@strawberry.input(description="A search to keep; at most 25 a person.")
class SaveSearchInput:
    text: str = strawberry.field(description="What is looked for, as in `search`; at most 400 characters.")
    name: str | None = strawberry.field(description=f"{NAME} Left out it is the text.", default=UNSET)
    by_meaning: bool = strawberry.field(
        description="Whether posts that mean the same count, too (`Search.best`); then it needs words.", default=False
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="What to call a saved search.")
class RenameSavedSearchInput:
    saved_search_id: strawberry.ID = strawberry.field(description=OWN)
    name: str = strawberry.field(description=NAME)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Where to put a saved search.")
class MoveSavedSearchInput:
    saved_search_id: strawberry.ID = strawberry.field(description=OWN)
    position: int = strawberry.field(description="Its place in the list, from 0; beyond the end is at the end.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="How far the viewer has seen what a saved search finds.")
class MarkSavedSearchSeenInput:
    saved_search_id: strawberry.ID = strawberry.field(description=OWN)
    until: str | None = strawberry.field(
        description="The cursor of the newest post that was seen, of `Search.posts`; left out, everything up to now. It never goes back.",
        default=UNSET,
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A saved search to delete.")
class DeleteSavedSearchInput:
    saved_search_id: strawberry.ID = strawberry.field(description=OWN)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class SavedSearchPayloadRow(Payload):
    """A saved search as it is now."""

    saved_search: SavedSearchRow | None = None


@dataclass(frozen=True, slots=True)
class SavedSearchDeletedRow(Payload):
    """Which saved search is gone."""

    deleted_saved_search_id: str | None = None


@dataclass(frozen=True, slots=True)
class SavedSearchEdgeRow:
    """A saved search in the viewer's list."""

    cursor: str
    node: SavedSearchRow


@dataclass(frozen=True, slots=True)
class SavedSearchesRow:
    """One page of the list. `live_cursor` is a place in the log not after the moment it was read."""

    edges: Sequence[SavedSearchEdgeRow]
    page_info: PageInfoRow
    live_cursor: str


async def saved_searches(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> SavedSearchesRow:
    """What the viewer saved, in their order."""
    question = page.asked(first, after, last, before)
    live_cursor = await log_cursor()
    rows = between(await saved_search.saved(parent.id), question.window(newest_first=False))
    found = page.page_of(question, rows, lambda one: one.place)
    edges = [SavedSearchEdgeRow(page.encode(one.place), one.item) for one in found.items]
    return SavedSearchesRow(edges, found.page_info, live_cursor)


async def searched(parent: strawberry.Parent[SavedSearchRow]) -> SearchRow:
    """What it finds now."""
    return read(parent.text)


async def save_search(info: Info, input: SaveSearchInput) -> SavedSearchPayloadRow:
    """Keep a search."""
    vector = await _vector(info.context, input)  # not in the transaction: it takes some milliseconds

    async def act(viewer_id: int) -> Mapping[str, Any]:
        asked = saved_search.question(input.text, by_meaning=input.by_meaning)
        name = input.name if isinstance(input.name, str) else None
        return {"search": await saved_search.save(viewer_id, replace(asked, vector=vector), name)}

    return await _shown(info.context, await perform(info.context, "saveSearch", input, act))


async def _vector(context: Context, input: SaveSearchInput) -> str | None:
    tree = read(input.text).tree
    words = "" if tree is None else plain_words(tree).strip()
    if not input.by_meaning or not words or context.viewer_id == 0:
        return None
    (found,) = await asyncio.to_thread(encoder.texts, [words])
    return found


async def rename_saved_search(info: Info, input: RenameSavedSearchInput) -> SavedSearchPayloadRow:
    """Call it otherwise."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("search", input.saved_search_id, "savedSearchId")
        await saved_search.rename(viewer_id, number, input.name)
        return {"search": number}

    return await _shown(info.context, await perform(info.context, "renameSavedSearch", input, act))


async def move_saved_search(info: Info, input: MoveSavedSearchInput) -> SavedSearchPayloadRow:
    """Put it at another place."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("search", input.saved_search_id, "savedSearchId")
        await saved_search.move(viewer_id, number, input.position)
        return {"search": number}

    return await _shown(info.context, await perform(info.context, "moveSavedSearch", input, act))


async def mark_saved_search_seen(info: Info, input: MarkSavedSearchSeenInput) -> SavedSearchPayloadRow:
    """What it found is seen."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("search", input.saved_search_id, "savedSearchId")
        until = page.decode(input.until, "until") if isinstance(input.until, str) else None
        await saved_search.look(viewer_id, number, until)
        return {"search": number}

    return await _shown(info.context, await perform(info.context, "markSavedSearchSeen", input, act))


async def delete_saved_search(info: Info, input: DeleteSavedSearchInput) -> SavedSearchDeletedRow:
    """Keep it no longer."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("search", input.saved_search_id, "savedSearchId")
        await saved_search.delete(viewer_id, number)
        return {"search": number}

    outcome = await perform(info.context, "deleteSavedSearch", input, act)
    number = outcome.found.get("search")
    return SavedSearchDeletedRow(outcome.user_errors, node_id.encode("search", number) if number else None)


async def _shown(context: Context, outcome: Outcome) -> SavedSearchPayloadRow:
    if not outcome.done:
        return SavedSearchPayloadRow(outcome.user_errors)
    return SavedSearchPayloadRow((), await saved_search.saved_search(context.viewer_id, outcome.found["search"]))
