"""Lists of people, and how one follows and mutes somebody."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.node import PageInfo

if TYPE_CHECKING:
    from schema.user import User

LazyUser = Annotated["User", strawberry.lazy("schema.user")]


@strawberry.type(description="A person in a list.")
class UserEdge:
    cursor: str = strawberry.field(description="Their place, for paging.")
    node: LazyUser = strawberry.field(description="The person.")


@strawberry.type(description="A list of people. Whom the viewer may not see takes no place.")
class UserConnection:
    edges: list[UserEdge] = strawberry.field(description="The people of this page, in the list's order.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(description="How the viewer follows somebody; nobody else sees it.")
class FollowOptions:
    hides_reposts: bool = strawberry.field(description="Whether their reposts stay out of the viewer's home.")
    notifies_on_post: bool = strawberry.field(description="Whether the viewer wants to be told when they post.")


@strawberry.type(description="How the viewer mutes somebody; nobody else sees it.")
class UserMute:
    expires_at: datetime | None = strawberry.field(description="Until when; null: for good.")
    mutes_notifications: bool = strawberry.field(description="Whether what they do gives no notification either.")
