"""Boards of posts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models.board import BoardAudience, BoardRow
from resolvers import board as resolve
from resolvers.mark import ALONE, STATE
from schema.image import Image
from schema.node import Node, PageInfo
from schema.nullability import FALLIBLE
from schema.post import Post
from schema.scalar import _publish as publish

if TYPE_CHECKING:
    from schema.user import User

LazyUser = Annotated["User", strawberry.lazy("schema.user")]


publish(
    BoardAudience,
    "Who may look at a board.",
    {
        BoardAudience.PRIVATE: "Its owner alone.",
        BoardAudience.SHARED: "Its owner, and whom it is shared with.",
        BoardAudience.PUBLIC: "Everybody, except where a block parts them from its owner.",
    },
)


@strawberry.type(description="A post on a board.")
class BoardPostEdge:
    cursor: str = strawberry.field(description="Its place on the board, for paging; another once it is moved.")
    node: Post = strawberry.field(description="The post.")
    added_by: LazyUser | None = strawberry.field(
        description="Who put it there; null when they are gone, and where it was neither the board's owner nor is the viewer among those who may add to it."
    )
    added_at: datetime = strawberry.field(description="When it was put there.")


@strawberry.type(
    description="What stands on a board, in its order. Pages are full: what the viewer may not see takes no place."
)
class BoardPostConnection:
    edges: list[BoardPostEdge] = strawberry.field(description="The posts of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
    live_cursor: str = strawberry.field(description="From where to follow the board with `boardChanged` without a gap.")


@strawberry.type(
    description="Posts gathered under a name, in an order made by hand; apart from bookmarks. Whoever may not look at it finds nothing."
)
class Board(Node):
    name: str = strawberry.field(description="What its owner calls it.")
    description: str = strawberry.field(description="What it is for; may be empty.")
    audience: BoardAudience = strawberry.field(
        description="Who may look at it: PRIVATE its owner alone, SHARED whom it is shared with, too, PUBLIC everybody whom no"
        " block parts from its owner."
    )
    owner = strawberry.field(resolver=resolve.owner, graphql_type=LazyUser, description="Whose it is.", metadata=ALONE)
    post_count: int = strawberry.field(
        description="How many posts on it the viewer may see, counted up to 100.", metadata=ALONE
    )
    covers = strawberry.field(
        resolver=resolve.covers,
        graphql_type=list[Image],
        description="At most 4 pictures on it that the viewer may see: the chosen one first, then the topmost.",
        metadata=ALONE,
    )
    members = strawberry.field(
        resolver=resolve.members,
        graphql_type=list[LazyUser],
        description="Whom it is shared with, at most 50: they may add to it and order it. For its owner and themselves; empty for others.",
        metadata=ALONE,
    )
    viewer_is_owner: bool = strawberry.field(
        description="Whether it is the viewer's own; false when signed out.", metadata=STATE
    )
    viewer_can_add: bool = strawberry.field(
        description="Whether the viewer may add to it and order it; false when signed out.", metadata=STATE
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    changed_at: datetime = strawberry.field(description="When anything about it changed last.")
    has_post = strawberry.field(
        resolver=resolve.has_post,
        graphql_type=bool,
        description="Whether this post, which the viewer sees, stands on it.",
        metadata=ALONE,
    )
    posts = strawberry.field(
        resolver=resolve.posts,
        graphql_type=BoardPostConnection | None,
        directives=FALLIBLE,
        description="What stands on it, topmost first, as far as the viewer may see it.",
        metadata=ALONE,
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, BoardRow)


@strawberry.type(description="A board among a person's.")
class BoardEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: Board = strawberry.field(description="The board.")


@strawberry.type(description="A person's boards, newest first.")
class BoardConnection:
    edges: list[BoardEdge] = strawberry.field(description="The boards of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
