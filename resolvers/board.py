"""Boards: one's own, those of others, what stands on them and in which order; and live."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import strawberry
from strawberry import UNSET

from errors import NotFound
from models import board, card, node_id
from models.board import BoardRow, Placed
from models.card import ImageRow, PostRow, UserRow
from models.event import RULE_KINDS, Event, Kind
from realtime import topic
from resolvers import page
from resolvers.context import Info
from resolvers.live_row import HeartbeatRow, ResetReason, ResetRow
from resolvers.page import PageInfoRow
from resolvers.presence import counterpart, present
from resolvers.stream import follow
from resolvers.timeline import log_cursor
from resolvers.viewer_row import ViewerRow


@dataclass(frozen=True, slots=True)
class BoardEdgeRow:
    """A board among a person's."""

    cursor: str
    node: BoardRow


@dataclass(frozen=True, slots=True)
class BoardsRow:
    """One page of a person's boards."""

    edges: Sequence[BoardEdgeRow]
    page_info: PageInfoRow


@dataclass(frozen=True, slots=True)
class BoardPostEdgeRow:
    """A post on a board."""

    cursor: str
    node: PostRow
    added_by: UserRow | None
    added_at: datetime


@dataclass(frozen=True, slots=True)
class BoardPostsRow:
    """One page of a board."""

    edges: Sequence[BoardPostEdgeRow]
    page_info: PageInfoRow
    live_cursor: str


@dataclass(frozen=True, slots=True)
class BoardChangedRow:
    """Something about a board is other than it was."""

    cursor: str
    board: BoardRow


BoardStreamRow: TypeAlias = BoardChangedRow | ResetRow | HeartbeatRow


def _key(row: BoardRow) -> int:
    return row.id


def _place(row: Placed) -> int:
    return row.key


async def _page(info: Info, owner_id: int, question: page.Asked) -> BoardsRow:
    found = await board.boards_of(info.context.viewer_id, owner_id, question.window(newest_first=True))
    shown = page.page_of(question, found, _key)
    return BoardsRow([BoardEdgeRow(page.encode(row.id), row) for row in shown.items], shown.page_info)


async def viewer_boards(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> BoardsRow:
    """The viewer's own boards and those that are shared with them, newest first."""
    return await _page(info, parent.id, page.asked(first, after, last, before))


async def user_boards(
    parent: strawberry.Parent[UserRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> BoardsRow:
    """A person's boards, those that are there for the viewer."""
    return await _page(info, parent.id, page.asked(first, after, last, before))


async def owner(parent: strawberry.Parent[BoardRow], info: Info) -> UserRow:
    """Whose board it is. Raises NotFound when the account is gone."""
    row = await info.context.loaders.users.load(parent.owner_id)
    if row is None:
        raise NotFound("This account is gone.")
    return row


async def covers(parent: strawberry.Parent[BoardRow], info: Info) -> Sequence[ImageRow]:
    """The pictures on its front that the viewer may see."""
    found = await info.context.loaders.images.load_many(list(parent.cover_ids))
    return [row for row in found if row is not None]


async def members(parent: strawberry.Parent[BoardRow], info: Info) -> Sequence[UserRow]:
    """Whom it is shared with."""
    found = await info.context.loaders.users.load_many(list(parent.member_ids))
    return [row for row in found if row is not None]


async def has_post(parent: strawberry.Parent[BoardRow], info: Info, post_id: strawberry.ID) -> bool:
    """Whether a post that the viewer sees is on it."""
    number = node_id.number_of("post", post_id)
    if number is None or not isinstance(await info.context.loaders.posts.load(number), PostRow):
        return False
    return await info.context.loaders.on_board.load((parent.id, number))


async def posts(
    parent: strawberry.Parent[BoardRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> BoardPostsRow:
    """What stands on it, as far as the viewer may see it, in its order."""
    question = page.asked(first, after, last, before)
    live_cursor = await log_cursor()
    found = await board.placed(info.context.viewer_id, parent.id, question.window(newest_first=True))
    shown = page.page_of(question, found, _place)
    # Whom a board is shared with is for these and its owner to know.
    people = {row.added_by for row in shown.items if parent.viewer_can_add or row.added_by == parent.owner_id}
    rows = await card.cards(info.context.viewer_id, [row.post_id for row in shown.items], people)
    edges = [
        BoardPostEdgeRow(
            page.encode(row.key), post, rows.users.get(row.added_by) if row.added_by in people else None, row.added_at
        )
        for row in shown.items
        if isinstance(post := rows.posts.get(row.post_id), PostRow)
    ]
    return BoardPostsRow(edges, shown.page_info, live_cursor)


async def board_changed(
    info: Info, id: strawberry.ID, after: str | None = strawberry.UNSET
) -> AsyncGenerator[BoardStreamRow]:
    """What becomes of a board. Raises NotFound when there is no such board for the viewer."""
    context = info.context
    del info  # it holds the whole operation, and the stream may be quiet for hours
    viewer_id, number = context.viewer_id, node_id.number_of("board", id) or 0
    first = (await board.boards(viewer_id, [number])).get(number)
    if first is None:
        raise NotFound("There is no such board.", ["id"])
    owner_id, is_there = first.owner_id, True
    async with present(context, [topic.board(number)]) as (_, inbox):

        async def answer(event: Event) -> BoardStreamRow | None:
            if event.kind in RULE_KINDS and event.actor_id != viewer_id and counterpart(event, viewer_id) != owner_id:
                return None  # whoever is blocked by somebody on a board learns it from nothing here
            if event.kind is not Kind.BOARD_CHANGED:
                return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
            nonlocal is_there
            was_there, row = is_there, (await board.boards(viewer_id, [number])).get(number)
            is_there = row is not None
            if row is None:  # told once: what becomes of it then is not the viewer's to know
                return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED) if was_there else None
            return BoardChangedRow(str(event.cursor), row)

        rows: AsyncGenerator[BoardStreamRow] = follow(context.house.hub, inbox, after, answer)
        async with aclosing(rows):
            async for row in rows:
                yield row
