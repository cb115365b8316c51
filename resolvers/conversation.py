"""Conversations: what a post answers and what answers it, with typed holes; and what it quotes."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

import strawberry

from models import card, conversation
from models.card import Hole, PostRow, UnavailableReason
from resolvers import page
from resolvers.context import Context, Info
from resolvers.page import PageInfoRow
from resolvers.timeline import log_cursor

# A row that is at hand makes no coroutine: there are twenty of them to a page.
MaybePostRow = PostRow | Hole | Awaitable[PostRow | Hole] | None
Place = tuple[int, int]  # key in the list, and the post's id


@dataclass(frozen=True, slots=True)
class ConversationEdgeRow:
    """A place in a conversation: a post, or the hole where one is not shown."""

    cursor: str
    node: PostRow | Hole


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One page of a conversation. `live_cursor` is a place in the log not after the moment the page was read."""

    edges: Sequence[ConversationEdgeRow]
    page_info: PageInfoRow
    live_cursor: str


async def _connection(context: Context, found: page.Page[Place], live_cursor: str) -> ConversationRow:
    rows = (await card.cards(context.viewer_id, [number for _, number in found.items])).posts
    edges = [
        ConversationEdgeRow(page.encode(key), rows.get(number) or Hole(UnavailableReason.NOT_VISIBLE))
        for key, number in found.items
    ]
    return ConversationRow(edges, found.page_info, live_cursor)


def _key(place: Place) -> int:
    return place[0]


async def ancestors(
    parent: strawberry.Parent[PostRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> ConversationRow:
    """The chain of posts above this one, oldest first; a page holds the nearest unless it is asked for from the top."""
    nothing = (None, strawberry.UNSET)
    nearest = first in nothing and after in nothing and last in nothing
    question = page.asked(first, after, page.DEFAULT_SIZE if nearest else last, before)
    live_cursor = await log_cursor()
    if parent.reply_to_id is None:
        return await _connection(info.context, page.page_of(question, [], _key), live_cursor)
    chain = await conversation.ancestors(parent.id, question.window(newest_first=True))
    return await _connection(info.context, page.page_of(question, chain, _key), live_cursor)


async def replies(
    parent: strawberry.Parent[PostRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> ConversationRow:
    """The direct replies, oldest first."""
    question = page.asked(first, after, last, before)
    live_cursor = await log_cursor()
    found = await conversation.replies(info.context.viewer_id, parent.id, question.window(newest_first=False))
    places = page.page_of(question, [(number, number) for number in found], _key)
    return await _connection(info.context, places, live_cursor)


async def hidden_replies(
    parent: strawberry.Parent[PostRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> ConversationRow:
    """The direct replies that were folded away, oldest first."""
    question = page.asked(first, after, last, before)
    live_cursor = await log_cursor()
    window = question.window(newest_first=False)
    found = await conversation.replies(info.context.viewer_id, parent.id, window, hidden=True)
    places = page.page_of(question, [(number, number) for number in found], _key)
    return await _connection(info.context, places, live_cursor)


def quoted_post(parent: strawberry.Parent[PostRow], info: Info) -> MaybePostRow:
    """What this post quotes: the post, the hole where it is not shown, or nothing; to be awaited where it has to be fetched."""
    if parent.quoted is not None:
        return parent.quoted
    if parent.quoted_post_id is None:
        return None
    return _fetched(info.context, parent.quoted_post_id)


def reply_to(parent: strawberry.Parent[PostRow], info: Info) -> MaybePostRow:
    """What this post answers: the post, the hole where it is not shown, or nothing; to be awaited where it is a reply."""
    return None if parent.reply_to_id is None else _fetched(info.context, parent.reply_to_id)


async def _fetched(context: Context, post_id: int) -> PostRow | Hole:
    return await context.loaders.posts.load(post_id) or Hole(UnavailableReason.NOT_VISIBLE)
