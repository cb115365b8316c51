"""Timelines: lists of posts with why each is in it."""

from __future__ import annotations

import strawberry

from schema.node import PageInfo
from schema.post import Post
from schema.user import User


@strawberry.type(description="A post in a timeline, and why it is there.")
class TimelineEdge:
    cursor: str = strawberry.field(description="Its place in this timeline, for paging.")
    node: Post = strawberry.field(description="The post.")
    reposted_by: User | None = strawberry.field(
        description="Who brought it there by a repost; null when it stands there by itself."
    )


@strawberry.type(
    description="A list of posts with why each is in it. Pages are full: what the viewer may not see takes no place."
)
class TimelineConnection:
    edges: list[TimelineEdge] = strawberry.field(description="The posts of this page, in the timeline's order.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
    live_cursor: str = strawberry.field(
        description="From where to subscribe so that the first page and what follows have no gap."
    )
