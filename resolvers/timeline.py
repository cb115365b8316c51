"""Timelines: skeleton, hydration, edges. Each also says from where to follow it live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import strawberry

from models import card, timeline
from models.card import Cards, PostRow, UserRow
from models.database import held
from models.event import log_state
from models.timeline import Entry
from resolvers import page
from resolvers.context import Context, Info
from resolvers.live_row import EdgeRow
from resolvers.page import PageInfoRow
from resolvers.viewer_row import ViewerRow


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One page of a timeline. `live_cursor` is a place in the log not after the moment the page was read."""

    edges: Sequence[EdgeRow]
    page_info: PageInfoRow
    live_cursor: str


async def log_cursor() -> str:
    """The head of the log, taken before a page is read."""
    return str((await log_state()).head)


async def connection(
    context: Context, found: page.Page[Entry], live_cursor: str, rows: Cards | None = None
) -> TimelineRow:
    """A page of entries with its posts and people, as the viewer sees them; `rows` are these where they are at hand."""
    if rows is None:
        people = {entry.reposter_id for entry in found.items if entry.reposter_id is not None}
        rows = await card.cards(context.viewer_id, [entry.post_id for entry in found.items], people)
    edges = []
    for entry in found.items:
        row = rows.posts.get(entry.post_id)
        if isinstance(row, PostRow):
            reposter = rows.users.get(entry.reposter_id) if entry.reposter_id is not None else None
            edges.append(EdgeRow(page.encode(entry.key), row, reposter))
    return TimelineRow(edges, found.page_info, live_cursor)


def entry_key(entry: Entry) -> int:
    """What a page of entries is sorted by."""
    return entry.key


async def home_timeline(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> TimelineRow:
    """The viewer's home, newest first."""
    question = page.asked(first, after, last, before)
    found = await info.context.house.homes.page(parent.id, question.window(newest_first=True))
    shown = page.page_of(question, found.entries, entry_key)
    if found.cards is not None:
        return await connection(info.context, shown, str(found.head), found.cards)
    async with held():
        return await connection(info.context, shown, str(found.head))


async def explore_timeline(
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> TimelineRow:
    """Everything public, newest first."""
    question = page.asked(first, after, last, before)
    async with held():
        found = await timeline.explore(info.context.viewer_id, question.window(newest_first=True))
        return await connection(info.context, page.page_of(question, found.entries, entry_key), str(found.head))


async def user_posts(
    parent: strawberry.Parent[UserRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> TimelineRow:
    """A person's page, newest first."""
    question = page.asked(first, after, last, before)
    async with held():
        live_cursor = await log_cursor()
        entries = await timeline.profile(info.context.viewer_id, parent.id, question.window(newest_first=True))
        return await connection(info.context, page.page_of(question, entries, entry_key), live_cursor)


async def user_media(
    parent: strawberry.Parent[UserRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> TimelineRow:
    """A person's own posts with pictures, newest first."""
    question = page.asked(first, after, last, before)
    async with held():
        live_cursor = await log_cursor()
        entries = await timeline.media(info.context.viewer_id, parent.id, question.window(newest_first=True))
        return await connection(info.context, page.page_of(question, entries, entry_key), live_cursor)


async def bookmarks(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> TimelineRow:
    """What the viewer keeps, last kept first."""
    question = page.asked(first, after, last, before)
    async with held():
        live_cursor = await log_cursor()
        entries = await timeline.bookmarks(parent.id, question.window(newest_first=True))
        return await connection(info.context, page.page_of(question, entries, entry_key), live_cursor)


async def edge_of(context: Context, post_id: int) -> EdgeRow | None:
    """The edge of a post in its author's page and in homes, as the viewer sees it now."""
    row = (await card.cards(context.viewer_id, [post_id])).posts.get(post_id)
    return EdgeRow(page.encode(post_id), row) if isinstance(row, PostRow) else None
