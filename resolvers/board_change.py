"""What is done to boards: made, changed, shared, filled and put in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from errors import NotFound
from models import board, board_order
from models.board import BoardAudience, BoardRow
from models.card import PostRow, UserRow
from models.standing import is_there
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import Outcome, perform
from resolvers.payload import Payload
from resolvers.user import KEY_HELP

NAME = "One line of 1 to 50 characters."
DESCRIPTION = "What it is for, at most 300 characters; may be empty."
AUDIENCE = "Who may look at it: its owner alone, whom it is shared with, too, or everybody."
OWN_BOARD = "A board of the viewer's own."
OPEN_BOARD = "A board of the viewer's own, or that is shared with them."


@strawberry.input(description="A board to make; at most 100 a person.")
class CreateBoardInput:
    name: str = strawberry.field(description=NAME)
    description: str = strawberry.field(description=DESCRIPTION, default="")
    audience: BoardAudience = strawberry.field(description=AUDIENCE, default=BoardAudience.PRIVATE)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="What to change of a board; what is left out stays.")
class UpdateBoardInput:
    board_id: strawberry.ID = strawberry.field(description=OWN_BOARD)
    name: str | None = strawberry.field(description=NAME, default=UNSET)
    description: str | None = strawberry.field(description=DESCRIPTION, default=UNSET)
    audience: BoardAudience | None = strawberry.field(description=AUDIENCE, default=UNSET)
    cover_post_id: strawberry.ID | None = strawberry.field(
        description="A post on it whose first picture comes first on its front; null: the topmost again.", default=UNSET
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A board to delete.")
class DeleteBoardInput:
    board_id: strawberry.ID = strawberry.field(description=OWN_BOARD)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="What to put on which board; a board holds 5,000 posts.")
class AddToBoardInput:
    board_id: strawberry.ID = strawberry.field(description=OPEN_BOARD)
    post_id: strawberry.ID = strawberry.field(description="A post that the viewer sees.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="What to take off which board.")
class RemoveFromBoardInput:
    board_id: strawberry.ID = strawberry.field(description=OPEN_BOARD)
    post_id: strawberry.ID = strawberry.field(
        description="A post on it, that the viewer put there unless it is theirs."
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Where to put a post of a board.")
class MoveOnBoardInput:
    board_id: strawberry.ID = strawberry.field(description=OPEN_BOARD)
    post_id: strawberry.ID = strawberry.field(description="A post on it.")
    below_post_id: strawberry.ID | None = strawberry.field(
        description="The post on it right below which it is to stand; null or left out: on top.", default=UNSET
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Whom to share which board with; 50 people at most.")
class ShareBoardInput:
    board_id: strawberry.ID = strawberry.field(description=OWN_BOARD)
    user_id: strawberry.ID = strawberry.field(description="Another person.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Whom to share which board with no longer.")
class UnshareBoardInput:
    board_id: strawberry.ID = strawberry.field(
        description="A board of the viewer's own; or, where `userId` is the viewer, one that is shared with them."
    )
    user_id: strawberry.ID = strawberry.field(description="Whom it is shared with.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class BoardPayloadRow(Payload):
    """A board as it is now, and whom or what it was about."""

    board: BoardRow | None = None
    post: PostRow | None = None
    user: UserRow | None = None


@dataclass(frozen=True, slots=True)
class BoardDeletedRow(Payload):
    """Which board is gone."""

    deleted_board_id: str | None = None


async def create_board(info: Info, input: CreateBoardInput) -> BoardPayloadRow:
    """Make a board."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        return {"board": await board.create(viewer_id, input.name, input.description, input.audience)}

    return await _shown(info, await perform(info.context, "createBoard", input, act))


async def update_board(info: Info, input: UpdateBoardInput) -> BoardPayloadRow:
    """Change a board of one's own."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("board", input.board_id, "boardId")
        cover = input.cover_post_id
        await board.change(
            viewer_id,
            number,
            name=input.name if isinstance(input.name, str) else None,
            description=input.description if isinstance(input.description, str) else None,
            audience=input.audience if isinstance(input.audience, BoardAudience) else None,
            cover_post_id=number_in("post", cover, "coverPostId") if isinstance(cover, str) else None,
            uncover=cover is None,
        )
        return {"board": number}

    return await _shown(info, await perform(info.context, "updateBoard", input, act))


async def delete_board(info: Info, input: DeleteBoardInput) -> BoardDeletedRow:
    """Delete a board of one's own."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        await board.delete(viewer_id, number_in("board", input.board_id, "boardId"))
        return {"board": input.board_id}

    outcome = await perform(info.context, "deleteBoard", input, act)
    return BoardDeletedRow(outcome.user_errors, outcome.found.get("board"))


async def add_to_board(info: Info, input: AddToBoardInput) -> BoardPayloadRow:
    """Put a post on top of a board; one that is there stays where it is."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        board_id = number_in("board", input.board_id, "boardId")
        post_id = number_in("post", input.post_id, "postId")
        await board_order.add(viewer_id, board_id, post_id)
        return {"board": board_id, "post": post_id}

    return await _shown(info, await perform(info.context, "addToBoard", input, act))


async def remove_from_board(info: Info, input: RemoveFromBoardInput) -> BoardPayloadRow:
    """Take a post off a board; twice is the same as once."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        board_id = number_in("board", input.board_id, "boardId")
        post_id = number_in("post", input.post_id, "postId")
        await board_order.remove(viewer_id, board_id, post_id)
        return {"board": board_id, "post": post_id}

    return await _shown(info, await perform(info.context, "removeFromBoard", input, act))


async def move_on_board(info: Info, input: MoveOnBoardInput) -> BoardPayloadRow:
    """Put a post of a board somewhere else on it."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        board_id = number_in("board", input.board_id, "boardId")
        post_id = number_in("post", input.post_id, "postId")
        above = input.below_post_id
        above_id = number_in("post", above, "belowPostId") if isinstance(above, str) else None
        await board_order.move(viewer_id, board_id, post_id, above_id)
        return {"board": board_id, "post": post_id}

    return await _shown(info, await perform(info.context, "moveOnBoard", input, act))


async def share_board(info: Info, input: ShareBoardInput) -> BoardPayloadRow:
    """Share a board of one's own with somebody, who may add to it from then on."""
    return await _shown(info, await perform(info.context, "shareBoard", input, _with(input, board.invite)))


async def unshare_board(info: Info, input: UnshareBoardInput) -> BoardPayloadRow:
    """Share a board with somebody no longer, or leave one."""
    return await _shown(info, await perform(info.context, "unshareBoard", input, _with(input, board.dismiss)))


def _with(
    given: ShareBoardInput | UnshareBoardInput, verb: Callable[[int, int, int], Awaitable[bool]]
) -> Callable[[int], Awaitable[Mapping[str, Any]]]:
    async def act(viewer_id: int) -> Mapping[str, Any]:
        board_id = number_in("board", given.board_id, "boardId")
        user_id = number_in("user", given.user_id, "userId")
        if not (isinstance(given, UnshareBoardInput) or await is_there(user_id)):
            raise NotFound("There is no such person.", ["userId"])
        await verb(viewer_id, board_id, user_id)
        return {"board": board_id, "user": user_id}

    return act


async def _shown(info: Info, outcome: Outcome) -> BoardPayloadRow:
    if not outcome.done:
        return BoardPayloadRow(outcome.user_errors)
    loaders, found = info.context.loaders, outcome.found
    post = await loaders.posts.load(found["post"]) if "post" in found else None
    return BoardPayloadRow(
        (),
        await loaders.boards.load(found["board"]),
        post if isinstance(post, PostRow) else None,
        await loaders.users.load(found["user"]) if "user" in found else None,
    )
