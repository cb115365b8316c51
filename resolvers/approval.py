"""What others did with a post: who likes it, who reposted it, and the posts that quote it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import strawberry

from models import approval, card, quote
from models.approval import Person
from models.card import PostRow
from models.timeline import Window
from resolvers import page
from resolvers.acquaintance import UserEdgeRow, UsersRow
from resolvers.context import Context, Info
from resolvers.timeline import TimelineRow, connection, entry_key, log_cursor

Read = Callable[[int, int, Window], Awaitable[list[Person]]]


def _key(person: Person) -> int:
    return person[0]


async def _people(context: Context, post_id: int, read: Read, question: page.Asked) -> UsersRow:
    rows = await read(context.viewer_id, post_id, question.window(newest_first=True))
    found = page.page_of(question, rows, _key)
    people = await card.users(context.viewer_id, [user_id for _, user_id in found.items])
    edges = [UserEdgeRow(page.encode(key), people[user_id]) for key, user_id in found.items if user_id in people]
    return UsersRow(edges, found.page_info)


async def liked_by(
    parent: strawberry.Parent[PostRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> UsersRow:
    """Who likes the post, the latest first."""
    return await _people(info.context, parent.id, approval.likers, page.asked(first, after, last, before))


async def reposted_by(
    parent: strawberry.Parent[PostRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> UsersRow:
    """Who reposted the post, the latest first."""
    return await _people(info.context, parent.id, approval.reposters, page.asked(first, after, last, before))


async def quotes(
    parent: strawberry.Parent[PostRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> TimelineRow:
    """The posts that quote it, newest first."""
    question = page.asked(first, after, last, before)
    live_cursor = await log_cursor()
    entries = await quote.quotes(info.context.viewer_id, parent.id, question.window(newest_first=True))
    return await connection(info.context, page.page_of(question, entries, entry_key), live_cursor)
