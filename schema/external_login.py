"""Signing in with an outside OpenID Connect provider, and the links of accounts to it."""

from __future__ import annotations

from datetime import datetime

import strawberry

from models.external_identity import IdentityRow
from schema.node import Node


@strawberry.type(description="Somebody outside with whom people may sign in here (OpenID Connect).")
class LoginProvider:
    name: str = strawberry.field(description="What people are told it is called.")


@strawberry.type(
    description="A link of the viewer's account to who they are at an outside provider. Only they see it; it is made by their own proof of"
    " both, never by an e-mail address alone."
)
class ExternalIdentity(Node):
    issuer: str = strawberry.field(description="The provider, as it calls itself.")
    created_at: datetime = strawberry.field(description="When it was linked.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, IdentityRow)
