"""What subscriptions to boards and lists deliver."""

from __future__ import annotations

import strawberry

from resolvers import board as boards
from schema.board import Board
from schema.live_event import LiveEvent


@strawberry.interface(description="What the subscription to a list's timeline delivers.")
class UserListTimelineEvent(LiveEvent):
    pass


@strawberry.interface(description="What the subscription to a board delivers.")
class BoardEvent(LiveEvent):
    pass


@strawberry.type(
    description="Something about a board is other than it was: its name, whom it is for, what stands on it or in which order."
    " What is told is the board; its posts are fetched anew."
)
class BoardChanged(BoardEvent):
    board: Board = strawberry.field(description="The board as it is now.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, boards.BoardChangedRow)
