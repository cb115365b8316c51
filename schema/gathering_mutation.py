"""What can be done with boards, lists, suggestions and views; and what that answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import board_change as boards
from resolvers import suggestion as suggestions
from resolvers import user_list as lists
from resolvers import view as views
from schema.board import Board
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field
from schema.post import Post
from schema.user import User
from schema.user_list import UserList


def _board() -> Any:
    return strawberry.field(description="The board as it is now; null when refused, and when the viewer has left it.")


def _post() -> Any:
    return strawberry.field(description="The post it was about; null when refused.")


def _user() -> Any:
    return strawberry.field(description="The person it was about; null when refused.")


def _list() -> Any:
    return strawberry.field(name="list", description="The list as it is now; null when refused.")


@strawberry.type(description="What making a board came to.")
class CreateBoardPayload:
    board: Board | None = _board()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What changing a board came to.")
class UpdateBoardPayload:
    board: Board | None = _board()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What deleting a board came to.")
class DeleteBoardPayload:
    deleted_board_id: strawberry.ID | None = strawberry.field(description="The board that is gone; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What putting a post on a board came to.")
class AddToBoardPayload:
    board: Board | None = _board()
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What taking a post off a board came to.")
class RemoveFromBoardPayload:
    board: Board | None = _board()
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What moving a post on a board came to.")
class MoveOnBoardPayload:
    board: Board | None = _board()
    post: Post | None = _post()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What sharing a board came to.")
class ShareBoardPayload:
    board: Board | None = _board()
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What sharing a board no longer came to.")
class UnshareBoardPayload:
    board: Board | None = _board()
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What making a list came to.")
class CreateListPayload:
    user_list: UserList | None = _list()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What changing a list came to.")
class UpdateListPayload:
    user_list: UserList | None = _list()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What deleting a list came to.")
class DeleteListPayload:
    deleted_list_id: strawberry.ID | None = strawberry.field(description="The list that is gone; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What putting somebody on a list came to.")
class AddToListPayload:
    user_list: UserList | None = _list()
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What taking somebody off a list came to.")
class RemoveFromListPayload:
    user_list: UserList | None = _list()
    user: User | None = _user()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What dismissing a suggestion came to.")
class DismissFollowSuggestionPayload:
    dismissed_user_id: strawberry.ID | None = strawberry.field(
        description="Who is not suggested again; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What telling of views came to. Whether one counted is not told.")
class RecordViewsPayload:
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(description="What can be done with boards, lists, suggestions and views.")
class GatheringMutation:
    create_board: CreateBoardPayload = _mutation(
        boards.create_board, CreateBoardPayload, "Make a board to gather posts on."
    )
    update_board: UpdateBoardPayload = _mutation(
        boards.update_board,
        UpdateBoardPayload,
        "Change a board of one's own: its name, who may look at it, its cover.",
    )
    delete_board: DeleteBoardPayload = _mutation(
        boards.delete_board, DeleteBoardPayload, "Delete a board of one's own. The posts stay where they are."
    )
    add_to_board: AddToBoardPayload = _mutation(
        boards.add_to_board,
        AddToBoardPayload,
        "Put a post on top of a board; one that is there stays. Its author is not told.",
    )
    remove_from_board: RemoveFromBoardPayload = _mutation(
        boards.remove_from_board, RemoveFromBoardPayload, "Take a post off a board; twice is the same as once."
    )
    move_on_board: MoveOnBoardPayload = _mutation(
        boards.move_on_board,
        MoveOnBoardPayload,
        "Put a post of a board somewhere else on it. Moves made at once come one after the other, for everybody alike.",
    )
    share_board: ShareBoardPayload = _mutation(
        boards.share_board,
        ShareBoardPayload,
        "Share a board with somebody, who may look at it, add to it and order it while it is not private. Refused where a block parts"
        " the two.",
    )
    unshare_board: UnshareBoardPayload = _mutation(
        boards.unshare_board,
        UnshareBoardPayload,
        "Share a board with somebody no longer, or leave one that is shared with the viewer. What they added stays.",
    )
    create_list: CreateListPayload = _mutation(lists.create_list, CreateListPayload, "Make a list of people.")
    update_list: UpdateListPayload = _mutation(lists.update_list, UpdateListPayload, "Change a list of one's own.")
    delete_list: DeleteListPayload = _mutation(lists.delete_list, DeleteListPayload, "Delete a list of one's own.")
    add_to_list: AddToListPayload = _mutation(
        lists.add_to_list,
        AddToListPayload,
        "Put somebody on a list; twice is the same as once. They are not told. Refused where a block parts the two.",
    )
    remove_from_list: RemoveFromListPayload = _mutation(
        lists.remove_from_list, RemoveFromListPayload, "Take somebody off a list; twice is the same as once."
    )
    dismiss_follow_suggestion: DismissFollowSuggestionPayload = _mutation(
        suggestions.dismiss_follow_suggestion,
        DismissFollowSuggestionPayload,
        "Do not suggest somebody again; they do not learn of it.",
    )
    record_views: RecordViewsPayload = _mutation(
        views.record_views,
        RecordViewsPayload,
        "Tell which posts were looked at, signed in or not. Each person counts once a day for a post; programs do not count.",
    )
