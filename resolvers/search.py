"""Searching: a text is read once, and each list is asked for by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import strawberry

from discovery import hashtag_search, meaning, people_search, post_search
from discovery.grammar import parse
from discovery.hashtag_search import FoundHashtag
from discovery.query import Every, Problem, plain_words
from discovery.query import SearchProblemCode as SearchProblemCode
from discovery.ranking import Ranked, between
from models.card import HashtagRow, ImageRow
from models.timeline import Entry
from resolvers import page
from resolvers.acquaintance import UserEdgeRow, UsersRow
from resolvers.context import Context, Info
from resolvers.page import PageInfoRow
from resolvers.timeline import TimelineRow, connection, entry_key, log_cursor


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """What is wrong with a query, and where."""

    code: SearchProblemCode
    message: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class SearchRow:
    """A query that was read: its tree, or what is wrong with it."""

    text: str
    tree: Every | None
    problem: ProblemRow | None = None


@dataclass(frozen=True, slots=True)
class HashtagEdgeRow:
    """A hashtag in a list."""

    cursor: str
    node: HashtagRow
    post_count: int


@dataclass(frozen=True, slots=True)
class HashtagsRow:
    """One page of a list of hashtags."""

    edges: Sequence[HashtagEdgeRow]
    page_info: PageInfoRow


def search(info: Info, text: str) -> SearchRow:
    """Read what is looked for."""
    return read(text)


def read(text: str) -> SearchRow:
    """What is looked for by a text, or what is wrong with it."""
    found = parse(text)
    if isinstance(found, Problem):
        row = ProblemRow(found.code, found.message, found.span.offset, found.span.length)
        return SearchRow(text, None, row)
    return SearchRow(text, found)


async def _posts(context: Context, row: SearchRow, question: page.Asked, *, pictures: bool) -> TimelineRow:
    live_cursor = await log_cursor()
    entries = []
    if row.tree is not None:
        asked = await post_search.plan(context.viewer_id, row.tree, pictures=pictures)
        entries = await post_search.posts(context.viewer_id, asked, question.window(newest_first=True))
    return await connection(context, page.page_of(question, entries, entry_key), live_cursor)


async def search_posts(
    parent: strawberry.Parent[SearchRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> TimelineRow:
    """The posts it finds, newest first."""
    return await _posts(info.context, parent, page.asked(first, after, last, before), pictures=False)


async def search_pictures(
    parent: strawberry.Parent[SearchRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> TimelineRow:
    """The posts with pictures it finds, newest first."""
    return await _posts(info.context, parent, page.asked(first, after, last, before), pictures=True)


async def _ranked(context: Context, ids: Sequence[int], question: page.Asked, live_cursor: str) -> TimelineRow:
    """A page of a list in an order of merit: its keys are places."""
    places = between(ids, question.window(newest_first=False))
    entries = [Entry(one.place, one.item) for one in places]
    return await connection(context, page.page_of(question, entries, entry_key), live_cursor)


async def search_best(
    parent: strawberry.Parent[SearchRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> TimelineRow:
    """The posts that say or mean it, the best first."""
    question = page.asked(first, after, last, before)
    live_cursor = await log_cursor()
    ids = [] if parent.tree is None else await meaning.best(info.context.viewer_id, parent.tree)
    return await _ranked(info.context, ids, question, live_cursor)


async def similar(
    parent: strawberry.Parent[ImageRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> TimelineRow:
    """The posts with pictures that look like this one."""
    question = page.asked(first, after, last, before)
    live_cursor = await log_cursor()
    return await _ranked(info.context, await meaning.alike(info.context.viewer_id, parent.id), question, live_cursor)


async def search_people(
    parent: strawberry.Parent[SearchRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> UsersRow:
    """The people of such a name, the closest first."""
    question = page.asked(first, after, last, before)
    context = info.context
    ids = [] if parent.tree is None else await people_search.people(context.viewer_id, plain_words(parent.tree))
    shown = page.page_of(question, between(ids, question.window(newest_first=False)), _place)
    rows = await context.loaders.users.load_many([one.item for one in shown.items])
    edges = [
        UserEdgeRow(page.encode(one.place), row) for one, row in zip(shown.items, rows, strict=True) if row is not None
    ]
    return UsersRow(edges, shown.page_info)


async def search_hashtags(
    parent: strawberry.Parent[SearchRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> HashtagsRow:
    """The hashtags of such a name, the most used first."""
    question = page.asked(first, after, last, before)
    found: list[FoundHashtag] = []
    if parent.tree is not None:
        found = await hashtag_search.hashtags(info.context.viewer_id, plain_words(parent.tree))
    shown = page.page_of(question, between(found, question.window(newest_first=False)), _place)
    edges = [HashtagEdgeRow(page.encode(one.place), HashtagRow(one.item.name), one.item.uses) for one in shown.items]
    return HashtagsRow(edges, shown.page_info)


def _place(one: Ranked[int] | Ranked[FoundHashtag]) -> int:
    return one.place
