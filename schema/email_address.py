"""The viewer's address."""

from __future__ import annotations

from datetime import datetime

import strawberry

from resolvers.email_address import EmailRow


@strawberry.type(description="Where the viewer is written to; nobody else sees it.")
class Email:
    address: str | None = strawberry.field(
        description="The address; null when somebody else has shown that they read mail there, and the viewer never had."
    )
    is_confirmed: bool = strawberry.field(description="Whether the viewer has shown that they read mail there.")
    pending_address: str | None = strawberry.field(
        description="Another address that is to take its place once it is confirmed (`changeEmail`); null when none is."
    )
    pending_until: datetime | None = strawberry.field(
        description="Until when that can be confirmed; null when there is none."
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, EmailRow)
