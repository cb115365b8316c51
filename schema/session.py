"""Where somebody is signed in."""

from __future__ import annotations

from datetime import datetime

import strawberry

from resolvers import session as sessions
from schema.node import Node, PageInfo


@strawberry.type(description="A device or program that is signed in as the viewer; nobody else sees it.")
class Session(Node):
    device: str = strawberry.field(
        description="What signed in, in a few words such as Firefox on Linux; empty when it did not say."
    )
    network: str = strawberry.field(
        description="From which network it was last heard of, coarsely: a /24 of IPv4 or a /48 of IPv6; empty when that is not known."
    )
    bearer: bool = strawberry.field(
        description="Whether it is a program with a bearer token rather than a browser with a cookie."
    )
    created_at: datetime = strawberry.field(description="When it signed in.")
    last_used_at: datetime = strawberry.field(description="When it was last heard of, to a few minutes.")
    expires_at: datetime = strawberry.field(description="When it ends by itself.")
    is_current: bool = strawberry.field(description="Whether it is the one that asks.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, sessions.SessionRow)


@strawberry.type(description="A session in the viewer's list.")
class SessionEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: Session = strawberry.field(description="The session.")


@strawberry.type(description="The viewer's sessions, newest first.")
class SessionConnection:
    edges: list[SessionEdge] = strawberry.field(description="The sessions of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
