"""Lists of people."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from models.user_list import ListReplies, ListRow
from resolvers import user_list as resolve
from resolvers.mark import ALONE, STATE
from schema.node import Node, PageInfo
from schema.nullability import FALLIBLE
from schema.scalar import _publish as publish

if TYPE_CHECKING:
    from schema.timeline import TimelineConnection
    from schema.user import User

LazyUser = Annotated["User", strawberry.lazy("schema.user")]
LazyTimeline = Annotated["TimelineConnection", strawberry.lazy("schema.timeline")]


publish(
    ListReplies,
    "Which replies a list's timeline shows, beside those to their own authors and to whoever reads.",
    {
        ListReplies.NONE: "No others.",
        ListReplies.LIST: "Those to people on the list.",
        ListReplies.FOLLOWED: "Those to people whom the reader follows.",
    },
)


@strawberry.type(description="Somebody on a list.")
class UserListMemberEdge:
    cursor: str = strawberry.field(description="Their place, for paging.")
    node: LazyUser = strawberry.field(description="The person.")
    added_at: datetime = strawberry.field(description="When they were put on it.")


@strawberry.type(description="Who stands on a list, last added first.")
class UserListMemberConnection:
    edges: list[UserListMemberEdge] = strawberry.field(description="The people of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(
    description="People under a name, with a timeline of their own. A private one is there for its owner alone; a public one for"
    " everybody whom no block parts from its owner. Whoever is put on one is not told."
)
class UserList(Node):
    name: str = strawberry.field(description="What its owner calls it.")
    description: str = strawberry.field(description="What it is for; may be empty.")
    is_private: bool = strawberry.field(description="Whether it is there for its owner alone.")
    is_exclusive: bool | None = strawberry.field(
        description="Whether its members leave the owner's home; null for everybody but the owner.", metadata=ALONE
    )
    replies: ListReplies = strawberry.field(
        description="Which replies its timeline shows, beside those to their own authors and to whoever reads: NONE no others,"
        " LIST those to members, FOLLOWED those to people whom the reader follows."
    )
    member_count: int = strawberry.field(description="How many people stand on it.")
    owner = strawberry.field(resolver=resolve.owner, graphql_type=LazyUser, description="Whose it is.", metadata=ALONE)
    viewer_is_owner: bool = strawberry.field(
        description="Whether it is the viewer's own; false when signed out.", metadata=STATE
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    has_member = strawberry.field(
        resolver=resolve.has_member, graphql_type=bool, description="Whether this person stands on it.", metadata=ALONE
    )
    members = strawberry.field(
        resolver=resolve.members,
        graphql_type=UserListMemberConnection | None,
        directives=FALLIBLE,
        description="Who stands on it, last added first.",
        metadata=ALONE,
    )
    timeline = strawberry.field(
        resolver=resolve.timeline,
        graphql_type=LazyTimeline | None,
        directives=FALLIBLE,
        description="What its members post and repost, newest first, as far as the viewer may see it, without whom the viewer"
        " mutes. A post stands there once, for its first reason.",
        metadata=ALONE,
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, ListRow)


@strawberry.type(description="A list among a person's.")
class UserListEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: UserList = strawberry.field(description="The list.")


@strawberry.type(description="A person's lists, newest first.")
class UserListConnection:
    edges: list[UserListEdge] = strawberry.field(description="The lists of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
