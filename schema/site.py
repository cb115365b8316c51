"""This place, as whoever comes here sees it."""

from __future__ import annotations

import strawberry

from models.sign_up_mode import SignUpMode
from resolvers.site import SiteRow
from schema.scalar import publish

publish(
    SignUpMode,
    "Who may open an account.",
    {
        SignUpMode.OPEN: "Anybody.",
        SignUpMode.INVITE: "Whoever has an invitation.",
        SignUpMode.CLOSED: "Nobody at the moment.",
    },
)


@strawberry.type(description="This place: what whoever comes here has to know before they are signed in.")
class Site:
    sign_up_mode: SignUpMode = strawberry.field(description="Who may open an account.")
    sends_mail: bool = strawberry.field(
        description="Whether letters with links go out: for a forgotten password, and to confirm an address."
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, SiteRow)
