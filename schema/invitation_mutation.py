"""What can be done with invitations, and what that answers."""

from __future__ import annotations

from typing import Any

import strawberry

from resolvers import invitation as resolve
from schema.invitation import Invitation
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field


@strawberry.type(description="What inviting came to.")
class CreateInvitationPayload:
    invitation: Invitation | None = strawberry.field(description="The invitation; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What taking an invitation back came to.")
class RevokeInvitationPayload:
    invitation: Invitation | None = strawberry.field(description="The invitation as it is now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Any, kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(description="What can be done with invitations.")
class InvitationMutations:
    create_invitation: CreateInvitationPayload = _mutation(
        resolve.create_invitation,
        CreateInvitationPayload,
        "Invite people by a code or link. Each person has so many places in 30 days (`Viewer.invitationPlacesLeft`).",
    )
    revoke_invitation: RevokeInvitationPayload = _mutation(
        resolve.revoke_invitation,
        RevokeInvitationPayload,
        "Take an invitation back: nobody comes in by it any more, and its places can be given away anew.",
    )
