"""Invitations."""

from __future__ import annotations

from datetime import datetime

import strawberry

from models.invitation import InvitationRow
from resolvers import invitation as resolve
from schema.node import Node, PageInfo
from schema.user import User


@strawberry.type(
    description="An invitation: whoever has its code or link can open an account. Nobody but its giver sees it."
)
class Invitation(Node):
    note: str = strawberry.field(description="Whom it is for, as its giver noted.")
    uses: int = strawberry.field(description="How many people may come by it.")
    used: int = strawberry.field(description="How many came.")
    is_open: bool = strawberry.field(description="Whether somebody can come by it now.")
    expires_at: datetime = strawberry.field(description="When it ends by itself.")
    revoked_at: datetime | None = strawberry.field(description="When it was taken back; null while it was not.")
    created_at: datetime = strawberry.field(description="When it was given.")
    code = strawberry.field(resolver=resolve.code, description="What signing up asks for (`SignUpInput.invitation`).")
    url = strawberry.field(resolver=resolve.url, description="The page on which somebody signs up by it.")
    invitees = strawberry.field(
        resolver=resolve.invitees,
        graphql_type=list[User],
        description="Who came by it, at most 25, in their order; without whoever is not there for the viewer.",
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, InvitationRow)


@strawberry.type(description="An invitation in the viewer's list.")
class InvitationEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: Invitation = strawberry.field(description="The invitation.")


@strawberry.type(description="The viewer's invitations, newest first.")
class InvitationConnection:
    edges: list[InvitationEdge] = strawberry.field(description="The invitations of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
