"""Personal access tokens: for a person's own programs."""

from __future__ import annotations

from datetime import datetime

import strawberry

from models.access_token import TokenRow
from schema.node import Node
from schema.scope_enum import Scope


@strawberry.type(
    description="A token for a program of its owner's, with what it may do and until when. Only the owner sees it, and its text only"
    " once: `fresque_pat_` and 49 letters and digits."
)
class AccessToken(Node):
    name: str = strawberry.field(description="What it is for, in its owner's words.")
    hint: str = strawberry.field(description="Its last four characters, by which it is told apart.")
    scopes: list[Scope] = strawberry.field(description="What it may do.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime = strawberry.field(description="When it ends.")
    last_used_on: datetime | None = strawberry.field(
        description="The day on which it was last used, as its beginning in UTC; null when it never was."
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, TokenRow)
