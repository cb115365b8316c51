"""Conversations."""

from __future__ import annotations

import strawberry

from schema.node import PageInfo
from schema.post import MaybePost


@strawberry.type(description="A place in a conversation.")
class ConversationEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: MaybePost = strawberry.field(description="The post, or why it is not shown.")


@strawberry.type(description="A stretch of a conversation, oldest first.")
class ConversationConnection:
    edges: list[ConversationEdge] = strawberry.field(description="The posts of this page and the holes between them.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
    live_cursor: str = strawberry.field(
        description="From where to subscribe to the `conversation` so that the page and what follows have no gap."
    )
